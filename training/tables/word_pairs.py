"""What translators turn words into, as compactly as a model folder carries it.

    python -m training.tables.word_pairs word_pairs.tsv models/en/word_pairs.tsv.gz

The table comes from `python -m training.translations.pairs`: a pair a line with its counts and its kind. Fair synonyms
and other forms of the same word are no errors and stay out, and so do pairs that were seen once when the file would
grow beyond `MAX_BYTES`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mtscore.errors import InputError

KINDS = ("sense", "unknown")
"""Kinds of pairs that are kept: another sense of a word, and what too few dictionaries know."""

MAX_BYTES = 2_000_000
MAX_ORIGINALS = 8
"""Words kept of all that were turned into one, most frequent first."""

FIELDS = ("original", "translated", "count", "original_count", "names", "kind")


def read_pairs(path: Path) -> list[Mapping[str, str]]:
    """The pairs of a table that are errors. Raises `InputError` for a file of another form."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := set(FIELDS).difference(reader.fieldnames or ()):
            raise InputError(
                f"{path} has no column {', '.join(sorted(missing))}: make it with training.translations"
            )
        return [row for row in reader if row["kind"] in KINDS and not _is_part(row)]


def _is_part(row: Mapping[str, str]) -> bool:
    """Whether one word is a part of the other, which is a matter of spelling."""
    original, translated = row["original"], row["translated"]
    return original in translated or translated in original


def compact(rows: Iterable[Mapping[str, str]], least: int) -> str:
    """The lines of `mtscore.words.word_pairs.WordPairs` from pairs that were seen at least so often."""
    found: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for row in rows:
        count = int(row["count"])
        if count >= least:
            is_name = 2 * int(row["names"]) > count
            original = row["original"].capitalize() if is_name else row["original"]
            found[row["translated"]].append((-count, original, int(row["original_count"])))
    lines = []
    for translated, originals in found.items():
        best = sorted(originals)[:MAX_ORIGINALS]
        lines.append("\t".join([translated, *(f"{word}\t{-count}\t{of}" for count, word, of in best)]))
    return "".join(f"{line}\n" for line in sorted(lines))


def packed(rows: Sequence[Mapping[str, str]], most: int = MAX_BYTES) -> bytes:
    """The table as the folder carries it, with as many of the rare pairs as fit."""
    counts = sorted({int(row["count"]) for row in rows})
    for least in counts:
        data = gzip.compress(compact(rows, least).encode(), 9, mtime=0)
        if len(data) <= most:
            return data
    raise InputError(f"no pair fits into {most} bytes")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path, help="what training.translations.pairs wrote")
    parser.add_argument("output", type=Path, help="the file for the model folder")
    given = parser.parse_args(arguments)
    given.output.write_bytes(packed(read_pairs(given.table)))


if __name__ == "__main__":
    main()
