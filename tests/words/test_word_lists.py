"""Words that are kept as bytes."""

from __future__ import annotations

from bisect import bisect_left

from mtscore.words.word_lists import Lines


def test_lines_come_back_one_by_one() -> None:
    words = ["", "été", "haus", "ß"]
    lines = Lines.of(words)
    assert [lines[number] for number in range(len(lines))] == words


def test_lines_can_be_searched() -> None:
    lines = Lines.of(sorted(["über", "haus", "baum", "zug"]))
    assert [bisect_left(lines, word) for word in ("a", "haus", "hund", "über", "ÿ")] == [0, 1, 2, 3, 4]


def test_langdetect_has_the_probabilities_of_its_own_profiles() -> None:
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    from mtscore.languages.detector import Factory

    theirs, ours = DetectorFactory(), Factory()
    theirs.load_profile(PROFILES_DIRECTORY)
    assert ours.langlist == theirs.langlist
    wanted = {ngram: row for ngram, row in theirs.word_lang_prob_map.items() if any(row)}
    assert wanted == {ngram: ours.word_lang_prob_map[ngram] for ngram in ours.word_lang_prob_map}
