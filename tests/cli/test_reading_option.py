"""Which reading the commands ask for: the option, the environment, or what is there."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from mtscore import ModelError
from mtscore.cli import common
from mtscore.cli.common import load_scorer


class Loads:
    """Stands in for `Scorer.load` and remembers what it was asked for."""

    def __init__(self, refused: str | None = None) -> None:
        self.asked: list[str] = []
        self._refused = refused

    def __call__(self, path: str | None, *, prior: float | None, reading: str) -> Any:
        self.asked.append(reading)
        if reading == self._refused:
            raise ModelError("the model cannot be used for close reading")
        return reading


def arguments(load: Loads, reading: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(load_scorer=load, model=None, prior=None, reading=reading)


@pytest.fixture(params=[True, False], ids=["installed", "missing"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """The reader is there, or not, and the environment names no reading."""
    monkeypatch.delenv("MTSCORE_READING")
    monkeypatch.setattr("mtscore.reading.reader.is_installed", lambda: request.param)
    return bool(request.param)


def test_what_shows_an_article_reads_closely_where_the_reader_is(reader: bool) -> None:
    load = Loads()
    load_scorer(arguments(load), is_close=True)
    load_scorer(arguments(load), is_close=False)
    assert load.asked == ["close" if reader else "quick", "quick"]


@pytest.mark.parametrize("asked", ["quick", "close", "auto"])
def test_the_option_decides_and_then_the_environment(
    reader: bool, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Loads()
    monkeypatch.setenv("MTSCORE_READING", asked)
    load_scorer(arguments(load), is_close=True)
    load_scorer(arguments(load), is_close=False)
    load_scorer(arguments(load, "quick"), is_close=True)
    assert load.asked == [asked, asked, "quick"]


def test_a_model_without_a_close_classifier_is_read_quickly_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MTSCORE_READING")
    monkeypatch.setattr("mtscore.reading.reader.is_installed", lambda: True)
    load = Loads(refused="close")
    load_scorer(arguments(load), is_close=True)
    assert load.asked == ["close", "quick"]
    assert "read quickly: the model cannot be used" in capsys.readouterr().err
    with pytest.raises(ModelError):
        load_scorer(arguments(load, "close"), is_close=True)


def test_how_to_get_more_is_told_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MTSCORE_READING")
    monkeypatch.setattr("mtscore.reading.reader.is_installed", lambda: False)
    load_scorer(arguments(Loads()), is_close=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    load_scorer(arguments(Loads()), is_close=True)
    assert common.GET_READER in capsys.readouterr().err
