"""Sentences in other languages: found inside an English article, told from quotations, left out around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from articles import ARTICLE, PARAGRAPHS, kept
from jsonl_cases import Case, read_cases

from mtscore.text.body import find_body


@pytest.mark.parametrize("case", read_cases(Path(__file__).with_name("foreign_sentences.jsonl")))
def test_three_places_of_a_foreign_sentence(case: Case) -> None:
    sentence, language = case["text"], case["language"]
    inside = f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]} {sentence} {PARAGRAPHS[2]}\n\n{PARAGRAPHS[3]}"
    body = find_body(inside)
    assert [(inside[f.start : f.end], f.language, f.is_quoted) for f in body.foreign] == [
        (sentence, language, False)
    ]
    assert len(body.spans) == 1

    quoted = f"{PARAGRAPHS[0]}\n\nThe mayor said: “{sentence}”\n\n{PARAGRAPHS[1]}"
    assert [(f.language, f.is_quoted) for f in find_body(quoted).foreign] == [(language, True)]

    around = f"{sentence}\n\n{ARTICLE}\n\n{sentence}"
    assert kept(around) == [ARTICLE]
    assert not find_body(around).foreign
