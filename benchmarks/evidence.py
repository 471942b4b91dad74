"""How good the evidence is: planted errors, false findings on human text, lift on garbled text, source languages.

    python -m benchmarks.evidence DATA [--model DIR] [--documents N] [--reading close]

DATA is the folder that holds `train/` and `pivot/`. Four tables: recall and rank of one planted error per document
and kind, in sources that the findings were tuned on and in others; findings per 1,000 words on untouched human
text, by genre; on garbled chunks with the human text of the same lines beside them, how often the words of the
strongest findings are missing from the human line, against content words of the same chunk and frequency; and how
often the source language is named and named rightly. Seeded: the same documents give the same figures.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.finding import Finder, Found, finder
from benchmarks.planted_errors import PLANTS, READ_CLOSELY, Plant, plant_unlisted, unlisted_words
from benchmarks.toy import parsed, write_data
from mtscore.findings.collection import find_evidence
from mtscore.findings.source_language import source_languages
from mtscore.model.folder import default_model_path
from mtscore.signals.analysis import analyse, content_mask
from mtscore.signals.extraction import Extraction
from mtscore.text.body import find_body
from mtscore.text.segmentation import segment
from mtscore.words.resources import Resources, load_resources

TUNED = (
    "abc2006/original", "masakhane_eng/original", "wikipedia/encyclopedia", "gum/original", "brown1961/original",
    "masc/original", "llm_fastdetect/original",
)  # fmt: skip
UNTUNED = ("bbc2005/original", "isot_reuters/original", "onestop/original", "wmt24_en_src/original")
"""Groups whose documents get the planted errors: those on whose planted errors the findings were tuned, and news on
which they were not."""

MAX_CHARS, MAX_CLOSE_CHARS = 12_000, 2_400
STRONGEST = 5


def prepare(text: str, models: Resources) -> Extraction:
    """What the evidence reads of a document; signals are left empty."""
    body = find_body(text)
    return Extraction(text, body, analyse(segment(text, body.spans), models), np.zeros(0), None)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of one file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def quickly(models: Resources) -> Finder:
    """The findings of the quick reading, of any text whatever its language or length."""

    def find(text: str) -> Found:
        doc = prepare(text, models)
        return Found(find_evidence(doc, models), int(doc.analysis.is_word.sum()))

    return find


def cut(text: str, most: int = MAX_CHARS) -> str:
    """The text, or its first `most` characters up to the last line break: no word is cut in two."""
    return text if len(text) <= most else text[:most].rpartition("\n")[0] or text[:most]


def human_documents(data: Path, count: int) -> dict[str, list[str]]:
    """Up to `count` documents a genre, drawn with a fixed seed."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path in sorted((data / "train" / "human").glob("*.jsonl.xz")):
        for record in records(path):
            name = f"{path.name.split('.')[0]}/{record['group'].split(':')[0]}"
            groups[name].append(cut(record["text"]))
    return {name: random.Random(97).sample(texts, min(count, len(texts))) for name, texts in groups.items()}


def planted(
    groups: dict[str, list[str]],
    names: tuple[str, ...],
    models: Resources,
    plants: tuple[tuple[str, Plant], ...],
    find: Finder,
) -> None:
    """Recall of planted errors in some groups: any kind that overlaps the span counts as found."""
    print(
        f"planted errors in {', '.join(names)}: kind, planted, found, among the first three findings, intended right"
    )
    prepared = [(text, prepare(text, models)) for name in names for text in groups[name]]
    for kind, plant in plants:
        rng, found, first, right, total = random.Random(5), 0, 0, 0, 0
        for text, doc in prepared:
            done = plant(text, doc, models, rng)
            if done is None:
                continue
            changed, start, end, old = done
            total += 1
            evidence = find(changed).evidence
            hits = [rank for rank, e in enumerate(evidence) if e.start < end and start < e.end]
            found += bool(hits)
            first += bool(hits and hits[0] < 3)
            right += bool(hits and old.lower() in [word.lower() for word in evidence[hits[0]].intended[:3]])
        share = [f"{value / max(total, 1):.3f}" for value in (found, first)]
        print(f"  {kind:28s} {total:5d} {share[0]} {share[1]} {right / max(found, 1):.3f}")


def false_findings(groups: dict[str, list[str]], find: Finder) -> None:
    """Findings per 1,000 words of human text."""
    print("false findings per 1,000 words: genre, words, all, by kind")
    for name, texts in sorted(groups.items()):
        words, kinds = 0, Counter[str]()
        for text in texts:
            found = find(text)
            words += found.words
            kinds.update(e.kind for e in found.evidence)
        rates = {kind: round(1000 * count / max(words, 1), 2) for kind, count in sorted(kinds.items())}
        print(f"  {name:34s} {words:7d} {1000 * kinds.total() / max(words, 1):.2f} {rates}")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


Row = tuple[bool, float]
"""Whether something is missing from the human line, and its log10 frequency."""


def lift(data: Path, models: Resources) -> None:
    """How often the human line lacks what the strongest findings mark, against content words of like frequency.

    Measured three times. Words: the content words inside findings, by their first five letters ("Simpsona" is not
    missing beside "Simpson"). Counted words: the same, but a word that stands in a line for the n-th time is missing
    unless the human line has it n times, in findings and outside: a repetition says that a word stands there once too
    often. Spans: whole findings, missing when the human line does not have their words in a row; their frequency is
    that of the rarest word.
    """
    rows: dict[str, tuple[list[Row], list[Row]]] = {
        title: ([], []) for title in ("words", "counted words", "spans")
    }
    for record in records(data / "train" / "aligned.jsonl.xz"):
        if record["label"] == 1:
            chunk = _Chunk(record, models)
            strongest = find_evidence(chunk.doc, models, limit=STRONGEST)
            rows["spans"][0].extend(chunk.row(e.text, e.start) for e in strongest if _words(e.text))
            for start, end, word in chunk.content_words():
                is_found = any(e.start < end and start < e.end for e in strongest)
                for title, row in (
                    ("words", chunk.row(word, start, letters=5)),
                    ("counted words", chunk.counted_row(word, start)),
                    ("spans", chunk.row(word, start)),
                ):
                    rows[title][1].append(row)
                    if is_found and title != "spans":
                        rows[title][0].append(row)
    for title, (found, content) in rows.items():
        _print_lift(title, found, content)


class _Chunk:
    """A garbled chunk with the human text of its lines."""

    def __init__(self, record: dict[str, Any], models: Resources) -> None:
        self.doc = prepare("\n".join(record["mt"]), models)
        self._starts = np.cumsum([0] + [len(line) + 1 for line in record["mt"]])
        self._human = [_words(line) for line in record["human"]]
        self._left = [Counter(word[:5] for word in words) for words in self._human]
        self._lexicon = models.lexicon

    def content_words(self) -> Iterator[tuple[int, int, str]]:
        """Start, end and word."""
        analysis = self.doc.analysis
        for i in np.flatnonzero(content_mask(analysis)).tolist():
            yield int(analysis.starts[i]), int(analysis.ends[i]), analysis.words[i]

    def row(self, text: str, start: int, letters: int | None = None) -> Row:
        """Whether the human line lacks the text's words in a row, each by its first `letters`."""
        human, own = (
            " ".join(w[:letters] for w in words) for words in (self._human[self._line(start)], _words(text))
        )
        frequency = min((self._lexicon.log_frequency(word) for word in _words(text)), default=0.0)
        return f" {own} " not in f" {human} ", frequency

    def counted_row(self, word: str, start: int) -> Row:
        """Whether the human line has the word, by its first five letters, less often than this was asked of the line:
        to be asked once for each word, in their order."""
        left = self._left[self._line(start)]
        left[word[:5]] -= 1
        return left[word[:5]] < 0, self._lexicon.log_frequency(word)

    def _line(self, start: int) -> int:
        return min(int(np.searchsorted(self._starts, start, side="right")) - 1, len(self._human) - 1)


def _print_lift(title: str, found: list[Row], content: list[Row]) -> None:
    edges = np.arange(-8.5, -2, 0.5)
    absent, all_absent = (np.array([row[0] for row in rows]) for rows in (found, content))
    bands, all_bands = (np.digitize([row[1] for row in rows], edges) for rows in (found, content))
    expected = np.mean([all_absent[all_bands == band].mean() for band in bands if band in all_bands])
    print(f"lift, {title}: {len(absent)} of the strongest {STRONGEST} findings, {absent.mean():.3f} missing from the "
          f"human line; content words of the same frequency {expected:.3f}, all {all_absent.mean():.3f}")  # fmt: skip


def named_sources(data: Path, models: Resources) -> None:
    """How often a source language is named for garbled chunks, and how often rightly."""
    pivots = models.pivots
    rows = []
    for record in records(data / "train" / "aligned.jsonl.xz"):
        if record["label"] == 1:
            doc = prepare("\n".join(record["mt"]), models)
            named = source_languages(find_evidence(doc, models), doc, models)
            rows.append((record["source_lang"][:2], next(iter(named.items()), None)))
    codes = pivots._tables.languages if pivots else None
    listed = {codes[number] for number in range(len(codes))} if codes else set()
    print("source languages: chunks, named, right, mean probability given")
    for title, chosen in (
        ("with a dictionary", [row for row in rows if row[0] in listed]),
        ("others", [row for row in rows if row[0] not in listed]),
    ):
        given = [(language, first) for language, first in chosen if first]
        right = sum(language == first[0] for language, first in given)
        claimed = sum(first[1] for _, first in given) / max(len(given), 1)
        print(f"  {title:20s} {len(chosen):4d} {len(given) / max(len(chosen), 1):.3f} "
              f"{right / max(len(given), 1):.3f} {claimed:.3f}")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure the evidence.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--documents", type=int, help="documents a genre (60; 10 for the close reading)")
    parser.add_argument("--reading", choices=("quick", "close"), default="quick")
    with parsed(parser, arguments, _toy) as given:
        _run(given)


def _toy(folder: Path) -> list[str]:
    return [str(write_data(folder)), "--documents", "2"]


def closely(data: Path, model: Path | None, documents: int) -> None:
    """What the close reading finds of planted errors, and in the same documents without them."""
    models, find = load_resources(model or default_model_path()), finder(model, "close")
    groups = human_documents(data, documents)
    chosen = {
        name: [cut(text, MAX_CLOSE_CHARS) for text in groups.get(name, ())] for name in (*UNTUNED, *TUNED)
    }
    print("close reading")
    for names in (UNTUNED, TUNED):
        planted(chosen, names, models, READ_CLOSELY, find)
    false_findings(chosen, find)


def _run(given: argparse.Namespace) -> None:
    if given.reading == "close":
        closely(given.data, given.model, given.documents or 10)
        return
    models = load_resources(given.model or default_model_path())
    groups = human_documents(given.data, given.documents or 60)
    find = quickly(models)
    dictionary = unlisted_words(given.data / "pivot" / "gpl" / "de.tsv.xz", models)
    unlisted = ("untranslated, unlisted word", partial(plant_unlisted, dictionary=dictionary))
    for names in (UNTUNED, TUNED):
        planted(groups, names, models, (*PLANTS, *READ_CLOSELY[1:], unlisted), find)
    false_findings(groups, find)
    lift(given.data, models)
    named_sources(given.data, models)


if __name__ == "__main__":
    main()
