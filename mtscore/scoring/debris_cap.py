"""A text that shows nothing but debris is at most suspect.

Detached hyphens, turned quotes and glued words are what translation software leaves, and what extraction from PDF or a
careless converter makes of any text. Where nothing else was found, and without them a text would not be called garbled,
they may make it suspect and no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mtscore.findings.strength import finding_signals
from mtscore.model.classifier import Classifier
from mtscore.records import Evidence
from mtscore.signals.columns import FINDING_NAMES
from mtscore.signals.surface import DEBRIS

DEBRIS_NAMES = tuple(f"{name}_per_1000" for name, _ in DEBRIS if name != "repeated_word")
"""The signals that count debris of the file; doubled words are the writer's or the translator's."""

_ABOVE = 1e-9  # rounding must not put it below the threshold

Floats = npt.NDArray[np.float64]


def capped(
    classifier: Classifier,
    rows: Floats,
    log_odds: Floats,
    found: Sequence[Sequence[Evidence]],
    garbled: float,
    suspect: float,
) -> Floats:
    """The log-odds of several documents, given their rows and findings, with those brought down that only debris brings
    up to the threshold `garbled`: to what they are without it, but not below the threshold `suspect`."""
    only_debris = [bool(items) and {item.kind for item in items} == {"translation_debris"} for items in found]
    places = np.flatnonzero((log_odds >= garbled) & np.array(only_debris, np.bool_))
    if not len(places):
        return log_odds
    bare = rows[places]
    columns = {name: place for place, name in enumerate(classifier.columns.names)}
    bare[:, [columns[name] for name in DEBRIS_NAMES]] = 0.0
    bare[:, [columns[name] for name in FINDING_NAMES]] = finding_signals((), 1)
    without = classifier.log_odds(bare, np.zeros(len(places)))
    out = log_odds.copy()
    out[places] = np.where(without < garbled, np.maximum(without, suspect + _ABOVE), log_odds[places])
    return out
