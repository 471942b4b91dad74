"""The language models: the one place where the `kenlm` module is imported.

All probabilities are log10, as KenLM gives them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter

import numpy as np
import numpy.typing as npt

_PROBABILITY, _ORDER = itemgetter(0), itemgetter(1)


class LanguageModel:
    """A KenLM model that is opened at its first use, shares its memory map, and can be pickled."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]  # kenlm has no type information
        import kenlm

        config = kenlm.Config()
        config.show_progress = False
        return kenlm.Model(self.path, config)

    def __getstate__(self) -> dict[str, str]:
        return {"path": self.path}

    def open(self) -> None:
        """Map the file now instead of at the first use."""
        _ = self._model

    def scores(self, words: Sequence[str], *, is_backward: bool = False) -> tuple[list[float], list[int]]:
        """Per word: log10 P(word | context) inside its sentence, and the length of the matched n-gram.

        A backward model reads the sentence from its end, so the context is what follows. The end-of-sentence
        event is left out. KenLM splits on white space: words must not contain any.
        """
        ordered = reversed(words) if is_backward else words
        found = list(self._model.full_scores(" ".join(ordered), True, False))
        if is_backward:
            found.reverse()
        return [f[0] for f in found], [f[1] for f in found]

    def scores_of_all(
        self, sentences: Sequence[Sequence[str]], *, is_backward: bool = False
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
        """What `scores` gives for each sentence, those of all sentences one after another."""
        full_scores = self._model.full_scores
        found: list[tuple[float, int, bool]] = []
        for words in reversed(sentences) if is_backward else sentences:
            found += full_scores(" ".join(reversed(words) if is_backward else words), True, False)
        if is_backward:
            found.reverse()
        return (
            np.fromiter(map(_PROBABILITY, found), np.float32, len(found)),
            np.fromiter(map(_ORDER, found), np.int32, len(found)),
        )
