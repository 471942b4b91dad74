"""Contrasts by document and by sentence: what they add up, and that training and scoring add up the same."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import silent, tiny_classifier

from mtscore.arrays.ngrams import (
    NgramSpace,
    letter_hashes,
    ngram_vector,
    owned_ngrams,
    owner_scores,
    token_hashes,
)
from mtscore.errors import ModelError
from mtscore.model import classifier as classifiers
from mtscore.model.classifier import Contrast, column_names, summarise
from mtscore.records import Span
from mtscore.signals.analysis import Group, analyse_together, letters_of, sentence_tokens
from mtscore.text.segmentation import segment
from mtscore.words.resources import Resources
from training.line_pairs import owner_matrix

TEXT = "The cat sat on the old mat.\nA dog barked at the old cat all night."


def analysed(models: Resources, *texts: str) -> Group:
    return analyse_together([segment(text, [Span(0, len(text))]) for text in texts], models)


def test_ngrams_stay_inside_their_owner() -> None:
    space = NgramSpace((2,), 1, 10)
    buckets, owner = owned_ngrams(token_hashes(["a", "b", "c", "d"]), np.array([0, 0, 1, 1]), space)
    assert buckets.tolist() == [ngram_vector(pair, space)[0][0] for pair in ("ab", "cd")]
    assert owner.tolist() == [0, 1]


def test_without_tokens_there_is_nothing() -> None:
    ngrams = owned_ngrams(token_hashes([]), np.zeros(0, np.int64), NgramSpace((1, 2), 1, 4))
    assert owner_scores(ngrams, np.ones(16), 2).tolist() == [0.0, 0.0]


def test_an_owner_scores_the_sum_over_the_root_of_the_number() -> None:
    space = NgramSpace((1,), 1, 4)
    ngrams = owned_ngrams(token_hashes(["a", "b", "b", "c"]), np.array([0, 0, 0, 2]), space)
    assert owner_scores(ngrams, np.full(16, 2.0), 3) == pytest.approx([6 / math.sqrt(3), 0.0, 2.0])


def test_letters_are_those_of_words() -> None:
    assert letters_of(["the", "<num>", "cats", "."]) == " the cats "
    assert letter_hashes("aé").tolist() == [97, 233]


@pytest.mark.parametrize("tokens", ["words", "classes", "letters"])
def test_training_and_scoring_add_up_the_same(tokens: str, models: Resources) -> None:
    group = analysed(models, TEXT)
    space = NgramSpace((2, 3), 5, 12)
    weights = np.random.default_rng(0).normal(size=1 << 12).astype(np.float16)
    hashed = sentence_tokens(group.whole, tokens)
    ngrams = owned_ngrams(*hashed, space)
    by_matrix = owner_matrix(ngrams, 2, space) @ weights.astype(np.float64)
    assert by_matrix == pytest.approx(owner_scores(ngrams, weights, 2), abs=1e-5)
    found = Contrast("c", tokens, space, weights, 0.0, is_by_sentence=True)
    wanted = summarise(by_matrix, np.array([8, 10]))
    assert found.values(group, hashed)[0] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("is_by_sentence", [False, True])
def test_a_document_has_the_same_contrasts_beside_others(models: Resources, is_by_sentence: bool) -> None:
    weights = np.random.default_rng(0).normal(size=1 << 12).astype(np.float16)
    contrast = Contrast("c", "words", NgramSpace((1, 2), 5, 12), weights, 0.5, is_by_sentence)
    texts = (TEXT, "", "The cat sat. The dog sat.", f"{TEXT}\n{TEXT}")

    def values(*texts: str) -> list[list[float]]:
        group = analysed(models, *texts)
        return contrast.values(group, sentence_tokens(group.whole, "words")).tolist()  # type: ignore[no-any-return]

    assert values(*texts) == [values(text)[0] for text in texts]


def test_a_vector_counts_its_ngrams(models: Resources) -> None:
    space = NgramSpace((1,), 1, 30)
    buckets, values = ngram_vector(["a", "b", "a"], space)
    assert len(buckets) == 2
    twice, once = 1 + math.log(2), 1.0
    assert sorted(values) == pytest.approx([x / math.hypot(twice, once) for x in (once, twice)])


def test_mean_by_tokens_and_the_worst_sentences() -> None:
    scores, tokens = np.array([1.0, 5.0, 2.0, 9.0]), np.array([10, 5, 5, 4])  # the last is too short
    assert summarise(scores, tokens) == [pytest.approx((10 + 25 + 10) / 20), 5.0, 5.0]
    assert summarise(scores[3:], tokens[3:]) == [0.0, 0.0, 0.0]


def test_columns_are_named() -> None:
    one, *_ = tiny_classifier().contrasts
    other = replace(one, name="r", is_by_sentence=True)
    assert column_names([one, other]) == ("word_contrast", "r_mean", "r_q75", "r_q93")


def test_a_contrast_by_sentence_comes_back_from_its_file(tmp_path: Path, models: Resources) -> None:
    weights = np.linspace(-1, 1, 256).astype(np.float16)
    added = Contrast("r", "letters", NgramSpace((3,), 2, 8), weights, 0.25, is_by_sentence=True)
    model = tiny_classifier()
    inputs = len(model.input_names) + 4  # three columns more, and the strength
    model = replace(model, contrasts=(*model.contrasts, added), network=silent(inputs))
    classifiers.save(model, tmp_path / "c")
    again = classifiers.load(tmp_path / "c")
    group = analysed(models, TEXT)
    assert again.contrast_values(group).tolist() == model.contrast_values(group).tolist()
    assert again.contrast_values(group).shape == (1, 4)


def test_letters_by_document_are_refused(tmp_path: Path) -> None:
    model = tiny_classifier()
    classifiers.save(
        replace(model, contrasts=(replace(model.contrasts[0], tokens="letters"),)), tmp_path / "c"
    )
    with pytest.raises(ModelError, match="does not fit its space"):
        classifiers.load(tmp_path / "c")
