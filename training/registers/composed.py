"""Text that nobody wrote this way, composed from people's: lists, glossaries, verses, text without capitals.

Crawls are full of such documents, no corpus of human text has them, and a classifier that has never seen one takes
it for garbled. Each form is a group of its own; all together count as one register when thresholds are chosen, because
nobody wrote them. Garbled documents go through the same hands wherever the words
stay in order, so that it is not the form that says what is clean.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from mtscore.text.segmentation import split_sentences
from training.dataset import Row, seeded

PER_KIND, GARBLED_PER_KIND = 80, 30
QUOTING, MORE = "foreign_quotations", 3
"""The form that is hardest to tell from garbled text, of which there are so many times as many documents."""

QUOTED = (0.1, 0.2, 0.3, 0.4)
"""After such a share of its sentences a document has a quotation."""

COMPOSED = "composed"
"""What the group of these documents begins with."""

_CODE = re.compile(r"`[^`\n]+`|\S*(?:[_{}<>=\\/]|\(\)|[a-z][A-Z]|\w\.\w)\S*")
_LIST = re.compile(r"[,;:.!?()\n]+")
MIN_CODE, MIN_WORDS = 4, 80


def _sentences(text: str) -> list[str]:
    return [" ".join(text[s.start : s.end].split()) for s in split_sentences(text)]


def lower_case(text: str, generator: random.Random) -> str:
    """Without capitals."""
    return text.lower()


def speech(text: str, generator: random.Random) -> str:
    """As a recogniser of speech writes it down: no capitals, no punctuation."""
    return " ".join(re.sub(r"[^\w\s'’]", " ", text).lower().split())


def as_list(text: str, generator: random.Random) -> str:
    """Its phrases one a line."""
    mark = generator.choice(("- ", "* ", "", "", "• "))
    pieces = [piece.split() for piece in _LIST.split(text)]
    return "\n".join(mark + " ".join(words[:7]) for words in pieces if words)


def glossary(text: str, generator: random.Random) -> str:
    """A word of each sentence, and the sentence as if it explained it."""
    joint = generator.choice((": ", "\n", " - ", " – "))
    entries = []
    for sentence in _sentences(text):
        words = [word for word in re.findall(r"[A-Za-z]+", sentence) if len(word) > 5]
        if words:
            entries.append(f"{generator.choice(words).capitalize()}{joint}{sentence}")
    return "\n".join(sorted(entries))


def contents(text: str, generator: random.Random) -> str:
    """The first words of each sentence as headings with their pages."""
    page, lines = 1, []
    dots = generator.choice((" ", " . . . . . ", " ........ ", "\t"))
    for number, sentence in enumerate(_sentences(text), 1):
        heading = " ".join(sentence.split()[: generator.randint(2, 7)]).strip(",;:.").title()
        page += generator.randint(0, 9)
        lines.append(f"{1 + number // 6}.{1 + number % 6} {heading}{dots}{page}")
    return "\n".join(lines)


def verses(text: str, generator: random.Random) -> str:
    """Its sentences numbered."""
    joint, chapter = generator.choice((" ", "\n")), generator.choice(("", "{}:", "{}."))
    first = chapter.format(generator.randint(1, 40))
    return joint.join(f"{first}{number} {sentence}" for number, sentence in enumerate(_sentences(text), 1))


def no_code(text: str, generator: random.Random) -> str:
    """A manual that has lost its code ("through ."); empty when there was little."""
    parts = re.split(r"(\s+)", text)
    found = [place for place, part in enumerate(parts) if _CODE.fullmatch(part.strip(".,;:!?"))]
    if len(found) < MIN_CODE:
        return ""
    for place in found:
        parts[place] = re.sub(r"^.*?([.,;:!?]*)$", r"\1", parts[place])
    return "".join(parts)


def foreign_quotations(text: str, generator: random.Random, foreign: Sequence[str]) -> str:
    """With sentences of other languages in it, as quotations."""
    out = []
    share = generator.choice(QUOTED)
    opening, closing = generator.choice((('"', '"'), ("“", "”"), ("«", "»"), ("(", ")")))
    for sentence in _sentences(text):
        out.append(sentence)
        if generator.random() < share:
            out.append(f"{opening}{generator.choice(foreign)}{closing}")
    return " ".join(out)


Transform = Callable[[str, random.Random], str]

KEEP_ORDER: dict[str, Transform] = {
    "lower_case": lower_case,
    "speech": speech,
    "verses": verses,
    "no_code": no_code,
}
"""Kinds that garbled documents take too."""

KINDS: dict[str, Transform] = {**KEEP_ORDER, "list": as_list, "glossary": glossary, "contents": contents}

REGISTERS = (*KINDS, QUOTING)


def composed_rows(rows: Iterable[Row], foreign: Sequence[str]) -> Iterator[Row]:
    """Documents of every kind made from those of `rows`, with `foreign` sentences as quotations: `PER_KIND` from human
    ones, fewer from garbled ones that count what those count. Each stands in the component of its original."""
    long = [row for row in rows if len(row.text.split()) >= MIN_WORDS]
    human = [row for row in long if row.label == 0 and row.register != "fluent_mt"]
    garbled = [row for row in long if row.label == 1]
    kinds = dict(KINDS)
    if foreign:
        kinds[QUOTING] = lambda text, generator: foreign_quotations(text, generator, foreign)
    for kind, transform in kinds.items():
        times = MORE if kind == QUOTING else 1
        yield from _of_kind(kind, transform, human, times * PER_KIND)
        if kind in KEEP_ORDER or kind == QUOTING:
            yield from _of_kind(kind, transform, garbled, times * GARBLED_PER_KIND)


def _of_kind(kind: str, transform: Transform, rows: Sequence[Row], count: int) -> Iterator[Row]:
    made = 0
    for row in sorted(rows, key=lambda r: seeded(kind + r.id).random()):
        text = transform(row.text, seeded(kind + row.id))
        if made < count and text:
            made += 1
            yield replace(
                row, id=f"{kind}/{row.id}", text=text, register=COMPOSED, group=f"{COMPOSED}:{kind}",
                source=COMPOSED, is_matched=False, is_added=True,
            )  # fmt: skip
