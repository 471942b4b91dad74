"""The recipes for editors, hooks, pull requests and watched folders run as the guides show them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from mtscore import Scorer, cli
from mtscore.learning.labels import read_labels

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
Main = Callable[[list[str]], int]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a guide in one language."""
    text = (GUIDE / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[list[str]]:
    """The commands of a guide, as the arguments of `mtscore`."""
    lines = "".join(blocks(page, "console")).splitlines()
    found = [shlex.split(line.removeprefix("$ ")) for line in lines]
    assert all(command[0] == "mtscore" for command in found)
    return [command[1:] for command in found]


@pytest.fixture
def main(shipped: Scorer) -> Main:
    """The command, with a scorer that is loaded already."""
    return lambda arguments: cli.main(arguments, load_scorer=lambda *_, **__: shipped)


@pytest.fixture
def project(in_tmp_path: Path) -> Path:
    """A folder with a garbled and a clean article where the recipes look for them."""
    for folder in ("docs", "news", "inbox"):
        Path(folder).mkdir()
        shutil.copy(ROOT / "examples" / "garbled.txt", f"{folder}/garbled.txt")
        shutil.copy(ROOT / "examples" / "clean.txt", f"{folder}/clean.md")
    return in_tmp_path


def test_the_commands_for_marks_run(project: Path, main: Main, capsys: pytest.CaptureFixture[str]) -> None:
    github, sarif = commands("marks.md")
    assert main(github) == 3
    marks = capsys.readouterr().out.splitlines()
    assert marks[0].startswith("::error title=mtscore%3A garbled,file=docs/garbled.txt,line=1::")
    assert not [mark for mark in marks if "clean.md" in mark]
    assert main(sarif) == 0
    (run,) = json.loads(Path("mtscore.sarif").read_text(encoding="utf-8"))["runs"]
    lines = Path("docs/garbled.txt").read_text(encoding="utf-8").split("\n")
    places = [
        (result["message"]["text"], result["locations"][0]["physicalLocation"]["region"])
        for result in run["results"]
        if result["ruleId"] == "invented_word"
    ]
    assert places
    for message, region in places:
        words = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert message.startswith(f"{words}: invented word")


def test_the_hook_stops_a_garbled_text_and_no_other(project: Path, main: Main) -> None:
    (config,) = blocks("marks.md", "yaml")[:1]
    (used,) = yaml.safe_load(config)["repos"][0]["hooks"]
    (hook,) = [
        hook for hook in load_manifest(str(ROOT / ".pre-commit-hooks.yaml")) if hook["id"] == used["id"]
    ]
    command, *arguments = shlex.split(hook["entry"])
    assert command == "mtscore"
    assert main([*arguments, "docs/clean.md"]) == 0
    assert main([*arguments, "docs/clean.md", "docs/garbled.txt"]) == 3
    assert re.search(hook["exclude"], "docs/LICENSE.txt")
    assert not re.search(hook["exclude"], "docs/licensed.txt")


def action_step(given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The script of the action's last step, and its variables where a workflow gives these inputs."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(given) <= set(action["inputs"])
    inputs = {name: given.get(name, details["default"]) for name, details in action["inputs"].items()}
    step = action["runs"]["steps"][-1]
    assert "${{" not in step["run"], "what an input says is never a part of the script"
    variables = {}
    for name, value in step["env"].items():
        asked = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
        assert asked is not None
        variables[name] = inputs[asked[1]]
    return step["run"], variables


def run_action(programs: Path, **given: str) -> subprocess.CompletedProcess[str]:
    script, variables = action_step({name.replace("_", "-"): value for name, value in given.items()})
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs in bash")
def test_the_action_marks_lines_and_fails_the_job(project: Path) -> None:
    workflow = yaml.safe_load(blocks("marks.md", "yaml")[1])
    (step,) = [step for step in workflow["jobs"]["prose"]["steps"] if "mtscore" in step["uses"]]
    Path("README.md").write_text("A short one.\n", encoding="utf-8")
    done = run_action(Path(sys.executable).parent, **step["with"])
    assert (done.returncode, done.stderr) == (3, "")
    assert "::error title=mtscore%3A invented word,file=docs/garbled.txt," in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs in bash")
def test_the_action_writes_sarif_and_runs_nothing_that_an_input_says(project: Path) -> None:
    python = project / "python"  # says what it is called with, and that some input could not be read
    python.write_text('#!/bin/sh\nprintf "<%s>" "$@"\necho\nexit 1\n', encoding="utf-8")
    python.chmod(0o755)
    done = run_action(project, paths="a b\n$(touch owned)\n--help", fail_on="never", sarif="out.sarif")
    called = "<-m><mtscore><score><--format>"
    assert done.stdout.splitlines() == [
        f"{called}<sarif><--output><out.sarif><--><a b><$(touch owned)><--help>",
        f"{called}<github><--><a b><$(touch owned)><--help>",
    ]
    assert done.returncode == 1
    assert not Path("owned").exists()


def test_the_editor_recipes_start_the_language_server() -> None:
    (lua,), (toml,), (elisp,) = (blocks("marks.md", language) for language in ("lua", "toml", "elisp"))
    assert "{'mtscore', 'lsp'}" in lua
    assert '("mtscore" "lsp")' in elisp
    assert re.search(r'^command = "mtscore"\nargs = \["lsp"\]$', toml, re.MULTILINE)
    if sys.version_info >= (3, 11):
        import tomllib

        assert tomllib.loads(toml)["language"][0]["language-servers"] == ["mtscore"]
    assert cli.main(["lsp", "--help"]) == 0


def test_the_commands_for_results_run(project: Path, main: Main, capsys: pytest.CaptureFixture[str]) -> None:
    score, train, watch, once = commands("results.md")
    assert main(score) == 0
    assert "2 documents" in Path("results.html").read_text(encoding="utf-8")
    assert main([*watch, "--once", "--settle", "0.01"]) == 0
    records = [json.loads(line) for line in Path("verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(record["id"], record["label"]) for record in records] == [
        (os.path.join("inbox", "clean.md"), "clean"),
        (os.path.join("inbox", "garbled.txt"), "garbled"),
    ]
    assert "2 documents" in Path("news.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(once) == 0
    assert capsys.readouterr().err == "", "nothing is scored twice"
    for label in ("garbled", "clean"):  # as the page saves them
        record: dict[str, Any] = {"id": "a", "label": label, "text": f"A {label} text."}
        Path(f"{label}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert train[0] == "train"
    assert [text.label for text in read_labels(train[1:3]).texts] == [1, 0]
