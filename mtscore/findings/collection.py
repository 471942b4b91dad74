"""The words that give a garbled article away: findings of all kinds, merged and in order of strength.

A finding is worth showing only if a reader agrees with it: each kind is tuned so that clean human text has at
most about one false finding in a thousand words. Weights are nats of log-likelihood ratio: the log of how
much more often, per word, a finding of its kind occurs in garbled machine translation than in human text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from mtscore.findings.customs.chat import begins_small, is_texting, without_habits
from mtscore.findings.customs.scans import is_scanned
from mtscore.findings.debris.glued import find_glued
from mtscore.findings.debris.traces import find_debris, find_undecoded
from mtscore.findings.names.corruption import find_corrupted_names
from mtscore.findings.names.foreign_spelling import find_foreign_spellings
from mtscore.findings.repeats.echoes import find_echoes, possible_echoes
from mtscore.findings.repeats.glosses import find_glosses
from mtscore.findings.repeats.loops import find_repetition, repeating_sentences
from mtscore.findings.strange.invented import find_invented
from mtscore.findings.strange.untranslated import find_scripts, find_stray
from mtscore.findings.strange.words import unknown_words
from mtscore.records import Evidence, Span
from mtscore.signals.analysis import Group
from mtscore.signals.extraction import Extraction
from mtscore.signals.mixing import foreign_evidence
from mtscore.text.article import Article
from mtscore.words.resources import Resources


def find_evidence(
    extraction: Extraction, resources: Resources, *, limit: int | None = None, exemptions: bool = True
) -> tuple[Evidence, ...]:
    """The findings of one document, strongest first; at equal weight in document order. Spans lie inside the
    body, do not overlap, and `text` is exactly the original's slice. `limit` keeps the strongest. `exemptions` says
    whether chats and scanned print have no strange words."""
    group = Group.of_one(extraction.analysis)
    return find_evidence_together([extraction], group, resources, exemptions=exemptions)[0][:limit]


def find_evidence_together(
    extractions: Sequence[Extraction], group: Group, resources: Resources, *, exemptions: bool = True
) -> list[tuple[Evidence, ...]]:
    """What `find_evidence` gives for each of several documents; `group` is their analysis. Where a kind of finding is
    possible at all is looked up for all of them at once."""
    possible = zip(
        unknown_words(group, resources.lexicon),
        repeating_sentences(group),
        possible_echoes(group),
        strict=True,
    )
    together: list[tuple[Evidence, ...]] = []
    for extraction, (unknown, repeating, echoes) in zip(extractions, possible, strict=True):
        found = foreign_evidence(extraction.text, extraction.body, extraction.sentences)
        found += find_debris(extraction, resources.lexicon)
        found += find_glued(extraction, resources.vocabulary)
        found += find_glosses(extraction)
        found += find_scripts(extraction)
        found += find_repetition(extraction, repeating)
        found += find_echoes(extraction, echoes)
        if exemptions and is_texting(extraction):
            found = without_habits(found)
        elif not exemptions or not (begins_small(extraction) or is_scanned(extraction, unknown, resources)):
            found += _strange_words(extraction, unknown, resources)
            found += find_stray(extraction, found)
        inside = [item for item in found if _is_inside(item, extraction.body.spans)]
        together.append(tuple(without_overlaps(inside)))
    return together


def _strange_words(
    extraction: Extraction, unknown: Sequence[int], resources: Resources
) -> Iterator[Evidence]:
    """Words that are no English, of those that the word table does not know, and misspelt names."""
    yield from find_invented(extraction, unknown, resources)
    yield from find_foreign_spellings(extraction, resources)
    yield from find_corrupted_names(extraction, resources)


def with_undecoded(article: Article, found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The findings of an article in the text as given, and where an entity stood undecoded there. That is shown and
    counts nowhere: the text was scored as if it had been decoded."""
    given = article.given_evidence(found)
    entities = list(find_undecoded(article))
    return tuple(without_overlaps([*given, *entities])) if entities else given


def _is_inside(item: Evidence, spans: Sequence[Span]) -> bool:
    place = bisect_right(spans, item.start, key=itemgetter(0)) - 1
    return place >= 0 and item.end <= spans[place].end


def without_overlaps(found: Iterable[Evidence]) -> list[Evidence]:
    """The findings by falling weight, each only if it overlaps no stronger one."""
    kept: list[Evidence] = []
    taken: list[tuple[int, int]] = []  # the kept spans in document order
    for item in sorted(found, key=lambda e: (-e.weight, e.start, e.end)):
        place = bisect_left(taken, (item.start, item.end))
        is_free_before = place == 0 or taken[place - 1][1] <= item.start
        if is_free_before and (place == len(taken) or item.end <= taken[place][0]):
            taken.insert(place, (item.start, item.end))
            kept.append(item)
    return kept
