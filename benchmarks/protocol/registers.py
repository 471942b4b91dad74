"""What came of the folds that leave out whole registers and whole engines.

Every register is judged by a model that has seen nothing of it, and all are held against the same human text: that of
all registers, each scored by the model that has seen nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.protocol.folds import ENGINES, LENGTH, LENGTHS, REGISTERS, Data, Mask, engines_of, home
from benchmarks.protocol.judging import Floats, Judged, area, joined, limit
from mtscore.learning.confidence import wilson
from training.registers.composed import COMPOSED
from training.registers.made import MADE, PARTLY
from training.registers.names import FOUND
from training.registers.rows import is_found

MIN_LISTED = 5
"""Documents from which on a register of made translations has its own line."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The judged rows of all register folds, and what is asked of each."""

    excess: Floats
    register: list[str]
    group: list[str]
    human: Mask
    """Whole human documents."""
    found: Mask
    """Garbled documents that were found."""
    made: Mask
    """Those that were made from whole documents."""
    partly: Mask
    composed: Mask
    """Garbled documents in other forms."""
    forms: Mask
    """Human documents in other forms."""
    cut: Mask

    @property
    def limit(self) -> float:
        """The score that 1 % of all human documents exceed."""
        return limit(self.excess[self.human])


def pooled(judged: Judged, data: Data) -> Pool:
    """The judged rows with their roles."""
    rows = [data.rows[i] for i in judged.index]
    cut = data.is_cut[judged.index]
    garbled = np.array([row.label == 1 for row in rows]) & ~cut
    partly = np.array([row.group.startswith(PARTLY) for row in rows])
    return Pool(
        judged.excess, [home(row) for row in rows], [row.group for row in rows],
        data.human[judged.index] & ~cut,
        np.array([is_found(row) for row in rows]) & ~cut,
        garbled & np.array([row.source == MADE for row in rows]) & ~partly,
        garbled & partly,
        garbled & np.array([row.source == COMPOSED for row in rows]),
        np.array([row.source == COMPOSED and row.label == 0 for row in rows]) & ~cut,
        cut,
    )  # fmt: skip


def registers_report(results: Mapping[str, Judged], data: Data) -> list[str]:
    """Lines for every register, for kinds of human text, for lengths and for partly garbled documents."""
    judged = [results[fold] for fold in REGISTERS if fold in results]
    if not judged:
        return []
    pool = pooled(joined(judged), data)
    return ["registers held out on both sides", *_registers(pool), *_kinds(pool), *_lengths(pool)]


def _registers(pool: Pool) -> list[str]:
    register = np.array(pool.register)
    human = pool.excess[pool.human]
    lines, areas, shares = [], [], []
    for name in sorted(set(pool.register)):
        inside = register == name
        parts = [f"  {name:18}"]
        for what, mask in (("found", pool.found), ("made", pool.made)):
            scores = pool.excess[inside & mask]
            if len(scores) >= (1 if what == "found" else MIN_LISTED):
                one, share = area(scores, human), float(np.mean(scores > pool.limit))
                parts.append(f"{what} AUROC {one:.3f}, {share:.2f} of {len(scores)} at 1 %;")
                if what == "found" and name in FOUND:
                    areas.append(one)
                    shares.append(share)
        parts.append(_flagged(pool.excess[inside & (pool.human | pool.forms)]))
        lines.append(" ".join(parts))
    if areas:
        lines.append(f"mean of {len(areas)}: AUROC {np.mean(areas):.4f}, found at 1 % {np.mean(shares):.3f}")
    for what, mask in (
        ("made", pool.made),
        ("partly garbled", pool.partly),
        ("in other forms", pool.composed),
    ):
        if mask.any():
            scores = pool.excess[mask]
            share = float(np.mean(scores > pool.limit))
            lines.append(f"all {what}: AUROC {area(scores, human):.3f}, {share:.2f} of {len(scores)} at 1 %")
    return lines


def _flagged(human: Floats) -> str:
    """The share of human documents above the threshold with its interval."""
    count, total = int(np.sum(human > 0)), len(human)
    share = count / total if total else 0.0
    low, high = wilson(share, total)
    return f"human flagged {share:.2%} [{low:.2%}, {high:.2%}] of {total}"


def _kinds(pool: Pool) -> list[str]:
    """The same for kinds of human text, the part of the group before the colon."""
    kinds = np.array([group.split(":")[0] for group in pool.group])
    learners = pool.human & np.isin(kinds, ("learner", "student"))
    return [
        "human text by kind",
        *(
            f"  {kind:18} {_flagged(pool.excess[pool.human & (kinds == kind)])}"
            for kind in sorted({str(kind) for kind in kinds[pool.human]})
        ),
        f"  {'learner + student':18} {_flagged(pool.excess[learners])}",
        f"  {'all':18} {_flagged(pool.excess[pool.human])}",
    ]


def _lengths(pool: Pool) -> list[str]:
    """What is found of the found documents when they are cut, at the same threshold."""
    group = np.array(pool.group)
    lines = []
    for words in LENGTHS:
        garbled = pool.excess[pool.cut & (group == f"{LENGTH}{words}:garbled")]
        human = pool.excess[pool.cut & (group == f"{LENGTH}{words}:human")]
        if len(garbled) and len(human):
            share = float(np.mean(garbled > pool.limit))
            lines.append(
                f"cut to {words} words: AUROC {area(garbled, human):.3f}, {share:.2f} of {len(garbled)} found at "
                f"1 %; {_flagged(human)}"
            )
    return lines


def engines_report(results: Mapping[str, Judged], data: Data) -> list[str]:
    """What is found at 1 % of each engine's translations, taught on it and not."""
    if not all(fold in results for fold in ENGINES):
        return []
    lines = ["engines held out"]
    for fold in ENGINES[:-1]:
        engine = fold.removeprefix("engine:")
        without, taught = (_found_of(engine, results[name], data) for name in (fold, ENGINES[-1]))
        share = without / taught if taught else float("nan")
        lines.append(
            f"  {engine:10} found at 1 %: {without:.3f} held out, {taught:.3f} taught, {share:.2f} of it"
        )
    return lines


def _found_of(engine: str, judged: Judged, data: Data) -> float:
    made = np.array([engine in engines_of(data.rows[i]) for i in judged.index])
    human = data.human[judged.index]
    return float(np.mean(judged.excess[made] > limit(judged.excess[human]))) if made.any() else 0.0
