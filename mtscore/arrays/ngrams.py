"""Hashed n-grams: a document as a sparse vector, and the linear human-against-machine contrast over it.

Lexical and syntactic wording habits of machine translation are learned from matched content as linear
weights over hashed n-grams (feature hashing, Weinberger et al. 2009, "Feature Hashing for Large Scale
Multitask Learning"). Only the hashed weights are stored: no text can be read back from them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mtscore.arrays.ragged import RowSplits

_MULTIPLIERS = tuple(
    map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93))
)
_SHIFT = np.uint64(29)

MAX_BITS = 28
"""Bits of a hash at most: more weights fit in no model folder."""


@dataclass(frozen=True, slots=True)
class NgramSpace:
    """Which n-grams are hashed: their `orders` (at most 4), a `salt` that keeps spaces apart, and the number
    of `bits` of the hash (2 ** bits buckets)."""

    orders: tuple[int, ...]
    salt: int
    bits: int

    def check(self) -> None:
        """Raise ValueError for a space that cannot be hashed into."""
        if not self.orders or not all(1 <= order <= len(_MULTIPLIERS) for order in self.orders):
            raise ValueError(f"n-grams cannot have the orders {self.orders}")
        if not 0 <= self.salt < 1 << 32 or not 1 <= self.bits <= MAX_BITS:
            raise ValueError(f"n-grams cannot have the salt {self.salt} and {self.bits} bits")


@lru_cache(maxsize=1 << 15)
def _token_hash(token: str) -> int:
    return zlib.crc32(token.encode("utf-8", "replace"))


def token_hashes(tokens: Sequence[str]) -> npt.NDArray[np.uint64]:
    """One number for each token."""
    return np.fromiter(map(_token_hash, tokens), np.uint64, len(tokens))


def letter_hashes(text: str) -> npt.NDArray[np.uint64]:
    """One number for each code point of the text."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)


def owned_ngrams(
    hashes: npt.NDArray[np.uint64], owner: npt.NDArray[np.integer], space: NgramSpace
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The bucket of every n-gram whose tokens all have the same `owner` (a sentence's number, not falling), and
    that owner."""
    found, owners = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for order in space.orders:
        size = len(hashes) - order + 1
        if size <= 0:
            continue
        inside = owner[:size] == owner[order - 1 :]
        found.append(_mixed(hashes, order, space)[inside].astype(np.int64))
        owners.append(owner[:size][inside].astype(np.int64))
    return np.concatenate(found), np.concatenate(owners)


def _mixed(hashes: npt.NDArray[np.uint64], order: int, space: NgramSpace) -> npt.NDArray[np.uint64]:
    """The buckets of the n-grams of one order."""
    size = len(hashes) - order + 1
    mixed = np.full(size, space.salt * 1_000_003 + order, np.uint64)
    for offset in range(order):
        mixed ^= hashes[offset : offset + size]
        mixed *= _MULTIPLIERS[offset]
        mixed ^= mixed >> _SHIFT
    mixed *= _MULTIPLIERS[0]
    mixed >>= np.uint64(64 - space.bits)
    return mixed


def owner_scores(
    ngrams: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    weights: npt.NDArray[np.floating],
    owners: int,
) -> npt.NDArray[np.float64]:
    """Per owner the sum of its n-grams' weights over the square root of their number; 0 without n-grams."""
    buckets, owner = ngrams
    sums = np.bincount(owner, weights[buckets].astype(np.float64), owners)
    counts = np.bincount(owner, minlength=owners)
    scores: npt.NDArray[np.float64] = sums / np.sqrt(np.maximum(counts, 1))
    return scores


@dataclass(frozen=True, slots=True)
class NgramVectors:
    """Sparse vectors of several documents, one after another (`parts` says which is whose): `buckets` in ascending
    order and their `values`, 1 + ln(count), scaled to Euclidean length 1."""

    buckets: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    parts: RowSplits


def ngram_vectors(hashes: npt.NDArray[np.uint64], documents: RowSplits, space: NgramSpace) -> NgramVectors:
    """The vector of each document, given as the hashes of its tokens."""
    buckets, owner = owned_ngrams(hashes, documents.owner, space)
    keys, counts = np.unique(owner << space.bits | buckets, return_counts=True)
    parts = RowSplits(np.searchsorted(keys, np.arange(len(documents) + 1) << space.bits))
    values = 1.0 + np.log(counts)
    lengths = np.maximum(np.sqrt(parts.sums(values * values)), 1e-12)
    return NgramVectors(keys & (1 << space.bits) - 1, values / lengths[parts.owner], parts)


def ngram_vector(
    tokens: Sequence[str], space: NgramSpace
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The buckets and values of one document's vector."""
    found = ngram_vectors(token_hashes(tokens), RowSplits.of_sizes([len(tokens)]), space)
    return found.buckets, found.values


def contrasts(
    vectors: NgramVectors, weights: npt.NDArray[np.floating], intercept: float
) -> npt.NDArray[np.float64]:
    """The linear model's log-odds for machine against human wording of each document; `intercept` for one without
    n-grams."""
    weighed = weights[vectors.buckets].astype(np.float64) * vectors.values
    found: npt.NDArray[np.float64] = vectors.parts.sums(weighed) + intercept
    return found
