"""Siblings: which articles are on one story, which words contradict, and what that does to scores.

The texts are invented; the language model is a toy that knows a few words and which of them go together.
"""

from __future__ import annotations

import gzip
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import write_bundle

from mtscore.records import Document, Evidence, ForeignSpan, Pivot, Span, Verdict
from mtscore.scoring.scorer import Scorer
from mtscore.siblings import comparison as comparing
from mtscore.siblings import misspelt
from mtscore.siblings.alignment import MAX_SENTENCES, Version, aligned, make_version, share_of_words
from mtscore.siblings.comparison import (
    ISOLATION_WEIGHT,
    LEAD_WEIGHT,
    LOG_ODDS_PER_NAT,
    MAX_APART,
    SURE_WEIGHT,
    WORD_WEIGHT,
    Comparison,
    compared,
    sibling_strength,
)
from mtscore.siblings.losses import losses
from mtscore.siblings.spool import Spool, verdict_of
from mtscore.siblings.stories import MAX_POSTINGS, StoryIndex, Term, story_terms
from mtscore.text.article import Article, read_article
from mtscore.words.lexicon import Lexicon
from mtscore.words.resources import Resources

CLEAN = """The harbour master of Velden ordered a ban on dredging on Monday.
Engineers found a likely cause of the leak in the northern lock.
Captain Orlando Vasquez praised the patient work of the divers.
Fishermen fear that the lengthy closure will ruin the herring season.
"""
GARBLED = """The harbour master of Velden ordered a bond on dredging on Monday.
Engineers found a loving cause of the leak in the northern lock.
Captain Orlando Vasquoz praised the sick work of the divers.
Fishermen fear that the stretched closure will ruin the herring season.
"""
REWRITTEN = """The harbour master of Velden stopped dredging on Monday.
Experts traced the leak in the northern lock to a worn seal.
Captain Orlando Vasquez thanked the divers for their careful work.
For the herring fishermen the long closure may cost the whole season.
"""
AGAIN = """On Monday the harbour master of Velden ordered a ban on dredging.
In the northern lock the engineers found a likely cause of the leak.
The patient work of the divers was praised by Captain Orlando Vasquez.
The fishermen fear that the lengthy closure may ruin the herring season.
"""
UNRELATED = """Bakers in the old town of Marlow sold out of rye bread before noon.
The orchestra rehearsed the second symphony under its new conductor.
Two goats escaped from a petting zoo and were found in the library.
"""
FUNCTION = "the of a to on in that will for may and their is was by".split()
GOOD = "ban likely patient lengthy stopped careful long worn".split()
BAD = "bond loving sick stretched".split()


class ToyModel:
    """Says of every word how well it fits, wherever it stands."""

    def scores(self, words: Sequence[str], *, is_backward: bool = False) -> tuple[list[float], list[int]]:
        fits = [-2.0 if word in GOOD else -6.0 if word in BAD else -4.0 for word in words]
        return fits, [2] * len(words)


@pytest.fixture
def toy(tmp_path: Path) -> Resources:
    """A word table of all words but "vasquoz", each as rare as the next, function words frequent."""
    words = {
        word.strip(".,").lower() for text in (CLEAN, GARBLED, REWRITTEN, UNRELATED) for word in text.split()
    }
    rows = [f"{word}\t100000\t{word}" for word in FUNCTION]
    rows += [f"{word}\t5\tc1" for word in sorted(words - set(FUNCTION) - {"vasquoz"})]
    (tmp_path / "lexicon.tsv.gz").write_bytes(gzip.compress("\n".join(rows).encode() + b"\n"))
    model = ToyModel()
    return Resources(model, model, model, Lexicon(tmp_path / "lexicon.tsv.gz"))  # type: ignore[arg-type]


def sibling_evidence(own: Version, others: Sequence[Version], models: Resources) -> list[Evidence]:
    return list(compared(own, others, models).evidence)


def copy(text: str, models: Resources, log_odds: float = -3.0, id: str = "clean") -> Version:
    return make_version(id, text, log_odds, models)


# Which articles are on one story


def index_of(texts: Sequence[str], models: Resources) -> StoryIndex:
    index = StoryIndex()
    for text in texts:
        index.add(story_terms(text, [Span(0, len(text))], models.lexicon))
    return index


def numbers(index: StoryIndex) -> list[list[int]]:
    return [[pairing.number for pairing in row] for row in index.siblings()]


def test_terms_are_rare_words_and_figures_with_their_weights(toy: Resources) -> None:
    text = "The harbour, the harbours and 1,250 of 7."
    terms = story_terms(text, [Span(0, len(text))], toy.lexicon)
    assert terms == {"harbou": (pytest.approx(2.0), 0.1), "1250": (1.0, 0.6)}


def test_copies_pair_and_unrelated_articles_do_not(toy: Resources) -> None:
    index = index_of([CLEAN, UNRELATED, GARBLED, "", REWRITTEN], toy)
    assert [sorted(row) for row in numbers(index)] == [[2, 4], [], [0, 4], [], [0, 2]]
    best = index.siblings()[0][0]
    assert best.number == 2
    assert 0.5 < best.overlap < 1
    assert "vasque" not in best.shared
    assert {"captai", "dredgi"} <= set(best.shared)


def test_two_documents_are_enough_and_none_is_fine(toy: Resources) -> None:
    assert numbers(index_of([CLEAN, GARBLED], toy)) == [[1], [0]]
    assert numbers(index_of([CLEAN], toy)) == [[]]
    assert numbers(index_of([""], toy)) == [[]]
    assert numbers(StoryIndex()) == []


def invented(count: int, stories: int) -> Iterator[dict[str, Term]]:
    """Articles of 40 terms, most of their story and some common to all."""
    generator = random.Random(3)
    for number in range(count):
        story = number % stories
        own = {f"s{story}-{generator.randrange(40)}": Term(2.0, generator.random()) for _ in range(40)}
        yield own | {f"common{generator.randrange(50)}": Term(0.5, generator.random()) for _ in range(15)}


def shared_places(places: Sequence[float], total: int = 60) -> StoryIndex:
    """An article of so many terms at equal distances, and one that has the first of them in other places."""
    index = StoryIndex()
    index.add({f"own{number}": Term(2.0, number / total) for number in range(total)})
    theirs = {f"own{number}": Term(2.0, place) for number, place in enumerate(places)}
    index.add(theirs | {f"other{number}": Term(2.0, number / total) for number in range(len(places), total)})
    return index


def test_little_in_common_is_enough_in_the_same_places() -> None:
    """Ten of sixty terms are shared: an overlap of a sixth."""
    same = [number / 60 for number in range(10)]
    (one,), (other,) = shared_places(same).siblings()
    assert one.number == 1
    assert other.number == 0
    assert 0.12 < one.overlap < 0.2
    shifted = [place + 0.05 for place in same]
    assert numbers(shared_places(shifted)) == [[1], [0]]
    assert numbers(shared_places([place + 0.07 for place in same])) == [[], []]
    half = [place if number % 2 else place + 0.5 for number, place in enumerate(same)]
    assert numbers(shared_places(half)) == [[], []]
    assert numbers(shared_places(same[:8], total=48)) == [[1], [0]]
    few = shared_places(same[:7], total=42)  # an overlap of a sixth, but seven terms only
    assert numbers(few) == [[], []]


def test_many_documents_pair_inside_their_stories_only() -> None:
    index = StoryIndex()
    for terms in invented(6000, 2000):
        index.add(terms)
    found = numbers(index)
    assert all(other % 2000 == number % 2000 for number, row in enumerate(found) for other in row)
    assert np.mean([len(row) == 2 for row in found]) > 0.99


def test_a_story_of_many_copies_costs_no_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every term is in hundreds of articles: lists are cut, and every copy has siblings all the same."""
    index = StoryIndex()
    for terms in invented(20 * MAX_POSTINGS, 1):
        index.add(terms)
    assert all(numbers(index))


# Which words contradict


def test_sentences_that_say_the_same_are_aligned(toy: Resources) -> None:
    assert list(aligned(copy(GARBLED, toy), copy(CLEAN, toy))) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert list(aligned(copy(UNRELATED, toy), copy(CLEAN, toy))) == []


def test_a_place_is_lost_to_a_word_that_fits_better(toy: Resources) -> None:
    lost = losses(copy(GARBLED, toy), [copy(CLEAN, toy)], toy)
    assert [(loss.sentence, loss.place, loss.intended, loss.is_sure) for loss in lost] == [
        (0, 7, "ban", False),
        (1, 3, "likely", False),
        (2, 5, "patient", False),
        (3, 4, "lengthy", False),
    ]
    assert [loss.gain for loss in lost] == pytest.approx([8.0] * 4)
    assert losses(copy(CLEAN, toy), [copy(GARBLED, toy)], toy) == []


def test_findings_name_the_word_and_the_sibling(toy: Resources) -> None:
    garbled = copy(GARBLED, toy, 2.0, "garbled")
    found = sibling_evidence(garbled, [copy(CLEAN, toy)], toy)
    assert {item.text: item.intended for item in found}["bond"] == ("ban",)
    assert {item.text: item.intended for item in found}["Vasquoz"] == ("Vasquez",)
    for item in found:
        assert GARBLED[item.start : item.end] == item.text
        assert item.kind == "sibling"
        assert item.sibling == "clean"
        assert item.sentence.start <= item.start < item.end <= item.sentence.end
        assert item.weight == (SURE_WEIGHT if item.text == "Vasquoz" else WORD_WEIGHT)


def test_what_two_siblings_agree_on_weighs_more(toy: Resources) -> None:
    found = sibling_evidence(copy(GARBLED, toy, 2.0), [copy(CLEAN, toy), copy(AGAIN, toy)], toy)
    assert {item.weight for item in found} == {SURE_WEIGHT}


def test_a_copy_that_reads_no_worse_is_not_contradicted(toy: Resources) -> None:
    assert sibling_evidence(copy(GARBLED, toy, -2.5), [copy(CLEAN, toy, -3.0)], toy) == []


# A copy that stands apart


def test_the_share_of_words_in_common(toy: Resources) -> None:
    """Of the words of one sentence all but one are the same."""
    one, other = (copy(text.splitlines()[0], toy) for text in (CLEAN, GARBLED))
    words = len(one.sentences[0].words) - 1  # without the stop
    assert share_of_words(one, other) == pytest.approx((words - 1) / words)
    assert share_of_words(one, one) == 1.0
    assert share_of_words(copy(UNRELATED, toy), one) == 0.0


def test_isolation_is_what_the_siblings_have_in_common_beyond_the_copy(toy: Resources) -> None:
    own, first, second = copy(GARBLED, toy, 1.0), copy(CLEAN, toy), copy(AGAIN, toy)
    with_it = (share_of_words(own, first) + share_of_words(own, second)) / 2
    found = compared(own, [first, second], toy)
    assert found.isolation == pytest.approx(share_of_words(first, second) - with_it)
    assert found.isolation > 0.05


@pytest.mark.parametrize("log_odds", [-2.0, -1.0])
def test_standing_apart_raises_the_log_odds(
    toy: Resources, monkeypatch: pytest.MonkeyPatch, log_odds: float
) -> None:
    """The toy's copies differ in few words, so nothing is taken off here. With one sibling there is no isolation."""
    monkeypatch.setattr(comparing, "APART_OFFSET", 0.0)
    own, others = copy(GARBLED, toy, log_odds), [copy(CLEAN, toy, -3.0), copy(AGAIN, toy, -3.5)]
    found = compared(own, others, toy)
    assert found.log_odds == pytest.approx(
        ISOLATION_WEIGHT * found.isolation + LEAD_WEIGHT * (log_odds + 3.25)
    )
    assert {item.intended[0] for item in found.evidence} >= {"ban", "likely", "patient", "lengthy"}
    assert compared(own, others[:1], toy) == Comparison((), 0.0, 0.0)


@pytest.fixture
def heavy_isolation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy's copies differ in few words: each counts as much as many."""
    monkeypatch.setattr(comparing, "ISOLATION_WEIGHT", 260.0)


@pytest.mark.usefixtures("heavy_isolation")
def test_standing_apart_raises_the_log_odds_so_far_and_no_further(toy: Resources) -> None:
    own, others = copy(GARBLED, toy, -2.0), [copy(CLEAN, toy), copy(AGAIN, toy)]
    assert compared(own, others, toy).log_odds == MAX_APART


@pytest.mark.parametrize(
    ("log_odds", "siblings", "text"),
    [(-2.9, -4.0, GARBLED), (-2.0, -0.4, GARBLED), (-2.0, -3.0, CLEAN)],
    ids=["beyond doubt", "looks much better than its siblings", "loses nothing"],
)
@pytest.mark.usefixtures("heavy_isolation")
def test_standing_apart_is_not_enough(toy: Resources, log_odds: float, siblings: float, text: str) -> None:
    others = [GARBLED, GARBLED.replace("Monday", "Tuesday evening")] if text == CLEAN else [CLEAN, AGAIN]
    found = compared(copy(text, toy, log_odds), [copy(other, toy, siblings) for other in others], toy)
    assert (found.evidence, found.log_odds) == ((), 0.0)


@pytest.mark.usefixtures("heavy_isolation")
def test_reprints_speak_with_one_voice(toy: Resources) -> None:
    """However often the garbled text was copied, the one clean article does not stand apart from it."""
    clean = copy(CLEAN, toy, 0.0)
    assert compared(clean, [copy(GARBLED, toy, 1.0)] * 3, toy) == Comparison((), 0.0, 0.0)


def test_a_sibling_that_stands_apart_itself_contradicts_nothing(toy: Resources) -> None:
    """Two translations agree; that the third article words it otherwise says nothing against them."""
    own, other = copy(GARBLED, toy, 1.0), copy(GARBLED + UNRELATED, toy, -1.0)
    assert sibling_evidence(own, [copy(CLEAN, toy)], toy) != []
    assert sibling_evidence(own, [copy(CLEAN, toy), other], toy) == []


@pytest.mark.parametrize(("log_odds", "is_contradicted"), [(-0.5, True), (-0.7, False)])
def test_one_sibling_contradicts_a_copy_that_looks_garbled_already(
    toy: Resources, log_odds: float, is_contradicted: bool
) -> None:
    found = sibling_evidence(copy(GARBLED, toy, log_odds), [copy(CLEAN, toy)], toy)
    assert bool(found) is is_contradicted


def test_where_a_sibling_looks_much_worse_the_copy_is_not_the_garbled_one(toy: Resources) -> None:
    worse = copy(UNRELATED, toy, 5.0)
    assert sibling_evidence(copy(GARBLED, toy, 2.0), [copy(CLEAN, toy), worse], toy) == []
    assert sibling_evidence(copy(GARBLED, toy, 5.0), [copy(CLEAN, toy), worse], toy) != []


def test_an_editor_s_words_are_no_evidence(toy: Resources) -> None:
    for own, other in ((REWRITTEN, CLEAN), (CLEAN, REWRITTEN)):
        assert sibling_evidence(copy(own, toy, 2.0), [copy(other, toy)], toy) == []


def test_words_stand_for_each_other_that_come_at_the_same_point(toy: Resources) -> None:
    """Both words fit better than either; each is told the one in its own place."""
    own = copy("Fishermen fear that the stretched sick closure will ruin the herring season.", toy)
    other = copy("Fishermen fear that the lengthy careful closure will ruin the herring season.", toy)
    lost = losses(own, [other], toy)
    assert [(loss.place, loss.intended) for loss in lost] == [(4, "lengthy"), (5, "careful")]


def test_losing_now_and_then_is_no_evidence(toy: Resources) -> None:
    few = CLEAN.replace("ban", "bond").replace("likely", "loving")
    assert len(losses(copy(few, toy), [copy(CLEAN, toy)], toy)) == 2
    assert sibling_evidence(copy(few, toy, 2.0), [copy(CLEAN, toy)], toy) == []


def test_losing_as_often_as_winning_is_no_evidence(toy: Resources) -> None:
    first, second = GARBLED.splitlines(), CLEAN.splitlines()
    mixed = "\n".join([*first[:2], *second[2:]]), "\n".join([*second[:2], *first[2:]])
    assert sibling_evidence(copy(mixed[0] * 2, toy, 2.0), [copy(mixed[1] * 2, toy)], toy) == []


def test_of_a_very_long_article_the_beginning_is_compared(toy: Resources) -> None:
    long = copy(GARBLED * 5000, toy, 2.0)
    assert len(long.sentences) == MAX_SENTENCES
    assert sibling_evidence(long, [copy(CLEAN * 5000, toy)], toy)


def test_printed_ligatures_are_no_invented_words(toy: Resources) -> None:
    text = CLEAN.replace("dredging", "dredgiﬁng")
    assert losses(copy(text, toy), [copy(CLEAN, toy)], toy) == []


def test_lists_of_names_cost_no_square(toy: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lists of 6,000 members each: every name is held against few others, however often it stands there."""
    looked = 0

    def counted(*names: object) -> bool:
        nonlocal looked
        looked += 1
        return False

    monkeypatch.setattr(misspelt, "is_corruption", counted)
    generator = random.Random(2)
    letters = "abcdefghijklmnopqrstuvwxyz"
    lists = [
        " ".join("".join(generator.choices(letters, k=8)).capitalize() for _ in range(6000)) for _ in range(2)
    ]
    one, other = (copy(f"{names}. {names}.", toy) for names in lists)
    assert list(misspelt.misspelt_names(one, [other])) == []
    assert 0 < looked < 2 * misspelt.MAX_NAMES**2 / len(letters)


def test_strength_grows_with_the_logarithm_of_the_count() -> None:
    finding = Evidence(0, 1, "a", "sibling", 2.5, Span(0, 1))
    assert sibling_strength([]) == 0.0
    assert sibling_strength([finding]) == 2.5
    assert sibling_strength([finding] * 3) == pytest.approx(2.5 * (1 + math.log(3)))


# The scorer


def test_a_spool_gives_back_what_it_was_given() -> None:
    records = ["é\ud800\n", ["a\u2028b\ud800\x00", 0.1, None], {}]
    with Spool() as spool:
        for record in records:
            spool.add(record)
        assert spool[1] == records[1]
        assert [spool[number] for number in (2, 0, 1)] == [records[2], records[0], records[1]]
        assert len(spool) == 3


def test_a_verdict_comes_back_from_a_spool() -> None:
    finding = Evidence(1, 5, "é\ud800ab", "untranslated", 2.5, Span(0, 9), ("a", "b"), Pivot("de", "ab"))
    verdict = Verdict(
        "\ud800", "scored", None, "why", 0.1 + 0.2, "suspect", None, {"fluency": {"a": 0, "b": 1e-300}},
        (finding, replace(finding, pivot=None, sibling="x")), {"en": 1.0}, (ForeignSpan(1, 2, "de", True),),
        {"de": 0.5}, 9, (Span(0, 9),), {"digest": "d"},
    )  # fmt: skip
    with Spool() as spool:
        spool.add(asdict(verdict))
        assert verdict_of(spool[0]) == verdict


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_article_of_a_batch_is_read_once(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """Its body is found, its sentences are cut and it is scored once, siblings or not."""
    seen: list[str] = []

    def counted(text: str, *words: Any) -> Article:
        seen.append(text)
        return read_article(text, *words)

    monkeypatch.setattr("mtscore.scoring.scorer.read_article", counted)
    texts = [CLEAN * 2, UNRELATED * 2, GARBLED * 2]
    assert len(list(scorer.score_siblings(texts, jobs=jobs))) == 3
    assert seen == texts  # a single group of documents is read here, whatever the number of processes


@pytest.fixture
def scorer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scorer:
    """A toy model. Its word table is so small that no word is rare in it, so all count here."""
    monkeypatch.setattr("mtscore.siblings.stories.RARE", 0.0)
    folder = tmp_path / "model"
    folder.mkdir()
    return Scorer.load(write_bundle(folder), prior=0.3)


CASES: list[str | Document] = [
    CLEAN * 2,
    "",
    GARBLED * 2,
    Document("x", None, "gone"),
    "Far too short.",
    "\ud800 " + UNRELATED * 3,
]


def plain(verdict: Verdict) -> Verdict:
    """Without what `score_siblings` adds to every verdict."""
    signals = {family: dict(values) for family, values in verdict.signals.items()}
    if signals:
        signals["substitution"].pop("siblings")
        assert signals["substitution"].pop("sibling_strength") == 0.0
        assert signals["substitution"].pop("sibling_log_odds") == 0.0
        signals["substitution"].pop("sibling_isolation")
    signature = {key: value for key, value in verdict.signature.items() if key != "siblings"}
    return replace(verdict, signals=signals, signature=signature)


@pytest.mark.parametrize("jobs", [1, 2])
def test_without_siblings_a_batch_is_scored_as_ever(scorer: Scorer, jobs: int) -> None:
    together = list(scorer.score_siblings(CASES, jobs=jobs))
    assert all(verdict.signature["siblings"] is True for verdict in together)
    assert list(map(plain, together)) == list(scorer.score_many(CASES))


def test_findings_raise_the_score_of_one_copy_and_leave_the_others(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found is given; the road from there to the verdict is tested."""
    found = Evidence(4, 11, "harbour", "sibling", 2.5, Span(0, 20), ("port",), None, "1")
    seen = []

    def given(own: Version, others: Iterator[Version], models: Resources) -> Comparison:
        seen.append((own.id, [other.id for other in others]))
        return Comparison((found, found), 0.2, 1.5) if own.id == "3" else Comparison((), -0.1, 0.0)

    monkeypatch.setattr("mtscore.siblings.batch.compared", given)
    alone = list(scorer.score_many(CASES))
    together = list(scorer.score_siblings(CASES))
    assert seen == [("1", ["3"]), ("3", ["1"])]
    raised, before = together.pop(2), alone.pop(2)
    assert list(map(plain, together)) == alone
    assert raised.score is not None
    assert before.score is not None

    def logit(score: float) -> float:
        return math.log(score / (1 - score))

    assert logit(raised.score) - logit(before.score) == pytest.approx(1.5)
    signals = raised.signals["substitution"]
    assert signals["sibling_strength"] == pytest.approx(2.5 * (1 + math.log(2)))
    assert (signals["sibling_isolation"], signals["sibling_log_odds"]) == (0.2, 1.5)
    assert found in raised.evidence
    assert [item for item in raised.evidence if item.start == 4] == [found]
    assert len(raised.evidence) == len(before.evidence)


def test_verdicts_say_how_many_siblings_they_were_compared_with(scorer: Scorer) -> None:
    found = [
        verdict.signals.get("substitution", {}).get("siblings") for verdict in scorer.score_siblings(CASES)
    ]
    assert found == [1.0, None, 1.0, None, None, 0.0]


def test_siblings_are_found_by_number(scorer: Scorer) -> None:
    rows = scorer.find_siblings(CASES)
    assert [[pairing.number for pairing in row] for row in rows] == [[2], [], [0], [], [], []]
    counts = [
        v.signals["substitution"]["siblings"] if v.signals else None for v in scorer.score_siblings(CASES)
    ]
    assert counts == [1, None, 1, None, None, 0]
    assert "harbou" in rows[0][0].shared


def test_the_slope_is_positive() -> None:
    """Sibling findings only ever raise a score."""
    assert LOG_ODDS_PER_NAT > 0
    assert ISOLATION_WEIGHT > 0
    assert comparing.MIN_LEAD > 0
