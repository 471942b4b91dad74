"""The labelled documents that a model learns from, with what is needed to hold parts of them out.

Every row says where it came from (`source`), what it is (`group`), which register it belongs to, and which
`component` it must not be separated from (documents that share a sentence or a story). Matched rows are
machine translation and human text of the same lines, from the same source: they teach garbling rather than
topic.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mtscore.model.base_features import component_number
from mtscore.text.segmentation import split_sentences
from training.debris import with_debris

BAND_SYSTEMS = ("argos", "opusmt", "nllb", "bergamot-tiny")
BAND = 0.14
"""Their chunks up to so far above the rule's limit of agreement are mixed: garbled with falling likelihood."""

UNSURE = 0.35
"""What a row counts that is garbled in all likelihood, but has no label that says so: such rows teach and never
judge."""

FLUENT_WEIGHTS = {
    "fluent_mt": 0.2,
    "fluent_mt_short": 0.2,
    "fluent_mt_near": 0.15,
    "fluent_mt_far": 0.15,
    "fluent_mt_weak": 0.15,
}
"""The groups of fluent machine translation and what their documents count: more would cost garbled text of the same
corpora, less would flag them."""

SURELY_FLUENT = ("fluent_mt", "fluent_mt_short")
"""Those that judge, too; the others are mostly fluent."""

UNALIGNED = ("wmt14",)
"""Datasets of the aligned corpus whose lines are not parallel: agreement is chance (0.2 to 0.45 for all systems)."""

FLUENT_SYSTEMS = ("google", "microsoft")
FLUENT_AGREEMENT, MIDDLE_AGREEMENT = 0.8, 0.6
"""Online systems that agree so far with the human text: fluent machine translation, not garbled. Farther from it they
are mostly fluent beside a free human text."""

WEAK_SYSTEMS = (*BAND_SYSTEMS, "bergamot-base", "bergamot-base-memory")
WEAK_FLUENT = {"flores": 0.8, "wmt_news": 0.76}
"""Agreement from which chunks of weak systems are mostly fluent, too."""

FLUENT_WMT22 = ("Online-W", "Online-B", "JDExploreAcademy", "Lan-Bridge")

_GROUPS = {
    "news": (
        "original:abc2006 original:bbc2005 original:isot_reuters original:onestop original:wmt24_en_src"
    ),
    "world_news": "original:masakhane_eng world-english:intl_news tabloid:dailymail",
    "partisan": "partisan:isot_partisan",
    "simplified": "simplified:onestop",
    "edited_prose": (
        "original:brown1961 original:gum original:masc original:llm_fastdetect fiction:gum "
        "fiction:wmt24_en_src"
    ),
    "blog": (
        "original:18f_blog original:rust_blog original:ropensci_blog original:opensuse_news "
        "nonnative-blog:pingcap_blog"
    ),
    "government": "original:digitalgov",
    "science": "original:plos",
    "recipes": "original:recipes",
    "encyclopedia": "encyclopedia:wikipedia",
    "transcript": (
        "transcript:earnings22 transcript:ectsum_calls transcript:gum transcript:masc transcript:changelog "
        "transcript:us_speeches transcript:wmt24_en_src"
    ),
    "learner": "learner:learner_toefl",
    "student": "student:learner_toefl original:learner_toefl student:toefl_essays_chatgpt",
    "llm": "llm:toefl_essays_chatgpt llm:learner_toefl llm:llm_fastdetect llm:llm_misinfo",
    "llm_base": "llm-base:llm_fastdetect",
    "old": "old:ocr_19c old:us_speeches",
    "pidgin": "pidgin:pidgin_news",
    "poetry": "poetry:poetry_rhyme poetry:gum",
    "social": "social:ewt social:masc social:wmt24_en_src",
    "chat": "social:nps_chat social:sms_singapore",
}
RATED_BAD, RATED_SENTENCES = 45.0, 12
"""Nepali sentences rated below this (0 to 100) are mostly garbled; so many make a document."""

NEAR_WEIGHT = 16.0
NEAR_REGISTERS = frozenset({"old", "encyclopedia", "science"})
"""Human registers nearest to garbled text that have no translations beside them, and what their documents count:
scanning errors look like invented words, terms and names like untranslated ones."""

ADDED_SOURCES = frozenset({"changelog", "dailymail", "intl_news", "pingcap_blog"})
"""Sources of human documents that came with those of other registers."""

REGISTERS = {group: register for register, groups in _GROUPS.items() for group in groups.split()}
"""The register of every group of human documents."""


@dataclass(frozen=True, slots=True)
class Row:
    """One training document. `label` is 1 (garbled) or 0; `is_matched` when its human or machine
    counterpart is in the data too; `weight` is what it counts, less than 1 for a label that is less certain."""

    id: str
    text: str
    label: int
    group: str
    register: str
    source: str
    component: str
    system: str = ""
    language: str = ""
    is_matched: bool = False
    weight: float = 1.0
    is_added: bool = False
    """Whether it came with the registers that the translation corpora lack (`training.registers`)."""


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of one `.jsonl.xz` file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def seeded(key: str) -> random.Random:
    """A generator that depends on the key alone."""
    return random.Random(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big"))


def line_key(line: str) -> str:
    """What makes two lines the same: their letters and digits."""
    return re.sub(r"\W+", "", line).lower()


def is_held_out(document_id: str) -> bool:
    """Whether a human document is kept out of the language models and may be a training negative.

    Half of the documents, by a digest of the id: the language models are built without the lines of these,
    and the classifier sees none of the others that the corpus contains.
    """
    return hashlib.sha256(document_id.encode()).digest()[-1] % 2 == 1


def aligned_rows(path: Path) -> Iterator[Row]:
    """Matched rows: garbled chunks, those that may be (`band_weight`; with debris planted, for they judge
    nothing), fluent translation as negatives (`fluent_group`), and each human side once."""
    seen: set[str] = set()
    for record in read_lines(path):
        if record["dataset"] in UNALIGNED:
            continue
        register = source = "flores" if record["dataset"] == "flores-dev" else "wmt_news"
        system, lines = record["system"], len(record["mt"])
        joint = "\n" if seeded(record["content"]).random() < 0.5 else " "
        common = {
            "source": source,
            "component": f"aligned{record['component']}",
            "language": record["source_lang"],
        }
        machine = Row(record["id"], joint.join(record["mt"]), 1, f"{register}_mt", register, system=system,
                      is_matched=True, **common)  # fmt: skip
        weight = band_weight(record, register)
        if record["label"] == 1:
            yield machine
        elif weight:
            text = with_debris(machine.text, seeded("debris" + machine.id))
            yield replace(machine, text=text, weight=weight, group=f"{register}_band")
        elif group := fluent_group(record, register):
            yield replace(machine, label=0, group=group, register="fluent_mt", weight=FLUENT_WEIGHTS[group])
        human = joint.join(record["human"])
        if human not in seen and lines >= 8:
            seen.add(human)
            common["language"] = ""
            yield Row(
                "human/" + record["id"], human, 0, f"{register}_human", register, is_matched=True, **common
            )


def band_weight(record: Mapping[str, Any], register: str) -> float:
    """How much an unlabelled chunk counts as a garbled one: `UNSURE` up to 0.087 above the rule's limit of
    agreement, three tenths of that at `BAND` above it, 0 (not at all) beyond and for other systems."""
    above = float(record["agreement"]) - (0.60 if register == "flores" else 0.55)
    if record["system"] not in BAND_SYSTEMS or above > BAND:
        return 0.0
    return UNSURE * min(max(2.14 - 13.1 * above, 0.0), 1.0)


def fluent_group(record: Mapping[str, Any], register: str) -> str:
    """The group of an unlabelled chunk that is not garbled, by its system and agreement; empty for the others."""
    system, agreement = record["system"], record["agreement"]
    if system in FLUENT_SYSTEMS:
        if agreement > FLUENT_AGREEMENT:
            return SURELY_FLUENT[0] if len(record["mt"]) >= 16 else SURELY_FLUENT[1]
        return "fluent_mt_near" if agreement >= MIDDLE_AGREEMENT else "fluent_mt_far"
    return "fluent_mt_weak" if system in WEAK_SYSTEMS and agreement >= WEAK_FLUENT[register] else ""


def rated_rows(path: Path) -> Iterator[Row]:
    """Garbled documents made from Nepali sentences that raters found bad: the half of them that does not teach the
    quality model (`is_for_rating`), a dozen each."""
    bad = [
        record
        for record in read_lines(path)
        if record["source_lang"] == "ne" and record["kind"] == "mt" and not is_for_rating(record)
    ]
    bad.sort(key=lambda record: seeded("rated" + record["id"]).random())
    for first in range(0, len(bad) - RATED_SENTENCES + 1, RATED_SENTENCES):
        text = " ".join(record["text"] for record in bad[first : first + RATED_SENTENCES])
        yield Row(
            f"mlqe/{first}",
            text,
            1,
            "mlqe_mt",
            "mlqe",
            "mlqe",
            f"mlqe:{first}",
            "mlqe-ne",
            "ne",
            weight=UNSURE,
        )


def is_for_rating(record: Mapping[str, Any]) -> bool:
    """Whether a sentence of the rated corpus teaches the quality model, and not the classifier."""
    is_garbled = record["source_lang"] == "ne" and record.get("quality", 100.0) < RATED_BAD
    return not is_garbled or component_number(record["id"]) % 2 == 0


def system_rows(path: Path, source: str) -> Iterator[Row]:
    """Rows of a corpus with weak systems (1) beside human text (0); unlabelled systems are left out."""
    for record in read_lines(path):
        human, weight = record["label"] == 0, 1.0
        if record["label"] is None:
            if source != "wmt22" or record["system"] not in FLUENT_WMT22:
                continue
            group = register = "fluent_mt"
            weight = FLUENT_WEIGHTS[group]
        else:
            group, register = f"{source}_{'human' if human else 'mt'}", source
        yield Row(record["id"], record["text"], int(record["label"] == 1), group, register, source,
                  f"{source}:{record['source_lang']}:{record['content']}", record["system"],
                  "" if human else record["source_lang"], is_matched=True, weight=weight)  # fmt: skip


def human_rows(folder: Path, in_lm: Container[str]) -> Iterator[Row]:
    """Genre negatives. A document of which the language models know a line is left out."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        source = path.name.split(".")[0]
        for record in read_lines(path):
            if any(line_key(line) in in_lm for line in record["text"].split("\n")):
                continue
            group = record["group"]
            identity = f"{source}/{record['id']}"
            register = REGISTERS[group]
            yield Row(
                identity, record["text"], 0, group, register, source, f"{source}:{record['id']}",
                weight=NEAR_WEIGHT if register in NEAR_REGISTERS else 1.0, is_added=source in ADDED_SOURCES,
            )  # fmt: skip


def cut(row: Row, *, share: float = 0.6, longest: int = 1500) -> Row:
    """The row with its text cut to whole sentences: a `share` of the rows to 80 to 600 words from a random
    place, the rest to at most `longest` words from the start, so that length tells no class apart."""
    generator = seeded("cut" + row.id)
    words = len(row.text.split())
    is_short = generator.random() < share
    target = generator.choice((80, 120, 180, 260, 400, 600)) if is_short else longest
    if words <= target * 1.2:
        return row
    spans = list(split_sentences(row.text))
    first = generator.randrange(max(1, int(len(spans) * (1 - target / words)))) if is_short else 0
    last, count = first, 0
    while last < len(spans) and count < target:
        count += len(row.text[spans[last].start : spans[last].end].split())
        last += 1
    return replace(row, text=row.text[spans[first].start : spans[last - 1].end])


def training_rows(data: Path, in_lm: Container[str]) -> Iterable[Row]:
    """All rows in a fixed order; `data` is the folder that holds `train/`."""
    train = data / "train"
    yield from aligned_rows(train / "aligned.jsonl.xz")
    yield from rated_rows(train / "mlqe_sentences.jsonl.xz")
    for source in ("wmt22", "compare_mt_sken", "wmt16_fien_smt", "wce_lig_fren"):
        for row in system_rows(train / f"{source}.jsonl.xz", source):
            yield cut(row, share=0.3)
    for row in human_rows(train / "human", in_lm):
        yield cut(row)
