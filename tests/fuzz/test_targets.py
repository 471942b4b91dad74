"""Each part that meets strangers' bytes, tried by itself with inputs that random numbers make.

`python tests/fuzz/long_targets.py 1000000` tries many more.
"""

from __future__ import annotations

import random

import pytest
from targets import TARGETS

INPUTS = 4_000
"""All targets together."""


@pytest.mark.parametrize("name", TARGETS)
def test_any_input(name: str) -> None:
    target = TARGETS[name]
    for number in range(max(20, INPUTS * target.share // 1000)):
        target.check(target.make(random.Random(f"{name} 0 {number}")))
