"""The list of English words beside the word table: what encyclopedic text lacks ("giggled").

    python -m training.words OUTPUT LIST…

Each LIST is plain text, one word a line, UTF-8. The shipped list is made of SCOWL size 80, American and British
(Debian packages `wamerican-huge` and `wbritish-huge`, files `/usr/share/dict/{american,british}-english-huge`;
permissive, notice in the model card). Words with capitals are names and left out.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable
from pathlib import Path


def read_words(paths: Iterable[Path]) -> list[str]:
    """The lower-case words of two letters or more of all lists, sorted."""
    lines = (line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return sorted({word for word in lines if word.isalpha() and word.islower() and len(word) > 1})


def write_words(words: Iterable[str], output: Path) -> None:
    """Write the list as `mtscore.words.morphology` reads it; the bytes depend on the words alone."""
    with open(output, "wb") as raw, gzip.GzipFile("words.txt", "wb", 9, raw, mtime=0) as out:
        out.write("\n".join(words).encode())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Build the word list of a model folder.")
    parser.add_argument("output", type=Path)
    parser.add_argument("lists", type=Path, nargs="+")
    arguments = parser.parse_args()
    write_words(read_words(arguments.lists), arguments.output)


if __name__ == "__main__":
    main()
