"""All rows of other registers, as a model learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.dataset import Row, read_lines, seeded
from training.quality import is_known_to_quality
from training.registers.composed import composed_rows
from training.registers.found import WILD_SOURCE, web_rows, wild_rows
from training.registers.made import made_rows, read_translations

FOREIGN, SENTENCES_OF = ("es", "fr", "it", "pt"), 9
"""The languages of foreign quotations; every ninth document gives some."""
QUOTED_WORDS = range(5, 26)


def added_rows(data: Path, rows: Sequence[Row], translations: Path | None = None) -> list[Row]:
    """Documents that were found, human ones of the same registers, translations that were made (`translations` is
    their folder), and composed ones; `rows` are those of the corpora, from which some are composed."""
    train = data / "train"
    found = [*wild_rows(train / "wild_mt.jsonl.xz"), *web_rows(train / "human_web.jsonl.xz")]
    if translations is not None:
        found += made_rows(read_translations(translations))
    corpora = [row for row in rows if row.label == 0 and not row.is_matched]
    everything = [*found, *composed_rows([*found, *corpora], foreign_sentences(data / "foreign"))]
    return [row for row in everything if not is_known_to_quality(row)]


def foreign_sentences(folder: Path) -> list[str]:
    """Sentences to quote, always the same ones."""
    found = []
    for language in FOREIGN:
        path = folder / f"{language}.jsonl.xz"
        for record in read_lines(path) if path.exists() else ():
            if seeded("quoted" + record["id"]).randrange(SENTENCES_OF) == 0:
                sentences = " ".join(record["text"].split()).split(". ")
                found += [s for s in sentences if len(s.split()) in QUOTED_WORDS][:3]
    return found


def is_found(row: Row) -> bool:
    """Whether it is a garbled translation that was found, not made."""
    return row.label == 1 and row.source == WILD_SOURCE
