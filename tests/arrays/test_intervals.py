from __future__ import annotations

import random

from mtscore.arrays.intervals import Intervals


def test_stretches_meet_as_one_would_see_by_looking_at_all() -> None:
    generator = random.Random(1)
    for _ in range(200):
        starts = [generator.randrange(40) for _ in range(generator.randrange(6))]
        stretches = [(start, start + generator.randrange(1, 9)) for start in starts]
        intervals = Intervals(stretches)
        assert bool(intervals) == bool(stretches)
        for start in range(45):
            end = start + generator.randrange(1, 6)
            meeting = sorted(each for each in stretches if each[0] < end and start < each[1])
            assert intervals.meets(start, end) == bool(meeting)
            assert [each for each in intervals.near(start, end) if start < each[1]] == meeting


def test_what_is_far_away_is_not_looked_at() -> None:
    intervals = Intervals((10 * n, 10 * n + 5) for n in range(100_000))
    assert list(intervals.near(500_003, 500_012)) == [(500_000, 500_005), (500_010, 500_015)]
