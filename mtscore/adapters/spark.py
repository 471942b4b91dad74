"""Columns for Spark DataFrames, computed with `mapInArrow`. Needs the extra `spark`, on the workers too.

Every Python worker loads the model once; the language models among them share one memory map on each machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mtscore.adapters.judge import NUMBERS, Judge, check_columns
from mtscore.errors import MtscoreError
from mtscore.files.formats.parquet import parquet_values

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


def annotate(frame: DataFrame, text_column: str = "text", judge: Judge | None = None) -> DataFrame:
    """The DataFrame with each row's verdict in the columns `Judge.names`, in the same partitions."""
    try:
        from pyspark.sql.types import DoubleType, StringType, StructField, StructType
    except ImportError:
        raise MtscoreError(
            "this adapter needs the extra spark: pip install '.[spark]' in a clone of mtscore"
        ) from None
    judge = judge or Judge()
    check_columns(frame.columns, text_column, judge.names, is_cased=False)
    added = [StructField(name, DoubleType() if name in NUMBERS else StringType()) for name in judge.names]
    schema = StructType([*frame.schema.fields, *added])
    return frame.mapInArrow(_Annotate(judge, text_column), schema)


def drop_garbled(frame: DataFrame, text_column: str = "text", judge: Judge | None = None) -> DataFrame:
    """The rows that are kept, without further columns."""
    check_columns(frame.columns, text_column, is_cased=False)
    return frame.mapInArrow(_Keep(judge or Judge(), text_column), frame.schema)


@dataclass(frozen=True, slots=True)
class _Annotate:
    judge: Judge
    text_column: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            columns = self.judge.columns(_texts(batch, self.text_column))
            added = [
                pa.array(values, pa.float64() if name in NUMBERS else pa.string())
                for name, values in columns.items()
            ]
            yield pa.RecordBatch.from_arrays([*batch.columns, *added], names=[*batch.schema.names, *columns])


@dataclass(frozen=True, slots=True)
class _Keep:
    judge: Judge
    text_column: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            keeps = self.judge.keeps(_texts(batch, self.text_column))
            yield batch.filter(pa.array(keeps, pa.bool_()))


def _texts(batch: pa.RecordBatch, text_column: str) -> list[Any]:
    """The texts of a batch; what is no text that can be decoded is no text to the judge either."""
    names = [name.lower() for name in batch.schema.names]
    return parquet_values(batch.column(names.index(text_column.lower())))
