"""What a request asks for, read from its body and checked: one text, several, or files."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

from mtscore.files.formats.record import too_long
from mtscore.serve.labels import LABELS
from mtscore.serve.problems import Problem
from mtscore.serve.processes.given import is_too_long
from mtscore.serve.processes.tasks import Given
from mtscore.serve.settings import Settings

FORMS = ("text", "html", "auto")
MAX_ID = 1000
"""Characters of an id."""

_OPTIONS = ("reading", "siblings")
_LABEL = ("id", "label", "score", "model", "text")
_DOCUMENT = ("id", "text", "base64", "format")


class Asked(NamedTuple):
    """The documents, and how they are to be read. `is_single`: one text was sent, and not a list with one."""

    given: tuple[Given, ...]
    reading: str
    has_siblings: bool
    is_single: bool


def asked(body: bytes, media_type: str, settings: Settings) -> Asked:
    """What a body of `media_type` asks for. Raises a problem for what makes no sense."""
    if media_type in ("text/plain", "text/html"):
        given = Given("1", _text(body), form=media_type.removeprefix("text/").replace("plain", "text"))
        return _checked((given,), settings.reading, False, True, settings)
    if media_type in ("application/x-ndjson", "application/jsonl"):
        lines = (line for line in body.split(b"\n") if line.strip())
        documents = (_object(line, f"line {number}") for number, line in enumerate(lines, 1))
        return _checked(_given(documents), settings.reading, False, False, settings)
    if media_type != "application/json":
        raise Problem(
            415, "send application/json, application/x-ndjson, text/plain or text/html, and say which it is"
        )
    values = _object(body, "the body")
    reading, siblings = values.get("reading", settings.reading), values.get("siblings", False)
    if reading not in settings.readings:
        raise Problem(400, f"reading must be one of {', '.join(settings.readings)}, not {_quoted(reading)}")
    if not isinstance(siblings, bool):
        raise Problem(400, f"siblings must be true or false, not {_quoted(siblings)}")
    rest = {name: value for name, value in values.items() if name not in _OPTIONS}
    if "documents" not in rest:
        return _checked(_given([rest]), reading, siblings, True, settings)
    documents = rest.pop("documents")
    _refuse_others(rest, ("documents", *_OPTIONS), "the request")
    if not isinstance(documents, list):
        raise Problem(400, f"documents must be a list, not {_quoted(documents)}")
    return _checked(_given(documents), reading, siblings, False, settings)


def label_asked(body: bytes, media_type: str) -> dict[str, Any]:
    """The record of a label that is to be saved; with the label None, of one that is to be taken back."""
    if media_type != "application/json":
        raise Problem(415, "send application/json, and say so")
    values = _object(body, "the body")
    _refuse_others(values, _LABEL, "the label")
    id, label, text = values.get("id", ""), values.get("label"), values.get("text")
    if not isinstance(id, str) or len(id) > MAX_ID:
        raise Problem(400, f"the id must be a text of at most {MAX_ID} characters, not {_quoted(id)}")
    if label not in (None, *LABELS):
        raise Problem(400, f"the label must be one of {', '.join(LABELS)} or null, not {_quoted(label)}")
    if not isinstance(text, str) or not text.strip():
        raise Problem(400, "a label needs the text that it is about")
    score, model = values.get("score"), values.get("model", "")
    if isinstance(score, bool) or not isinstance(score, float | int | None) or not 0 <= (score or 0) <= 1:
        raise Problem(400, f"the score must be a number from 0 to 1 or null, not {_quoted(score)}")
    if not isinstance(model, str) or len(model) > MAX_ID:
        raise Problem(400, f"the model must be a text of at most {MAX_ID} characters, not {_quoted(model)}")
    return {"id": id, "label": label, "score": score, "model": model, "text": text}


def _checked(
    given: tuple[Given, ...], reading: str, has_siblings: bool, is_single: bool, settings: Settings
) -> Asked:
    if not given:
        raise Problem(400, "there is no document in the request; send at least one text")
    if len(given) > settings.max_documents:
        raise Problem(413, f"more than {settings.max_documents:,} documents at a time; send fewer")
    if is_single and given[0].data is None and is_too_long(given[0].text or "", settings.max_bytes):
        raise Problem(413, f"the text is {too_long(settings.max_bytes)}")
    return Asked(given, reading, has_siblings, is_single)


def _given(documents: Iterable[Any]) -> tuple[Given, ...]:
    return tuple(_document(values, number) for number, values in enumerate(documents, 1))


def _document(values: Any, number: int) -> Given:
    where = f"document {number}"
    if isinstance(values, str):
        return Given(str(number), values)
    if not isinstance(values, dict):
        raise Problem(400, f"{where} must be a text or an object with a text, not {_quoted(values)}")
    _refuse_others(values, _DOCUMENT, where)
    id, form = values.get("id", str(number)), values.get("format", "text")
    if not isinstance(id, str) or len(id) > MAX_ID:
        raise Problem(
            400, f"the id of {where} must be a text of at most {MAX_ID} characters, not {_quoted(id)}"
        )
    if form not in FORMS:
        raise Problem(400, f"the format of {where} must be one of {', '.join(FORMS)}, not {_quoted(form)}")
    if ("text" in values) == ("base64" in values):
        raise Problem(400, f"{where} must have either text or base64 (a file's bytes)")
    if "base64" in values:
        return Given(id, data=_bytes(values["base64"], where))
    if not isinstance(values["text"], str):
        raise Problem(400, f"the text of {where} must be a text, not {_quoted(values['text'])}")
    return Given(id, values["text"], form=form)


def _bytes(value: Any, where: str) -> bytes:
    try:
        if isinstance(value, str):
            return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise Problem(400, f"the base64 of {where} is none")


def _refuse_others(values: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    others = [name for name in values if name not in known]
    if others:
        raise Problem(
            400, f"{where} has the unknown field {_quoted(others[0])}; known are {', '.join(known)}"
        )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"the text is not UTF-8 (byte {error.start:,}); convert it") from error


def _object(data: bytes, where: str) -> dict[str, Any]:
    try:
        values = json.loads(_text(data), parse_constant=_no_number)
    except RecursionError as error:
        raise Problem(400, f"{where} is nested too deeply") from error
    except ValueError as error:
        raise Problem(400, f"{where} is not JSON; check its commas and quotation marks") from error
    if not isinstance(values, dict):
        raise Problem(400, f"{where} must be a JSON object, not {_quoted(values)}")
    return values


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _quoted(value: object) -> str:
    shown = json.dumps(value, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "..."
