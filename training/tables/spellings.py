"""How other languages write names that they and English take from Cyrillic or Hebrew letters.

Each language writes the sounds by its own rules: Lavrov is Lawrow in German, Putin is Poutine in French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

CYRILLIC = frozenset("russ ukra bela bulg sovi kaza geor arme azer uzbe kyrg moldo moln mold".split())
HEBREW = frozenset(("isra",))

MIN_LETTERS = 5

_SOUNDS: dict[str, tuple[str, str]] = {
    "de": (
        "shch zh kh sh ch ts ya yu ye yo yi v z y",
        "schtsch sch ch sch tsch z ja ju je jo ji w s j",
    ),
    "fr": ("shch zh sh ch u", "chtch j ch tch ou"),
    "nl": ("shch zh sh ch ya yu yo u", "sjtsj zj sj tsj ja joe jo oe"),
    "hu": ("shch zh sh ch ts kh ya yu ye s y", "scs zs s cs c h ja ju je sz j"),
    "pl": ("shch zh kh sh ch ts ya yu v", "szcz z ch sz cz c ja ju w"),
}
"""For each language the letters of the English form, longest first, and its own for them."""

_ENDINGS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "de": (("skyy", ("skyj", "skij", "ski")), ("sky", ("skyj", "skij", "ski")), ("ev", ("ew", "jew"))),
    "fr": (("in", ("ine",)),),
    "nl": (("sky", ("ski", "skyj")),),
    "hu": (("sky", ("szkij",)),),
    "pl": (("sky", ("ski",)),),
}
"""Endings that a language writes in a way of its own: the first that fits."""


def spellings_elsewhere(name: str, country: str) -> Iterator[tuple[str, str]]:
    """Other languages' ways to write an English name (small letters, no accents) of a country, with the languages."""
    if country in HEBREW:
        forms = [(name.replace("ya", "ja").replace("yu", "ju"), "de")]
    elif country in CYRILLIC:
        forms = [(form, language) for language in _SOUNDS for form in _forms(name, language)]
    else:
        return
    for form, language in forms:
        if form != name and len(form) >= MIN_LETTERS:
            yield form, language


def _forms(name: str, language: str) -> Iterator[str]:
    sounds = dict(zip(*(row.split() for row in _SOUNDS[language]), strict=True))
    for ending, others in _ENDINGS[language]:
        if name.endswith(ending):
            stem = _rewritten(name.removesuffix(ending), sounds)
            yield from (stem + other for other in others)
            return
    yield _rewritten(name, sounds)


def _rewritten(name: str, sounds: Mapping[str, str]) -> str:
    pattern = "|".join(sorted(sounds, key=len, reverse=True))
    return re.sub(pattern, lambda match: sounds[match[0]], name)
