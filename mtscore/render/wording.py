"""The words and colours for what a verdict says, the same in every rendering for people."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from mtscore.records import Evidence, EvidenceKind, Label, Reason, Verdict
from mtscore.render.terminal import clip, sanitize

KINDS: dict[EvidenceKind, tuple[str, str, str]] = {
    "invented_word": ("invented word", "invented words", "bold red"),
    "corrupted_name": ("corrupted name", "corrupted names", "bold magenta"),
    "foreign_spelling": ("foreign spelling", "foreign spellings", "magenta"),
    "wrong_sense": ("wrong sense", "wrong senses", "bold yellow"),
    "odd_wording": ("odd wording", "odd wordings", "yellow"),
    "grammar": ("wrong form", "wrong forms", "blue"),
    "pronoun": ("wrong pronoun", "wrong pronouns", "blue"),
    "untranslated": ("untranslated word", "untranslated words", "bold cyan"),
    "foreign_passage": ("foreign passage", "foreign passages", "cyan"),
    "broken_order": ("broken order", "broken orders", "bold blue"),
    "repetition": ("repetition", "repetitions", "green"),
    "translation_debris": ("debris of translation", "pieces of translation debris", "underline"),
    "sibling": ("word contradicted by siblings", "words contradicted by siblings", "bold bright_red"),
}
"""For each kind of evidence: one, several, and the style of its words."""

KIND_MEANINGS: dict[EvidenceKind, str] = {
    "invented_word": "no word of English nor of any language",
    "corrupted_name": "a name that changes or was translated",
    "foreign_spelling": "a name as another language writes it",
    "wrong_sense": "a real word in the wrong place",
    "odd_wording": "a word that a reader would not expect here",
    "grammar": "the wrong form of a word, or the wrong small word",
    "pronoun": "he for she, it for a person",
    "untranslated": "a foreign word left standing",
    "foreign_passage": "a stretch in another language",
    "broken_order": "words that do not go together in this order",
    "repetition": "the same words over and over",
    "translation_debris": "what translation software leaves behind",
    "sibling": "other articles on the story have another word here",
}
"""What each kind of evidence marks, for a reader who never heard of it."""

LABEL_MEANINGS: dict[Label, str] = {
    "garbled": "This article reads like a machine translation that went wrong.",
    "suspect": "This article may be a machine translation that went wrong: look at what was found.",
    "clean": "This article does not read like a machine translation that went wrong.",
}

MAX_INTENDED = 3
"""Intended words that are named."""

LABEL_STYLES: dict[Label, str] = {"garbled": "bold red", "suspect": "bold yellow", "clean": "green"}

REASONS: dict[Reason, str] = {
    "empty": "empty",
    "too_short": "too short",
    "not_english": "not English",
    "no_body": "no article body",
    "unreadable": "unreadable",
}

_MIN_SHARE = 0.005

_LANGUAGES: dict[str, str] = dict(
    re.findall(
        r"(\w+):(\w+)",
        """
        af:Afrikaans ar:Arabic be:Belarusian bg:Bulgarian bn:Bengali bs:Bosnian ca:Catalan cs:Czech cy:Welsh
        da:Danish de:German el:Greek en:English eo:Esperanto es:Spanish et:Estonian eu:Basque fa:Persian
        fi:Finnish fr:French ga:Irish gl:Galician gu:Gujarati he:Hebrew hi:Hindi hr:Croatian hu:Hungarian
        hy:Armenian id:Indonesian ig:Igbo is:Icelandic it:Italian ja:Japanese ka:Georgian kk:Kazakh
        kn:Kannada ko:Korean lt:Lithuanian lv:Latvian mk:Macedonian ml:Malayalam mr:Marathi ms:Malay
        ne:Nepali nl:Dutch no:Norwegian pa:Punjabi pl:Polish pt:Portuguese ro:Romanian ru:Russian sk:Slovak
        sl:Slovenian so:Somali sq:Albanian sr:Serbian sv:Swedish sw:Swahili ta:Tamil te:Telugu th:Thai
        tl:Tagalog tr:Turkish uk:Ukrainian ur:Urdu uz:Uzbek vi:Vietnamese zh:Chinese
        """,
    )
)


def language_name(code: str) -> str:
    """The English name of an ISO 639-1 language, also with a region ("zh-cn"); the code itself if unknown."""
    return _LANGUAGES.get(code.partition("-")[0], code)


def shown_score(score: float) -> str:
    """Two decimals, rounded down: a score just below a threshold never looks as if it had reached it."""
    return f"{math.floor(score * 100 + 1e-9) / 100:.2f}"


def percent(share: float) -> str:
    """A share of 0..1 as "62 %"; what is there but under one percent is "< 1 %"."""
    return "< 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def counted(number: int, one: str, several: str | None = None) -> str:
    """ "1 finding", "3 findings", "1,204 words"."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def why_not(verdict: Verdict) -> str:
    """Why the verdict is `cannot_tell`: "too short: 3 words, at least 20 are needed"."""
    reason = REASONS[verdict.reason] if verdict.reason else "no reason given"
    return f"{reason}: {verdict.detail}" if verdict.detail else reason


def explanation(found: Evidence) -> str:
    """What is known of a finding: "wrong sense; probably meant: raised; from German aufgeworfen". Sanitised."""
    parts = [KINDS[found.kind][0]]
    if found.intended:
        parts.append("probably meant: " + ", ".join(clip(word, 40) for word in found.intended[:MAX_INTENDED]))
    if found.sibling is not None:
        parts.append(f"as in {clip(found.sibling, 60)}")
    if found.pivot:
        parts.append(f"from {sanitize(language_name(found.pivot.language))} {clip(found.pivot.word, 40)}")
    return "; ".join(parts)


def as_written(intended: str, words: str) -> str:
    """What would stand in the place of `words`: with a capital where they have one."""
    if words[:1].isupper() and intended[:1].islower():
        return intended[:1].upper() + intended[1:]
    return intended


def shares(values: Iterable[tuple[str, float]]) -> str:
    """Languages with their shares, largest first: "English 95 %, German 5 %". Sanitised."""
    ordered = sorted(values, key=lambda pair: (-pair[1], pair[0]))
    named = ((sanitize(language_name(code)), share) for code, share in ordered if share >= _MIN_SHARE)
    return ", ".join(f"{name} {percent(share)}" for name, share in named)


def counted_kinds(evidence: Iterable[Evidence]) -> str:
    """ "4 invented words, 1 wrong sense": the kinds of the findings, most frequent first."""
    counts = Counter(found.kind for found in evidence)
    kinds = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return ", ".join(counted(counts[kind], *KINDS[kind][:2]) for kind in kinds)
