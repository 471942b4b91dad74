"""The article: a text with its body and the body's sentences, all that is known before a model is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter

from mtscore.records import Body, Evidence, ForeignSpan, Sentence, Span
from mtscore.text.body import find_body
from mtscore.text.cleaning import clean
from mtscore.text.hyphens import KnownWords
from mtscore.text.segmentation import segment
from mtscore.text.view import View


@dataclass(frozen=True, slots=True)
class Article:
    """A text as it is read (`view`), its body, and the sentences of the body. All offsets point into `text`; the
    methods give the places in the text as given that they stand for."""

    view: View
    body: Body
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The text as it is read."""
        return self.view.text

    @property
    def words(self) -> int:
        """How many of the tokens are words (not numbers and punctuation)."""
        tokens = chain.from_iterable(sentence.words for sentence in self.sentences)
        return sum(map(str.isalpha, map(itemgetter(0), tokens)))

    @property
    def given_body(self) -> tuple[Span, ...]:
        """The spans of the body in the text as given."""
        return tuple(self.view.span(*span) for span in self.body.spans)

    @property
    def given_foreign(self) -> tuple[ForeignSpan, ...]:
        """The body's stretches in other languages, in the text as given."""
        if self.view.is_same:
            return self.body.foreign
        pairs = ((found, self.view.span(found.start, found.end)) for found in self.body.foreign)
        return tuple(replace(found, start=span.start, end=span.end) for found, span in pairs)

    @property
    def given_sentences(self) -> tuple[Sentence, ...]:
        """The sentences with the places of their tokens in the text as given."""
        if self.view.is_same:
            return self.sentences
        spans = [
            [self.view.span(*place) for place in zip(s.starts, s.ends, strict=True)] for s in self.sentences
        ]
        return tuple(
            Sentence(s.words, tuple(p.start for p in places), tuple(p.end for p in places))
            for s, places in zip(self.sentences, spans, strict=True)
        )

    def given_evidence(self, found: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Findings in the text as given, whose exact words they quote."""
        return tuple(found) if self.view.is_same else tuple(map(self._given, found))

    def _given(self, item: Evidence) -> Evidence:
        start, end = self.view.span(item.start, item.end)
        sentence = self.view.span(*item.sentence)
        return replace(item, start=start, end=end, text=self.view.given[start:end], sentence=sentence)


def read_article(text: str, words: KnownWords = ()) -> Article:
    """The body of a text without lone surrogates, cut into sentences. `words` holds the known words in lower case, by
    which the halves of hyphenated ones are joined."""
    view = clean(text, words)
    body = find_body(view.text)
    return Article(view, body, segment(view.text, body.spans))
