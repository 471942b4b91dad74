"""Which texts are the same, and which are near-copies: excerpts, new versions, one story in two papers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from mtscore.learning.labels import Labelled

NEAR_COPY_SHARE = 0.3
"""Texts are near-copies when this share of the shorter one's shingles stands in the longer one too."""

SHINGLE_WORDS = 5
"""Words of a shingle, a run of words that two texts may have in common."""


def text_key(text: str) -> str:
    """What makes two texts the same: a digest of their characters, white space and case apart."""
    return hashlib.sha256(" ".join(text.split()).casefold().encode("utf-8", "replace")).hexdigest()


def near_copies(texts: Sequence[str], documents: Sequence[str] = ()) -> npt.NDArray[np.int64]:
    """For each text the number of its set of near-copies: the index of the set's first text. Near-copies of
    near-copies belong to the same set, and so do texts with the same name in `documents` ("": none)."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import HashingVectorizer

    if not texts:
        return np.zeros(0, np.int64)
    shingles = HashingVectorizer(
        ngram_range=(SHINGLE_WORDS, SHINGLE_WORDS), n_features=1 << 20, binary=True, norm=None,
        alternate_sign=False, token_pattern=r"\w+", dtype=np.float32,
    ).transform(texts)  # fmt: skip
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    shared = (shingles @ shingles.T).tocoo()
    smaller = np.minimum(sizes[shared.row], sizes[shared.col])
    shared.data = (shared.data >= NEAR_COPY_SHARE * smaller).astype(np.float32)
    shared.eliminate_zeros()
    links = shared.tocsr() + _same_documents(documents, len(texts))
    _, member = connected_components(links, directed=False)
    _, first, inverse = np.unique(member, return_index=True, return_inverse=True)
    numbers: npt.NDArray[np.int64] = first[inverse].astype(np.int64)
    return numbers


def _same_documents(documents: Sequence[str], size: int) -> Any:
    """A sparse matrix that links each text to the first one of its document."""
    from scipy import sparse

    first: dict[str, int] = {}
    pairs = [(i, first.setdefault(name, i)) for i, name in enumerate(documents) if name]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return sparse.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=(size, size))


def units_of(texts: Sequence[Labelled]) -> npt.NDArray[np.int64]:
    """For each text the number of what must not be parted: near-copies, and parts of one document."""
    return near_copies([text.text for text in texts], [text.document for text in texts])
