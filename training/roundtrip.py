"""Garbled counterparts of human documents: round trips through Apertium's rule-based translators.

The real garbled corpora are translations of foreign news and encyclopedias. A classifier that knows no others
takes "reads like an English newspaper" for "not garbled", and then misses what content farms do: English
articles sent through cheap translation and back. Here documents of every register are sent to another
language and back (Forcada et al. 2011, "Apertium: a free/open-source platform for rule-based machine
translation"), and part of their sentences replaced by the result, so that register says nothing and only the
damage differs.
Apertium's damage is its own: these rows count less than real ones, and judge nothing.

Needs the programs of Debian's packages apertium, apertium-eng-spa, apertium-eng-cat, apertium-en-gl and
apertium-eo-en.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mtscore.errors import MtscoreError
from mtscore.text.segmentation import split_sentences
from training.dataset import Row, seeded
from training.debris import with_debris

PAIRS = (("eng-spa", "spa-eng"), ("eng-cat", "cat-eng"), ("en-gl", "gl-en"), ("en-eo", "eo-en"))
SHARES = (0.25, 0.45, 0.7, 1.0)
"""Shares of a document's sentences that are replaced, each as likely."""

WEIGHT = 0.0055
"""What such a row counts beside a real one: more lowers what is found on real systems that training left out."""

PER_GROUP = 40
SKIPPED_REGISTERS = frozenset({"fluent_mt", "pidgin", "chat", "poetry", "learner", "compare_mt_sken"})
"""Registers whose sentences the translators cannot read, or that are translations themselves."""

MIN_WORDS = 60


def round_trips(rows: Sequence[Row]) -> list[Row]:
    """Garbled counterparts of up to `PER_GROUP` human rows of every group, in a fixed order."""
    chosen = _choose(rows)
    by_pair: dict[int, list[Row]] = defaultdict(list)
    for row in chosen:
        by_pair[seeded("pair" + row.id).randrange(len(PAIRS))].append(row)
    return [made for number in sorted(by_pair) for made in _through(by_pair[number], PAIRS[number])]


def _choose(rows: Iterable[Row]) -> list[Row]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.label == 0 and row.register not in SKIPPED_REGISTERS and len(row.text.split()) >= MIN_WORDS:
            groups[row.source, row.group].append(row)
    return [
        row
        for key in sorted(groups)
        for row in sorted(groups[key], key=lambda r: seeded("trip" + r.id).random())[:PER_GROUP]
    ]


def _through(rows: Sequence[Row], pair: tuple[str, str]) -> list[Row]:
    """The rows with a share of their sentences sent through one pair of translators."""
    pieces: list[list[str]] = []
    places: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        generator = seeded("share" + row.id)
        share = generator.choice(SHARES)
        pieces.append([row.text[s.start : s.end] for s in split_sentences(row.text)])
        places += [(number, i) for i in range(len(pieces[-1])) if generator.random() < share]
    back = _translate([" ".join(pieces[n][i].split()) for n, i in places], pair)
    for (number, i), text in zip(places, back, strict=True):
        pieces[number][i] = re.sub(r"\s+", " ", text).strip() + " "
    return [
        replace(
            row,
            id=f"roundtrip/{row.id}",
            text=with_debris(_joined(row.text, parts), seeded("debris" + row.id)),
            label=1,
            group="roundtrip",
            system=f"apertium:{pair[0]}",
            weight=WEIGHT,
        )
        for row, parts in zip(rows, pieces, strict=True)
    ]


def _joined(original: str, parts: Sequence[str]) -> str:
    """The sentences with the line breaks that stood between them in the original."""
    out = []
    spans = list(split_sentences(original))
    for number, (span, part) in enumerate(zip(spans, parts, strict=True)):
        following = spans[number + 1].start if number + 1 < len(spans) else len(original)
        out.append(part + ("\n" if "\n" in original[span.end : following] else ""))
    return "".join(out)


def _translate(lines: Sequence[str], pair: tuple[str, str]) -> list[str]:
    """The lines after a round trip, one for one."""
    text = "".join(f"{line}\n" for line in lines)
    for mode in pair:
        try:
            done = subprocess.run(
                ["apertium", "-u", mode], input=text, capture_output=True, check=True, encoding="utf-8"
            )
        except FileNotFoundError as error:
            raise MtscoreError("apertium is missing: install what training/README.md names") from error
        text = done.stdout
    back = text.split("\n")[: len(lines)]
    if len(back) != len(lines):
        raise MtscoreError(f"apertium {pair[0]} lost lines: {len(lines)} went in, {len(back)} came back")
    return back


def with_round_trips(rows: Sequence[Row]) -> list[Row]:
    """The rows and their round trips."""
    return [*rows, *round_trips(rows)]
