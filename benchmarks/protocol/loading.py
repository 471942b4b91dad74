"""The rows of the protocol with everything extracted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.protocol.folds import LENGTH, LENGTHS, Data
from mtscore.signals import quality as qualities
from training.build_model import Sources, all_rows
from training.contrasts import read_lines_of
from training.dataset import Row, seeded
from training.extraction_cache import extract_all
from training.quality import is_for_quality
from training.registers.names import fold_of_register
from training.registers.rows import is_found

CUT_HUMAN = 600
"""Human documents that are cut to every length."""


def cut_rows(rows: Sequence[Row]) -> Iterator[Row]:
    """Found translations, and as many human documents as `CUT_HUMAN`, cut to each of `LENGTHS` words."""
    held_out = [row for row in rows if fold_of_register(row.register) >= 0]
    human = [row for row in held_out if row.label == 0 and row.is_added]
    human.sort(key=lambda row: seeded("length" + row.id).random())
    for row in [*filter(is_found, held_out), *human[:CUT_HUMAN]]:
        words = row.text.split(" ")
        for count in LENGTHS:
            if len(words) > count:
                side = "garbled" if row.label else "human"
                text = " ".join(words[:count])
                yield replace(
                    row, id=f"{row.id}/{count}", text=text, group=f"{LENGTH}{count}:{side}", source="cut"
                )


def load(sources: Sources, model: Path) -> Data:
    """The rows with everything extracted."""
    rows = [
        row for row in all_rows(sources.data, sources.lm, sources.translations) if not is_for_quality(row)
    ]
    rows += cut_rows(rows)
    quality = qualities.load(model / "quality.safetensors")
    extracted = extract_all(rows, model, quality, 2, sources.cache)
    return Data(rows, extracted, read_lines_of(sources.data, model, 2))
