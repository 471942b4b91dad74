"""Every benchmark runs for somebody who has none of the corpora."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import benchmarks

HELPERS = ("finding", "memory", "planted_errors", "toy")
NAMES = sorted(
    path.stem
    for path in Path(benchmarks.__file__).parent.iterdir()
    if path.stem not in ("__init__", "__pycache__", *HELPERS)
    and (path.suffix == ".py" or (path / "__main__.py").exists())
)


@pytest.mark.parametrize("name", NAMES)
def test_a_toy_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = import_module(f"benchmarks.{name}").main(["--toy"])
    assert not code
    assert capsys.readouterr().out
