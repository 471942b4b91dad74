"""mtscore's numbers as a scikit-learn transformer, for a classifier of your own.

    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from mtscore.adapters.scikit_learn import SignalExtractor

    pipeline = make_pipeline(SignalExtractor(), HistGradientBoostingClassifier())
    pipeline.fit(texts, labels)

This module imports scikit-learn; `import mtscore` does not import this module.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from mtscore.errors import InputError
from mtscore.learning.label_features import TextFeatures, extract_features
from mtscore.scoring.scorer import Scorer
from mtscore.signals.columns import STRENGTH


class SignalExtractor(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Texts to the matrix texts x signals that mtscore's own classifier sees.

    The columns are the model's signals, its n-gram contrasts and `finding_strength` (nats); `mtscore.signals`
    documents them. A text that cannot be judged (too short, not English) gives a row of NaN. Nothing is learned
    from the texts: `fit` only loads the model.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        jobs: int = 1,
        cache: str | os.PathLike[str] | None = None,
    ) -> None:
        """`model` is a model folder (by default the one scoring would use), `jobs` the number of processes,
        `cache` a folder in which the numbers of texts are kept for the next time."""
        self.model = model
        self.jobs = jobs
        self.cache = cache

    def fit(self, X: Iterable[str], y: object = None) -> SignalExtractor:  # noqa: N803  # scikit-learn's name
        """Load the model. Raises `ModelError` when it cannot be used, `InputError` when `X` holds no texts."""
        _texts(X)
        self.scorer_ = Scorer.load(self.model)
        self.feature_names_ = (*self.scorer_.model.classifier.input_names, STRENGTH)
        return self

    def transform(self, X: Iterable[str]) -> npt.NDArray[np.float64]:  # noqa: N803
        """One row for each text, in order, on any number of processes the same."""
        check_is_fitted(self)
        texts = _texts(X)
        rows = np.full((len(texts), len(self.feature_names_)), np.nan)
        cache = None if self.cache is None else Path(self.cache)
        for row, found in zip(
            rows, extract_features(texts, self.scorer_, cache=cache, jobs=self.jobs), strict=True
        ):
            if isinstance(found, TextFeatures):
                row[:] = [*found.inputs, found.strength]
        return rows

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """The names of the columns; `input_features` is ignored."""
        check_is_fitted(self)
        return np.array(self.feature_names_, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.requires_fit = True
        return tags


def _texts(texts: Iterable[str]) -> list[str]:
    """The texts of a list, an array or a pandas series."""
    if isinstance(texts, str):
        raise InputError("a single string was given; put it in a list")
    found = list(texts)
    if not all(isinstance(text, str) for text in found):
        raise InputError("only strings can be scored; give a list of texts")
    return found
