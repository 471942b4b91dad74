"""Close reading: articles that were read quickly are read once more, by the reader, where that is wanted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal, get_args

from mtscore.errors import InputError, ModelError
from mtscore.findings.collection import without_overlaps
from mtscore.findings.sense.wrong_sense import find_closely
from mtscore.model.close import (
    CloseModel,
    can_be_read_closely,
    close_model_of,
)
from mtscore.model.folder import ModelFolder
from mtscore.reading.reader import InstalledReader, is_installed, reader_folder
from mtscore.reading.reading import Reads, read_closely
from mtscore.reading.sense import sense_signals
from mtscore.records import Evidence
from mtscore.scoring.computation import MAX_EVIDENCE, NOTHING, Computed
from mtscore.text.article import Article
from mtscore.words.allowed import Allowed

ReadingMode = Literal["quick", "close", "auto"]
"""How articles are read: quickly, closely, or closely only where that can change the label."""

VARIABLE = "MTSCORE_READING"
"""The environment variable that names the reading where nobody else does."""


def reading_mode(asked: str | None, default: ReadingMode = "quick") -> ReadingMode:
    """The reading that was asked for, or that `MTSCORE_READING` names, or the default. Raises `InputError` for any
    other word."""
    named = asked or os.environ.get(VARIABLE) or default
    for mode in get_args(ReadingMode):
        if mode == named:
            return mode  # type: ignore[no-any-return]
    raise InputError(f"the reading must be quick, close or auto, not {named!r}")


def readings_of(path: str | os.PathLike[str] | None) -> tuple[ReadingMode, ...]:
    """How texts can be read with the model in a folder: quickly, and closely where the reader is installed and the
    model can use it. The best comes first."""
    folder = ModelFolder.load(path)
    if is_installed() and can_be_read_closely(folder, reader_folder()):
        return ("close", "auto", "quick")
    return ("quick",)


@dataclass(frozen=True, slots=True)
class CloseReading:
    """The reader and the close classifier of one model folder."""

    reader: Reads
    model: CloseModel
    is_automatic: bool

    @classmethod
    def load(cls, folder: ModelFolder, *, is_automatic: bool, threads: int | None) -> CloseReading:
        """Raises `ModelError` where the reader is missing, or the model cannot use it."""
        reader = InstalledReader(threads)
        return cls(reader, close_model_of(folder, reader_folder(), reader.digest), is_automatic)

    def share(self, jobs: int) -> None:
        """So many threads will read at once."""
        if isinstance(self.reader, InstalledReader):
            self.reader.share(jobs)

    def read(
        self,
        articles: Iterable[Article],
        computed: Iterable[Computed],
        folder: ModelFolder,
        allowed: Allowed = NOTHING,
        *,
        has_evidence: bool = True,
    ) -> Iterator[Computed]:
        """What was computed of each article, and what the reader adds to it; what is `allowed` is no finding. Without
        evidence nothing is looked for that would only be shown."""
        for article, quick in zip(articles, computed, strict=True):
            if self._is_wanted(quick.log_odds, folder):
                yield self._read(article, quick, folder, allowed if has_evidence else None)
            else:
                yield quick

    def _is_wanted(self, quick: float, folder: ModelFolder) -> bool:
        low, high = self.model.auto
        return not self.is_automatic or low <= quick - folder.threshold("garbled") <= high

    def _read(
        self, article: Article, quick: Computed, folder: ModelFolder, allowed: Allowed | None
    ) -> Computed:
        words = folder.resources.vocabulary
        reading = read_closely(article, self.reader, words.extra or words)
        sense = sense_signals(reading)
        own = self.model.log_odds(quick.log_odds, sense, quick.strength)
        if not isfinite(own):
            raise ModelError("the reader gives no numbers: it is damaged; install it again")
        log_odds = self.model.on_scale_of(folder, own)
        closely: list[Evidence] = []
        if allowed is not None:
            found = find_closely(
                quick.extraction,
                reading,
                folder.resources,
                quick.evidence,
                self.reader,
                is_clean=log_odds < folder.threshold("suspect"),
            )
            closely = [item for item in found if not allowed.covers(article.text, item.start, item.end)]
        return replace(
            quick,
            evidence=tuple(without_overlaps([*quick.evidence, *closely])[:MAX_EVIDENCE]),
            log_odds=log_odds,
            sense=(quick.log_odds, *sense.tolist()),
            quality=self.model.quality.of(sense),
            reading=reading,
        )
