"""What tells a bad translation of a line from a good one: contrasts learned from pairs of the same line.

The aligned corpus has every line in up to two hundred translations, and few of its chunks are labelled. But which of
two translations of one line is the worse can be read off their agreement with the human text of that line, and a
linear model of the difference between the two (pairwise ranking, Joachims 2002, "Optimizing search engines using
clickthrough data") cannot learn what the line is about: topic, names and register cancel. Beside pairs of
translations stand pairs of a bad translation and the human line, because ranking translations alone says little
about human text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from mtscore.arrays.ngrams import NgramSpace, letter_hashes, owned_ngrams, token_hashes
from mtscore.model.base_features import component_number
from mtscore.signals.analysis import letters_of
from mtscore.text.segmentation import MAX_SENTENCE_TOKENS, tokenize
from mtscore.words.lexicon import Lexicon
from training.dataset import UNALIGNED, read_lines, seeded

VERSIONS = 14
"""Translations of one line that are compared, at random."""

DRAWS, MIN_GAP = 12, 0.2
"""Pairs of translations drawn per line, and how far apart their agreement must be."""

HUMAN_PAIRS, BAD, HUMAN_WEIGHT = 2, 0.6, 0.3
"""Per line so many of the worst translations, of an agreement below `BAD`, are paired with the human text, with a
weight as if they were so far apart."""

MIN_WORDS = 8
ALPHA, EPOCHS = 1e-6, 3
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class LinePairs:
    """Pairs of lines, the worse and the better one, as numbers into `lines`; per pair its weight, the number of its
    component (see `base.component_number`), and system, source language and corpus of the translations in it
    (of the worse one, then of the better one, empty for human text)."""

    lines: tuple[str, ...]
    worse: npt.NDArray[np.int64]
    better: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    component: npt.NDArray[np.int64]
    systems: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Version:
    text: str
    system: str
    language: str


def agreement(line: str, human: str) -> float:
    """How alike two lines are, 0 to 1: the mean of F1 over words and over letter 4-grams."""
    left, right = (_units(tokenize(text)[0]) for text in (line, human))
    return (_f1(left[0], right[0]) + _f1(left[1], right[1])) / 2


def _units(tokens: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    words = [token for token in tokens if token[0].isalpha() or token[0] == "<"]
    letters = " ".join(words)
    return Counter(words), Counter(letters[i : i + 4] for i in range(len(letters) - 3))


def _f1(left: Counter[str], right: Counter[str]) -> float:
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def line_pairs(path: Path, jobs: int) -> LinePairs:
    """The pairs of the aligned corpus, always the same ones."""
    versions: dict[str, dict[str, _Version]] = defaultdict(dict)
    origin: dict[str, tuple[int, str]] = {}
    for record in read_lines(path):
        if record["dataset"] in UNALIGNED:
            continue
        component = component_number(f"aligned{record['component']}")
        for machine, human in zip(record["mt"], record["human"], strict=True):
            if len(human.split()) >= MIN_WORDS:
                origin.setdefault(human, (component, record["dataset"]))
                found = _Version(machine, record["system"], record["source_lang"])
                versions[human].setdefault(machine, found)
    chosen = {human: _choose(human, list(found.values())) for human, found in versions.items()}
    humans = list(chosen)
    parts = [humans[i : i + _CHUNK] for i in range(0, len(humans), _CHUNK)]
    tasks = [delayed(_agreements)([(h, [v.text for v in chosen[h]]) for h in part]) for part in parts]
    likeness = [values for part in Parallel(jobs)(tasks) for values in part]
    return _collect(chosen, origin, likeness)


def _choose(human: str, versions: list[_Version]) -> list[_Version]:
    seeded("versions" + human).shuffle(versions)
    return versions[:VERSIONS]


def _agreements(part: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
    return [[agreement(text, human) for text in texts] for human, texts in part]


def _collect(
    chosen: dict[str, list[_Version]], origin: dict[str, tuple[int, str]], likeness: Sequence[Sequence[float]]
) -> LinePairs:
    lines: dict[str, int] = {}
    rows: list[tuple[int, int, float, int, tuple[str, str], tuple[str, str], str]] = []
    for (human, versions), values in zip(chosen.items(), likeness, strict=True):
        component, dataset = origin[human]
        nothing = _Version(human, "", "")
        for worse, better, weight in _pairs(human, values):
            one, other = versions[worse], nothing if better is None else versions[better]
            numbers = [lines.setdefault(v.text, len(lines)) for v in (one, other)]
            rows.append((*numbers, weight, component, (one.system, other.system), (one.language, other.language),
                         dataset))  # type: ignore[arg-type]  # fmt: skip
    worse_, better_, weights, components, systems, languages, datasets = zip(*rows, strict=True)
    return LinePairs(
        tuple(lines), np.array(worse_), np.array(better_), np.array(weights), np.array(components, np.int64),
        systems, languages, datasets,
    )  # fmt: skip


def _pairs(human: str, values: Sequence[float]) -> list[tuple[int, int | None, float]]:
    """Numbers of the worse and the better translation (None: the human text), and the pair's weight."""
    generator = seeded("pairs" + human)
    found: set[tuple[int, int | None, float]] = set()
    for _ in range(DRAWS):
        one, other = generator.randrange(len(values)), generator.randrange(len(values))
        if values[one] + MIN_GAP < values[other]:
            found.add((one, other, values[other] - values[one]))
        elif values[other] + MIN_GAP < values[one]:
            found.add((other, one, values[one] - values[other]))
    worst = sorted(range(len(values)), key=lambda i: (values[i], i))[:HUMAN_PAIRS]
    found.update((i, None, HUMAN_WEIGHT) for i in worst if values[i] < BAD)
    return sorted(found, key=lambda p: (p[0], -1 if p[1] is None else p[1]))


def line_matrix(lines: Sequence[str], tokens: str, space: NgramSpace, lexicon: Path, jobs: int) -> Any:
    """The `scipy.sparse.csr_matrix` lines x buckets whose product with a contrast's weights is
    `ngrams.owner_scores`."""
    from scipy import sparse

    parts = [lines[i : i + _CHUNK] for i in range(0, len(lines), _CHUNK)]
    return sparse.vstack(
        Parallel(jobs)(delayed(_matrix)(part, tokens, space, lexicon) for part in parts)
    ).tocsr()


def _matrix(lines: Sequence[str], tokens: str, space: NgramSpace, lexicon: Path) -> Any:
    words = [tokenize(line)[0][:MAX_SENTENCE_TOKENS] for line in lines]
    units: Sequence[Sequence[str]] = words
    if tokens == "letters":
        units = [letters_of(line) for line in words]
        hashes = letter_hashes("".join(map(str, units)))
    else:
        if tokens == "classes":
            table = Lexicon(lexicon)
            units = [[table.syntax_class(word) for word in line] for line in words]
        hashes = token_hashes([unit for line in units for unit in line])
    owner = np.repeat(np.arange(len(units)), [len(line) for line in units])
    return owner_matrix(owned_ngrams(hashes, owner, space), len(lines), space)


def owner_matrix(
    ngrams: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], owners: int, space: NgramSpace
) -> Any:
    """Owners x buckets: every n-gram counts one over the square root of the number of its owner's n-grams."""
    from scipy import sparse

    buckets, owner = ngrams
    counts = np.bincount(owner, minlength=owners)
    values = (1.0 / np.sqrt(np.maximum(counts, 1)))[owner]
    return sparse.csr_matrix((values.astype(np.float32), (owner, buckets)), shape=(owners, 1 << space.bits))


def fit_line_contrast(
    matrix: Any, pairs: LinePairs, usable: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float16]:
    """The weights under which the worse line of the usable pairs scores higher than the better one."""
    from scipy import sparse
    from sklearn.linear_model import SGDClassifier

    index = np.flatnonzero(usable)
    label = index % 2
    sign = sparse.diags(np.where(label == 1, 1.0, -1.0))
    differences = sign @ (matrix[pairs.worse[index]] - matrix[pairs.better[index]])
    weight = pairs.weight[index] / pairs.weight[index].mean()
    model = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, average=True, fit_intercept=False, random_state=0
    )  # fmt: skip
    weights: npt.NDArray[np.float16] = (
        model.fit(differences, label, sample_weight=weight).coef_[0].astype(np.float16)
    )
    return weights
