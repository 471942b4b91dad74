"""The dictionaries of a model folder: foreign words that English does not have, and what they mean.

    python -m training.pivots DICTIONARIES LEXICON WORDS OUTPUT

DICTIONARIES is a folder of `<language>.tsv.xz` (foreign word, English word, dictionary) whose licences allow
shipping a derived table; LEXICON and WORDS are the model folder's word table and word list. Kept are single
words of three letters or more that are no English words, with their `MAX_LINKS` most frequent translations.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.words.lexicon import Lexicon

MIN_LOG_FREQUENCY = -5.85
"""log10 relative frequency that a translation must have (about 100 occurrences in 70 M words)."""

MAX_LINKS = 3
MIN_LETTERS = 3
CAPITALISED = frozenset({"de"})
"""Languages that write ordinary nouns with a capital; elsewhere a capitalised entry is a name."""


def english_words(lexicon: Lexicon, words: frozenset[str]) -> list[str]:
    """Frequent English words, most frequent first."""
    return [w for w, f in lexicon.frequency.items() if f >= MIN_LOG_FREQUENCY and (w in words or len(w) == 1)]


def read_dictionary(path: Path, english: dict[str, int], words: frozenset[str]) -> dict[str, list[int]]:
    """Foreign words of one file, and the numbers of their most frequent translations."""
    out: dict[str, set[int]] = {}
    keeps_capitals = path.name.split(".")[0] in CAPITALISED
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw, translation, _ = line.rstrip("\n").split("\t")
            foreign, meaning = raw.lower(), translation.lower().removeprefix("to ")
            if foreign in words or foreign == meaning or (foreign != raw and not keeps_capitals):
                continue
            if meaning in english and foreign.isalpha() and len(foreign) >= MIN_LETTERS:
                out.setdefault(foreign, set()).add(english[meaning])
    return {foreign: sorted(numbers)[:MAX_LINKS] for foreign, numbers in out.items()}


def build(dictionaries: Path, lexicon: Lexicon, words: frozenset[str], output: Path) -> None:
    """Write the table; its contents depend on the arguments alone."""
    english = english_words(lexicon, words)
    numbers = {word: number for number, word in enumerate(english)}
    write_archive(output, dictionaries, english, lambda path: read_dictionary(path, numbers, words))


def write_archive(
    output: Path, dictionaries: Path, english: list[str], read: Callable[[Path], dict[str, list[int]]]
) -> None:
    """Write what `read` gives of each dictionary (foreign words, numbers of English ones), in the form that
    `mtscore.words.pivots.Pivots` reads."""
    paths = sorted(dictionaries.glob("*.tsv.xz"))
    entries = sorted(
        (foreign, code, links) for code, path in enumerate(paths) for foreign, links in read(path).items()
    )
    sizes = [len(links) for _, _, links in entries]
    np.savez_compressed(
        output,
        foreign=_text([foreign for foreign, _, _ in entries]),
        language=np.array([code for _, code, _ in entries], np.uint8),
        languages=_text([path.name.split(".")[0] for path in paths]),
        english=_text(english),
        first=np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32),
        links=np.array([link for _, _, links in entries for link in links], np.uint16),
    )


def _text(words: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def run(builds: Callable[[Path, Lexicon, frozenset[str], Path], None], what: str) -> None:
    """The command line of a program that builds a table of dictionaries."""
    parser = argparse.ArgumentParser(description=f"Build the {what} of a model folder.")
    for name in ("dictionaries", "lexicon", "words", "output"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    words = frozenset(gzip.decompress(given.words.read_bytes()).decode().split())
    builds(given.dictionaries, Lexicon(given.lexicon), words, given.output)


if __name__ == "__main__":
    run(build, "dictionaries")
