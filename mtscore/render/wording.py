"""The words and colours for what a verdict says, the same in every rendering for people."""

from __future__ import annotations

import math
import re

from mtscore.records import EvidenceKind, Label, Reason, Verdict

KINDS: dict[EvidenceKind, tuple[str, str, str]] = {
    "invented_word": ("invented word", "invented words", "bold red"),
    "corrupted_name": ("corrupted name", "corrupted names", "bold magenta"),
    "wrong_sense": ("wrong sense", "wrong senses", "bold yellow"),
    "untranslated": ("untranslated word", "untranslated words", "bold cyan"),
    "foreign_passage": ("foreign passage", "foreign passages", "cyan"),
    "broken_order": ("broken order", "broken orders", "bold blue"),
    "repetition": ("repetition", "repetitions", "green"),
    "translation_debris": ("debris of translation", "pieces of translation debris", "underline"),
    "sibling": ("contradicted by siblings", "contradicted by siblings", "bold bright_red"),
}
"""For each kind of evidence: one, several, and the style of its words."""

LABEL_STYLES: dict[Label, str] = {"garbled": "bold red", "suspect": "bold yellow", "clean": "green"}

REASONS: dict[Reason, str] = {
    "empty": "empty",
    "too_short": "too short",
    "not_english": "not English",
    "no_body": "no article body",
    "unreadable": "unreadable",
}

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
