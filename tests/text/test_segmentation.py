from __future__ import annotations

from itertools import pairwise

import pytest

from mtscore.languages.identification import count_words, words_of
from mtscore.records import Span
from mtscore.text.segmentation import MAX_SENTENCE_TOKENS, normalize, segment, split_sentences, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two -hour talks", ["two", "-", "hour", "talks"]),
        ("two-hour talks", ["two", "-", "hour", "talks"]),
        ("“Yes” , he said .", ['"', "yes", '"', ",", "he", "said", "."]),
        ("don't / don’t / dont", ["don", "t", "/", "don", "t", "/", "dont"]),
        ("In 1999, 3,500 men", ["in", "<year>", ",", "<num>", "men"]),
        ("naïve café", ["naïve", "café"]),
        ("a\u0301b", ["a\u0301b"]),
        ("☃ 🙂 x", ["x"]),
        ("", []),
    ],
)
def test_tokenize_is_blind_to_spacing_quotes_and_numbers(text: str, words: list[str]) -> None:
    assert tokenize(text)[0] == words


def test_offsets_slice_the_original_even_behind_emoji() -> None:
    text = "🙂🙂 Café “Ötzi” shut."
    words, starts, ends = tokenize(text)
    assert [normalize(text[a:b]) for a, b in zip(starts, ends, strict=True)] == words
    assert text[starts[0] : ends[0]] == "Café"


def test_ascii_text_has_the_tokens_that_it_has_among_other_letters() -> None:
    signs = [chr(code) for code in range(128)]
    text = "".join(f"ab{a}cd 12{a}34 {a}{a}" for a in signs)
    words, starts, ends = tokenize(text)
    assert tokenize("é " + text) == (
        ["é", *words],
        [0, *(n + 2 for n in starts)],
        [1, *(n + 2 for n in ends)],
    )
    assert words_of("É " + text) == ["é", *words_of(text)]
    assert count_words("é " + text) == 1 + count_words(text)


def test_tokenize_reads_only_its_range() -> None:
    words, starts, _ = tokenize("one two three", 4, 7)
    assert words == ["two"]
    assert starts == [4]


def test_sentences_end_at_marks_and_line_breaks() -> None:
    text = "Mr. Smith left the house at noon. He came back\nThe next line is another."
    found = [text[s.start : s.end].strip() for s in split_sentences(text)]
    assert found == ["Mr. Smith left the house at noon.", "He came back", "The next line is another."]


def test_sentences_stay_inside_their_spans_and_lose_no_token() -> None:
    text = "First one here. " * 40 + "\n" + "word " * 500
    sentences = segment(text, [Span(16, len(text))])
    assert sum(len(s.words) for s in sentences) == len(tokenize(text, 16)[0])
    assert max(len(s.words) for s in sentences) <= MAX_SENTENCE_TOKENS
    assert sentences[0].span.start >= 16
    assert all(a.span.end <= b.span.start for a, b in pairwise(sentences))


def test_a_very_long_line_costs_time_linear_in_its_length() -> None:
    text = "x" * 200_000 + " y" * 200_000
    assert sum(len(s.words) for s in segment(text, [Span(0, len(text))])) >= 200_001
