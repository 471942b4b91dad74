"""Forms of English words: which word a form belongs to, and another word in the same form.

Rules and a short list of irregular verbs and nouns: enough to put a word into the place of another ("hired", of hire,
to "ceased", of cease). What comes out may be no word; whoever asks looks it up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal, NamedTuple

Ending = Literal["", "s", "ed", "ing", "er", "est", "ly"]

_VERBS = """
be was were been|beat beat beaten|become became become|begin began begun|bend bent bent|bet bet bet|bite bit bitten
bleed bled bled|blow blew blown|break broke broken|bring brought brought|build built built|burn burnt burnt
burst burst burst|buy bought bought|catch caught caught|choose chose chosen|come came come|cost cost cost
cut cut cut|deal dealt dealt|dig dug dug|do did done|draw drew drawn|drink drank drunk|drive drove driven
eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|fly flew flown
forbid forbade forbidden|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got got
give gave given|go went gone|grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden
hit hit hit|hold held held|hurt hurt hurt|keep kept kept|know knew known|lay laid laid|lead led led|lean leant leant
leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant
meet met met|pay paid paid|put put put|quit quit quit|read read read|ride rode ridden|ring rang rung|rise rose risen
run ran run|say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set
shake shook shaken|shed shed shed|shine shone shone|shoot shot shot|show showed shown|shrink shrank shrunk
shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid|speak spoke spoken
spend spent spent|spin spun spun|split split split|spread spread spread|spring sprang sprung|stand stood stood
steal stole stolen|stick stuck stuck|sting stung stung|strike struck struck|swear swore sworn|sweep swept swept
swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn|tell told told
think thought thought|throw threw thrown|understand understood understood|undergo underwent undergone
wake woke woken|wear wore worn|weave wove woven|win won won|withdraw withdrew withdrawn|write wrote written
"""
_NOUNS = (
    "man men|woman women|child children|foot feet|tooth teeth|mouse mice|goose geese|person people|life lives"
)


class Form(NamedTuple):
    """A word and the ending that makes a form of it."""

    word: str
    ending: Ending


def _irregular() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    verbs = [entry.split() for entry in _VERBS.replace("\n", "|").split("|") if entry.strip()]
    nouns = dict(entry.split() for entry in _NOUNS.split("|"))
    return {verb: tuple(dict.fromkeys(past)) for verb, *past in verbs}, nouns


_PAST, _PLURAL = _irregular()
_BASES: dict[str, list[Form]] = defaultdict(list)
for _verb, _forms in _PAST.items():
    for _form in _forms:
        _BASES[_form].append(Form(_verb, "ed"))
for _noun, _plural in _PLURAL.items():
    _BASES[_plural].append(Form(_noun, "s"))

_VOWELS = frozenset("aeiou")


def forms_behind(word: str) -> Iterator[Form]:
    """What a lower-case word may be a form of, itself first. Not every base is a word."""
    yield Form(word, "")
    yield from _BASES.get(word, ())
    endings: tuple[Ending, ...] = ("s", "ed", "ing", "er", "est", "ly")
    for ending in endings:
        if word.endswith(ending) and not word.endswith("ss"):
            yield from (Form(base, ending) for base in _bases(word, ending))


def _bases(word: str, ending: Ending) -> Iterator[str]:
    stem = word[: -len(ending)]
    if len(stem) < 2 or not _VOWELS & set(f"{stem}".replace("y", "a")):
        return
    if ending == "s":
        yield stem
        if word.endswith("ies"):
            yield word[:-3] + "y"
        elif word.endswith("es"):
            yield word[:-2]
        if word.endswith("ves"):
            yield word[:-3] + "f"
        return
    yield stem
    if ending != "ly":
        yield stem + "e"
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
            yield stem[:-1]
    if stem.endswith("i"):
        yield stem[:-1] + "y"


def inflected(word: str, ending: Ending) -> tuple[str, ...]:
    """The form of a word, or its forms where there are several: of a verb the past and the participle."""
    if not ending:
        return (word,)
    if ending == "ed" and word in _PAST:
        return _PAST[word]
    if ending == "s" and word in _PLURAL:
        return (_PLURAL[word],)
    return (_regular(word, ending),)


def _regular(word: str, ending: Ending) -> str:
    last = word[-1:]
    if ending == "ly":
        return word[:-1] + "ily" if last == "y" else word[:-1] + "y" if word.endswith("le") else word + "ly"
    if last == "y" and word[-2:-1] not in _VOWELS and ending != "ing":
        return word[:-1] + ("ies" if ending == "s" else f"i{ending}")
    if ending == "s":
        return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if last == "e" and not (ending == "ing" and word.endswith(("ee", "oe", "ye"))):
        return word[:-1] + ending
    return (word + last if _doubles(word) else word) + ending


def _doubles(word: str) -> bool:
    """Whether the last letter is written twice before a vowel: in words of one short syllable, like "stop"."""
    before = word[:-2]
    return (
        len(word) > 2
        and word[-1] not in "aeiouwxy"
        and word[-2] in _VOWELS
        and not (_VOWELS & set(before) and before[-2:] != "qu")
    )
