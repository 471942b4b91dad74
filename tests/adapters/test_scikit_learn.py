"""The scikit-learn face, and the programs in docs/guide/labelling.md, which are run as they stand."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import toy_text
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks

from mtscore import InputError, ModelError, Scorer
from mtscore.adapters.scikit_learn import SignalExtractor
from mtscore.cli import main
from mtscore.learning.labels import read_labels
from mtscore.signals.columns import SIGNAL_NAMES

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "guide" / "labelling.md").read_text(encoding="utf-8")
TEXTS = [toy_text(number, is_garbled=number % 2 == 1) for number in range(12)]


def test_rows_are_what_the_scorer_saw(trained_model: Path) -> None:
    extractor = SignalExtractor(trained_model)
    rows = extractor.fit_transform([*TEXTS[:2], "Too short."])
    names = extractor.get_feature_names_out()
    assert tuple(names[: len(SIGNAL_NAMES)]) == SIGNAL_NAMES
    assert rows.shape == (3, len(names))
    signals = Scorer.load(trained_model).score(TEXTS[0]).signals
    flat = {name: value for family in signals.values() for name, value in family.items()}
    assert rows[0].tolist() == [flat[name] for name in names]
    assert np.isnan(rows[2]).all()
    assert not np.isnan(rows[:2]).any()


def test_it_works_in_a_pipeline_on_processes_and_from_a_pickle(trained_model: Path, tmp_path: Path) -> None:
    extractor = SignalExtractor(trained_model, cache=tmp_path)
    pipeline = make_pipeline(extractor, StandardScaler(), LogisticRegression())
    label = [number % 2 for number in range(len(TEXTS))]
    assert cross_val_score(pipeline, TEXTS, label, cv=3).shape == (3,)
    pipeline.fit(TEXTS, label)
    again = pickle.loads(pickle.dumps(pipeline))  # noqa: S301  # our own
    assert again.predict(TEXTS).tolist() == pipeline.predict(TEXTS).tolist()
    (rows,) = joblib.Parallel(1)([joblib.delayed(extractor.fit_transform)(np.array(TEXTS))])
    assert rows.tolist() == clone(extractor).fit_transform(TEXTS).tolist()


CHECKS = (
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_valid_tag_types",
    "check_get_params_invariance",
    "check_set_params",
)
"""The checks of `check_estimator` that need no matrix of numbers: it runs none of them itself for an estimator
that takes texts."""


@pytest.mark.parametrize("name", CHECKS)
def test_scikit_learn_agrees(name: str) -> None:
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip("this version of scikit-learn has no such check")
    check("SignalExtractor", SignalExtractor())


def test_what_is_no_list_of_texts_is_refused(trained_model: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFittedError):
        SignalExtractor(trained_model).transform(TEXTS)
    with pytest.raises(InputError, match="put it in a list"):
        SignalExtractor(trained_model).fit("One text.")
    with pytest.raises(InputError, match="only strings"):
        SignalExtractor(trained_model).fit([1, 2])  # type: ignore[list-item]
    with pytest.raises(ModelError):
        SignalExtractor(tmp_path).fit(TEXTS)


# The page


def programs() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)


def test_labels_go_to_label_studio_and_back(
    trained_model: Path, in_tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_tasks, to_labels, _ = programs()
    lines = [json.dumps({"id": f"d{i}", "text": text}) for i, text in enumerate(TEXTS)]
    Path("documents.jsonl").write_text("\n".join(lines), encoding="utf-8")
    call = [
        "label",
        "documents.jsonl",
        "--output",
        "mine.jsonl",
        "--model",
        str(trained_model),
        "--cache",
        "cache",
    ]
    assert main([*call, "--batch", "5", "--format", "jsonl"]) == 0
    Path("batch.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    exec(compile(to_tasks, "docs/guide/labelling.md", "exec"), {})
    tasks = json.loads(Path("tasks.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        value = {"choices": [("clean", "garbled")[number % 2]]}
        result = {"from_name": "label", "to_name": "text", "type": "choices", "value": value}
        task["annotations"] = [{"was_cancelled": number == 4, "result": [result]}]
    Path("export.json").write_text(json.dumps(tasks), encoding="utf-8")
    exec(compile(to_labels, "docs/guide/labelling.md", "exec"), {})
    labels = read_labels(["mine.jsonl"])
    assert labels.problems == ()
    assert [(text.id, text.label) for text in labels.texts] == [
        (task["data"]["id"], number % 2) for number, task in enumerate(tasks[:4])
    ]
    capsys.readouterr()
    assert main([*call, "--batch", "99"]) == 0
    waiting = capsys.readouterr().out.split()
    assert len(waiting) == len(TEXTS) - 4
    assert not {text.id for text in labels.texts} & set(waiting)


@pytest.mark.usefixtures("in_checkout")
def test_the_example_with_a_classifier_runs() -> None:
    space: dict[str, object] = {}
    exec(compile(programs()[2], "docs/guide/labelling.md", "exec"), space)
    assert len(space["names"]) > len(SIGNAL_NAMES)  # type: ignore[arg-type]
