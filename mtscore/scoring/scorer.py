"""The scorer: one document in, one verdict out, in the same order, always."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mtscore.arrays.odds import logit
from mtscore.errors import InputError, ModelError
from mtscore.model.close import CloseModel
from mtscore.model.contents import digest_of
from mtscore.model.folder import ModelFolder, default_model_path
from mtscore.records import Document, Label, Verdict
from mtscore.scoring.arguments import as_documents, check_jobs, kind_of
from mtscore.scoring.batching import CLOSE_CHARACTERS, batches, groups
from mtscore.scoring.close_reading import CloseReading, reading_mode
from mtscore.scoring.computation import MAX_EVIDENCE, Computed, compute
from mtscore.scoring.scale import Scale
from mtscore.scoring.verdicts import Verdicts
from mtscore.scoring.workers import in_processes, in_threads
from mtscore.signals.columns import FEATURE_SET_VERSION
from mtscore.text.article import Article, read_article
from mtscore.text.declared import declared_translation
from mtscore.text.scored_text import as_text, joined_details, scored_text
from mtscore.text.surrogates import without_surrogates
from mtscore.version import __version__
from mtscore.words.allowed import Allowed

if TYPE_CHECKING:
    from mtscore.siblings.batch import Story
    from mtscore.siblings.stories import Pairing

NO_MEMORY = "there is not enough memory to score a document of this size"

Allow: TypeAlias = "str | os.PathLike[str] | Iterable[str] | None"
"""Names and terms that are right, or the path of a file with them."""

_VISIBLE = re.compile(r"[^\s\ufeff\u200b-\u200f\x00]")


class Scorer:
    """Scores texts with one model. Load it once and use it for everything; it can be pickled to workers."""

    def __init__(
        self,
        model: ModelFolder,
        *,
        prior: float | None = None,
        reading: str | None = None,
        allow: Allow = None,
        threads: int | None = None,
        close: CloseReading | None = None,
    ) -> None:
        """`prior` is the share of garbled articles to expect, between 0 and 1 (exclusive); without it the
        model's own. A higher prior raises every score and leaves the order alone. `reading` is "quick", "close" or
        "auto"; without it what `MTSCORE_READING` names, or quick. `allow` names what is right and no finding: the path
        of a file with a name or term a line, or the names and terms. `threads` are those of the reader; without it as
        many as there are processors. `close` is what is loaded for close reading otherwise."""
        self.model = model
        self._asked_prior = prior
        self._scale = Scale.of(model.manifest, prior)
        self.prior = self._scale.prior
        self.allowed = Allowed.of(allow)
        self.reading = reading_mode(reading)
        self._close = close
        if close is None and self.reading != "quick":
            is_automatic = self.reading == "auto"
            self._close = CloseReading.load(model, is_automatic=is_automatic, threads=threads)
        self.signature: dict[str, Any] = {
            "package": __version__,
            "model": str(model.manifest["name"]),
            "digest": model.digest,
            "features": FEATURE_SET_VERSION,
            "prior": self.prior,
            "reading": self.reading,
            **({"allowed": self.allowed.digest} if self.allowed.terms else {}),
        }
        signatures = {"none": self.signature, "quick": {**self.signature, "reading": "quick"}}
        if self._close is not None:
            self.signature["reader"] = self._close.reader.digest
            signatures["close"] = {**self.signature, "reading": "close"}
        self._verdicts = Verdicts(model, self._scale, signatures)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        prior: float | None = None,
        reading: str | None = None,
        allow: Allow = None,
    ) -> Scorer:
        """Load a model folder, by default the one that ships with the package, to read "quick", "close" or "auto"
        (closely only where that can change the label).

        Raises `ModelError` when the folder is missing, damaged or of another format, or when it cannot be used for
        close reading.
        """
        return cls(ModelFolder.load(path), prior=prior, reading=reading, allow=allow)

    @property
    def reader(self) -> str | None:
        """The digest of the reader; None where texts are read quickly."""
        return None if self._close is None else self._close.reader.digest

    @property
    def close_model(self) -> CloseModel | None:
        """The close classifier; None where texts are read quickly."""
        return None if self._close is None else self._close.model

    @property
    def thresholds(self) -> dict[str, float]:
        """The scores from which the labels `garbled` and `suspect` begin, at this scorer's prior."""
        return self._scale.thresholds

    def __reduce__(self) -> tuple[Any, ...]:
        return same_scorer, (self._key,)

    @property
    def _key(self) -> Key:
        """What another process needs to load the same scorer."""
        path, terms = os.fspath(self.model.path), self.allowed.terms
        return Key(path, self.model.digest, self._asked_prior, self.reading, terms)

    def score(self, text: str, *, id: str = "") -> Verdict:
        """Judge one text. Offsets in the verdict are code points of `text`."""
        if not isinstance(text, str):
            raise InputError(f"score takes a text, not {kind_of(text)}; score_many takes documents")
        (document,) = as_documents([Document(id, text)])
        return self._judged([document])[0]

    def score_many(
        self, documents: Iterable[str | Document], *, jobs: int = 1, evidence: bool = True
    ) -> Iterator[Verdict]:
        """One verdict for each document, in order, streaming; `jobs` processes share the language models. For close
        reading they are threads, which share the reader.

        Plain strings are numbered from 1. A document that cannot be judged gets a verdict that says why.
        For HTML, offsets refer to the text that `mtscore.text.html.read_html` extracts. Without `evidence` the verdicts
        have no findings and no source languages and are smaller to hand on; the scores are the same. Only as
        many documents are read ahead as the processes need, so any number of them can pass through.
        """
        check_jobs(jobs)
        read = self._batches(documents, jobs)
        if jobs == 1:
            return _flattened(self._judged(batch, evidence) for batch in read)
        if self._close is not None:
            return _flattened(in_threads(lambda batch: self._judged(batch, evidence), read, jobs))
        return _flattened(in_processes(_Score(self._key, evidence), read, jobs))

    def score_siblings(self, documents: Iterable[str | Document], *, jobs: int = 1) -> Iterator[Verdict]:
        """`score_many` for a batch that may hold several articles on one story: those are found and compared
        sentence by sentence. Words of the most garbled version where others have one that fits better become
        evidence of kind `sibling` and raise its score; no other score changes.

        The whole batch is read and scored before the first verdict comes. It waits in a temporary file.
        """
        check_jobs(jobs)
        read = self._batches(documents, jobs)
        if jobs == 1:
            return self._beside_siblings(map(self._stories, read))
        if self._close is not None:
            return self._beside_siblings(in_threads(self._stories, read, jobs))
        return self._beside_siblings(in_processes(_ScoreStories(self._key), read, jobs))

    def _batches(self, documents: Iterable[str | Document], jobs: int) -> Iterator[list[Document]]:
        if self._close is None:
            return batches(as_documents(documents))
        self._close.share(jobs)
        return batches(as_documents(documents), CLOSE_CHARACTERS)

    def _beside_siblings(self, results: Iterable[list[tuple[Verdict, Story]]]) -> Iterator[Verdict]:
        from mtscore.siblings.batch import StoryBatch
        from mtscore.siblings.comparison import with_comparison, without_allowed

        with StoryBatch(self.model.resources, logit(self.thresholds["garbled"])) as stories:
            for verdict, story in chain.from_iterable(results):
                stories.add(verdict, story)
            for verdict, comparison in stories.compared():
                signed = replace(
                    verdict, signature={**self._verdicts.signature_of(verdict), "siblings": True}
                )
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
        return self._scale.rescored(log_odds)

    def _judged(self, documents: Sequence[Document], evidence: bool = True) -> list[Verdict]:
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
                return [(self._verdicts.cannot_tell(documents[0].id, "unreadable", NO_MEMORY), None)]
        return [pair for document in documents for pair in self._read([document], evidence)]

    def _read_together(
        self, documents: Sequence[Document], evidence: bool
    ) -> list[tuple[Verdict, Article | None]]:
        is_page = [document.is_html for document in documents]
        documents = [_shown(document) for document in documents]
        articles = [self._article(document) for document in documents]
        problems = [self._verdicts.problem(*each) for each in zip(documents, articles, is_page, strict=True)]
        fit = [a for a, problem in zip(articles, problems, strict=True) if problem is None and a is not None]
        computed: Iterator[Computed] = chain.from_iterable(
            compute(g, self.model, self.allowed) for g in groups(fit)
        )
        if self._close is not None:
            computed = self._close.read(fit, computed, self.model, self.allowed, has_evidence=evidence)
        verdicts = (
            problem or self._verdicts.scored(document, article, next(computed), evidence)
            for document, article, problem in zip(documents, articles, problems, strict=True)
        )
        return list(zip(verdicts, articles, strict=True))

    def _article(self, document: Document) -> Article | None:
        """The document's article; None where nothing can be seen."""
        text = document.text or ""
        return read_article(text, self.model.resources.vocabulary) if _VISIBLE.search(text) else None


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


class Key(NamedTuple):
    """What another process needs to load the same scorer."""

    path: str
    digest: str
    prior: float | None
    reading: str
    allow: tuple[str, ...] = ()
    """The terms that are allowed."""


def shared_scorer(path: str | None, prior: float | None, reading: str | None = None) -> Scorer:
    """One scorer a process and model, however often work arrives. A folder whose model was replaced is loaded anew."""
    folder = os.fspath(default_model_path() if path is None else path)
    return same_scorer(Key(folder, digest_of(Path(folder)), prior, reading_mode(reading)))


@lru_cache(maxsize=2)
def same_scorer(key: Key) -> Scorer:
    """The scorer of the model with this digest, one a process. Raises `ModelError` where the folder holds another
    model by now."""
    model = ModelFolder.load(key.path)
    if model.digest != key.digest:
        raise ModelError(
            f"the model in {key.path} was replaced while texts were scored with the old one; load it again"
        )
    return Scorer(model, prior=key.prior, reading=key.reading, allow=key.allow)


@dataclass(frozen=True, slots=True)
class _Score:
    """`Scorer._judged` in another process."""

    key: Key
    evidence: bool

    def __call__(self, batch: Sequence[Document]) -> list[Verdict]:
        return same_scorer(self.key)._judged(batch, self.evidence)


@dataclass(frozen=True, slots=True)
class _ScoreStories:
    """`Scorer._stories` in another process."""

    key: Key

    def __call__(self, batch: Sequence[Document]) -> list[tuple[Verdict, Story]]:
        return same_scorer(self.key)._stories(batch)
