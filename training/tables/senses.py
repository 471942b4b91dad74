"""Foreign words of several meanings: of what an English word may be the wrong sense.

    python -m training.tables.senses DICTIONARIES LEXICON WORDS OUTPUT

DICTIONARIES is a folder of `<language>.tsv.xz` (foreign word, English word, dictionary) whose licences allow shipping a
derived table; LEXICON and WORDS are the model folder's word table and word list. Kept are foreign words that have at
least two single English words that are frequent enough, at most `MAX_LINKS` of them: those on which most dictionaries
agree, of these the most frequent.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from pathlib import Path

from mtscore.words.lexicon import Lexicon
from training.pivots import CAPITALISED, run, write_archive

MIN_LOG_FREQUENCY = -6.2
"""log10 relative frequency that an English word must have."""

MAX_LINKS = 12


def english_words(lexicon: Lexicon, words: frozenset[str]) -> list[str]:
    """English words that are no names, most frequent first."""
    return [
        word
        for word, frequency in lexicon.frequency.items()
        if frequency >= MIN_LOG_FREQUENCY and word.isalpha() and len(word) > 1 and word in words
    ]


def read_senses(path: Path, english: dict[str, int]) -> dict[str, list[int]]:
    """Foreign words of one file, and the numbers of what they mean."""
    agreeing: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    keeps_capitals = path.name.split(".")[0] in CAPITALISED
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw, translation, dictionary = line.rstrip("\n").split("\t")
            foreign, meaning = raw.lower(), translation.lower().removeprefix("to ").strip()
            is_word = foreign.replace("-", "").isalpha() and (foreign == raw or keeps_capitals)
            if is_word and meaning in english:
                agreeing[foreign][english[meaning]].add(dictionary)
    return {
        foreign: sorted(sorted(meanings, key=lambda number: (-len(meanings[number]), number))[:MAX_LINKS])
        for foreign, meanings in agreeing.items()
        if len(meanings) > 1
    }


def build(dictionaries: Path, lexicon: Lexicon, words: frozenset[str], output: Path) -> None:
    """Write the table; its contents depend on the arguments alone."""
    english = english_words(lexicon, words)
    numbers = {word: number for number, word in enumerate(english)}
    write_archive(output, dictionaries, english, lambda path: read_senses(path, numbers))


if __name__ == "__main__":
    run(build, "table of senses")
