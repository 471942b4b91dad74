"""Pairs of translations of one line, and the doubtful rows, on a corpus made up for the purpose."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtscore.arrays.ngrams import NgramSpace
from mtscore.model.base_features import component_number
from mtscore.words.resources import LEXICON_FILE
from training.dataset import (
    RATED_SENTENCES,
    UNSURE,
    aligned_rows,
    band_weight,
    fluent_group,
    is_for_rating,
    rated_rows,
)
from training.line_pairs import HUMAN_WEIGHT, agreement, fit_line_contrast, line_matrix, line_pairs

HUMAN = "The council voted on Monday to repair the old bridge before the winter comes."
GOOD = "The council voted on Monday to repair the old bridge before winter comes."
BAD = "The advice chose at moon day for to mend old the bridge forwards of winter."


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    with lzma.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\n" for record in records)
    return path


def chunk(number: int, system: str, lines: list[str], **others: Any) -> dict[str, Any]:
    human = [HUMAN.replace("Monday", f"Monday {number}") for _ in lines]
    record: dict[str, Any] = {
        "id": f"{system}/{number}",
        "content": str(number),
        "dataset": "wmt16",
        "source_lang": "de",
    }
    record |= {
        "system": system,
        "component": number,
        "mt": lines,
        "human": human,
        "agreement": 0.5,
        "label": None,
    }
    return record | others


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    records = [
        chunk(number, system, [line])
        for number in range(30)
        for system, line in (("google", GOOD), ("nllb", BAD))
    ]
    return write(tmp_path / "aligned.jsonl.xz", [*records, chunk(99, "nllb", [BAD], dataset="wmt14")])


def test_agreement_is_one_for_the_same_line_and_low_for_another() -> None:
    assert agreement(HUMAN, HUMAN) == 1.0
    assert agreement(BAD, HUMAN) < 0.6 < agreement(GOOD, HUMAN)
    assert agreement("", HUMAN) == 0.0


def test_the_worse_translation_is_paired_with_the_better_one_and_with_the_human_line(corpus: Path) -> None:
    pairs = line_pairs(corpus, 1)
    assert {pairs.lines[i] for i in pairs.worse} == {BAD}
    betters = {pairs.lines[i] for i in pairs.better}
    assert GOOD in betters
    assert len(betters) == 31
    by_human = [n for n, pair in enumerate(pairs.systems) if pair[1] == ""]
    assert pairs.weight[by_human].tolist() == [HUMAN_WEIGHT] * 30
    assert component_number("aligned99") not in pairs.component  # its lines are not parallel


def test_the_pairs_are_the_same_every_time(corpus: Path) -> None:
    one, other = line_pairs(corpus, 1), line_pairs(corpus, 1)
    assert one.lines == other.lines
    assert one.worse.tolist() == other.worse.tolist()


def test_the_worse_line_scores_higher(corpus: Path, models: Any, tmp_path: Path) -> None:
    pairs = line_pairs(corpus, 1)
    table = tmp_path / LEXICON_FILE
    matrix = line_matrix(pairs.lines, "words", NgramSpace((1, 2), 1, 12), table, 1)
    weights = fit_line_contrast(matrix, pairs, np.ones(len(pairs.worse), np.bool_))
    scores = matrix @ weights.astype(np.float64)
    assert (scores[pairs.worse] > scores[pairs.better]).all()


@pytest.mark.parametrize(
    ("system", "agreed", "weight"),
    [("nllb", 0.5, 1.0), ("nllb", 0.63, 1.0), ("nllb", 0.65, 0.83), ("nllb", 0.69, 0.306), ("nllb", 0.7, 0.0),
     ("google", 0.3, 0.0)],
)  # fmt: skip
def test_a_doubtful_chunk_counts_less_the_more_it_agrees(system: str, agreed: float, weight: float) -> None:
    found = band_weight({"system": system, "agreement": agreed}, "wmt_news")
    assert found == pytest.approx(UNSURE * weight)


def test_doubtful_chunks_become_rows(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl.xz",
        [chunk(1, "nllb", [BAD] * 8, agreement=0.57), chunk(2, "google", [BAD] * 8, agreement=0.57)],
    )
    rows = list(aligned_rows(path))
    assert [(r.group, r.label) for r in rows] == [
        ("wmt_news_band", 1),
        ("wmt_news_human", 0),
        ("fluent_mt_far", 0),
        ("wmt_news_human", 0),
    ]


@pytest.mark.parametrize(
    ("system", "agreed", "lines", "group"),
    [("google", 0.81, 16, "fluent_mt"), ("google", 0.81, 8, "fluent_mt_short"), ("google", 0.8, 16, "fluent_mt_near"),
     ("microsoft", 0.59, 16, "fluent_mt_far"), ("argos", 0.75, 16, ""), ("argos", 0.76, 16, "fluent_mt_weak"),
     ("bergamot-base", 0.9, 8, "fluent_mt_weak")],
)  # fmt: skip
def test_what_counts_as_fluent_translation(system: str, agreed: float, lines: int, group: str) -> None:
    record = {"system": system, "agreement": agreed, "mt": [GOOD] * lines}
    assert fluent_group(record, "wmt_news") == group


def test_a_badly_rated_sentence_teaches_quality_or_the_classifier_never_both(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {
            "id": f"s{n}",
            "text": f"Sentence {n} badly it is.",
            "kind": "mt",
            "source_lang": "ne",
            "quality": 20.0,
        }
        for n in range(200)
    ]
    records.append(
        {"id": "good", "text": "This is fine.", "kind": "mt", "source_lang": "ne", "quality": 90.0}
    )
    records.append({"id": "ro", "text": "Other language.", "kind": "mt", "source_lang": "ro", "quality": 5.0})
    rows = list(rated_rows(write(tmp_path / "r.jsonl.xz", records)))
    used = " ".join(row.text for row in rows)
    apart = [record for record in records if not is_for_rating(record)]
    assert len(rows) == len(apart) // RATED_SENTENCES > 0
    assert not any(record["text"] in used for record in records if is_for_rating(record))
