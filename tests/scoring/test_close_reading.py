"""Close reading: which articles are read, what it does to their verdicts, and whose classifier it is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import toy_text
from stand_in_reader import StandInReader, a_close_model, classifier, quality

from mtscore import InputError, ModelError, Scorer
from mtscore.arrays.odds import logit
from mtscore.learning.close import CloseFit, fit_close, parse_sense, write_close
from mtscore.learning.retrain import base_of
from mtscore.learning.train import Fit, Settings
from mtscore.model import close
from mtscore.model.close import CLOSE_FILES, COLUMNS, close_model_of
from mtscore.model.folder import ModelFolder
from mtscore.reading.sense import SENSE_NAMES
from mtscore.records import Evidence, Span
from mtscore.render.jsonl import verdict_to_dict
from mtscore.scoring.close_reading import CloseReading, reading_mode
from mtscore.signals.extraction import Extraction

GARBLED = "The town hired the hostilities and the ball hired the ball. " * 8
CLEAN = toy_text(3, is_garbled=False)


def a_scorer(model: Path, reading: str, auto: tuple[float, float] = (-50.0, 50.0)) -> Scorer:
    reader = StandInReader()
    closely = CloseReading(reader, a_close_model(auto), is_automatic=reading == "auto")
    return Scorer(ModelFolder.load(model), reading=reading, close=closely)


def test_the_close_reading_decides(trained_model: Path) -> None:
    scorer = a_scorer(trained_model, "close")
    garbled, clean = scorer.score_many([GARBLED, CLEAN])
    assert (garbled.label, clean.label) == ("garbled", "clean")
    assert (garbled.quality, clean.quality) == (20.0, 90.0)
    assert garbled.signature["reading"] == clean.signature["reading"] == "close"
    assert garbled.signature["reader"] == StandInReader.digest
    assert tuple(garbled.signals["sense"]) == COLUMNS
    assert json.loads(json.dumps(verdict_to_dict(garbled)))["signals"]["sense"]["wrong_word_share"] >= 0


def test_the_quick_reading_stays_what_it_is(trained_model: Path) -> None:
    quick = Scorer.load(trained_model, reading="quick").score(GARBLED)
    closely = a_scorer(trained_model, "close").score(GARBLED)
    assert "sense" not in quick.signals
    assert quick.signature["reading"] == "quick"
    assert "reader" not in quick.signature
    assert closely.signals["sense"]["quick_log_odds"] == pytest.approx(
        logit(quick.score or 0) - logit(Scorer.load(trained_model).prior)
    )
    for family in quick.signals:
        assert quick.signals[family] == closely.signals[family]


def test_automatic_readings_are_close_between_the_limits_only(trained_model: Path) -> None:
    never, always = a_scorer(trained_model, "auto", (90.0, 91.0)), a_scorer(trained_model, "auto")
    assert never.score(GARBLED).signature["reading"] == "quick"
    assert always.score(GARBLED).signature["reading"] == "close"
    assert never.score("too short").signature["reading"] == "auto"
    quick = Scorer.load(trained_model, reading="quick").score(GARBLED)
    assert never.score(GARBLED).score == quick.score


def test_both_thresholds_are_those_of_the_quick_scale(trained_model: Path) -> None:
    folder, model = ModelFolder.load(trained_model), a_close_model()
    garbled, suspect = folder.threshold("garbled"), folder.threshold("suspect")
    mapped = [model.on_scale_of(folder, x) for x in (-3.0, -1.0, 0.0, 1.0, 2.5)]
    assert mapped == pytest.approx([suspect - 2.0, suspect, (garbled + suspect) / 2, garbled, garbled + 1.5])


def test_a_prior_moves_both_readings_alike(trained_model: Path) -> None:
    plain = a_scorer(trained_model, "close")
    reader = StandInReader()
    closely = CloseReading(reader, a_close_model(), is_automatic=False)
    moved = Scorer(ModelFolder.load(trained_model), prior=0.9, reading="close", close=closely)
    first, second = plain.score(CLEAN), moved.score(CLEAN)
    assert logit(second.score or 0) - logit(first.score or 0) == pytest.approx(
        logit(0.9) - logit(plain.prior)
    )
    assert second.label == first.label


@pytest.mark.parametrize("word", ["closely", "QUICK", ""])
def test_a_reading_is_one_of_three(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTSCORE_READING", word or "fast")
    with pytest.raises(InputError, match="quick, close or auto"):
        reading_mode(word or None)


def test_the_environment_names_the_reading_where_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTSCORE_READING", "auto")
    assert reading_mode(None) == "auto"
    assert reading_mode("quick") == "quick"


def a_fit() -> CloseFit:
    sense = np.zeros((4, len(SENSE_NAMES)), np.float16)
    return CloseFit(
        Fit(classifier(), 1.0, -1.0, np.zeros(4)), np.array([True, True, False, True]), sense, {}, "r" * 64
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_close(tmp_path, a_fit(), quality(), model="m", auto=(-2.0, 2.0))
    facts, arrays = ((tmp_path / name).read_bytes() for name in CLOSE_FILES[:2])
    found = close.parse(facts, arrays, "here")
    assert (found.reader, found.model, found.auto) == ("r" * 64, "m", (-2.0, 2.0))
    assert found.quality == quality()
    assert found.log_odds(0.0, np.full(len(SENSE_NAMES), 1.0), 0.0) == 2.0
    sense = parse_sense((tmp_path / CLOSE_FILES[2]).read_bytes(), 4, "here")
    assert np.isnan(sense).all(axis=1).tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format": 2}, "cannot be used"),
        ({"columns": ["garbled"]}, "other signals"),
        ({"garbled": None}, "garbled is no number"),
        ({"garbled": -3.0}, "does not fit"),
        ({"auto": [1]}, "cannot be used"),
        ({"quality": quality().stated() | {"weights": [1.0]}}, "does not fit"),
        ({"quality": quality().stated() | {"knots": [[1.0, 5.0], [0.0, 9.0]]}}, "does not ascend"),
    ],
)
def test_a_damaged_description_is_a_model_error(
    tmp_path: Path, change: dict[str, object], match: str
) -> None:
    write_close(tmp_path, a_fit(), quality())
    facts, arrays = ((tmp_path / name).read_bytes() for name in CLOSE_FILES[:2])
    with pytest.raises(ModelError, match=match):
        close.parse(json.dumps(json.loads(facts) | change).encode(), arrays, "here")
    with pytest.raises(ModelError):
        close.parse(facts, arrays[:-9], "here")


def test_the_readers_folder_must_fit_the_model_and_be_whole(trained_model: Path, tmp_path: Path) -> None:
    folder = ModelFolder.load(trained_model)
    with pytest.raises(ModelError, match="no close classifier"):
        close_model_of(folder, tmp_path, "r" * 64)
    write_close(tmp_path, a_fit(), quality(), model="another")
    state_digests(tmp_path)
    with pytest.raises(ModelError, match="without the installed"):
        close_model_of(folder, tmp_path, "r" * 64)
    with pytest.raises(ModelError, match="another reader"):
        close_model_of(folder, tmp_path, "s" * 64)
    write_close(tmp_path, a_fit(), quality(), model=folder.digest)
    with pytest.raises(ModelError, match="damaged"):
        close_model_of(folder, tmp_path, "r" * 64)
    state_digests(tmp_path)
    assert close_model_of(folder, tmp_path, "r" * 64).garbled == 1.0


def state_digests(folder: Path) -> None:
    import hashlib

    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in CLOSE_FILES}
    (folder / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")


def test_the_fit_learns_from_what_was_read_and_keeps_fluent_translation_low(trained_model: Path) -> None:
    base = base_of(ModelFolder.load(trained_model))
    generator = np.random.default_rng(1)
    sense = generator.normal(size=(len(base), len(SENSE_NAMES)))
    sense[:, 0] = np.where(base.label == 1, 3.0, -3.0) + generator.normal(size=len(base))
    sense[::10] = np.nan
    fluent = (base.label == 0) & (np.arange(len(base)) % 3 == 0)
    sense[fluent, 0] += 1.5
    base = replace(
        base, register=tuple("fluent_mt" if f else r for f, r in zip(fluent, base.register, strict=True))
    )
    settings = Settings(trees=20, members=1, units=8, epochs=12)
    found = fit_close(base, np.zeros(len(base)), sense, "r" * 64, settings=settings)
    assert int(found.is_read.sum()) == len(base) - len(base) // 10
    assert found.held_out["auroc"] > 0.9
    assert found.held_out["fluent_flagged"] <= 0.05
    assert found.held_out["people_flagged"] <= 0.02
    assert found.fit.garbled > found.fit.suspect


def test_what_is_allowed_is_no_finding_of_a_close_reading_either(
    trained_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closely(extraction: Extraction, *_: object, is_clean: bool) -> list[Evidence]:
        assert not is_clean
        places = [m.start() for m in re.finditer("hired", extraction.text)]
        return [Evidence(p, p + 5, "hired", "wrong_sense", 3.0, Span(p, p + 5)) for p in places]

    monkeypatch.setattr("mtscore.scoring.close_reading.find_closely", closely)
    plain = a_scorer(trained_model, "close")
    found = [item.text for item in plain.score(GARBLED).evidence if item.kind == "wrong_sense"]
    assert found.count("hired") == 16
    allowing = Scorer(plain.model, reading="close", allow=["Hired"], close=plain._close)
    assert not [item for item in allowing.score(GARBLED).evidence if item.kind == "wrong_sense"]


def test_without_evidence_nothing_is_looked_for_and_the_score_is_the_same(
    trained_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorer = a_scorer(trained_model, "close")
    score = scorer.score(GARBLED).score

    def never(*_: object, is_clean: bool) -> list[Evidence]:
        raise AssertionError("nobody asked")

    monkeypatch.setattr("mtscore.scoring.close_reading.find_closely", never)
    (verdict,) = scorer.score_many([GARBLED], evidence=False)
    assert (verdict.score, verdict.evidence) == (score, ())
