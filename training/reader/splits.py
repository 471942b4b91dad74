"""Which body of the reader reads what: halves by component, and what the judging bodies leave out.

A body that has read a document, or another one of its component, gives no honest number for it. So there are, beside
the body that ships (`all`), two that read half of everything (`h0`, `h1`), and two pairs that read half of what is
left without whole languages, systems, sources, registers and engines (`j0` and `j1` without the first set, `k0` and
`k1` without the second). The numbers of a document come from the body of the other half.
"""

from __future__ import annotations

from mtscore.model.base_features import component_number
from training.reader.documents import Doc

LANGUAGES = frozenset(("lv", "tr", "ig", "ja", "zh", "hy"))
BODIES = ("all", "h0", "h1", "j0", "j1", "k0", "k1")

FIRST_WEB = frozenset(("forum", "review", "thesis", "pdf", "manual", "lore"))
"""Kinds of `human_web` that the first set leaves out; the second leaves out the others."""
FIRST_WILD = frozenset(("spirit_game_th", "u966_novel_zh_fluent", "docs_isotope_de"))
FIRST_RATED, SECOND_RATED = frozenset(("et", "ru")), frozenset(("ne", "ro"))
RULES = "apertium"


def side(component: str) -> int:
    """The half that a component belongs to, the same as in `benchmarks.protocol`."""
    return (component_number(component) // 11) % 2


def language_of(doc: Doc) -> str:
    """The language that a document, or the translations beside it, were made from."""
    source, *rest = doc.component.split(":")
    return rest[0] if source == "wmt22" else doc.language


def in_first(doc: Doc) -> bool:
    """Whether the first set holds a document: a system, six languages, rule-based engines, half of the registers."""
    if doc.source == "human_web":
        return doc.register in FIRST_WEB
    if doc.source == "wild_mt" and doc.group.removeprefix("wild:") in FIRST_WILD:
        return True
    rated = doc.pool == "sentences" and doc.source.startswith("mlqe") and doc.language in FIRST_RATED
    return (
        rated or doc.system == "nllb" or language_of(doc) in LANGUAGES or doc.source == "compare_mt_sken"
        or RULES in doc.system
    )  # fmt: skip


def in_second(doc: Doc) -> bool:
    """Whether the second set holds a document: two systems, three sources, neural engines, the other registers."""
    if doc.source == "human_web":
        return doc.register not in FIRST_WEB
    if doc.source == "wild_mt":
        return doc.language not in LANGUAGES and doc.group.removeprefix("wild:") not in FIRST_WILD
    rated = doc.pool == "sentences" and doc.source.startswith("mlqe") and doc.language in SECOND_RATED
    return (
        rated or doc.system in ("opusmt", "argos") or doc.source in ("wmt22", "compare_mt_sken", "flores")
        or bool(doc.chain and doc.system and RULES not in doc.system)
    )  # fmt: skip


def teaches(doc: Doc, body: str) -> bool:
    """Whether `body` is taught with a document."""
    if body == "all":
        return True
    if side(doc.component) != int(body[1]):
        return False
    return {"h": True, "j": not in_first(doc), "k": not in_second(doc)}[body[0]]
