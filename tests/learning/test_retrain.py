"""Retraining: labels to rows, joined to the base, compared, and written as a complete folder."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import QUICK, toy_base, toy_text

from mtscore import InputError, ModelError, Scorer
from mtscore.cli import main
from mtscore.errors import OutputError
from mtscore.learning.evaluation import Comparison, Metric, Report
from mtscore.learning.label_features import TextFeatures, extract_features, extract_labels, feature_digest
from mtscore.learning.labels import Labelled, LabelSet, read_labels
from mtscore.learning.model_writer import REFITTED, Origin, finish, load_out_of_fold, save_out_of_fold
from mtscore.learning.replacement import history_of, model_to_replace, objections, write_model
from mtscore.learning.retrain import (
    NEW_WEIGHT,
    OWN_GROUP,
    SMALL_REGISTER,
    Plan,
    Retrained,
    held_out_log_odds,
    join,
    label_examples,
    retrain,
    score_labels,
)
from mtscore.model import base_features as base
from mtscore.model import classifier as classifiers
from mtscore.model.base_features import BaseFeatures
from mtscore.model.folder import ModelFolder, verify
from mtscore.records import Verdict
from training import refit

LABELS = 40


def toy_records(size: int = LABELS) -> list[dict[str, Any]]:
    """Every third text garbled, two groups."""
    return [
        {
            "id": f"d{i}",
            "text": toy_text(i, is_garbled=i % 3 == 0),
            "label": int(i % 3 == 0),
            "group": "letters:toy" if i % 2 else "diaries",
            "quality": 30 + i,
        }
        for i in range(size)
    ]


@pytest.fixture(autouse=True)
def own_cache(in_tmp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))


def write_labels(folder: Path) -> Path:
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in toy_records()), encoding="utf-8")
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_labels(tmp_path)


def some(*labels: Labelled) -> list[TextFeatures]:
    """Made-up numbers, other ones for each text."""
    columns = len(toy_base(4).names)
    return [TextFeatures(np.full(columns, float(i)), 0.5 * i, 50.0) for i, _ in enumerate(labels)]


def labelled(text: str, *, label: int = 0, group: str = "", weight: float = 1.0) -> Labelled:
    return Labelled("id", text, label, "x:1", group=group, weight=weight)


# Numbers of texts


class Counting(Scorer):
    """A scorer that remembers how many documents it was asked about."""

    asked: list[int]

    def score_many(self, documents: Any, *, jobs: int = 1, evidence: bool = True) -> Iterator[Verdict]:
        self.asked.append(len(documents))
        return super().score_many(documents, jobs=jobs, evidence=evidence)


def test_a_second_run_takes_the_features_from_the_cache(scorer: Scorer, tmp_path: Path) -> None:
    texts = [toy_text(1, is_garbled=True), "Too short.", toy_text(2, is_garbled=False)]
    first = list(extract_features(texts, scorer, cache=tmp_path))
    assert isinstance(first[1], Verdict)
    counting = Counting(scorer.model)
    counting.asked = []
    again = list(extract_features([*texts, toy_text(3, is_garbled=True)], counting, cache=tmp_path))
    assert counting.asked == [2], "the short text, which has no features, and the new one"
    for one, other in ((first[0], again[0]), (first[2], again[2])):
        assert isinstance(one, TextFeatures)
        assert isinstance(other, TextFeatures)
        assert (one.inputs == other.inputs).all()
        assert (one.strength, one.quality) == (other.strength, other.quality)


def test_a_damaged_cache_is_measured_again_and_holds_no_text(trained_model: Path, tmp_path: Path) -> None:
    scorer = Scorer.load(trained_model)
    text = toy_text(1, is_garbled=True)
    (first,) = extract_features([text], scorer, cache=tmp_path)
    (path,) = tmp_path.rglob("*.npy")
    assert text.split()[2].encode() not in path.read_bytes()
    whole = path.read_bytes()
    shape = re.search(rb"\((\d+),\)", whole)
    assert shape
    huge = whole.replace(shape[0], b"(99999999999,)")
    for damage in (b"", b"nonsense", whole[:-8], whole + b"more", huge, whole[:-8] + b"\xff" * 8):
        path.write_bytes(damage)
        (again,) = extract_features([text], scorer, cache=tmp_path)
        assert isinstance(first, TextFeatures)
        assert isinstance(again, TextFeatures)
        assert (again.inputs == first.inputs).all()


def test_the_cache_knows_other_numbers_from_the_same(trained_model: Path) -> None:
    bundle = ModelFolder.load(trained_model)
    digest = feature_digest(bundle)
    files = dict(bundle.manifest["files"])
    refitted = replace(bundle, manifest={"files": {**files, "classifier.safetensors": {"sha256": "new"}}})
    assert feature_digest(refitted) == digest
    reworded = replace(bundle, manifest={"files": {**files, "forward.bin": {"sha256": "new"}}})
    assert feature_digest(reworded) != digest


def test_no_usable_label_is_an_error_that_names_the_first_problem(
    trained_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "short.jsonl"
    path.write_text('{"text": "Too short.", "label": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"short\.jsonl:1: cannot be judged: 2 words"):
        extract_labels(read_labels([str(path)]), Scorer.load(trained_model))


# Rows


def test_labels_become_rows_that_count_more_than_those_of_the_base() -> None:
    texts = [
        labelled("One text of words.", label=1),
        labelled("Another of words.", weight=0.5, group="diaries"),
    ]
    rows = label_examples(texts, some(*texts), toy_base())
    assert rows.label.tolist() == [1, 0]
    assert rows.weight.tolist() == [NEW_WEIGHT, NEW_WEIGHT / 2]
    assert rows.group == (OWN_GROUP, "diaries")
    assert not rows.is_matched.any()
    assert rows.matrix.dtype == np.float16


def test_small_groups_are_no_registers_of_their_own_and_known_ones_keep_theirs() -> None:
    few = [labelled(f"Text {i}.", group="diaries") for i in range(SMALL_REGISTER - 1)]
    known = [labelled("Known group.", group="letters:toy"), labelled("Known register.", group="letters")]
    texts = [*few, *known]
    rows = label_examples(texts, some(*texts), toy_base())
    assert rows.register == ("news",) * len(few) + ("letters", "letters")
    texts = [*few, labelled("One more.", group="diaries")]
    assert set(label_examples(texts, some(*texts), toy_base()).register) == {"diaries"}


def test_near_copies_share_a_component_and_the_seed_moves_them() -> None:
    story = toy_text(1, is_garbled=True)
    texts = [labelled(story), labelled(story[: len(story) // 2]), labelled(toy_text(2, is_garbled=True))]
    one, copy, other = label_examples(texts, some(*texts), toy_base()).component.tolist()
    assert one == copy != other
    assert label_examples(texts, some(*texts), toy_base(), seed=1).component.tolist()[0] != one


def test_rows_that_the_base_has_already_are_replaced() -> None:
    texts = [labelled("One."), labelled("Two.")]
    new = label_examples(texts, some(*texts), toy_base())
    once = join(toy_base(), new)
    assert len(once) == len(toy_base()) + 2
    twice = join(once, replace(new, label=np.array([1, 1], np.uint8)))
    assert len(twice) == len(once)
    assert twice.label.tolist()[-2:] == [1, 1]


# Resources


def test_rows_that_a_model_has_learned_from_are_judged_out_of_fold(trained_model: Path) -> None:
    bundle = ModelFolder.load(trained_model)
    rows = base.load(trained_model / base.FILE)
    said = held_out_log_odds(bundle, rows)
    learned = bundle.classifier.log_odds(rows.matrix.astype(np.float64), rows.strength.astype(np.float64))
    assert not np.allclose(said, learned)
    fresh = replace(rows, strength=rows.strength + 1)
    plain = bundle.classifier.log_odds(fresh.matrix.astype(np.float64), fresh.strength.astype(np.float64))
    assert held_out_log_odds(bundle, fresh).tolist() == plain.tolist()


PLAN = Plan(settings=QUICK)
HISTORY: dict[str, Any] = {
    "base": "toy",
    "base_digest": "0" * 64,
    "base_replaced": False,
    "texts": 1,
    "garbled": 1,
    "labels": [],
}


@pytest.fixture(scope="module")
def scorer(trained_model: Path) -> Scorer:
    return Scorer.load(trained_model)


@pytest.fixture(scope="module")
def examples(scorer: Scorer, tmp_path_factory: pytest.TempPathFactory) -> BaseFeatures:
    found = extract_labels(read_labels([str(write_labels(tmp_path_factory.mktemp("labels")))]), scorer)
    return label_examples(found.texts, found.features, toy_base())


@pytest.fixture(scope="module")
def result(scorer: Scorer, examples: BaseFeatures) -> tuple[ModelFolder, Retrained]:
    return scorer.model, retrain(scorer.model, scorer.model, examples, PLAN)


def test_a_retrained_model_learns_from_base_and_labels(result: tuple[ModelFolder, Retrained]) -> None:
    _, retrained = result
    assert len(retrained.examples) == len(toy_base()) + LABELS
    assert retrained.on_labels.new.texts == LABELS
    assert retrained.on_labels.new.garbled == len(range(0, LABELS, 3))
    assert retrained.on_base is not None
    assert retrained.on_base.new.texts == len(toy_base())
    assert set(retrained.on_labels.new.false_positives) == {"letters:toy", "diaries"}


def test_labels_that_are_held_out_are_not_learned_from(scorer: Scorer, examples: BaseFeatures) -> None:
    held = retrain(scorer.model, scorer.model, examples, replace(PLAN, holdout=0.25))
    assert len(held.new) == LABELS - 10
    assert held.on_labels.new.texts == 10
    with pytest.raises(InputError, match="cannot be split"):
        retrain(scorer.model, scorer.model, examples, replace(PLAN, holdout=0.001))


def test_labels_held_out_are_taken_out_of_a_base_that_has_them(
    result: tuple[ModelFolder, Retrained], tmp_path: Path
) -> None:
    start, retrained = result
    write_model(start, retrained, tmp_path / "model", HISTORY)
    again = ModelFolder.load(tmp_path / "model")
    held = retrain(again, again, retrained.new, replace(PLAN, holdout=0.25))
    assert len(held.examples) == len(toy_base()) + LABELS - 10


def test_a_model_with_other_language_models_is_not_compared(result: tuple[ModelFolder, Retrained]) -> None:
    start, retrained = result
    files = {**start.manifest["files"], "forward.bin": {"sha256": "other"}}
    other = replace(start, manifest={**start.manifest, "files": files})
    with pytest.raises(ModelError, match="computes other features"):
        retrain(start, other, retrained.new, PLAN)


@pytest.mark.parametrize(("garbled", "clean"), [(6, 13), (4, 16), (0, 30)])
def test_few_labels_train_nothing(scorer: Scorer, examples: BaseFeatures, garbled: int, clean: int) -> None:
    chosen = [*np.flatnonzero(examples.label == 1)[:garbled], *np.flatnonzero(examples.label == 0)[:clean]]
    few = examples.rows(np.sort(np.array(chosen)))
    said = (
        f"{garbled} garbled and {min(clean, 26)} clean texts are too few to train: 20 are needed, 5 of each"
    )
    with pytest.raises(InputError, match=said):
        retrain(scorer.model, scorer.model, few, PLAN)


def test_labels_of_a_class_that_are_all_one_document_train_nothing_alone(scorer: Scorer) -> None:
    texts = tuple(
        replace(labelled(toy_text(i, is_garbled=i % 2 == 1), label=i % 2), document="one" if i % 2 else "")
        for i in range(220)
    )
    found = extract_labels(LabelSet(texts), scorer)
    new = label_examples(found.texts, found.features, toy_base())
    with pytest.raises(InputError, match="parts of one document"):
        retrain(scorer.model, scorer.model, new, replace(PLAN, replaces_base=True))


def test_parts_of_one_document_share_a_component() -> None:
    texts = [replace(labelled(toy_text(i, is_garbled=True)), document="ab"[i % 2]) for i in range(4)]
    one, two, three, four = label_examples(texts, some(*texts), toy_base()).component.tolist()
    assert one == three
    assert two == four
    assert one != two


def test_few_labels_replace_no_base(scorer: Scorer, examples: BaseFeatures) -> None:
    with pytest.raises(InputError, match="14 garbled and 26 clean texts are too few to replace the base"):
        retrain(scorer.model, scorer.model, examples, replace(PLAN, replaces_base=True))


def test_many_labels_do(scorer: Scorer) -> None:
    texts = tuple(labelled(toy_text(i, is_garbled=i % 2 == 1), label=i % 2) for i in range(220))
    found = extract_labels(LabelSet(texts, (), ()), scorer)
    rows = label_examples(found.texts, found.features, toy_base())
    alone = retrain(scorer.model, scorer.model, rows, replace(PLAN, replaces_base=True))
    assert len(alone.examples) == 220
    assert alone.on_base is None
    area = alone.on_labels.new.metrics["auroc"].value
    assert area is not None
    assert area > 0.9


def comparison(**changes: tuple[float, float]) -> Comparison:
    report = Report({}, {}, 0, 0)
    metrics = {name: Metric(sum(ends) / 2, *ends) for name, ends in changes.items()}
    return Comparison(report, report, {"errors": Metric(None), "auroc": Metric(None)} | metrics)


@pytest.mark.parametrize(
    ("on_labels", "on_base", "count"),
    [
        ({}, {}, 0),
        ({"errors": (-0.1, 0.1), "auroc": (-0.1, 0.1)}, {"auroc": (-0.1, 0.0)}, 0),
        ({"errors": (0.01, 0.1)}, {}, 1),
        ({"errors": (-0.1, -0.01), "auroc": (0.01, 0.1)}, {}, 0),
        ({"auroc": (-0.1, -0.01)}, {}, 1),
        ({}, {"auroc": (-0.004, -0.002)}, 0),
        ({}, {"auroc": (-0.03, -0.01)}, 1),
    ],
)
def test_only_what_is_worse_beyond_noise_is_held_against_a_model(
    result: tuple[ModelFolder, Retrained],
    on_labels: dict[str, tuple[float, float]],
    on_base: dict[str, tuple[float, float]],
    count: int,
) -> None:
    scored = replace(result[1], on_labels=comparison(**on_labels), on_base=comparison(**on_base))
    assert len(objections(scored)) == count


def test_a_better_model_is_not_replaced_unless_forced(
    result: tuple[ModelFolder, Retrained], tmp_path: Path
) -> None:
    start, retrained = result
    target = tmp_path / "model"
    write_model(start, retrained, target, HISTORY)
    before = (target / "manifest.json").read_bytes()
    worse = replace(retrained, on_labels=comparison(errors=(0.02, 0.1)))
    with pytest.raises(
        OutputError, match=r"is better and stays: errors on the labels rise by 2\.0 to 10\.0 points"
    ):
        write_model(start, worse, target, {**HISTORY, "texts": 2})
    assert (target / "manifest.json").read_bytes() == before
    write_model(start, worse, target, {**HISTORY, "texts": 2}, force=True)
    assert (target / "manifest.json").read_bytes() != before
    assert verify(target) == []


def test_the_same_base_gives_the_same_folder_by_whatever_way(
    trained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`training/` and `mtscore train` both end in `finish`; `training.refit` starts from a folder."""
    again = tmp_path / "again"
    shutil.copytree(trained_model, again)
    for name in REFITTED[:1] + REFITTED[2:] + ("manifest.json",):
        (again / name).unlink(missing_ok=True)
    contrasts = classifiers.load(trained_model / "classifier.safetensors").contrasts
    finish(again, base.load(again / base.FILE), contrasts, Origin([]), settings=QUICK)
    for path in trained_model.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name
    assert refit.check(again, 1, QUICK) == 0
    assert "byte for byte" in capsys.readouterr().out


def test_refit_tells_a_classifier_that_does_not_come_out_again(
    trained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(trained_model, changed)
    base.save(toy_base(200), changed / base.FILE)
    assert refit.check(changed, 1, QUICK) == 1
    assert "largest difference of a score" in capsys.readouterr().out


# The commands


def test_train_writes_a_folder_that_scores(
    labels: Path, trained_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["train", str(labels), "--base", str(trained_model), "--output", "new"]) == 0
    out, err = capsys.readouterr()
    assert "40 labelled texts: 14 garbled, 26 clean" in err
    assert "Out-of-fold labels, old model and new:" in out
    assert verify("new") == []
    manifest = json.loads(Path("new/manifest.json").read_text(encoding="utf-8"))
    assert manifest["name"] == "new"
    assert manifest["retrained"]["texts"] == LABELS
    assert manifest["retrained"]["labels"][0]["name"] == "mine.jsonl"
    assert "Retrained from model `en`" in Path("new/CARD.md").read_text(encoding="utf-8")
    monkeypatch.setenv("MTSCORE_MODEL", "new")
    scorer = Scorer.load()
    assert scorer.score(toy_text(99, is_garbled=True)).signature["model"] == "new"


def test_the_same_labels_give_the_same_model(
    result: tuple[ModelFolder, Retrained], examples: BaseFeatures, tmp_path: Path
) -> None:
    start, once = result
    for folder, retrained in (("a", once), ("b", retrain(start, start, examples, PLAN))):
        (tmp_path / folder).mkdir()
        history = history_of(start, retrained, [("mine.jsonl", "0" * 64)], PLAN)
        write_model(start, retrained, tmp_path / folder / "model", history)
    for path in (tmp_path / "a" / "model").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "model" / path.name).read_bytes(), path.name


def test_train_refuses_places_that_are_no_models_before_any_work(
    labels: Path, trained_model: Path, capsys: pytest.CaptureFixture[str], shipped: Scorer
) -> None:
    Path("thesis").mkdir()
    Path("thesis/chapter.txt").write_text("Chapter one.", encoding="utf-8")
    assert main(["train", str(labels), "--output", "thesis"]) == 1
    assert "thesis exists and is no model folder" in capsys.readouterr().err
    assert main(["train", str(labels), "--output", str(shipped.model.path)]) == 1
    assert "is the shipped model, which stays as it is" in capsys.readouterr().err
    assert main(["train", str(labels), "--output", "x", "--holdout", "0.3", "--folds", "4"]) == 2


def test_a_model_without_base_features_trains_nothing(
    labels: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(labels), "--base", str(tiny_model), "--output", "new"]) == 1
    assert "has no base features to train beside" in capsys.readouterr().err
    assert main(["evaluate", str(labels), "--model", str(tiny_model)]) == 0


def test_a_damaged_model_is_replaced_only_by_force(
    labels: Path, trained_model: Path, scorer: Scorer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("new").mkdir()
    Path("new/manifest.json").write_text("{}", encoding="utf-8")
    assert main(["train", str(labels), "--base", str(trained_model), "--output", "new"]) == 1
    assert "write over it with --force" in capsys.readouterr().err
    assert model_to_replace(Path("new"), scorer.model, force=True) is scorer.model


def test_evaluate_tells_figures_groups_and_the_worst_errors(
    labels: Path, trained_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["evaluate", str(labels), "--model", str(trained_model)]
    assert main(call) == 0
    out = capsys.readouterr().out
    for expected in ("area under the ROC curve", "diaries", "letters:toy", "labelled quality"):
        assert expected in out
    assert main([*call, "--format", "json", "--compare", str(trained_model)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["change"]["auroc"]["value"] == 0.0
    assert found["old"]["texts"] == LABELS
    for error in found["worst"]:
        assert (error["score"] >= 0.5) != error["label"]


def test_evaluate_without_a_model_measures_the_one_that_scoring_uses(
    labels: Path, trained_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MTSCORE_MODEL", str(trained_model))
    assert main(["evaluate", str(labels), "--format", "json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert main(["evaluate", str(labels), "--format", "json", "--model", str(trained_model)]) == 0
    assert json.loads(capsys.readouterr().out) == alone
    assert main(["evaluate", str(labels), "--format", "json", "--compare", str(trained_model)]) == 0
    assert set(json.loads(capsys.readouterr().out)) > {"old", "new"}


def test_evaluate_plots(labels: Path, trained_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    assert main(["evaluate", str(labels), "--model", str(trained_model), "--plots", "plots"]) == 0
    assert sorted(p.name for p in Path("plots").iterdir()) == ["groups.png", "reliability.png", "roc.png"]


def test_without_matplotlib_plots_name_the_extra(
    labels: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    assert main(["evaluate", str(labels), "--plots", "plots"]) == 1
    assert "pip install '.[plots]'" in capsys.readouterr().err


def test_texts_that_a_model_learned_from_are_evaluated_out_of_fold(
    labels: Path, result: tuple[ModelFolder, Retrained], tmp_path: Path
) -> None:
    start, retrained = result
    write_model(start, retrained, tmp_path / "model", HISTORY)
    scorer = Scorer.load(tmp_path / "model")
    scored = score_labels(extract_labels(read_labels([str(labels)]), scorer), scorer.model)
    assert scored.log_odds == pytest.approx(retrained.fit.out_of_fold[-LABELS:], abs=1e-5)


# Damaged folders


def signed(model: Path, folder: Path, **files: bytes) -> ModelFolder:
    """A copy of a model with other files, whose digests are right."""
    shutil.copytree(model, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, data in files.items():
        (folder / f"{name}.safetensors").write_bytes(data)
        entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        manifest["files"][f"{name}.safetensors"] = entry
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return ModelFolder.load(folder)


def test_a_base_without_one_of_the_classes_is_a_damaged_model(
    trained_model: Path, examples: BaseFeatures, tmp_path: Path
) -> None:
    clean = toy_base()
    base.save(clean.rows(np.flatnonzero(clean.label == 0)), tmp_path / "clean")
    model = signed(trained_model, tmp_path / "model", base_features=(tmp_path / "clean").read_bytes())
    with pytest.raises(ModelError, match="lack one of the classes"):
        retrain(model, model, examples, PLAN)


@pytest.mark.parametrize("corpora", [5, ["words"], [{"name": "x"}], {"name": "x"}])
def test_a_manifest_with_odd_corpora_is_a_damaged_model(
    result: tuple[ModelFolder, Retrained], tmp_path: Path, corpora: object
) -> None:
    start, retrained = result
    odd = replace(start, manifest={**start.manifest, "corpora": corpora})
    with pytest.raises(ModelError, match="does not name its corpora"):
        write_model(odd, retrained, tmp_path / "model", HISTORY)
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("numbers", [[0.5, math.nan], [0.5], None])
def test_out_of_fold_numbers_that_do_not_fit_are_a_damaged_model(
    trained_model: Path, tmp_path: Path, numbers: list[float] | None
) -> None:
    save_out_of_fold(np.array(numbers or []), tmp_path / "numbers")
    data = (tmp_path / "numbers").read_bytes() if numbers else b"nonsense"
    model = signed(trained_model, tmp_path / "model", out_of_fold=data)
    with pytest.raises(ModelError, match="does not fit the base features"):
        load_out_of_fold(model, 2)


def test_base_features_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    good = toy_base(20)
    for bad in (
        replace(good, label=np.full(20, 2, np.uint8)),
        replace(good, strength=good.strength[:5]),
        replace(good, matrix=good.matrix * np.float16(np.nan)),
        replace(good, weight=good.weight.astype(np.float64)),
        replace(good, names=good.names[:-1]),
    ):
        base.save(bad, tmp_path / "base")
        with pytest.raises(ModelError, match="does not hold base features"):
            base.load(tmp_path / "base")
