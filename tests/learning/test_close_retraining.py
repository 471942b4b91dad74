"""Retraining and evaluation with a reader: its numbers come along, and the new model can be read closely."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import QUICK, toy_text
from stand_in_reader import StandInReader, a_close_model

from mtscore import ModelError, Scorer
from mtscore.learning import close as closing
from mtscore.learning.close import read_of_labels
from mtscore.learning.label_features import LabelFeatures, TextFeatures, extract_features
from mtscore.learning.labels import Labelled
from mtscore.learning.replacement import history_of, write_model
from mtscore.learning.retrain import Plan, base_of, label_examples, retrain, score_labels
from mtscore.learning.train import Settings
from mtscore.model.close import CLOSE_FILES, close_model_of
from mtscore.model.folder import ModelFolder
from mtscore.reading.sense import SENSE_NAMES
from mtscore.scoring.close_reading import CloseReading

PLAN = Plan(folds=2, settings=QUICK)
LABELS = 24


@pytest.fixture
def scorer(trained_model: Path) -> Scorer:
    """The toy model, read closely by a reader that objects to "mended" and "ladder"."""
    reader = StandInReader(("mended", "ladder"))
    closely = CloseReading(reader, a_close_model(), is_automatic=False)
    return Scorer(ModelFolder.load(trained_model), reading="close", close=closely)


@pytest.fixture
def found(scorer: Scorer, tmp_path: Path) -> LabelFeatures:
    texts = [
        Labelled(str(n), toy_text(n, is_garbled=n % 2 == 0), int(n % 2 == 0), f"x:{n}") for n in range(LABELS)
    ]
    features = list(extract_features([t.text for t in texts], scorer, cache=tmp_path / "cache"))
    assert all(isinstance(f, TextFeatures) for f in features)
    return LabelFeatures(tuple(texts), tuple(f for f in features if isinstance(f, TextFeatures)))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small close classifiers, and no reader that happens to be installed."""
    monkeypatch.setattr(closing.fit_close, "__kwdefaults__", fit_close_defaults())
    monkeypatch.setattr("mtscore.learning.close.is_installed", lambda: False)


@pytest.fixture
def read_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base that was read, all but its first example."""

    def sense(folder: ModelFolder, examples: int) -> closing.Floats | None:
        found = closing.base_sense(folder, examples)
        rows = np.random.default_rng(2).normal(size=(examples, len(SENSE_NAMES)))
        rows[0] = np.nan
        return rows if found is None else found

    monkeypatch.setattr("mtscore.learning.retrain.base_sense", sense)


def fit_close_defaults() -> dict[str, object]:
    given = dict(closing.fit_close.__kwdefaults__ or {})
    return given | {"settings": Settings(trees=4, members=1, units=4, epochs=1)}


def test_features_have_the_readers_numbers_and_keep_them(
    scorer: Scorer, found: LabelFeatures, tmp_path: Path
) -> None:
    again = list(extract_features([t.text for t in found.texts], scorer, cache=tmp_path / "cache"))
    quick = list(
        extract_features([found.texts[0].text], Scorer.load(scorer.model.path), cache=tmp_path / "cache")
    )
    for first, second in zip(found.features, again, strict=True):
        assert isinstance(second, TextFeatures)
        assert first.sense is not None
        assert second.sense is not None
        assert first.sense.shape == (len(SENSE_NAMES),)
        assert (first.sense == second.sense).all()
    assert isinstance(quick[0], TextFeatures)
    assert quick[0].sense is None
    assert (quick[0].inputs == found.features[0].inputs).all()


def test_few_texts_that_were_read_make_no_close_classifier(scorer: Scorer, found: LabelFeatures) -> None:
    new = label_examples(found.texts, found.features, base_of(scorer.model))
    read = read_of_labels(found.features, scorer.close_model)
    assert retrain(scorer.model, scorer.model, new, PLAN, read=read).close is None


@pytest.mark.usefixtures("read_base")
def test_a_retrained_model_can_be_read_closely_and_takes_its_numbers_along(
    scorer: Scorer, found: LabelFeatures, tmp_path: Path
) -> None:
    start = scorer.model
    new = label_examples(found.texts, found.features, base_of(start))
    read = read_of_labels(found.features, scorer.close_model)
    result = retrain(start, start, new, PLAN, read=read)
    assert result.close is not None
    everything = len(base_of(start)) - 1 + LABELS
    assert int(result.close[0].is_read.sum()) == everything
    output = tmp_path / "mine"
    write_model(start, result, output, history_of(start, result, [("l", "0")], PLAN))
    folder = ModelFolder.load(output)
    assert set(CLOSE_FILES) <= set(folder.manifest["files"])
    own = close_model_of(folder, tmp_path, StandInReader.digest)
    assert own.quality == a_close_model().quality
    with pytest.raises(ModelError, match="another reader"):
        close_model_of(folder, tmp_path, "e" * 64)
    again = retrain(folder, folder, new.rows(np.arange(20)), PLAN, read=replace_read(read, 20))
    assert again.close is not None
    assert int(again.close[0].is_read.sum()) == everything, (
        "those that were labels before are of the base now"
    )
    without = retrain(folder, folder, new, PLAN)
    write_model(folder, without, tmp_path / "quick", history_of(folder, without, [("l", "0")], PLAN))
    assert set(CLOSE_FILES).isdisjoint(ModelFolder.load(tmp_path / "quick").manifest["files"])


def replace_read(read: closing.Read | None, rows: int) -> closing.Read:
    assert read is not None
    return replace(read, sense=read.sense[:rows])


def test_labels_are_judged_by_the_close_classifier_where_they_were_read(
    scorer: Scorer, found: LabelFeatures
) -> None:
    quick = score_labels(found, scorer.model)
    closely = score_labels(found, scorer.model, close=scorer.close_model)
    assert quick.threshold == closely.threshold
    said = [v.score for v in scorer.score_many([t.text for t in found.texts])]
    order = np.argsort(closely.log_odds, kind="stable")
    assert (np.diff(np.array(said, float)[order]) >= 0).all()
    assert (quick.log_odds != closely.log_odds).any()
