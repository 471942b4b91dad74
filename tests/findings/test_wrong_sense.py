"""Words at which the reader stumbles: which are shown, what was meant, and what is left alone."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from toy_findings import FRAME, extracted, toy_resources

from mtscore.findings.sense.alternatives import Alternative, plain_spelling
from mtscore.findings.sense.broken_order import runs
from mtscore.findings.sense.wrong_sense import FROM, MOST_SHARE, explanation, find_closely
from mtscore.reading.reading import Reading
from mtscore.records import Evidence, Pivot, Span
from mtscore.words.resources import WORD_PAIRS_FILE, Resources

TEXT = FRAME.format("They waited in the heavy winter of the meeting.")


@cache
def resources() -> Resources:
    """The toy model, which knows that a translator made "winter" of "traffic"."""
    pairs = gzip.compress(b"winter\ttraffic\t5\t10\n")
    return replace(toy_resources(), lists={**toy_resources().lists, WORD_PAIRS_FILE: pairs})


def reading(text: str, wrong: Mapping[str, float], garbled: float) -> Reading:
    """A reading with a token for every word of the analysis, all in one window."""
    analysis = extracted(text).analysis
    size = len(analysis.words)
    return Reading(
        starts=analysis.starts.astype(np.int64),
        ends=analysis.ends.astype(np.int64),
        wrong=np.array([wrong.get(word, 0.01) for word in analysis.words]),
        known=np.ones(size, np.bool_),
        sentence=analysis.sentence.astype(np.int64),
        windows=(Span(0, size),),
        log_odds=np.array([[garbled, 0.0, 0.0, 0.0]]),
        quality=np.ones(len(analysis.sentences)),
    )


def found(
    text: str,
    wrong: Mapping[str, float],
    garbled: float = 0.0,
    reader: Any = None,
    *,
    is_clean: bool = False,
) -> list[Evidence]:
    """The findings of a text in which these words look so wrong."""
    read = reading(text, wrong, garbled)
    return find_closely(extracted(text), read, resources(), [], reader, is_clean=is_clean)


@dataclass
class Prefers:
    """A reader that likes sentences with one word better, and counts what it read."""

    word: str
    by: float
    digest: str = "none"
    read_texts: list[str] = field(default_factory=list)

    def read(self, text: str, sentences: Sequence[tuple[int, int]] | None = None, **_: object) -> Any:
        self.read_texts.append(text)
        odds = {"garbled": -self.by if self.word in text else 0.0}
        window = SimpleNamespace(first=0, last=len(text.split()), log_odds=odds)
        tokens = [SimpleNamespace(wrong=0.0) for _ in text.split()]
        return SimpleNamespace(tokens=tokens, sentences=(), windows=(window,))


def test_a_word_that_looks_wrong_is_shown_with_what_was_meant() -> None:
    (item,) = found(TEXT, {"winter": 0.8})
    assert (item.kind, item.text, item.intended) == ("wrong_sense", "winter", ("traffic",))
    assert TEXT[item.start : item.end] == "winter"
    assert TEXT[slice(*item.sentence)] == "They waited in the heavy winter of the meeting."


def test_nothing_is_shown_where_nothing_looks_wrong() -> None:
    assert found(TEXT, {"winter": 0.1}) == []


def test_in_a_garbled_text_less_is_enough() -> None:
    assert found(TEXT, {"winter": 0.3}, garbled=-3.0) == []
    assert [item.text for item in found(TEXT, {"winter": 0.3}, garbled=3.0)] == ["winter"]


def test_in_an_article_that_is_called_clean_a_word_must_look_worse() -> None:
    assert [item.text for item in found(TEXT, {"winter": 0.55})] == ["winter"]
    assert found(TEXT, {"winter": 0.55}, is_clean=True) == []
    assert [item.text for item in found(TEXT, {"winter": 0.97}, is_clean=True)] == ["winter"]


def test_a_word_without_a_better_one_is_odd_wording_and_must_look_worse() -> None:
    text = FRAME.format("The water was useful.")
    assert found(text, {"useful": 0.6}) == []
    (item,) = found(text, {"useful": 0.9})
    assert (item.kind, item.text, item.intended) == ("odd_wording", "useful", ())


@pytest.mark.parametrize("word", ["Winter", "winter-house", "winterhouse"])
def test_names_compounds_and_unknown_words_are_left_to_other_kinds(word: str) -> None:
    text = FRAME.format(f"They waited in the heavy {word} of the meeting.")
    looks = {"winter": 0.99, "house": 0.99, "winterhouse": 0.99}
    assert found(text, looks, garbled=3.0) == []


def test_small_words_and_forms_are_blamed_in_garbled_texts_only() -> None:
    text = FRAME.format("The houses was old.")
    assert found(text, {"was": 0.9}, garbled=-1.0) == []
    assert {item.kind for item in found(text, {"was": 0.9}, garbled=2.0)} == {"grammar"}


def test_a_pronoun_is_a_kind_of_its_own() -> None:
    text = FRAME.format("The driver said that she was late.")
    (item,) = found(text, {"she": 0.95}, garbled=2.0)
    assert (item.kind, item.text) == ("pronoun", "she")
    assert found(text, {"she": 0.95}, garbled=-1.0) == []


RUN = FRAME.format("They waited in the heavy winter from house of the meeting.")


def test_words_that_do_not_go_together_are_one_finding() -> None:
    looks = {"winter": 0.5, "from": 0.4, "house": 0.4}
    (item,) = [item for item in found(RUN, looks, garbled=0.1) if item.kind == "broken_order"]
    assert (item.text, item.intended) == ("winter from house", ())
    assert RUN[item.start : item.end] == item.text
    assert RUN[slice(*item.sentence)].startswith("They waited")


@pytest.mark.parametrize(
    ("looks", "garbled"),
    [
        ({"winter": 0.5, "from": 0.4, "house": 0.4}, -0.1),
        ({"winter": 0.5, "house": 0.4}, 0.1),
        ({"heavy": 0.5, "winter": 0.5, "house": 0.5}, 0.1),
        ({"waited": 0.5, "from": 0.4, "meeting": 0.5}, 0.1),
    ],
)
def test_no_order_is_broken_in_a_clean_text_by_two_words_without_a_small_one_or_far_apart(
    looks: Mapping[str, float], garbled: float
) -> None:
    assert "broken_order" not in {item.kind for item in found(RUN, looks, garbled=garbled)}


def test_a_run_ends_with_its_sentence_and_at_a_gap() -> None:
    assert list(runs([4, 5, 7, 8], [0, 0, 0, 0, 0, 0, 0, 0, 1])) == [[4, 5, 7], [8]]
    assert list(runs([1, 4, 5], [0] * 6)) == [[1], [4, 5]]
    assert list(runs([], [])) == []


def test_the_reader_is_asked_whether_the_other_word_is_better() -> None:
    doubtful = {"winter": 0.2}
    assert found(TEXT, doubtful) == []
    assert [item.text for item in found(TEXT, doubtful, reader=Prefers("traffic", 2.0))] == ["winter"]
    sure = {"winter": 0.5}
    assert [item.text for item in found(TEXT, sure)] == ["winter"]
    assert found(TEXT, sure, reader=Prefers("winter", 3.0)) == []


def test_a_word_is_not_blamed_for_the_next_one() -> None:
    assert found(TEXT, {"of": 0.6}, garbled=-1.0, reader=Prefers("traffic", 3.0)) == []


def test_what_the_neighbours_support_must_look_worse() -> None:
    expected = FRAME.format("They waited in the heavy traffic of the meeting.")
    assert found(expected, {"traffic": 0.55}) == []
    assert [item.text for item in found(TEXT, {"winter": 0.55})] == ["winter"]


def test_a_probable_source_language_or_a_homonym_explains_and_no_other() -> None:
    meant = Alternative("rope", 0.0, 0.0, (Pivot("id", "tali"), Pivot("de", "tau")), (Pivot("de", "tau"),))
    assert explanation([meant], {}, {}) == Pivot("de", "tau")
    assert explanation([meant], {"id": 0.8}, {}) == Pivot("id", "tali")
    assert explanation([replace(meant, homonyms=())], {"id": 0.1}, {}) is None
    assert explanation([], {"id": 0.8}, {}) is None


def test_the_language_with_most_homonyms_explains() -> None:
    both = (Pivot("es", "tirar"), Pivot("de", "werfen"))
    meant = Alternative("shot", 0.0, 0.0, both, both)
    assert explanation([meant], {}, {"de": 3, "es": 1}) == Pivot("de", "werfen")
    assert explanation([meant], {}, {"es": 2}) == Pivot("es", "tirar")


def test_no_more_is_read_than_a_documents_allowance() -> None:
    reader = Prefers("traffic", 1.0)
    found(" ".join([TEXT] * 60), {"winter": 0.4}, reader=reader)
    assert 0 < sum(len(text.split()) for text in reader.read_texts) < 1100


def test_no_more_than_a_share_of_the_words_is_shown_the_surest_ones() -> None:
    analysis = extracted(TEXT).analysis
    known = {word: 0.9 for word in analysis.words if word.isalpha()} | {"winter": 0.99}
    items = [item for item in found(TEXT, known, garbled=4.0) if item.kind != "broken_order"]
    assert len(items) == round(MOST_SHARE * int(analysis.is_word.sum()))
    assert "winter" in {item.text for item in items}


def test_findings_weigh_more_the_surer_they_are() -> None:
    (sure,), (doubtful,) = found(TEXT, {"winter": 0.9}), found(TEXT, {"winter": 0.5})
    assert sure.weight > doubtful.weight > 0
    assert FROM["odd_wording"] > FROM["wrong_sense"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("harbour", "harbor"), ("neighbours", "neighbors"), ("travelled", "traveled"), ("analyse", "analyze")],
)
def test_another_spelling_is_no_other_word(one: str, other: str) -> None:
    assert plain_spelling(one) == plain_spelling(other)
    assert plain_spelling("current") != plain_spelling("electricity")
