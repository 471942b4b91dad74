"""Findings as workflow commands, which GitHub shows beside the lines of a pull request.

Articles that read clean are not marked: they have findings, too, and a pull request is no place for hints. A mark
is one line, whatever the article says: what would end it or begin another is escaped as GitHub wants it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TextIO

from mtscore.records import Verdict
from mtscore.render.places import Finder, Located, Place
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import KINDS, LABEL_MEANINGS, explanation, shown_score, why_not

_LEVELS = {"garbled": "error", "suspect": "warning"}


def write_github(judged: Iterable[Located], stream: TextIO) -> None:
    """One line for each article that is not clean or cannot be read, and one for each of its findings."""
    for located in judged:
        for line in _lines(located):
            stream.write(line + "\n")


def _lines(located: Located) -> Iterator[str]:
    verdict, path = located.verdict, located.source.path
    if verdict.reason == "unreadable":
        yield _command("error", path, None, "mtscore: unreadable", f"{verdict.id}: {why_not(verdict)}")
    level = _LEVELS.get(verdict.label or "")
    if level is None:
        return
    yield _command(level, path, None, f"mtscore: {verdict.label}", _summary(verdict))
    finder = Finder(located)
    for found in verdict.evidence:
        place = finder.of(found.start, found.end, found.sentence)
        message = f"{clip(found.text, 60)}: {explanation(found)}"
        if place is None:
            message = f"{clip(verdict.id, 200)}: {message}"
        yield _command(level, path, place, f"mtscore: {KINDS[found.kind][0]}", message)


def _summary(verdict: Verdict) -> str:
    score = "" if verdict.score is None else f" Score {shown_score(verdict.score)}."
    meaning = LABEL_MEANINGS[verdict.label] if verdict.label else ""
    return f"{clip(verdict.id, 200)}: {meaning}{score}"


def _command(level: str, path: str, place: Place | None, title: str, message: str) -> str:
    properties = {"title": title, "file": os.path.normpath(path).replace("\\", "/"), **_numbers(place)}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {written}::{_escaped(sanitize(message))}"


def _numbers(place: Place | None) -> dict[str, int]:
    """Lines and columns from 1. Columns are for findings on one line only."""
    if place is None:
        return {"line": 1}
    lines = {"line": place.line + 1, "endLine": place.end_line + 1}
    if place.line != place.end_line:
        return lines
    return {**lines, "col": place.column + 1, "endColumn": place.end_column + 1}


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
