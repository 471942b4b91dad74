"""Each kind of evidence: what is found, and the near miss that must not be. All texts are our own.

A case gives a `text`, or a `sentence` that stands in a clean frame, and either all `findings` in document order
(kind and words) or the words that findings `contain` or `lack`; with one finding also what is `intended` and the
`pivot`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonl_cases import Case, read_cases
from toy_findings import FRAME, find


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("cases.jsonl")))
def test_findings(case: Case) -> None:
    text = case["text"] if "text" in case else FRAME.format(case["sentence"])
    found = sorted(find(text), key=lambda item: item.start)
    words = [item.text for item in found]
    if "findings" in case:
        assert [[item.kind, item.text] for item in found] == case["findings"]
    assert set(case.get("contain", [])) <= set(words)
    assert set(case.get("lack", [])).isdisjoint(words)
    if "intended" in case:
        assert [list(item.intended) for item in found] == [case["intended"]]
    if "pivot" in case:
        assert [item.pivot and [item.pivot.language, item.pivot.word] for item in found] == [case["pivot"]]
