"""One version of a story beside others: the words that it alone has, where the others have one that fits better.

Sentences that say the same are aligned, and in each pair the words between those that agree are compared. A version
loses such a place when the neighbours, in its own sentence and in the sibling's, prefer the sibling's word, or
when its own is no word at all. Good articles lose places to each other all the time, because an editor's words
are not always the likeliest; so a place is evidence only for a version that is suspicious already, in one of two ways.
It stands apart: its siblings have far more words in common with each other than with it. Or it looks more garbled
by itself than a sibling and loses more places to it than it wins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

from mtscore.arrays.odds import logit
from mtscore.findings.collection import without_overlaps
from mtscore.records import Evidence, Label, Verdict
from mtscore.siblings.alignment import Version, share_of_words
from mtscore.siblings.losses import Loss, losses
from mtscore.siblings.misspelt import misspelt_names
from mtscore.words.allowed import Allowed
from mtscore.words.resources import Resources

REPRINT = 0.95
"""Share of words in common from which two siblings are reprints of one text, which speak with one voice."""

ISOLATION_WEIGHT, LEAD_WEIGHT, APART_OFFSET, MAX_APART = 13.0, 0.5, 3.0, 3.0
"""What a version that stands apart adds to its log-odds: weight of its isolation, weight of its lead (by how much it
looks more garbled by itself than its siblings do on average, log-odds), less an offset, between 0 and the last.
The weights are those of logistic regressions on either half of the training triples, of such triples with one more
fluent translation, of human text beside two fluent translations and of three levels of difficulty (11.7 to 14.4
and 0.42 to 0.56), with classifiers that had not seen these texts. The offset keeps human text that stands beside two
fluent translations of itself from being called garbled: 0.8 percent more of it are."""

MIN_APART_LOSSES, MIN_LEAD_APART, MIN_DOUBT = 2, -1.5, -2.8
"""A version only stands apart when it loses so many places, looks by itself at most so much less garbled (log-odds)
than its siblings on average, and is not beyond doubt (log-odds above the `garbled` threshold)."""

MIN_LOSSES, LOSS_RATIO, LOSS_MARGIN, MIN_LEAD, MAX_ARREARS = 4, 1.25, 1.0, 1.0, 0.5
"""A version is contradicted by siblings that look less garbled by so much (log-odds) when it loses at least so many
places to them, and so many times as many as one of them loses to it plus so many. The garbled version of a batch
looks worst, or nearly: at most so much (log-odds) better than the worst."""

MIN_OWN = -0.6
"""Log-odds above the `garbled` threshold from which one sibling alone can contradict a version: beside the original,
even a fluent translation loses more places than it wins."""

WORD_WEIGHT, SURE_WEIGHT = 2.5, 3.5
"""Nats: a word that one sibling has otherwise; one that is no word, a name, or that several siblings contradict."""

LOG_ODDS_PER_NAT = 0.25
"""What a nat of sibling findings adds to the log-odds. Fitted on half of the training triples (a garbled chunk, its
human text, a fluent translation) and on articles beside simplified versions, both classes weighted equally, with
a classifier that has not seen them: 0.23, and 0.27 with its own log-odds calibrated anew in the same fit."""

_CERTAIN = 1e-15

Shares: TypeAlias = dict[tuple[int, int], float]
"""See `_shares`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What siblings say of a version: the words that they contradict, in document order; by how much more words they
    have in common with each other than with it (-1 to 1; 0 with fewer than two, and for a version beyond doubt); what
    that adds to its log-odds (0 without findings); and how many siblings it was compared with."""

    evidence: tuple[Evidence, ...]
    isolation: float
    log_odds: float
    siblings: int = 0


def compared(own: Version, siblings: Iterable[Version], resources: Resources) -> Comparison:
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


def _shares(versions: Sequence[Version]) -> Shares:
    """The words that every two of the versions have in common, by their numbers in ascending order."""
    return {
        (i, j): share_of_words(versions[i], versions[j]) for i, j in combinations(range(len(versions)), 2)
    }


def _odd(others: Sequence[Version], shares: Shares) -> set[int]:
    """The siblings (numbers into `others`) that cannot contradict the version one by one: each stands apart from the
    version and a third, which is not called garbled itself and has most in common with the version."""

    def is_odd(number: int) -> bool:
        return any(
            third != number
            and version.log_odds < 0.0
            and shares[0, third] > max(shares[0, number], shares[min(number, third), max(number, third)])
            for third, version in enumerate(others, 1)
        )

    return {number - 1 for number in range(1, len(others) + 1) if is_odd(number)}


def _isolations(shares: Shares, count: int) -> list[float]:
    """For the version (number 0) and its siblings: by how much more words the rest have in common with each other than
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


def _log_odds_apart(own: Version, others: Sequence[Version], isolation: float) -> float:
    """What the isolation of the version that stands most apart adds to its log-odds, if it loses places, too."""
    lead = own.log_odds - sum(version.log_odds for version in others) / len(others)
    if own.log_odds < MIN_DOUBT or lead < MIN_LEAD_APART:
        return 0.0
    return min(max(ISOLATION_WEIGHT * isolation + LEAD_WEIGHT * lead - APART_OFFSET, 0.0), MAX_APART)


def _lost_to_better(
    own: Version, others: Sequence[Version], odd: Container[int], resources: Resources
) -> tuple[list[Version], list[Loss]]:
    """The siblings that look better by themselves, and the places lost to them, if those lost to the ones that are
    not odd are more than chance."""
    better = {n: version for n, version in enumerate(others) if own.log_odds - version.log_odds >= MIN_LEAD}
    convicting = [version for number, version in better.items() if number not in odd]
    least = max([MIN_OWN, *(version.log_odds - MAX_ARREARS for version in others)])
    if not convicting or own.log_odds < least:
        return [], []
    lost = losses(own, convicting, resources)
    if len(lost) < MIN_LOSSES:
        return [], []
    won = max(len(losses(version, [own], resources)) for version in convicting)
    if len(lost) < LOSS_RATIO * won + LOSS_MARGIN:
        return [], []
    return [*better.values()], losses(own, [*better.values()], resources)


def sibling_strength(found: Iterable[Evidence]) -> float:
    """How much sibling findings say together, in nats: the strongest in full and n of them 1 + ln(n) times as
    much, because a bad translator errs often. 0 without any."""
    weights = [evidence.weight for evidence in found]
    return max(weights) * (1.0 + math.log(len(weights))) if weights else 0.0


def _findings(own: Version, others: Sequence[Version], lost: Sequence[Loss]) -> list[Evidence]:
    """The places lost to the others and the names they spell otherwise, in document order; none without losses."""
    if not lost:
        return []
    named = {(loss.sentence, loss.place): loss for loss in (*lost, *misspelt_names(own, others))}
    return [_evidence(own, others, loss) for _, loss in sorted(named.items())]


def _evidence(own: Version, siblings: Sequence[Version], loss: Loss) -> Evidence:
    sentence = own.sentences[loss.sentence]
    start, end = sentence.starts[loss.place], sentence.ends[loss.place]
    text = own.text[start:end]
    weight = SURE_WEIGHT if loss.is_sure or loss.agreeing > 1 else WORD_WEIGHT
    id = siblings[loss.sibling].id
    return Evidence(start, end, text, "sibling", weight, sentence.span, (loss.intended,), None, id)


def with_comparison(
    verdict: Verdict, found: Comparison, rescored: Callable[[float], tuple[float, Label]], limit: int
) -> Verdict:
    """The verdict on a version with what its siblings say of it, and the score that this makes; `rescored` gives the
    score and label of log-odds. At most `limit` findings are kept."""
    assert verdict.score is not None
    signals = {family: dict(values) for family, values in verdict.signals.items()}
    signals["substitution"] |= {
        "siblings": float(found.siblings),
        "sibling_strength": sibling_strength(found.evidence),
        "sibling_isolation": found.isolation,
        "sibling_log_odds": found.log_odds,
    }
    if not found.evidence:
        return replace(verdict, signals=signals)
    score, label = rescored(clamped_logit(verdict.score) + found.log_odds)
    explained = {(item.start, item.end) for item in found.evidence}  # nothing says more of a word
    others = (item for item in verdict.evidence if (item.start, item.end) not in explained)
    evidence = tuple(without_overlaps([*found.evidence, *others])[:limit])
    return replace(verdict, signals=signals, score=score, label=label, evidence=evidence)


def without_allowed(found: Comparison, allowed: Allowed) -> Comparison:
    """The comparison without findings that are allowed terms, and with as much less weight."""
    kept = tuple(item for item in found.evidence if not allowed.covers(item.text, 0, len(item.text)))
    if len(kept) == len(found.evidence):
        return found
    share = sibling_strength(kept) / sibling_strength(found.evidence)
    return replace(found, evidence=kept, log_odds=found.log_odds * share)


def clamped_logit(score: float) -> float:
    """The log-odds of a score, which may be 0 or 1 by rounding."""
    return logit(min(max(score, _CERTAIN), 1.0 - _CERTAIN))
