"""Texts made from other texts, the same for both labels, so that form gives no label away.

Sets of unrelated sentences (of learners, of others, of garbled text) show that incoherence is no sign; changed copies
have lost their capitals, their line breaks or their apostrophes, stand as lists, or were read badly by a machine.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mtscore.text.segmentation import split_sentences
from training.dataset import seeded
from training.reader.documents import Doc
from training.reader.splits import side

SHARE = 0.22
"""Share of the teaching documents that get a changed copy."""
COPY_WORDS = 300
LEARNERS = ("learner", "student")
SETS = {"learner": 260, "other": 260, "garbled": 160}
SET_SENTENCES = (8, 12, 18, 24)


def lowered(text: str, _: random.Random) -> str:
    return text.lower()


def as_list(text: str, generator: random.Random) -> str:
    mark = generator.choice(("- ", "* ", "• ", "", "1. "))
    return "\n".join(mark + text[s.start : s.end].strip() for s in split_sentences(text))


def on_one_line(text: str, _: random.Random) -> str:
    return " ".join(text.split())


def without_apostrophes(text: str, _: random.Random) -> str:
    return re.sub(r"[’']", "", text)


def read_badly(text: str, generator: random.Random) -> str:
    """Letters that a scanner takes for others, and a few lost blanks."""
    table = {"l": "1", "e": "c", "m": "rn", "h": "b", "o": "0", "i": "l", "c": "e", "u": "n"}
    rate = generator.choice((0.003, 0.01))
    letters = [table.get(c, c) if generator.random() < rate else c for c in text]
    return "".join(c for c in letters if c != " " or generator.random() > rate / 2)


def without_commas(text: str, generator: random.Random) -> str:
    return re.sub(",", lambda m: "" if generator.random() < 0.7 else m.group(), text)


def broken_lines(text: str, generator: random.Random) -> str:
    width, out, line = generator.choice((45, 70)), [], ""
    for word in text.split():
        if len(line) + len(word) > width:
            out.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return "\n".join([*out, line])


def in_capitals(text: str, generator: random.Random) -> str:
    """Some sentences in capitals."""
    return "".join(
        (t.upper() if generator.random() < 0.3 else t) + " "
        for t in (text[s.start : s.end].strip() for s in split_sentences(text))
    )


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    lowered, lowered, as_list, on_one_line, without_apostrophes, read_badly, without_commas, broken_lines, in_capitals,
)  # fmt: skip


def copies(docs: Sequence[Doc]) -> Iterator[Doc]:
    """Changed copies of a share of the documents that have a label; what is known of their words is not kept, except
    that people's words are fine where nothing was damaged."""
    for doc in docs:
        generator = seeded("copy" + doc.id)
        if doc.label is None or doc.by_rule or generator.random() > SHARE:
            continue
        change = generator.choice(CHANGES)
        spans = list(split_sentences(doc.text))
        first = generator.randrange(max(1, len(spans) // 2))
        words, last = 0, first
        while last < len(spans) and words < COPY_WORDS:
            words += len(doc.text[spans[last].start : spans[last].end].split())
            last += 1
        text = change(doc.text[spans[first].start : spans[last - 1].end], generator)
        if text.strip():
            yield replace(
                doc, id=f"copy/{doc.id}", text=text, spans=(), original="", copy_of=doc.id, ratings=(), quality=-1.0,
                words_fine=doc.label == 0 and doc.words_fine and change is not read_badly,
            )  # fmt: skip


def sets(docs: Sequence[Doc]) -> Iterator[Doc]:
    """Unrelated sentences of one kind, register and half, from documents of one left-out set or none."""
    pools: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for doc in docs:
        if (
            doc.label is None
            or doc.by_rule
            or (doc.label == 1 and doc.weight < 1)
            or doc.register == "fluent_mt"
        ):
            continue
        kind = "garbled" if doc.label else "learner" if doc.register in LEARNERS else "other"
        key = (
            kind,
            f"{doc.source}|{doc.register}|{doc.system}|{doc.language}|{doc.chain}|{doc.group}",
            side(doc.component),
        )
        sentences = [doc.text[s.start : s.end].strip() for s in split_sentences(doc.text)]
        pools[key] += [s for s in sentences if 4 <= len(s.split()) <= 60]
    examples = {(f"{d.source}|{d.register}|{d.system}|{d.language}|{d.chain}|{d.group}"): d for d in docs}
    for kind, number in SETS.items():
        usable = sorted(k for k, found in pools.items() if k[0] == kind and len(found) >= 60)
        for n in range(number if usable else 0):
            yield _set(kind, n, usable[n % len(usable)], pools, examples)


def _set(kind: str, n: int, key: tuple[str, str, int], pools: dict[tuple[str, str, int], list[str]],
         examples: dict[str, Doc]) -> Doc:  # fmt: skip
    generator = seeded(f"set {kind} {n}")
    example = examples[key[1]]
    chosen = generator.sample(pools[key], generator.choice(SET_SENTENCES))
    component = next(c for c in (f"set:{kind}:{n}:{i}" for i in range(64)) if side(c) == key[2])
    if example.source == "wmt22":
        component = next(
            c
            for c in (f"wmt22:{example.component.split(':')[1]}:set{kind}{n}.{i}" for i in range(64))
            if side(c) == key[2]
        )
    return replace(
        example, id=f"set/{kind}/{n}", text=generator.choice((" ", "\n")).join(chosen), component=component, spans=(),
        original="", ratings=(), quality=-1.0, group=f"set:{kind}", words_fine=kind != "garbled", copy_of=f"set:{kind}",
        weight=1.0,
    )  # fmt: skip
