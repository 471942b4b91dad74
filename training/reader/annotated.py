"""Sentences with marked words or ratings, packed into texts of a few sentences.

What annotators mark as an error of meaning often cannot be seen in the English. Such marks count where the untuned
model finds the words very unlikely (`IF_VISIBLE`), are left open where raters disagree or the fault is small, and
only errors of grammar, spelling and planted damage count as they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.dataset import is_for_rating, seeded
from training.reader.documents import IF_VISIBLE, UNKNOWN, WRONG, Change, Doc, records

PER_TEXT = 6
POST_EDIT = 0.9
SEEN = ("Fluency/Grammar", "Fluency/Spelling", "Linguistic_conventions", "Grammar", "Spelling", "Non-fluent",
        "Unintelligible", "Untranslated", "Non-translation!")  # fmt: skip
MEANT = ("Accuracy/Mistranslation", "Accuracy", "Mistranslation", "Wrong term", "Terminology",
         "Terminology/Inappropriate for context", "Style/Awkward", "Accuracy/Untranslated text")  # fmt: skip
PLANTED = ("word_swap", "shuffled", "codemix", "char_removed", "misspelled", "pos_shift", "function_word", "repeat2",
           "repeat4", "tense", "aspect", "case")  # fmt: skip
MILD = ("antonym", "hypernym", "ne_replaced", "numbers_replaced", "addition", "gender")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with its spans; `quality` is negative where nobody rated it."""

    id: str
    text: str
    spans: tuple[Change, ...]
    quality: float = -1.0


def packed(
    name: str, sentences: Sequence[Marked], source: str, component: str, *, language: str, system: str,
    marked: bool = True,
) -> Doc:  # fmt: skip
    """One text of several sentences."""
    text, spans, ratings = "", [], []
    for sentence in sentences:
        first = len(text) + 1 if text else 0
        text = f"{text} {sentence.text}" if text else sentence.text
        spans += [Change(s.start + first, s.end + first, s.kind) for s in sentence.spans]
        if sentence.quality >= 0:
            ratings.append((first, len(text), sentence.quality))
    return Doc(
        name, text, None, "sentences", source, "sentences", source, component, system, language,
        words_fine=marked, spans=tuple(spans), ratings=tuple(ratings),
    )  # fmt: skip


def rated(train: Path) -> Iterator[Doc]:
    """The rated sentences of four languages with their post-edits, and the marks of those that have some."""
    marks = {
        r["text"]: tuple(Change(s[0], s[1], IF_VISIBLE) for s in r["spans"])
        for r in records(train / "spans" / "mlqe_tags.jsonl.xz")
        if r["source_lang"] != "ne"
    }
    pairs: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for record in records(train / "mlqe_sentences.jsonl.xz"):
        if is_for_rating(record):
            pairs[f"{record['source_lang']}:{record['content']}"][record["kind"]] = record
    keys = sorted(pairs, key=lambda k: (k.split(":")[0], seeded("pack" + k).random()))
    for language, group in _chunks(keys, lambda k: k.split(":")[0]):
        component = f"mlqe:{group[0]}"
        for kind in ("mt", "human_translation"):
            found = [pairs[k][kind] for k in group if kind in pairs[k]]
            if kind != "mt" and seeded("edit" + component).random() > 0.3:
                continue
            sentences = [
                Marked(
                    str(r["id"]), str(r["text"]), marks.get(str(r["text"]), ()),
                    float(str(r["quality"])) / 100 if "quality" in r else POST_EDIT if kind != "mt" else -1.0,
                )
                for r in found
            ]  # fmt: skip
            if sentences:
                system = "mlqe" if kind == "mt" else ""
                has_marks = language != "ne" and any(s.spans for s in sentences)
                yield packed(
                    f"mlqe_{kind}/{group[0]}", sentences, f"mlqe_{kind}", component, language=language,
                    system=system, marked=has_marks or kind != "mt",
                )  # fmt: skip


def _chunks(keys: Iterable[str], of: object) -> Iterator[tuple[str, list[str]]]:
    by: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by[of(key)].append(key)  # type: ignore[operator]
    for name, found in sorted(by.items()):
        for first in range(0, len(found), PER_TEXT):
            yield name, found[first : first + PER_TEXT]


def professional(path: Path, source: str) -> Iterator[Doc]:
    """Sentences marked by professional translators, several raters each, in their documents' order.

    Where documents have no name, sentences of several bear one number: only the text tells whose marks they are. They
    stay in the order of the file, and one language is one component.
    """
    found: dict[tuple[str, str, str], dict[tuple[str, str], list[dict[str, object]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for r in records(path):
        segment = (str(r.get("seg", r["id"])), str(r["text"]))
        found[r["source_lang"], r.get("system", ""), str(r.get("doc", ""))][segment].append(r)
    for (language, system, document), segments in sorted(found.items()):
        order = list(segments)
        if document:
            order.sort(key=lambda segment: (int_of(segment[0]), segment))
        is_person = system.startswith(("Human", "reference"))
        for first in range(0, len(order), PER_TEXT):
            sentences = [merged(segments[segment]) for segment in order[first : first + PER_TEXT]]
            yield packed(
                f"{source}/{language}/{system}/{document}/{first}", sentences, source,
                f"{source}:{language}:{document}", language=language, system="" if is_person else system,
            )  # fmt: skip


def int_of(segment: str) -> int:
    return int(segment) if segment.isdigit() else 0


def merged(ratings: Sequence[dict[str, object]]) -> Marked:
    """One sentence with the marks of all its raters: grave ones and those of two raters count."""
    text = str(ratings[0]["text"])
    votes: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    penalty = 0.0
    for rating in ratings:
        for start, end, category, severity, *_ in rating["spans"]:  # type: ignore[attr-defined]
            votes[start, end].append((category, severity))
            penalty += {"neutral": 0.0, "minor": 1.0}.get(severity, 5.0) / len(ratings)
    spans = []
    for (start, end), given in votes.items():
        grave = any(severity in ("major", "critical") for _, severity in given) or len(given) > 1
        category = given[0][0]
        kind = UNKNOWN
        if grave and category in (*SEEN, *MEANT):
            kind = WRONG if category in SEEN else IF_VISIBLE
        spans.append(Change(start, end, kind))
    return Marked(str(ratings[0]["id"]), text, tuple(spans), max(0.0, 1.0 - penalty / 15))


def planted(path: Path) -> Iterator[Doc]:
    """Sentences with one planted error each, beside those without."""
    found = sorted(records(path), key=lambda r: seeded("pack" + r["id"]).random())
    for first in range(0, len(found), PER_TEXT):
        group = found[first : first + PER_TEXT]
        component = f"demetr:{first}"
        damaged = [
            Marked(r["id"], r["text"], tuple(Change(s[0], s[1], kind_of(s[2])) for s in r["spans"]))
            for r in group
        ]
        clean = [Marked(r["id"], r["clean"], ()) for r in group]
        yield packed(f"demetr/{first}", damaged, "demetr", component, language="", system="planted")
        yield packed(f"demetr_clean/{first}", clean, "demetr", component, language="", system="")


def kind_of(damage: str) -> int:
    """What a planted error counts as."""
    return WRONG if damage in PLANTED else IF_VISIBLE if damage in MILD else UNKNOWN
