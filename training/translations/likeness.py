"""How alike words are in what stands around them: cosines of reduced co-occurrence vectors.

Dictionaries list every sense of a word, so "cabinet" and "closet" share a translation in most languages. What a
corpus says around them does not agree: where one sense leads, the other's synonyms are strangers. The vectors are
positive pointwise mutual information with the words five places to either side, reduced by a truncated SVD (Levy,
Goldberg and Dagan 2015, "Improving distributional similarity with lessons learned from word embeddings").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WINDOW = 5
SKIPPED, CONTEXTS = 150, 3000
"""The most frequent words are skipped as contexts (they stand beside everything), so many of the next ones count."""

DIMENSIONS = 100
MIN_NEIGHBOURS = 20
"""Neighbours that a word must have been seen with before its likeness says anything."""

_CHUNK = 2_000_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """Vectors of unit length for those words that were seen often enough."""

    index: dict[str, int]
    vectors: npt.NDArray[np.float64]

    def of(self, first: str, second: str) -> float | None:
        """Cosine, -1 to 1 (alike); None where one of the words was too rare."""
        if first not in self.index or second not in self.index:
            return None
        return float(self.vectors[self.index[first]] @ self.vectors[self.index[second]])


def likeness(sentences: Sequence[str], wanted: Iterable[str]) -> Likeness:
    """The likeness of the wanted words in sentences of lower-case tokens (`sentences.txt` of
    `training.build_lm`, or part of it)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    words = sorted(set(wanted))
    counts = _neighbours(sentences, words, _contexts(sentences))
    often = np.flatnonzero(np.asarray(counts.sum(1)).ravel() >= MIN_NEIGHBOURS)
    information = _positive_information(counts)[often]
    size = min(DIMENSIONS, *information.shape)
    vectors = normalize(TruncatedSVD(size, random_state=0).fit_transform(information))
    return Likeness({words[row]: number for number, row in enumerate(often)}, vectors)


def _contexts(sentences: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(sentence.split())
    frequent = [word for word, _ in counts.most_common(SKIPPED + CONTEXTS) if word.isalpha()]
    return frequent[SKIPPED:] or frequent


def _neighbours(sentences: Sequence[str], words: Sequence[str], contexts: Sequence[str]) -> csr_matrix:
    """How often each word stands within `WINDOW` places of each context."""
    from scipy.sparse import csr_matrix

    shape = (len(words), len(contexts))
    total = csr_matrix(shape, dtype=np.float32)
    for rows, columns in _chunks(sentences, words, contexts):
        for distance in range(1, WINDOW + 1):
            for row, column in (
                (rows[distance:], columns[:-distance]),
                (rows[:-distance], columns[distance:]),
            ):
                both = (row >= 0) & (column >= 0)
                ones = np.ones(int(both.sum()), np.float32)
                total = total + csr_matrix((ones, (row[both], column[both])), shape=shape)
    return total


def _chunks(
    sentences: Sequence[str], words: Sequence[str], contexts: Sequence[str]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """The numbers of the tokens as words and as contexts, -1 for none, with room between sentences."""
    as_word = {word: number for number, word in enumerate(words)}
    as_context = {word: number for number, word in enumerate(contexts)}
    room = [-1] * WINDOW
    rows, columns = list(room), list(room)
    for sentence in sentences:
        tokens = sentence.split()
        rows += [as_word.get(token, -1) for token in tokens] + room
        columns += [as_context.get(token, -1) for token in tokens] + room
        if len(rows) > _CHUNK:
            yield np.array(rows), np.array(columns)
            rows, columns = list(room), list(room)
    yield np.array(rows), np.array(columns)


def _positive_information(counts: csr_matrix) -> csr_matrix:
    """ln(observed / expected) of each cell where it is above 0."""
    from scipy.sparse import csr_matrix

    row_sums = np.asarray(counts.sum(1)).ravel() + 1
    column_sums = np.asarray(counts.sum(0)).ravel() + 1
    cells = counts.tocoo()
    values = np.log(cells.data * counts.sum() / (row_sums[cells.row] * column_sums[cells.col]))
    above = values > 0
    return csr_matrix((values[above], (cells.row[above], cells.col[above])), shape=counts.shape)
