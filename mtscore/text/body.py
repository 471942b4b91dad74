"""The article inside a page, and the stretches of it that are not English.

Offsets point into the text given to `find_body`. For a web page that text is what `mtscore.text.html.read_html`
returned, not the HTML file: callers that show evidence show that text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mtscore.languages.identification import count_words
from mtscore.languages.passages import foreign_passages, is_quoted
from mtscore.languages.quotations import quotations
from mtscore.records import Body, ForeignSpan, Span
from mtscore.text.furniture import kept_lines
from mtscore.text.lines import Line, read_lines


def find_body(text: str) -> Body:
    """The article's spans in `text`, the languages they are in, and their stretches that are not English.

    Foreign lines around the article are furniture; foreign lines inside it stay in the body and are listed
    in `foreign`. A text that is mostly not English keeps all its lines: `dominant_language` then names it.
    """
    lines = list(read_lines(text))
    if not lines:
        return Body(())
    if _is_mostly_foreign(lines):
        spans: tuple[Span, ...] = (Span(lines[0].start, lines[-1].end),)
        return _with_languages(text, spans, lines)
    kept = [line for line, is_kept in zip(lines, kept_lines(lines), strict=True) if is_kept]
    return _with_languages(text, _join(lines, kept), kept)


def dominant_language(body: Body) -> str | None:
    """The ISO 639-1 code of the language that most of the body is in, None when that is English."""
    if not body.languages:
        return None
    code = max(body.languages, key=lambda code: body.languages[code])
    if code != "en" and body.languages.get("en", 0.0) < 0.5:
        return code
    return None


def _is_mostly_foreign(lines: Sequence[Line]) -> bool:
    """More words on foreign lines that read like prose than on English or undecided lines."""
    foreign = sum(line.words for line in lines if line.is_foreign)
    return foreign > sum(line.words for line in lines if not line.is_foreign)


def _join(lines: Sequence[Line], kept: Sequence[Line]) -> tuple[Span, ...]:
    """Spans over neighbouring kept lines, broken where a line was left out."""
    following = {line.start: after.start for line, after in pairwise(lines)}
    spans: list[Span] = []
    expected = -1
    for line in kept:
        if line.start == expected:
            spans[-1] = Span(spans[-1].start, line.end)
        else:
            spans.append(Span(line.start, line.end))
        expected = following.get(line.start, -1)
    return tuple(spans)


def _with_languages(text: str, spans: tuple[Span, ...], lines: Sequence[Line]) -> Body:
    foreign = tuple(_foreign_spans(lines))
    counts: dict[str, int] = {}
    for span in foreign:
        counts[span.language] = counts.get(span.language, 0) + count_words(text[span.start : span.end])
    total = sum(line.words for line in lines)
    english = total - sum(counts.values())
    if english > 0:
        counts["en"] = english
    scale = sum(counts.values())
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    return Body(spans, {code: counts[code] / scale for code in ranked} if scale else {}, foreign)


def _foreign_spans(lines: Sequence[Line]) -> Iterator[ForeignSpan]:
    before = ""
    for line in lines:
        passages = foreign_passages(line.text, line.sentences, line.has_runs)
        quotes = quotations(line.text) if passages else []
        for start, end, language in passages:
            quoted = is_quoted(line.text, start, end, before, quotes)
            yield ForeignSpan(line.start + start, line.start + end, language, quoted)
        before = line.text
