"""Texts to the features that a classifier learns from, by the scorer itself, and kept for the next time.

What the cache holds depends on the text, on the model's files that numbers are computed with, and on the
feature set: not on the classifier, so that it stays good from one retraining to the next. It holds numbers
under digests, and no text.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.errors import InputError
from mtscore.learning.labels import Kind, Labelled, LabelSet, Problem
from mtscore.learning.model_writer import REFITTED
from mtscore.model.classifier import Classifier
from mtscore.model.folder import ModelFolder
from mtscore.reading.sense import SENSE_NAMES
from mtscore.records import Document, Verdict
from mtscore.scoring.scorer import Scorer
from mtscore.signals.columns import FEATURE_SET_VERSION, STRENGTH

Watch = Callable[[Iterator["TextFeatures | Verdict"]], Iterator["TextFeatures | Verdict"]]


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """The features of one text: `inputs` in the order of `Classifier.input_names`, the `strength` of its
    findings in nats, its `quality` (0..100; NaN when no sentence is long enough), and the signals of the close
    reading in the order of `SENSE_NAMES` (None: it was read quickly)."""

    inputs: npt.NDArray[np.float64]
    strength: float
    quality: float
    sense: npt.NDArray[np.float64] | None = None


def extract_features(
    texts: Sequence[str], scorer: Scorer, *, cache: Path | None = None, jobs: int = 1
) -> Iterator[TextFeatures | Verdict]:
    """For each text, in order, its features, or the verdict that says why it cannot be judged. `cache` is a
    folder to look in first and to keep the features in."""
    names = scorer.model.classifier.input_names
    kept = (
        None if cache is None else _Cache(cache / _cache_name(scorer), len(names), scorer.reader is not None)
    )
    known = [None if kept is None else kept.get(text) for text in texts]
    missing = [Document("", text) for text, found in zip(texts, known, strict=True) if found is None]
    verdicts = scorer.score_many(missing, jobs=jobs)
    for text, found in zip(texts, known, strict=True):
        if found is not None:
            yield found
            continue
        verdict = next(verdicts)
        if verdict.status == "cannot_tell":
            yield verdict
            continue
        own = features_of(verdict, names)
        if kept is not None:
            kept.put(text, own)
        yield own


@dataclass(frozen=True, slots=True)
class LabelFeatures:
    """Labelled texts and, side by side, their features; `problems` are the records that cannot be used, those
    that `labels` found and those that cannot be judged; `files` are the label files' names and digests,
    `counts` how many problems of each kind there are."""

    texts: tuple[Labelled, ...]
    features: tuple[TextFeatures, ...]
    problems: tuple[Problem, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)


def extract_labels(
    labels: LabelSet,
    scorer: Scorer,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    watch: Watch = iter,
) -> LabelFeatures:
    """The features of what was labelled; `watch` wraps the stream of texts, for instance in a progress bar. Raises
    `InputError` when nothing is left to use."""
    texts, usable, problems, counts = [], [], list(labels.problems), Counter(labels.counts)
    found = watch(extract_features([text.text for text in labels.texts], scorer, cache=cache, jobs=jobs))
    for text, features in zip(labels.texts, found, strict=True):
        if isinstance(features, TextFeatures):
            texts.append(text)
            usable.append(features)
        else:
            why = features.detail or features.reason
            problems.append(Problem(text.where, "cannot_tell", f"cannot be judged: {why}"))
            counts["cannot_tell"] += 1
    if not texts:
        raise InputError(f"no label can be used; the first problem: {next(iter(problems), 'there are none')}")
    return LabelFeatures(tuple(texts), tuple(usable), tuple(problems), labels.files, counts)


def extract_again(
    found: LabelFeatures, scorer: Scorer, *, cache: Path | None = None, jobs: int = 1
) -> LabelFeatures:
    """The same texts by another model. Raises `InputError` for one that only the first could judge."""
    again = []
    for text, features in zip(
        found.texts,
        extract_features([t.text for t in found.texts], scorer, cache=cache, jobs=jobs),
        strict=True,
    ):
        if not isinstance(features, TextFeatures):
            raise InputError(f"{text.where}: the second model cannot judge this text; leave it out")
        again.append(features)
    return replace(found, features=tuple(again))


def features_of(verdict: Verdict, names: Sequence[str]) -> TextFeatures:
    """The numbers that a scored verdict came from."""
    flat = {name: value for family in verdict.signals.values() for name, value in family.items()}
    quality = float("nan") if verdict.quality is None else verdict.quality
    read = verdict.signals.get("sense")
    sense = None if read is None else np.array([read[name] for name in SENSE_NAMES], np.float64)
    return TextFeatures(np.array([flat[name] for name in names], np.float64), flat[STRENGTH], quality, sense)


def log_odds(features: Sequence[TextFeatures], classifier: Classifier) -> npt.NDArray[np.float64]:
    """Calibrated log-odds at equal priors, one for each text."""
    if not features:
        return np.zeros(0)
    return classifier.log_odds(
        np.stack([f.inputs for f in features]), np.array([f.strength for f in features])
    )


def feature_digest(bundle: ModelFolder) -> str:
    """What the numbers of a text depend on besides the text."""
    files: Mapping[str, Any] = bundle.manifest["files"]
    parts: list[Any] = [FEATURE_SET_VERSION]
    parts += [(name, files[name]["sha256"]) for name in sorted(files) if name not in REFITTED]
    for contrast in bundle.classifier.contrasts:
        weights = hashlib.sha256(np.ascontiguousarray(contrast.weights).tobytes()).hexdigest()
        parts.append((contrast.name, contrast.tokens, repr(contrast.space), weights, contrast.intercept))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _cache_name(scorer: Scorer) -> str:
    """What the features of a text depend on, its reader included."""
    name = feature_digest(scorer.model)
    return name if scorer.reader is None else f"{name}-{scorer.reader[:16]}"


def default_cache() -> Path:
    """Where numbers are kept if no folder is named: the user's folder for what can be computed again."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(root) / "mtscore" / "features"


class _Cache:
    """One file of numbers for each text. A file that is torn or damaged counts as missing."""

    def __init__(self, folder: Path, inputs: int, is_close: bool) -> None:
        self._folder = folder
        self._read = len(SENSE_NAMES) if is_close else 0
        numbers = inputs + 2 + self._read
        empty = io.BytesIO()
        np.save(empty, np.zeros(numbers))
        self._header = empty.getvalue()[: -8 * numbers]
        self._size = len(empty.getvalue())

    def _path(self, text: str) -> Path:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / digest[:2] / f"{digest[2:]}.npy"

    def get(self, text: str) -> TextFeatures | None:
        try:
            with self._path(text).open("rb") as file:
                data = file.read(self._size + 1)
        except OSError:
            return None
        if len(data) != self._size or not data.startswith(self._header):
            return None
        row = np.frombuffer(data, np.float64, offset=len(self._header))
        if not np.isfinite(row[1:]).all():
            return None
        inputs, sense = np.split(row[2:], [len(row) - 2 - self._read])
        return TextFeatures(inputs, float(row[1]), float(row[0]), sense if self._read else None)

    def put(self, text: str, features: TextFeatures) -> None:
        """A cache that cannot be written is none: the work goes on."""
        path = self._path(text)
        part = path.with_name(f".{os.urandom(4).hex()}.part")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("wb") as file:
                    sense = () if features.sense is None else features.sense
                    np.save(file, np.array([features.quality, features.strength, *features.inputs, *sense]))
                os.replace(part, path)
            finally:
                part.unlink(missing_ok=True)
