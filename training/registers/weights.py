"""What the rows of other registers count: one register one weight, and no chain of translators more than its share.

`mtscore.learning.train` lets a group of n rows of weight w count (n w) ** 0.7 (`GROUP_EXPONENT`); the weights here are
chosen so that what a group counts after that is what is written below.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mtscore.learning.train import GROUP_EXPONENT
from training.dataset import Row
from training.registers.composed import COMPOSED, QUOTING
from training.registers.found import WILD_SOURCE
from training.registers.made import MADE


@dataclass(frozen=True, slots=True)
class Weights:
    """What parts of the added rows count."""

    web: float = 150.0
    """All human documents of one kind (blogs, manuals) together: as much as 1,280 documents of one group."""
    composed: float = 40.0
    """All composed documents of one form."""
    quoting: float = 150.0
    """Those with foreign quotations, which look most like what was left untranslated."""
    original: float = 0.3
    """An original whose translation is there."""
    found: float = 1.0
    """A garbled document that was found."""
    made: float = 0.2
    """One that was made; less than 1 says that it judges nothing."""
    chain: float = 0.4
    """The most that one chain may be of all that were made."""


WEIGHTS = Weights()


def weighed(rows: Sequence[Row], weights: Weights = WEIGHTS) -> list[Row]:
    """The rows, the added ones with what they count."""
    groups = _group_weights(rows, weights)
    chains = chain_shares(rows, weights.chain)
    return [_weighed(row, weights, groups, chains) if row.is_added else row for row in rows]


def _weighed(row: Row, weights: Weights, groups: dict[str, float], chains: dict[str, float]) -> Row:
    if row.label == 1:
        if row.source == WILD_SOURCE:
            return replace(row, weight=weights.found)
        return replace(row, weight=weights.made * chains.get(row.system, 1.0))
    if row.register == "fluent_mt" or row.source == WILD_SOURCE:
        return row
    return replace(row, weight=weights.original if row.source == MADE else groups[row.group])


def _group_weights(rows: Sequence[Row], weights: Weights) -> dict[str, float]:
    """What a human row of each group counts, so that the groups of a kind share what the kind counts."""
    human = [r for r in rows if r.is_added and r.label == 0 and r.source not in (MADE, WILD_SOURCE)]
    sizes = Counter(row.group for row in human)
    kinds: dict[str, set[str]] = defaultdict(set)
    for group in sizes:
        kinds[group if group.startswith(COMPOSED) else group.split(":")[0]].add(group)
    out: dict[str, float] = {}
    for kind, groups in kinds.items():
        share = _share_of(kind, weights) / len(groups)
        out |= {group: share ** (1 / (1 - GROUP_EXPONENT)) / sizes[group] for group in groups}
    return out


def _share_of(kind: str, weights: Weights) -> float:
    """What all human documents of a kind count together."""
    if not kind.startswith(COMPOSED):
        return weights.web
    return weights.quoting if kind == f"{COMPOSED}:{QUOTING}" else weights.composed


def chain_shares(rows: Sequence[Row], most: float) -> dict[str, float]:
    """What the made rows of each chain count so that no chain has more than `most` of all of them."""
    counts = Counter(row.system for row in rows if row.is_added and row.source == MADE and row.label == 1)
    limit = most * counts.total()
    return {chain: min(1.0, limit / count) for chain, count in counts.items()}
