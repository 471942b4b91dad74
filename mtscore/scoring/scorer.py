"""The scorer: one document in, one verdict out, in the same order, always."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from mtscore.arrays.odds import logit, sigmoid
from mtscore.errors import InputError, MtscoreError
from mtscore.findings.collection import find_evidence_together, with_undecoded
from mtscore.findings.source_language import source_languages
from mtscore.findings.strength import finding_signals, strength
from mtscore.model.folder import ModelFolder
from mtscore.records import Document, Evidence, Label, Reason, Verdict
from mtscore.scoring.debris_cap import capped
from mtscore.signals.analysis import analyse_together
from mtscore.signals.columns import FEATURE_SET_VERSION
from mtscore.signals.extraction import Extraction, extract_together
from mtscore.text.article import Article, read_article
from mtscore.text.body import dominant_language
from mtscore.text.declared import declared_translation
from mtscore.text.scored_text import as_text, joined_details
from mtscore.text.surrogates import without_surrogates
from mtscore.version import __version__

if TYPE_CHECKING:
    from mtscore.siblings.stories import Pairing

MIN_WORDS = 20
"""Fewer words than this are too few to judge."""

BATCH = 128
"""Documents that are read and go to a worker process at a time at most; fewer if they have `GROUP_CHARACTERS`."""

MARKUP = 16
"""Characters of a web page for one of its article, about: pages are put together by what will be computed."""

GROUP_CHARACTERS = 60_000
"""Documents of so many characters are computed together: enough to share the cost of numpy's calls, few enough for the
processor's cache and for memory. A longer document is computed alone."""

READ_AHEAD = 3
"""Batches that are at work or wait for each process: enough that none is ever idle."""

MAX_EVIDENCE = 200
"""Findings kept for one document, strongest first."""

_VISIBLE = re.compile(r"[^\s\ufeff\u200b-\u200f\x00]")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document that can be judged, before its group is."""

    id: str
    article: Article
    words: int
    detail: str | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """All that a verdict is made of."""

    waiting: _Waiting
    extraction: Extraction
    evidence: tuple[Evidence, ...]
    contrasts: Sequence[float]
    findings: Sequence[float]
    strength: float
    log_odds: float


class Scorer:
    """Scores texts with one model. Load it once and use it for everything; it can be pickled to workers."""

    def __init__(self, bundle: ModelFolder, *, prior: float | None = None) -> None:
        """`prior` is the share of garbled articles to expect, between 0 and 1 (exclusive); without it the
        model's own. A higher prior raises every score and leaves the order alone."""
        if prior is not None and not 0.0 < prior < 1.0:
            raise InputError(f"the prior must lie between 0 and 1, not be {prior}")
        self.model = bundle
        self._asked_prior = prior
        own = float(bundle.manifest["prior"])
        self.prior = own if prior is None else prior
        self._own_shift, self._shift = logit(own), logit(self.prior)
        self.signature: dict[str, Any] = {
            "package": __version__,
            "model": str(bundle.manifest["name"]),
            "digest": bundle.digest,
            "features": FEATURE_SET_VERSION,
            "prior": self.prior,
        }

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None, *, prior: float | None = None) -> Scorer:
        """Load a model folder, by default the one that ships with the package.

        Raises `ModelError` when the folder is missing, damaged or of another format.
        """
        return cls(ModelFolder.load(path), prior=prior)

    @property
    def thresholds(self) -> dict[str, float]:
        """The scores from which the labels `garbled` and `suspect` begin, at this scorer's prior."""
        shift = self._shift - self._own_shift
        stated = self.model.manifest["thresholds"]
        return {label: sigmoid(logit(stated[label]) + shift) for label in ("garbled", "suspect")}

    def __reduce__(self) -> tuple[Any, ...]:
        return shared_scorer, (os.fspath(self.model.path), self._asked_prior)

    def score(self, text: str, *, id: str = "") -> Verdict:
        """Judge one text. Offsets in the verdict are code points of `text`."""
        return self._score_batch([Document(id, text)])[0]

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        """One verdict for each document, in order, streaming; `jobs` processes share the language models.

        Plain strings are numbered from 1. A document that cannot be judged gets a verdict that says why.
        For HTML, offsets refer to the text that `mtscore.text.html.read_html` extracts. Without `evidence` the verdicts
        have no findings and no source languages and are smaller to hand on; the scores are the same. Only as
        many documents are read ahead as the processes need, so any number of them can pass through.
        """
        if jobs < 1:
            raise InputError(f"jobs must be at least 1, not {jobs}")
        if jobs == 1:
            for batch in _batches(documents):
                yield from self._score_batch(batch, evidence)
            return
        yield from self._score_elsewhere(_batches(documents), jobs, evidence)

    def _score_elsewhere(
        self, batches: Iterator[list[Document]], jobs: int, evidence: bool
    ) -> Iterator[Verdict]:
        from concurrent.futures import Future
        from concurrent.futures.process import BrokenProcessPool

        from joblib.executor import get_memmapping_executor  # the one that joblib.Parallel uses again

        model = os.fspath(self.model.path), self._asked_prior
        workers = get_memmapping_executor(jobs)
        running: deque[Future[list[Verdict]]] = deque()
        try:
            for batch in islice(batches, READ_AHEAD * jobs):
                running.append(workers.submit(_score_in_worker, *model, batch, evidence))
            while running:
                verdicts = running.popleft().result()
                for batch in islice(batches, 1):
                    running.append(workers.submit(_score_in_worker, *model, batch, evidence))
                yield from verdicts
        except BrokenProcessPool as error:
            raise MtscoreError(
                "a process that scores has died, perhaps for lack of memory; try fewer jobs"
            ) from error
        finally:
            for future in running:
                future.cancel()

    def score_siblings(self, documents: Iterable[str | Document], *, jobs: int = 1) -> Iterator[Verdict]:
        """`score_many` for a batch that may hold several articles on one story: those are found and compared
        sentence by sentence. Words of the most garbled copy where others have one that fits better become
        evidence of kind `sibling` and raise its score; no other score changes.

        The whole batch is read before the first verdict comes. Its texts wait in a temporary file.
        """
        from mtscore.siblings.batch import score_together

        return score_together(self, _numbered(documents), jobs)

    def find_siblings(self, documents: Iterable[str | Document]) -> list[tuple[Pairing, ...]]:
        """For each document the others of the batch on the same story, the most similar first, and what they
        have in common."""
        from mtscore.siblings.batch import pair

        return pair(self, _numbered(documents))

    def rescored(self, log_odds: float) -> tuple[float, Label]:
        """The score and label of log-odds at this scorer's prior."""
        return sigmoid(log_odds), self._label(sigmoid(log_odds - self._shift + self._own_shift))

    def _score_batch(self, documents: Sequence[Document], evidence: bool = True) -> list[Verdict]:
        prepared = [self._prepare(document) for document in documents]
        waiting = [p for p in prepared if isinstance(p, _Waiting)]
        verdicts = iter([verdict for group in _groups(waiting) for verdict in self._judge(group, evidence)])
        return [p if isinstance(p, Verdict) else next(verdicts) for p in prepared]

    def _prepare(self, document: Document) -> Verdict | _Waiting:
        """The document's article, or the verdict that says why it cannot be judged."""
        if document.text is None:
            return self._cannot_tell(document.id, "unreadable", document.detail)
        text, detail = self._text_of(document)
        if not _VISIBLE.search(text):
            return self._cannot_tell(document.id, "no_body" if document.is_html else "empty", detail)
        article = read_article(text, self.model.resources.vocabulary)
        words = article.words
        language = dominant_language(article.body)
        reason: Reason
        if language is not None:
            reason, why = "not_english", f"the text is mostly in another language ({language})"
        elif not article.body.spans:
            reason, why = "no_body", "nothing in it reads like an article"
        elif words < MIN_WORDS:
            reason, why = "too_short", f"{words} words are too few to judge; {MIN_WORDS} are needed"
        else:
            return _Waiting(document.id, article, words, detail)
        return replace(
            self._cannot_tell(document.id, reason, joined_details(why, detail)),
            languages=dict(article.body.languages),
            foreign=article.given_foreign,
            words=words,
            body=article.given_body,
        )

    @staticmethod
    def _text_of(document: Document) -> tuple[str, str | None]:
        """What is read of a document, and what is to be said of it besides the score."""
        shown = as_text(document)
        text = without_surrogates(shown.text or "")
        return text, joined_details(shown.detail, declared_translation(text))

    def _judge(self, waiting: Sequence[_Waiting], has_evidence: bool) -> list[Verdict]:
        """The verdicts on documents that are computed together."""
        resources, classifier = self.model.resources, self.model.classifier
        articles = [w.article for w in waiting]
        group = analyse_together([article.sentences for article in articles], resources)
        extractions = extract_together(articles, group, resources, self.model.quality)
        contrasts = classifier.contrast_values(group)
        found = find_evidence_together(extractions, group, resources)
        strengths = [strength(items, w.words) for items, w in zip(found, waiting, strict=True)]
        findings = [finding_signals(items, w.words) for items, w in zip(found, waiting, strict=True)]
        rows = classifier.columns.rows([e.vector for e in extractions], findings, contrasts)
        thresholds = (self._own_log_odds(label) for label in ("garbled", "suspect"))
        log_odds = capped(
            classifier, rows, classifier.log_odds(rows, np.array(strengths)), found, *thresholds
        )
        shown = [items[:MAX_EVIDENCE] if has_evidence else () for items in found]
        judged = map(
            _Judged, waiting, extractions, shown, contrasts.tolist(), findings, strengths, log_odds.tolist()
        )
        return [self._verdict(each, has_evidence) for each in judged]

    def _verdict(self, judged: _Judged, has_evidence: bool) -> Verdict:
        extraction, log_odds = judged.extraction, judged.log_odds
        row = chain(extraction.vector.tolist(), judged.findings, judged.contrasts)
        label = self._label(sigmoid(log_odds + self._own_shift))
        article = judged.waiting.article
        return Verdict(
            id=judged.waiting.id,
            status="scored",
            detail=judged.waiting.detail,
            score=sigmoid(log_odds + self._shift),
            label=label,
            quality=extraction.quality,
            signals=self.model.classifier.columns.by_family(row, judged.strength),
            evidence=with_undecoded(article, judged.evidence) if has_evidence else (),
            languages=dict(extraction.body.languages),
            foreign=article.given_foreign,
            source_languages=(
                source_languages(judged.evidence, extraction, self.model.resources)
                if has_evidence and label != "clean"
                else {}
            ),
            words=judged.waiting.words,
            body=article.given_body,
            signature=self.signature,
        )

    def _own_log_odds(self, label: str) -> float:
        """What the classifier says at the threshold of a label."""
        return logit(self.model.manifest["thresholds"][label]) - self._own_shift

    def _label(self, score: float) -> Label:
        """The label of a score at the model's own prior: the thresholds stand for false-positive rates."""
        thresholds = self.model.manifest["thresholds"]
        if score >= thresholds["garbled"]:
            return "garbled"
        return "suspect" if score >= thresholds["suspect"] else "clean"

    def _cannot_tell(self, id: str, reason: Reason, detail: str | None) -> Verdict:
        return Verdict(id=id, status="cannot_tell", reason=reason, detail=detail, signature=self.signature)


def _numbered(documents: Iterable[str | Document]) -> Iterator[Document]:
    """The documents; plain strings get their number as id."""
    for number, document in enumerate(documents, 1):
        yield Document(str(number), document) if isinstance(document, str) else document


def _batches(documents: Iterable[str | Document]) -> Iterator[list[Document]]:
    """The documents, so many at a time that they can be computed together."""
    batch: list[Document] = []
    size = 0
    for document in _numbered(documents):
        own = len(document.text or "") // (MARKUP if document.is_html else 1)
        if batch and size + own > GROUP_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += own
        if len(batch) == BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _groups(waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """Consecutive documents that are computed together."""
    group: list[_Waiting] = []
    size = 0
    for each in waiting:
        if group and size + len(each.article.text) > GROUP_CHARACTERS:
            yield group
            group, size = [], 0
        group.append(each)
        size += len(each.article.text)
    if group:
        yield group


@lru_cache(maxsize=2)
def shared_scorer(path: str | None, prior: float | None) -> Scorer:
    """One scorer a process and model, however often work arrives."""
    return Scorer.load(path, prior=prior)


def _score_in_worker(
    path: str, prior: float | None, batch: Sequence[Document], evidence: bool
) -> list[Verdict]:
    return shared_scorer(path, prior)._score_batch(batch, evidence)
