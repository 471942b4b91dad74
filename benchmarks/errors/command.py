"""How many real errors are found, and how many findings stand at one, in both readings.

    python -m benchmarks.errors DATA [--parts own annotated people planted] [--readings quick close] [--model DIR]

DATA is the folder that holds `train/` and `names/`; without it only `own` and the changed names of `people` are
measured. Parts, all of them unless some are named:

    own        eight garbled articles of this project with every error listed, and four right ones that look odd
    annotated  sentences in which translators marked errors: share of findings at a mark, share of marks found, and
               findings in people's translations of the same sets; the reader was trained on these, so they say no more
               than how good it can be at best
    people     well-known people with a letter changed beside their office, and right names
    planted    what `benchmarks.evidence --reading close` prints

A reading that is not installed is left out. Seeded: the same documents give the same figures.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import evidence
from benchmarks.errors import annotated, own, people
from benchmarks.finding import finder
from benchmarks.toy import parsed
from mtscore.model.folder import default_model_path
from mtscore.scoring.close_reading import readings_of
from mtscore.words.resources import load_resources

PARTS = ("own", "annotated", "people", "planted")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.errors",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--readings", nargs="+", choices=("quick", "close"), default=("quick", "close"))
    parser.add_argument("--texts", type=int, default=60, help="annotated texts of a set and maker (60)")
    parser.add_argument(
        "--names", type=int, default=40, help="changed names of famous people, and of others (40)"
    )
    parser.add_argument("--documents", type=int, default=10, help="documents a genre for planted errors (10)")
    parser.add_argument(
        "--quick", type=int, default=10, help="so many times as many texts and names are read quickly (10)"
    )
    parser.add_argument("--show", action="store_true", help="print the findings at no listed error")
    with parsed(parser, arguments, _toy) as given:
        _run(given)


def _toy(folder: Path) -> list[str]:
    few = "--names 3 --texts 2 --quick 1 --readings quick".split()
    return [str(annotated.write_toy(folder)), *few]


def _run(given: argparse.Namespace) -> None:
    path = given.model or default_model_path()
    models = load_resources(path)
    readings = {name: finder(path, name) for name in given.readings if name in readings_of(path)}
    began = time.monotonic()
    for part in given.parts:
        for reading, find in readings.items():
            times = given.quick if reading == "quick" else 1
            if part == "own":
                own.report(reading, find, shows_stray=given.show)
            elif part == "annotated" and given.data:
                annotated.report(reading, find, given.data / "train" / "spans", times * given.texts)
            elif part == "people":
                table = given.data / "names" / "people.tsv.xz" if given.data else None
                people.report(reading, find, models, table, times * given.names)
            elif part == "planted" and given.data and reading == "close":
                evidence.closely(given.data, given.model, given.documents)
        print(f"-- {part}: {time.monotonic() - began:.0f} s\n")
