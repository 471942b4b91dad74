"""What the models say of every token of a document, computed once and read by all signals and evidence."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from mtscore.arrays.ngrams import letter_hashes, token_hashes
from mtscore.arrays.ragged import RowSplits
from mtscore.records import Sentence
from mtscore.words.resources import Resources

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Hashed = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]
"""The hash of every token, and the number of its sentence."""

_FIRST = itemgetter(0)

TOKEN_KINDS = ("words", "classes", "letters")
"""What `sentence_tokens` can hash."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Token arrays of one document, all of the same length, sentences one after another.

    `forward`, `backward` and `syntax` are log10 probabilities of the token given its left context, its
    right context, and its left context of word classes; `*_order` is the length of the n-gram that the
    model had seen (1: not even the pair). `alone` is the token's log10 relative frequency without context.
    `sentence` numbers the token's sentence. `classes` are the symbols of the syntax model.
    """

    sentences: tuple[Sentence, ...]
    words: tuple[str, ...]
    classes: tuple[str, ...]
    starts: Ints
    ends: Ints
    sentence: Ints
    forward: Floats
    forward_order: Ints
    backward: Floats
    backward_order: Ints
    syntax: Floats
    syntax_order: Ints
    alone: Floats
    is_word: npt.NDArray[np.bool_]
    """True for letter tokens, False for numbers and punctuation."""

    @property
    def support(self) -> Floats:
        """How much the context raises (positive) or lowers (negative) each token's probability over its
        frequency, from the left and from the right together: log10 units, unbounded."""
        return self.forward + self.backward - 2 * self.alone


def analyse(sentences: Sequence[Sentence], resources: Resources) -> Analysis:
    """Run every model once over every sentence."""
    words = tuple(itertools.chain.from_iterable(s.words for s in sentences))
    lines = [sentence.words for sentence in sentences]
    classes = resources.lexicon.syntax_classes(words)
    ends = list(itertools.accumulate(map(len, lines)))
    symbols = [classes[end - len(line) : end] for line, end in zip(lines, ends, strict=True)]
    forward, forward_order = resources.forward.scores_of_all(lines)
    backward, backward_order = resources.backward.scores_of_all(lines, is_backward=True)
    syntax, syntax_order = resources.syntax.scores_of_all(symbols)
    return Analysis(
        sentences=tuple(sentences),
        words=words,
        classes=tuple(classes),
        starts=np.fromiter(itertools.chain.from_iterable(s.starts for s in sentences), np.int32, len(words)),
        ends=np.fromiter(itertools.chain.from_iterable(s.ends for s in sentences), np.int32, len(words)),
        sentence=np.repeat(np.arange(len(sentences), dtype=np.int32), [len(line) for line in lines]),
        forward=forward,
        forward_order=forward_order,
        backward=backward,
        backward_order=backward_order,
        syntax=syntax,
        syntax_order=syntax_order,
        alone=np.array(resources.lexicon.log_frequencies(words), np.float32),
        is_word=np.fromiter(map(str.isalpha, map(_FIRST, words)), np.bool_, len(words)),
    )


def sentence_tokens(analysis: Analysis, tokens: str) -> Hashed:
    """The hashes of a document's tokens of one kind, and the sentence of each. Letters are those of the words of a
    sentence, with one space before, between and after them."""
    if tokens != "letters":
        hashes = token_hashes(analysis.words if tokens == "words" else analysis.classes)
        return hashes, analysis.sentence.astype(np.int64)
    lines = [letters_of(sentence.words) for sentence in analysis.sentences]
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    return letter_hashes("".join(lines)), owner


def letters_of(words: Sequence[str]) -> str:
    """The words among some tokens as one string, with one space before, between and after them."""
    return f" {' '.join(compress(words, map(str.isalpha, map(_FIRST, words))))} "


def content_mask(analysis: Analysis) -> npt.NDArray[np.bool_]:
    """True for words that are not function words."""
    plain = map(operator.ne, analysis.words, analysis.classes)
    return analysis.is_word & np.fromiter(plain, np.bool_, len(analysis.words))


@dataclass(frozen=True)
class Group:
    """Documents that are analysed together: `whole` has the tokens of all, one document after another, and numbers
    the sentences of all; `tokens` and `sentences` say which are whose; `documents` has each by itself."""

    whole: Analysis
    tokens: RowSplits
    sentences: RowSplits
    documents: tuple[Analysis, ...]

    @cached_property
    def sentence_sizes(self) -> npt.NDArray[np.int64]:
        """The tokens of every sentence."""
        return np.bincount(self.whole.sentence, minlength=len(self.whole.sentences))

    @cached_property
    def is_content(self) -> npt.NDArray[np.bool_]:
        """`content_mask` for all documents."""
        return content_mask(self.whole)

    @cached_property
    def hashed(self) -> Mapping[str, Hashed]:
        """What `sentence_tokens` gives for all documents, by the kind of tokens."""
        return {kind: sentence_tokens(self.whole, kind) for kind in TOKEN_KINDS}

    @classmethod
    def of_one(cls, analysis: Analysis) -> Group:
        """A document by itself."""
        return cls(
            analysis,
            RowSplits.of_sizes([len(analysis.words)]),
            RowSplits.of_sizes([len(analysis.sentences)]),
            (analysis,),
        )


def analyse_together(documents: Sequence[Sequence[Sentence]], resources: Resources) -> Group:
    """Analyse several documents, given as their sentences. Each comes out as it would alone."""
    whole = analyse(list(itertools.chain.from_iterable(documents)), resources)
    sentences = RowSplits.of_sizes(map(len, documents))
    tokens = RowSplits(np.searchsorted(whole.sentence, sentences.bounds))
    numbers = whole.sentence - np.repeat(sentences.bounds[:-1], tokens.sizes).astype(np.int32)
    cut = [
        _cut(whole, slice(*of_tokens), slice(*of_sentences), numbers)
        for of_tokens, of_sentences in zip(tokens.pairs, sentences.pairs, strict=True)
    ]
    return Group(whole, tokens, sentences, tuple(cut))


def _cut(whole: Analysis, tokens: slice, sentences: slice, numbers: Ints) -> Analysis:
    """One document's part of a larger analysis, its sentences numbered by `numbers`."""
    return Analysis(
        sentences=whole.sentences[sentences],
        words=whole.words[tokens],
        classes=whole.classes[tokens],
        starts=whole.starts[tokens],
        ends=whole.ends[tokens],
        sentence=numbers[tokens],
        forward=whole.forward[tokens],
        forward_order=whole.forward_order[tokens],
        backward=whole.backward[tokens],
        backward_order=whole.backward_order[tokens],
        syntax=whole.syntax[tokens],
        syntax_order=whole.syntax_order[tokens],
        alone=whole.alone[tokens],
        is_word=whole.is_word[tokens],
    )


def support_of(words: Sequence[str], place: int, word: str, resources: Resources) -> float:
    """What the neighbours of a place in a sentence would add to the probability of `word` there, from the left
    and from the right together: log10 units."""
    line = (*words[max(0, place - 3) : place], word, *words[place + 1 : place + 4])
    spot = min(place, 3)
    left = resources.forward.scores(line)[0][spot]
    right = resources.backward.scores(line, is_backward=True)[0][spot]
    return left + right - 2 * resources.lexicon.log_frequency(word)
