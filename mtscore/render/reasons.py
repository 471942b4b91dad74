"""What speaks for a garbled text where no finding does: the signals that lean to garbled most."""

from __future__ import annotations

from collections.abc import Callable

from mtscore.records import Verdict
from mtscore.render.reference import Reference
from mtscore.render.terminal import sanitize

LoadReference = Callable[[], Reference]
"""Reads a model's reference: called only for a verdict that needs it."""

MAX_REASONS = 3


def needs_reasons(verdict: Verdict) -> bool:
    """Whether a text is called garbled or suspect without a finding that shows why."""
    return verdict.label in ("garbled", "suspect") and not verdict.evidence


def reasons(verdict: Verdict, load: LoadReference | None) -> list[str]:
    """The signals that made it so, strongest first: "unseen pairs per 100: 9.1 (people's texts: 1.2 to 4.8)". Empty
    where findings speak for themselves, and where nothing is known of the model's signals."""
    if load is None or not needs_reasons(verdict):
        return []
    typical = load().typical
    leaning = [
        (typical[name].telling(value), name, value)
        for values in verdict.signals.values()
        for name, value in values.items()
        if name in typical
    ]
    telling = sorted((row for row in leaning if row[0] > 0), reverse=True)[:MAX_REASONS]
    return [_reason(name, value, typical[name].human) for _, name, value in telling]


def _reason(name: str, value: float, human: tuple[float, float, float]) -> str:
    return f"{signal_name(name)}: {value:.3g} (people's texts: {human[0]:.3g} to {human[2]:.3g})"


def signal_name(name: str) -> str:
    """A signal as people read it: "unseen pairs per 100"."""
    return sanitize(name).replace("_", " ")
