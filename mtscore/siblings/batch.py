"""A whole batch judged together: every article first by itself, then beside its siblings.

The batch is read once. Its texts wait in a temporary file, and of each article only the numbers of its story's
terms stay in memory. Articles with siblings are scored twice: whoever is to be compared must have a score.
"""

from __future__ import annotations

import json
import math
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from threading import Lock

from mtscore.findings.collection import without_overlaps
from mtscore.records import Document, Verdict
from mtscore.scoring.scorer import MAX_EVIDENCE, Scorer
from mtscore.siblings.alignment import Copy, make_copy
from mtscore.siblings.comparison import Comparison, compared, sibling_strength
from mtscore.siblings.stories import Pairing, StoryIndex, Term, story_terms
from mtscore.text.body import dominant_language, find_body
from mtscore.text.scored_text import scored_text

COPIES = 64
"""Articles kept prepared for comparison."""

_CERTAIN = 1e-15


class Spool:
    """Documents in a temporary file, to be read again by their number, from any thread."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115  # closed with the spool
        self._lock = Lock()
        self._starts = array("q")
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, document: Document) -> None:
        """Keep one more document."""
        self._file.seek(self._end)
        self._starts.append(self._end)
        self._end += self._file.write(json.dumps(asdict(document)).encode("ascii") + b"\n")

    def __getitem__(self, number: int) -> Document:
        with self._lock:
            self._file.seek(self._starts[number])
            line = self._file.readline()
        return Document(**json.loads(line))

    def __iter__(self) -> Iterator[Document]:
        return map(self.__getitem__, range(len(self)))


def score_together(scorer: Scorer, documents: Iterable[Document], jobs: int) -> Iterator[Verdict]:
    """See `Scorer.score_siblings`."""
    with Spool() as spool:
        index = StoryIndex()
        for document in documents:
            spool.add(document)
            index.add(_terms(document, scorer))
        siblings = index.siblings()
        log_odds = _own_log_odds(scorer, spool, siblings, jobs)

        @lru_cache(maxsize=COPIES)
        def copy(number: int) -> Copy:
            document = spool[number]
            return make_copy(document.id, scored_text(document), log_odds[number], scorer.model.models)

        for number, verdict in enumerate(scorer.score_many(iter(spool), jobs=jobs)):
            others = [pairing.number for pairing in siblings[number] if pairing.number in log_odds]
            found = Comparison((), 0.0, 0.0)
            if number in log_odds and others:
                found = compared(copy(number), map(copy, others), scorer.model.models)
            yield _with_comparison(scorer, verdict, found)


def pair(scorer: Scorer, documents: Iterable[Document]) -> list[tuple[Pairing, ...]]:
    """See `Scorer.find_siblings`."""
    index = StoryIndex()
    for document in documents:
        index.add(_terms(document, scorer))
    return index.siblings()


def _terms(document: Document, scorer: Scorer) -> Mapping[str, Term]:
    """The article's story; none for what is not English."""
    text = scored_text(document)
    body = find_body(text)
    if dominant_language(body) is not None:
        return {}
    return story_terms(text, body.spans, scorer.model.models.lexicon)


def _own_log_odds(
    scorer: Scorer, spool: Spool, siblings: list[tuple[Pairing, ...]], jobs: int
) -> dict[int, float]:
    """How garbled each article with siblings looks by itself, in log-odds above the `garbled` threshold."""
    threshold = _logit(scorer.thresholds["garbled"])
    numbers = [number for number, row in enumerate(siblings) if row]
    verdicts = scorer.score_many((spool[number] for number in numbers), jobs=jobs)
    scores = ((number, verdict.score) for number, verdict in zip(numbers, verdicts, strict=True))
    return {number: _logit(score) - threshold for number, score in scores if score is not None}


def _with_comparison(scorer: Scorer, verdict: Verdict, found: Comparison) -> Verdict:
    """The verdict with its sibling findings and the score that they make."""
    verdict = replace(verdict, signature={**verdict.signature, "siblings": True})
    if verdict.score is None:
        return verdict
    signals = {family: dict(values) for family, values in verdict.signals.items()}
    signals["substitution"] |= {
        "sibling_strength": sibling_strength(found.evidence),
        "sibling_isolation": found.isolation,
        "sibling_log_odds": found.log_odds,
    }
    if not found.evidence:
        return replace(verdict, signals=signals)
    score, label = scorer.rescored(_logit(verdict.score) + found.log_odds)
    explained = {(item.start, item.end) for item in found.evidence}  # nothing says more of a word
    others = (item for item in verdict.evidence if (item.start, item.end) not in explained)
    evidence = tuple(without_overlaps([*found.evidence, *others])[:MAX_EVIDENCE])
    return replace(verdict, signals=signals, score=score, label=label, evidence=evidence)


def _logit(score: float) -> float:
    kept = min(max(score, _CERTAIN), 1.0 - _CERTAIN)
    return math.log(kept / (1.0 - kept))
