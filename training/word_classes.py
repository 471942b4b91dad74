"""Distributional word classes, and the word table that carries them.

The syntax model reads classes in place of words, so that it learns how sentences are built and forgets what
they are about. Suffixes alone are a poor alphabet for that: most frequent words have none that says anything
("house", "take", "red"), and those that have one share it across parts of speech ("her", "offer", "longer").
Words that occur between the same neighbours do behave alike, so the frequent words are clustered by their
left and right neighbours; only words too rare to have reliable neighbours fall back to their ending
(`mtscore.words.lexicon.suffix_class`). Function words, numbers and punctuation are the frame that holds a sentence
together: each remains a class of its own.

The classes are those of PPMI vectors (how much oftener than chance a word stands beside each frequent word),
reduced by a truncated SVD, scaled to unit length and clustered by k-means. All of it is seeded.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mtscore.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FUNCTION_WORDS = frozenset(
    """
    a about above across after against ago all almost along already also although always am among an and
    another any anybody anyone anything are around as at away back be became because become been before behind
    being below beneath beside between beyond both but by can cannot could d did do does doing don done down
    during each either else enough even ever every everybody everyone everything except far few for from
    further get gets getting go goes going gone got had has have having he her here hers herself him himself
    his how however i if in indeed inside instead into is isn it its itself just least less let like likely ll
    m made make makes making many may me might mine more most much must my myself near nearly neither never
    next no nobody none nor not nothing now o of off often on once one only onto or other others otherwise our
    ours ourselves out outside over own per perhaps quite rather re s same shall she should since so some
    somebody someone something sometimes soon still such t than that the their theirs them themselves then
    there therefore these they this those though through throughout thus till to together too toward towards
    under unless until up upon us used very was wasn we well were weren what whatever when whenever where
    whereas whether which while who whole whom whose why will with within without won would wouldn yet you
    your yours yourself
    said says told first last new years year according
    """.split()
)
"""Closed-class words (with the pieces that apostrophes leave: "don", "ll", "s"), and the few words of
reported news so frequent that they frame sentences like function words. They stay themselves."""

MIN_COUNT = 3
"""Words of the table occur at least this often: below are mostly misspellings and names met once."""

_CHUNK_TOKENS = 4_000_000


@dataclass(frozen=True, slots=True)
class ClassSettings:
    """How the word classes are made."""

    words: int = 50_000
    """The most frequent words get a class; rarer ones have too few neighbours to be placed."""
    contexts: int = 1_500
    """Neighbours that are counted: the most frequent words, on the left and on the right."""
    dimensions: int = 60
    """Length of the reduced vectors."""
    classes: int = 400
    """Clusters: about the number at which they stay syntactic (verbs of motion, past tense) and are not yet
    topics."""
    stride: int = 2
    """Neighbours are counted in every so manieth sentence, to see all parts of the corpus in less time."""
    tokens: int = 36_000_130
    """Counting ends with the sentence that passes this many tokens (the sentence starts count as one)."""
    seed: int = 0


CLASSES = ClassSettings()
"""The shipped model's."""


def count_words(sentences: Iterable[str]) -> Counter[str]:
    """How often each token occurs, in the order of first occurrence."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(sentence.split())
    return counts


def frequent_words(counts: Counter[str], number: int) -> list[str]:
    """The `number` most frequent words, most frequent first; ties stay in the order of first occurrence."""
    return [word for word, _ in counts.most_common(number)]


def word_classes(sentences: Iterable[str], counts: Counter[str], settings: ClassSettings) -> dict[str, int]:
    """The class number of each of the most frequent words; fewer words than classes get one each.

    The linear algebra runs on one thread: sums taken in another order round differently, and a word at the
    border of two classes would change sides with the number of cores.
    """
    from threadpoolctl import threadpool_limits

    words = frequent_words(counts, settings.words)
    neighbours = neighbour_counts(sentences, words, settings)
    weights = np.array([counts[word] for word in words]) ** 0.5
    with threadpool_limits(1):
        labels = _clusters(_association(neighbours), weights, settings)
    return dict(zip(words, labels.tolist(), strict=True))


def neighbour_counts(sentences: Iterable[str], words: Sequence[str], settings: ClassSettings) -> csr_matrix:
    """How often each of `words` (rows) follows (left half of the columns) and precedes (right half) each of
    the first `contexts` of them, inside the sentences that the settings select."""
    from scipy.sparse import csr_matrix

    contexts, index = settings.contexts, {word: number for number, word in enumerate(words)}
    selected = islice(sentences, 0, None, settings.stride)
    shape = (len(words), 2 * contexts)
    total = csr_matrix(shape, dtype=np.float32)
    for tokens in _token_chunks(selected, index, settings.tokens):
        left, right = tokens[:-1], tokens[1:]
        has_left = (right >= 0) & (left >= 0) & (left < contexts)
        has_right = (left >= 0) & (right >= 0) & (right < contexts)
        rows = np.concatenate([right[has_left], left[has_right]])
        columns = np.concatenate([left[has_left], right[has_right] + contexts])
        total = total + csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
    return total


def _token_chunks(
    sentences: Iterable[str], index: Mapping[str, int], limit: int
) -> Iterator[npt.NDArray[np.int64]]:
    """Word numbers of whole sentences, a few million at a time, until there are more than `limit`: -1 opens
    each sentence and stands for words that are not in the index."""
    chunk: list[int] = []
    for sentence in sentences:
        chunk.append(-1)
        chunk.extend(index.get(word, -1) for word in sentence.split())
        if len(chunk) > min(limit, _CHUNK_TOKENS):
            yield np.array(chunk)
            limit -= len(chunk)
            chunk = []
            if limit < 0:
                return
    if chunk:
        yield np.array(chunk)


def _association(counts: csr_matrix) -> csr_matrix:
    """Positive pointwise mutual information, ln(observed / expected), of each cell that was counted."""
    from scipy.sparse import csr_matrix

    total = counts.sum()
    rows = np.asarray(counts.sum(1)).ravel() + 1
    columns = np.asarray(counts.sum(0)).ravel() + 1
    cells = counts.tocoo()
    information = np.log(cells.data * total / (rows[cells.row] * columns[cells.col]))
    positive = information > 0
    return csr_matrix((information[positive], (cells.row[positive], cells.col[positive])), shape=counts.shape)


def _clusters(
    association: csr_matrix, weights: npt.NDArray[np.float64], settings: ClassSettings
) -> npt.NDArray[np.int32]:
    """One label per row. Frequent words count more in the centres, by the root of their count, so that the
    tail of the list does not draw the classes."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    number = association.shape[0]
    reduction = TruncatedSVD(min(settings.dimensions, number), random_state=settings.seed)
    vectors = normalize(reduction.fit_transform(association))
    clustering = MiniBatchKMeans(
        min(settings.classes, number), random_state=settings.seed, batch_size=8192, n_init=2, max_iter=60
    )
    labels: npt.NDArray[np.int32] = clustering.fit(vectors, sample_weight=weights).labels_
    return labels


def class_symbol(word: str, classes: Mapping[str, int]) -> str:
    """What the word table says of a word: itself for function words, numbers and punctuation, `c` + number
    for a clustered word, and nothing for a word that falls back to its ending."""
    if not word[0].isalpha() or word in FUNCTION_WORDS:
        return word
    return f"c{classes[word]}" if word in classes else ""


def write_lexicon(path: Path, counts: Counter[str], classes: Mapping[str, int]) -> None:
    """Write the word table that `mtscore.words.lexicon.Lexicon` reads: word, count and class of every word that
    occurs `MIN_COUNT` times, most frequent first. The bytes depend on the arguments alone."""
    with open(path, "wb") as raw, gzip.GzipFile("lexicon.tsv", "wb", 9, raw, mtime=0) as out:
        for word, count in counts.most_common():
            if count < MIN_COUNT:
                break
            out.write(f"{word}\t{count}\t{class_symbol(word, classes)}\n".encode())


def lexicon_classes(path: Path) -> dict[str, int]:
    """The clustered words of a word table and their class numbers.

    The vectors that are clustered differ in their last digits between processors. Taking over the classes of
    an existing table gives the same syntax model on any machine, and keeps the meaning of the classes when
    only the corpus has changed.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines]
        return {word: int(symbol[1:]) for word, _, symbol in rows if _is_cluster(symbol)}
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a word table (word, count, class): {error}") from error


def _is_cluster(symbol: str) -> bool:
    """No token joins letters and digits, so that no function word looks like a class number."""
    return symbol[:1] == "c" and symbol[1:].isdecimal()
