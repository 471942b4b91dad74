"""Verdicts as a page for people: one HTML file that needs no network, and no script to be read.

Articles are written by strangers: every text is sanitised (no control characters, no bidirectional tricks) and
escaped by the template engine, and a Content-Security-Policy allows the page's own style and script and nothing
else. One document gives a page of its own; several give an overview that can be sorted and searched, with the articles
to unfold below. Articles wait in a temporary file until the overview is known, so that memory holds one of them.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from mtscore.files.scratch import text_scratch
from mtscore.records import Verdict
from mtscore.render.html.browsing import exact_text, facets
from mtscore.render.html.charts import heat_strip, histogram, histogram_summary, signal_rows, telling
from mtscore.render.html.reference import Reference
from mtscore.render.html.views import Row, article_lines, document_view, overview_row
from mtscore.render.suspicion import worst_sentences
from mtscore.render.wording import counted, percent

if TYPE_CHECKING:
    from jinja2 import Environment

MAX_ARTICLES = 2000
"""Articles that unfold below an overview; the documents beyond have their row in it and no more."""

COLUMNS = (
    ("score", True), ("label", False), ("document", False), ("quality", True), ("words", True), ("findings", True),
    ("strongest findings", False),
)  # fmt: skip
"""The columns of an overview, and whether they hold numbers: what fits on a phone comes first."""

_COPIED = 1 << 20
"""Characters of the waiting articles that are copied at once."""

Pages = Iterable[tuple[Verdict, str | None]]
"""Verdicts, each with the very text that its offsets point into (None: it could not be read)."""


def write_page(pages: Pages, stream: TextIO, reference: Reference) -> None:
    """Writes the page of one document, or the overview of several, as a complete HTML document."""
    waiting = iter(pages)
    first = list(islice(waiting, 2))
    if len(first) == 1:
        verdict, text = first[0]
        context = _article(verdict, text, reference, prefix="", is_alone=True)
        write_template("single.html", {"title": context["document"].id, **context}, stream)
    else:
        _write_all(chain(first, waiting), stream, reference)


class Folded(NamedTuple):
    """A document as an overview keeps it: its row, and its article as HTML."""

    row: Row
    html: str


def fold(verdict: Verdict, text: str | None, number: int, reference: Reference) -> Folded:
    """The document as number `number` of an overview."""
    row = overview_row(verdict, number, has_article=True)
    context = _article(verdict, text, reference, prefix=f"d{number}-", is_alone=False)
    context |= {"row": row, "exact": exact_text(text)}
    return Folded(row, "".join(_environment().get_template("folded.html").generate(context)))


def write_overview(
    rows: Sequence[Row], articles: Iterable[str], stream: TextIO, reference: Reference
) -> None:
    """Writes the overview of documents that are folded already, their articles in the order given."""
    counts = Counter(row.label for row in rows)
    bars = histogram([row.score for row in rows if row.score is not None], reference)
    context = {
        "title": counted(len(rows), "document"),
        "rows": rows,
        "counts": [(label, counts[label]) for label in ("garbled", "suspect", "clean", "cannot tell")],
        "expected": _expected(counts, reference),
        "histogram": bars,
        "histogram_summary": histogram_summary(bars),
        "columns": COLUMNS,
        "facets": facets([(row.kinds, row.source, row.site) for row in rows]),
        "has_more": not all(row.has_article for row in rows),
        "max_articles": MAX_ARTICLES,
    }
    write_template("overview_top.html", context, stream)
    stream.writelines(articles)
    write_template("overview_end.html", {}, stream)


def _write_all(pages: Pages, stream: TextIO, reference: Reference) -> None:
    rows = []
    with text_scratch() as articles:
        for number, (verdict, text) in enumerate(pages, start=1):
            if number <= MAX_ARTICLES:
                folded = fold(verdict, text, number, reference)
                articles.write(folded.html)
                rows.append(folded.row)
            else:
                rows.append(overview_row(verdict, number, has_article=False))
        articles.seek(0)
        write_overview(rows, iter(lambda: articles.read(_COPIED), ""), stream, reference)


def _expected(counts: Counter[str], reference: Reference) -> list[dict[str, str]]:
    """What false positives alone would come to in these documents, label by label."""
    scored = counts["garbled"] + counts["suspect"] + counts["clean"]
    worse = {"garbled": counts["garbled"], "suspect": counts["garbled"] + counts["suspect"]}
    return [
        {
            "label": label if label == "garbled" else f"{label} or garbled",
            "rate": percent(reference.false_positive_rates[label]),
            "expected": _rounded(reference.false_positive_rates[label] * scored),
            "found": f"{found:,}",
        }
        for label, found in worse.items()
        if label in reference.false_positive_rates and scored
    ]


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _article(
    verdict: Verdict, text: str | None, reference: Reference, *, prefix: str, is_alone: bool
) -> dict[str, Any]:
    """What the template of an article needs; lines are made while they are written."""
    signals = signal_rows(verdict.signals, reference)
    return {
        "document": document_view(verdict, reference),
        "prefix": prefix,
        "strip": heat_strip(verdict, len(text or "")),
        "lines": article_lines(verdict, text) if text else None,
        "worst": worst_sentences(verdict, text) if text else [],
        "has_sentences": bool(verdict.sentences),
        "telling": telling(signals),
        "signals": signals if is_alone else [],
        "level": 2 if is_alone else 3,
    }


def own_policy() -> str:
    """The Content-Security-Policy that pages carry; a server that sends one has to send this."""
    return str(_environment().globals["policy"])


def write_template(template: str, context: dict[str, Any], stream: TextIO) -> None:
    """Writes what a template makes of its context."""
    stream.writelines(_chunks(_environment().get_template(template).generate(context)))


def _chunks(pieces: Iterator[str], size: int = 512) -> Iterator[str]:
    """The template's many small pieces, joined into fewer."""
    while chunk := list(islice(pieces, size)):
        yield "".join(chunk)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("mtscore.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (_own_file(name) for name in ("page.css", "page.js"))
    environment.globals |= {
        "style": Markup(style),  # the package's own files, the only texts that are not escaped
        "script": Markup(script),
        "policy": (
            f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; base-uri 'none'; "
            "form-action 'none'"
        ),
    }
    return environment


def _own_file(name: str) -> str:
    return (resources.files("mtscore.render.html") / "templates" / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """A text as a source that a Content-Security-Policy allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
