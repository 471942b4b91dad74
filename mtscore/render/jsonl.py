"""A verdict as one line of JSON: the exact, stable form that other programs read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mtscore.records import Evidence, ForeignSpan, Pivot, SentenceSuspicion, Span, Verdict

# What JSON allows raw inside a string but a reader may trip over: lone surrogates cannot be encoded as UTF-8,
# U+0085, U+2028 and U+2029 end a line for some readers, the other controls can steer a terminal.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def to_json(verdict: Verdict) -> str:
    """`verdict_to_dict` as one physical line without its line end, always encodable as UTF-8."""
    return one_line(verdict_to_dict(verdict))


def one_line(value: Any) -> str:
    """Any plain value as JSON on one physical line, always encodable as UTF-8."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain dicts, lists, strings and numbers, its fields in the documented order.

    Numbers have 6 significant digits, so that the same verdict is the same line on every machine; a number
    that is not finite becomes None.
    """
    return {
        "id": verdict.id,
        "status": verdict.status,
        "reason": verdict.reason,
        "detail": verdict.detail,
        "score": _plain(verdict.score),
        "label": verdict.label,
        "quality": _plain(verdict.quality),
        "signals": _plain(verdict.signals),
        "evidence": [_evidence(found) for found in verdict.evidence],
        "languages": {
            "shares": _plain(verdict.languages),
            "spans": [_foreign(span) for span in verdict.foreign],
        },
        "source_languages": _plain(verdict.source_languages),
        "words": verdict.words,
        "body": [list(span) for span in verdict.body],
        "signature": _plain(verdict.signature),
        "sentences": [
            {"start": s.start, "end": s.end, "suspicion": _plain(s.suspicion)} for s in verdict.sentences
        ],
    }


def verdict_of(record: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_to_dict` has made a record of. Raises `LookupError`, `TypeError` or `ValueError` for
    what is none."""
    plain = {field.name: record[field.name] for field in fields(Verdict) if field.name in record}
    return Verdict(
        **{
            **plain,
            "evidence": tuple(map(_evidence_of, record["evidence"])),
            "languages": record["languages"]["shares"],
            "foreign": tuple(ForeignSpan(**span) for span in record["languages"]["spans"]),
            "body": tuple(Span(*span) for span in record["body"]),
            "sentences": tuple(SentenceSuspicion(**each) for each in record.get("sentences", ())),
        }
    )


def _evidence_of(record: Mapping[str, Any]) -> Evidence:
    pivot = record["pivot"]
    changed = {
        "sentence": Span(*record["sentence"]),
        "intended": tuple(record["intended"]),
        "pivot": None if pivot is None else Pivot(**pivot),
    }
    return Evidence(**{**record, **changed})


def _evidence(found: Evidence) -> dict[str, Any]:
    pivot = {"language": found.pivot.language, "word": found.pivot.word} if found.pivot else None
    return {
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "kind": found.kind,
        "weight": _plain(found.weight),
        "intended": list(found.intended),
        "pivot": pivot,
        "sibling": found.sibling,
        "sentence": list(found.sentence),
    }


def _foreign(span: ForeignSpan) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "language": span.language, "is_quoted": span.is_quoted}


def _plain(value: Any) -> Any:
    """`value` with its mappings and sequences as dicts and lists and its floats rounded."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
