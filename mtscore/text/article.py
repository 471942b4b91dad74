"""The article: a text with its body and the body's sentences, all that is known before a model is asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from mtscore.records import Body, Sentence
from mtscore.text.body import find_body
from mtscore.text.segmentation import segment


@dataclass(frozen=True, slots=True)
class Article:
    """A text, its body, and the sentences of the body."""

    text: str
    body: Body
    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """How many of the tokens are words (not numbers and punctuation)."""
        tokens = chain.from_iterable(sentence.words for sentence in self.sentences)
        return sum(map(str.isalpha, map(itemgetter(0), tokens)))


def read_article(text: str) -> Article:
    """The body of a text, cut into sentences. Any string will do."""
    body = find_body(text)
    return Article(text, body, segment(text, body.spans))
