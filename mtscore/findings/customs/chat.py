"""Chat, text messages and Pidgin: writing in which strange spellings, other languages and doubled words are custom.

Nothing in a text message separates a translator's slip from the writer's habit, so words there count for nothing; what
remains are passages in other letters, traces of machines, and phrases that loop. Other chat shows by its small
letters: names and words are spelt as they like there, but doubled no more often than elsewhere.
"""

from __future__ import annotations

from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction

MIN_SENTENCES, MAX_SMALL_SHARE, MAX_CHAT_WORDS = 5, 0.15, 12
"""Chat: of at least so many sentences, more than this share begins with a small letter; the first sentences of
its lines have so many words on average at most."""

TEXTING = frozenset(
    """u ur urs lol lmao lmfao rofl haha hahaha hahahaha hehe hehehe heh hmm hmmm okie okies dunno wanna gonna gotta
    lemme kinda thx tks pls plz omg wtf btw imo idk ttyl gtg brb wb nvm kk oic cya hiya yea yup yep tmr tml tmrw tdy
    tomoro bday msg msgs msging cuz coz wat wid wif wen frm bt nt im dont thats whats gd gud nite tht thru abt aft ard
    smth wld shld cld hv hw ppl fren frens luv juz oso dun wan sia lah lor leh liao""".split()
)
"""Spellings and words of text messages, in lower case: hardly any edited or translated text has one of them, unless
with a capital letter as a name."""

PIDGIN = frozenset(
    """dey wey wetin dem una abeg pesin naija dis dat sey sabi wahala oga pikin pipo kain oda afta bifor becos dia
    kontri plenti gofment ogbonge""".split()
)
"""Words of Nigerian Pidgin that English has not."""

MIN_TEXTING, MIN_PIDGIN, MIN_KINDS = 8.0, 25.0, 4
"""Words of `TEXTING`, or of `PIDGIN`, per 1,000 words from which a document is one of text messages, or in Pidgin (and
does not only quote some), and how many different ones."""


def is_texting(extraction: Extraction) -> bool:
    """Whether the document has the spellings of text messages, or of Pidgin."""
    return _is_written_in(TEXTING, MIN_TEXTING, extraction) or _is_written_in(PIDGIN, MIN_PIDGIN, extraction)


def _is_written_in(vocabulary: frozenset[str], least: float, extraction: Extraction) -> bool:
    words = extraction.analysis.words
    if vocabulary.isdisjoint(words):
        return False
    found = [
        word for place, word in enumerate(words) if word in vocabulary and not _is_name(extraction, place)
    ]
    count = max(int(extraction.analysis.is_word.sum()), 1)
    return len(set(found)) >= MIN_KINDS and 1000 * len(found) >= least * count


def _is_name(extraction: Extraction, place: int) -> bool:
    """Whether a word of texting is rather a name, with a capital inside a sentence, or a letter of "u.s."."""
    analysis, text = extraction.analysis, extraction.text
    start, end = int(analysis.starts[place]), int(analysis.ends[place])
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha():
        return True
    opens = not place or analysis.sentence[place - 1] != analysis.sentence[place]
    return not opens and not text[start].islower()


def without_habits(found: list[Evidence]) -> list[Evidence]:
    """The findings of text messages that are none of their habits."""
    return [item for item in found if not _is_habit(item)]


def _is_habit(item: Evidence) -> bool:
    if item.kind in ("untranslated", "foreign_passage"):
        return item.text.isascii()
    return item.kind == "repetition" and len(set(item.text.lower().replace(",", " ").split())) < 2


def begins_small(extraction: Extraction) -> bool:
    """Whether many sentences begin with a small letter, as in chat: those within a line, or the lines themselves if
    they are short. (Long lines that do so have lost their first letter to a converter.)"""
    text = extraction.text
    sentences = [s for s in extraction.sentences if len(s.words) > 2]
    opens = [not text[max(s.starts[0] - 1, 0) : s.starts[0]].strip("\r\n") for s in sentences]
    within = [text[s.starts[0]] for s, is_first in zip(sentences, opens, strict=True) if not is_first]
    lines = [s for s, is_first in zip(sentences, opens, strict=True) if is_first]
    is_short = bool(lines) and sum(len(s.words) for s in lines) <= MAX_CHAT_WORDS * len(lines)
    return _are_small(within) or (is_short and _are_small([text[s.starts[0]] for s in lines]))


def _are_small(firsts: list[str]) -> bool:
    letters = [first for first in firsts if first.isalpha()]
    return len(letters) >= MIN_SENTENCES and sum(map(str.islower, letters)) > MAX_SMALL_SHARE * len(letters)
