"""What the documents of an overview can be chosen by: kinds of findings, probable source languages, and sites."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from mtscore.records import Verdict
from mtscore.render.terminal import clip
from mtscore.render.wording import KINDS, language_name

MAX_SITES = 200
"""Sites that can be chosen; the documents of others can be searched for."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


_KIND_NAMES: dict[str, str] = {kind: several for kind, (_, several, _) in KINDS.items()}


class Choice(NamedTuple):
    """Something to choose documents by: its value in the rows, its name, and how many documents have it."""

    value: str
    name: str
    documents: int


class Facet(NamedTuple):
    """One list of choices; `name` is that of the rows' attribute."""

    name: str
    title: str
    choices: list[Choice]


def source_of(verdict: Verdict) -> str:
    """The code of the most probable source language; "" where nothing points anywhere."""
    shares = verdict.source_languages
    return min(shares, key=lambda code: (-shares[code], code)) if shares else ""


def site_of(id: str) -> str:
    """The host of an address, or the folder of a file; "" for the id of a record, which says neither."""
    if _ADDRESS.match(id):
        try:
            return (urlsplit(id).hostname or "").removeprefix("www.")
        except ValueError:  # brackets that are no address of version 6
            return ""
    return re.split(r"[\\/](?=[^\\/]*$)", id)[0] if re.search(r"[\\/]", id) else ""


def facets(documents: Sequence[tuple[str, str, str]]) -> list[Facet]:
    """The lists to choose from, without those that leave no choice. Of each document its kinds of findings, parted by
    blanks, its source language and its site."""
    kinds = Counter(kind for each, _, _ in documents for kind in each.split())
    sources = Counter(source for _, source, _ in documents)
    sites = Counter(site for _, _, site in documents)
    lists = [
        Facet("kinds", "Findings", _choices(kinds, _KIND_NAMES)),
        Facet("source", "Probably translated from", _choices(sources, {})),
        Facet("site", "Site or folder", _choices(sites, {})[:MAX_SITES]),
    ]
    return [facet for facet in lists if facet.choices]


def _choices(counts: Counter[str], names: Mapping[str, str]) -> list[Choice]:
    return [
        Choice(value, names.get(value) or clip(language_name(value), 60), counts[value])
        for value in sorted(counts, key=lambda value: (-counts[value], value))
        if value
    ]


def exact_text(text: str | None) -> str:
    """A text for the page's script, in plain ASCII: what it exports is what was scored, to the last character."""
    return json.dumps(text or "")
