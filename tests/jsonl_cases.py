"""Cases kept as JSON lines beside the tests: one case a line, with a label, a comment and what is expected.

A bug report becomes a line. A case that is known to fail has a field `xfail` with the reason; the mark is strict, so
that the test which begins to pass says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Case = dict[str, Any]


def read_cases(path: Path) -> list[Any]:
    """The cases of a file as parameters of a test, named by their line and label."""
    lines = path.read_text(encoding="utf-8").split("\n")  # not at U+2028, which a case may hold
    return [_parameter(number, json.loads(line)) for number, line in enumerate(lines, 1) if line.strip()]


def _parameter(number: int, case: Case) -> Any:
    marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
    return pytest.param(case, id=f"line {number}: {case['label']}", marks=marks)
