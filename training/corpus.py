"""Raw text to the sentences that the language models read, without the lines that must stay unknown to them.

A language model is surprised less by a text that it was built from than by any other. If it had read the
human documents that the classifier learns from, their features would look better than those of human text
ever will in use, and the classifier would learn "known to the model" instead of "not garbled". So every line
of a held-out human document (`training.dataset.is_held_out`) is taken out of the corpus; and of the other
human documents, the lines that the corpus does contain are written down, so that the classifier's training
can leave those documents out (`training.dataset.human_rows`).

Lines are compared by their letters and digits alone (`training.dataset.line_key`), because corpora differ in
their quotes, dashes and spacing. Only digests of the keys are kept: they need little memory, do not depend on
Python's hash seed, and the file of them holds no text of anybody's.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mtscore.errors import InputError
from mtscore.records import Span
from mtscore.text.segmentation import segment
from training.dataset import is_held_out, line_key, read_lines

MIN_KEY_CHARS = 20
"""Lines with fewer letters and digits are headings, names and set phrases: they identify no document."""

_OPENERS: dict[str, Callable[..., Any]] = {".txt": open, ".xz": lzma.open, ".gz": gzip.open}


class LineKeys:
    """A set of line keys that remembers 64-bit digests only.

    It can be asked like a set of keys, `line_key(line) in keys`. The chance that any of a million lines meets
    one of 200,000 digests by accident is one in 10^8.
    """

    def __init__(self, digests: Iterable[str] = ()) -> None:
        self._digests = set(digests)

    @staticmethod
    def digest(key: str) -> str:
        """16 hexadecimal digits that stand for the key."""
        return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def add(self, key: str) -> None:
        self._digests.add(self.digest(key))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.digest(key) in self._digests

    def __len__(self) -> int:
        return len(self._digests)

    def save(self, path: Path) -> None:
        """Write the digests, one a line, sorted, as gzip text that depends on nothing else."""
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
            out.write("".join(f"{digest}\n" for digest in sorted(self._digests)).encode())

    @classmethod
    def load(cls, path: Path) -> LineKeys:
        """The set that `save` wrote."""
        with gzip.open(path, "rt", encoding="ascii") as lines:
            return cls(line.rstrip("\n") for line in lines)


@dataclass(frozen=True, slots=True)
class HumanLines:
    """The line keys of a folder of human documents.

    `held_out`: lines of documents that the language models must not see. `others`: the lines of the rest,
    which they may see unless a held-out document has them too.
    """

    held_out: LineKeys
    others: LineKeys


def human_lines(folder: Path) -> HumanLines:
    """The line keys of every `*.jsonl.xz` in `folder`; a record needs an `id` and a `text`."""
    files = sorted(folder.glob("*.jsonl.xz"))
    if not files:
        raise InputError(f"{folder} holds no .jsonl.xz file of human documents: name the folder that does")
    held_out, others = LineKeys(), LineKeys()
    for file in files:
        for identity, text in _documents(file):
            keys = held_out if is_held_out(identity) else others
            for key in map(line_key, text.split("\n")):
                if len(key) >= MIN_KEY_CHARS:
                    keys.add(key)
    return HumanLines(held_out, others)


def _documents(file: Path) -> Iterator[tuple[str, str]]:
    try:
        for record in read_lines(file):
            yield record["id"], record["text"]
    except (KeyError, TypeError, ValueError, EOFError, lzma.LZMAError) as error:
        raise InputError(f"{file}: every line must be a JSON record with id and text: {error!r}") from error


def read_paragraphs(files: Iterable[Path]) -> Iterator[str]:
    """The lines of plain, .xz or .gz text files in the order given: one paragraph a line, cased, not
    tokenised."""
    for file in files:
        opener = _OPENERS.get(file.suffix)
        if opener is None:
            raise InputError(f"{file}: a corpus file must be one of {', '.join(_OPENERS)}")
        try:
            with opener(file, "rt", encoding="utf-8") as lines:
                for line in lines:
                    yield line.rstrip("\n")
        except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
            raise InputError(f"{file} cannot be read as UTF-8 text: {error}") from error


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """What became of a corpus: paragraphs read, paragraphs left out as held out, sentences written."""

    paragraphs: int
    held_out: int
    sentences: int


def write_sentences(
    paragraphs: Iterable[str], human: HumanLines, sentences: IO[str]
) -> tuple[CorpusCounts, LineKeys]:
    """Write the corpus as the language models see it, one sentence a line, tokens separated by a space.

    Tokens and sentences are made by `mtscore.text.segmentation`, the same function that scoring uses: a model that was
    counted on other tokens than it is asked about measures the difference in tokenisation. Returned are the
    counts, and the keys of the lines of not held-out human documents that are now part of the corpus.
    """
    seen = LineKeys()
    read = left_out = written = 0
    for paragraph in paragraphs:
        read += 1
        key = line_key(paragraph)
        if key in human.held_out:
            left_out += 1
            continue
        if key in human.others:
            seen.add(key)
        for sentence in segment(paragraph, [Span(0, len(paragraph))]):
            sentences.write(" ".join(sentence.words) + "\n")
            written += 1
    return CorpusCounts(read, left_out, written), seen
