"""The KenLM models of a model folder, estimated by KenLM's own `lmplz` and packed by its `build_binary`.

Three models look at a text from three sides. The forward model asks how well a word follows from the words
before it, the backward model (the same sentences read from their end) how well it fits the words after it,
and the syntax model (classes in place of words, see `training.word_classes`) whether the sentence is built
like a sentence. All are modified Kneser-Ney models, pruned, quantised, and packed as tries, of order 6 at
most: PyPI's `kenlm` module reads no more.

The two word models know only the most frequent words. A word met a few times in the whole corpus brings no
n-gram that could be trusted, but its share of the file: the vocabulary is what fits into the size budget, and
rarer words are the matter of the word table and of the invented-word signal. To a word model they are all
`<unk>`, which garbled and clean text meet alike.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mtscore.errors import MtscoreError
from mtscore.words.lexicon import Lexicon

_LOG_TAIL = 6


class ToolError(MtscoreError):
    """KenLM's programs are missing, or one of them failed."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How one language model is estimated and packed."""

    order: int
    """Longest n-gram."""
    prune: tuple[int, ...]
    """Per order from 1 up: n-grams that occur this often or less are dropped."""
    probability_bits: int
    """Bits of a quantised probability."""
    backoff_bits: int
    """Bits of a quantised backoff weight."""
    pointer_bits: int = 22
    """Upper limit of the bits of a trie pointer that are kept in an offset table: more is smaller, slower."""
    vocabulary: int | None = None
    """The most frequent words that the model knows; None for all that occur."""


FORWARD = ModelSettings(4, (0, 2, 4, 7), 7, 6, vocabulary=50_000)
BACKWARD = ModelSettings(3, (0, 3, 5), 7, 6, vocabulary=50_000)
SYNTAX = ModelSettings(5, (0, 0, 4, 8, 12), 6, 5)


@dataclass(frozen=True, slots=True)
class Tools:
    """Paths of KenLM's programs."""

    lmplz: str
    build_binary: str


def find_tools(folder: Path | None = None) -> Tools:
    """KenLM's programs in `folder`, or on the search path."""
    found = {name: shutil.which(name, path=folder and str(folder)) for name in ("lmplz", "build_binary")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise ToolError(
            f"{' and '.join(missing)} cannot be run from {folder or 'the search path'}: no Python package "
            "brings KenLM's programs; `sh training/get_lmplz.sh DIR` builds them, then pass --lmplz-dir DIR"
        )
    return Tools(str(found["lmplz"]), str(found["build_binary"]))


def reversed_sentences(sentences: Iterable[str]) -> Iterator[str]:
    """The sentences as the backward model reads them, last word first."""
    for sentence in sentences:
        yield " ".join(reversed(sentence.split())) + "\n"


def class_sentences(sentences: Iterable[str], lexicon: Lexicon) -> Iterator[str]:
    """The sentences as the syntax model reads them: the class that scoring will look up for each word."""
    for sentence in sentences:
        yield " ".join(map(lexicon.syntax_class, sentence.split())) + "\n"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every estimation needs: the programs, a folder for logs and temporary files (several times the
    size of the corpus), and the memory that sorting may take, written as for GNU sort."""

    tools: Tools
    folder: Path
    memory: str


def estimate(
    shop: Workshop, settings: ModelSettings, sentences: Iterable[str], vocabulary: Iterable[str], output: Path
) -> None:
    """Estimate one model from `sentences` (a line each) and write it to `output`.

    The messages of the programs are appended to a log, `forward.log` for `forward.bin`, in the workshop's
    folder.
    """
    log = shop.folder / f"{output.name.partition('.')[0]}.log"
    with tempfile.TemporaryDirectory(dir=shop.folder) as name:
        scratch = Path(name)
        arpa, words = scratch / "model.arpa", scratch / "words"
        lmplz = [shop.tools.lmplz, "-o", str(settings.order), "--prune", *map(str, settings.prune)]
        # Classes and small corpora lack the n-grams seen once or twice that discounts are estimated from.
        # Orders that have them are not affected.
        lmplz += ["--discount_fallback", "-S", shop.memory, "-T", f"{scratch}/", "--arpa", str(arpa)]
        if settings.vocabulary is not None:
            words.write_text(" ".join(vocabulary), encoding="utf-8")
            lmplz += ["--limit_vocab_file", str(words)]
        _run(lmplz, log, sentences)
        bits = ["-q", settings.probability_bits, "-b", settings.backoff_bits, "-a", settings.pointer_bits]
        packing = [*map(str, bits), "-S", shop.memory, "-T", f"{scratch}/"]
        _run([shop.tools.build_binary, *packing, "trie", str(arpa), str(output)], log)


def _run(command: list[str], log: Path, lines: Iterable[str] = ()) -> None:
    """Run a program on `lines` as its standard input; whatever it prints goes to the log."""
    with open(log, "ab") as messages:
        process = subprocess.Popen(
            command, bufsize=1 << 20, stdin=subprocess.PIPE, stdout=messages, stderr=subprocess.STDOUT
        )
        assert process.stdin is not None
        has_read_all = True
        try:
            with process.stdin as pipe:
                for line in lines:
                    pipe.write(line.encode())
        except BrokenPipeError:  # it gave up: the log says why
            has_read_all = False
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
    if status or not has_read_all:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_TAIL:]
        raise ToolError(
            f"{command[0]} ended with status {status}; see {log}, which ends:\n" + "\n".join(tail)
        )
