"""One copy of a story beside others: the words that it alone has, where the others have one that fits better.

Sentences that say the same are aligned, and in each pair the words between those that agree are compared. A copy
loses such a place when the neighbours, in its own sentence and in the sibling's, prefer the sibling's word, or
when its own is no word at all. Good articles lose places to each other all the time, because an editor's words
are not always the likeliest; so a place is evidence only for a copy that is suspicious already, in one of two ways.
It stands apart: its siblings have far more words in common with each other than with it. Or it looks more garbled
by itself than a sibling and loses more places to it than it wins.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

from mtscore.findings.names import is_corruption
from mtscore.records import Evidence
from mtscore.siblings.alignment import Copy, aligned, share_of_words, stem_of
from mtscore.signals.analysis import support_of
from mtscore.words.resources import Resources

MAX_GAP = 8
"""Tokens between two that agree, at most, for the words there to be compared."""

MIN_GAIN = 0.3
"""log10 units by which the neighbours must prefer the sibling's word, in either sentence."""

REPRINT = 0.95
"""Share of words in common from which two siblings are reprints of one text, which speak with one voice."""

ISOLATION_WEIGHT, LEAD_WEIGHT, APART_OFFSET, MAX_APART = 13.0, 0.5, 3.0, 3.0
"""What a copy that stands apart adds to its log-odds: weight of its isolation, weight of its lead (by how much it
looks more garbled by itself than its siblings do on average, log-odds), less an offset, between 0 and the last.
The weights are those of logistic regressions on either half of the training triples, of such triples with one more
fluent translation, of human text beside two fluent translations and of three levels of difficulty (11.7 to 14.4
and .42 to .56), with classifiers that had not seen these texts. The offset keeps human text that stands beside two
fluent translations of itself from being called garbled: 0.8 percent more of it are."""

MIN_APART_LOSSES, MIN_LEAD_APART, MIN_DOUBT = 2, -1.5, -2.8
"""A copy only stands apart when it loses so many places, looks by itself at most so much less garbled (log-odds)
than its siblings on average, and is not beyond doubt (log-odds above the `garbled` threshold)."""

MIN_LOSSES, LOSS_RATIO, LOSS_MARGIN, MIN_LEAD, MAX_ARREARS = 4, 1.25, 1.0, 1.0, 0.5
"""A copy is contradicted by siblings that look less garbled by so much (log-odds) when it loses at least so many
places to them, and so many times as many as one of them loses to it plus so many. The garbled copy of a batch
looks worst, or nearly: at most so much (log-odds) better than the worst."""

MIN_OWN = -0.6
"""Log-odds above the `garbled` threshold from which one sibling alone can contradict a copy: beside the original,
even a fluent translation loses more places than it wins."""

NAME_LETTERS = 5
"""Letters of a name that is compared."""

COMPANY = 3
"""Tokens before and behind a name that are its company."""

RARE = -3.5
"""log10 relative frequency below which a word beside a name tells whose name it is."""

WORD_WEIGHT, SURE_WEIGHT = 2.5, 3.5
"""Nats: a word that one sibling has otherwise; one that is no word, a name, or that several siblings contradict."""

LOG_ODDS_PER_NAT = 0.25
"""What a nat of sibling findings adds to the log-odds. Fitted on half of the training triples (a garbled chunk, its
human text, a fluent translation) and on articles beside simplified versions, both classes weighted equally, with
a classifier that has not seen them: 0.23, and 0.27 with its own log-odds calibrated anew in the same fit."""


Shares: TypeAlias = dict[tuple[int, int], float]
"""See `_shares`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What siblings say of a copy: the words that they contradict, in document order; by how much more words they
    have in common with each other than with it (-1 to 1; 0 with fewer than two, and for a copy beyond doubt); and
    what that adds to its log-odds (0 without findings)."""

    evidence: tuple[Evidence, ...]
    isolation: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A place that a copy loses: its sentence and token, the word that fits better, the sibling that has it, how
    many siblings do, by how much it fits better (log10 units), and whether the copy's own is no word or a name."""

    sentence: int
    place: int
    intended: str
    sibling: int
    agreeing: int
    gain: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Rival:
    """A word that a sibling has in a place."""

    word: str
    sibling: int
    sentence: int
    place: int


def compared(own: Copy, siblings: Iterable[Copy], resources: Resources) -> Comparison:
    """What the siblings of `own` say of it. The words that they contradict are findings only if it loses several,
    and only with findings does its score rise."""
    others = list(siblings)
    if own.log_odds < MIN_DOUBT:
        return Comparison((), 0.0, 0.0)
    shares = _shares([own, *others])
    evidence = _findings(own, *_lost_to_better(own, others, _odd(others, shares), resources))
    log_odds = LOG_ODDS_PER_NAT * sibling_strength(evidence)
    isolations = _isolations(shares, len(others) + 1)
    isolation = isolations[0] if isolations else 0.0
    apart = _log_odds_apart(own, others, isolation) if isolations and isolation == max(isolations) else 0.0
    if apart > 0.0 and len(lost := losses(own, others, resources)) >= MIN_APART_LOSSES:
        evidence, log_odds = _findings(own, others, lost), max(log_odds, apart)
    return Comparison(tuple(evidence), isolation, log_odds)


def _shares(copies: Sequence[Copy]) -> Shares:
    """The words that every two of the copies have in common, by their numbers in ascending order."""
    return {(i, j): share_of_words(copies[i], copies[j]) for i, j in combinations(range(len(copies)), 2)}


def _odd(others: Sequence[Copy], shares: Shares) -> set[int]:
    """The siblings (numbers into `others`) that cannot contradict the copy one by one: each stands apart from the
    copy and a third, which is not called garbled itself and has most in common with the copy."""

    def is_odd(number: int) -> bool:
        return any(
            third != number
            and copy.log_odds < 0.0
            and shares[0, third] > max(shares[0, number], shares[min(number, third), max(number, third)])
            for third, copy in enumerate(others, 1)
        )

    return {number - 1 for number in range(1, len(others) + 1) if is_odd(number)}


def _isolations(shares: Shares, count: int) -> list[float]:
    """For the copy (number 0) and its siblings: by how much more words the rest have in common with each other than
    with it (-1 to 1). Of reprints the first counts; empty unless two siblings are left."""
    kept = [0]
    for number in range(1, count):
        if all(shares[other, number] < REPRINT for other in kept):
            kept.append(number)
    if len(kept) < 3:
        return []

    def isolation(number: int) -> float:
        mine = [shares[pair] for pair in combinations(kept, 2) if number in pair]
        rest = [shares[pair] for pair in combinations(kept, 2) if number not in pair]
        return sum(rest) / len(rest) - sum(mine) / len(mine)

    return [isolation(number) for number in kept]


def _log_odds_apart(own: Copy, others: Sequence[Copy], isolation: float) -> float:
    """What the isolation of the copy that stands most apart adds to its log-odds, if it loses places, too."""
    lead = own.log_odds - sum(copy.log_odds for copy in others) / len(others)
    if own.log_odds < MIN_DOUBT or lead < MIN_LEAD_APART:
        return 0.0
    return min(max(ISOLATION_WEIGHT * isolation + LEAD_WEIGHT * lead - APART_OFFSET, 0.0), MAX_APART)


def _lost_to_better(
    own: Copy, others: Sequence[Copy], odd: Container[int], resources: Resources
) -> tuple[list[Copy], list[Loss]]:
    """The siblings that look better by themselves, and the places lost to them, if those lost to the ones that are
    not odd are more than chance."""
    better = {n: copy for n, copy in enumerate(others) if own.log_odds - copy.log_odds >= MIN_LEAD}
    convicting = [copy for number, copy in better.items() if number not in odd]
    least = max([MIN_OWN, *(copy.log_odds - MAX_ARREARS for copy in others)])
    if not convicting or own.log_odds < least:
        return [], []
    lost = losses(own, convicting, resources)
    if len(lost) < MIN_LOSSES:
        return [], []
    won = max(len(losses(copy, [own], resources)) for copy in convicting)
    if len(lost) < LOSS_RATIO * won + LOSS_MARGIN:
        return [], []
    return [*better.values()], losses(own, [*better.values()], resources)


def sibling_strength(found: Iterable[Evidence]) -> float:
    """How much sibling findings say together, in nats: the strongest in full and n of them 1 + ln(n) times as
    much, because a bad translator errs often. 0 without any."""
    weights = [evidence.weight for evidence in found]
    return max(weights) * (1.0 + math.log(len(weights))) if weights else 0.0


def losses(own: Copy, siblings: Sequence[Copy], resources: Resources) -> list[Loss]:
    """The places that a copy loses to its siblings, in document order."""
    rivals: dict[tuple[int, int], list[_Rival]] = defaultdict(list)
    for number, other in enumerate(siblings):
        for mine, theirs in aligned(own, other):
            for i, j in _different(own, other, mine, theirs, siblings):
                rivals[mine, i].append(_Rival(other.sentences[theirs].words[j], number, theirs, j))
    found = {place: _judged(own, siblings, place, rivals[place], resources) for place in rivals}
    return [loss for _, loss in sorted(found.items()) if loss is not None]


# Words that differ


def _different(
    own: Copy, other: Copy, mine: int, theirs: int, siblings: Sequence[Copy]
) -> Iterator[tuple[int, int]]:
    """Places of content words that stand for each other in two aligned sentences: one that no sibling has
    anywhere, and one that the own sentence lacks. Between words that agree, words stand for each other that come
    at the same point (the first of two for the first of two), and names for any name."""
    words, rivals = own.sentences[mine].words, other.sentences[theirs].words
    stems, their_stems = own.stems[mine], other.stems[theirs]
    for first, last, their_first, their_last in _gaps(stems, their_stems):
        if max(last - first, their_last - their_first) > MAX_GAP:
            continue
        here = [i for i in range(first, last) if not own.lexicon.is_function(words[i])]
        there = [j for j in range(their_first, their_last) if not other.lexicon.is_function(rivals[j])]
        for (i, at), (j, their_at) in product(_parts(here), _parts(there)):
            are_names = own.is_capital(mine, i) and other.is_capital(theirs, j)
            if not are_names and (at[1] <= their_at[0] or their_at[1] <= at[0]):
                continue
            if not any(stems[i] in copy.known for copy in siblings) and their_stems[j] not in stems:
                yield i, j


def _parts(places: Sequence[int]) -> list[tuple[int, tuple[Fraction, Fraction]]]:
    """Each of some places with the part of 0 to 1 that it takes up when all are drawn equally long."""
    count = len(places)
    return [(place, (Fraction(n, count), Fraction(n + 1, count))) for n, place in enumerate(places)]


def _gaps(own: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches between the tokens that agree, as (start, end) in the one and in the other."""
    from rapidfuzz.distance import Indel

    start = their_start = 0
    for block in Indel.opcodes(own, other):
        if block.tag == "equal":
            if start < block.src_start and their_start < block.dest_start:
                yield start, block.src_start, their_start, block.dest_start
            start, their_start = block.src_end, block.dest_end
    if start < len(own) and their_start < len(other):
        yield start, len(own), their_start, len(other)


def _judged(
    own: Copy, siblings: Sequence[Copy], spot: tuple[int, int], rivals: Sequence[_Rival], resources: Resources
) -> Loss | None:
    """The loss of a place to the rival that most siblings have and that fits best; None if none fits better."""
    sentence, place = spot
    words = own.sentences[sentence].words
    is_word = words[place] in own.lexicon
    if not is_word and _is_misprint(own, sentence, place):
        return None
    agreeing: dict[str, set[int]] = defaultdict(set)
    for rival in rivals:
        agreeing[stem_of(rival.word)].add(rival.sibling)
    found = [
        Loss(
            sentence,
            place,
            _written(rival, siblings),
            rival.sibling,
            len(agreeing[stem_of(rival.word)]),
            gain,
            not is_word,
        )
        for rival in rivals
        if rival.word in own.lexicon
        and (gain := _gain(words, place, siblings[rival.sibling], rival, resources)) is not None
        and (gain > MIN_GAIN or not is_word)
    ]
    return max(found, key=lambda loss: (loss.agreeing, loss.gain, loss.intended), default=None)


def _written(rival: _Rival, siblings: Sequence[Copy]) -> str:
    return siblings[rival.sibling].written(rival.sentence, rival.place)


def _gain(words: Sequence[str], place: int, other: Copy, rival: _Rival, resources: Resources) -> float | None:
    """By how much the neighbours prefer the rival's word, in the sentence where they prefer it less."""
    theirs = other.sentences[rival.sentence].words
    here = support_of(words, place, rival.word, resources) - support_of(words, place, words[place], resources)
    there = support_of(theirs, rival.place, rival.word, resources) - support_of(
        theirs, rival.place, words[place], resources
    )
    return min(here, there)


def _is_misprint(own: Copy, sentence: int, place: int) -> bool:
    """Whether a strange word is one only by its letters: ligatures of print."""
    raw = own.written(sentence, place)
    return unicodedata.normalize("NFKC", raw) != raw


# Names


def _misspelt_names(own: Copy, siblings: Sequence[Copy]) -> Iterator[Loss]:
    """Names that are nearly a sibling's, in the same company, wherever in the article they stand."""
    theirs: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for number, copy in enumerate(siblings):
        for sentence, place, word in _names(copy):
            theirs[word].append((number, _company(copy, sentence, place)))
    mine = {word for _, _, word in _names(own)}
    wanted = sorted(theirs.keys() - mine)
    for sentence, place, word in _names(own):
        if word in theirs:
            continue
        company = _company(own, sentence, place)
        for other in wanted:
            if other[0] != word[0] or not is_corruption(word, other, 0.0, 0.0):
                continue
            meeting = {number for number, around in theirs[other] if around & company}
            if meeting:
                yield Loss(sentence, place, other.capitalize(), min(meeting), len(meeting), 0.0, True)
                break


def _names(copy: Copy) -> Iterator[tuple[int, int, str]]:
    """Capitalised words of some length: sentence, place and word."""
    for number, sentence in enumerate(copy.sentences):
        for place, word in enumerate(sentence.words):
            if len(word) >= NAME_LETTERS and word.isalpha() and copy.is_capital(number, place):
                yield number, place, word


def _company(copy: Copy, sentence: int, place: int) -> frozenset[str]:
    """The telling words just before and behind a name."""
    words = copy.sentences[sentence].words
    around = (*words[max(0, place - COMPANY) : place], *words[place + 1 : place + 1 + COMPANY])
    return frozenset(w for w in around if w[0].isalpha() and copy.lexicon.log_frequency(w) < RARE)


# Findings


def _findings(own: Copy, judges: Sequence[Copy], lost: Sequence[Loss]) -> list[Evidence]:
    """The places lost to the judges and the names they spell otherwise, in document order; none without losses."""
    if not lost:
        return []
    named = {(loss.sentence, loss.place): loss for loss in (*lost, *_misspelt_names(own, judges))}
    return [_evidence(own, judges, loss) for _, loss in sorted(named.items())]


def _evidence(own: Copy, siblings: Sequence[Copy], loss: Loss) -> Evidence:
    sentence = own.sentences[loss.sentence]
    start, end = sentence.starts[loss.place], sentence.ends[loss.place]
    text = own.text[start:end]
    weight = SURE_WEIGHT if loss.is_sure or loss.agreeing > 1 else WORD_WEIGHT
    id = siblings[loss.sibling].id
    return Evidence(start, end, text, "sibling", weight, sentence.span, (loss.intended,), None, id)
