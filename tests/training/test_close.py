"""From the reader's numbers of windows to the signals of a model's examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtscore.reading.sense import SENSE_NAMES
from training.close import places, sense_of, sense_of_windows

COLUMNS = (
    "garbled machine non_native llm known_tokens known_mean known_over_0.5 known_top_3 quality_mean"
).split()
ROWS = np.array(
    [
        [2.0, 1.0, -1.0, 0.0, 10.0, 0.5, 0.2, 0.6, 0.4],
        [-1.0, 0.0, 1.0, 0.0, 30.0, 0.1, 0.0, 0.3, 0.8],
        [-3.0, -3.0, -3.0, -3.0, 5.0, 0.0, 0.0, 0.0, 0.9],
    ]
)


def test_windows_are_averaged_by_tokens_and_words_by_words() -> None:
    found = sense_of_windows(np.array([0, 0, 2]), np.array([30, 10, 7]), ROWS, COLUMNS)
    first = dict(zip(SENSE_NAMES, found[0].tolist(), strict=True))
    assert first == pytest.approx(
        {
            "reader_garbled": 1.25,
            "reader_garbled_quarter": 2.0,
            "reader_machine": 0.75,
            "reader_non_native": -0.5,
            "reader_llm": 0.0,
            "wrong_word_mean": 0.2,
            "wrong_word_share": 0.05,
            "wrongest_words": 0.525,
            "wrongest_words_quarter": 0.6,
            "reader_quality": 0.5,
            "reader_length": math.log(41),
        }
    )
    assert np.isnan(found[1]).all()
    assert found[2][0] == -3.0


def test_examples_are_found_under_the_readers_names() -> None:
    known = ["human_web/blog/1", "trans/pt-en/x/2", "moz/de/3", "wild_human/a/4"]
    assert places(["moz/de/3", "blog/1", "made/pt-en/x/2", "human/a/4", "nowhere"], known).tolist() == [
        2,
        0,
        1,
        3,
        -1,
    ]


def test_what_was_not_read_has_no_numbers() -> None:
    numbers = {
        "ids": np.frombuffer(b"a\nb\nc", np.uint8),
        "document": np.array([0, 0, 2]),
        "tokens": np.array([30, 10, 7]),
        "rows": ROWS,
        "columns": np.array(COLUMNS),
    }
    found = sense_of(["c", "b", "elsewhere", "a"], numbers)
    assert np.isnan(found).all(axis=1).tolist() == [False, True, True, False]
    assert found[0][0] == -3.0
