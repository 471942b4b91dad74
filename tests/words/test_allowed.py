"""Names and terms that a user knows to be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtscore.cli.settings import read_settings
from mtscore.errors import InputError, UsageError
from mtscore.words.allowed import Allowed


def test_a_file_has_a_term_a_line(tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("# ours\nReederei\n\n Blue  Harbour \n", encoding="utf-8")
    assert Allowed.of(path).terms == ("blue harbour", "reederei")
    assert Allowed.of(str(path)) == Allowed.of(["Blue Harbour", "Reederei", "reederei"])


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        ("Reederei", True),
        ("Harbour", True),
        ("Blue Harbour", True),
        ("the Reederei", False),
        ("ships", False),
    ],
)
def test_a_term_covers_what_lies_inside_it(place: str, covered: bool) -> None:
    text = "Of Blue\nHarbour the Reederei has ships.".replace("\n", " ")
    allowed = Allowed.of(["blue harbour", "REEDEREI"])
    start = text.index(place)
    assert allowed.covers(text, start, start + len(place)) is covered


def test_a_term_is_a_whole_word() -> None:
    assert not Allowed.of(["reed"]).covers("Reederei", 0, 4)
    assert not Allowed().covers("Reederei", 0, 8)


def test_the_digest_says_which_terms_they_are() -> None:
    assert Allowed.of(["a", "b"]).digest == Allowed.of(["b", "a", "B"]).digest != Allowed.of(["a"]).digest


@pytest.mark.parametrize("source", [3, [1, 2]])
def test_other_things_are_no_terms(source: object) -> None:
    with pytest.raises(InputError):
        Allowed.of(source)  # type: ignore[arg-type]


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt"):
        Allowed.of(tmp_path / "none.txt")


def test_settings_name_a_list_or_a_file_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "mtscore.toml"
    assert read_settings(path) == {}
    path.write_text('allow = ["Reederei"]\n', encoding="utf-8")
    assert read_settings(path) == {"allow": ["Reederei"]}
    path.write_text('allow = "terms.txt"\n', encoding="utf-8")
    assert read_settings(path) == {"allow": tmp_path / "terms.txt"}


@pytest.mark.parametrize("text", ["allow = 3", "alow = []", "allow = [3]", "allow ="])
def test_settings_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mtscore.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"mtscore\.toml"):
        read_settings(path)
