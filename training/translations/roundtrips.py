"""Garbled counterparts of human documents among the classifier's rows: part of their sentences there and back.

The real garbled corpora are translations of foreign news and encyclopedias. A classifier that knows no others
takes "reads like an English newspaper" for "not garbled", and then misses what content farms do: English
articles sent through cheap translation and back. Here documents of every register are sent to another
language and back by rule-based translators, and part of their sentences replaced by the result, so that register
says nothing and only the damage differs.
Apertium's damage is its own: these rows count less than real ones, and judge nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from training.dataset import Row, seeded
from training.debris import with_debris
from training.translations.chains import Chain, chain_for
from training.translations.documents import Piece, joined, sentence_spans

CHAINS = ("en-es-en", "en-ca-en", "en-gl-en", "en-eo-en")
SHARES = (0.25, 0.45, 0.7, 1.0)
"""Shares of a document's sentences that are replaced, each as likely."""

WEIGHT = 0.0055
"""What such a row counts beside a real one: more lowers what is found on real systems that training left out."""

PER_GROUP = 40
SKIPPED_REGISTERS = frozenset({"fluent_mt", "pidgin", "chat", "poetry", "learner", "compare_mt_sken"})
"""Registers whose sentences the translators cannot read, or that are translations themselves."""

MIN_WORDS = 60


def with_round_trips(rows: Sequence[Row], chains: Callable[[str], Chain] = chain_for) -> list[Row]:
    """The rows, and behind them garbled counterparts of up to `PER_GROUP` human rows of every group, in a fixed
    order."""
    by_chain: dict[int, list[Row]] = defaultdict(list)
    for row in _choose(rows):
        by_chain[seeded("pair" + row.id).randrange(len(CHAINS))].append(row)
    made = [row for n in sorted(by_chain) for row in _through(by_chain[n], chains(CHAINS[n]))]
    return [*rows, *made]


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


def _through(rows: Sequence[Row], chain: Chain) -> list[Row]:
    """The rows with a share of their sentences sent through a chain."""
    lines: list[list[str]] = []
    places: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        generator = seeded("share" + row.id)
        share = generator.choice(SHARES)
        lines.append([row.text[s.start : s.end] for s in sentence_spans(row.text, "en")])
        places += [(number, i) for i in range(len(lines[-1])) if generator.random() < share]
    english = chain.translate([lines[n][i] for n, i in places]).english
    for (number, i), text in zip(places, english, strict=True):
        lines[number][i] = text
    return [_garbled(row, parts, chain) for row, parts in zip(rows, lines, strict=True)]


def _garbled(row: Row, sentences: Sequence[str], chain: Chain) -> Row:
    piece = Piece(row.text, tuple(sentence_spans(row.text, "en")))
    return replace(
        row,
        id=f"roundtrip/{row.id}",
        text=with_debris(joined(piece, sentences)[0], seeded("debris" + row.id)),
        label=1,
        group="roundtrip",
        system=f"apertium:{chain.name}",
        weight=WEIGHT,
    )
