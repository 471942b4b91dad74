"""Verdicts beside the very texts that their offsets point into, as whatever shows an article needs them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from mtscore.records import Document, Verdict
from mtscore.text.declared import declared_translation
from mtscore.text.surrogates import without_surrogates


def scored_text(document: Document) -> str:
    """What is scored, and what offsets point into: of a web page the text; without lone surrogates, which no
    model can read. Empty for what could not be read."""
    return without_surrogates(as_text(document).text or "")


def as_text(document: Document) -> Document:
    """The document as its verdict's offsets see it: of a web page, the text. Its detail says what the page says of
    itself."""
    if not document.is_html or document.text is None:
        return document
    from mtscore.text.html import read_html

    detail = joined_details(document.detail, declared_translation(document.text, is_html=True))
    return replace(document, text=read_html(document.text), detail=detail, is_html=False)


def joined_details(*details: str | None) -> str | None:
    """What there is to say of a document besides its score, each thing once; None if there is nothing."""
    return "; ".join(dict.fromkeys(filter(None, details))) or None


def with_texts(
    score: Callable[[Iterable[Document]], Iterable[Verdict]], documents: Iterable[Document]
) -> Iterator[tuple[Verdict, str | None]]:
    """What `score` says of each document, and its text (None: could not be read). `score` must answer in order;
    texts wait for their verdicts, so that a `score` which reads everything first keeps all of them waiting."""
    waiting: deque[str | None] = deque()

    def passing() -> Iterator[Document]:
        for document in map(as_text, documents):
            waiting.append(document.text)
            yield document

    for verdict in score(passing()):
        yield verdict, waiting.popleft()
