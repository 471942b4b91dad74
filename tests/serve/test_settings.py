"""What the service is told when it starts, and how it starts and does not."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from serving import TOKEN

from mtscore.cli import main
from mtscore.errors import UsageError
from mtscore.serve.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_token(host: str) -> None:
    assert Settings(host=host).is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.example"])
def test_others_need_one(host: str) -> None:
    with pytest.raises(UsageError, match="others can reach the service; give it a --token"):
        Settings(host=host)
    assert not Settings(host=host, token=TOKEN).is_local


@pytest.mark.parametrize("token", [TOKEN[1:], TOKEN + "\n", TOKEN + "é"])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    with pytest.raises(UsageError, match="at least 16 plain characters"):
        Settings(token=token)


def test_a_port_that_is_taken_is_told(trained_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, "--model", str(trained_model)]) == 2
    assert f"cannot listen at 127.0.0.1 port {port}" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--jobs", "1", "--model", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err
