"""Where a line quotes."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonl_cases import Case, read_cases

from mtscore.languages.quotations import MAX_LETTERS, quotations


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("quotations.jsonl")))
def test_quotations(case: Case) -> None:
    line = case["text"]
    assert [line[start:end] for start, end in quotations(line)] == case["quotations"]


def test_a_long_quotation_is_a_forgotten_mark() -> None:
    assert quotations(f"“{'a' * MAX_LETTERS}”") == [(0, MAX_LETTERS + 2)]
    assert quotations(f"“{'a' * (MAX_LETTERS + 1)}”") == []
