"""Sense: the signals of the close reading, as the close classifier sees them.

What the reader answers for the windows is averaged over the document, by tokens. A document that is garbled in part
shows in the quarter that looks worst.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mtscore.reading.reading import QUESTIONS, Reading

SENSE_NAMES: tuple[str, ...] = (
    "reader_garbled",
    "reader_garbled_quarter",
    "reader_machine",
    "reader_non_native",
    "reader_llm",
    "wrong_word_mean",
    "wrong_word_share",
    "wrongest_words",
    "wrongest_words_quarter",
    "reader_quality",
    "reader_length",
)
"""Log-odds of the reader's four answers and of the first in the worst quarter; of the known words, how likely a reader
would object, the share of those to which one rather would, and the three worst of a window (in the worst quarter, too);
quality of the sentences (0 to 1); and the logarithm of how many tokens there are, up to `LONGEST`."""

QUARTERS = 4
WRONG = 0.5
WORST = 3
LONGEST = 1000

Floats = npt.NDArray[np.float64]


def sense_signals(reading: Reading) -> Floats:
    """The signals of `SENSE_NAMES`; all 0 for a text without tokens."""
    if not len(reading):
        return np.zeros(len(SENSE_NAMES))
    sizes = reading.sizes
    answers = dict(zip(QUESTIONS, _mean(reading.log_odds, sizes), strict=True))
    wrong = reading.wrong[reading.known]
    worst = np.array([_worst(reading, slice(*window)) for window in reading.windows])
    garbled = reading.log_odds[:, QUESTIONS.index("garbled")]
    quality = reading.quality[reading.sentence]
    quality = quality[np.isfinite(quality)]
    return np.array(
        [
            answers["garbled"],
            worst_quarter(garbled, sizes),
            answers["machine"],
            answers["non_native"],
            answers["llm"],
            wrong.mean() if len(wrong) else 0.0,
            (wrong > WRONG).mean() if len(wrong) else 0.0,
            _mean(worst, sizes),
            worst_quarter(worst, sizes),
            quality.mean() if len(quality) else 1.0,
            np.log1p(min(len(reading), LONGEST)),
        ]
    )


def worst_quarter(values: Floats, sizes: Floats) -> float:
    """The highest mean over a quarter of the windows; of four windows or fewer, the highest of one."""
    parts = np.array_split(np.arange(len(values)), min(QUARTERS, len(values)))
    return max(float(_mean(values[part], sizes[part])) for part in parts)


def _worst(reading: Reading, window: slice) -> float:
    """The mean of the `WORST` known words of a window to which one would object most; what is missing counts 0."""
    wrong = reading.wrong[window][reading.known[window]]
    return float(np.sort(wrong)[-WORST:].sum() / WORST)


def _mean(values: Floats, sizes: Floats) -> Floats:
    mean: Floats = np.average(values, axis=0, weights=sizes)
    return mean
