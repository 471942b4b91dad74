"""Foreign stretches inside lines of text: sentence by sentence, then runs inside English sentences.

Each line is cut into sentences and each sentence judged on its own, since a judgement of the whole line hides
what is mixed into it. Offsets are into the line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from mtscore.languages.identification import (
    FOREIGN_ONLY,
    NON_LATIN,
    WORD,
    best_list,
    closed_class_language,
    count_words,
    find_words,
    has_other_script,
    is_speaking,
    language_of_script,
    script_language,
    sentence_language,
    word_weight,
    words_of,
)
from mtscore.languages.quotations import quotations

MIN_RUN_WORDS, MIN_RUN_HITS, MIN_RUN_LETTERS = 5, 3, 8
"""Words, and foreign closed-class words among them, that a foreign run inside an English sentence needs;
in another script, that many letters are enough."""

MIN_PASSAGE_WORDS = 6
"""A foreign passage in the Latin script has at least this many words."""

_SENTENCE = re.compile(r"(?:[^.!?…。！？।۔؟]|[.!?](?=\w)){1,2000}[.!?…。！？।۔؟]*[\"”’»›)\]]*\s*")
_LEAD = re.compile(r"[^:“„«\"「]*[:“„«\"「]\s*[“„«\"「]?")
_TAIL = re.compile(r"[”“»\"」][^”“»\"」]*$")
_OPENING = "“„«\"‘'»‹「『"


class LanguageSpan(NamedTuple):
    """A sentence of a line: offsets into the line, and its language, None when nothing decides."""

    start: int
    end: int
    language: str | None


def sentences_by_language(line: str, words: Sequence[str]) -> tuple[LanguageSpan, ...]:
    """The sentences of a line, whose `words_of` are `words`, with the language of each; undecided ones follow
    neighbours that agree."""
    if len(line) < 40:
        return (
            LanguageSpan(0, len(line), sentence_language(line, words) or _short_line_language(line, words)),
        )
    bounds = [found.span() for found in _SENTENCE.finditer(line)]
    if bounds == [(0, len(line))]:
        return (LanguageSpan(0, len(line), sentence_language(line, words)),)
    languages = [sentence_language(line[start:end]) for start, end in bounds]
    if None in languages:
        languages = _smooth(languages)
    return tuple(LanguageSpan(start, end, code) for (start, end), code in zip(bounds, languages, strict=True))


def main_language(line: str, sentences: Sequence[LanguageSpan]) -> str | None:
    """The language of most of the line's characters, undecided sentences left out."""
    sizes: dict[str, int] = {}
    for sentence in sentences:
        if sentence.language:
            sizes[sentence.language] = sizes.get(sentence.language, 0) + sentence.end - sentence.start
    return max(sizes, key=lambda code: sizes[code]) if sizes else None


def _smooth(languages: list[str | None]) -> list[str | None]:
    """An undecided sentence takes the language of its neighbours where they agree (the ends have one)."""
    left: list[str | None] = []
    for code in languages:
        left.append(code or (left[-1] if left else None))
    right: list[str | None] = []
    for code in reversed(languages):
        right.append(code or (right[-1] if right else None))
    right.reverse()
    pairs = zip(left, right, strict=True)
    return [
        before if before == after or not after else after if not before else None for before, after in pairs
    ]


def _short_line_language(line: str, words: Sequence[str]) -> str | None:
    """A short line is foreign when a foreign function word stands where no English one does."""
    foreign = [word for word in words if word in FOREIGN_ONLY]
    if not foreign or len(words) < 2:
        return None
    code, hits = best_list(words)
    return code if 3 * hits >= len(words) and any(map(str.islower, find_words(line))) else None


def may_hold_runs(line: str, words: Sequence[str]) -> bool:
    """Whether English sentences of a line, whose `words_of` are `words`, may hold foreign runs."""
    return has_other_script(line) or _counts(words)


def foreign_passages(
    line: str, sentences: Sequence[LanguageSpan], has_runs: bool
) -> list[tuple[int, int, str]]:
    """The foreign stretches of a line that are long enough to be sure of: whole sentences, and runs inside
    English ones (searched if `has_runs`, see `may_hold_runs`). (start, end, language) each, in order."""
    found: list[tuple[int, int, str]] = []
    for start, end, language in sentences:
        if language not in (None, "en"):
            low, high = _without_frame(line[start:end])
            found.append((start + low, start + high, str(language)))
        elif has_runs:
            found += [(start + low, start + high, code) for low, high, code in foreign_runs(line[start:end])]
    found += _foreign_quotations(line)
    if not found:
        return []
    return [each for each in _merge(line, found) if _is_passage(line[each[0] : each[1]])]


def _foreign_quotations(line: str) -> Iterator[tuple[int, int, str]]:
    """Quotations that are foreign when judged on their own: the English around them hides them."""
    for quote in quotations(line):
        start, end = quote[0] + 1, quote[1] - 1
        if line[quote[0]] != "(":
            language = sentence_language(line[start:end])
            if language not in (None, "en"):
                yield start, end, str(language)


def _without_frame(sentence: str) -> tuple[int, int]:
    """Bounds of a foreign sentence without the English words that introduce or close a quotation in it."""
    low, high = 0, len(sentence.rstrip())
    lead = _LEAD.match(sentence)
    if lead and closed_class_language(words_of(lead[0])) == "en":
        low = lead.end()
    tail = _TAIL.search(sentence, low)
    if tail and closed_class_language(words_of(tail[0])) == "en":
        high = tail.start()
    return low, high


def _is_passage(text: str) -> bool:
    """Single words of another script and short phrases are not."""
    if script_language(text):
        return sum(map(str.isalpha, text)) >= MIN_RUN_LETTERS
    return count_words(text) >= MIN_PASSAGE_WORDS


def foreign_runs(sentence: str) -> list[tuple[int, int, str]]:
    """Foreign stretches inside a sentence that is English as a whole: (start, end, language)."""
    runs = list(_other_script_runs(sentence)) if has_other_script(sentence) else []
    if not _counts(words_of(sentence)):
        return runs
    words = list(WORD.finditer(sentence))
    lower = [word[0].lower() for word in words]
    code, _ = best_list(lower)
    low, high = _best_run(lower, code)
    if high - low >= MIN_RUN_WORDS:
        runs.append((words[low].start(), words[high - 1].end(), code))
    return runs


def _counts(words: Sequence[str]) -> bool:
    """Whether enough foreign closed-class words are among `words` (lower case) for a run."""
    hits = [word for word in words if word in FOREIGN_ONLY]
    return len(hits) >= MIN_RUN_HITS and is_speaking(hits)


def _best_run(words: Sequence[str], code: str) -> tuple[int, int]:
    """The stretch of `words` richest in `code`'s closed-class words and free of English ones (Kadane's
    maximum subarray); empty without `MIN_RUN_HITS` more of the former."""
    best, bounds, total, start = 0.0, (0, 0), 0.0, 0
    for i, word in enumerate(words):
        total += word_weight(word, code)
        if total <= 0.0:
            total, start = 0.0, i + 1
        elif total > best:
            best, bounds = total, (start, i + 1)
    return bounds if best >= MIN_RUN_HITS - 0.5 else (0, 0)


def _other_script_runs(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Stretches of letters outside the Latin script, unbroken by Latin letters."""
    letters = [found.start() for found in NON_LATIN.finditer(sentence)]
    if len(letters) < MIN_RUN_LETTERS:
        return
    low = 0
    for i in range(1, len(letters) + 1):
        if i < len(letters) and not re.search(r"[A-Za-z]", sentence[letters[i - 1] : letters[i]]):
            continue
        if i - low >= MIN_RUN_LETTERS:
            start, end = letters[low], letters[i - 1] + 1
            found = "".join(sentence[k] for k in letters[low:i])
            yield start, end, language_of_script(found, sentence[start:end])
        low = i


def _merge(line: str, found: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Neighbouring stretches of one language as one."""
    merged: list[tuple[int, int, str]] = []
    for start, end, language in sorted(found):
        if merged and end <= merged[-1][1]:
            continue
        if merged and merged[-1][2] == language and not WORD.search(line, merged[-1][1], start):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), language)
        elif not merged or start >= merged[-1][1]:
            merged.append((start, end, language))
    return merged


def is_quoted(line: str, start: int, end: int, before: str, quotes: Sequence[tuple[int, int]]) -> bool:
    """Whether the text presents `line[start:end]` as another's words: in quotation marks or brackets, after
    a colon, or set off as a block. `quotes` are the `quotations` of the line, `before` is the line above."""
    lead = start
    while lead and line[lead - 1].isspace():
        lead -= 1
    if line[start] in _OPENING + ">(" or (lead and lead == start and line[lead - 1] in _OPENING + "("):
        return True
    if (lead and line[lead - 1] == ":") or (not lead and before.endswith(":")):
        return True
    if line[0] == ">" or (line[0] in "*_" and line[-1] in "*_"):
        return True
    low = bisect_right(quotes, start, key=itemgetter(1))
    high = bisect_left(quotes, end, low, key=itemgetter(0))
    return any(min(end, last) - max(start, first) >= 0.8 * (end - start) for first, last in quotes[low:high])
