"""The numbers that a body gives a window: log-odds of the questions, how its words and sentences fare."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from training.reader.flags import KNOWN
from training.reader.heads import QUESTIONS, Upper
from training.reader.store import Store

HIGH = (0.1, 0.3, 0.5, 0.7)
STRONGEST = (1, 3, 8)
COLUMNS = (
    *QUESTIONS,
    *(f"{kind}_{what}" for kind in ("known", "all") for what in (
        "tokens", "mean", *(f"over_{h}" for h in HIGH), *(f"top_{n}" for n in STRONGEST))),
    "quality_mean", "quality_least",
)  # fmt: skip


def of_words(p: Tensor, chosen: Tensor) -> list[Tensor]:
    """Number, mean, shares above the marks and means of the strongest, over the chosen tokens of each window."""
    number = chosen.sum(1)
    share = number.clamp(min=1)
    p = p * chosen
    ordered = p.sort(1, descending=True).values
    return [
        number.float(),
        p.sum(1) / share,
        *((p > h).sum(1) / share for h in HIGH),
        *(ordered[:, :n].mean(1) for n in STRONGEST),
    ]


@torch.no_grad()
def read(
    upper: Upper, lower: Tensor, store: Store, index: Tensor, *, sentences: int, batch: int = 256
) -> tuple[np.ndarray, np.ndarray]:
    """Windows x `COLUMNS`, and each token's wrongness in 256ths (windows x tokens, zero where none is)."""
    rows, words = [], []
    for low in range(0, len(index), batch):
        at = index[low : low + batch]
        valid = store.valid(at)
        with torch.autocast(lower.device.type, torch.bfloat16):
            found = upper(lower[at].float(), valid, store.sentence[at], sentences)
        real = valid.clone()
        real[:, 0] = False
        p = torch.sigmoid(found.words) * real
        known = (store.flags[at] & KNOWN > 0) & real
        there = torch.nn.functional.one_hot(store.sentence[at].long().clamp(max=sentences), sentences + 1)
        there = (there * real[..., None]).sum(1)[:, :sentences].float()
        quality = found.sentences.float()
        mean = (quality * there).sum(1) / there.sum(1).clamp(min=1)
        least = quality.masked_fill(there < 5, 1.0).amin(1)
        rows.append(
            torch.stack([*found.windows.T, *of_words(p, known), *of_words(p, real), mean, least], dim=1).cpu()
        )
        words.append((p * 255).round().to(torch.uint8).cpu())
    return torch.cat(rows).numpy().astype(np.float16), torch.cat(words).numpy()
