"""A whole batch scored together: every article first by itself, then beside its siblings.

Each article is read and scored once. It waits in a temporary file with its verdict, and only the numbers of its story's
terms stay in memory, until the batch is at its end and siblings are known.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from mtscore.records import Sentence, Verdict
from mtscore.siblings.alignment import MAX_SENTENCES, Version
from mtscore.siblings.comparison import Comparison, clamped_logit, compared
from mtscore.siblings.spool import Spool, sentence_of, verdict_of
from mtscore.siblings.stories import Pairing, StoryIndex, Term, story_terms
from mtscore.text.article import Article
from mtscore.text.body import dominant_language, find_body
from mtscore.text.cleaning import clean
from mtscore.words.lexicon import Lexicon
from mtscore.words.resources import Resources

VERSIONS = 64
"""Articles kept prepared for comparison."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a comparison needs of an article: the terms of its story, its text and the sentences that are compared."""

    terms: Mapping[str, Term]
    text: str
    sentences: tuple[Sentence, ...]


def story_of(article: Article | None, lexicon: Lexicon) -> Story:
    """The story of an article; nothing of one that is not there or not English."""
    if article is None or dominant_language(article.body) is not None:
        return Story({}, "", ())
    terms = story_terms(article.text, article.body.spans, lexicon)
    return Story(terms, article.view.given, article.given_sentences[:MAX_SENTENCES])


class StoryBatch:
    """Articles with their verdicts, one after another, and then what siblings say of each."""

    def __init__(self, resources: Resources, threshold: float) -> None:
        """`threshold` is where the label `garbled` begins, in log-odds."""
        self._resources = resources
        self._threshold = threshold
        self._index = StoryIndex()
        self._spool = Spool()
        self._log_odds = array("d")

    def __enter__(self) -> StoryBatch:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.__exit__()

    def add(self, verdict: Verdict, story: Story) -> None:
        """The next article, and the verdict on it by itself."""
        self._index.add(story.terms)
        self._log_odds.append(
            float("nan") if verdict.score is None else clamped_logit(verdict.score) - self._threshold
        )
        sentences = [(s.words, s.starts, s.ends) for s in story.sentences] if story.terms else []
        self._spool.add([asdict(replace(verdict, signature={})), story.text if sentences else "", sentences])

    def compared(self) -> Iterator[tuple[Verdict, Comparison | None]]:
        """Each verdict, in order, with what siblings say of the article: nothing of one without a score."""
        siblings = self._index.siblings()

        @lru_cache(maxsize=VERSIONS)
        def version(number: int) -> Version:
            verdict, text, sentences = self._spool[number]
            lexicon = self._resources.lexicon
            return Version(
                verdict["id"], text, self._log_odds[number], tuple(map(sentence_of, sentences)), lexicon
            )

        for number, pairings in enumerate(siblings):
            verdict = verdict_of(self._spool[number][0])
            others = [pairing.number for pairing in pairings if self._has_score(pairing.number)]
            if verdict.score is None:
                yield verdict, None
            elif others:
                found = compared(version(number), map(version, others), self._resources)
                yield verdict, replace(found, siblings=len(others))
            else:
                yield verdict, Comparison((), 0.0, 0.0)

    def _has_score(self, number: int) -> bool:
        return not math.isnan(self._log_odds[number])


def find_siblings(texts: Iterable[str], lexicon: Lexicon) -> list[tuple[Pairing, ...]]:
    """For each text the others on the same story, without scoring any."""
    index = StoryIndex()
    for text in (clean(given).text for given in texts):
        body = find_body(text)
        is_english = dominant_language(body) is None
        index.add(story_terms(text, body.spans, lexicon) if is_english else {})
    return index.siblings()
