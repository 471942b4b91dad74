"""Repetition: words said twice and phrases that loop, where nobody repeats on purpose.

People repeat too: for force ("very, very"), in verse, in speech ("the the"), in names ("Phi Phi"), and by
slip. Loops of three and more are left, with doubled words of documents that hardly ever double one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mtscore.records import Evidence
from mtscore.signals.analysis import Group
from mtscore.signals.extraction import Extraction

MAX_PHRASE = 8
"""Tokens of the longest phrase that is recognised as looping."""

LOOP_WEIGHT, DOUBLE_WEIGHT = 3.3, 1.2
"""Nats: per 1,000 words of garbled chunks 1.1 loops and 0.30 doubled words, of human text 0.03 and 0.09."""
MAX_DOUBLES_PER_1000 = 2.5

FORCE = frozenset(
    """very really so much many far long more too had that no yes ha he ho hey oh yeah bye now never always way
    ever again there please well what why big old little blah knock hear come go on hush tap ding bang hi ah uh um
    er la na da lol wait look right okay ok ditto holy half round less etc extremely in""".split()
)
"""Words that people double on purpose or in ordinary grammar ("had had", "he did that that day")."""

_DOUBLED = FORCE - frozenset(
    "never always way ever again there please what why old little come right round less more now".split()
)
"""Those that people double. They say the others three times ("right right right") or, in 16 million words, have them
doubled 24 times, slips among them."""


def find_repetition(extraction: Extraction, repeating: Sequence[int]) -> Iterator[Evidence]:
    """Looping phrases and doubled words, in document order; `repeating` are the sentences that
    `repeating_sentences` gives for the document."""
    analysis, text = extraction.analysis, extraction.text
    loops, doubles = [], []
    for number in repeating:
        sentence = analysis.sentences[number]
        for first, last, size in _runs(sentence.words):
            start, end = sentence.starts[first], sentence.ends[last]
            slice_ = text[start:end]
            if last + 1 - first >= 3 * size or size > 1:
                if _is_loop(sentence.words[first : first + size], slice_, (last + 1 - first) // size):
                    loops.append(Evidence(start, end, slice_, "repetition", LOOP_WEIGHT, sentence.span))
            elif _is_double(sentence.words[first], slice_):
                doubles.append(Evidence(start, end, slice_, "repetition", DOUBLE_WEIGHT, sentence.span))
    if len(doubles) > 2 and 1000 * len(doubles) > MAX_DOUBLES_PER_1000 * int(analysis.is_word.sum()):
        doubles = []
    yield from loops
    yield from doubles


def repeating_sentences(group: Group) -> list[list[int]]:
    """For each document the numbers of the sentences in which `_runs` may find something: those with a stretch of up
    to `MAX_PHRASE` tokens that are, by their hashes, the same as the tokens right before them."""
    whole = group.whole
    hashes = np.fromiter(map(hash, whole.words), np.int64, len(whole.words))
    is_repeating = np.zeros(len(whole.sentences), np.bool_)
    for size in range(1, min(MAX_PHRASE, len(hashes) // 2) + 1):
        is_same = hashes[size:] == hashes[:-size]
        if np.count_nonzero(is_same) < size:
            continue
        same = np.concatenate(([0], np.cumsum(is_same)))
        places = np.flatnonzero(same[size:] - same[:-size] == size)
        is_repeating[whole.sentence[places]] = True
    return group.sentences.places(is_repeating)


def _runs(words: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """Maximal stretches in which a phrase repeats at once: (first token, last token, phrase length)."""
    position = 0
    while position < len(words) - 1:
        for size in range(1, min(MAX_PHRASE, (len(words) - position) // 2) + 1):
            if words[position] != words[position + size] or not words[position][0].isalpha():
                continue
            length = 0
            while (
                position + size + length < len(words)
                and words[position + length] == words[position + size + length]
            ):
                length += 1
            if length >= size:
                last = position + size + length - 1 - length % size
                yield position, last, size
                position = last
                break
        position += 1


def _is_loop(phrase: tuple[str, ...], slice_: str, times: int) -> bool:
    letters = [word for word in phrase if word[0].isalpha()]
    if all(word in FORCE or len(word) < 2 for word in letters):
        return False
    if any(mark in slice_ for mark in "“”\"!?\n'’"):
        return False
    return (
        times >= (4 if len(letters) < 2 else 3)
        or (len(letters) >= 3 and "," not in slice_)
        or (times == 3 and slice_.islower() and "," not in slice_)
    )


def _is_double(word: str, slice_: str) -> bool:
    return word not in _DOUBLED and len(word) > 1 and slice_.islower() and slice_ == f"{word} {word}"
