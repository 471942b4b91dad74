"""The same folds, read closely: the reader's numbers come from bodies that have not read what is judged, nor its
system, source or language.

`training.reader` trains such bodies on fixed splits (`training.reader.splits`); what they say of every document is kept
as in `models/reader/base_features.npz`. A close classifier is fitted on the teaching rows, with the quick one's
out-of-fold log-odds, and judges with the quick log-odds of the fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.protocol.folds import Data, Part
from mtscore.learning import train
from mtscore.learning.close import AUTO, fit_close
from mtscore.model.base_features import BaseFeatures
from training.close import sense_of

SIDE = {"nllb": 0, "languages": 0, "rules": 1, "sources": 1, "flores": 1}
"""Which of the two left-out sets a fold's rows are in."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Numbers:
    """What the bodies of each side say of all rows (rows x signals; NaN where one was not read), and the reading that
    is judged: "close" or "auto"."""

    sense: tuple[Floats, Floats]
    reading: str

    @classmethod
    def load(cls, paths: Sequence[Path], data: Data, reading: str) -> Numbers:
        """From the files of the two sides."""
        ids = [row.id for row in data.rows]
        sides = []
        for path in paths:
            with np.load(path) as numbers:
                sides.append(sense_of(ids, numbers))
        first, second = sides
        return cls((first, second), reading)

    def excess(
        self, fold: str, part: Part, base: BaseFeatures, quick: train.Fit, said: Floats, strengths: Floats
    ) -> Floats:
        """Log-odds over the threshold of the judged rows, given the fold's quick fit, what it `said` of them and the
        strength of their findings; rows that were not read keep the quick ones."""
        sense = self.sense[SIDE[fold]]
        close = fit_close(base, quick.out_of_fold, sense[part.teach], "")
        rows = np.concatenate([said[:, None], sense[part.judge]], axis=1)
        is_read = np.isfinite(rows).all(axis=1)
        if self.reading == "auto":
            is_read &= (said - quick.garbled >= AUTO[0]) & (said - quick.garbled <= AUTO[1])
        found: Floats = said - quick.garbled
        own = close.fit.classifier.log_odds(rows[is_read], strengths[is_read])
        found[is_read] = own - close.fit.garbled
        return found
