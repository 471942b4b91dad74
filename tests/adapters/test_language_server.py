"""The language server as an editor sees it: a real client starts it and talks to it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("pygls", reason="the extra lsp is not installed")

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

TOY = Path(__file__).with_name("toy_language_server.py")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "garbled.txt"
URI = "file:///notes.md"
TEXT = "# Notes\r\n\r\nThe \U0001f600 Governation has met.\n"
_T = TypeVar("_T")


class Editor:
    """A client that keeps what the server shows."""

    def __init__(self) -> None:
        self.client = LanguageClient("editor", "1")
        self.shown: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def show(params: lsp.PublishDiagnosticsParams) -> None:
            self.shown.put_nowait(params)

    async def next_shown(self) -> lsp.PublishDiagnosticsParams:
        return await asyncio.wait_for(self.shown.get(), 60)

    def open(self, text: str, uri: str = URI, language: str = "markdown") -> None:
        item = lsp.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, version: int, text: str) -> None:
        document = lsp.VersionedTextDocumentIdentifier(version=version, uri=URI)
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))

    async def fixes(self, line: int, column: int) -> list[Any]:
        place = lsp.Position(line, column)
        context = lsp.CodeActionContext([])
        document = lsp.TextDocumentIdentifier(URI)
        params = lsp.CodeActionParams(document, lsp.Range(place, place), context)
        return list(await self.client.text_document_code_action_async(params) or [])


def converse(talk: Callable[[Editor], Coroutine[Any, Any, _T]], *command: str) -> _T:
    """Start the server, let `talk` speak with it, and end it as editors do."""

    async def run() -> _T:
        editor = Editor()
        await editor.client.start_io(sys.executable, *command)
        given = await editor.client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
        assert given.server_info is not None
        assert given.server_info.name == "mtscore"
        editor.client.initialized(lsp.InitializedParams())
        said = await talk(editor)
        await editor.client.shutdown_async(None)
        editor.client.exit(None)
        await editor.client.stop()  # type: ignore[no-untyped-call]
        return said

    return asyncio.run(run())


def columns(place: lsp.Range) -> tuple[int, int, int, int]:
    return place.start.line, place.start.character, place.end.line, place.end.character


async def write_and_fix(editor: Editor) -> None:
    editor.open("print('Governation')", "file:///code.py", "python")
    editor.open(TEXT)
    shown = await editor.next_shown()
    assert (shown.uri, shown.version) == (URI, 1), "a program is no text"
    summary, found = shown.diagnostics
    assert (summary.code, summary.severity) == ("garbled", lsp.DiagnosticSeverity.Warning)
    assert columns(summary.range) == (0, 0, 0, 7)
    assert columns(found.range) == (2, 7, 2, 18), "in UTF-16 code units"
    assert found.code == "invented_word"
    assert found.message == "invented word; probably meant: government, governance"

    first, second = await editor.fixes(2, 9)
    assert (first.title, first.is_preferred) == ("Write “Government” for “Governation”", True)
    assert not second.is_preferred
    (edit,) = first.edit.changes[URI]
    assert (columns(edit.range), edit.new_text) == ((2, 7, 2, 18), "Government")
    assert await editor.fixes(1, 0) == []

    for version in (2, 3):  # typed faster than is scored
        editor.change(version, TEXT.replace("Governation", "Government" if version == 3 else "Governation x"))
    assert await editor.fixes(2, 9) == [], "no fix for a text that has changed since"
    shown = await editor.next_shown()
    assert (shown.version, shown.diagnostics) == (3, ())

    document = lsp.TextDocumentIdentifier(URI)
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
    shown = await editor.next_shown()
    assert shown.diagnostics == ()
    assert editor.shown.empty()


def test_findings_are_underlined_and_fixed_while_one_writes() -> None:
    converse(write_and_fix, str(TOY))


async def open_example(editor: Editor) -> set[object]:
    editor.open(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.as_uri(), "plaintext")
    return {each.code for each in (await editor.next_shown()).diagnostics}


def test_the_command_serves_the_shipped_model() -> None:
    assert {"garbled", "invented_word"} <= converse(open_example, "-m", "mtscore", "lsp", "--stdio")
