"""Words that do not go together: runs in which the reader objects to nearly every word, small ones among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mtscore.arrays.odds import logit
from mtscore.findings.sense.places import Place, own_odds
from mtscore.records import Evidence
from mtscore.signals.extraction import Extraction
from mtscore.words.resources import Resources

LEAST = 0.2
"""How wrong each word of a run must look (0 to 1)."""

MIN_WORDS, MAX_STEP = 3, 2
"""So many such words make a run, and so many tokens may lie from one to the next."""

WEIGHTS = (2.5, 3.5)
"""Nats of a run that is hardly one, and the most. Of runs in texts with labels 94 % hold a word that the translator
changed; people's text has 0.24 in 1,000 words, if the whole is not asked, and garbled text 7."""

BY_DOUBT = 0.25
"""Nats for each of the log-odds by which the words look wrong in all."""


def find_broken_order(
    extraction: Extraction, places: Iterable[Place], resources: Resources
) -> Iterator[Evidence]:
    """The runs of an article, in document order; `places` is what `find_places` gives."""
    analysis = extraction.analysis
    odds = {place.token: own_odds(place.looks) for place in places if place.looks >= LEAST}
    for run in runs(odds, analysis.sentence.tolist()):
        if len(run) >= MIN_WORDS and any(resources.lexicon.is_function(analysis.words[n]) for n in run):
            start, end = int(analysis.starts[run[0]]), int(analysis.ends[run[-1]])
            doubt = sum(odds[token] - logit(LEAST) for token in run)
            yield Evidence(
                start=start,
                end=end,
                text=extraction.text[start:end],
                kind="broken_order",
                weight=min(WEIGHTS[1], WEIGHTS[0] + BY_DOUBT * doubt),
                sentence=extraction.sentences[int(analysis.sentence[run[0]])].span,
            )


def runs(tokens: Iterable[int], sentence: Sequence[int]) -> Iterator[list[int]]:
    """Tokens that follow each other closely in one sentence."""
    run: list[int] = []
    for token in tokens:
        if run and (token - run[-1] > MAX_STEP or sentence[token] != sentence[run[-1]]):
            yield run
            run = []
        run.append(token)
    if run:
        yield run
