"""Furniture (menus, buttons, bylines, reply boxes, tag lists) separated from the article, line by line.

A line shows it by its length, whether it ends like a sentence, whether it repeats, its language, and where it
stands. Prose has an inside: everything between its first and its last full sentence is kept unless it is
plainly not prose, and only the margins outside are trimmed. Texts that are not made of full sentences on long
lines (poems, recipes, chats, hard-wrapped print) lose nothing but foreign lines around them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mtscore.languages.identification import words_of
from mtscore.text.lines import SHORT_WORDS, Line

PROSE_SHARE = 0.5
"""A document is prose when anchors hold at least this share of its English words."""

MAX_TAIL = 0.15
"""English lines after the article's end that hold more than this share of all words are kept: a long list
of names or references is more than furniture."""

MAX_LABELS = 4
"""More labels than this between the title and the first full sentence are a list of the article's own."""

LOOK_AHEAD = 12
"""Lines that are searched for a repetition of one at the top."""

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


def kept_lines(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether it belongs to the article."""
    anchors = [i for i, line in enumerate(lines) if line.is_anchor and not _is_tag_list(line)]
    english = sum(line.words for line in lines if line.language == "en")
    if anchors and sum(lines[i].words for i in anchors) >= PROSE_SHARE * english:
        return _keep_prose(lines, anchors[0], anchors[-1])
    return _keep_other(lines)


def _keep_prose(lines: Sequence[Line], first: int, last: int) -> list[bool]:
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


def _trim_top(lines: Sequence[Line], keep: list[bool], first: int, seen: Counter[str]) -> None:
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


def _end_of_article(lines: Sequence[Line], last: int) -> int:
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


def _keep_other(lines: Sequence[Line]) -> list[bool]:
    """Drop only the foreign lines outside the first and last line that is not, with what lies beyond."""
    english = [i for i, line in enumerate(lines) if line.language == "en" and not _is_menu(line)]
    if not english:
        return [not line.is_foreign for line in lines]
    first, last = english[0], english[-1]
    top = _foreign_margin(lines[:first])
    bottom = len(lines) - _foreign_margin(lines[:last:-1])
    return [top <= i < bottom for i in range(len(lines))]


def _foreign_margin(lines: Sequence[Line]) -> int:
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


def _is_inner_furniture(line: Line, seen: Counter[str]) -> bool:
    """Not prose wherever it stands: a menu, a line cut off after a preposition, a label that returns."""
    if line.is_full or not line.words:
        return False
    if _is_menu(line):
        return True
    if line.words >= SHORT_WORDS:
        return False
    return seen[line.text.casefold()] >= 3 or (line.words >= 3 and bool(_DANGLING.search(line.text)))


def _is_menu(line: Line) -> bool:
    """A few words each between three or more separators' fields."""
    separators = len(_SEPARATOR.findall(line.text))
    return separators >= 2 and line.words <= 4 * (separators + 1) and not line.is_full


def _is_tag_list(line: Line) -> bool:
    """Key words between commas: short capitalised items, and nothing else."""
    items = line.text.split(",")
    if line.is_full or len(items) < 6 or line.words > 4 * len(items) or _NO_TAG.search(line.text):
        return False
    return sum(item.strip()[:1].isupper() for item in items) >= 0.8 * len(items)


def _is_foreign_label(line: Line) -> bool:
    """Inside the article, a short foreign line without a sentence end is a button, not untranslated text."""
    return line.is_foreign and line.words < 6 and not line.is_full


def _belongs_at_top(
    lines: Sequence[Line], i: int, first: int, seen: Counter[str], is_among_foreign: bool
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


def _is_label(line: Line, is_among_foreign: bool) -> bool:
    """One or two words without a number; among foreign lines also a little more that is not English."""
    has_digit = any(map(str.isdigit, line.text))
    is_field = (has_digit or ":" in line.text) and not line.text[0].isdigit()
    if is_field and line.words < 6 and not line.has_english:
        return True
    if is_among_foreign and line.language != "en":
        return line.words < (6 if has_digit else 4) or (line.words < SHORT_WORDS and not line.has_english)
    return line.words < 3 and not has_digit


def _returns(lines: Sequence[Line], i: int, first: int) -> bool:
    """The same line stands again before the article begins, or it is too short to be a title."""
    own = lines[i].text.casefold()
    return lines[i].words < 3 or any(
        line.text.casefold() == own for line in lines[i + 1 : min(first, i + 1 + LOOK_AHEAD)]
    )


def _holds_a_later_line(lines: Sequence[Line], i: int, first: int) -> bool:
    """A trail such as "StartLocalThe title": the title follows on a line of its own."""
    own = lines[i].text.casefold()
    return any(
        line.words >= 4 and line.text.casefold() in own
        for line in lines[i + 1 : min(first, i + 1 + LOOK_AHEAD)]
    )


def _restore_title(lines: Sequence[Line], keep: list[bool], first: int, seen: Counter[str]) -> None:
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
