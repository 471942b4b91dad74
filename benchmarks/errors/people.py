"""Well-known people with one or two letters of their surname changed, beside right names.

A name stands with its office in a sentence of its own between sentences about something else. The people are those of
the model's who's who that have an office, so the changed ones can be known; the right ones are the same people and,
where there is a table of them, people who are not well known, most of whom the model has only by name or not at all.
"""

from __future__ import annotations

import csv
import lzma
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import toy
from benchmarks.errors.counting import Mark, is_at, is_meant, share
from benchmarks.finding import Finder
from mtscore.words.resources import Resources

FAMOUS = 60
"""Fame from which nearly everybody knows somebody; the others are known to those who read the news."""

LITTLE_KNOWN = 20.0
"""Scores of a table of people below which they are not well known."""

TITLES = {"P": "President", "M": "Prime Minister", "C": "Chancellor", "S": "Minister", "L": "the politician"}
"""What stands before a name, by the first letter of the offices that has one here."""

SENTENCES = (
    "{} said on Monday that the talks would go on until the end of the week.",
    "The plan was put forward by {} and has been debated since the autumn.",
    "“We are not there yet,” {} told reporters after the meeting.",
    "On Thursday {} visited two of the villages that the flood had cut off.",
)

LETTERS = "aeioulnrst"

TRANSLATED = (
    ("C", "Helmut", "Kohl", "Cabbage"), ("M", "Mario", "Draghi", "Dragons"), ("M", "Giuseppe", "Conte", "Count"),
    ("M", "Giorgia", "Meloni", "Melons"), ("M", "Mario", "Monti", "Mountains"), ("P", "Nicolás", "Maduro", "Ripe"),
    ("P", "Pedro", "Castillo", "Castle"), ("P", "Michel", "Temer", "Fear"), ("P", "Felipe", "Calderón", "Cauldron"),
    ("P", "Volodymyr", "Zelensky", "Green"), ("P", "Dmitry", "Medvedev", "Bear"), ("S", "Sergei", "Lavrov", "Laurel"),
    ("P", "Mikhail", "Gorbachev", "Humpback"), ("M", "António", "Costa", "Coast"),
    ("C", "Gerhard", "Schröder", "Tailor"),
    ("M", "José", "Zapatero", "Shoemaker"), ("L", "Alexei", "Navalny", "Bulk"), ("L", "Pablo", "Casado", "Married"),
    ("L", "Pablo", "Iglesias", "Churches"), ("M", "Jens", "Stoltenberg", "Proud Mountain"),
)  # fmt: skip
"""Office, first name, surname, and the surname as an engine translates it."""


class Person(NamedTuple):
    """Somebody with an office."""

    title: str
    first: str
    last: str
    is_famous: bool


class Case(NamedTuple):
    """A text, the place of the changed surname or of the whole right name in it, and the person."""

    text: str
    mark: Mark
    person: Person


def well_known(models: Resources) -> list[Person]:
    """The people of the who's who with an office that has a title, as they are written."""
    found: list[Person] = []
    if models.whos_who is None:
        return found
    for key, bearer in models.whos_who.officials:
        title = next((TITLES[letter] for letter in "PMCSL" if letter in bearer.offices), None)
        shown = [b.shown for b in models.whos_who.with_first_name(bearer.name)[1] if b.name == key]
        if title and shown and len(key) >= 5 and re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+)*", shown[0]):
            found.append(Person(title, bearer.shown, shown[0], bearer.fame >= FAMOUS))
    return found


def little_known(path: Path) -> list[Person]:
    """People of a table with a row a person, who are not well known."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = [row["name"] for row in rows if row["score"] and float(row["score"]) < LITTLE_KNOWN]
    parted = (name.split(" ") for name in names if re.fullmatch(r"[^\W\d_]+ [^\W\d_]{5,}", name))
    return [Person(TITLES["S"], first, last, is_famous=False) for first, last in parted]


def changed(name: str, rng: random.Random) -> str:
    """The name with one or two letters of its longest part added, exchanged or left out, never the first one."""
    part = max(re.findall(r"[^\W\d_]+", name), key=len)
    new = part
    while new == part:
        for _ in range(rng.randint(1, 2)):
            i, letter = rng.randrange(1, len(new)), rng.choice(LETTERS)
            new = rng.choice(
                (new[:i] + letter + new[i:], new[:i] + letter + new[i + 1 :], new[:i] + new[i + 1 :])
            )
    return name.replace(part, new)


def cases(
    people: Sequence[Person], count: int, seed: int, change: Callable[[Person, random.Random], str]
) -> Iterator[Case]:
    """Up to `count` texts, each with another of the people, whose surname is what `change` makes of it."""
    rng = random.Random(seed)
    for number, person in enumerate(rng.sample(people, min(count, len(people)))):
        before, after = toy.text(number, 2), toy.text(number + 10_000, 2)
        last = change(person, rng)
        name = f"{person.first} {last}"
        sentence = rng.choice(SENTENCES).format(f"{person.title} {name}")
        opening, sentence = " ".join(before) + "\n\n", sentence[0].upper() + sentence[1:]
        start = len(opening) + sentence.index(name)
        first = start if last == person.last else start + len(name) - len(last)
        mark = Mark(first, start + len(name), "name", (person.last, f"{person.first} {person.last}"))
        yield Case(f"{opening}{sentence}\n\n{' '.join(after)}", mark, person)


def misspelt(person: Person, rng: random.Random) -> str:
    """The surname with one or two letters changed."""
    return changed(person.last, rng)


def as_it_is(person: Person, rng: random.Random) -> str:
    """The surname."""
    return person.last


def as_translated(person: Person, rng: random.Random) -> str:
    """The surname as a word of English."""
    return next(english for _, _, last, english in TRANSLATED if last == person.last)


def report(reading: str, find: Finder, models: Resources, table: Path | None, count: int) -> None:
    """Prints how many changed and translated names are found, and how many right ones are marked."""
    known = well_known(models)
    famous = [person for person in known if person.is_famous]
    others = [person for person in known if not person.is_famous]
    translated = [
        Person(TITLES[office], first, last, is_famous=True) for office, first, last, _ in TRANSLATED
    ]
    print(f"people beside their office, {reading} reading: names, marked, share; right name among three")
    _print("changed, famous", cases(famous, count, 11, misspelt), find)
    _print("changed, less famous", cases(others, count, 14, misspelt), find)
    _print("translated, famous", cases(translated, count, 15, as_translated), find)
    _print("right, well known", cases(known, 2 * count, 12, as_it_is), find, shows=True)
    if table is not None and table.exists():
        _print("right, little known", cases(little_known(table), 2 * count, 13, as_it_is), find, shows=True)


def _print(title: str, chosen: Iterable[Case], find: Finder, *, shows: bool = False) -> None:
    names = marked = right = 0
    wrongly = []
    for case in chosen:
        here = [finding for finding in find(case.text).evidence if is_at(finding, case.mark)]
        names, marked = names + 1, marked + bool(here)
        right += any(is_meant(finding, case.mark) for finding in here)
        if here and shows:
            wrongly.append(
                f"{case.person.first} {case.person.last} ({here[0].kind}: {', '.join(here[0].intended)})"
            )
    print(f"  {title:22s} {names:5d} {marked:4d} {share(marked, names):.4f}; {right} of {marked}")
    for each in wrongly:
        print(f"    {each}")
