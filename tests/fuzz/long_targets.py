"""Many inputs for each target, by hand: `python tests/fuzz/long_targets.py 1000000 [--seed 1] [--only NAME]`.

Prints for each target how many inputs it got, how many broke something, the processor time, and the most memory that
its process has used. What breaks is shown with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from targets import TARGETS

MOST_SHOWN = 3
"""Inputs that are shown of those that break at one place."""

SECONDS, SECONDS_PER_CHARACTER = 3.0, 0.00002
"""Processor time that an input may take at most."""


class Result(NamedTuple):
    """What became of the inputs of one target."""

    name: str
    inputs: int
    faults: int
    seconds: float
    megabytes: int
    longest: float
    report: str


def run(name: str, first: int, inputs: int) -> Result:
    """Try so many inputs of one target."""
    target, places, report = TARGETS[name], Counter[str](), []
    begun, longest = time.process_time(), 0.0
    for number in range(first, first + inputs):
        seed = f"{name} {number}"
        given = target.make(random.Random(seed))
        start = time.process_time()
        try:
            target.check(given)
            taken = time.process_time() - start
            longest = max(longest, taken)
            assert taken < SECONDS + SECONDS_PER_CHARACTER * len(repr(given)), f"it takes {taken:.1f} s"
        except Exception as error:  # noqa: BLE001  # whatever it is: that is the question
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
            places[place] += 1
            if places[place] <= MOST_SHOWN:
                report.append(f"{seed!r}: {place}: {str(error)[:200]}\n    {given!r:.600}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = time.process_time() - begun
    return Result(name, inputs, places.total(), seconds, peak, longest, "\n".join(report))


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, and say what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", type=int, nargs="?", default=1_000_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=0, help="number of the first input of each target")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="only targets whose name holds this")
    given = parser.parse_args(arguments)
    chosen = {name: target for name, target in TARGETS.items() if given.only in name}
    scale = given.inputs / sum(target.share for target in chosen.values())
    total = faults = 0
    methods = multiprocessing.get_context("spawn")  # a process for each target: its memory is its own
    with ProcessPoolExecutor(given.jobs, mp_context=methods, max_tasks_per_child=1) as processes:
        tasks = [
            processes.submit(run, name, given.seed, round(target.share * scale))
            for name, target in chosen.items()
        ]
        for task in as_completed(tasks):
            found = task.result()
            total, faults = total + found.inputs, faults + found.faults
            sys.stdout.write(
                f"{found.name:42}{found.inputs:9,} inputs {found.faults:6,} faults {found.seconds:8,.0f} s "
                f"{found.longest:6.2f} s at most {found.megabytes:6,} MB\n{found.report}\n"[
                    : -1 if not found.report else None
                ]
            )
            sys.stdout.flush()
    sys.stdout.write(f"{total:,} inputs, {faults:,} faults\n")
    return int(faults > 0)


if __name__ == "__main__":
    raise SystemExit(main())
