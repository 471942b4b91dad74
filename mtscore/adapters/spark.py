"""Columns for Spark DataFrames, computed with `mapInArrow`. Needs the extra `spark`, on the workers too.

Every Python worker loads the model once; the language models among them share one memory map on each machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtscore.adapters.judge import COLUMNS, NUMBERS, Judge
from mtscore.errors import MtscoreError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


def annotate(frame: DataFrame, text_column: str = "text", judge: Judge | None = None) -> DataFrame:
    """The DataFrame with each row's verdict in the columns `judge.COLUMNS`, in the same partitions."""
    try:
        from pyspark.sql.types import DoubleType, StringType, StructField, StructType
    except ImportError:
        raise MtscoreError(
            "this adapter needs the extra spark: pip install '.[spark]' in a clone of mtscore"
        ) from None
    added = [StructField(name, DoubleType() if name in NUMBERS else StringType()) for name in COLUMNS]
    schema = StructType([*frame.schema.fields, *added])
    return frame.mapInArrow(_Annotate(judge or Judge(), text_column), schema)


def drop_garbled(frame: DataFrame, text_column: str = "text", judge: Judge | None = None) -> DataFrame:
    """The rows that are kept, without further columns."""
    return frame.mapInArrow(_Keep(judge or Judge(), text_column), frame.schema)


@dataclass(frozen=True, slots=True)
class _Annotate:
    judge: Judge
    text_column: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            columns = self.judge.columns(batch.column(self.text_column).to_pylist())
            added = [
                pa.array(values, pa.float64() if name in NUMBERS else pa.string())
                for name, values in columns.items()
            ]
            yield pa.RecordBatch.from_arrays([*batch.columns, *added], names=[*batch.schema.names, *COLUMNS])


@dataclass(frozen=True, slots=True)
class _Keep:
    judge: Judge
    text_column: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            keeps = self.judge.keeps(batch.column(self.text_column).to_pylist())
            yield batch.filter(pa.array(keeps, pa.bool_()))
