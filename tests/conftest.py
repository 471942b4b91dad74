"""Tiny models written by hand, so that every formula can be checked with pencil and paper."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
import pytest

from mtscore.arrays.network import Network
from mtscore.arrays.ngrams import NgramSpace
from mtscore.arrays.trees import Trees
from mtscore.learning.model_writer import Origin, finish
from mtscore.learning.train import Settings
from mtscore.model import classifier as classifiers
from mtscore.model.base_features import BaseFeatures, component_number
from mtscore.model.classifier import Classifier, Contrast
from mtscore.scoring.scorer import Scorer
from mtscore.signals import quality as qualities
from mtscore.signals.columns import FEATURE_SET_VERSION, INPUT_NAMES, SIGNAL_NAMES
from mtscore.signals.quality import MERIT_SPACES, Merit, Quality
from mtscore.signals.sentences import SENTENCE_INPUTS
from mtscore.words.resources import Resources, load_resources

if TYPE_CHECKING:
    from serving import Running

# Whoever is started in the background ignores interrupts, and so would the processes of the tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


FORWARD = r"""\data\
ngram 1=7
ngram 2=3

\1-grams:
-3.0	<unk>	0
0	<s>	-0.5
-1.0	</s>	0
-0.5	the	-0.25
-1.5	cat	-0.5
-2.0	sat	0
-1.0	.	0

\2-grams:
-0.2	<s> the
-0.7	the cat
-0.4	sat .

\end\
"""

BACKWARD = FORWARD.replace("<s> the", "<s> .").replace("the cat", "cat the").replace("sat .", ". sat")

SYNTAX = r"""\data\
ngram 1=5
ngram 2=1

\1-grams:
-2.0	<unk>	0
0	<s>	0
-1.0	</s>	0
-0.5	the	-0.1
-1.0	c1	0

\2-grams:
-0.3	the c1

\end\
"""

LEXICON = "the\t600\tthe\n.\t300\t.\ncat\t90\tc1\nsat\t10\tc1\n"


def write_models(folder: Path) -> Resources:
    """Three ARPA files (KenLM reads them as they are) and a word table of 1,000 tokens."""
    for name, arpa in (("forward", FORWARD), ("backward", BACKWARD), ("syntax", SYNTAX)):
        (folder / f"{name}.bin").write_text(arpa, encoding="utf-8")
    (folder / "lexicon.tsv.gz").write_bytes(gzip.compress(LEXICON.encode(), mtime=0))
    return load_resources(folder)


def stump(feature: int, threshold: float, below: float, above: float, baseline: float = 0.0) -> Trees:
    """One tree with one question."""
    return Trees(
        feature=np.array([[feature, 0, 0]], np.int16),
        threshold=np.array([[threshold, 0, 0]], np.float64),
        left=np.array([[1, 0, 0]], np.int16),
        right=np.array([[2, 0, 0]], np.int16),
        value=np.array([[0, below, above]], np.float64),
        baseline=baseline,
    )


def tiny_classifier() -> Classifier:
    """Perplexity above 1.5 says garbled to the trees; the network says nothing."""
    inputs = len(INPUT_NAMES) + 2  # and the contrast and the strength
    contrast = Contrast("word_contrast", "words", NgramSpace((1, 2), 1, 8), np.zeros(256, np.float16), 0.0)
    return Classifier(INPUT_NAMES, (contrast,), stump(0, 1.5, -2.0, 2.0), silent(inputs), (1.0, 0.0, 0.0))


def no_merit() -> Merit:
    """A linear part that says 0 of every sentence."""
    size = len(SENTENCE_INPUTS)
    ngrams = {tokens: np.zeros(1 << space.bits, np.float16) for tokens, space in MERIT_SPACES.items()}
    return Merit(np.zeros(size), np.ones(size), np.zeros(size), ngrams)


def silent(inputs: int) -> Network:
    """A network that says 0 to everything."""
    unit = np.zeros(1, np.float32)
    return Network(np.zeros(inputs), np.ones(inputs), np.zeros((inputs, 1), np.float32), unit, unit, 0.0)


def write_bundle(folder: Path) -> Path:
    """A complete model folder around the tiny models."""
    models = write_models(folder)
    classifiers.save(tiny_classifier(), folder / "classifier.safetensors")
    column = SENTENCE_INPUTS.index("forward_mean")
    quality = Quality(
        stump(column, -1.5, 20.0, 90.0), no_merit(), ((0.0, 0.0), (100.0, 100.0)), models.lexicon.floor
    )
    qualities.save(quality, folder / "quality.safetensors")
    files = {p.name: {"sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in sorted(folder.iterdir())}
    manifest = {
        "format": 3,
        "name": "tiny",
        "feature_set": FEATURE_SET_VERSION,
        "signals": list(SIGNAL_NAMES),
        "prior": 0.5,
        "thresholds": {"garbled": 0.5, "suspect": 0.3},
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


WORDS = (
    "farmer basket river window garden letter market winter bridge teacher kitchen village doctor morning "
    "harbour ticket station paper table stone ladder orchard blanket lantern saddle anchor"
).split()
QUICK = Settings(trees=6)
"""Few trees: enough for toys."""
VERBS = "sold carried found watched opened painted mended counted moved cleaned lifted borrowed".split()


def toy_text(seed: int, *, is_garbled: bool) -> str:
    """Ten sentences; the tiny models know more words of a clean text than of a garbled one."""
    generator = random.Random(seed)
    known = 0.25 if is_garbled else 0.65
    sentences = []
    for _ in range(10):
        words = [
            generator.choice(("the", "cat", "sat")) if generator.random() < known else generator.choice(WORDS)
            for _ in range(11)
        ]
        sentences.append(f"The {' '.join(words)} and {generator.choice(VERBS)} it.")
    return " ".join(sentences)


def toy_base(rows: int = 400) -> BaseFeatures:
    """Training rows in which, as in `toy_text`, the first signal tells garbled from clean, with some noise."""
    generator = np.random.default_rng(5)
    label = (np.arange(rows) % 2).astype(np.uint8)
    names = tiny_classifier().input_names
    matrix = generator.normal(size=(rows, len(names)))
    matrix[:, 0] = 1.9 + 0.35 * label + generator.normal(scale=0.12, size=rows)
    return BaseFeatures(
        names,
        matrix.astype(np.float16),
        label,
        np.ones(rows, np.float32),
        np.arange(rows) % 4 < 2,
        np.array([component_number(f"base {i // 2}") for i in range(rows)]),
        np.zeros(rows, np.float32),
        tuple(f"{'letters' if i % 10 < 4 else 'news'}:toy" for i in range(rows)),
        tuple("letters" if i % 10 < 4 else "news" for i in range(rows)),
    )


@pytest.fixture(scope="session")
def trained_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete folder that a classifier was trained for, with its base features; not to be written to."""
    folder = tmp_path_factory.mktemp("trained") / "toy"
    folder.mkdir()
    models = write_models(folder)
    column = SENTENCE_INPUTS.index("forward_mean")
    quality = Quality(
        stump(column, -1.5, 20.0, 90.0), no_merit(), ((0.0, 0.0), (100.0, 100.0)), models.lexicon.floor
    )
    qualities.save(quality, folder / "quality.safetensors")
    finish(folder, toy_base(), tiny_classifier().contrasts, Origin([]), settings=QUICK)
    return folder


@pytest.fixture(autouse=True)
def read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads closely who does not say so: whether the reader is installed makes no difference."""
    monkeypatch.setenv("MTSCORE_READING", "quick")


@pytest.fixture(scope="session")
def service(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`mtscore serve` with small limits, for all tests that need no service of their own."""
    from serving import MAX_BODY, MAX_BYTES, Running

    folder = tmp_path_factory.mktemp("service")
    limits = ("--max-bytes", str(MAX_BYTES), "--max-body", str(MAX_BODY), "--queue", "8")
    with Running(folder, trained_model, *limits, "--compare", str(trained_model)) as running:
        yield running


@pytest.fixture
def in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def in_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout as the working folder."""
    monkeypatch.chdir(Path(__file__).resolve().parents[1])


@pytest.fixture
def give_stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | TextIO | None], None]:
    """Puts bytes, or a stream, on standard input."""

    def give(data: bytes | TextIO | None) -> None:
        stream = io.TextIOWrapper(io.BytesIO(data)) if isinstance(data, bytes) else data
        monkeypatch.setattr(sys, "stdin", stream)

    return give


@pytest.fixture
def models(tmp_path: Path) -> Resources:
    return write_models(tmp_path)


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    return write_bundle(folder)


@pytest.fixture(scope="session")
def shipped() -> Scorer:
    """The model that ships with the package."""
    return Scorer.load()
