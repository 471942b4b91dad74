"""A filter touches nothing that it did not write, and no two runs write to one place."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_filtering import CLEAN, ODD, ToyScorer, jsonl, parquet, run, write_parquet

from mtscore.errors import MtscoreError, OutputError, UsageError
from mtscore.files.filtering import FilterCounts, FilterSettings, describe, filter_records
from mtscore.records import Verdict

pytestmark = pytest.mark.usefixtures("in_tmp_path")


def everything() -> dict[str, bytes]:
    """All files of the working folder and what they hold."""
    return {str(path): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


class StopError(Exception):
    """What a test interrupts a run with."""


def stopped_run(after: int, **settings: Any) -> None:
    """A run that is interrupted after some verdicts, with a checkpoint behind each."""

    def watch(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        for number, verdict in enumerate(verdicts):
            if number == after:
                raise StopError
            yield verdict

    with pytest.raises(StopError):
        filter_records(
            FilterSettings(**settings, checkpoint_seconds=0.0), ToyScorer(), io.BytesIO(), watch=watch
        )


# Places that are not its own


@pytest.mark.parametrize(
    "settings",
    [
        {"sources": "data/part-00000.parquet", "output": "data/"},
        {"sources": "data/part-00000.parquet", "output": "data"},
        {"sources": "data", "output": "data/"},
        {"sources": "data/*.parquet", "output": "data/"},
        {"sources": "data", "output": "data/kept/"},
        {"sources": "data", "output": "data/kept.parquet"},
        {"sources": "data", "output": "."},
        {"sources": "other.parquet", "output": "data/"},
        {"sources": "other.parquet", "output": "new/", "rejected": "new/rejected.parquet"},
        {"sources": "other.parquet", "output": "new/", "malformed": "new/malformed.jsonl"},
        {"sources": "other.parquet", "output": "new/", "rejected": "new/"},
        {"sources": "other.parquet", "output": "new/", "rejected": "new"},
        {"sources": "other.parquet", "output": "new/", "rejected": "new/inside/"},
        {"sources": "link/part-00000.parquet", "output": "data/"},
        {"sources": "a.jsonl.part", "output": "a.jsonl", "input_format": "jsonl"},
        {"sources": "k.jsonl.state.json", "output": "k.jsonl", "input_format": "jsonl"},
        {"sources": "k.jsonl.malformed.jsonl", "output": "k.jsonl"},
        {"sources": "k.jsonl.lock", "output": "k.jsonl", "input_format": "jsonl"},
        {"sources": "b.jsonl", "output": "k.jsonl", "rejected": "k.jsonl.malformed.jsonl"},
        {"sources": "b.jsonl", "output": "hard.jsonl"},
        {"sources": ("b.jsonl", "a.jsonl"), "output": "a.jsonl"},
    ],
)
def test_outputs_that_would_touch_inputs_or_each_other_are_refused(settings: dict[str, Any]) -> None:
    Path("data/kept").mkdir(parents=True)
    write_parquet("data/part-00000.parquet", [CLEAN, ODD])
    shutil.copy("data/part-00000.parquet", "data/part-00001.parquet")
    shutil.copy("data/part-00000.parquet", "other.parquet")
    Path("data/notes.part").write_bytes(b"mine")
    os.symlink("data", "link")
    for name in (
        "a.jsonl",
        "b.jsonl",
        "a.jsonl.part",
        "k.jsonl.state.json",
        "k.jsonl.malformed.jsonl",
        "k.jsonl.lock",
    ):
        Path(name).write_bytes(b"".join(jsonl(CLEAN)))
    os.link("b.jsonl", "hard.jsonl")
    before = everything()
    with pytest.raises(UsageError):
        run(**settings)
    assert everything() == before


def shown(folder: str) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def test_resuming_what_is_complete_says_so_and_changes_nothing() -> None:
    write_parquet("a.parquet", [CLEAN, ODD] * 5)
    options = {"sources": ("a.parquet",), "output": "k/", "rejected": "r/"}
    assert run(**options)[0] == FilterCounts(10, kept=5, rejected=5)
    before = everything()
    counts, _ = run(**options, is_resumed=True)
    assert everything() == before
    assert counts == FilterCounts(10, kept=5, rejected=5)
    assert describe(counts, FilterSettings()).startswith("complete already: 10 read = 5 kept")
    with pytest.raises(UsageError, match=r"holds part-00000\.parquet already"):
        run(**options, is_resumed=True, max_score=0.3)
    Path("r/part-00000.parquet").unlink()
    with pytest.raises(OutputError, match="has vanished"):
        run(**options, is_resumed=True)


def test_a_folder_with_other_things_in_it_keeps_them() -> None:
    write_parquet("a.parquet", [CLEAN, ODD] * 5)
    Path("k").mkdir()
    for name in ("notes.txt", "x.part", "part-1.parquet"):
        Path("k", name).write_bytes(b"mine")
    run(sources="a.parquet", output="k/")
    assert shown("k") == ["notes.txt", "part-00000.parquet", "part-1.parquet", "x.part"]
    with pytest.raises(UsageError, match=r"holds part-00000\.parquet already"):
        run(sources="a.parquet", output="k/")


def test_a_part_file_that_someone_else_put_there_is_not_replaced() -> None:
    write_parquet("a.parquet", [CLEAN] * 10)
    stopped_run(4, sources=("a.parquet",), output="k/")
    Path("k/part-00004.parquet").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"part-00004\.parquet is there already"):
        run(sources="a.parquet", output="k/", is_resumed=True, checkpoint_seconds=0.0)
    assert Path("k/part-00004.parquet").read_bytes() == b"mine"


def test_restarting_removes_what_the_unfinished_run_wrote_and_nothing_else() -> None:
    write_parquet("a.parquet", [CLEAN, ODD] * 5)
    options = {"sources": ("a.parquet",), "output": "k/", "rejected": "r/"}
    stopped_run(6, **options)
    Path("k/notes.txt").write_bytes(b"mine")
    parts = sorted(os.listdir("k"))
    assert len(parts) > 2
    with pytest.raises(UsageError, match=r"go on with --resume .* or begin again with --restart"):
        run(**options)
    assert sorted(os.listdir("k")) == parts
    assert run(**options, is_restarted=True)[0] == FilterCounts(10, kept=5, rejected=5)
    assert shown("k") == ["notes.txt", "part-00000.parquet"]
    assert parquet("r").num_rows == 5
    assert not Path("k.state.json").exists()


def test_an_unfinished_run_is_in_the_way_of_one_that_cannot_be_resumed_too(
    give_stdin: Callable[[bytes], None],
) -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    stopped_run(1, sources=("a.jsonl",), output="k.jsonl")
    give_stdin(b"".join(jsonl(ODD)))
    with pytest.raises(UsageError, match="--restart"):
        run(sources="-", output="k.jsonl")


# Two runs


def test_two_runs_on_one_output_are_refused() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    said = []

    def watch(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        for settings in (
            {"output": "k.jsonl"},
            {"output": "l.jsonl", "rejected": "r.jsonl"},
            {"output": "r.jsonl"},
        ):
            with pytest.raises(UsageError, match="by another run") as caught:
                run(sources="a.jsonl", **settings)
            said.append(str(caught.value))
        yield from verdicts

    settings = FilterSettings(("a.jsonl",), "k.jsonl", "r.jsonl")
    assert filter_records(settings, ToyScorer(), io.BytesIO(), watch=watch).read == 2
    assert len(said) == 3
    assert sorted(os.listdir()) == ["a.jsonl", "k.jsonl", "r.jsonl"], "the locks are gone"
    run(sources="a.jsonl", output="k.jsonl")


@pytest.mark.parametrize("name", ["k.jsonl", "k.parquet"])
def test_a_part_file_that_vanishes_is_an_error(name: str) -> None:
    write_parquet("a.parquet", [CLEAN, ODD])
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    Path(name).write_bytes(b"old")

    def watch(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        yield from verdicts
        Path(f"{name}.part").unlink()

    with pytest.raises(OutputError, match="removed"):
        filter_records(
            FilterSettings((f"a{Path(name).suffix}",), name), ToyScorer(), io.BytesIO(), watch=watch
        )
    assert Path(name).read_bytes() == b"old"


def test_a_part_file_that_vanishes_between_two_runs_is_an_error() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD, CLEAN)))
    stopped_run(2, sources=("a.jsonl",), output="k.jsonl")
    Path("k.jsonl.part").unlink()
    with pytest.raises(OutputError, match="vanished; start again with --restart"):
        run(sources="a.jsonl", output="k.jsonl", is_resumed=True)


# Malformed records


def test_what_an_earlier_run_set_aside_does_not_stay() -> None:
    Path("a.jsonl").write_bytes(b"".join([*jsonl(CLEAN), b"{broken\n"]))
    run(sources="a.jsonl", output="k.jsonl")
    assert Path("k.jsonl.malformed.jsonl").exists()
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN)))
    run(sources="a.jsonl", output="k.jsonl")
    assert sorted(os.listdir()) == ["a.jsonl", "k.jsonl"]
    Path("notes.jsonl").write_bytes(b'{"mine": 1}\n')
    run(sources="a.jsonl", output="k.jsonl", malformed="notes.jsonl")
    assert Path("notes.jsonl").read_bytes() == b'{"mine": 1}\n'


def test_two_pipelines_in_one_folder_set_aside_in_two_files() -> None:
    Path("a.jsonl").write_bytes(b"{broken\n")
    inner: list[FilterCounts] = []

    def watch(verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        yield from verdicts  # the first has its malformed record aside
        inner.append(run(sources="a.jsonl")[0])

    outer = filter_records(FilterSettings(("a.jsonl",)), ToyScorer(), io.BytesIO(), watch=watch)
    later = run(sources="a.jsonl")[0]
    names = [outer.malformed_file, inner[0].malformed_file, later.malformed_file]
    assert names == ["mtscore-malformed.jsonl", "mtscore-malformed-2.jsonl", "mtscore-malformed-3.jsonl"]
    assert all(len(Path(name).read_bytes().splitlines()) == 1 for name in names)


# The state


STATE = {
    "run": {},
    "counts": {"read": 1, "kept": 1, "rejected": 0, "cannot_tell": 0, "malformed": 0},
    "marks": {"output": 1},
    "is_finished": False,
}


@pytest.mark.parametrize(
    "state",
    [
        None, 3, [], {}, {"run": 1},
        {**STATE, "counts": {}}, {**STATE, "counts": {**STATE["counts"], "read": 7}},  # type: ignore[dict-item]
        {**STATE, "counts": {**STATE["counts"], "kept": "1"}}, {**STATE, "counts": 5},  # type: ignore[dict-item]
        {**STATE, "counts": {**STATE["counts"], "read": -1, "kept": -1}}, {**STATE, "marks": [1]},  # type: ignore[dict-item]
        {**STATE, "marks": {"output": -1}}, {**STATE, "marks": {"else": 1}}, {**STATE, "marks": {"output": 1.5}},
        {**STATE, "marks": {"output": 1 << 70}}, {**STATE, "is_finished": "no"}, STATE,
    ],
)  # fmt: skip
def test_a_state_that_was_edited_is_a_usage_error(state: Any) -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD)))
    Path("k.jsonl.state.json").write_text(json.dumps(state), encoding="utf-8")
    Path("k.jsonl.part").write_bytes(b"xx")
    with pytest.raises(UsageError, match="--restart"):
        run(sources="a.jsonl", output="k.jsonl", is_resumed=True)
    assert run(sources="a.jsonl", output="k.jsonl", is_restarted=True)[0].kept == 1


def test_a_state_with_marks_beyond_the_file_is_told_of() -> None:
    Path("a.jsonl").write_bytes(b"".join(jsonl(CLEAN, ODD, CLEAN)))
    stopped_run(2, sources=("a.jsonl",), output="k.jsonl")
    state = json.loads(Path("k.jsonl.state.json").read_bytes())
    state["marks"]["output"] = 10**9
    Path("k.jsonl.state.json").write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(MtscoreError, match="shorter than it was left"):
        run(sources="a.jsonl", output="k.jsonl", is_resumed=True)
