"""Verdicts as SARIF 2.1.0, the form in which code hosts and editors take the findings of any tool.

A rule is a kind of evidence; one more is the verdict on an article as a whole. The level is the article's label:
error where it is garbled, warning where it is suspect, and a note where it is clean, for it may have findings, too.
What cannot be judged is a notification. Results are written as they come, so that memory holds one article.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TextIO
from urllib.parse import quote

from mtscore.records import Evidence, Verdict
from mtscore.render.jsonl import one_line, verdict_to_dict
from mtscore.render.places import NEWLINES, Finder, Located, Place
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import (
    KIND_MEANINGS,
    KINDS,
    LABEL_MEANINGS,
    MAX_INTENDED,
    as_written,
    explanation,
    shown_score,
    why_not,
)
from mtscore.version import __version__

VERDICT = "verdict"
"""The rule that an article as a whole breaks."""

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: dict[str | None, Literal["error", "warning", "note"]] = {"garbled": "error", "suspect": "warning"}


def write_sarif(judged: Iterable[Located], stream: TextIO) -> None:
    """A complete SARIF log with one run."""
    stream.write(f'{{"$schema": {one_line(SCHEMA)}, "version": "2.1.0", "runs": [\n')
    stream.write(f"{one_line(_run())[:-1]},\n")
    stream.write('"results": [')
    notifications = []
    is_first = True
    for located in judged:
        if located.verdict.status == "cannot_tell":
            notifications.append(_notification(located))
        for result in _results(located):
            stream.write(("\n" if is_first else ",\n") + one_line(result))
            is_first = False
    invocation = {
        "executionSuccessful": not any(each["level"] == "error" for each in notifications),
        "toolExecutionNotifications": notifications,
    }
    stream.write(f'],\n"invocations": [{one_line(invocation)}]}}]}}\n')


def _run() -> dict[str, Any]:
    """What a run says besides its results."""
    rules: list[tuple[str, str, str]] = [
        *((kind, KINDS[kind][0], meaning) for kind, meaning in KIND_MEANINGS.items()),
        (VERDICT, VERDICT, "the article as a whole reads like a machine translation that went wrong"),
    ]
    driver = {
        "name": "mtscore",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [
            {
                "id": id,
                "name": "".join(word.capitalize() for word in id.split("_")),
                "shortDescription": {"text": _sentence(name)},
                "fullDescription": {"text": _sentence(meaning)},
            }
            for id, name, meaning in rules
        ],
    }
    return {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "newlineSequences": list(NEWLINES)}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _results(located: Located) -> Iterator[dict[str, Any]]:
    verdict = located.verdict
    level = _LEVELS.get(verdict.label, "note")
    finder = Finder(located)
    if level != "note":
        yield _result(located, VERDICT, level, _summary(verdict), None, verdict.label or "")
    for found in verdict.evidence:
        place = finder.of(found.start, found.end, found.sentence)
        message = f"{clip(found.text, 60)}: {explanation(found)}"
        sentence = (located.text or "")[found.sentence.start : found.sentence.end]
        result = _result(located, found.kind, level, message, place, f"{found.text}\n{sentence}")
        if place is not None and located.source.markup is None and found.intended:
            result["fixes"] = _fixes(located, found, place)
        result["properties"] = {"weight": round(found.weight, 3), "intended": list(found.intended)}
        yield result


def _result(
    located: Located, rule: str, level: str, message: str, place: Place | None, identity: str
) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [_location(located, place)],
        # The same finding in the same sentence is the same one, wherever that has moved to.
        "partialFingerprints": {
            "mtscore/v1": _digest(rule, located.source.path, located.verdict.id, identity)
        },
    }


def _summary(verdict: Verdict) -> str:
    exact = verdict_to_dict(verdict)
    score = "" if verdict.score is None else f" Score {shown_score(verdict.score)}."
    quality = "" if exact["quality"] is None else f" Quality of its English: {exact['quality']:.0f} of 100."
    detail = f" {sanitize(verdict.detail)}." if verdict.detail else ""
    return f"{LABEL_MEANINGS[verdict.label] if verdict.label else ''}{score}{quality}{detail}"


def _location(located: Located, place: Place | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(located.source.path)}
    if place is not None:
        physical["region"] = _region(place)
    location: dict[str, Any] = {"physicalLocation": physical}
    if located.verdict.id != located.source.path:  # a record or a page inside the file
        location["logicalLocations"] = [{"name": sanitize(located.verdict.id), "kind": "record"}]
    return location


def _artifact(path: str) -> dict[str, Any]:
    if os.path.isabs(path):
        return {"uri": Path(os.path.normpath(path)).as_uri()}
    relative = Path(os.path.normpath(path)).as_posix()
    return {"uri": quote(os.fsencode(relative)), "uriBaseId": "%SRCROOT%"}


def _region(place: Place) -> dict[str, int]:
    """Lines and columns from 1."""
    return {
        "startLine": place.line + 1,
        "startColumn": place.column + 1,
        "endLine": place.end_line + 1,
        "endColumn": place.end_column + 1,
    }


def _fixes(located: Located, found: Evidence, place: Place) -> list[dict[str, Any]]:
    return [
        {
            "description": {"text": f"Write “{clip(word, 60)}”"},
            "artifactChanges": [
                {
                    "artifactLocation": _artifact(located.source.path),
                    "replacements": [{"deletedRegion": _region(place), "insertedContent": {"text": word}}],
                }
            ],
        }
        for word in (as_written(each, found.text) for each in found.intended[:MAX_INTENDED])
    ]


def _notification(located: Located) -> dict[str, Any]:
    verdict = located.verdict
    return {
        "level": "error" if verdict.reason == "unreadable" else "note",
        "message": {"text": f"{clip(verdict.id, 200)}: cannot tell: {sanitize(why_not(verdict))}"},
        "locations": [_location(located, None)],
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
