"""The page's drawings as numbers: heat strip, histogram and signal ranges. The templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mtscore.records import Verdict
from mtscore.render.html.reference import Reference, Typical
from mtscore.render.terminal import sanitize
from mtscore.render.wording import counted

CELLS = 100
"""Cells of a heat strip."""

FULL_HEAT = 6.0
"""Nats of findings that one cell needs to be as hot as can be (more when the hottest has more)."""

SUSPECT = 0.5
"""Suspicion from which a sentence is counted."""

BINS = 20
"""Bars of a histogram of scores."""

MAX_TELLING = 8
"""Signals that are shown first."""


class Cell(NamedTuple):
    """A stretch of the heat strip: where it begins and its heat, both 0..1, and whether it is furniture."""

    place: float
    heat: float
    is_furniture: bool


class Strip(NamedTuple):
    """A heat strip and what it shows in words."""

    cells: list[Cell]
    width: float
    summary: str


class Bar(NamedTuple):
    """A bar of a histogram: from which score on, how many documents, and its height 0..1."""

    low: float
    documents: int
    height: float
    label: str


class SignalRow(NamedTuple):
    """A signal's value beside its usual ranges; positions are 0..100 on a scale of its own."""

    family: str
    name: str
    value: str
    human: str
    garbled: str
    place: float
    human_place: float
    human_width: float
    garbled_place: float
    garbled_width: float
    telling: float
    """How far the value leans to garbled in a signal that tells them apart (negative: to human); 0 when nothing
    is known of the signal."""


def heat_strip(verdict: Verdict, length: int) -> Strip:
    """Where in a text of `length` characters the suspect sentences are, or, of one that was read quickly, the
    findings, weighed by their strength."""
    if verdict.sentences:
        heats, thirds = _suspicion(verdict, length)
        what = "Where the suspect sentences are in the text"
    else:
        heats, thirds = _strengths(verdict, length)
        what = "Where the findings are in the text"
    cells = []
    for cell, heat in enumerate(heats):
        middle = (cell + 0.5) * length / CELLS
        is_body = not verdict.body or any(start <= middle < end for start, end in verdict.body)
        if heat or not is_body:
            cells.append(Cell(cell / CELLS, heat, not is_body))
    parts = zip(thirds, ("first", "second", "last"), strict=True)
    where = ", ".join(f"{count} in the {third} third" for count, third in parts)
    return Strip(cells, 1.0 / CELLS, f"{what}: {where}.")


def _strengths(verdict: Verdict, length: int) -> tuple[list[float], list[int]]:
    """The strength of the findings in each cell, as heat, and how many are in each third."""
    heats, thirds = [0.0] * CELLS, [0, 0, 0]
    for found in verdict.evidence:
        first, last = _cells(found.start, found.end, length)
        for cell in range(first, last + 1):
            heats[cell] += found.weight / (last + 1 - first)
        thirds[min(3 * first // CELLS, 2)] += 1
    full = max(FULL_HEAT, *heats)
    return [math.sqrt(heat / full) for heat in heats], thirds


def _suspicion(verdict: Verdict, length: int) -> tuple[list[float], list[int]]:
    """The suspicion of the sentences in each cell, and how many are suspect in each third."""
    heats, thirds = [0.0] * CELLS, [0, 0, 0]
    for sentence in verdict.sentences:
        first, last = _cells(sentence.start, sentence.end, length)
        for cell in range(first, last + 1):
            heats[cell] = max(heats[cell], sentence.suspicion)
        thirds[min(3 * first // CELLS, 2)] += sentence.suspicion >= SUSPECT
    return heats, thirds


def _cells(start: int, end: int, length: int) -> tuple[int, int]:
    """The first and the last cell of a stretch of a text."""
    first, last = (min(place * CELLS // max(length, 1), CELLS - 1) for place in (start, end - 1))
    return first, last


def histogram(scores: Sequence[float], reference: Reference) -> list[Bar]:
    """How many documents have which score."""
    counts = [0] * BINS
    for score in scores:
        counts[min(int(score * BINS), BINS - 1)] += 1
    top = max(*counts, 1)
    return [
        Bar(number / BINS, count, count / top, _label((number + 0.5) / BINS, reference))
        for number, count in enumerate(counts)
    ]


def histogram_summary(bars: Iterable[Bar]) -> str:
    """The histogram in words."""
    filled = [f"{counted(bar.documents, 'document')} from {bar.low:.2f}" for bar in bars if bar.documents]
    return f"How many documents have which score: {', '.join(filled) or 'none'}."


def _label(score: float, reference: Reference) -> str:
    for label in ("garbled", "suspect"):
        if score >= reference.thresholds[label]:
            return label
    return "clean"


def signal_rows(signals: Mapping[str, Mapping[str, float]], reference: Reference) -> list[SignalRow]:
    """Every signal of a verdict, in its order."""
    return [
        _signal_row(family, name, value, reference.typical.get(name))
        for family, values in signals.items()
        for name, value in values.items()
    ]


def telling(rows: Iterable[SignalRow]) -> list[SignalRow]:
    """The signals that lean to garbled most, in a direction that tells human and garbled texts apart."""
    leaning = [row for row in rows if row.telling > 0]
    return sorted(leaning, key=lambda row: -row.telling)[:MAX_TELLING]


def _signal_row(family: str, name: str, value: float, typical: Typical | None) -> SignalRow:
    shown = sanitize(name).replace("_", " ")
    if typical is None:
        return SignalRow(family, shown, _number(value), "", "", 0, 0, 0, 0, 0, 0)
    human, garbled = typical.human, typical.garbled
    low, high = min(human[0], garbled[0], value), max(human[2], garbled[2], value)
    scale = 100.0 / (high - low) if high > low else 0.0
    return SignalRow(
        family=family,
        name=shown,
        value=_number(value),
        human=_range(human),
        garbled=_range(garbled),
        place=(value - low) * scale,
        human_place=(human[0] - low) * scale,
        human_width=(human[2] - human[0]) * scale,
        garbled_place=(garbled[0] - low) * scale,
        garbled_width=(garbled[2] - garbled[0]) * scale,
        telling=typical.telling(value),
    )


def _range(points: tuple[float, float, float]) -> str:
    return f"{_number(points[0])} to {_number(points[2])}"


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}") if math.isfinite(value) else "–"
