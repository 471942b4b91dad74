"""Functions for `Dataset.map` and `Dataset.filter` of Hugging Face datasets, both with `batched=True`.

They are plain functions over dicts of lists: nothing of the library is needed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mtscore.adapters.judge import Judge, check_columns


@dataclass(frozen=True, slots=True)
class Annotate:
    """`dataset.map(Annotate(), batched=True)` adds each row's verdict as the columns `Judge.names`."""

    text_column: str = "text"
    judge: Judge = field(default_factory=Judge)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        check_columns(batch, self.text_column, self.judge.names)
        return self.judge.columns(batch[self.text_column])


@dataclass(frozen=True, slots=True)
class Keep:
    """`dataset.filter(Keep(), batched=True)` leaves the rows that are not garbled."""

    text_column: str = "text"
    judge: Judge = field(default_factory=Judge)

    def __call__(self, batch: Mapping[str, Sequence[Any]]) -> list[bool]:
        check_columns(batch, self.text_column)
        return self.judge.keeps(batch[self.text_column])
