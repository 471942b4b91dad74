"""Which language a sentence is in, cheapest evidence first.

The script decides most foreign lines, closed-class words nearly all the rest; langdetect, a hundred times
as slow, is asked only about a sentence of ordinary length that shows neither English nor foreign function
words, which English hardly ever does. A name, a score line, a title without a function word is undecided
(None) rather than Afrikaans: its neighbours decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from mtscore.languages import closed_class

if TYPE_CHECKING:
    from mtscore.languages.detector import Factory

MIN_WORDS = 4
"""Shorter sentences in the Latin script are undecided."""

MIN_GUESS_WORDS, MIN_GUESS_LETTERS, MIN_GUESS_PROBABILITY = 6, 30, 0.95
"""Lower-case words and letters that langdetect needs to be asked, and how sure it must be to be heard."""

WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u093c-\u094f\u0900-\u0903\u064b-\u0652]+[^\W\d_]*)*")
_ASCII_WORD = re.compile("[A-Za-z]+")  # the same in ASCII text, and faster
NON_LATIN = re.compile(
    r"(?![A-Za-z\u00aa\u00ba\u00b5\u00c0-\u024f\u0250-\u02ff\u1d00-\u1eff\uff21-\uff5a])[^\W\d_]"
)
_BEYOND_LATIN = re.compile(
    "[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufefc\uff66-\uffdc\U00010000-\U0003ffff]"
)
_CJK = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)

ENGLISH = frozenset((closed_class.ENGLISH_CLOSED + closed_class.ENGLISH_FREQUENT).split())
_CLOSED = frozenset(closed_class.ENGLISH_CLOSED.split())
_PIDGIN = frozenset(closed_class.PIDGIN_MARKERS.split())
_LISTS = {code: frozenset(words.split()) for code, words in closed_class.LATIN.items()}
_ALSO_ENGLISH = frozenset(closed_class.ALSO_ENGLISH.split()) | frozenset(closed_class.PIDGIN.split())
FOREIGN_ONLY = frozenset(w for words in _LISTS.values() for w in words) - ENGLISH - _ALSO_ENGLISH
_PARTICLES = frozenset(
    "de la le les el los las del della di da do dos das du des der von van zu y e et".split()
)
_CYRILLIC = {code: frozenset(words.split()) for code, words in closed_class.CYRILLIC.items()}
_SCRIPTS = {
    "CYRILLIC": "ru", "ARABIC": "ar", "GREEK": "el", "HEBREW": "he", "HANGUL": "ko", "HIRAGANA": "ja",
    "KATAKANA": "ja", "CJK": "zh", "THAI": "th", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "ETHIOPIC": "am", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "SINHALA": "si",
}  # fmt: skip


def find_words(text: str) -> list[str]:
    """The runs of letters in `text`."""
    return (_ASCII_WORD if text.isascii() else WORD).findall(text)


def words_of(text: str) -> list[str]:
    """The runs of letters in `text`, lower case."""
    return find_words(text.lower())


def has_other_script(text: str) -> bool:
    """Whether `text` may hold letters outside the Latin script (quick; a few signs and emoji pass too)."""
    return not text.isascii() and _BEYOND_LATIN.search(text) is not None


def count_words(text: str, words: Sequence[str] | None = None) -> int:
    """Words in `text`; in scripts that put no space between words, two letters count as one. `words` are its
    `words_of`, where they are known."""
    if not has_other_script(text):
        return len(find_words(text) if words is None else words)
    unspaced = len(_CJK.findall(text))
    return len(WORD.findall(_CJK.sub(" ", text))) + (unspaced + 1) // 2


def script_language(text: str) -> str | None:
    """The language that the script of `text` gives away; None when at most half of its letters are outside
    the Latin script."""
    if not has_other_script(text):
        return None
    others = NON_LATIN.findall(text)
    if len(others) < 2 or 2 * len(others) <= sum(map(str.isalpha, text)):
        return None
    return language_of_script("".join(others), text)


def language_of_script(letters: str, text: str) -> str:
    """The language of `text`, whose letters outside the Latin script are `letters` (at least one); "und"
    for a script we do not know."""
    tally: dict[str, int] = {}
    for letter in letters[:400]:
        name = unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
        tally[name] = tally.get(name, 0) + 1
    if (tally.get("HIRAGANA", 0) + tally.get("KATAKANA", 0)) * 10 > sum(tally.values()):
        return "ja"
    script = max(tally, key=lambda name: tally[name])
    for code, marks in closed_class.LETTERS.get(script.capitalize(), ()):
        if any(mark in letters for mark in marks):
            return code
    if script == "CYRILLIC":
        words = words_of(text)
        return max(_CYRILLIC, key=lambda code: sum(map(_CYRILLIC[code].__contains__, words)))
    return _SCRIPTS.get(script, "und")


def closed_class_language(words: Sequence[str]) -> str | None:
    """The language whose closed-class words dominate `words` (lower case), "en" included; None when too
    few words are of any."""
    english = sum(map(ENGLISH.__contains__, words))
    foreign = [word for word in words if word in FOREIGN_ONLY]
    if any(word not in _PARTICLES for word in foreign) and _PIDGIN.isdisjoint(words):
        code, hits = best_list(words)
        if is_speaking(foreign):
            if hits > english and 5 * hits >= len(words):
                return code
        elif hits >= 4 and hits >= 2 * english and 4 * hits >= len(words):
            return code
    return "en" if 10 * english >= len(words) and english > len(foreign) else None


def is_speaking(foreign: Sequence[str]) -> bool:
    """Whether words of `FOREIGN_ONLY` are more than one repeated, or the "de la" of a name."""
    return len(set(foreign)) >= 2 and any(word not in _PARTICLES for word in foreign)


def best_list(words: Sequence[str]) -> tuple[str, int]:
    """The language other than English with most closed-class words among `words`, and how many."""
    best, most = "und", 0
    for code, known in _LISTS.items():
        hits = sum(map(known.__contains__, words))
        if hits > most:
            best, most = code, hits
    return best, most


def word_weight(word: str, code: str) -> float:
    """How `word` speaks for `code` against English: 1 when it is among `code`'s closed-class words and not
    among English ones, -1 for the reverse, else 0 (a word of both, or of neither)."""
    return float((word in _LISTS.get(code, ())) - (word in ENGLISH))


def sentence_language(text: str, words: Sequence[str] | None = None) -> str | None:
    """ISO 639-1 code of the language of one sentence or line, None when nothing decides. `words` are its `words_of`,
    where they are known."""
    script = script_language(text)
    if script:
        return script
    if words is None:
        words = words_of(text)
    if len(set(words)) < MIN_WORDS:  # one word over and over is a translator's loop, in no language
        return None
    found = closed_class_language(words)
    if found is None or (found == "en" and not text.isascii() and _is_accented(text, words)):
        return _guess_from_plain_words(text, words) or found
    return found


def _is_accented(text: str, words: Sequence[str]) -> bool:
    """Two lower-case words with letters that English lacks, among few English words."""
    return (
        3 * sum(map(ENGLISH.__contains__, words)) <= len(words)
        and sum(not word.isascii() and word.islower() for word in find_words(text)) >= 2
    )


def _guess_from_plain_words(text: str, words: Sequence[str]) -> str | None:
    """Ask langdetect, unless English function words speak against it or too little is left without names:
    only lower-case words count, and go to it, unless accents or foreign words vouch for the others."""
    raw = find_words(text)
    plain = [word for word in raw if word.islower()]
    signs = sum(not word.isascii() or word in FOREIGN_ONLY for word in plain)
    if signs < 2 and sum(map(_CLOSED.__contains__, words)) * 12 > len(words):
        return None
    distinct = len(set(plain))
    if signs >= 2 and distinct >= MIN_WORDS:
        return guess(" ".join(raw[:60]))
    if distinct < MIN_GUESS_WORDS or sum(map(len, plain)) < MIN_GUESS_LETTERS:
        return None
    return guess(" ".join(plain[:60]))


@lru_cache(maxsize=1 << 12)
def guess(text: str) -> str | None:
    """langdetect's answer for `text` where it is sure of it, else None. The same in every process: its
    random numbers start from a seed at each call, and its detector is ours alone."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.append(text)
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:
        return None
    # Accented text may waver between sister languages: that English is ruled out is then enough.
    sure = ranked[: 1 if text.isascii() else 2]
    if any(each.lang == "en" for each in sure[1:]) or sum(each.prob for each in sure) < MIN_GUESS_PROBABILITY:
        return None
    return str(ranked[0].lang).partition("-")[0]


@lru_cache(maxsize=1)
def _factory() -> Factory:
    from mtscore.languages.detector import Factory

    return Factory()


def language_probabilities(text: str, trials: int) -> dict[str, float]:
    """langdetect's opinion of `text`, the mean of some trials: languages (ISO 639-1) and their probabilities, empty
    where it has none. The same in every process, as in `guess`."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.n_trial = trials
    detector.append(text)
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:
        return {}
    out: dict[str, float] = {}
    for each in ranked:
        code = str(each.lang).partition("-")[0]
        out[code] = out.get(code, 0.0) + float(each.prob)
    return out
