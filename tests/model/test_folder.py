"""Model folders: what is checked when one is loaded, and what happens to a loaded one whose folder changes."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import tiny_classifier, write_bundle
from model_folders import exchange, restate

from mtscore import ModelError, Scorer
from mtscore.model import classifier as classifiers
from mtscore.model import folder as folders
from mtscore.model.folder import ModelFolder, verify
from mtscore.signals.columns import INPUT_NAMES, STRENGTH

CLEAN = "The cat the cat the cat. " * 8
ODD = "Sat sat blorf cat sat sat and Zemblovitch said it in Lisbom. " * 8


@pytest.mark.parametrize(
    "names",
    [
        (INPUT_NAMES[1], INPUT_NAMES[0], *INPUT_NAMES[2:]),
        ("renamed", *INPUT_NAMES[1:]),
        (*INPUT_NAMES[:-1], "strong_words"),
    ],
    ids=["swapped", "renamed", "a finding"],
)
def test_a_classifier_of_other_columns_is_refused(tiny_model: Path, names: tuple[str, ...]) -> None:
    """The trees and the network would take one number for another."""
    other = replace(tiny_classifier(), signal_names=names)
    classifiers.save(other, tiny_model / "classifier.safetensors")
    restate(tiny_model)
    with pytest.raises(ModelError, match="other columns"):
        ModelFolder.load(tiny_model)
    (problem,) = verify(tiny_model)
    assert "other columns" in problem


def test_a_manifest_that_states_other_contrasts_is_refused(tiny_model: Path) -> None:
    restate(tiny_model, contrasts=["class_contrast"])
    with pytest.raises(ModelError, match="other columns"):
        ModelFolder.load(tiny_model)
    restate(tiny_model, contrasts=["word_contrast"])
    assert ModelFolder.load(tiny_model).classifier.columns.names == (*INPUT_NAMES, "word_contrast")


def test_a_verdict_shows_every_column_once(tiny_model: Path) -> None:
    scorer = Scorer.load(tiny_model)
    shown = [name for family in scorer.score(ODD).signals.values() for name in family]
    assert sorted(shown) == sorted((*scorer.model.classifier.columns.names, STRENGTH))


def test_a_folder_that_is_gone_is_still_scored_with(tiny_model: Path) -> None:
    """Lists that are read late belong to the model, whatever has become of its folder."""
    (tiny_model / "words.txt.gz").write_bytes(gzip.compress(b"said\nand\nin\nit\n"))
    (tiny_model / "names.txt.gz").write_bytes(gzip.compress(b"zemblovitch\n"))
    restate(tiny_model)
    wanted = Scorer.load(tiny_model).score(ODD)
    scorer = Scorer.load(tiny_model)
    shutil.rmtree(tiny_model)
    assert scorer.score(ODD) == wanted
    assert "said" in scorer.model.resources.vocabulary
    assert "zemblovitch" in scorer.model.resources.gazetteer


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """A model beside the tiny one, with another word table, other names and another name."""
    folder = tmp_path / "other"
    folder.mkdir()
    write_bundle(folder)
    table = "the\t500\tthe\n.\t400\t.\ncat\t50\tc1\nsat\t50\tc1\n"
    (folder / "lexicon.tsv.gz").write_bytes(gzip.compress(table.encode()))
    restate(folder, name="other")
    return folder


def test_a_file_that_has_changed_since_is_not_read(tiny_model: Path, other_model: Path) -> None:
    model = ModelFolder.load(tiny_model)
    assert model.read("lexicon.tsv.gz") == (tiny_model / "lexicon.tsv.gz").read_bytes()
    shutil.copy(other_model / "lexicon.tsv.gz", tiny_model / "lexicon.tsv.gz")
    with pytest.raises(ModelError, match="has changed since it was loaded"):
        model.read("lexicon.tsv.gz")


@pytest.mark.parametrize("times", [1, 2])
def test_a_load_never_mixes_two_models(
    tiny_model: Path, other_model: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The folder is replaced after its digests were checked, and before its language models are opened."""
    whole = {ModelFolder.load(folder).digest: folder.name for folder in (tiny_model, other_model)}
    parse, left = classifiers.parse, times

    def parsed(*given: Any) -> Any:
        nonlocal left
        if left:
            left -= 1
            exchange(tiny_model, other_model)
        return parse(*given)

    monkeypatch.setattr(classifiers, "parse", parsed)
    model = ModelFolder.load(tiny_model)
    assert whole[model.digest] == ("other" if times == 1 else "tiny")
    assert model.manifest["name"] == whole[model.digest]
    frequency = 0.05 if model.manifest["name"] == "other" else 0.09
    assert 10 ** model.resources.lexicon.frequency["cat"] == pytest.approx(frequency)


def test_a_folder_that_is_always_being_replaced_is_refused(
    tiny_model: Path, other_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse: Callable[..., Any] = classifiers.parse

    def parsed(*given: Any) -> Any:
        exchange(tiny_model, other_model)
        return parse(*given)

    monkeypatch.setattr(classifiers, "parse", parsed)
    with pytest.raises(ModelError, match="replaced while it was loaded"):
        folders.ModelFolder.load(tiny_model)
