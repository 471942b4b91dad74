"""Articles on the same story, found in a batch of any size.

Copies that were translated separately share few sentences but all names, figures and rare words: those are a
story's fingerprint. Of each article the weightiest are kept as numbers, and one sparse matrix product (SciPy)
gives what every two articles share; nothing else of an article stays in memory but where in it the terms stand.
A bad translation may have lost most of its names: it shares less, but what it shares stands in the same places.
MinHash was not used because it sees articles as similar only from about a third of their words on, which a bad
translation may not share with its original.
"""

from __future__ import annotations

import math
from array import array
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mtscore.records import Span
from mtscore.text.segmentation import tokenize
from mtscore.words.lexicon import Lexicon

RARE = -3.5
"""log10 relative frequency below which a word says something about the story (one in 3,000)."""

MAX_RARITY = 2.0
"""What a word counts at most (log10 units below `RARE`): beyond, rarity is chance."""

NUMBER_WEIGHT = 1.0
MIN_DIGITS = 2

STEM = 6
"""Letters of a word that count, so that "negotiations" and "negotiated" are the same."""

MAX_TERMS = 160
"""Terms kept of an article, the weightiest first."""

MIN_OVERLAP = 0.2
"""What two articles on a story have in common at least, as a share of their weights' geometric mean. On training
chunks, 82 of 100 garbled translations have more in common with the human text of the same lines, and none of
60,000 pairs of unrelated chunks (the highest: 0.16)."""

MIN_SHARED = 5
"""Terms that two articles on a story have in common at least."""

MIN_OVERLAP_IN_STEP, MIN_SHARED_IN_STEP, NEAR, MIN_NEAR = 0.12, 8, 0.06, 0.6
"""What is enough, overlap and shared terms, for two articles that tell their story in step: the places of so many
shared terms lie so near each other (both are shares, of the terms and of the article's length). Of 102 garbled training
chunks that have less than `MIN_OVERLAP` in common with the human text and a fluent translation of their lines, 47 pair
so; of 21,740 pairs of unrelated texts between the two overlaps 3 would, one of them on one story after all."""

MAX_SIBLINGS = 4
"""Siblings that are kept for an article, the most similar first."""

MAX_POSTINGS = 64
"""Articles that one term connects at a time. A longer list is cut into groups of so many neighbours, which keeps
time linear: of a story with thousands of copies, each still meets enough of the others."""

MAX_NAMED = 12
"""Shared terms that a pairing names."""

PLACES = 256
"""Parts of an article that are kept apart."""

_BLOCK = 1024
_PRIOR_ARTICLES = 50
_CANDIDATE_SHARE = 0.6
"""Cut lists lose some of what two articles share: candidates need only this part of the overlap. That is as much as
those need that tell their story in step: of theirs, nothing may be lost."""


class Term(NamedTuple):
    """What a term says about the story (log10 units, above 0), and where in the article it stands first (0 to
    just below 1)."""

    weight: float
    place: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """A sibling of an article: its number in the batch (from 0), the share of weight in common (`MIN_OVERLAP`, or
    `MIN_OVERLAP_IN_STEP`, to 1), and the terms that say so most, weightiest first (words by their first letters)."""

    number: int
    overlap: float
    shared: tuple[str, ...]


def story_terms(text: str, spans: Iterable[Span], lexicon: Lexicon) -> dict[str, Term]:
    """The terms that identify the story of the article in `spans`, the weightiest first."""
    tokens = [token for span in spans for token in zip(*tokenize(text, span.start, span.end), strict=True)]
    found: dict[str, Term] = {}
    for number, (word, start, end) in enumerate(tokens):
        if word[0].isalpha():
            weight = min(RARE - lexicon.log_frequency(word), MAX_RARITY)
            term = word[:STEM]
        elif word[0] == "<":
            term = text[start:end].strip(".,:").replace(",", "")
            weight = NUMBER_WEIGHT if len(term) >= MIN_DIGITS else 0.0
        else:
            continue
        if weight > 0 and len(term) > 1:
            before = found.get(term) or Term(0.0, number / len(tokens))
            found[term] = before._replace(weight=max(weight, before.weight))
    heaviest = sorted(found.items(), key=lambda item: (-item[1].weight, item[0]))[:MAX_TERMS]
    return dict(heaviest)


class StoryIndex:
    """The terms of every article of a batch, in the order in which they came: some 600 bytes for each."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._weights = array("d")
        self._terms = array("i")
        self._places = array("B")  # each a number of `PLACES`
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, terms: Mapping[str, Term]) -> None:
        """The next article's terms; none for one that cannot have siblings."""
        for term, (weight, place) in terms.items():
            number = self._numbers.setdefault(term, len(self._numbers))
            if number == len(self._weights):
                self._weights.append(weight)
            self._terms.append(number)
            self._places.append(int(PLACES * place))
        self._ends.append(len(self._terms))

    def siblings(self) -> list[tuple[Pairing, ...]]:
        """For every article its siblings in the batch, the most similar first."""
        found: list[list[tuple[float, int, tuple[int, ...]]]] = [[] for _ in range(len(self))]
        for first, second, overlap, terms in self._batch().pairs():
            for one, other in ((first, second), (second, first)):
                insort(found[one], (-overlap, other, terms))
                del found[one][MAX_SIBLINGS:]
        names = list(self._numbers)
        return [
            tuple(Pairing(other, -minus, tuple(names[term] for term in terms)) for minus, other, terms in row)
            for row in found
        ]

    def _batch(self) -> _Batch:
        terms = np.array(self._terms, np.int32)
        frequency = np.bincount(terms, minlength=len(self._numbers))
        seen = len(self) + _PRIOR_ARTICLES
        in_batch = np.log(seen / np.maximum(frequency, 1)) / math.log(seen)
        weights = in_batch * np.array(self._weights, np.float64)
        places = np.array(self._places, np.uint8)
        return _Batch(terms, places, np.array(self._ends, np.int64), weights)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The terms of all articles one after another, their places (in numbers of `PLACES`), where each article's end
    (the first number is 0), and what each term weighs: how rare it is in English times how rare it is in the batch
    (1: in one article of many, near 0: in all of many; a small batch says little about that)."""

    terms: npt.NDArray[np.int32]
    places: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    def pairs(self) -> Iterator[tuple[int, int, float, tuple[int, ...]]]:
        """Articles on the same story: the two numbers, their overlap, and the weightiest shared terms."""
        sums = np.concatenate(([0.0], np.cumsum(self.weights[self.terms])))
        totals = np.sqrt(sums[self.ends[1:]] - sums[self.ends[:-1]])
        for first, second in self._candidates(totals):
            one, other = (slice(*self.ends[number : number + 2]) for number in (first, second))
            shared, mine, theirs = np.intersect1d(
                self.terms[one], self.terms[other], assume_unique=True, return_indices=True
            )
            overlap = float(self.weights[shared].sum() / max(totals[first] * totals[second], 1e-9))
            apart = self.places[one][mine] / PLACES - self.places[other][theirs] / PLACES
            is_near = np.abs(apart) < NEAR
            if _is_one_story(overlap, is_near):
                weightiest = np.argsort(-self.weights[shared], kind="stable")[:MAX_NAMED]
                yield first, second, overlap, tuple(shared[weightiest].tolist())

    def _candidates(self, totals: npt.NDArray[np.float64]) -> Iterator[tuple[int, int]]:
        """Pairs that may share enough, each once, the smaller number first."""
        from scipy.sparse import csr_array

        count, columns = len(totals), _grouped(self.terms)
        roots = np.sqrt(self.weights[self.terms])  # so that a product sums the weights of what is shared
        shape = (count, int(columns.max(initial=0)) + 1)
        matrix = csr_array((roots, columns, self.ends), shape=shape)
        transposed = matrix.T.tocsr()
        for start in range(0, count, _BLOCK):
            products = (matrix[start : start + _BLOCK] @ transposed).tocoo()
            first, second, shared = products.row + start, products.col, products.data
            enough = _CANDIDATE_SHARE * MIN_OVERLAP * totals[first] * totals[second]
            chosen = (first < second) & (shared >= enough)
            yield from zip(first[chosen].tolist(), second[chosen].tolist(), strict=True)


def _is_one_story(overlap: float, is_near: npt.NDArray[np.bool_]) -> bool:
    """Whether two articles tell one story; for each term they share, `is_near` says whether it stands in about the same
    place."""
    if overlap >= MIN_OVERLAP:
        return len(is_near) >= MIN_SHARED
    if overlap < MIN_OVERLAP_IN_STEP or len(is_near) < MIN_SHARED_IN_STEP:
        return False
    return bool(is_near.mean() >= MIN_NEAR)


def _grouped(terms: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """A column for every entry: its term, or of a term in too many articles the group of neighbours."""
    order = np.argsort(terms, kind="stable")
    ordered = terms[order]
    rank = np.arange(len(terms)) - np.searchsorted(ordered, ordered)
    starts = np.ones(len(terms), np.bool_)
    starts[1:] = (ordered[1:] != ordered[:-1]) | (rank[1:] % MAX_POSTINGS == 0)
    columns = np.empty(len(terms), np.int64)
    columns[order] = np.cumsum(starts) - 1
    return columns
