"""Mending a body: what each kind of lesson puts over the body's own answers. Runs where PyTorch and ONNX are."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from training.reader.mend import Window, taught  # noqa: E402  # they need both


def window() -> Any:
    """A window of four tokens that its body thinks garbled."""
    return Window(
        torch.zeros(5, 2), torch.tensor([0.8, 0.9, 0.3, 0.1]), torch.full((5,), 0.5), torch.full((8,), 0.6)
    )


OFFSETS = [(0, 3), (3, 7), (7, 9), (9, 12)]


def test_as_before_changes_nothing() -> None:
    found = taught(window(), {"kind": "as_before"}, OFFSETS)
    for one, other in zip(
        (found.answers, found.words, found.quality),
        (window().answers, window().words, window().quality),
        strict=True,
    ):
        assert torch.equal(one, other)


def test_fine_text_is_neither_garbled_nor_a_machines_and_has_no_wrong_words() -> None:
    found = taught(window(), {"kind": "fine"}, OFFSETS)
    assert found.answers.tolist() == pytest.approx([0.04, 0.05, 0.3, 0.1])
    assert float(found.words.max()) == pytest.approx(0.015)
    assert float(found.quality.min()) == pytest.approx(0.93)


def test_fluent_translation_stays_a_machines() -> None:
    found = taught(window(), {"kind": "fluent"}, OFFSETS)
    assert found.answers.tolist() == pytest.approx([0.05, 0.9, 0.3, 0.1])


def test_words_that_were_kept_in_garbled_text_are_fine_and_others_as_before() -> None:
    found = taught(window(), {"kind": "garbled", "kept": [[4, 9]]}, OFFSETS)
    assert found.answers.tolist() == pytest.approx([0.93, 0.95, 0.3, 0.1])
    assert found.words.tolist() == pytest.approx([0.5, 0.5, 0.03, 0.03, 0.5])
