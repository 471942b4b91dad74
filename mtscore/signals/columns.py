"""The columns of what the classifier sees: their names, their order, and the family that shows each in a verdict.

A row has the signals, the signals of the findings, and the contrasts of the classifier; the strength of the findings
stands beside it. Whoever builds, stores or names such a row asks here, and a model folder that was trained on other
columns is refused when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mtscore.records import EvidenceKind
from mtscore.signals.fluency import FLUENCY_NAMES
from mtscore.signals.mixing import MIXING_NAMES
from mtscore.signals.quality import QUALITY_NAMES
from mtscore.signals.substitution import SUBSTITUTION_NAMES
from mtscore.signals.surface import SURFACE_NAMES

FEATURE_SET_VERSION = 6
"""Raised whenever a signal is added, removed, reordered or computed differently."""

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("fluency", FLUENCY_NAMES + QUALITY_NAMES),
    ("substitution", SUBSTITUTION_NAMES),
    ("mixing", MIXING_NAMES),
    ("surface", SURFACE_NAMES),
)
"""Signal families and their signals, in the order of the feature vector."""

SIGNAL_NAMES: tuple[str, ...] = tuple(name for _, names in FAMILIES for name in names)

STRENGTH_KINDS: tuple[EvidenceKind, ...] = (
    "invented_word", "corrupted_name", "translation_debris", "repetition", "untranslated", "foreign_passage"
)  # fmt: skip
"""Kinds of findings that the classifier sees; the others are shown only."""

FINDING_NAMES: tuple[str, ...] = (
    *(f"{kind}_strength" for kind in STRENGTH_KINDS),
    "findings_per_100",
    "finding_nats_per_100",
    "strong_findings_per_100",
)
"""The signals of the findings (worse: higher): the strength of each kind by itself, in nats; findings, their nats, and
strong findings per 100 words, a strange word counted once. Human text has findings of one kind as a rule, a garbled
translation of several."""

INPUT_NAMES: tuple[str, ...] = SIGNAL_NAMES + FINDING_NAMES
"""The columns that every classifier has; those of its contrasts follow."""

STRENGTH = "finding_strength"
"""The strength of all findings together, in nats: the last input of a classifier."""

SENTENCE_QUANTILES = (75, 93)
"""Which quantiles over the sentences a contrast by sentence gives besides the mean."""


class Column(NamedTuple):
    """A column's name, and the family in which a verdict shows it."""

    name: str
    family: str


def contrast_columns(name: str, tokens: str, *, is_by_sentence: bool) -> tuple[Column, ...]:
    """The columns of one contrast over n-grams of `tokens`."""
    family = "fluency" if tokens == "classes" else "substitution"
    if not is_by_sentence:
        return (Column(name, family),)
    return tuple(
        Column(f"{name}_{part}", family) for part in ("mean", *(f"q{q}" for q in SENTENCE_QUANTILES))
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one classifier, given those of its `contrasts`."""

    contrasts: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a row, in order. The strength stands beside the row and not in it."""
        return INPUT_NAMES + tuple(column.name for column in self.contrasts)

    def rows(
        self,
        signals: Sequence[npt.NDArray[np.float64]],
        findings: Sequence[Sequence[float]],
        contrasts: npt.NDArray[np.float64],
    ) -> npt.NDArray[np.float64]:
        """A row for each document."""
        rows = np.concatenate([np.stack(signals), np.array(findings), contrasts], axis=1)
        if rows.shape[1] != len(self.names):
            raise AssertionError(f"{rows.shape[1]} numbers where {len(self.names)} columns are")
        return rows

    def by_family(self, row: Iterable[float], strength: float) -> dict[str, dict[str, float]]:
        """The numbers of a row and their strength as a verdict shows them."""
        values = dict(zip(self.names, row, strict=True))
        shown = {family: {name: values[name] for name in names} for family, names in FAMILIES}
        for name, family in self.contrasts:
            shown[family][name] = values[name]
        shown["substitution"] |= {name: values[name] for name in FINDING_NAMES}
        shown["substitution"][STRENGTH] = strength
        return shown
