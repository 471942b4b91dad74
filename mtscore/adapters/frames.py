"""Columns for pandas and polars DataFrames. Needs the library of the frame that is given."""

from __future__ import annotations

from typing import Any, TypeVar

from mtscore.adapters.judge import NUMBERS, Judge, check_columns
from mtscore.errors import InputError

Frame = TypeVar("Frame")


def annotate(frame: Frame, text_column: str = "text", judge: Judge | None = None) -> Frame:
    """A new frame (pandas or polars, as given) with each row's verdict in the columns `Judge.names`."""
    library = type(frame).__module__.partition(".")[0]
    if library not in ("pandas", "polars"):
        raise InputError(f"a pandas or polars DataFrame is needed, not {type(frame).__name__}")
    given: Any = frame
    judge = judge or Judge()
    check_columns(given.columns, text_column, judge.names)
    columns = judge.columns(given[text_column].to_list())
    annotated: Frame = (_with_polars if library == "polars" else _with_pandas)(given, columns)
    return annotated


def _with_polars(frame: Any, columns: dict[str, list[Any]]) -> Any:
    import polars as pl

    return frame.with_columns(
        pl.Series(name, values, pl.Float64 if name in NUMBERS else pl.String)
        for name, values in columns.items()
    )


def _with_pandas(frame: Any, columns: dict[str, list[Any]]) -> Any:
    import pandas as pd

    return frame.assign(
        **{
            name: pd.Series(values, frame.index, "float64" if name in NUMBERS else "object")
            for name, values in columns.items()
        }
    )
