"""The scale of the scores: the prior that they assume, and where the labels begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtscore.arrays.odds import logit, sigmoid
from mtscore.errors import InputError
from mtscore.records import Label
from mtscore.scoring.arguments import is_number


@dataclass(frozen=True, slots=True)
class Scale:
    """Log-odds at equal priors to scores and labels. The thresholds are scores at the model's `own` prior: they stand
    for false-positive rates, which a user's prior leaves alone."""

    own: float
    prior: float
    garbled: float
    suspect: float

    @classmethod
    def of(cls, manifest: Mapping[str, Any], prior: float | None) -> Scale:
        """The scale of a model, with the share of garbled articles that is expected, or else the model's own. Raises
        `InputError` for a share that is none."""
        if prior is not None and not (is_number(prior) and 0.0 < prior < 1.0):
            raise InputError(f"the prior must be a number between 0 and 1, not {prior!r}")
        own, stated = float(manifest["prior"]), manifest["thresholds"]
        return cls(own, own if prior is None else prior, stated["garbled"], stated["suspect"])

    def score(self, log_odds: float) -> float:
        """The probability at the expected prior."""
        return sigmoid(log_odds + logit(self.prior))

    def label(self, log_odds: float) -> Label:
        """The label of log-odds at equal priors."""
        return self._label(sigmoid(log_odds + logit(self.own)))

    def rescored(self, log_odds: float) -> tuple[float, Label]:
        """The score and label of log-odds at the expected prior."""
        return sigmoid(log_odds), self._label(sigmoid(log_odds - logit(self.prior) + logit(self.own)))

    @property
    def thresholds(self) -> dict[str, float]:
        """The scores from which the labels begin, at the expected prior."""
        shift = logit(self.prior) - logit(self.own)
        return {
            "garbled": sigmoid(logit(self.garbled) + shift),
            "suspect": sigmoid(logit(self.suspect) + shift),
        }

    def _label(self, score: float) -> Label:
        if score >= self.garbled:
            return "garbled"
        return "suspect" if score >= self.suspect else "clean"
