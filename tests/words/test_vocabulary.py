"""Known words, names and letters, on toy lists."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mtscore.words.morphology import LetterModel, distance
from mtscore.words.resources import load_resources
from training.names import read_names
from training.words import read_words


def test_a_gazetteer_from_lists(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("Aachen\naardvark\nZürich's\n", encoding="utf-8")
    (tmp_path / "census").write_text("WILLIAMSON     0.1  0.2  3\nLEE   0.1  0.2 4\n", encoding="utf-8")
    (tmp_path / "cities").write_text("San Cristóbal de las Casas\n", encoding="utf-8")
    paths = [tmp_path / name for name in ("words", "census", "cities")]
    assert list(read_names(paths)) == ["aachen", "zürich", "williamson", "cristóbal", "casas"]


def test_letters_of_a_toy_list_by_hand() -> None:
    """One word "ab": unigrams a, b, end (the padding counts as end too); contexts seen once each.

    P(a | start) interpolates 1/27 with the counts of the orders 1 to 4, each with weight 4 to the order below.
    """
    model = LetterModel(["ab"])
    # The text is three pads, a, b and an end, as one sequence of six: pad pad pad a b end.
    p = (1 + 4 / 27) / (6 + 4)
    p = (1 + 4 * p) / (3 + 4)  # after one pad: pad, pad, a
    p = (1 + 4 * p) / (2 + 4)  # after two pads: pad, a
    p = (1 + 4 * p) / (1 + 4)  # after three: a
    assert model._probability([0, 1, 2, 0], 1) == pytest.approx(p)
    assert model.mean_log10("ab") > model.mean_log10("ba") > model.mean_log10("éé")


def test_letters_do_not_depend_on_the_order_of_a_set() -> None:
    words, seen = ["zebra", "apple", "bread"], ["arid", "brim", "zest"]
    one, other = LetterModel(words), LetterModel(words[::-1])
    assert [one.mean_log10(word) for word in seen] == [other.mean_log10(word) for word in seen]


def test_distance_counts_edits_and_swaps() -> None:
    assert distance("bolsonaro", "bossonaro", 2) == 1
    assert distance("merkel", "mekrel", 2) == 1
    assert distance("kitten", "sitten", 2) == 1
    assert distance("abcdef", "uvwxyz", 2) == 3


def test_a_folder_without_lists_still_works(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "lexicon.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("the\t9\tthe\nroad\t5\tc1\n")
    resources = load_resources(tmp_path)
    assert "road" in resources.vocabulary
    assert "rode" not in resources.vocabulary
    assert "rode" not in resources.gazetteer
    assert resources.pivots is None


def test_the_word_list_keeps_lower_case_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Paris\nship\nship's\nI\n", encoding="utf-8")
    (tmp_path / "b").write_text("bridge\nship\n", encoding="utf-8")
    assert read_words([tmp_path / "a", tmp_path / "b"]) == ["bridge", "ship"]
