"""Which strings can be English words: known ones, forms made from known parts, and what letters allow.

The word table of the language models is built from encyclopedic text and lacks much everyday English
("giggled"), so a list of English words (`words.txt.gz` in the model folder) stands beside it. Beyond both,
English makes words freely: a string counts as formed when it is known parts put together by an affix, a
combining form or compounding. What is neither known nor formed nor a slip of the keyboard was made up.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from mtscore.words.lexicon import Lexicon
from mtscore.words.word_lists import Lines

PREFIXES = tuple(
    """un re over non pre anti micro mis sub super de dis inter multi under out co bi semi counter trans mega mini
    ultra neuro bio geo photo electro hyper poly auto pseudo post pro meta macro nano radio thermo hydro cardio
    immuno intra extra tri cyber eco ex fore in im il ir en em be up down off on self cross half mid nor iso psycho
    socio techno tele uni video back by para palaeo paleo proto ferro cryo cyto endo exo haemo hemo histo homo
    kilo milli centi deca giga tera pico femto arch vice step great near through after fluoro chloro bromo
    tractor tracto phospho lipo glyco""".split()
)
SUFFIXES = tuple(
    """s es ed d ing er r ers ly ness nesses less ful able ability ably ible ish y ism isms ist ists ize ise izes ises
    ized ised izing ising izer iser ization isation ship hood dom ity al ally fold ward wards wise like man men woman
    women eth ier iest est ies ied ette esque""".split()
)
"""What may stand before and behind a stem."""

COMMON, SHORT_COMMON = -5.5, -5.0
"""log10 relative frequency from which a word counts as common; from which one of three letters does."""

STEM = -6.3
"""log10 relative frequency from which a word that only the word table knows may be a stem."""

MIN_COMPOUNDS = 2
"""Known compounds that a word must end to be thought to end others."""

_PLAIN = re.compile("[a-z]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GRAM = 4
_SIZE = 27


class Vocabulary:
    """The word table, and the additional English words."""

    def __init__(self, lexicon: Lexicon, extra: Iterable[str] = ()) -> None:
        self.lexicon = lexicon
        self.extra = frozenset(extra)
        self._frequency = lexicon.frequency

    def __contains__(self, word: str) -> bool:
        return word in self._frequency or word in self.extra

    def frequency(self, word: str) -> float:
        """log10 relative frequency; the table's floor for additional words, minus infinity when unknown."""
        found = self._frequency.get(word)
        if found is not None:
            return found
        return self.lexicon.floor if word in self.extra else -math.inf

    @cached_property
    def _sorted(self) -> tuple[Lines, Lines]:
        """The English words, and the same written backwards, each in alphabetical order."""
        words = self.extra or self._frequency
        return Lines.of(sorted(words)), Lines.of(sorted(word[::-1] for word in words))

    @cached_property
    def letters(self) -> LetterModel:
        """The letters of English words."""
        return LetterModel(self.extra or self._frequency)

    def is_formed(self, word: str) -> bool:
        """Whether an unknown word is made of known parts, by affixes, as a compound or of combining forms."""
        return self._is_affixed(word) or self.is_compound(word) or self._is_combined(word)

    def _is_affixed(self, word: str) -> bool:
        """Whether taking off one prefix, one suffix or both leaves an English word."""
        rests = [word[len(prefix) :] for prefix in PREFIXES if word.startswith(prefix)]
        rests = [word, *(rest for rest in rests if len(rest) >= (4 if len(word) - len(rest) > 2 else 5))]
        return any(
            self._is_stem(rest)
            or any(
                self._is_stem(stem)
                for suffix in SUFFIXES
                if rest.endswith(suffix)
                for stem in _stems(rest, suffix)
            )
            for rest in rests
        )

    def _is_stem(self, word: str) -> bool:
        """Known, and English rather than one of the many names of the word table."""
        if self.extra and word not in self.extra:
            return self.frequency(word) > STEM and len(word) > 5
        if len(word) > 5:
            return word in self
        return self.frequency(word) > (STEM if len(word) > 3 else COMMON)

    def is_compound(self, word: str) -> bool:
        """Whether two words that people compound make it ("valuesbased"): known ones of four letters or more, or
        common ones of three."""
        return any(
            min(self.frequency(left), self.frequency(right))
            > (COMMON - 1 if min(len(left), len(right)) > 3 else SHORT_COMMON)
            for left, right in self.halves(word)
            if len(left) > 2 and len(right) > 2 and self._ends_compounds(right)
        )

    @lru_cache(maxsize=1 << 14)  # noqa: B019  # one vocabulary lives as long as its model
    def _ends_compounds(self, word: str) -> bool:
        """Whether several known words are another one with this one behind it: "line" does it, "become" not."""
        backward = self._sorted[1]
        low, high = _prefix_range(backward, word[::-1])
        firsts = (backward[place][len(word) :][::-1] for place in range(low, high))
        found = sum(len(first) > 2 and first in self and self.frequency(first) > STEM for first in firsts)
        return found >= MIN_COMPOUNDS

    def halves(self, word: str) -> Iterator[tuple[str, str]]:
        """Every way to part the word into two English words of two letters or more."""
        known = self.extra or self._frequency
        for cut in range(2, len(word) - 1):
            if word[:cut] in known and word[cut:] in known:
                yield word[:cut], word[cut:]

    def _is_combined(self, word: str) -> bool:
        """Whether it opens like many words, up to a linking o, and ends like many ("lympho" + "graphies")."""
        forward, backward = self._sorted
        for cut in range(4, len(word) - 4):
            if (
                word[cut - 1] == "o"
                and _prefix_count(forward, word[:cut]) >= 6
                and _continuations(forward, word[:cut]) >= 4
                and (
                    word[cut:] in self
                    or _prefix_count(backward, word[cut:][::-1]) >= (6 if len(word) - cut > 5 else 15)
                )
            ):
                return True
        return False

    @lru_cache(maxsize=1 << 14)  # noqa: B019  # one vocabulary lives as long as its model
    def near(self, word: str) -> tuple[str, ...]:
        """Known words one edit away (a letter more, less, other, or two swapped), most frequent first."""
        edits = _edits(word) - {word}
        found = {*filter(self._frequency.__contains__, edits), *filter(self.extra.__contains__, edits)}
        return tuple(sorted(found, key=lambda w: (-self.frequency(w), w)))


def _stems(word: str, suffix: str) -> set[str]:
    stem = word[: -len(suffix)]
    out = {stem, stem + "e"}
    if len(stem) > 3 and stem[-1] == stem[-2]:
        out.add(stem[:-1])
    if stem.endswith("i"):
        out.add(stem[:-1] + "y")
    return out


def _prefix_range(words: Lines, prefix: str) -> tuple[int, int]:
    low = bisect_left(words, prefix)
    return low, bisect_left(words, prefix + "{", low)


def _prefix_count(words: Lines, prefix: str) -> int:
    low, high = _prefix_range(words, prefix)
    return high - low


def _continuations(words: Lines, prefix: str) -> int:
    """How many different letters follow a prefix: many after "lympho", one or two after "follo"."""
    return len(
        {words[place][len(prefix) : len(prefix) + 1] for place in range(*_prefix_range(words, prefix))}
    )


def _edits(word: str) -> set[str]:
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    out = {a + b[1:] for a, b in splits if b}
    out |= {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    out |= {a + c + b[1:] for a, b in splits if b for c in _LETTERS}
    return out | {a + c + b for a, b in splits for c in _LETTERS}


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; `limit + 1` when there are more."""
    return OSA.distance(left, right, score_cutoff=limit)


class LetterModel:
    """How English a string looks: an interpolated letter 4-gram model over a list of words."""

    def __init__(self, words: Iterable[str]) -> None:
        # A set has another order in each process. The first word alone stands behind more than one space and makes
        # its first letter likelier: so it must always be the same, and begin with a rare letter.
        ordered = sorted(filter(_PLAIN.fullmatch, words), reverse=True)
        codes = np.frombuffer(f"   {' '.join(ordered)} ".encode(), np.uint8).astype(np.int64)
        codes = np.where(codes == 32, 0, codes - 96)
        self._tables: list[npt.NDArray[np.float64]] = []
        grams = codes.copy()
        for order in range(1, _GRAM + 1):
            self._tables.append(np.bincount(grams, minlength=_SIZE**order).astype(np.float64))
            grams = grams[1:] + codes[: len(grams) - 1] * _SIZE**order
        self._tables = [table.reshape(-1, _SIZE) for table in self._tables]
        self._sums = [table.sum(axis=1) for table in self._tables]

    @lru_cache(maxsize=1 << 13)  # noqa: B019  # one letter model lives as long as its vocabulary
    def mean_log10(self, word: str) -> float:
        """Mean log10 probability per letter, the end included: about -0.9 for ordinary words, below -2 for
        letters that hardly follow each other in English. Letters beyond a to z count as unseen."""
        codes = [0, *(ord(c) - 96 if "a" <= c <= "z" else -1 for c in word), 0]
        total = 0.0
        for position in range(1, len(codes)):
            total += math.log10(self._probability(codes, position))
        return total / (len(codes) - 1)

    def _probability(self, codes: list[int], position: int) -> float:
        letter, context, out, factor = codes[position], 0, 1 / _SIZE, 1
        if letter < 0:
            return 1e-4
        for order in range(_GRAM):
            if order:
                before = codes[position - order] if position >= order else 0
                if before < 0:
                    break
                context += before * factor
                factor *= _SIZE
            out = (self._tables[order][context, letter] + 4 * out) / (self._sums[order][context] + 4)
        return float(out)
