"""The who's who of a model folder: people, how well known they are, and how other languages write their names.

    python -m training.tables.whos_who NAMES/people.tsv.xz LEXICON WORDS GAZETTEER models/en/whos_who.txt.gz

The first argument is a table with a row a person: name, aliases, roles, country, score, licences. LEXICON, WORDS and
GAZETTEER are the model folder's word table, word list and names. Kept are the rows that may ship. See
`mtscore.words.whos_who` for the form of the file.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mtscore.errors import InputError
from mtscore.findings.strange.words import plain
from mtscore.words.lexicon import Lexicon
from mtscore.words.whos_who import SPELLING, SURNAME
from training.tables.exonyms import EXONYMS
from training.tables.spellings import spellings_elsewhere

MAX_BYTES = 4_000_000
MAY_SHIP = ("CC0", "Wikidata", "CC-BY-3", "CC-BY-4", "CC-BY-SA", "MIT", "BSD")
"""How licences begin whose rows may ship; one of a row's is enough."""

WELL_KNOWN, FAMOUS = 20.0, 60.0
"""Scores from which people are well known, and from which their names are listed as other languages write them."""

RARE = -6.9
"""log10 relative frequency up to which English text may have a foreign spelling."""

MAX_AMONG_OTHERS = 3
"""Different people who may bear a name that is listed as a foreign spelling: it is some people's own."""

OFFICES = (
    ("P", r"\bpresident (?!pro)|^president$|us president"),
    ("M", r"prime minister|premier\b"),
    ("C", r"chancellor"),
    ("K", r"\b(?:king|queen|emperor|empress|sultan|emir|prince|princess|royal)\b"),
    ("O", r"\b(?:pope|cardinal|archbishop|bishop|cleric|religious figure)\b"),
    ("S", r"minister|secretary|official|leader|commissioner|governor|mayor"),
    ("L", r"senator|representative|congress|member of|politician|\bmp\b|\bmep\b|deputy|legislator"),
)
"""The letters of offices, and what roles name them."""

COUNTRIES = {
    "united states": "us", "usa": "us", "united kingdom": "uk", "england": "uk", "scotland": "uk", "wales": "uk",
    "northern ireland": "uk", "south korea": "kor", "north korea": "nko", "south africa": "saf", "saudi arabia": "sau",
    "new zealand": "nz",
}  # fmt: skip
"""Countries whose first four letters say nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row, as far as it is kept."""

    first: str
    rest: str
    shown: tuple[str, str]
    fame: int
    offices: str
    country: str


def read_people(path: Path) -> Iterator[Person]:
    """The people of a table that may ship, by each of their names. Raises `InputError` for one of another form."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := {"name", "aliases", "auto_aliases", "score", "licences"}.difference(
            reader.fieldnames or ()
        ):
            raise InputError(f"{path} has no column {', '.join(sorted(missing))}")
        for row in reader:
            if any(licence.startswith(MAY_SHIP) for licence in row["licences"].split("|")):
                yield from _people(row)


def _people(row: Mapping[str, str]) -> Iterator[Person]:
    fame = min(round(float(row["score"])), 250)
    roles = row["roles"].split("|")
    offices = "".join(letter for letter, said in OFFICES if any(re.search(said, role) for role in roles))
    countries = (_country(name) for name in row["country"].split("|")[:1])
    country = next(filter(None, countries), "")
    right = [row["name"], *filter(None, row["aliases"].split("|"))]
    made = [name for name in row["auto_aliases"].split("|") if name]
    for name in dict.fromkeys((*right, *made)):
        first, _, rest = name.strip().partition(" ")
        keys = plain(first).lower(), plain(rest).lower()
        if all(re.fullmatch(r"[^\W\d_][\w .'’-]*", key) for key in keys):
            yield Person(*keys, (first, rest), 0 if name in made else fame, offices, country)


def _country(name: str) -> str:
    folded = plain(name).lower()
    return COUNTRIES.get(folded, folded[:4])


def lines(people: Iterable[Person], foreign: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """The lines of the file, in their order."""
    by_first: dict[str, list[Person]] = defaultdict(list)
    by_last: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_first[person.first].append(person)
        by_last[person.rest].append(person)
    out = [f"{first}\t{_entries(found, by_surname=False)}" for first, found in by_first.items()]
    out += [f"{SURNAME}{last}\t{_entries(found, by_surname=True)}" for last, found in by_last.items()]
    out += [f"{SPELLING}{word}\t{english}\t{language}" for word, (english, language) in foreign.items()]
    yield from sorted(out)


def _entries(people: list[Person], *, by_surname: bool) -> str:
    """How many people there are, the well-known ones in full and, by first name, the others by name."""
    best: dict[str, Person] = {}
    for person in sorted(people, key=lambda person: -person.fame):
        best.setdefault(person.first if by_surname else person.rest, person)
    known = [(other, p) for other, p in best.items() if p.fame >= WELL_KNOWN]
    full = (
        f"{other}|{p.fame}|{p.offices}|{p.country}|{p.shown[0 if by_surname else 1]}" for other, p in known
    )
    rare = [] if by_surname else sorted(other for other, p in best.items() if p.fame < WELL_KNOWN)
    return "\t".join((str(len(best)), *full, *rare))


def foreign_spellings(
    people: Iterable[Person], lexicon: Lexicon, words: frozenset[str]
) -> dict[str, tuple[str, str]]:
    """Names of famous people and of places as other languages write them, with the English form and the language;
    without those that are also somebody's own, or words."""
    everyone = list(people)
    bearers: dict[str, set[str]] = defaultdict(set)
    for person in everyone:
        for part in re.findall(r"[^\W\d_]+", person.rest):
            bearers[part].add(person.first)
    english = {part for person in everyone if person.fame >= WELL_KNOWN for part in person.rest.split()}
    out: dict[str, tuple[str, str]] = {}
    for person in everyone:
        if person.fame >= FAMOUS and " " not in person.rest:
            for word, language in spellings_elsewhere(person.rest, person.country):
                out.setdefault(word, (person.shown[1], language))
    out = {
        word: found
        for word, found in out.items()
        if word not in english
        and word not in words
        and len(bearers[word]) <= MAX_AMONG_OTHERS
        and lexicon.log_frequency(word) <= RARE
    }
    return out | EXONYMS


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Build the who's who of a model folder.")
    for name in ("people", "lexicon", "words", "gazetteer", "output"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    known = [
        gzip.decompress(path.read_bytes()).decode().split() for path in (arguments.words, arguments.gazetteer)
    ]
    words = frozenset(known[0]) | frozenset(known[1])
    people = list(read_people(arguments.people))
    foreign = foreign_spellings(people, Lexicon(arguments.lexicon), words)
    data = gzip.compress("".join(f"{line}\n" for line in lines(people, foreign)).encode(), mtime=0)
    if len(data) > MAX_BYTES:
        raise SystemExit(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that the file may have")
    arguments.output.write_bytes(data)
    print(f"{len(people):,} names, {len(foreign):,} foreign spellings, {len(data):,} bytes")


if __name__ == "__main__":
    main()
