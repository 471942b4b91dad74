"""All translations that the shipped models learn from, one file a chain.

    python -m training.translations.everything --data DATA -o TRANSLATIONS [--chains pt-en en-pt-en]

A run that was interrupted goes on where it stopped. On two cores all of it takes about an hour.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from training.translations.__main__ import run
from training.translations.chains import chain_for
from training.translations.produce import Document, Task
from training.translations.sources import (
    FOREIGN,
    MORE,
    SHARES,
    english_plan,
    foreign_documents,
    human_documents,
    lines_of_models,
)

SEED = "translations"


ENGLISH = (*SHARES, MORE)


def plan(data: Path, names: Sequence[str]) -> dict[str, list[Document]]:
    """The documents of each file, by its name: that of its chain, or `MORE`."""
    english: dict[str, list[Document]] = {}
    if any(name in ENGLISH for name in names):
        known = lines_of_models(data / "lm" / "en_permissive.txt.xz")
        english = english_plan(human_documents(data / "train", known), SEED)
    return {n: english[n] if n in ENGLISH else foreign_documents(data, n, SEED) for n in names}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: see the module's docstring."""
    known = (*FOREIGN, *ENGLISH)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/, foreign/ and lm/")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the files")
    parser.add_argument("--chains", nargs="+", choices=known, default=known, metavar="CHAIN")
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    for name, documents in plan(given.data, given.chains).items():
        output = given.output / f"{name}.jsonl"
        if not output.exists():
            run(Task(documents, chain_for("en-pt-en" if name == MORE else name), SEED), output)


if __name__ == "__main__":
    main()
