"""A filter block for datatrove pipelines. Needs the extra `datatrove`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtscore.adapters.judge import Judge
from mtscore.errors import MtscoreError

try:
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
except ImportError as error:
    raise MtscoreError(
        f"this adapter needs the extra datatrove: pip install '.[datatrove]' in a clone of mtscore ({error})"
    ) from error


class GarbledFilter(BaseFilter):
    """Drops garbled machine translations, with "garbled" as the reason (or, if undecided documents are not
    kept, why one cannot be judged). Every document is given its verdict in `metadata` (`Judge.names`)."""

    name = "🌐 Garbled translation"

    def __init__(
        self, judge: Judge | None = None, exclusion_writer: Any = None, batch_size: int = 32
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        self.judge = judge or Judge()

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether the document is kept, or (False, reason)."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: Sequence[Document]) -> list[bool | tuple[bool, str]]:
        """`filter` for several documents at once."""
        results: list[bool | tuple[bool, str]] = []
        for doc, verdict in zip(batch, self.judge.verdicts(doc.text for doc in batch), strict=True):
            doc.metadata.update(zip(self.judge.names, self.judge.row(verdict), strict=True))
            why_not = self.judge.why_not(verdict)
            results.append(True if why_not is None else (False, why_not))
        return results
