"""Texts to windows of tokens, and the arrays that teaching and reading need of them.

    python -m training.reader.windows OUT --data DATA --tokenizer tokenizer.json --words WORDS --judged dev.jsonl.gz
    python -m training.reader.windows OUT --translations FOLDER --tokenizer tokenizer.json --words WORDS

A window is a run of whole sentences of one document, at most `LONGEST` tokens, all windows of a document about
equally long. `OUT` gets `documents.jsonl` (names, labels and origins, no text) and `windows.npz`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mtscore.text.segmentation import split_sentences
from training.reader.documents import Doc
from training.reader.flags import KNOWN, WORD_START

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LONGEST = 255
AIM = 240
MOST_SENTENCES = 24
"""Sentences of a window that are rated; later ones count as the last."""
LOWER_WORD = re.compile(r"(?<![\w'-])[a-z]{3,}(?![\w'-])")
ANY_WORD = re.compile(r"[^\W_]+")

Offsets = list[tuple[int, int]]


def window_ends(sentence_ends: Sequence[int], tokens: int, most: int) -> list[int]:
    """Where windows end, as token numbers: at ends of sentences where that fits, `most` windows at most."""
    number = max(1, -(-tokens // AIM))
    aim = tokens / number
    ends: list[int] = []
    start = 0
    while start < tokens and len(ends) < most:
        fits = [e for e in sentence_ends if start < e <= start + LONGEST]
        enough = [e for e in fits if e >= start + aim * 0.9]
        end = (
            enough[0] if enough else fits[-1] if fits and fits[-1] > start + LONGEST // 2 else start + LONGEST
        )
        start = min(end, tokens)
        ends.append(start)
    return ends


def token_range(starts: Sequence[int], ends: Sequence[int], low: int, high: int) -> tuple[int, int]:
    """The tokens that overlap the code points `low` to `high`."""
    return bisect_right(ends, low), bisect_left(starts, high)


def without_blanks(text: str, offsets: Offsets) -> Offsets:
    """Offsets of tokens without the blanks at their beginning and end."""
    out = []
    for start, end in offsets:
        piece = text[start:end]
        low = start + len(piece) - len(piece.lstrip())
        out.append((low, max(low, start + len(piece.rstrip()))))
    return out


@dataclass
class Arrays:
    """What `windows.npz` holds, as it grows; places are numbers of tokens from the first of all."""

    tokens: list[npt.NDArray[np.uint16]] = field(default_factory=list)
    flags: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    sentence: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    window_end: list[int] = field(default_factory=list)
    window_doc: list[int] = field(default_factory=list)
    ratings: list[tuple[int, int, float]] = field(default_factory=list)
    """Window, sentence in it, quality."""
    spans: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """First and last place, kind, and places of what stood in the original, or -1."""
    place: int = 0


class Tokens:
    """One document's tokens with their offsets; `first` is the place of its first token."""

    def __init__(self, doc: Doc, ids: Sequence[int], offsets: Offsets, first: int, kept: int) -> None:
        self.ids, self.first, self.kept = ids, first, kept
        stripped = without_blanks(doc.text, offsets)
        self.starts, self.ends = [a for a, _ in stripped], [b for _, b in stripped]

    def places(self, low: int, high: int) -> tuple[int, int] | None:
        """The places of some code points, None when they were not kept."""
        start, end = token_range(self.starts, self.ends, low, high)
        return (self.first + start, self.first + end) if start < end <= self.kept else None


def add(doc: Doc, number: int, encoding: Any, arrays: Arrays, known: frozenset[str], most: int) -> Tokens:
    """Cut one document into windows and append them."""
    ids, offsets = encoding.ids, encoding.offsets
    tokens = Tokens(doc, ids, offsets, arrays.place, len(ids))
    spans = list(split_sentences(doc.text)) if not doc.ratings else None
    bounds = [(s.start, s.end) for s in spans] if spans is not None else [(a, b) for a, b, _ in doc.ratings]
    firsts = [token_range(tokens.starts, tokens.ends, a, b)[0] for a, b in bounds]
    sentence_ends = sorted({*firsts[1:], len(ids)})
    ends = window_ends(sentence_ends, len(ids), most)
    tokens.kept = ends[-1] if ends else 0
    flags = np.zeros(len(ids), np.uint8)
    for pattern, bit in ((ANY_WORD, WORD_START), (LOWER_WORD, KNOWN)):
        for match in pattern.finditer(doc.text):
            start, end = token_range(tokens.starts, tokens.ends, *match.span())
            if bit == WORD_START and start < end:
                flags[start] |= bit
            elif bit == KNOWN and match.group() in known:
                flags[start:end] |= bit
    qualities = {f: q for f, (_, _, q) in zip(firsts, doc.ratings, strict=True)} if doc.ratings else {}
    low = 0
    for high in ends:
        inside = sorted({low, *(f for f in firsts if low < f < high)})
        sentence = np.searchsorted(inside, np.arange(low, high), side="right") - 1
        arrays.tokens.append(np.array(ids[low:high], np.uint16))
        arrays.flags.append(flags[low:high])
        arrays.sentence.append(np.minimum(sentence, MOST_SENTENCES - 1).astype(np.uint8))
        window = len(arrays.window_end)
        for n, f in enumerate(inside[:MOST_SENTENCES]):
            length = (inside[n + 1] if n + 1 < len(inside) else high) - f
            quality = qualities.get(f, doc.quality if length >= 6 else -1.0)
            if quality >= 0:
                arrays.ratings.append((window, n, quality))
        arrays.place += high - low
        arrays.window_end.append(arrays.place)
        arrays.window_doc.append(number)
        low = high
    return tokens


def add_spans(doc: Doc, tokens: Tokens, original: Tokens | None, arrays: Arrays) -> None:
    for change in doc.spans:
        here = tokens.places(change.start, change.end)
        there = original.places(change.low, change.high) if original is not None and change.low >= 0 else None
        if here is not None:
            arrays.spans.append((*here, change.kind, *(there or (-1, -1))))


def most_windows(doc: Doc) -> int:
    """How many windows of a document are kept."""
    if doc.pool == "judge":
        return 6
    return 2 if doc.copy_of and not doc.copy_of.startswith("set") else 4


def build(
    docs: Sequence[Doc], tokenizer: Tokenizer, known: frozenset[str]
) -> tuple[list[dict[str, Any]], Arrays]:
    """Everything for the documents, in their order; an original stands before or after its translations."""
    arrays, kept, wanted = Arrays(), {}, {d.original for d in docs if d.original}
    waiting, described = [], []
    for first in range(0, len(docs), 512):
        chunk = docs[first : first + 512]
        for number, (doc, encoding) in enumerate(
            zip(chunk, tokenizer.encode_batch([d.text for d in chunk]), strict=True)
        ):
            tokens = add(doc, first + number, encoding, arrays, known, most_windows(doc))
            if doc.id in wanted:
                kept[doc.id] = tokens
            if doc.spans:
                waiting.append((doc, tokens))
            described.append(description(doc))
    for doc, tokens in waiting:
        add_spans(doc, tokens, kept.get(doc.original), arrays)
    return described, arrays


def description(doc: Doc) -> dict[str, Any]:
    """What is written about a document: all but its text."""
    left = ("text", "spans", "ratings", "quality")
    return {name: getattr(doc, name) for name in Doc.__dataclass_fields__ if name not in left}


def save(described: Iterable[dict[str, Any]], arrays: Arrays, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(d, ensure_ascii=False) + "\n" for d in described)
    (folder / "documents.jsonl").write_text("".join(lines), encoding="utf-8")
    np.savez(
        folder / "windows.npz",
        tokens=np.concatenate(arrays.tokens),
        flags=np.concatenate(arrays.flags),
        sentence=np.concatenate(arrays.sentence),
        window_end=np.array(arrays.window_end, np.int64),
        window_doc=np.array(arrays.window_doc, np.int32),
        ratings=np.array(arrays.ratings, np.float32).reshape(-1, 3),
        spans=np.array(arrays.spans, np.int64).reshape(-1, 5),
    )


def known_words(path: Path) -> frozenset[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.split("\t")[0].strip() for line in lines)


def without_engines(data: Path) -> Iterator[Doc]:
    """All documents but translations made here, in a fixed order for the same files."""
    from training.reader import annotated, augment, consensus, documents

    train = data / "train"
    docs = consensus.with_consensus(documents.corpora(data), train / "aligned.jsonl.xz")
    docs += documents.human(train / "human")
    docs += documents.human_web(train / "human_web.jsonl.xz")
    docs += documents.wild(train / "wild_mt.jsonl.xz")
    yield from docs
    yield from augment.sets(docs)
    yield from augment.copies(docs)
    yield from annotated.rated(train)
    yield from annotated.professional(train / "spans" / "mqm_newstest2020_zhen.jsonl.xz", "mqm")
    yield from annotated.professional(train / "spans" / "bio_mqm.jsonl.xz", "bio_mqm")
    yield from annotated.planted(train / "spans" / "demetr.jsonl.xz")


def of_engines(folder: Path) -> Iterator[Doc]:
    """Translations made here, with their originals."""
    from training.reader import augment
    from training.reader import translations as engines

    docs = list(engines.documents(engines.read(folder)))
    yield from docs
    yield from augment.copies(docs)


def judged(path: Path) -> Iterator[Doc]:
    """Documents that are only read: a `.jsonl.gz` file, or the texts of a folder."""
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield Doc(
                f"{path.name}/{file.stem}",
                file.read_text("utf-8"),
                None,
                "judge",
                path.name,
                "",
                path.name,
                "",
            )
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            yield Doc(
                f"dev/{record['id']}",
                record["text"],
                record["label"],
                "judge",
                record.get("group", ""),
                "",
                "dev",
                "",
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, help="folder that holds train/")
    parser.add_argument("--translations", type=Path, help="folder of translations, instead of --data")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True, help="words.txt.gz of a model folder")
    parser.add_argument(
        "--judged", type=Path, nargs="*", default=[], help="texts that are read and never teach"
    )
    parser.add_argument("--every", type=int, default=1, help="only every n-th document, for trials")
    given = parser.parse_args()
    from tokenizers import Tokenizer

    found = without_engines(given.data) if given.data else of_engines(given.translations)
    docs = [
        d for n, d in enumerate(found) if n % given.every == 0 or d.original or d.id.startswith("original/")
    ]
    docs += (d for path in given.judged for d in judged(path))
    described, arrays = build(docs, Tokenizer.from_file(str(given.tokenizer)), known_words(given.words))
    save(described, arrays, given.out)
    print(f"{len(described)} documents, {len(arrays.window_end)} windows, {arrays.place} tokens")


if __name__ == "__main__":
    main()
