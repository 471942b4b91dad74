"""The scorer: one document in, one verdict out, in the same order, always."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mtscore.arrays.odds import logit, sigmoid
from mtscore.errors import InputError, ModelError
from mtscore.findings.collection import with_undecoded
from mtscore.findings.source_language import source_languages
from mtscore.model.contents import digest_of
from mtscore.model.folder import ModelFolder, default_model_path
from mtscore.records import Document, Label, Reason, Verdict
from mtscore.scoring.arguments import as_documents, check_jobs, is_number, kind_of
from mtscore.scoring.batching import batches, groups
from mtscore.scoring.computation import MAX_EVIDENCE, Computed, compute
from mtscore.scoring.reasons import what_speaks_for_it
from mtscore.scoring.workers import in_processes
from mtscore.signals.columns import FEATURE_SET_VERSION
from mtscore.text.article import Article, read_article
from mtscore.text.body import dominant_language
from mtscore.text.declared import declared_translation
from mtscore.text.scored_text import as_text, joined_details, scored_text
from mtscore.text.surrogates import without_surrogates
from mtscore.version import __version__
from mtscore.words.allowed import Allowed

if TYPE_CHECKING:
    from mtscore.siblings.batch import Story
    from mtscore.siblings.stories import Pairing

MIN_WORDS = 20
"""Fewer words than this are too few to judge."""

NO_MEMORY = "there is not enough memory to score a document of this size"

Allow: TypeAlias = "str | os.PathLike[str] | Iterable[str] | None"
"""Names and terms that are right, or the path of a file with them."""

Key: TypeAlias = "tuple[str, str, float | None, tuple[str, ...]]"
"""A model folder's path and digest, the prior that was asked for, and the terms that are allowed."""

_VISIBLE = re.compile(r"[^\s\ufeff\u200b-\u200f\x00]")


class Scorer:
    """Scores texts with one model. Load it once and use it for everything; it can be pickled to workers."""

    def __init__(self, model: ModelFolder, *, prior: float | None = None, allow: Allow = None) -> None:
        """`prior` is the share of garbled articles to expect, between 0 and 1 (exclusive); without it the
        model's own. A higher prior raises every score and leaves the order alone. `allow` names what is right and no
        finding: the path of a file with a name or term a line, or the names and terms."""
        if prior is not None and not (is_number(prior) and 0.0 < prior < 1.0):
            raise InputError(f"the prior must be a number between 0 and 1, not {prior!r}")
        self.model = model
        self._asked_prior = prior
        own = float(model.manifest["prior"])
        self.prior = own if prior is None else prior
        self._own_shift, self._shift = logit(own), logit(self.prior)
        self.allowed = Allowed.of(allow)
        self.signature: dict[str, Any] = {
            "package": __version__,
            "model": str(model.manifest["name"]),
            "digest": model.digest,
            "features": FEATURE_SET_VERSION,
            "prior": self.prior,
            **({"allowed": self.allowed.digest} if self.allowed.terms else {}),
        }

    @classmethod
    def load(
        cls, path: str | os.PathLike[str] | None = None, *, prior: float | None = None, allow: Allow = None
    ) -> Scorer:
        """Load a model folder, by default the one that ships with the package.

        Raises `ModelError` when the folder is missing, damaged or of another format.
        """
        return cls(ModelFolder.load(path), prior=prior, allow=allow)

    @property
    def thresholds(self) -> dict[str, float]:
        """The scores from which the labels `garbled` and `suspect` begin, at this scorer's prior."""
        shift = self._shift - self._own_shift
        stated = self.model.manifest["thresholds"]
        return {label: sigmoid(logit(stated[label]) + shift) for label in ("garbled", "suspect")}

    def __reduce__(self) -> tuple[Any, ...]:
        return same_scorer, self._key

    @property
    def _key(self) -> Key:
        """What another process needs to load the same scorer."""
        return os.fspath(self.model.path), self.model.digest, self._asked_prior, self.allowed.terms

    def score(self, text: str, *, id: str = "") -> Verdict:
        """Judge one text. Offsets in the verdict are code points of `text`."""
        if not isinstance(text, str):
            raise InputError(f"score takes a text, not {kind_of(text)}; score_many takes documents")
        (document,) = as_documents([Document(id, text)])
        return self._verdicts([document])[0]

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        """One verdict for each document, in order, streaming; `jobs` processes share the language models.

        Plain strings are numbered from 1. A document that cannot be judged gets a verdict that says why.
        For HTML, offsets refer to the text that `mtscore.text.html.read_html` extracts. Without `evidence` the verdicts
        have no findings and no source languages and are smaller to hand on; the scores are the same. Only as
        many documents are read ahead as the processes need, so any number of them can pass through.
        """
        check_jobs(jobs)
        read = batches(as_documents(documents))
        if jobs == 1:
            return _flattened(self._verdicts(batch, evidence) for batch in read)
        return _flattened(in_processes(_Score(self._key, evidence), read, jobs))

    def score_siblings(self, documents: Iterable[str | Document], *, jobs: int = 1) -> Iterator[Verdict]:
        """`score_many` for a batch that may hold several articles on one story: those are found and compared
        sentence by sentence. Words of the most garbled version where others have one that fits better become
        evidence of kind `sibling` and raise its score; no other score changes.

        The whole batch is read and scored before the first verdict comes. It waits in a temporary file.
        """
        check_jobs(jobs)
        read = batches(as_documents(documents))
        if jobs == 1:
            return self._beside_siblings(map(self._stories, read))
        return self._beside_siblings(in_processes(_ScoreStories(self._key), read, jobs))

    def _beside_siblings(self, results: Iterable[list[tuple[Verdict, Story]]]) -> Iterator[Verdict]:
        from mtscore.siblings.batch import StoryBatch
        from mtscore.siblings.comparison import with_comparison, without_allowed

        with StoryBatch(self.model.resources, logit(self.thresholds["garbled"])) as stories:
            for verdict, story in chain.from_iterable(results):
                stories.add(verdict, story)
            for verdict, comparison in stories.compared():
                signed = replace(verdict, signature={**self.signature, "siblings": True})
                if comparison is not None:
                    found = without_allowed(comparison, self.allowed)
                    signed = with_comparison(signed, found, self.rescored, MAX_EVIDENCE)
                yield signed

    def find_siblings(self, documents: Iterable[str | Document]) -> list[tuple[Pairing, ...]]:
        """For each document the others of the batch on the same story, the most similar first, and what they
        have in common."""
        from mtscore.siblings.batch import find_siblings

        return find_siblings(map(scored_text, as_documents(documents)), self.model.resources.lexicon)

    def rescored(self, log_odds: float) -> tuple[float, Label]:
        """The score and label of log-odds at this scorer's prior."""
        return sigmoid(log_odds), self._label(sigmoid(log_odds - self._shift + self._own_shift))

    def _verdicts(self, documents: Sequence[Document], evidence: bool = True) -> list[Verdict]:
        return [verdict for verdict, _ in self._read(documents, evidence)]

    def _stories(self, documents: Sequence[Document]) -> list[tuple[Verdict, Story]]:
        """The verdict on each document by itself, and what a comparison with others needs of it."""
        from mtscore.siblings.batch import story_of

        return [
            (verdict, story_of(article, self.model.resources.lexicon))
            for verdict, article in self._read(documents)
        ]

    def _read(
        self, documents: Sequence[Document], evidence: bool = True
    ) -> list[tuple[Verdict, Article | None]]:
        """The verdict on each document, and its article (None: it has none)."""
        try:
            return self._read_together(documents, evidence)
        except MemoryError:
            if len(documents) == 1:
                return [(self._cannot_tell(documents[0].id, "unreadable", NO_MEMORY), None)]
        return [pair for document in documents for pair in self._read([document], evidence)]

    def _read_together(
        self, documents: Sequence[Document], evidence: bool
    ) -> list[tuple[Verdict, Article | None]]:
        is_page = [document.is_html for document in documents]
        documents = [_shown(document) for document in documents]
        articles = [self._article(document) for document in documents]
        problems = [self._problem(*each) for each in zip(documents, articles, is_page, strict=True)]
        fit = [a for a, problem in zip(articles, problems, strict=True) if problem is None and a is not None]
        computed = chain.from_iterable(compute(group, self.model, self.allowed) for group in groups(fit))
        verdicts = (
            problem or self._verdict(document, article, next(computed), evidence)
            for document, article, problem in zip(documents, articles, problems, strict=True)
        )
        return list(zip(verdicts, articles, strict=True))

    def _article(self, document: Document) -> Article | None:
        """The document's article; None where nothing can be seen."""
        text = document.text or ""
        return read_article(text, self.model.resources.vocabulary) if _VISIBLE.search(text) else None

    def _problem(self, document: Document, article: Article | None, is_page: bool) -> Verdict | None:
        """The verdict that says why the document cannot be judged; None when it can."""
        if document.text is None:
            return self._cannot_tell(document.id, "unreadable", document.detail)
        if article is None:
            return self._cannot_tell(document.id, "no_body" if is_page else "empty", document.detail)
        words = article.words
        language = dominant_language(article.body)
        reason: Reason
        if language is not None:
            reason, detail = "not_english", f"the text is mostly in another language ({language})"
        elif not article.body.spans:
            reason, detail = "no_body", "nothing in it reads like an article"
        elif words < MIN_WORDS:
            reason, detail = "too_short", f"{words} words are too few to judge; {MIN_WORDS} are needed"
        else:
            return None
        return replace(
            self._cannot_tell(document.id, reason, joined_details(detail, document.detail)),
            languages=dict(article.body.languages),
            foreign=article.given_foreign,
            words=words,
            body=article.given_body,
        )

    def _verdict(
        self, document: Document, article: Article | None, computed: Computed, has_evidence: bool
    ) -> Verdict:
        assert article is not None
        extraction, log_odds = computed.extraction, computed.log_odds
        label = self._label(sigmoid(log_odds + self._own_shift))
        why = None
        if has_evidence and label != "clean" and not computed.evidence:
            why = "; ".join(what_speaks_for_it(self.model.classifier, computed.row, computed.strength))
            why = f"no word by itself gives it away, what speaks for it is: {why}" if why else None
        return Verdict(
            id=document.id,
            status="scored",
            detail=joined_details(why, document.detail),
            score=sigmoid(log_odds + self._shift),
            label=label,
            quality=extraction.quality,
            signals=self.model.classifier.columns.by_family(computed.row, computed.strength),
            evidence=with_undecoded(article, computed.evidence) if has_evidence else (),
            languages=dict(extraction.body.languages),
            foreign=article.given_foreign,
            source_languages=(
                source_languages(computed.evidence, extraction, self.model.resources)
                if has_evidence and label != "clean"
                else {}
            ),
            words=computed.words,
            body=article.given_body,
            signature=self.signature,
        )

    def _label(self, score: float) -> Label:
        """The label of a score at the model's own prior: the thresholds stand for false-positive rates."""
        thresholds = self.model.manifest["thresholds"]
        if score >= thresholds["garbled"]:
            return "garbled"
        return "suspect" if score >= thresholds["suspect"] else "clean"

    def _cannot_tell(self, id: str, reason: Reason, detail: str | None) -> Verdict:
        return Verdict(id=id, status="cannot_tell", reason=reason, detail=detail, signature=self.signature)


def _flattened(results: Iterator[list[Verdict]]) -> Iterator[Verdict]:
    """The verdicts one by one; a consumer that stops early stops the processes' work, too."""
    for verdicts in results:
        yield from verdicts


def _shown(document: Document) -> Document:
    """The document as its verdict's offsets see it, and what is to be said of it besides the score."""
    document = as_text(document)
    if document.text is None:
        return document
    text = without_surrogates(document.text)
    return replace(document, text=text, detail=joined_details(document.detail, declared_translation(text)))


def shared_scorer(path: str | None, prior: float | None) -> Scorer:
    """One scorer a process and model, however often work arrives. A folder whose model was replaced is loaded anew."""
    folder = os.fspath(default_model_path() if path is None else path)
    return same_scorer(folder, digest_of(Path(folder)), prior)


@lru_cache(maxsize=2)
def same_scorer(path: str, digest: str, prior: float | None, allow: tuple[str, ...] = ()) -> Scorer:
    """The scorer of the model with this digest, one a process. Raises `ModelError` where the folder holds another
    model by now."""
    scorer = Scorer.load(path, prior=prior, allow=allow)
    if scorer.model.digest != digest:
        raise ModelError(
            f"the model in {path} was replaced while texts were scored with the old one; load it again"
        )
    return scorer


@dataclass(frozen=True, slots=True)
class _Score:
    """`Scorer._verdicts` in another process."""

    key: Key
    evidence: bool

    def __call__(self, batch: Sequence[Document]) -> list[Verdict]:
        return same_scorer(*self.key)._verdicts(batch, self.evidence)


@dataclass(frozen=True, slots=True)
class _ScoreStories:
    """`Scorer._stories` in another process."""

    key: Key

    def __call__(self, batch: Sequence[Document]) -> list[tuple[Verdict, Story]]:
        return same_scorer(*self.key)._stories(batch)
