"""Mixed documents: furniture around, a passage left untranslated inside, a quotation introduced as such.

Composes pages from `mixed_cases.jsonl` (written for this project) as text and as HTML, prints how each of the
three cases is judged, and what language detection costs on the English articles alone.

    python -m benchmarks.mixed
"""

from __future__ import annotations

import argparse
import html
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.toy import parsed
from mtscore import Scorer
from mtscore.languages import identification as languages
from mtscore.signals.mixing import mixing_signals
from mtscore.text.body import find_body
from mtscore.text.html import read_html
from mtscore.text.segmentation import segment

_LINES = Path(__file__).with_name("mixed_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in _LINES]
ARTICLES = [case for case in CASES if case["kind"] == "article"]
SENTENCES = [
    (case["language"], each) for case in CASES if case["kind"] == "sentences" for each in case["sentences"]
]
FURNITURE = [case for case in CASES if case["kind"] == "furniture"]


def as_text(top: list[str], article: list[str], bottom: list[str]) -> str:
    return "\n\n".join([*top, *article, *bottom])


def as_html(top: list[str], article: list[str], bottom: list[str]) -> str:
    """A plain page; the furniture is in `div`s that say nothing about it."""
    div = [f"<div>{html.escape(line)}</div>" for line in (*top, *bottom)]
    title, *paragraphs = (html.escape(line) for line in article)
    middle = f"<div><h1>{title}</h1>" + "".join(f"<p>{each}</p>" for each in paragraphs) + "</div>"
    page = "".join([*div[: len(top)], middle, *div[len(top) :]])
    return read_html(f"<!doctype html><html><body>{page}</body></html>")


FORMS = {"text": as_text, "html": as_html}


def with_passage(article: dict[str, Any], sentence: str, place: int) -> list[str]:
    """The article with `sentence` as a paragraph, inside one, or opening one."""
    lines = [article["title"], *article["paragraphs"]]
    if place == 0:
        return [*lines[:3], sentence, *lines[3:]]
    before, after = lines[2].split(". ", 1) if ". " in lines[2] and place == 1 else ("", lines[2])
    joined = f"{before}. {sentence} {after}" if before else f"{sentence} {after}"
    return [*lines[:2], joined, *lines[3:]]


def with_quotation(article: dict[str, Any], sentence: str) -> list[str]:
    lines = [article["title"], *article["paragraphs"]]
    return [*lines[:3], f"On the wall somebody had written: “{sentence}”", *lines[3:]]


def furniture() -> None:
    for name, form in FORMS.items():
        kept = body = left_out = around = 0
        for case in FURNITURE:
            for article in ARTICLES:
                lines = [article["title"], *article["paragraphs"]]
                text = form(case["top"], lines, case["bottom"])
                judged = "\n".join(text[span.start : span.end] for span in find_body(text).spans).split("\n")
                body += sum(map(len, lines))
                kept += sum(len(line) for line in lines if line in judged)
                around += sum(map(len, (*case["top"], *case["bottom"])))
                left_out += sum(len(line) for line in (*case["top"], *case["bottom"]) if line not in judged)
        print(f"furniture, {name}: {kept / body:.1%} of body kept, {left_out / around:.1%} of furniture out")


def passages() -> None:
    for name, form in FORMS.items():
        found = named = told = total = extra = 0
        for i, (language, sentence) in enumerate(SENTENCES):
            article = ARTICLES[i % len(ARTICLES)]
            for place in range(3):
                text = form([], with_passage(article, sentence, place), [])
                foreign = find_body(text).foreign
                hits = [f for f in foreign if not f.is_quoted and overlaps(text, f.start, f.end, sentence)]
                total += 1
                found += bool(hits)
                named += any(hit.language == language for hit in hits)
                extra += len(foreign) - len(hits)
            text = form([], with_quotation(article, sentence), [])
            told += [f.is_quoted for f in find_body(text).foreign] == [True]
        print(
            f"untranslated sentence, {name}: {found / total:.1%} of {total} found, {named / total:.1%} with"
            f" its language, {extra} false; quoted sentence: {told / len(SENTENCES):.1%} told apart"
        )


def overlaps(text: str, start: int, end: int, sentence: str) -> bool:
    """Whether `text[start:end]` covers at least 80 % of `sentence`."""
    low = text.index(sentence)
    return min(end, low + len(sentence)) - max(start, low) >= 0.8 * len(sentence)


def cost(times: int) -> None:
    texts = [as_text([], [article["title"], *article["paragraphs"]], []) for article in ARTICLES] * times
    words = sum(len(text.split()) for text in texts)
    asked = languages.guess.cache_info().misses
    seconds = {"find_body": 0.0, "segment": 0.0, "mixing_signals": 0.0}
    for text in texts:
        for name, took in zip(seconds, steps(text), strict=True):
            seconds[name] += took
    for name, took in seconds.items():
        print(f"{name}: {took / words * 500 * 1000:.2f} ms for 500 words of English")
    timed = texts[:400]
    scoring = scoring_seconds(timed) / len(timed) * len(texts)
    detection = seconds["find_body"] + seconds["mixing_signals"]
    print(f"body and languages together: {detection / scoring:.1%} of the scoring time")
    asked = languages.guess.cache_info().misses - asked
    print(f"langdetect asked {asked} times on {len(texts)} English articles")


def scoring_seconds(texts: list[str]) -> float:
    """What scoring the texts takes, model loaded."""
    scorer = Scorer.load()
    scorer.score(texts[0])
    start = time.perf_counter()
    for _ in scorer.score_many(texts):
        pass
    return time.perf_counter() - start


def steps(text: str) -> Iterator[float]:
    start = time.perf_counter()
    body = find_body(text)
    yield time.perf_counter() - start
    start = time.perf_counter()
    sentences = segment(text, body.spans)
    yield time.perf_counter() - start
    start = time.perf_counter()
    mixing_signals(text, body, sentences)
    yield time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=250, help="how often every article is timed (250)")
    with parsed(parser, arguments, lambda _: ["--times", "2"]) as given:
        furniture()
        passages()
        cost(given.times)


if __name__ == "__main__":
    main()
