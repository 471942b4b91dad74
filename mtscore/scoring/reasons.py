"""What made a score what it is where no single word did, in words.

Each group of signals is set to what texts have on average (the classifier keeps the means of its training),
and the groups without which the log-odds would be lowest are named.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtscore.model.classifier import Classifier
from mtscore.signals.columns import Columns
from mtscore.signals.fluency import FLUENCY_NAMES
from mtscore.signals.mixing import MIXING_NAMES
from mtscore.signals.quality import QUALITY_NAMES
from mtscore.signals.substitution import SUBSTITUTION_NAMES
from mtscore.signals.surface import DEBRIS, SURFACE_NAMES

MIN_SHARE, MAX_NAMED = 0.5, 2
"""A group is named if it speaks at least half as loud as the loudest, and so many at most are."""

_DEBRIS = frozenset(f"{name}_per_1000" for name, _ in DEBRIS)


def groups(columns: Columns) -> dict[str, tuple[str, ...]]:
    """The signals by what they say, in words. Those of the findings are in none."""
    shape = [name for name in FLUENCY_NAMES if "syntax" in name]
    return {
        "words that are unusual where they stand": (
            *(name for name in FLUENCY_NAMES if name not in shape),
            *SUBSTITUTION_NAMES,
        ),
        "the order of its words and the forms that they have": (
            *shape,
            *(column.name for column in columns.contrasts if column.family == "fluency"),
        ),
        "turns of phrase that machine translations have": tuple(
            column.name for column in columns.contrasts if column.family != "fluency"
        ),
        "sentences in poor English": QUALITY_NAMES,
        "words of other languages": MIXING_NAMES,
        "spacing, punctuation and words said twice": tuple(n for n in SURFACE_NAMES if n in _DEBRIS),
        "how often it has words such as “the” and “of”": tuple(
            name for name in SURFACE_NAMES if name.startswith("fw_")
        ),
        "the length of its words and sentences": tuple(
            name for name in SURFACE_NAMES if name not in _DEBRIS and not name.startswith("fw_")
        ),
    }


def what_speaks_for_it(classifier: Classifier, row: Sequence[float], strength: float) -> tuple[str, ...]:
    """The groups of signals that raise a row's score most, the first most of all; none where none does."""
    places = {name: place for place, name in enumerate(classifier.columns.names)}
    named = {words: names for words, names in groups(classifier.columns).items() if names}
    rows = np.tile(np.array(row, np.float64), (len(named) + 1, 1))
    for number, names in enumerate(named.values(), 1):
        columns = [places[name] for name in names]
        rows[number, columns] = classifier.network.mean[columns]
    log_odds = classifier.log_odds(rows, np.full(len(rows), strength))
    raised = dict(zip(named, (log_odds[0] - log_odds[1:]).tolist(), strict=True))
    loudest = sorted(raised, key=lambda words: -raised[words])[:MAX_NAMED]
    least = MIN_SHARE * max(raised.values(), default=0.0)
    return tuple(words for words in loudest if raised[words] > 0.0 and raised[words] >= least)
