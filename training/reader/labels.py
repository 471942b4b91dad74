"""Which words count as wrong, where the untuned model has to say so.

A changed word is wrong when the model finds it at least three nats less likely in its place than it finds, in the
original, the word that stood there, and below -7; fine when it is hardly less likely; and open between. A marked or
lonely word is wrong when the model is very surprised by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.reader.model import Layer, Norm, rotary
from training.reader.store import Store

WRONG, IF_VISIBLE, IF_UNLIKELIER = 0, 1, 2
NATS, LEAST, FAIR = 3.0, -7.0, -1.0
SURPRISE = -6.5
TOKENS_OF_SPAN = 24
CHUNK = 8192

Array = np.ndarray[Any, Any]


@torch.no_grad()
def log_probabilities(x: Tensor, ids: Tensor, layers: list[Layer], norm: Norm, embeddings: Tensor) -> Tensor:
    """Each token's log-probability given those before it in its window (windows x tokens without the start mark)."""
    cos, sin = rotary(x.shape[1], x.device)
    for layer in layers:
        x = layer(x, cos, sin, None)
    h = norm(x)[:, :-1].reshape(-1, x.shape[-1]).to(embeddings.dtype)
    wanted = ids[:, 1:].reshape(-1).long()
    out = torch.empty(len(h), device=h.device)
    for low in range(0, len(h), CHUNK):
        logits = h[low : low + CHUNK] @ embeddings.T
        there = logits.gather(1, wanted[low : low + CHUNK, None])[:, 0].float()
        out[low : low + CHUNK] = there - logits.float().logsumexp(-1)
    return out.view(len(ids), -1)


def windows_of(store: Store, places: Array) -> Array:
    """The window of each place."""
    return np.searchsorted(store.first.cpu().numpy(), places, side="right") - 1


def windows_wanted(store: Store) -> Tensor:
    """The windows whose log-probabilities are needed."""
    spans = store.spans
    asked = spans[np.isin(spans[:, 2], (IF_VISIBLE, IF_UNLIKELIER))]
    places = np.concatenate(
        [asked[:, 0], asked[:, 1] - 1, asked[asked[:, 3] >= 0, 3], asked[asked[:, 4] > 0, 4] - 1]
    )
    return torch.from_numpy(np.unique(windows_of(store, places))).to(store.ids.device)


def verdicts(spans: Array, logs: Array) -> Array:
    """1 wrong, 0 fine, -1 open for each span; `logs` are all places' log-probabilities, NaN where unknown."""
    out = np.full(len(spans), -1, np.int8)
    kind = spans[:, 2]
    out[kind == WRONG] = 1
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(logs))])
    here = sums[spans[:, 1]] - sums[spans[:, 0]]
    there = sums[spans[:, 4].clip(0)] - sums[spans[:, 3].clip(0)]
    pairs = (kind == IF_UNLIKELIER) & (spans[:, 3] >= 0)
    unknown = np.concatenate([[0], np.cumsum(np.isnan(logs))])
    pairs &= unknown[spans[:, 1]] == unknown[spans[:, 0]]
    pairs &= unknown[spans[:, 4].clip(0)] == unknown[spans[:, 3].clip(0)]
    out[pairs & (here - there > FAIR)] = 0
    out[pairs & (here - there <= -NATS) & (here < LEAST)] = 1
    at = spans[:, :1] + np.arange(TOKENS_OF_SPAN)[None]
    least = np.where(at < spans[:, 1:2], np.nan_to_num(logs)[at.clip(max=len(logs) - 1)], 0.0).min(
        1, initial=0.0
    )
    out[(kind == IF_VISIBLE) & (least < SURPRISE)] = 1
    return out


def word_labels(store: Store, logs: Array, words_fine: Array) -> tuple[Array, Array]:
    """A label for every place (1, 0 or -1), and the number of wrong words of every document."""
    lengths = store.length.cpu().numpy() - 1
    docs = store.doc.cpu().numpy()
    labels = np.repeat(np.where(words_fine[docs], 0, -1).astype(np.int8), lengths)
    said = verdicts(store.spans, logs)
    for verdict in (-1, 0, 1):
        for start, end in store.spans[said == verdict, :2].tolist():
            labels[start:end] = verdict
    wrong = docs[windows_of(store, store.spans[said == 1, 0])]
    return labels, np.bincount(wrong, minlength=len(words_fine))
