"""Who teaches and who is judged, and what the reports count, on toy rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.protocol import main
from benchmarks.protocol.folds import CORPORA, ENGINES, FOLDS, REGISTERS, Data, engines_of, home, parts
from benchmarks.protocol.judging import Judged
from benchmarks.protocol.loading import cut_rows
from benchmarks.protocol.registers import engines_report, registers_report
from training.contrasts import Lines
from training.dataset import Row
from training.extracted import Extracted
from training.line_pairs import LinePairs
from training.registers.names import fold_of_register


def row(identity: str, label: int, group: str, register: str, **others: object) -> Row:
    values = {"source": "toy", "component": identity, "is_added": True}
    return Row(identity, "A text.", label, group, register, **{**values, **others})  # type: ignore[arg-type]


def rows() -> list[Row]:
    found = [
        row(f"w{n}", 1, "wild:docmtllm_qa_zh", "forum", source="wild", component=f"c{n}") for n in range(6)
    ]
    fluent = [row(f"f{n}", 0, "fluent_docmtllm_qa_zh", "fluent_mt", source="wild") for n in range(2)]
    human = [row(f"h{n}", 0, "forum:toy", "forum", component=f"c{n}") for n in range(8)]
    others = [row(f"o{n}", 0, "manual:toy", "manual") for n in range(6)]
    made = [row(f"m{n}", 1, "made:manual", "manual", source="made", component=f"o{n}", system=chain, weight=0.2)
            for n, chain in enumerate(("en-pt-en", "en-es-en", "en-es-pt-en") * 2)]  # fmt: skip
    originals = [
        row(f"p{n}", 0, "original_of:manual", "manual", source="made", component=f"o{n}") for n in range(6)
    ]
    corpora = [row(f"k{n}", n % 2, "flores", "flores", source="flores", is_added=False) for n in range(8)]
    cut = [row("cut", 1, "length:40:garbled", "forum", source="cut", component="c0")]
    return [*found, *fluent, *human, *others, *made, *originals, *corpora, *cut]


@pytest.fixture
def data() -> Data:
    pairs = LinePairs((), np.arange(4), np.arange(4), np.ones(4), np.arange(4) * 11, (("nllb", ""),) * 4,
                      (("lv", ""),) * 4, ("flores-dev", "wmt17") * 2)  # fmt: skip
    nothing = np.zeros((0, 0))
    extracted = Extracted(nothing, nothing, nothing, {}, {}, np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Data(rows(), extracted, Lines(pairs, {}))


@pytest.mark.parametrize("fold", FOLDS)
def test_nothing_that_teaches_shares_a_component_with_what_is_judged(fold: str, data: Data) -> None:
    for part in parts(fold, data):
        taught = {data.rows[i].component for i in part.teach}
        assert not taught.intersection(data.rows[i].component for i in part.judge)
        assert not any(data.is_cut[part.teach])


def test_a_register_is_held_out_on_both_sides(data: Data) -> None:
    (part,) = parts(REGISTERS[fold_of_register("forum")], data)
    assert {home(data.rows[i]) for i in part.judge} == {"forum"}
    assert {data.rows[i].label for i in part.judge} == {0, 1}
    assert "forum" not in {home(data.rows[i]) for i in part.teach}
    assert part.usable.all()
    assert sum(data.rows[i].source == "cut" for i in part.judge) == 1


def test_the_folds_of_the_corpora_judge_no_added_document(data: Data) -> None:
    for fold in CORPORA:
        for part in parts(fold, data):
            assert not any(data.rows[i].is_added for i in part.judge)
    first, second = parts("flores", data)
    assert not any(data.rows[i].source == "flores" for part in (first, second) for i in part.teach)
    assert any(data.rows[i].is_added for i in first.teach)
    assert not first.usable[0]
    assert first.usable.sum() + second.usable.sum() == 2


def test_an_engine_is_held_out_and_mixed_chains_teach_nowhere(data: Data) -> None:
    taught = {}
    for fold in ENGINES:
        halves = list(parts(fold, data))
        taught[fold] = {engines_of(data.rows[i]) for part in halves for i in part.teach} - {frozenset()}
        judged = {engines_of(data.rows[i]) for part in halves for i in part.judge} - {frozenset()}
        assert not any(len(found) > 1 for found in judged | taught[fold])
    assert taught["engine:apertium"] == {frozenset({"bergamot"})}
    assert taught["engine:bergamot"] == {frozenset({"apertium"})}
    assert len(taught["engine:both"]) == 2


def test_registers_are_counted_against_all_held_out_human_text(data: Data) -> None:
    """Forum: of six found ones five lie above all human text. Manual: all made ones below. One of 14 people is above
    the threshold."""
    scores = {"w": 3.0, "h": -1.0, "o": -2.0, "m": -3.0, "f": 5.0, "p": 9.0, "c": 4.0}
    results = {}
    for name in ("forum", "manual"):
        (part,) = parts(fold := REGISTERS[fold_of_register(name)], data)
        excess = np.array([scores[data.rows[i].id[0]] for i in part.judge])
        excess[[data.rows[i].id in ("w5",) for i in part.judge]] = -5.0
        excess[[data.rows[i].id == "h7" for i in part.judge]] = 0.5
        results[fold] = Judged(part.judge, excess)
    lines = registers_report(results, data)
    forum = next(line for line in lines if line.startswith("  forum"))
    assert "found AUROC 0.833, 0.83 of 6 at 1 %" in forum
    assert "human flagged 12.50% [2.24%, 47.09%] of 8" in forum
    assert "mean of 1: AUROC 0.8333, found at 1 % 0.833" in lines
    assert next(line for line in lines if line.startswith("  all ")).split("]")[1] == " of 14"
    manual = next(line for line in lines if line.startswith("  manual"))
    assert "made AUROC 0.000, 0.00 of 6 at 1 %;" in manual


def test_engines_are_compared_taught_and_not(data: Data) -> None:
    results = {}
    for fold in ENGINES:
        index = np.concatenate([part.judge for part in parts(fold, data)])
        level = 1.0 if fold == "engine:both" else 0.0
        excess = np.array([level if data.rows[i].label else 0.5 for i in index])
        excess[[data.rows[i].id == "m0" for i in index]] = 1.0
        results[fold] = Judged(index, excess)
    lines = engines_report(results, data)
    assert lines[1].endswith("0.000 held out, 1.000 taught, 0.00 of it")
    assert lines[2].endswith("0.500 held out, 1.000 taught, 0.50 of it")


def test_found_and_human_documents_are_cut_to_lengths() -> None:
    long = [replace(r, text=" ".join(["word"] * 100)) for r in rows()]
    found = list(cut_rows(long))
    assert {len(r.text.split()) for r in found} == {40, 80}
    assert {r.group for r in found} == {
        f"length:{n}:{side}" for n in (40, 80) for side in ("garbled", "human")
    }
    assert all(r.component in {x.component for x in long} for r in found)


def test_a_toy_run(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--toy"])
    out = capsys.readouterr().out
    assert "nllb" in out
    assert "registers held out on both sides" in out
