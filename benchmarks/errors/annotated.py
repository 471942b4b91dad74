"""Machine translations in which people marked what is wrong, beside translations by people that were marked as well.

Three sets: `mlqe_tags` (words that post-editors changed, four languages), `mqm_newstest2020_zhen` (news from Chinese,
professional raters) and `bio_mqm` (medical abstracts, six languages). Consecutive sentences of one document and system
are joined to `WORDS` words or more. A mark counts if any rater made it, if it is major or critical, and if its
category is one that can show in the English: what was left out or added, or is written against a local custom, is not
asked for. Other marks are `lesser` ones.

The shipped reader was trained on these sets, all languages and documents. So what the close reading finds here is no
held-out figure but an upper bound.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks import toy
from benchmarks.errors.counting import Mark, Marked, Tally, by_kind, share, tally
from benchmarks.finding import Finder

WORDS = 80
"""Sentences are joined until there are as many."""

SETS = ("mlqe_tags", "mqm_newstest2020_zhen", "bio_mqm")

VISIBLE = frozenset((
    "word", "accuracy/mistranslation", "accuracy/untranslated text", "accuracy", "mistranslation", "untranslated",
    "fluency/grammar", "fluency/spelling", "fluency/punctuation", "fluency/character encoding", "style/awkward",
    "terminology/inappropriate for context", "terminology", "wrong term", "linguistic_conventions", "grammar",
    "spelling", "punctuation", "character encoding", "non-fluent", "unintelligible", "style", "non-translation!",
))  # fmt: skip
"""Categories that can show in the English, in small letters. `word` is what post-editors changed."""

GRAVE = frozenset(("major", "critical", "bad"))

_BLANK = re.compile(r" (?=[.,;:!?)\]%](?: |$)|['’](?:s|re|ve|ll|d|m)\b|n['’]t\b)|(?<=[(\[]) ")

Record = Mapping[str, Any]


@lru_cache(maxsize=len(SETS))
def groups_of(path: Path) -> dict[str, list[Marked]]:
    """All texts of a set by language and by who made them: `ro, machine`."""
    name = path.name.split(".")[0]
    out: dict[str, list[Marked]] = defaultdict(list)
    for (language, system), records in _by_system(path).items():
        is_human = system.startswith(("Human", "reference"))
        title = f"{name} {language}, {'people' if is_human else 'machine'}"
        for document in _documents(records):
            out[title].extend(joined(document, title, is_human=is_human))
        if name == "mlqe_tags":
            edited = [{**record, "text": record["post_edit"], "spans": []} for record in records]
            title = f"{name} {language}, post-edits"
            out[title].extend(joined(edited, title, is_human=True))
    return out


def _by_system(path: Path) -> dict[tuple[str, str], list[Record]]:
    """The records of each language and system, in their order; some have no system, and nobody can say whose they
    are."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record.get("system"):
                found[record["source_lang"], record["system"]].append(record)
    return found


def _documents(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The sentences of each document in order, each with the marks of all its raters. Where documents have no name a
    new one begins where the numbers of sentences start again."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    texts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    number, last = 0, 0
    for record in records:
        segment = int(record["seg"]) if str(record.get("seg", "")).isdigit() else last
        if segment < last and not record.get("doc"):
            number += 1
        last = segment
        document = str(record.get("doc") or number)
        known = merged.get((str(record.get("doc", "")), record["text"]))
        if known is None:
            known = {**record, "spans": [], "place": segment}
            merged[str(record.get("doc", "")), record["text"]] = known
            texts[document].append(known)
        known["spans"] = [*known["spans"], *record["spans"]]
    for sentences in texts.values():
        if sentences[0].get("doc"):
            sentences.sort(key=lambda each: int(each["place"]))
        yield list(sentences)


def joined(sentences: Sequence[Record], group: str, *, is_human: bool) -> Iterator[Marked]:
    """Texts of consecutive sentences with `WORDS` words or more; a rest that is too short is left out."""
    waiting: list[Record] = []
    count = 0
    for sentence in sentences:
        waiting.append(sentence)
        count += len(untokenised(sentence["text"], ())[0].split())
        if count >= WORDS:
            yield _one(waiting, group, is_human)
            waiting, count = [], 0


def _one(sentences: Sequence[Record], group: str, is_human: bool) -> Marked:
    text = ""
    marks: dict[tuple[int, int], Mark] = {}
    lesser: dict[tuple[int, int], Mark] = {}
    for sentence in sentences:
        own, spans = untokenised(sentence["text"], sentence["spans"])
        text = f"{text} {own}" if text else own
        first = len(text) - len(own)
        for start, end, category, severity in spans:
            name, grade = category.strip().lower(), severity.strip().lower()
            place = (first + start, first + end)
            if start < end:
                counts = grade in GRAVE and name in VISIBLE
                (marks if counts else lesser)[place] = Mark(*place, f"{name} {grade}")
    return Marked(text, tuple(marks.values()), group, is_human, tuple(lesser.values()))


def untokenised(text: str, spans: Iterable[Sequence[Any]]) -> tuple[str, list[tuple[int, int, str, str]]]:
    """The text without blanks before its punctuation, which tools left there, and the spans in it."""
    gone = [match.start() for match in _BLANK.finditer(text)]
    moved = [sum(place < i for place in gone) for i in range(len(text) + 1)]
    kept = "".join(letter for i, letter in enumerate(text) if i not in frozenset(gone))
    return kept, [
        (start - moved[start], end - moved[end], category, severity)
        for start, end, category, severity, *_ in spans
    ]


def report(reading: str, find: Finder, spans: Path, texts: int) -> None:
    """Prints for each set and language what is found of its marks, and on people's translations: in so many texts of a
    set and maker, as many of each language; in a third as many post-edits."""
    print(f"annotated spans, {reading} reading: set, texts, those called garbled, words; precision (any mark, by "
          "chance) of findings, recall of marks; findings per 1,000 words")  # fmt: skip
    for name in SETS:
        _report_set(name, groups_of(spans / f"{name}.jsonl.xz"), find, texts)


def _report_set(name: str, groups: Mapping[str, Sequence[Marked]], find: Finder, texts: int) -> None:
    whole: dict[str, list[Tally]] = defaultdict(list)
    makers = {title: title.rpartition(", ")[2] for title in sorted(groups)}
    languages = Counter(makers.values())
    for title, maker in makers.items():
        found, asked = groups[title], max(1, texts // 3) if maker == "post-edits" else texts
        number = min(-(-asked // languages[maker]), len(found))
        counts = tally((each, find(each.text)) for each in random.Random(f"{title} 97").sample(found, number))
        whole[maker].append(counts)
        _print_figures(title, maker, counts)
    sums = {maker: _sum(each) for maker, each in whole.items()}
    for maker, counts in sums.items():
        _print_figures(f"{name}, all {maker}", maker, counts)
    for maker in ("people", "post-edits"):
        if maker in sums:
            ratio = share_of_rates(sums[maker], sums["machine"])
            print(f"  {maker} against machine: {ratio:.3f} of the findings")
    machine = sums["machine"]
    print(f"  by kind, at a mark of all: {by_kind(machine)}")
    recalls = (
        f"{category} {machine.found[category]}/{count} {share(machine.found[category], count):.3f}"
        for category, count in machine.marks.most_common()
    )
    print(f"  by category, found of all: {', '.join(recalls)}")


def _print_figures(title: str, maker: str, counts: Tally) -> None:
    """One line; post-edits have no marks of their own."""
    line = f"  {title:36s} {counts.texts:4d} {counts.garbled:4d} {counts.words:6d};"
    if maker != "post-edits":
        any_mark = share(counts.at_any, counts.findings.total())
        line += (f" {counts.precision:.3f} ({any_mark:.3f}, {counts.chance:.3f}) of {counts.findings.total()}, "
                 f"{counts.recall:.3f} of {counts.marks.total()};")  # fmt: skip
    print(f"{line} {counts.rate:.2f}")


def share_of_rates(few: Tally, many: Tally) -> float:
    """How many times as many findings a thousand words have; NaN where the others have none."""
    return few.rate / many.rate if many.rate else float("nan")


def _sum(parts: Iterable[Tally]) -> Tally:
    out = Tally()
    for part in parts:
        out.texts, out.words = out.texts + part.texts, out.words + part.words
        out.garbled += part.garbled
        out.at_any, out.marked_words = out.at_any + part.at_any, out.marked_words + part.marked_words
        for name in ("findings", "at_mark", "marks", "found", "told", "right"):
            getattr(out, name).update(getattr(part, name))
        out.stray += part.stray
    return out


def write_toy(folder: Path) -> Path:
    """A folder like the one that holds the sets, with a few made-up sentences whose first words are marked."""
    spans = folder / "train" / "spans"
    spans.mkdir(parents=True)
    for name, category, severity, system in (
        ("mlqe_tags", "word", "bad", "toy"),
        ("mqm_newstest2020_zhen", "Fluency/Grammar", "major", "Human-A.0"),
        ("bio_mqm", "Mistranslation ", "critical ", "toy"),
    ):
        with lzma.open(spans / f"{name}.jsonl.xz", "wt", encoding="utf-8") as out:
            for number, line in enumerate(toy.text(7, 40)):
                for made_by in (system, "toy"):
                    record = {
                        "text": toy.spoilt(line, 0.3, number), "spans": [[0, 9, category, severity]],
                        "seg": str(number), "source_lang": "zh", "system": made_by, "post_edit": line,
                    }  # fmt: skip
                    out.write(json.dumps(record) + "\n")
    return folder
