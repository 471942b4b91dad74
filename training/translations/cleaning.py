"""Takes out of an engine's output what would give the engine away and no web page would show.

Each kind of debris is taken out only where the source shows nothing like it: a source that writes `@name`, `#tag`
or ` :` keeps them.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"(?<![\w*@#])[*@#]+(?=[^\W_])")
_MARKED = re.compile(r"[*@#]\w")
_BEFORE_STOP = re.compile(r"(?<=[^\s(\[]) +(?=[.,;:!?)\]}](?:\s|$))")
_AFTER_BRACKET = re.compile(r"(?<=[(\[]) +(?=\w)")
_GLUED = re.compile(r"(?<=[a-z]{2})([.!?;,:])(?=[A-Z][a-z])")
_ALTERNATIVE = re.compile(r"(?<=[^\W\d_])/[^\W\d_]+\b(?!/)")
_LAST_BRACKET = re.compile(r"(?<=\S) \([^()]*\)$")
_DASH = re.compile(r"[-–—]")
HEADING_WORDS = 4

_LOOSE_QUOTE = re.compile(r'(?:^|\s)"\s|\w"\w')
_CAPITAL = re.compile(r"(?:(?<=[a-z,] )|(?<=\bI ))[A-Z][a-z]+\b(?! [A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = re.compile(r"^[\W\d_]*[^\W\d_]")


def cleaned(line: str, source: str) -> str:
    """The line without marks, doubled blanks, capitals in mid-sentence, and blanks before or none after a stop, where
    the source has none of them."""
    line = without_marks(line, source)
    for wrong, right in ((_BEFORE_STOP, ""), (_AFTER_BRACKET, ""), (_GLUED, r"\1 ")):
        if not wrong.search(source):
            line = wrong.sub(right, line)
    if not _LOOSE_QUOTE.search(source):
        line = _with_tight_quotes(line)
    return _opened_like(_without_capitals(line, source), source)


def without_marks(line: str, source: str) -> str:
    """The line without what stands for a doubt of a rule-based engine: `*word`, `#word`, "proves/tests"; to be taken
    out before another engine reads it."""
    line = " ".join(line.split())
    if not _MARKED.search(source):
        line = _MARK.sub("", line)
    return line if "/" in source else _ALTERNATIVE.sub("", line)


def without_filler(line: str, source: str) -> str:
    """The line without what a neural engine adds to names and headings: "Fred Hebert (in English)", "Hello! - Hi"."""
    if "(" not in source:
        line = _LAST_BRACKET.sub("", line)
    if len(source.split()) <= HEADING_WORDS and not _DASH.search(source):
        line = line.split(" - ", 1)[0]
    return line


def _with_tight_quotes(line: str) -> str:
    """Straight quotes without blanks inside them and with one outside, if they come in pairs."""
    parts = line.split('"')
    if len(parts) % 2 == 0:
        return line
    for number in range(1, len(parts), 2):
        before, after = parts[number - 1], parts[number + 1]
        if before and before[-1].isalnum():
            parts[number - 1] = before + " "
        if after and after[0].isalnum():
            parts[number + 1] = " " + after
        parts[number] = parts[number].strip()
    return '"'.join(parts)


def _without_capitals(line: str, source: str) -> str:
    """Words inside a sentence lose a capital that no name of the source explains.

    Where the source names something, what the name became is not known: there only words that name nothing are
    lowered.
    """
    has_names = any(word[0].isupper() and word != "I" for word in _WORD.findall(source)[1:])

    def lowered(match: re.Match[str]) -> str:
        word = match.group().lower()
        return match.group() if has_names and word not in _NAMELESS else word

    return _CAPITAL.sub(lowered, line)


def _opened_like(line: str, source: str) -> str:
    """The first letter's case as in the source."""
    mine, theirs = _OPENING.match(line), _OPENING.match(source)
    if mine is None or theirs is None or re.match(r"[\W\d_]*I\b", line):
        return line
    letter = line[mine.end() - 1]
    as_there = letter.upper() if theirs.group()[-1].isupper() else letter.lower()
    return line[: mine.end() - 1] + as_there + line[mine.end() :]


_NAMELESS = frozenset(
    "a an the this that these those of in on at by for from with to into and or but not no is are was were be "
    "been has have had he she it they we you his her its their our your my as if when while which who what where "
    "will would can could may might must should do does did there here than then so also very more most some any "
    "all each other such only own same how why".split()
)
