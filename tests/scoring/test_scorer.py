from __future__ import annotations

import gzip
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import stump, tiny_classifier
from joblib import Parallel, delayed

from mtscore import Document, InputError, ModelError, Scorer
from mtscore.arrays.trees import Trees, export
from mtscore.model.classifier import load, save
from mtscore.model.folder import ModelFolder, verify
from mtscore.scoring import computation
from mtscore.scoring.batching import BATCH, GROUP_CHARACTERS, MARKUP, batches
from mtscore.scoring.workers import READ_AHEAD
from mtscore.signals import extraction
from mtscore.signals.extraction import Extraction
from mtscore.text.article import Article

CLEAN = "The cat the cat the cat. " * 8
ODD = "Sat sat blorf cat sat sat. " * 8


def test_perplexity_decides_in_the_tiny_model(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    odd, clean = scorer.score(ODD, id="odd"), scorer.score(CLEAN)
    assert odd.id == "odd"
    assert odd.label == "garbled"
    # the trees say +2, the network 0: log-odds 1
    assert odd.score == pytest.approx(1 / (1 + np.exp(-1)))
    assert clean.score == pytest.approx(1 / (1 + np.exp(1)))
    assert clean.label == "clean"
    assert odd.quality == 20.0
    assert clean.quality == 90.0
    assert odd.words == 48
    assert set(odd.signals) == {"fluency", "substitution", "mixing", "surface"}
    assert odd.signature["model"] == "tiny"


def test_prior_shifts_the_log_odds_and_leaves_the_label(tiny_model: Path) -> None:
    verdict = Scorer.load(tiny_model, prior=0.01).score(ODD)
    assert verdict.score == pytest.approx(1 / (1 + np.exp(-(1 + np.log(0.01 / 0.99)))))
    assert verdict.label == "garbled"


def test_only_what_may_be_translated_has_a_source_language(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    traces = "The cat sat the gerichtsbarkeit. Sat the wirklichkeit. The cat the geschwindigkeit sat zwischenzeitlich. "
    suspect = scorer.score(traces + ODD)
    assert suspect.label == "garbled"
    assert list(suspect.source_languages) == ["de"]
    clean = scorer.score(traces + CLEAN * 4)
    assert clean.label == "clean"
    assert sum(item.kind == "invented_word" for item in clean.evidence) == 4
    assert clean.source_languages == {}


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_impossible_priors_are_refused(tiny_model: Path, prior: float) -> None:
    with pytest.raises(InputError, match="prior"):
        Scorer.load(tiny_model, prior=prior)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\ufeff", "empty"),
        ("The cat sat.", "too_short"),
        ("1 2 3 4 5 " * 50, "too_short"),
        ("Der Hund läuft über die Straße und die Katze schläft auf dem Sofa im Haus. " * 4, "not_english"),
    ],
)
def test_what_cannot_be_judged_says_why(tiny_model: Path, text: str, reason: str) -> None:
    verdict = Scorer.load(tiny_model).score(text)
    assert verdict.status == "cannot_tell"
    assert verdict.score is None
    assert verdict.label is None
    assert verdict.reason == reason


def test_unreadable_documents_keep_their_place(tiny_model: Path) -> None:
    documents: list[str | Document] = [
        Document("a", ODD),
        Document("b", None, detail="not UTF-8"),
        Document("c", CLEAN),
        CLEAN,
    ]
    verdicts = list(Scorer.load(tiny_model).score_many(documents))
    assert [v.id for v in verdicts] == ["a", "b", "c", "4"]
    assert [v.status for v in verdicts] == ["scored", "cannot_tell", "scored", "scored"]
    assert (verdicts[1].reason, verdicts[1].detail) == ("unreadable", "not UTF-8")


def test_surrogates_and_nul_do_not_harm_a_text(tiny_model: Path) -> None:
    verdict = Scorer.load(tiny_model).score(ODD + "\ud800 \x00 sat sat.")
    assert verdict.status == "scored"


def test_scores_are_the_same_alone_in_any_batch_and_with_any_jobs(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    texts = [f"{ODD}{CLEAN * (i % 4)}" for i in range(2 * BATCH + 6)]
    alone = [scorer.score(text).score for text in texts]
    assert [v.score for v in scorer.score_many(texts)] == alone
    assert [v.score for v in scorer.score_many(reversed(texts))] == alone[::-1]
    assert [v.score for v in scorer.score_many(texts, jobs=2)] == alone


def test_verdicts_on_short_documents_are_those_on_each_alone(tiny_model: Path) -> None:
    """What ends one document and begins the next is no echo and no loop."""
    scorer = Scorer.load(tiny_model)
    pieces = [
        "Blorfina Blorfine ersetted cats",
        "sat the sat the sat",
        "Katze und Katze of Katze",
        "the cat sat",
    ]
    plain = "A man who saw them all say that he would never come back to our town in June or May."
    texts = [f"{a}. {plain} {b}" for a in pieces for b in pieces]
    alone = [scorer.score(text, id=str(number)) for number, text in enumerate(texts, 1)]
    assert list(scorer.score_many(texts)) == alone
    assert {"repetition"} < {item.kind for verdict in alone for item in verdict.evidence}


@pytest.mark.parametrize("is_html", [False, True])
def test_a_batch_has_no_more_characters_than_are_computed_together(is_html: bool) -> None:
    """Of a web page, markup and all, a part."""
    limit = GROUP_CHARACTERS * (MARKUP if is_html else 1)
    sizes = [1, limit - 1, 2 * MARKUP, 2 * limit, *[1] * (BATCH + 1)]
    documents = (Document(str(n), "a" * size, is_html=is_html) for n, size in enumerate(sizes))
    found = [[len(d.text or "") for d in batch] for batch in batches(documents)]
    assert found == [sizes[:2], sizes[2:3], sizes[3:4], [1] * BATCH, [1]]


def test_pages_are_computed_together_by_their_articles(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The markup around a short article does not count: pages of many characters share a computation."""
    sizes: list[int] = []
    extract_together = extraction.extract_together

    def watched(articles: Sequence[Article], *others: Any) -> list[Extraction]:
        sizes.append(len(articles))
        return extract_together(articles, *others)

    monkeypatch.setattr(computation, "extract_together", watched)
    page = f"<html><head><style>{'a' * GROUP_CHARACTERS}</style></head><body><p>{CLEAN * 3}</p></body></html>"
    list(Scorer.load(tiny_model).score_many([Document(str(n), page, is_html=True) for n in range(3)]))
    assert sizes == [3]


@pytest.mark.parametrize("jobs", [1, 2])
def test_scores_are_the_same_without_evidence(tiny_model: Path, jobs: int) -> None:
    scorer = Scorer.load(tiny_model)
    texts = [
        f"{ODD}The cat sat sat sat sat and Blorfina Blorfine ersetted &amp; die Katze. {CLEAN * n}"
        for n in range(9)
    ]
    bare = list(scorer.score_many(texts, jobs=jobs, evidence=False))
    full = list(scorer.score_many(texts))
    assert not any(verdict.evidence for verdict in bare)
    assert all(verdict.evidence for verdict in full)
    assert bare == [replace(verdict, evidence=(), source_languages={}) for verdict in full]


@pytest.mark.parametrize("jobs", [1, 2])
def test_scoring_streams_and_reads_little_ahead(tiny_model: Path, jobs: int) -> None:
    read = 0

    def texts() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield CLEAN

    verdicts = Scorer.load(tiny_model).score_many(texts(), jobs=jobs)
    for done, verdict in enumerate(verdicts, 1):
        assert verdict.id == str(done)
        assert read <= done + BATCH * (READ_AHEAD * jobs + 1)
        if done == 300:
            break
    assert isinstance(verdicts, Generator)
    verdicts.close()


def test_threads_may_share_a_scorer(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    texts = [f"{ODD}{CLEAN * (n % 5)}blorf{n}" for n in range(60)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(scorer.score, texts))
    assert found == [scorer.score(text) for text in texts]


def test_a_scorer_can_be_pickled(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model, prior=0.2)
    other = pickle.loads(pickle.dumps(scorer))  # noqa: S301  # our own bytes
    assert other.score(ODD) == scorer.score(ODD)


def test_html_is_reduced_to_its_text(tiny_model: Path) -> None:
    page = f"<html><head><title>x</title></head><body><article><p>{ODD}</p></article></body></html>"
    verdict = next(iter(Scorer.load(tiny_model).score_many([Document("p", page, is_html=True)])))
    assert verdict.words == 48


def test_a_sound_folder_has_no_problems(tiny_model: Path) -> None:
    assert verify(tiny_model) == []


@pytest.mark.parametrize(
    "name", ["forward.bin", "lexicon.tsv.gz", "classifier.safetensors", "quality.safetensors"]
)
def test_one_flipped_bit_is_refused(tiny_model: Path, name: str) -> None:
    path = tiny_model / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        ModelFolder.load(tiny_model)


def _edit(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "format"),
        ({"files": {"../secret": {"sha256": "0"}}}, "outside the folder"),
        ({"files": []}, "not the manifest"),
        ({"signals": ["a"]}, "another set of signals"),
        ({"thresholds": {}}, "no thresholds"),
        ({"feature_set": -1}, "another set of signals"),
        ({"prior": 0.0}, "no prior between 0 and 1"),
        ({"prior": "0.5"}, "no prior between 0 and 1"),
        ({"name": None}, "no name"),
        ({"files": {"a\0.bin": {"sha256": "0"}}}, "cannot be read|no file"),
    ],
)
def test_foreign_manifests_are_refused(tiny_model: Path, changes: dict[str, object], message: str) -> None:
    _edit(tiny_model, **changes)
    with pytest.raises(ModelError, match=message):
        ModelFolder.load(tiny_model)


def test_files_beside_the_manifest_are_refused(tiny_model: Path) -> None:
    (tiny_model / "names.txt.gz").write_bytes(gzip.compress(b"lisbon\n"))
    with pytest.raises(ModelError, match=r"names\.txt\.gz is not among the files of the manifest"):
        ModelFolder.load(tiny_model)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_file_of_a_model(tiny_model: Path) -> None:
    (tiny_model / "lexicon.tsv.gz").unlink()
    os.mkfifo(tiny_model / "lexicon.tsv.gz")
    assert "lexicon.tsv.gz is missing, or no file" in verify(tiny_model)


def test_missing_and_broken_folders_are_refused_in_one_line(tmp_path: Path) -> None:
    for content in (None, "", "{", "[]", "\x00", "[" * 100_000):
        if content is not None:
            (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(ModelError) as caught:
            ModelFolder.load(tmp_path)
        assert "\n" not in str(caught.value)


def test_a_classifier_survives_its_file_and_equal_ones_are_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(tiny_classifier(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    rows = np.zeros((2, len(tiny_classifier().input_names)))
    strength = np.array([0.0, 3.0])
    assert (
        load(tmp_path / "a").margin(rows, strength).tolist()
        == tiny_classifier().margin(rows, strength).tolist()
    )


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"{}", b"\xff" * 64])
def test_other_files_are_no_classifier(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ModelError, match="not a classifier"):
        load(tmp_path / "x")


def test_trees_that_walk_in_circles_are_refused() -> None:
    tree = stump(0, 1.0, 0.0, 1.0)
    for left, feature in ((0, 9), (7, 0)):
        bad = Trees(
            np.array([[feature, 0, 0]], np.int16), tree.threshold, np.array([[left or 1, 0, 0]], np.int16),
            np.array([[2, 0, 0]], np.int16), tree.value, 0.0,
        )  # fmt: skip
        with pytest.raises(ValueError, match="tree"):
            bad.check(5)


def test_exported_trees_say_what_scikit_learn_says() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    generator = np.random.default_rng(0)
    rows = generator.normal(size=(400, 5))
    label = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int)
    model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(rows, label)
    assert export(model).evaluate(rows) == pytest.approx(model.decision_function(rows))


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import mtscore, sys; print([m for m in ('numpy', 'sklearn', 'kenlm', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_processes_that_scored_do_not_stand_in_joblibs_way(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    for _ in range(2):
        assert [v.id for v in scorer.score_many([CLEAN] * 3, jobs=2)] == ["1", "2", "3"]
        assert Parallel(2)(delayed(abs)(-n) for n in range(4)) == [0, 1, 2, 3]


def test_a_verdict_says_what_had_to_be_assumed_of_the_input(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    text, assumed = "The cat the cat the cat. " * 8, "read as windows-1252"
    scored, short, plain = scorer.score_many(
        [Document("a", text, assumed), Document("b", "Too short.", assumed), Document("c", text)]
    )
    assert (scored.status, scored.detail, plain.detail) == ("scored", assumed, None)
    assert short.reason == "too_short"
    assert str(short.detail).endswith(f"; {assumed}")
