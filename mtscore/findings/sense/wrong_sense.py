"""Wrong senses: right words in wrong places, and what was meant.

A place is shown as `wrong_sense` where an alternative fits better, as `grammar` where that is another form of the same
word and the text is a garbled translation anyway, and as `odd_wording` where the reader is sure and no word is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mtscore.findings.sense.alternatives import PRONOUNS, Alternative, alternatives
from mtscore.findings.sense.broken_order import find_broken_order
from mtscore.findings.sense.places import Place, find_places, garbled_odds
from mtscore.findings.sense.relief import Relief
from mtscore.findings.source_language import source_languages
from mtscore.reading.reading import Reading, Reads
from mtscore.records import Evidence, EvidenceKind, Pivot
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

MOST_PLACES = 80
"""So many places of a document are looked at, the most suspicious ones."""

MOST_SHARE = 0.12
"""This share of a document's words is shown at most, the most suspicious ones: garbled text of the worst engines has
0.11 such words, and a reader who is told that every third one is wrong learns nothing."""

SHOWN = 3
"""Intended words that are named."""

GOOD = 0.5
"""The score from which an alternative is a good one. Of the wrong words whose best alternative has less than 1,
16 % have the right one among three; from 1 to 4 it is 34 %, from 4 on 55 %, from 6 on 82 %."""

BY_SCORE, SCORES = 0.15, (0.0, 8.0)
"""What a nat of the best alternative's score counts for its place, and between which bounds."""

BY_RELIEF, MOST_RELIEF, REREAD = 0.9, 2.0, 2
"""What a nat of relief counts for its place, up to how many, and how many alternatives of a place are read."""

FROM: Mapping[EvidenceKind, float] = {
    "wrong_sense": 0.25, "grammar": 0.5, "pronoun": 0.5, "odd_wording": 1.0
}  # fmt: skip
"""Suspicion from which a place is shown."""

WEIGHTS: Mapping[EvidenceKind, tuple[float, float]] = {
    "wrong_sense": (3.0, 4.0), "grammar": (2.0, 3.0), "pronoun": (2.0, 3.0), "odd_wording": (2.0, 3.0)
}  # fmt: skip
"""Nats of a finding at the suspicion from which it is shown, and the most it has: a nat more for each unit. Measured
were 4.2 to 7.2; much of that is what the reader thinks of the whole text, which counts already."""

PROBABLE = 0.3
"""Probability of a source language from which its words explain an alternative."""

CLEAN_DOUBT = 1.0
"""So much more suspicion is needed in an article that is called clean: a learner's mistakes are no translator's."""

SMALL: tuple[EvidenceKind, ...] = ("grammar", "pronoun")
"""Kinds that blame forms and function words."""

GRAMMAR_FROM = 0.0
"""The reader's log-odds of *garbled* from which forms and function words are blamed: learners get them wrong, too."""


@dataclass(frozen=True, slots=True)
class _Blamed:
    """A place, the kind of finding, what may be meant, and log-odds that it is wrong."""

    place: Place
    kind: EvidenceKind
    meant: tuple[Alternative, ...]
    suspicion: float


def find_closely(
    extraction: Extraction,
    reading: Reading,
    resources: Resources,
    found: Iterable[Evidence],
    reader: Reads | None = None,
    *,
    is_clean: bool = False,
) -> list[Evidence]:
    """The findings of the close reading; `found` are those of the quick one. `reader` reads doubtful sentences anew,
    with other words. In an article that `is_clean` by its label a place must look worse to be shown."""
    places = list(find_places(extraction, reading, resources))
    worst = sorted(places, key=lambda place: -place.suspicion)[:MOST_PLACES]
    whole = garbled_odds(reading)
    likely = dict(source_languages(found, extraction, resources))
    blamed = [_blamed(place, extraction, resources, likely) for place in worst]
    if reader is not None:
        blamed = _relieved(blamed, Relief(reader, extraction))
    doubt = CLEAN_DOUBT if is_clean else 0.0
    shown = [
        each
        for each in blamed
        if each.suspicion >= FROM[each.kind] + doubt and (each.kind not in SMALL or whole >= GRAMMAR_FROM)
    ]
    most = round(MOST_SHARE * int(extraction.analysis.is_word.sum()))
    shown = sorted(shown, key=lambda each: FROM[each.kind] - each.suspicion)[:most]
    homonyms = _homonyms(each for each in shown if each.kind == "wrong_sense")
    words = [_evidence(each, extraction, explanation(each.meant, likely, homonyms)) for each in shown]
    return [*words, *(find_broken_order(extraction, places, resources) if whole >= GRAMMAR_FROM else ())]


def _blamed(
    place: Place, extraction: Extraction, resources: Resources, likely: Mapping[str, float]
) -> _Blamed:
    first, last = place.sentence
    words = extraction.analysis.words[first:last]
    proposed = alternatives(words, place.token - first, resources, likely)
    suspicion = place.suspicion + BY_SCORE * _score(proposed)
    good = [each for each in proposed if each.score >= GOOD]
    word = words[place.token - first]
    small: EvidenceKind = "pronoun" if word in PRONOUNS else "grammar"
    is_function = word in PRONOUNS or resources.lexicon.is_function(word)
    if good and (good[0].is_form or is_function):
        return _Blamed(place, small, tuple(good[:1]), suspicion)
    good = [each for each in good if not each.is_form][:SHOWN]
    if good:
        return _Blamed(place, "wrong_sense", tuple(good), suspicion)
    return _Blamed(place, small if is_function else "odd_wording", (), suspicion)


def _score(proposed: Sequence[Alternative]) -> float:
    least, most = SCORES
    return max(least, min(most, proposed[0].score)) if proposed else least


def _relieved(blamed: Sequence[_Blamed], relief: Relief) -> list[_Blamed]:
    """The places with what the reader says to their alternatives, the most doubtful ones first, as far as the
    allowance goes."""
    doubtful = sorted(blamed, key=lambda each: abs(each.suspicion - FROM[each.kind]))
    return [
        _reread(each, relief)
        if each.kind == "wrong_sense" and each.suspicion >= FROM[each.kind] - BY_RELIEF * MOST_RELIEF
        else each
        for each in doubtful
    ]


def _reread(blamed: _Blamed, relief: Relief) -> _Blamed:
    """A place after its first alternatives were read: they come in the order in which the reader likes them."""
    place, read = blamed.place, blamed.meant[:REREAD]
    reliefs = [(relief.of(place.token, place.sentence, other.word), other) for other in read]
    known = [(gain, other) for gain, other in reliefs if gain is not None]
    if len(known) < len(read):
        return blamed
    ordered = sorted(known, key=lambda pair: -pair[0] - pair[1].score)
    gained = BY_RELIEF * max(-MOST_RELIEF, min(MOST_RELIEF, ordered[0][0]))
    meant = (*(other for _, other in ordered), *blamed.meant[REREAD:])
    return replace(blamed, meant=meant, suspicion=blamed.suspicion + gained)


def _homonyms(blamed: Iterable[_Blamed]) -> Mapping[str, int]:
    """How many of the words that are shown are other meanings of the listed homonyms of each language.

    That chooses between explanations and is no evidence of the source language. The dictionaries cannot even choose:
    half of them have a word for any two that share one. In translations from 20 languages the one with the most such
    words was right twice among 80, however the dictionaries were weighed.
    """
    listed = ({pivot.language for pivot in each.meant[0].homonyms} for each in blamed if each.meant)
    return Counter(language for languages in listed for language in languages)


def explanation(
    meant: Sequence[Alternative], likely: Mapping[str, float], homonyms: Mapping[str, int]
) -> Pivot | None:
    """The foreign word that explains the best alternative, if one does: of a probable source language, or a listed
    homonym."""
    if not meant:
        return None
    pivots = [pivot for pivot in meant[0].pivots if likely.get(pivot.language, 0.0) >= PROBABLE]
    if pivots:
        return max(pivots, key=lambda pivot: likely[pivot.language])
    return max(meant[0].homonyms, key=lambda pivot: homonyms.get(pivot.language, 0), default=None)


def _evidence(blamed: _Blamed, extraction: Extraction, pivot: Pivot | None) -> Evidence:
    analysis, token = extraction.analysis, blamed.place.token
    start, end = int(analysis.starts[token]), int(analysis.ends[token])
    return Evidence(
        start=start,
        end=end,
        text=extraction.text[start:end],
        kind=blamed.kind,
        weight=_weight(blamed),
        sentence=extraction.sentences[int(analysis.sentence[token])].span,
        intended=tuple(each.word for each in blamed.meant),
        pivot=pivot,
    )


def _weight(blamed: _Blamed) -> float:
    least, most = WEIGHTS[blamed.kind]
    return min(most, least + blamed.suspicion - FROM[blamed.kind])
