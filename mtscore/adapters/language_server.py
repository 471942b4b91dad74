"""A language server: findings underlined while one writes, and the words that were probably meant as quick fixes.

Texts are scored in one thread beside the conversation, and only once nothing was typed for a moment. A result is shown
if the text is still the one that was scored, so that no mark and no fix is ever beside its words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from mtscore.errors import InputError
from mtscore.files.documents import MAX_BYTES
from mtscore.records import Evidence, Verdict
from mtscore.render.places import Place, Places
from mtscore.render.terminal import clip
from mtscore.render.wording import LABEL_MEANINGS, MAX_INTENDED, as_written, explanation, shown_score
from mtscore.version import __version__

try:
    from lsprotocol import types as lsp
    from pygls.lsp.server import LanguageServer
except ImportError as error:
    raise InputError(
        f"the language server needs the extra lsp: pip install '.[lsp]' in a clone of mtscore ({error})"
    ) from None

if TYPE_CHECKING:
    from pygls.workspace import TextDocument

    from mtscore.scoring.scorer import Scorer

DELAY = 0.4
"""Seconds without typing before a text is scored."""

LANGUAGES = frozenset(("markdown", "plaintext", "text"))
"""Names that editors have for what is judged."""

SUFFIXES = (".md", ".markdown", ".txt")
"""The names of such files, for editors that do not say."""


class Marked(NamedTuple):
    """What was found in one version of a text."""

    version: int | None
    findings: list[tuple[lsp.Diagnostic, Evidence]]


def serve(scorer: Scorer) -> None:
    """Talk to an editor on standard input and output until it ends the conversation."""
    build(scorer).start_io()


def build(scorer: Scorer, delay: float = DELAY) -> LanguageServer:
    """The server, not started."""
    server = LanguageServer("mtscore", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    checker = _Checker(server, scorer)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        await checker.check(params.text_document.uri, 0.0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        await checker.check(params.text_document.uri, delay)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        checker.forget(params.text_document.uri)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        only = params.context.only
        is_asked = only is None or lsp.CodeActionKind.QuickFix in only
        return list(checker.fixes(params.text_document.uri, params.range)) if is_asked else []

    return server


class _Checker:
    """Scores open texts and remembers what it has shown of them."""

    def __init__(self, server: LanguageServer, scorer: Scorer) -> None:
        self._server = server
        self._scorer = scorer
        self._marked: dict[str, Marked] = {}
        self._thread = ThreadPoolExecutor(max_workers=1)

    async def check(self, uri: str, delay: float) -> None:
        """Score the text as it is now, unless it changes first, and show what was found."""
        document = self._open(uri)
        if document is None or not is_judged(document):
            return
        version = document.version
        await asyncio.sleep(delay)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._thread, self._score, uri, version)
        if found is not None and self._is_current(uri, version):
            self._show(uri, version, *found)

    def forget(self, uri: str) -> None:
        """The text was closed: its marks go."""
        self._marked.pop(uri, None)
        self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def fixes(self, uri: str, place: lsp.Range) -> Iterator[lsp.CodeAction]:
        """What could stand in the place instead."""
        marked = self._marked.get(uri)
        if marked is None or not self._is_current(uri, marked.version):
            return
        for shown, found in marked.findings:
            where = shown.range
            if where.start <= place.end and place.start <= where.end:
                for number, word in enumerate(found.intended[:MAX_INTENDED]):
                    new = as_written(word, found.text)
                    yield lsp.CodeAction(
                        title=f"Write “{clip(new, 60)}” for “{clip(found.text, 60)}”",
                        kind=lsp.CodeActionKind.QuickFix,
                        diagnostics=[shown],
                        is_preferred=number == 0,
                        edit=lsp.WorkspaceEdit(changes={uri: [lsp.TextEdit(where, new)]}),
                    )

    def _open(self, uri: str) -> TextDocument | None:
        documents: dict[str, TextDocument] = self._server.workspace.text_documents
        return documents.get(uri)

    def _is_current(self, uri: str, version: int | None) -> bool:
        document = self._open(uri)
        return document is not None and document.version == version

    def _score(self, uri: str, version: int | None) -> tuple[str, Verdict] | None:
        """In the thread; None for what has changed while it waited."""
        document = self._open(uri)
        if document is None or document.version != version or len(document.source) > MAX_BYTES:
            return None
        text = document.source
        return text, self._scorer.score(text, id=uri)

    def _show(self, uri: str, version: int | None, text: str, verdict: Verdict) -> None:
        places = Places(text, self._server.workspace.position_encoding or "utf-16")
        is_bad = verdict.label in ("garbled", "suspect")
        severity = lsp.DiagnosticSeverity.Warning if is_bad else lsp.DiagnosticSeverity.Information
        findings = [(_diagnostic(found, places, severity), found) for found in verdict.evidence]
        self._marked[uri] = Marked(version, findings)
        shown = [diagnostic for diagnostic, _ in findings]
        if is_bad:
            shown.insert(0, _summary(verdict, places, text))
        self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, version))


def is_judged(document: TextDocument) -> bool:
    """Whether it is Markdown or plain text."""
    if document.language_id:
        return document.language_id in LANGUAGES
    return document.uri.lower().endswith(SUFFIXES)


def _summary(verdict: Verdict, places: Places, text: str) -> lsp.Diagnostic:
    """The verdict, at the first line that has something in it."""
    start = len(text) - len(text.lstrip())
    line = text[start:].splitlines()[0] if text.strip() else ""
    score = "" if verdict.score is None else f" Score {shown_score(verdict.score)}."
    meaning = LABEL_MEANINGS[verdict.label] if verdict.label else ""
    return lsp.Diagnostic(
        range=_range(places.of(start, start + len(line))),
        message=f"{meaning}{score}",
        severity=lsp.DiagnosticSeverity.Warning,
        code=verdict.label,
        source="mtscore",
    )


def _diagnostic(found: Evidence, places: Places, severity: lsp.DiagnosticSeverity) -> lsp.Diagnostic:
    where = _range(places.of(found.start, found.end))
    return lsp.Diagnostic(
        range=where, message=explanation(found), severity=severity, code=found.kind, source="mtscore"
    )


def _range(place: Place) -> lsp.Range:
    return lsp.Range(lsp.Position(place.line, place.column), lsp.Position(place.end_line, place.end_column))
