"""The article as the reader sees it, what it says of it in the article's places, and the signals made of that."""

from __future__ import annotations

import math

import numpy as np
import pytest
from stand_in_reader import WINDOW, StandInReader

from mtscore.reading.passage import passage_of
from mtscore.reading.reading import Reading, read_closely
from mtscore.reading.sense import SENSE_NAMES, sense_signals, worst_quarter
from mtscore.reading.suspicion import suspicions
from mtscore.records import Span
from mtscore.text.article import read_article

PARAGRAPH = (
    "The town hired the hostilities on Monday evening, said the mayor of the old harbour. "
    "A man was grazed by a ball while he was walking to the station with his brother. "
    "Nobody knows when the talks will go on, and the ministry did not want to comment. "
)
STORY = "\n\n".join([PARAGRAPH * 3] * 4)
DIRTY = STORY.replace("mayor", "ma\u00adyor").replace("station", "sta\u200btion")
WORDS = frozenset(
    "town hired the hostilities evening said mayor old harbour man was grazed ball while".split()
)


@pytest.mark.parametrize("text", [STORY, DIRTY, f"Home | News | Sport\n\n{STORY}\n\nShare this article"])
def test_a_passage_has_the_sentences_of_the_article_and_knows_where_they_stand(text: str) -> None:
    article = read_article(text)
    passage = passage_of(article)
    assert len(passage.sentences) == len(article.sentences) > 10
    for span, sentence in zip(passage.sentences, article.sentences, strict=True):
        assert passage.text[slice(*span)] == article.text[slice(*sentence.span)]
        assert passage.in_article(span.start) == sentence.span.start
    assert "Share this" not in passage.text


def test_a_text_without_sentences_is_an_empty_passage_and_has_no_sense() -> None:
    article = read_article("")
    assert passage_of(article).text == ""
    reading = read_closely(article, StandInReader(), WORDS)
    assert len(reading) == 0
    assert sense_signals(reading).tolist() == [0.0] * len(SENSE_NAMES)


@pytest.mark.parametrize("text", [STORY, DIRTY])
def test_a_reading_has_the_places_of_the_article(text: str) -> None:
    article = read_article(text)
    reading = read_closely(article, StandInReader(), WORDS)
    words = [article.text[a:b] for a, b in zip(reading.starts.tolist(), reading.ends.tolist(), strict=True)]
    assert [w for w, wrong in zip(words, reading.wrong.tolist(), strict=True) if wrong > 0.5].count(
        "ball"
    ) == 12
    assert {w for w, known in zip(words, reading.known.tolist(), strict=True) if known} == WORDS
    first = [words[i] for i in np.flatnonzero(np.diff(reading.sentence, prepend=-1)).tolist()]
    assert set(first) == {"The", "A", "Nobody"}


def test_invisible_characters_change_nothing_that_is_read() -> None:
    plain, dirty = StandInReader(), StandInReader()
    read_closely(read_article(STORY), plain, WORDS)
    read_closely(read_article(DIRTY), dirty, WORDS)
    assert plain.texts == dirty.texts


def test_a_long_article_is_read_from_its_beginning_as_far_as_the_limit() -> None:
    article = read_article(STORY * 12)
    reading = read_closely(article, StandInReader(), WORDS)
    assert len(reading.windows) == 48
    assert len(reading) == 48 * WINDOW


def a_reading(wrong: list[float], known: list[bool], garbled: list[float]) -> Reading:
    """Windows of two tokens, all of one sentence of quality 0.8."""
    size = len(wrong)
    places = np.arange(size, dtype=np.int64)
    return Reading(
        starts=places * 2,
        ends=places * 2 + 1,
        wrong=np.array(wrong),
        known=np.array(known, np.bool_),
        sentence=np.zeros(size, np.int64),
        windows=tuple(Span(i, i + 2) for i in range(0, size, 2)),
        log_odds=np.array([[g, 1.0, 2.0, 3.0] for g in garbled]),
        quality=np.array([0.8]),
    )


def test_the_signals_by_hand() -> None:
    reading = a_reading([0.9, 0.1, 0.3, 0.6], [True, True, False, True], [2.0, -1.0])
    found = dict(zip(SENSE_NAMES, sense_signals(reading).tolist(), strict=True))
    assert found == pytest.approx(
        {
            "reader_garbled": 0.5,
            "reader_garbled_quarter": 2.0,
            "reader_machine": 1.0,
            "reader_non_native": 2.0,
            "reader_llm": 3.0,
            "wrong_word_mean": 1.6 / 3,
            "wrong_word_share": 2 / 3,
            "wrongest_words": (1.0 / 3 + 0.6 / 3) / 2,
            "wrongest_words_quarter": 1.0 / 3,
            "reader_quality": 0.8,
            "reader_length": math.log(5),
        }
    )


def test_the_worst_quarter_is_a_window_of_four_and_two_windows_of_eight() -> None:
    even = np.ones(8)
    assert worst_quarter(np.array([0.0, 5.0, 1.0, 2.0]), even[:4]) == 5.0
    assert worst_quarter(np.array([0.0, 4.0, 4.0, 1.0, 0.0, 0.0, 0.0, 0.0]), even) == 2.5


def test_sentences_that_were_not_read_do_not_count() -> None:
    reading = a_reading([0.1, 0.1], [True, True], [0.0])
    unread = Reading(**{**{f: getattr(reading, f) for f in Reading.__slots__}, "quality": np.array([np.nan])})
    assert dict(zip(SENSE_NAMES, sense_signals(unread), strict=True))["reader_quality"] == 1.0


def test_every_sentence_is_as_suspect_as_its_worst_word_and_its_window() -> None:
    article = read_article(DIRTY)
    found = suspicions(read_closely(article, StandInReader(), WORDS), article)
    assert len(found) == len(article.sentences)
    texts = [DIRTY[s.start : s.end] for s in found]
    assert texts[0].startswith("The town hired")
    assert texts[0].endswith("harbour.")
    by_word = {
        word: s.suspicion
        for s, t in zip(found, texts, strict=True)
        for word in ("hired", "talks")
        if word in t
    }
    assert 0.0 < by_word["talks"] < by_word["hired"] < 1.0
    assert suspicions(read_closely(read_article(""), StandInReader(), WORDS), read_article("")) == ()
