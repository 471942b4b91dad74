"""Time grows with the length of a document, not with its square, whatever it is made of.

Processor time of eight times the length may be 25 times as long: a square would be 64 times, and a busy machine changes
the ratio little. What takes less than `UNNOTICED` seconds either way is not looked at. `benchmarks/growth.py` measures
whole verdicts on up to a million characters.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from toy_findings import find

from benchmarks.growth import PAGES, TEXTS
from mtscore.languages.quotations import quotations
from mtscore.text.html import read_html

SHORT, LONG = 3_000, 24_000
MAX_RATIO, UNNOTICED = 25.0, 0.3


def seconds(run: Callable[[], object]) -> float:
    """Processor time, the shorter of two runs."""
    times = []
    for _ in range(2):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
        if times[-1] < UNNOTICED:
            break
    return min(times)


def assert_linear(run: Callable[[str], object], make: Callable[[int], str]) -> None:
    long = seconds(lambda: run(make(LONG)))
    if long > UNNOTICED:
        assert long < MAX_RATIO * seconds(lambda: run(make(SHORT)))


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str) -> None:
    find("The brondlesk of the town was rapsutive, said Brondlesko.")  # what is prepared at the first use
    assert_linear(find, TEXTS[name])


@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str) -> None:
    read_html("<p>x</p>")
    assert_linear(read_html, PAGES[name])


def test_each_sort_of_quotation_mark_is_looked_for_once() -> None:
    """The quotations of a line of a million opening marks are none, and found in one pass over it."""
    start = time.process_time()
    assert quotations("„a " * 400_000) == []
    assert time.process_time() - start < 10
