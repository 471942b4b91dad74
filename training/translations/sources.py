"""Which documents of the project's data go through which chain.

Of every group as many as of any other, so that no register leads; documents that the language models have not read
come first. Texts that a translator cannot read (pidgin, verse, chat in abbreviations) and texts no person wrote are
left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.corpus import MIN_KEY_CHARS, LineKeys, read_paragraphs
from training.dataset import is_held_out, line_key, read_lines, seeded
from training.translations.produce import Document

MIN_ENGLISH_WORDS = 80
UNREADABLE = ("pidgin:", "poetry:", "social:nps_chat", "social:sms_singapore", "llm", "learner:")
"""Groups that start like this are left out."""

SHARES = {
    "en-pt-en": 32,
    "en-es-pt-en": 9,
    "en-ca-pt-en": 9,
    "en-es-en": 4,
    "en-ca-en": 4,
    "en-gl-en": 4,
    "en-eo-en": 4,
}
"""Documents of a group that go through each chain; each chain takes others as long as there are any."""

MORE = "more"
MORE_SHARE = 40
"""Further documents of a group through `en-pt-en`, that word pairs may be counted from many sentences."""

BLOG_SHARE = 3
"""A blog is one of forty of the same register: its share is divided by this."""

FOREIGN = {
    "pt-en": ("pt", 0, None),
    "es-pt-en": ("es", 0, 1000),
    "es-en": ("es", 1000, 150),
    "fr-es-pt-en": ("fr", 0, 300),
    "ca-pt-en": ("ca", 0, 150),
    "ca-en": ("ca", 150, 144),
    "gl-pt-en": ("gl", 0, 150),
    "gl-en": ("gl", 150, 142),
    "it-es-pt-en": ("it", 0, 210),
    "ro-es-pt-en": ("ro", 0, None),
    "eo-en": ("eo", 0, 150),
    "hbs-en": ("hr sr", 0, 180),
    "is-en": ("is", 0, 150),
    "eu-en": ("eu", 0, 120),
}
"""For each chain from another language: the files, the first document and how many (None: all)."""

REGISTERS = {
    "recipe": "recipes",
    "how-to": "manual",
    "leaflet": "medical",
    "health": "medical",
    "parliament": "speech",
    "news": "news",
    "encyclopedia": "encyclopedia",
    "essay": "essay",
    "religion": "religion",
    "travel": "travel",
    "fiction": "fiction",
    "literature": "fiction",
    "blog": "blog",
}
"""A word in a foreign document's description, and the register that it stands for; the first that is found."""


def lines_of_models(corpus: Path) -> LineKeys:
    """The keys of the lines that the language models' corpus holds."""
    keys = LineKeys()
    for line in read_paragraphs([corpus]):
        keys.add(line_key(line))
    return keys


def human_documents(train: Path, known: LineKeys) -> Iterator[Document]:
    """Readable human English; `lm_seen` when a language model may have read a line of it."""
    files = [*sorted((train / "human").glob("*.jsonl.xz")), train / "human_web.jsonl.xz"]
    for path in files:
        is_web = path.name.startswith("human_web")
        for given in read_lines(path):
            group = str(given["group"])
            if group.startswith(UNREADABLE) or given.get("label", 0) != 0:
                continue
            if len(given["text"].split()) < MIN_ENGLISH_WORDS:
                continue
            source = path.name.split(".")[0]
            about = {
                "source_set": "human_web" if is_web else "human",
                "group": group,
                "register": group.split(":")[0],
                "native": given.get("native"),
                "lm_seen": _is_seen(given, known, is_web=is_web),
            }
            identity = given["id"] if is_web else f"{source}/{given['id']}"
            yield Document(identity, given["text"], about)


def _is_seen(given: dict[str, Any], known: LineKeys, *, is_web: bool) -> bool:
    """Lines of the held-out half of `human/` were taken out of the corpus before the models were built."""
    if not is_web and is_held_out(given["id"]):
        return False
    keys = map(line_key, given["text"].split("\n"))
    return any(len(key) >= MIN_KEY_CHARS and key in known for key in keys)


def english_plan(documents: Iterator[Document], seed: str) -> dict[str, list[Document]]:
    """The documents of each there-and-back chain and of `MORE`, groups mixed: the first half is like the whole."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        groups[document.about["group"]].append(document)
    plan: dict[str, list[Document]] = {name: [] for name in (*SHARES, MORE)}
    for group in sorted(groups):
        order = sorted(groups[group], key=lambda d: (d.about["lm_seen"], seeded(seed + d.id).random()))
        taken = 0
        for chain, share in SHARES.items():
            wanted = min(_share_of(group, share), len(order))
            plan[chain] += [order[(taken + number) % len(order)] for number in range(wanted)]
            taken += wanted
        first = _share_of(group, SHARES["en-pt-en"])
        plan[MORE] += order[first : first + _share_of(group, MORE_SHARE)]
    return {name: mixed(found, seed) for name, found in plan.items()}


def _share_of(group: str, share: int) -> int:
    return max(share // BLOG_SHARE, 1) if "blog" in group else share


def mixed(documents: list[Document], seed: str) -> list[Document]:
    """The documents in an order that depends on the seed and their ids alone."""
    return sorted(documents, key=lambda d: seeded(f"{seed}/order/{d.id}").random())


def foreign_documents(data: Path, chain: str, seed: str) -> list[Document]:
    """The documents of a chain from another language: native ones first, then mixed."""
    languages, first, count = FOREIGN[chain]
    found = []
    for language in languages.split():
        for given in read_lines(data / "foreign" / f"{language}.jsonl.xz"):
            if "_cyr/" in given["id"]:
                continue
            source = given["id"].split("/")[0]
            register = next((r for word, r in REGISTERS.items() if word in given["register"]), "other")
            about = {
                "source_set": f"foreign/{language}",
                "group": f"{register}:{source}",
                "register": register,
                "native": given["native"],
                "topic": given["register"],
            }
            found.append(Document(given["id"], given["text"], about))
    order = sorted(mixed(found, seed), key=lambda d: not d.about["native"])
    return order[first : None if count is None else first + count]
