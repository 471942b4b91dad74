"""What callers may hand in by mistake: each time a sentence that says what was wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mtscore
from mtscore import Document, InputError, ModelError, Scorer
from mtscore.records import Evidence, Span, Verdict
from mtscore.scoring import computation
from mtscore.scoring import scorer as scorer_module
from mtscore.signals.extraction import extract_together
from mtscore.text.article import Article, read_article

CLEAN = "The cat the cat the cat. " * 8


@pytest.fixture
def scorer(tiny_model: Path) -> Scorer:
    return Scorer.load(tiny_model)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (None, "None"),
        (b"a", "bytes"),
        (5, "an int"),
        (1.5, "a float"),
        (["a"], "a list"),
        (Document("1", "a"), "a Doc"),
    ],
)
def test_what_is_no_text(scorer: Scorer, text: Any, kind: str) -> None:
    with pytest.raises(InputError, match=f"score takes a text, not {kind}"):
        scorer.score(text)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (None, "item 2 is None"),
        (b"a", r"item 2 is bytes \(decode it first\)"),
        (float("nan"), "item 2 is a float"),
        (("id", "text"), "item 2 is a tuple"),
        ({"text": "a"}, "item 2 is a dict"),
        (Document("x", 5), r"the text of document 'x' \(item 2\) is an int"),  # type: ignore[arg-type]
        (Document("x", b"a"), r"the text of document 'x' \(item 2\) is bytes"),  # type: ignore[arg-type]
        (Document(7, "a"), "the id of item 2 is an int"),  # type: ignore[arg-type]
    ],
)
@pytest.mark.parametrize("name", ["score_many", "score_siblings", "find_siblings"])
def test_what_is_no_document(scorer: Scorer, name: str, item: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(getattr(scorer, name)([CLEAN, item]))


@pytest.mark.parametrize("documents", [None, 5, "one text", b"bytes", Document("1", "a")])
@pytest.mark.parametrize("name", ["score_many", "score_siblings", "find_siblings"])
def test_what_holds_no_documents(scorer: Scorer, name: str, documents: Any) -> None:
    """Said at once, not when the first verdict is asked for."""
    with pytest.raises(InputError, match="several texts or documents are needed"):
        getattr(scorer, name)(documents)


def test_texts_of_any_kind_of_sequence(scorer: Scorer) -> None:
    for texts in ([CLEAN], (CLEAN,), {CLEAN: 1}, iter([CLEAN]), np.array([CLEAN]), (CLEAN for _ in range(1))):
        (verdict,) = scorer.score_many(texts)
        assert (verdict.id, verdict.score) == ("1", scorer.score(CLEAN).score)


@pytest.mark.parametrize("jobs", [0, -1, "2", 1.5, None, True])
@pytest.mark.parametrize("name", ["score_many", "score_siblings"])
def test_numbers_of_processes_that_are_none(scorer: Scorer, name: str, jobs: Any) -> None:
    with pytest.raises(InputError, match="jobs must be"):
        getattr(scorer, name)([CLEAN], jobs=jobs)


@pytest.mark.parametrize("prior", ["0.1", [0.1], True, float("nan"), 1.0])
def test_priors_that_are_none(tiny_model: Path, prior: Any) -> None:
    with pytest.raises(InputError, match="the prior must be a number between 0 and 1"):
        Scorer.load(tiny_model, prior=prior)


def test_numbers_of_numpy_will_do(scorer: Scorer, tiny_model: Path) -> None:
    assert Scorer.load(tiny_model, prior=np.float32(0.25)).prior == 0.25  # type: ignore[arg-type]
    assert len(list(scorer.score_many([CLEAN], jobs=np.int64(1)))) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [5, b"models/en", ["models/en"]])
def test_what_names_no_folder(path: Any) -> None:
    with pytest.raises(InputError, match="a model folder is named by its path"):
        Scorer.load(path)


@pytest.mark.parametrize("path", ["", "a\0b", "no/such/folder", os.devnull])
def test_what_is_no_folder(path: str) -> None:
    with pytest.raises(ModelError):
        Scorer.load(path)


# Memory


def test_a_document_beyond_memory_costs_itself(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever memory ends: while the text is read, or while numbers are computed for several documents at once."""
    compute = extract_together

    def read(text: str, *others: Any) -> Article:
        if "unreadable" in text:
            raise MemoryError
        return read_article(text, *others)

    def extract(articles: Sequence[Article], *others: Any) -> Any:
        if any("incomputable" in article.text for article in articles):
            raise MemoryError
        return compute(articles, *others)

    monkeypatch.setattr(scorer_module, "read_article", read)
    monkeypatch.setattr(computation, "extract_together", extract)
    texts = [CLEAN, f"unreadable {CLEAN}", "", f"incomputable {CLEAN}", CLEAN]
    for found in (list(scorer.score_many(texts)), list(scorer.score_siblings(texts))):
        assert [verdict.id for verdict in found] == ["1", "2", "3", "4", "5"]
        assert [verdict.reason for verdict in found] == [None, "unreadable", "empty", "unreadable", None]
        assert found[1].detail is not None
        assert "memory" in found[1].detail
        assert found[0].score == found[4].score == scorer.score(CLEAN).score


# What a user sees first


def test_dir_shows_what_is_there() -> None:
    assert {"Document", "Evidence", "InputError", "ModelError", "Scorer", "Verdict"} <= set(dir(mtscore))
    assert not [name for name in dir(mtscore) if name.startswith("_") and not name.startswith("__")]
    code = (
        "import sys, mtscore; dir(mtscore); print('numpy' in sys.modules, 'mtscore.scoring' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_a_notebook_shows_a_verdict_as_a_table(scorer: Scorer) -> None:
    finding = Evidence(0, 3, "<b>", "wrong_sense", 2.0, Span(0, 3), ("bold",))
    verdict = Verdict("a&b", "scored", score=0.51, label="garbled", words=30, evidence=(finding,) * 12)
    assert verdict._repr_html_() == (
        "<table><tr><th>id</th><td>a&amp;b</td></tr><tr><th>label</th><td>garbled</td></tr>"
        "<tr><th>score</th><td>0.510</td></tr><tr><th>words</th><td>30</td></tr>"
        + "<tr><th>wrong sense</th><td>&lt;b&gt; (bold?)</td></tr>" * 10
        + "<tr><th></th><td>and 2 more findings</td></tr></table>"
    )
    told = scorer.score("Too short.")._repr_html_()
    assert "<tr><th>cannot tell</th><td>too_short</td></tr>" in told


def test_a_notebook_shows_what_would_steer_it() -> None:
    finding = Evidence(0, 3, "a\u202eb\x1b[1m\u2066\ud800\n\tc", "wrong_sense", 2.0, Span(0, 3))
    told = Verdict("x\u200fy", "scored", score=0.51, evidence=(finding,))._repr_html_()
    assert "<td>x\\u200fy</td>" in told
    assert "<td>a\\u202eb\\x1b[1m\\u2066\\ud800  c</td>" in told
    assert told.isprintable()
