"""The article inside a page, and the stretches of it that are not English.

Furniture (menus, buttons, bylines, reply boxes, tag lists) is told from the article by what a line
itself shows: its length, whether it ends like a sentence, whether it repeats, its language, and where it
stands. Prose has an inside: everything between its first and its last full sentence is kept unless it is
plainly not prose, and only the margins outside are trimmed. Texts that are not made of full sentences on long
lines (poems, recipes, chats, hard-wrapped print) lose nothing but foreign lines around them.

Offsets point into the text given to `find_body`. For a web page that text is what `read_html` returned, not
the HTML file: callers that show evidence show that text.
"""

from __future__ import annotations

import html as html_entities
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from mtscore.errors import MtscoreError
from mtscore.languages.identification import ENGLISH, count_words, words_of
from mtscore.languages.passages import (
    Part,
    foreign_passages,
    is_quoted,
    judge_sentences,
    main_language,
    may_hold_runs,
)
from mtscore.records import Body, ForeignSpan, Span

ANCHOR_WORDS = 12
"""An English line of this many words that ends like a sentence is certainly article (twice as many without
the ending): margins end there."""

SHORT_WORDS = 8
"""A line with fewer words that does not end like a sentence may be furniture."""

PROSE_SHARE = 0.5
"""A document is prose when anchors hold at least this share of its English words."""

MAX_TAIL = 0.15
"""English lines after the article's end that hold more than this share of all words are kept: a long list
of names or references is more than furniture."""

MAX_LABELS = 4
"""More labels than this between the title and the first full sentence are a list of the article's own."""

LOOK_AHEAD = 12
"""Lines that are searched for a repetition of one at the top."""

MAX_DEPTH = 400
"""HTML nested deeper than this is flattened instead of parsed: the parser's time grows with its square."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_TAG_OR_INVISIBLE = re.compile(
    r"<!--.*?(?:-->|$)|<(?:script|style|noscript|template)\b.*?(?:</(?:script|style|noscript|template)\s*>|$)"
    r"|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li option dt dd tr td th".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins kbd mark q s small span strong sub sup u var".split()
)
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FULL_STOP = re.compile(r"[.!?…。！？।۔؟][\"”“’'»›)\]*_]*$")
_BULLET = re.compile(r"\s*(?:[-*•‣◦▪–—·]\s|\d{1,3}[.)]\s|[a-z][.)]\s|>)")
_SEPARATOR = re.compile(r"\s[›»·•]\s|\|")
_NO_TAG = re.compile(r"[\d()\[\]:;]")
_DANGLING = re.compile(r"\b(?:at|by|of|from|with|to|for|in|on|the|a|an|and|or)$")
_DATE_WORD = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|am|pm|gmt|utc|est|edt|pst|cet|bst|st|nd|rd|th|at|on|of|updated|published|posted|last|modified|min|mins"
    r"|minutes?|hours?|days?|ago|read|reading|time|today|yesterday|t|z"
)


class _Line(NamedTuple):
    """One line with a visible character, without the spaces around it."""

    start: int
    end: int
    text: str
    gap: int
    """Line breaks and spaces between the line before and this one."""
    words: int
    parts: tuple[Part, ...]
    language: str | None
    is_full: bool
    """Ends like a sentence."""
    has_runs: bool
    """See `passages.may_hold_runs`."""

    @property
    def is_foreign(self) -> bool:
        return self.language not in (None, "en")

    @property
    def is_accented(self) -> bool:
        """A short line with letters that English lacks, and no English word."""
        if self.words >= SHORT_WORDS or self.text.isascii():
            return False
        return any(not word.isascii() for word in words_of(self.text)) and not self.has_english

    @property
    def has_english(self) -> bool:
        """Holds at least one frequent English word."""
        return not ENGLISH.isdisjoint(words_of(self.text))

    @property
    def is_anchor(self) -> bool:
        return self.language == "en" and self.words >= (ANCHOR_WORDS if self.is_full else 2 * ANCHOR_WORDS)

    @property
    def is_short(self) -> bool:
        return self.words < SHORT_WORDS and not self.is_full


def find_body(text: str) -> Body:
    """The article's spans in `text`, the languages they are in, and their stretches that are not English.

    Foreign lines around the article are furniture; foreign lines inside it stay in the body and are listed
    in `foreign`. A text that is mostly not English keeps all its lines: `dominant_language` then names it.
    """
    lines = list(_lines(text))
    if not lines:
        return Body(())
    if _is_mostly_foreign(lines):
        spans: tuple[Span, ...] = (Span(lines[0].start, lines[-1].end),)
        return _with_languages(text, spans, lines)
    kept = [line for line, is_kept in zip(lines, _keep(lines), strict=True) if is_kept]
    return _with_languages(text, _join(lines, kept), kept)


def read_html(html: str) -> str:
    """The main text of a web page, paragraphs separated by blank lines.

    What is returned is the text that all offsets then refer to. Never fetches anything; any string is
    accepted, and one without text gives "".
    """
    clean = _NOT_TEXT.sub(" ", html.encode("utf-8", "replace").decode("utf-8"))
    if _is_deep(clean):
        return _tidy(_flatten(clean))
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError as error:
        raise MtscoreError(
            "reading HTML needs the package resiliparse: install it with `pip install resiliparse`"
        ) from error
    options: dict[str, Any] = {"alt_texts": False, "links": False, "list_bullets": True}
    found = extract_plain_text(clean, main_content=True, **options)
    return _tidy(found if found.strip() else extract_plain_text(clean, main_content=False, **options))


def _is_deep(html: str) -> bool:
    """Whether elements are nested deeper than `MAX_DEPTH`, were every end tag honoured."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif tag[2].lower() not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                return True
    return False


def _flatten(html: str) -> str:
    """Text of a page too deep to parse: tags cut out, a line break for each that is not inline."""
    text = _TAG_OR_INVISIBLE.sub(lambda m: "" if (m[1] or "").lower() in _INLINE else "\n", html)
    return html_entities.unescape(text)


def _tidy(text: str) -> str:
    """One paragraph per line, blank lines between, no other white space than single spaces."""
    return "\n\n".join(line for line in (" ".join(raw.split()) for raw in text.splitlines()) if line)


def dominant_language(body: Body) -> str | None:
    """The ISO 639-1 code of the language that most of the body is in, None when that is English."""
    if not body.languages:
        return None
    code = max(body.languages, key=lambda code: body.languages[code])
    if code != "en" and body.languages.get("en", 0.0) < 0.5:
        return code
    return None


# -- lines -------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    before = 0
    for found in _LINE.finditer(text):
        raw = found[0]
        line = raw.strip()
        if line:
            start = found.start() + raw.index(line)
            end = start + len(line)
            words = words_of(line)
            parts = judge_sentences(line, words)
            yield _Line(
                start,
                end,
                line,
                start - before,
                count_words(line, words),
                parts,
                main_language(line, parts),
                bool(_FULL_STOP.search(line, max(0, len(line) - 8))),
                may_hold_runs(line, words),
            )
            before = end


def _is_mostly_foreign(lines: Sequence[_Line]) -> bool:
    """More words on foreign lines that read like prose than on English or undecided lines."""
    foreign = sum(line.words for line in lines if line.is_foreign)
    return foreign > sum(line.words for line in lines if not line.is_foreign)


# -- which lines are article -------------------------------------------------------------------------------


def _keep(lines: Sequence[_Line]) -> list[bool]:
    """For each line, whether it belongs to the article."""
    anchors = [i for i, line in enumerate(lines) if line.is_anchor and not _is_tag_list(line)]
    english = sum(line.words for line in lines if line.language == "en")
    if anchors and sum(lines[i].words for i in anchors) >= PROSE_SHARE * english:
        return _keep_prose(lines, anchors[0], anchors[-1])
    return _keep_other(lines)


def _keep_prose(lines: Sequence[_Line], first: int, last: int) -> list[bool]:
    """Trim both margins of a text whose sentences stand on long lines, and drop what cannot be prose."""
    seen = Counter(line.text.casefold() for line in lines if line.is_short)
    keep = [not _is_inner_furniture(line, seen) for line in lines]
    for i in range(first, last + 1):
        keep[i] = keep[i] and not _is_foreign_label(lines[i])
    _trim_top(lines, keep, first, seen)
    end = _end_of_article(lines, last)
    for i in range(last + 1, len(lines)):
        keep[i] = keep[i] and i < end and not lines[i].is_foreign
    return keep


def _trim_top(lines: Sequence[_Line], keep: list[bool], first: int, seen: Counter[str]) -> None:
    """Leave out the labels above the first anchor; many of them below a title are a list, and stay."""
    margin = _foreign_margin(lines[:first])
    trimmed = [keep[i] and _belongs_at_top(lines, i, first, seen, i < margin) for i in range(first)]
    if not margin and True in trimmed:
        title = trimmed.index(True)
        if trimmed[title:].count(False) > MAX_LABELS:
            trimmed[title:] = keep[title:first]
    keep[:first] = trimmed
    if not margin and True not in trimmed:
        _restore_title(lines, keep, first, seen)


def _end_of_article(lines: Sequence[_Line], last: int) -> int:
    """Index of the first line of furniture after the last anchor: a label there ends the article, unless
    what follows is too much for furniture; sentences, list items and long lines do not."""
    is_list = False
    for i in range(last + 1, len(lines)):
        line, before = lines[i], lines[i - 1]
        is_list = (
            before.text.endswith(":")
            or bool(_BULLET.match(line.text))
            or (is_list and line.gap <= before.gap)
        )
        if line.is_foreign or _is_tag_list(line):
            return i
        if not (is_list or line.is_full or line.text.endswith(":") or line.words >= SHORT_WORDS):
            rest = [each for each in lines[i:] if not each.is_foreign and not _is_tag_list(each)]
            if len(rest) < len(lines) - i or any(each.is_accented for each in rest):
                rest = [each for each in rest if each.has_english]
            tail = sum(each.words for each in rest)
            return i if tail <= MAX_TAIL * sum(each.words for each in lines) else len(lines)
    return len(lines)


def _keep_other(lines: Sequence[_Line]) -> list[bool]:
    """Drop only the foreign lines outside the first and last line that is not, with what lies beyond."""
    english = [i for i, line in enumerate(lines) if line.language == "en" and not _is_menu(line)]
    if not english:
        return [not line.is_foreign for line in lines]
    first, last = english[0], english[-1]
    top = _foreign_margin(lines[:first])
    bottom = len(lines) - _foreign_margin(lines[:last:-1])
    return [top <= i < bottom for i in range(len(lines))]


def _foreign_margin(lines: Sequence[_Line]) -> int:
    """How many of these lines, counted from the edge of the page, reach to the last foreign one. Accents and
    menus speak too, unless one alone has an English word; up to three lines without one may follow."""
    signs = [i + 1 for i, line in enumerate(lines) if line.is_foreign or line.is_accented or _is_menu(line)]
    is_plain = any(line.is_foreign or (_is_menu(line) and not line.has_english) for line in lines)
    if not signs or (len(signs) == 1 and not is_plain):
        return 0
    reach = signs[-1]
    while reach < min(len(lines), signs[-1] + 3) and not lines[reach].has_english:
        reach += 1
    return reach


def _is_inner_furniture(line: _Line, seen: Counter[str]) -> bool:
    """Not prose wherever it stands: a menu, a line cut off after a preposition, a label that returns."""
    if line.is_full or not line.words:
        return False
    if _is_menu(line):
        return True
    if line.words >= SHORT_WORDS:
        return False
    return seen[line.text.casefold()] >= 3 or (line.words >= 3 and bool(_DANGLING.search(line.text)))


def _is_menu(line: _Line) -> bool:
    """A few words each between three or more separators' fields."""
    separators = len(_SEPARATOR.findall(line.text))
    return separators >= 2 and line.words <= 4 * (separators + 1) and not line.is_full


def _is_tag_list(line: _Line) -> bool:
    """Key words between commas: short capitalised items, and nothing else."""
    items = line.text.split(",")
    if line.is_full or len(items) < 6 or line.words > 4 * len(items) or _NO_TAG.search(line.text):
        return False
    return sum(item.strip()[:1].isupper() for item in items) >= 0.8 * len(items)


def _is_foreign_label(line: _Line) -> bool:
    """Inside the article, a short foreign line without a sentence end is a button, not untranslated text."""
    return line.is_foreign and line.words < 6 and not line.is_full


def _belongs_at_top(
    lines: Sequence[_Line], i: int, first: int, seen: Counter[str], is_among_foreign: bool
) -> bool:
    """Before the first full sentence: titles, subtitles, bylines and short sentences, once each."""
    line = lines[i]
    if line.is_foreign or (seen[line.text.casefold()] > 1 and _returns(lines, i, first)):
        return False
    if line.is_full:
        return True
    return not (
        _is_label(line, is_among_foreign)
        or _is_date(line.text)
        or _is_tag_list(line)
        or _holds_a_later_line(lines, i, first)
    )


def _is_label(line: _Line, is_among_foreign: bool) -> bool:
    """One or two words without a number; among foreign lines also a little more that is not English."""
    has_digit = any(map(str.isdigit, line.text))
    is_field = (has_digit or ":" in line.text) and not line.text[0].isdigit()
    if is_field and line.words < 6 and not line.has_english:
        return True
    if is_among_foreign and line.language != "en":
        return line.words < (6 if has_digit else 4) or (line.words < SHORT_WORDS and not line.has_english)
    return line.words < 3 and not has_digit


def _returns(lines: Sequence[_Line], i: int, first: int) -> bool:
    """The same line stands again before the article begins, or it is too short to be a title."""
    own = lines[i].text.casefold()
    return lines[i].words < 3 or any(
        line.text.casefold() == own for line in lines[i + 1 : min(first, i + 1 + LOOK_AHEAD)]
    )


def _holds_a_later_line(lines: Sequence[_Line], i: int, first: int) -> bool:
    """A trail such as "StartLocalThe title": the title follows on a line of its own."""
    own = lines[i].text.casefold()
    return any(
        line.words >= 4 and line.text.casefold() in own
        for line in lines[i + 1 : min(first, i + 1 + LOOK_AHEAD)]
    )


def _restore_title(lines: Sequence[_Line], keep: list[bool], first: int, seen: Counter[str]) -> None:
    """A title of one or two words: the line right before the article, if it could be nothing else."""
    if first and not lines[first - 1].is_foreign:
        line = lines[first - 1]
        keep[first - 1] = bool(
            line.words
            and seen[line.text.casefold()] <= 1
            and not _is_date(line.text)
            and "|" not in line.text
        )


def _is_date(text: str) -> bool:
    """Nothing but a date, a time or a reading time."""
    words = words_of(text)
    return any(map(str.isdigit, text)) and all(map(_DATE_WORD.fullmatch, words))


def _join(lines: Sequence[_Line], kept: Sequence[_Line]) -> tuple[Span, ...]:
    """Spans over neighbouring kept lines, broken where a line was left out."""
    following = {line.start: after.start for line, after in pairwise(lines)}
    spans: list[Span] = []
    expected = -1
    for line in kept:
        if line.start == expected:
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(Span(line.start, line.end))
        expected = following.get(line.start, -1)
    return tuple(spans)


# -- languages inside the article --------------------------------------------------------------------------


def _with_languages(text: str, spans: tuple[Span, ...], lines: Sequence[_Line]) -> Body:
    foreign = tuple(_foreign_spans(lines))
    counts: dict[str, int] = {}
    for span in foreign:
        counts[span.language] = counts.get(span.language, 0) + count_words(text[span.start : span.end])
    total = sum(line.words for line in lines)
    english = total - sum(counts.values())
    if english > 0:
        counts["en"] = english
    scale = sum(counts.values())
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    return Body(spans, {code: counts[code] / scale for code in ranked} if scale else {}, foreign)


def _foreign_spans(lines: Sequence[_Line]) -> Iterator[ForeignSpan]:
    before = ""
    for line in lines:
        for start, end, language in foreign_passages(line.text, line.parts, line.has_runs):
            quoted = is_quoted(line.text, start, end, before)
            yield ForeignSpan(line.start + start, line.start + end, language, quoted)
        before = line.text
