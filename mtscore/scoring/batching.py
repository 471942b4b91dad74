"""Which documents are read together, and which of them are computed together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mtscore.records import Document
from mtscore.text.article import Article

BATCH = 128
"""Documents that are read and go to a worker process at a time at most; fewer if they have `GROUP_CHARACTERS`."""

MARKUP = 16
"""Characters of a web page for one of its article, about: pages are put together by what will be computed."""

GROUP_CHARACTERS = 60_000
"""Documents of so many characters are computed together: enough to share the cost of numpy's calls, few enough for the
processor's cache and for memory. A longer document is computed alone."""


CLOSE_CHARACTERS = 4_000
"""The same where documents are read closely: that takes its time for each, and processes are to share it."""


def batches(documents: Iterable[Document], characters: int = GROUP_CHARACTERS) -> Iterator[list[Document]]:
    """The documents, so many at a time that they can be computed together: of at most so many `characters`."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        own = len(document.text or "") // (MARKUP if document.is_html else 1)
        if batch and size + own > characters:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += own
        if len(batch) == BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def groups(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Consecutive articles that are computed together."""
    group: list[Article] = []
    size = 0
    for article in articles:
        if group and size + len(article.text) > GROUP_CHARACTERS:
            yield group
            group, size = [], 0
        group.append(article)
        size += len(article.text)
    if group:
        yield group
