"""The model that ships: its verdicts on the examples, and the same ones however it is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from mtscore import Document, ModelError, Scorer
from mtscore.cli import main
from mtscore.model.folder import default_model_path, verify

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GARBLED = (EXAMPLES / "garbled.txt").read_text(encoding="utf-8")
CLEAN = (EXAMPLES / "clean.txt").read_text(encoding="utf-8")
MEGABYTES = 1 << 20


def test_the_shipped_folder_is_sound_and_small() -> None:
    folder = default_model_path()
    assert verify(folder) == []
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 80 * MEGABYTES


def test_the_examples_are_told_apart(shipped: Scorer) -> None:
    garbled, clean = shipped.score(GARBLED), shipped.score(CLEAN)
    assert garbled.label == "garbled"
    assert clean.label == "clean"
    assert garbled.score is not None
    assert clean.score is not None
    assert garbled.score > clean.score + 0.4
    assert garbled.quality is not None
    assert clean.quality is not None
    assert garbled.quality < clean.quality
    marked = " ".join(found.text for found in garbled.evidence)
    assert "ersetted" in marked
    assert len(garbled.evidence) > len(clean.evidence) + 2


def test_every_finding_is_a_slice_of_the_text_inside_the_body(shipped: Scorer) -> None:
    verdict = shipped.score("🙂 " + GARBLED)
    for found in verdict.evidence:
        assert ("🙂 " + GARBLED)[found.start : found.end] == found.text
        assert any(a <= found.start and found.end <= b for a, b in verdict.body)
    weights = [found.weight for found in verdict.evidence]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("odd", ["𝐁𝐫𝐞𝐚𝐤𝐢𝐧𝐠 𝐍𝐞𝐰𝐬", "𝐁onald Trump", "Ｋeir Ｓtarrer", "ℝelativity"])
def test_letters_that_only_look_like_the_alphabet_cost_no_verdict(shipped: Scorer, odd: str) -> None:
    assert shipped.score(f"The company {odd} said on Tuesday. {CLEAN}").status == "scored"


@pytest.mark.parametrize("odd", ["ha" * 20_000, "o" * 20_000 + "logies", "Lo" + "lo" * 20_000 + "ment"])
def test_a_word_without_end_costs_no_memory(shipped: Scorer, odd: str) -> None:
    shipped.score(CLEAN)
    tracemalloc.start()
    try:
        assert shipped.score(f"{CLEAN} {odd} {CLEAN}").status == "scored"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20


def test_a_web_page_gets_about_the_score_of_its_article(shipped: Scorer) -> None:
    page = (EXAMPLES / "page.html").read_text(encoding="utf-8")
    (verdict,) = shipped.score_many([Document("page", page, is_html=True)])
    assert verdict.score == pytest.approx(shipped.score(CLEAN).score, abs=0.05)


def test_scores_are_bit_identical_for_any_jobs_order_and_hash_seed(
    shipped: Scorer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paragraphs = [p for text in (GARBLED, CLEAN) for p in text.split("\n\n") if len(p) > 200]
    texts = [f"{p} {q}" for p in paragraphs[:6] for q in paragraphs[-6:]]
    path = tmp_path / "d.jsonl"
    path.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts), encoding="utf-8")
    main(["score", "--format", "jsonl", str(path)])
    expected = capsys.readouterr().out
    assert [json.loads(x)["score"] for x in expected.splitlines()] == pytest.approx(
        [shipped.score(t).score for t in texts], abs=1e-6
    )
    assert [v.score for v in shipped.score_many(texts[::-1])][::-1] == [shipped.score(t).score for t in texts]
    command = [sys.executable, "-m", "mtscore", "score", "--format", "jsonl", "--jobs", "2", str(path)]
    for seed in ("1", "2"):
        done = subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == expected


def test_a_flipped_bit_in_the_shipped_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    shutil.copytree(default_model_path(), folder)
    with (folder / "forward.bin").open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)[0]
        file.seek(1_000_000)
        file.write(bytes([byte ^ 4]))
    with pytest.raises(ModelError, match=r"forward\.bin is damaged"):
        Scorer.load(folder)


def test_five_megabytes_in_one_line_are_judged(shipped: Scorer) -> None:
    text = (GARBLED.replace("\n", " ") * (5 * MEGABYTES // len(GARBLED) + 1))[: 5 * MEGABYTES]
    verdict = shipped.score(text)
    assert verdict.status == "scored"
    assert verdict.words > 500_000
