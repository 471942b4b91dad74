"""Teaching one body: what is drawn, what it costs to be wrong, and the steps, planned by the clock."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # its usual name

from training.reader.heads import QUESTIONS, Answers, Upper
from training.reader.store import Store

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    batch: tuple[int, ...] = (18, 18, 24, 26, 14)
    """Windows of each pool (`training.reader.plan.POOLS`) in a batch."""
    rate: float = 2.5e-4
    head_rate: float = 8e-4
    decay: float = 0.05
    warm: float = 0.05
    """Share of the time in which the rate rises."""
    smooth: float = 0.03
    """How far from 0 and 1 the targets of a window stay."""
    word_share: float = 0.6
    rating_share: float = 1.5
    other_share: float = 0.15
    """What the tasks count beside the first question."""
    wrong_weight: float = 3.0
    """What a wrong word counts beside a fine one."""
    sentences: int = 24


@dataclass
class Lessons:
    """What is taught: a label for every place, and for every window its pool's chance and its answers."""

    words: Tensor
    """Windows x tokens: 1, 0 or -1."""
    answers: Tensor
    """Windows x questions: 1, 0 or -1."""
    sure: Tensor
    chances: list[tuple[Tensor, Tensor]]
    """For each pool the windows and how likely each is drawn."""


def lessons(store: Store, words: Tensor, body: int, wrong: Array) -> Lessons:
    """What `body` is taught; documents labelled by rule are garbled when one of 70 of their tokens is wrong."""
    plan, docs = store.plan, store.doc
    device = docs.device
    answers, pool = plan["answers"].copy(), plan["pool"].copy()
    size = np.bincount(docs.cpu().numpy(), store.length.cpu().numpy() - 1, minlength=len(pool))
    windows = np.bincount(docs.cpu().numpy(), minlength=len(pool))
    rule = plan["by_rule"]
    garbled = wrong * 70 >= size
    answers[rule & ~garbled, 0] = -1
    chance = plan["draw"] * plan["teaches"][:, body] / np.maximum(windows, 1) ** 0.5
    chance[rule & ~garbled] *= 0.3
    chances = []
    by_window = torch.from_numpy(chance).to(device)[docs]
    pools = torch.from_numpy(pool).to(device)[docs]
    for number in range(5):
        index = torch.nonzero((pools == number) & (by_window > 0))[:, 0]
        chances.append((index, by_window[index].double()))
    return Lessons(
        words,
        torch.from_numpy(answers).to(device)[docs],
        torch.from_numpy(plan["sure"]).to(device)[docs],
        chances,
    )


class Draw:
    """Batches of windows of one size, drawn with replacement from each pool; the fullest stands in for an empty one."""

    def __init__(self, given: Lessons, settings: Settings, seed: int) -> None:
        self.given, self.settings = given, settings
        self.generator = np.random.default_rng(seed)
        self.sums = [(index, chance.cumsum(0)) for index, chance in given.chances]

    def batch(self) -> Tensor:
        out = []
        fullest = max(self.sums, key=lambda pool: len(pool[0]))
        for number, pool in zip(self.settings.batch, self.sums, strict=True):
            index, sums = pool if len(pool[0]) else fullest
            if number:
                points = torch.from_numpy(self.generator.random(number)).to(sums.device) * sums[-1]
                out.append(index[torch.searchsorted(sums, points).clamp(max=len(index) - 1)])
        return torch.cat(out)


def loss_of(
    found: Answers, given: Lessons, store: Store, index: Tensor, valid: Tensor, settings: Settings
) -> Tensor:
    """The weighted loss of a batch."""
    wanted, sure = given.answers[index].float(), given.sure[index]
    known = wanted >= 0
    target = wanted.clamp(min=0) * (1 - 2 * settings.smooth) + settings.smooth
    each = F.binary_cross_entropy_with_logits(found.windows, target, reduction="none") * known
    first = (each[:, 0] * sure).sum() / (known[:, 0] * sure).sum().clamp(min=1)
    others = each[:, 1:].sum() / known[:, 1:].sum().clamp(min=1) * (len(QUESTIONS) - 1)
    words = given.words[index].float()
    there = (words >= 0) & valid
    weight = torch.where(words > 0, settings.wrong_weight, 1.0) * there
    soft = words.clamp(min=0) * 0.9
    by_word = F.binary_cross_entropy_with_logits(found.words, soft, reduction="none")
    wrong = (by_word * weight).sum() / weight.sum().clamp(min=1)
    ratings = store.ratings[index]
    rated = ratings >= 0
    off = ((found.sentences - ratings).square() * rated).sum() / rated.sum().clamp(min=1)
    return (
        first
        + settings.other_share * others
        + settings.word_share * 4 * wrong
        + settings.rating_share * 4 * off
    )


def optimizer_for(upper: Upper, settings: Settings) -> torch.optim.Optimizer:
    """Matrices decay, the rest does not; the heads learn faster."""
    heads = ("attend", "window_head", "word_head", "sentence_head")
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in upper.named_parameters():
        groups.setdefault((name.startswith(heads), parameter.dim() > 1), []).append(parameter)
    listed = [
        {
            "params": members,
            "lr": settings.head_rate if is_head else settings.rate,
            "weight_decay": settings.decay if is_matrix else 0.0,
        }
        for (is_head, is_matrix), members in groups.items()
    ]
    fused = next(upper.parameters()).is_cuda
    return torch.optim.AdamW(listed, betas=(0.9, 0.98), fused=fused)


def pace(progress: float, settings: Settings) -> float:
    """The share of the full rate at a share of the time: up in a line, down in a cosine."""
    if progress < settings.warm:
        return progress / settings.warm
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (progress - settings.warm) / (1 - settings.warm)))


def teach(
    upper: Upper, lower: Tensor, store: Store, given: Lessons, settings: Settings, seconds: float, seed: int,
    steps: int | None = None,
) -> dict[str, float]:  # fmt: skip
    """Teach until the seconds are over, or for so many steps. `lower` are the frozen layers' states."""
    optimizer = optimizer_for(upper, settings)
    rates = [group["lr"] for group in optimizer.param_groups]
    draw = Draw(given, settings, seed)
    device = lower.device.type
    upper.train()
    started, step, losses, progress = time.time(), 0, [], 0.0
    while progress < 1:
        index = draw.batch()
        valid = store.valid(index)
        with torch.autocast(device, torch.bfloat16):
            found = upper(lower[index].float(), valid, store.sentence[index], settings.sentences)
        loss = loss_of(found, given, store, index, valid, settings)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * pace(progress, settings)
        optimizer.step()
        step += 1
        losses.append(loss.detach())
        if step % 8 == 0 and device == "cuda":
            torch.cuda.synchronize()
        progress = step / steps if steps else (time.time() - started) / seconds
    upper.eval()
    trail = torch.stack(losses).float().cpu().numpy()
    tenth = max(1, len(trail) // 10)
    took = time.time() - started
    return {
        "steps": step, "seconds": took, "tokens_per_second": step * sum(settings.batch) * 256 / took,
        "first": float(trail[:tenth].mean()), "last": float(trail[-tenth:].mean()),
        "middle": float(trail[len(trail) // 2 :][:tenth].mean()),
    }  # fmt: skip
