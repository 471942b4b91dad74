from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import no_merit, stump
from scipy import sparse

from mtscore import ModelError
from mtscore.arrays.ngrams import owned_ngrams
from mtscore.records import Span
from mtscore.signals import quality as qualities
from mtscore.signals.analysis import analyse_together
from mtscore.signals.quality import MERIT_SPACES, MERIT_WEIGHT, Merit, Quality
from mtscore.signals.sentences import SENTENCE_INPUTS
from mtscore.text.segmentation import segment
from mtscore.words.resources import Resources
from training.quality import fit_merit, merit_of

TEXT = "The cat sat on the cat and the cat. The dog barked at a cat in the end."


def quality(merit: Merit) -> Quality:
    """Every sentence is rated 50 by the trees; the map leaves a value as it is."""
    return Quality(stump(0, 0.0, 0.0, 0.0, baseline=50.0), merit, ((0.0, 0.0), (100.0, 100.0)), -6.0)


def judged(model: Quality, models: Resources) -> float | None:
    group = analyse_together([segment(TEXT, [Span(0, len(TEXT))])], models)
    return model.judge(group, [TEXT])[1][0]


def test_merit_is_added_to_the_rating(models: Resources) -> None:
    assert judged(quality(no_merit()), models) == pytest.approx(50.0)
    size = len(SENTENCE_INPUTS)
    weights = np.zeros(size)
    weights[0] = 0.1  # the first input is far above its mean of 0 here, and clipped
    merit = replace(no_merit(), weights=weights, mean=np.zeros(size))
    assert judged(quality(merit), models) == pytest.approx(50.0 + MERIT_WEIGHT * 0.1 * Merit.CLIP)


def test_ngrams_of_a_sentence_count(models: Resources) -> None:
    space = MERIT_SPACES["letters"]
    group = analyse_together([segment(TEXT, [Span(0, len(TEXT))])], models)
    buckets, owner = owned_ngrams(*group.hashed["letters"], space)
    only_in_second = sorted(set(buckets[owner == 1]) - set(buckets[owner == 0]))
    weights = np.zeros(1 << space.bits, np.float16)
    weights[only_in_second] = 1.0
    merit = replace(no_merit(), ngrams={**no_merit().ngrams, "letters": weights})
    first, second = merit.of_ngrams(group)
    assert first == 0.0
    assert second == pytest.approx(
        np.isin(buckets[owner == 1], only_in_second).sum() / np.sqrt((owner == 1).sum())
    )


def test_merit_is_learned_within_a_language() -> None:
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(400, len(SENTENCE_INPUTS)))
    languages = ["xx", "yy"] * 200
    ratings = 5.0 * rows[:, 3] + np.where(np.array(languages) == "xx", 80.0, 20.0)
    empty = {
        tokens: sparse.csr_matrix((400, 1 << space.bits), dtype=np.float32)
        for tokens, space in MERIT_SPACES.items()
    }
    merit = fit_merit(rows, empty, ratings, languages)
    assert np.argmax(merit.weights) == 3
    found = merit_of(merit, rows, empty)
    assert np.corrcoef(found, rows[:, 3])[0, 1] > 0.9


def test_a_quality_model_comes_back_from_its_file(tmp_path: Path, models: Resources) -> None:
    generator = np.random.default_rng(1)
    merit = replace(
        no_merit(),
        weights=generator.normal(size=len(SENTENCE_INPUTS)) / 20,
        ngrams={
            tokens: generator.normal(size=1 << space.bits).astype(np.float16)
            for tokens, space in MERIT_SPACES.items()
        },
    )
    qualities.save(quality(merit), tmp_path / "q")
    again = qualities.load(tmp_path / "q")
    assert judged(again, models) == judged(quality(merit), models)
    broken = replace(merit, weights=np.zeros(3))
    qualities.save(quality(broken), tmp_path / "q")
    with pytest.raises(ModelError, match=r"merit\.weights has the shape"):
        qualities.load(tmp_path / "q")
