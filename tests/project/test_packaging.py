"""What is shipped: the built wheel, installed into a fresh environment, scores with its own model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
HEAVY = tuple("numpy scipy sklearn joblib kenlm langdetect sentencex safetensors rich resiliparse".split())
SCRIPTS, SUFFIX = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command away from the checkout, without what would lead it back there."""
    leading = ("PYTHONPATH", "PYTHONHOME", "MTSCORE_MODEL", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in leading}
    environment["PYTHONUTF8"] = "1"
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def run_well(*command: str | Path, cwd: Path) -> str:
    """What the command prints on stdout; it must succeed."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run_well(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel; its dependencies are lent by the running environment, so
    that the test needs no network. A path file lends packages only: an editable mtscore there is not seen."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    run_well(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / SCRIPTS / f"python{SUFFIX}"
    pip = (sys.executable, "-m", "pip", "--python", python)
    run_well(*pip, "install", "-q", "--no-index", "--no-deps", "--no-compile", wheel, cwd=folder.parent)
    here = run_well(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder.parent)
    lent = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    Path(here.strip(), "lent.pth").write_text("\n".join(lent) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def mtscore(environment: Path) -> Path:
    """The installed console script."""
    return environment / SCRIPTS / f"mtscore{SUFFIX}"


def test_the_wheel_holds_the_package_and_exactly_the_model_of_the_manifest(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("mtscore/models/en/manifest.json"))
    assert {name.split("/")[0] for name in names} == {"mtscore", f"mtscore-{_version(wheel)}.dist-info"}
    shipped = {name.rpartition("/")[2] for name in names if name.startswith("mtscore/models/")}
    assert shipped == {*manifest["files"], "manifest.json", "CARD.md"}
    assert "mtscore/py.typed" in names
    assert not [name for name in names if name.endswith((".pyc", ".arpa", ".pkl"))]


def test_the_sdist_holds_what_the_wheel_and_the_tests_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"models/en/manifest.json", "examples/garbled.txt", "tests/project/test_packaging.py", "LICENSE"}
    assert needed <= names


def test_the_installed_command_scores_with_the_model_of_the_wheel(
    mtscore: Path, environment: Path, tmp_path: Path
) -> None:
    info = run_well(mtscore, "model", "info", cwd=tmp_path)
    path = re.match("model: (.+)", info)
    assert path
    assert environment.resolve() in Path(path[1]).resolve().parents
    files = (EXAMPLES / "garbled.txt", EXAMPLES / "clean.txt")
    lines = run_well(mtscore, "score", "--format", "jsonl", *files, cwd=tmp_path).splitlines()
    garbled, clean = map(json.loads, lines)
    assert (garbled["status"], garbled["label"]) == ("scored", "garbled")
    assert (clean["status"], clean["label"]) == ("scored", "clean")
    assert garbled["score"] >= 0.5 > clean["score"]
    text = files[0].read_text(encoding="utf-8")
    assert garbled["evidence"]
    assert all(text[found["start"] : found["end"]] == found["text"] for found in garbled["evidence"])


def test_the_module_runs_as_a_program(environment: Path, wheel: Path, tmp_path: Path) -> None:
    printed = run_well(environment / SCRIPTS / f"python{SUFFIX}", "-m", "mtscore", "--version", cwd=tmp_path)
    assert printed == f"mtscore {_version(wheel)}\n"


@pytest.mark.parametrize("code", ["import mtscore", "from mtscore.cli import main; main(['--help'])"])
def test_importing_and_help_load_nothing_heavy(code: str, environment: Path, tmp_path: Path) -> None:
    report = f"{code}; import sys; print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    done = run(environment / SCRIPTS / f"python{SUFFIX}", "-W", "error", "-c", report, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "\n")


def _version(wheel: Path) -> str:
    return wheel.name.split("-")[1]
