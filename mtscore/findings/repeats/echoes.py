"""Echoes: a word or phrase that comes back at once, with next to nothing in between ("the roof of the roof").

A translator that has lost the thread says the same thing on both sides of an "of", an "and" or a comma. People
do it for force ("smaller and smaller"), in fixed forms ("step by step", not counted here), and when they correct
themselves, which shows by a dash or dots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from mtscore.findings.repeats.loops import FORCE
from mtscore.records import Evidence
from mtscore.signals.analysis import Analysis, Group
from mtscore.signals.extraction import Extraction

MIN_LETTERS, MIN_OF_LETTERS = 5, 4
"""Of a word that echoes; of one on both sides of an "of"."""

STEM_SHARE, MAX_ENDING = 0.6, 3
"""Two words are forms of one if they share this part of the longer one, at least `MIN_LETTERS`, and at most so many
letters of the shorter one follow ("violent violence")."""

MAX_BETWEEN = 4
"""Tokens between a word and its echo at most, all of them in `_LINKS`."""

MIN_PHRASE, MAX_GAP, MIN_LONG_PHRASE, MAX_LONG_GAP = 4, 2, 6, 6
"""Tokens that an echoing phrase has, and that may stand before its echo; the same for longer phrases."""

OF_WEIGHT, FRAME_WEIGHT, PAIR_WEIGHT = 3.5, 3.3, 2.7
WORD_WEIGHT, NAME_WEIGHT, PHRASE_WEIGHT = 2.5, 2.0, 2.7
"""Nats, measured on garbled text of four sources against 50 of human text: per 1,000 words 0.6 to 0.002 words on
both sides of an "of" (5 nats, cut down: half of them are one language's), 0.9 to 0.09 other words in small letters,
0.3 to 0.05 names, 0.8 to 0.05 phrases, and together 0.2 to 0.002 words in a frame (`_is_framed`) and pairs of words
(`_is_pair_echo`)."""

_OF = frozenset(tuple(row.split()) for row in ("of", "of the", "of a", "of its", "of his", "of their"))
_JOINING = frozenset(
    tuple(row.split()) for row in (",", "and", "or", ", and", ", or", ", the", ", a", ", an", "and the")
)
_NAME_JOINING = frozenset(tuple(row.split()) for row in (",", "and", ", and", "and the"))
_WITHIN = frozenset(tuple(row.split()) for row in ("in", "with", "in the", "with the", "on the"))
"""What stands between a word and its echo: tokens in a row."""
_PAIRING = frozenset(tuple(row.split()) for row in ("and", "or", ", and", ", or"))
"""What stands between two words and the same two again; behind a comma alone people say them again for force."""
_POSITIONS = frozenset("of from in for by".split())
_DETERMINERS = frozenset("the a an his its their this these".split())
_NO_OPENING = frozenset("i he she it they we you to if don t".split())
"""Words of which no pair is made that comes back: "it is, it is"."""
_GOES_ON = frozenset(
    """of in to for from by with that is was are were as at on and or but which who can will has have""".split()
)
"""What may follow an echo: in front of another word it is only the beginning of something else."""
_ENDS = frozenset(".,;:!?")
_LINKS = frozenset(
    """of in for and or to by with from a an the , as is are was were on at that its his her their than
    not""".split()
)
_GROWING = frozenset(
    """again years hundreds thousands millions miles hours worse think heaps loads tons piles stacks rows pages weeks
    months dozens decades billions trillions times asking asked waiting waited talking talked trying tried looking
    looked laughing laughed walking walked running going""".split()
)
"""Words that people join to themselves ("hours and hours"), beside those that end in "er"."""
_KEPT = FORCE | frozenset("best worst kings holies".split())
_OWNERS = frozenset("king lord master people children knave nobody someone everyone".split())
"""Words that people say of themselves: "the people's people"."""
_CARRIED = frozenset("-’'")
_APOSTROPHES = frozenset("’'")
_OPENING = itemgetter(slice(MIN_LETTERS))
_BREAKS = frozenset('“”"!?\r\n–—;:()…')


@dataclass(frozen=True, slots=True)
class Echoes:
    """What may be an echo in a document: pairs of tokens that begin alike, by number, and phrases that come back
    (first token, tokens, distance)."""

    words: list[tuple[int, int]] = field(default_factory=list)
    phrases: list[tuple[int, int, int]] = field(default_factory=list)


def find_echoes(extraction: Extraction, echoes: Echoes) -> Iterator[Evidence]:
    """Words and phrases that come back at once, in no particular order; spans reach to the end of the echo. `echoes`
    is what `possible_echoes` gives for the document."""
    for first, last in echoes.words:
        if _is_pair_echo(extraction, first, last):
            yield _evidence(extraction, first - 1, last, PAIR_WEIGHT)
        elif weight := _word_weight(extraction, first, last):
            yield _evidence(extraction, first, last, weight)
    for first, size, shift in echoes.phrases:
        if _is_phrase_echo(extraction, first, size, shift):
            yield _evidence(extraction, first, first + shift + size - 1, PHRASE_WEIGHT)


def possible_echoes(group: Group) -> list[Echoes]:
    """For each document what may be an echo, as the hashes of its tokens say."""
    found = [Echoes() for _ in group.documents]
    for firsts, shift in _alike(group):
        for document, first in group.tokens.located(firsts):
            found[document].words.append((first, first + shift))
    for firsts, sizes, shift in _returning(group):
        for (document, first), size in zip(group.tokens.located(firsts), sizes.tolist(), strict=True):
            found[document].phrases.append((first, min(size, shift), shift))
    return found


def _alike(group: Group) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Long content words for which another one that begins alike follows in the sentence, by the distance."""
    analysis = group.whole
    is_long = group.is_content & (analysis.ends - analysis.starts >= MIN_OF_LETTERS)
    opens = np.arange(len(is_long))  # short words are like no other
    long = compress(analysis.words, is_long.tolist())
    opens[is_long] = np.fromiter(map(hash, map(_OPENING, long)), np.int64)
    sentence = analysis.sentence
    for shift in range(1, MAX_BETWEEN + 2):
        is_alike = (
            (opens[shift:] == opens[:-shift]) & is_long[shift:] & (sentence[shift:] == sentence[:-shift])
        )
        yield np.flatnonzero(is_alike), shift


def _word_weight(extraction: Extraction, first: int, last: int) -> float:
    """Nats of two words that begin alike; 0 if there is nothing to report."""
    analysis = extraction.analysis
    word, echo, between = analysis.words[first], analysis.words[last], analysis.words[first + 1 : last]
    if not (_is_content(analysis, first) and _is_content(analysis, last)) or word in _KEPT:
        return 0.0
    if _is_broken(extraction, first, last):
        return 0.0
    if word != echo:
        return _form_weight(extraction, first, last)
    if between in _OF:
        return OF_WEIGHT
    if _is_framed(extraction, first, last):
        return FRAME_WEIGHT
    if not between or len(word) < MIN_LETTERS or word in between or not _LINKS.issuperset(between):
        return 0.0
    return _same_weight(extraction, first, last)


def _form_weight(extraction: Extraction, first: int, last: int) -> float:
    """Nats of two words of one stem, side by side or with an "of" between them."""
    analysis, text = extraction.analysis, extraction.text
    word, echo, between = analysis.words[first], analysis.words[last], analysis.words[first + 1 : last]
    shared = next(
        (i for i, (a, b) in enumerate(zip(word, echo, strict=False)) if a != b), min(len(word), len(echo))
    )
    is_one = shared >= max(
        MIN_LETTERS, min(len(word), len(echo)) - MAX_ENDING, STEM_SHARE * max(len(word), len(echo))
    )
    if not is_one or not text[analysis.starts[first] : analysis.ends[last]].islower():
        return 0.0
    if between in _OF:
        return OF_WEIGHT
    is_pair = not between and text[analysis.ends[first] : analysis.starts[last]] == " "
    return WORD_WEIGHT if is_pair and word + "s" != echo != word[:-1] else 0.0


def _is_framed(extraction: Extraction, first: int, last: int) -> bool:
    """Whether a word comes back behind its own genitive ("the world's world"), or behind a preposition, an article or
    the like and at most one word more ("a letter from the old letter")."""
    analysis, text = extraction.analysis, extraction.text
    word, between = analysis.words[first], analysis.words[first + 1 : last]
    frame = 1 if between[:1] == ("s",) else 2
    if len(between) - frame not in (0, 1) or _grows(word):
        return False
    behind = first + 1 + frame  # the echo, or a word before it
    if not (text[analysis.starts[first]].islower() and text[analysis.starts[last]].islower()):
        return False
    if behind < last and not text[analysis.starts[behind] : analysis.ends[behind]].islower():
        return False
    if frame == 1:
        return text[analysis.ends[first]] in _APOSTROPHES and word not in _OWNERS
    return (
        len(word) >= MIN_LETTERS
        and between[0] in _POSITIONS
        and between[1] in _DETERMINERS
        and _is_over(extraction, last)
    )


def _is_pair_echo(extraction: Extraction, first: int, last: int) -> bool:
    """Whether a word comes back together with the one before it ("old towns and old towns")."""
    analysis, text = extraction.analysis, extraction.text
    between = analysis.words[first + 1 : last]
    if not first or analysis.words[first] in _KEPT or between[:-1] not in _PAIRING:
        return False
    opening = analysis.words[first - 1]
    return (
        opening == between[-1]
        and analysis.sentence[first - 1] == analysis.sentence[first]
        and opening.isalpha()
        and opening not in _NO_OPENING
        and text[analysis.starts[first - 1] : analysis.ends[first]]
        == text[analysis.starts[last - 1] : analysis.ends[last]]
        and not _grows(analysis.words[first])
        and not _is_broken(extraction, first, last)
        and _is_over(extraction, last)
    )


def _grows(word: str) -> bool:
    return word in _GROWING or word.endswith("er")


def _is_over(extraction: Extraction, last: int) -> bool:
    """Whether a phrase can end with the token: no word of its own follows."""
    analysis, end = extraction.analysis, int(extraction.analysis.ends[last])
    if extraction.text[end : end + 1] in _ENDS:
        return True
    if last + 1 == len(analysis.words) or analysis.sentence[last + 1] != analysis.sentence[last]:
        return True
    return analysis.words[last + 1] in _GOES_ON and extraction.text[end] == " "


def _same_weight(extraction: Extraction, first: int, last: int) -> float:
    """Nats of a long word that comes back behind nothing but commas and function words."""
    analysis, text = extraction.analysis, extraction.text
    word, between = analysis.words[first], analysis.words[first + 1 : last]
    is_joined = between in _JOINING
    if between[-1] == "and" and _grows(word):
        return 0.0
    if text[analysis.starts[first]].islower() and text[analysis.starts[last]].islower():
        is_close = is_joined or len(between) > 2 or between in _WITHIN
        return WORD_WEIGHT if is_close else 0.0
    end = int(analysis.ends[last])
    goes_on = text[end : end + 1] in _CARRIED or text[end + 1 : end + 2].isupper()
    return NAME_WEIGHT if between in _NAME_JOINING and not goes_on else 0.0


def _returning(group: Group) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]]:
    """Where the tokens of a document are the same, for `MIN_PHRASE` tokens or more, as those at a distance behind
    them: the first tokens, how many are the same, and the distance."""
    hashes = np.fromiter(map(hash, group.whole.words), np.int64, len(group.whole.words))
    owner = group.tokens.owner
    for shift in range(MIN_PHRASE, MIN_LONG_PHRASE + MAX_LONG_GAP + 1):
        is_same = (hashes[shift:] == hashes[:-shift]) & (owner[shift:] == owner[:-shift])
        if np.count_nonzero(is_same) < MIN_PHRASE:
            continue
        edges = np.flatnonzero(np.diff(is_same, prepend=False, append=False))
        firsts, sizes = edges[::2], edges[1::2] - edges[::2]
        yield firsts[sizes >= MIN_PHRASE], sizes[sizes >= MIN_PHRASE], shift


def _is_phrase_echo(extraction: Extraction, first: int, size: int, shift: int) -> bool:
    analysis, last = extraction.analysis, first + shift + size - 1
    gap = shift - size
    return bool(
        gap <= (MAX_LONG_GAP if size >= MIN_LONG_PHRASE else MAX_GAP)
        and analysis.sentence[first] == analysis.sentence[last]
        and analysis.is_word[first : first + size].all()
        and any(_is_content(analysis, index) for index in range(first, first + size))
        and not _is_broken(extraction, first, last)
    )


def _is_content(analysis: Analysis, index: int) -> bool:
    word = analysis.words[index]
    return len(word) >= MIN_OF_LETTERS and analysis.classes[index] != word


def _is_broken(extraction: Extraction, first: int, last: int) -> bool:
    """Whether a mark stands in between at which people start anew."""
    analysis = extraction.analysis
    return not _BREAKS.isdisjoint(extraction.text[analysis.starts[first] : analysis.starts[last]])


def _evidence(extraction: Extraction, first: int, last: int, weight: float) -> Evidence:
    analysis = extraction.analysis
    start, end = int(analysis.starts[first]), int(analysis.ends[last])
    sentence = analysis.sentences[int(analysis.sentence[first])].span
    return Evidence(start, end, extraction.text[start:end], "repetition", weight, sentence)
