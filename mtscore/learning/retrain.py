"""A user's labels, joined to the base features: a new model, and how it compares with an old one.

The n-gram contrasts stay as they are, because the texts they were learned from are not in a model folder. New
examples keep near-copies on one side of every split. What is said of a model is said of examples that it has not
learned from: out of fold where it has them in its base, and by plain scoring where it has never seen them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mtscore.errors import InputError, ModelError
from mtscore.learning import train
from mtscore.learning.close import CloseFit, Read, base_sense, fit_close
from mtscore.learning.evaluation import Comparison, Scored, compare
from mtscore.learning.label_features import LabelFeatures, TextFeatures, feature_digest, log_odds
from mtscore.learning.labels import Labelled
from mtscore.learning.model_writer import load_out_of_fold
from mtscore.learning.near_duplicates import text_key, units_of
from mtscore.model import base_features as bases
from mtscore.model.base_features import BaseFeatures, component_number
from mtscore.model.classifier import Classifier
from mtscore.model.close import CloseModel
from mtscore.model.folder import ModelFolder

Floats = npt.NDArray[np.float64]

NEW_WEIGHT = 24.0
"""What a new text counts beside one of the base: chosen with `benchmarks/retrain.py`."""

OWN_GROUP = "own"
"""The group of labels that name none."""

SMALL_REGISTER = 50
"""Fewer texts than this are no register of their own in calibration, where every register counts the same:
a handful of them would set the thresholds."""

ENOUGH, ENOUGH_OF_CLASS = 20, 5
"""Labels that are needed to train at all, and of each class: what a comparison on fewer says is chance."""

ALONE = 200
"""Labels that are needed to train without a base, with at least `ALONE_OF_CLASS` of each class."""

ALONE_OF_CLASS = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """How to retrain."""

    folds: int = train.FOLDS
    """Folds of the cross-validation."""
    holdout: float = 0.0
    """Share of the new texts that is only scored, not learned from; 0: all are scored out of fold."""
    seed: int = 0
    """Decides which texts are held out, or in which fold they are."""
    replaces_base: bool = False
    """Whether to leave the base's examples out altogether."""
    jobs: int = 1
    """Processes to fit with; the result does not depend on it."""
    settings: train.Settings = train.SETTINGS
    """How large the fitted models are."""


@dataclass(frozen=True, slots=True)
class Retrained:
    """A fitted model with all the examples it learned from, of these the `new` ones, and how it compares with the
    old one on the labels and on the base's examples (None: there are none to compare)."""

    examples: BaseFeatures
    new: BaseFeatures
    fit: train.Fit
    on_labels: Comparison
    on_base: Comparison | None
    close: tuple[CloseFit, CloseModel] | None = None
    """The close classifier, and the one before (None: the labels were not read closely)."""


def label_examples(
    texts: Sequence[Labelled], features: Sequence[TextFeatures], base: BaseFeatures, *, seed: int = 0
) -> BaseFeatures:
    """The labelled texts as examples with the columns of `base`; every expert learns from them."""
    registers = dict(zip(base.group, base.register, strict=True)) | {r: r for r in base.register}
    groups = [text.group or OWN_GROUP for text in texts]
    units = units_of(texts)
    largest = np.finfo(np.float16).max
    inputs = np.array([f.inputs for f in features]).reshape(len(texts), len(base.names))
    return BaseFeatures(
        names=base.names,
        matrix=np.clip(inputs, -largest, largest).astype(np.float16),
        label=np.array([text.label for text in texts], np.uint8),
        weight=np.array([text.weight * NEW_WEIGHT for text in texts], np.float32),
        is_matched=np.zeros(len(texts), np.bool_),
        component=np.array(
            [component_number(f"label {seed} {text_key(texts[i].text)}") for i in units.tolist()], np.int64
        ),
        strength=np.array([f.strength for f in features], np.float32),
        group=tuple(groups),
        register=tuple(_registers(groups, registers, base)),
        added=None if base.added is None else np.zeros(len(texts), np.bool_),
    )


def _registers(groups: Sequence[str], known: Mapping[str, str], base: BaseFeatures) -> list[str]:
    """The base's register of a group that it has; a new one for a group of some size; else the largest."""
    counts = Counter(groups)
    largest = Counter(base.register).most_common(1)[0][0]
    return [known.get(g, g if counts[g] >= SMALL_REGISTER else largest) for g in groups]


def join(base: BaseFeatures, new: BaseFeatures) -> BaseFeatures:
    """The base's examples without those that are among the new ones, then the new ones."""
    return _stack(_without(base, new), new)


def _without(base: BaseFeatures, others: BaseFeatures) -> BaseFeatures:
    taken = set(_keys(others))
    return base.rows([i for i, key in enumerate(_keys(base)) if key not in taken])


def _stack(one: BaseFeatures, other: BaseFeatures) -> BaseFeatures:
    arrays = ("matrix", "label", "weight", "is_matched", "component", "strength")
    stacked = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in arrays}
    has_none = one.added is None and other.added is None
    return BaseFeatures(
        names=one.names,
        **stacked,
        group=one.group + other.group,
        register=one.register + other.register,
        added=None if has_none else np.concatenate([one.is_added, other.is_added]),
    )


def _keys(examples: BaseFeatures) -> list[bytes]:
    """What makes two examples the same text: all their features."""
    matrix = np.ascontiguousarray(examples.matrix)
    return [matrix[i].tobytes() + examples.strength[i].tobytes() for i in range(len(examples))]


def base_of(bundle: ModelFolder) -> BaseFeatures:
    """The base features of a model folder. Raises `ModelError` when it has none that fit its classifier."""
    if bases.FILE not in bundle.manifest["files"]:
        raise ModelError(
            f"the model in {bundle.path} has no base features to train beside; name another --base"
        )
    base = bases.parse(bundle.read(bases.FILE), f"{bundle.path / bases.FILE}")
    if base.names != bundle.classifier.input_names:
        raise ModelError(f"the base features in {bundle.path} belong to another model; install it again")
    if len(set(base.label.tolist())) < 2:
        raise ModelError(f"the base features in {bundle.path} lack one of the classes; install it again")
    return base


def held_out_log_odds(
    bundle: ModelFolder, examples: BaseFeatures, *, plain: Floats | None = None, jobs: int = 1
) -> Floats:
    """What a model says of examples that it may have learned from: out of fold for those, its `plain` log-odds
    (computed from the examples if not given) for the others. A folder without out-of-fold numbers that has learned
    from some is cross-validated first, which takes as long as training."""
    values = _plain_log_odds(bundle.classifier, examples) if plain is None else plain.copy()
    if bases.FILE not in bundle.manifest["files"]:
        return values
    own = base_of(bundle)
    places = {key: i for i, key in enumerate(_keys(own))}
    learned = [(i, places[key]) for i, key in enumerate(_keys(examples)) if key in places]
    if learned:
        known = load_out_of_fold(bundle, len(own))
        if known is None:
            known = train.fit(own, bundle.classifier.contrasts, jobs=jobs).out_of_fold
        here, there = map(list, zip(*learned, strict=True))
        values[here] = known[there]
    return values


def _plain_log_odds(classifier: Classifier, examples: BaseFeatures) -> Floats:
    return classifier.log_odds(examples.matrix.astype(np.float64), examples.strength.astype(np.float64))


def score_labels(
    found: LabelFeatures, bundle: ModelFolder, *, close: CloseModel | None = None, jobs: int = 1
) -> Scored:
    """What a model says of labelled texts: out of fold of those that it has learned from. `found` must have
    been extracted with the same model, and read closely for a judgement by its `close` classifier, which takes the
    quick one's out of fold and may have learned from the texts itself."""
    plain = log_odds(found.features, bundle.classifier)
    if bases.FILE in bundle.manifest["files"]:
        examples = label_examples(found.texts, found.features, base_of(bundle))
        plain = held_out_log_odds(bundle, examples, plain=plain, jobs=jobs)
    if close is not None:
        plain = np.array(
            [
                value
                if text.sense is None
                else close.on_scale_of(bundle, close.log_odds(value, text.sense, text.strength))
                for value, text in zip(plain.tolist(), found.features, strict=True)
            ]
        )
    return Scored(
        label=np.array([text.label for text in found.texts], np.uint8),
        log_odds=plain,
        threshold=bundle.threshold("garbled"),
        unit=units_of(found.texts),
        group=tuple(text.group or OWN_GROUP for text in found.texts),
        weight=np.ones(len(found.texts)),
    )


def retrain(
    start: ModelFolder,
    old: ModelFolder,
    new: BaseFeatures,
    plan: Plan,
    *,
    read: Read | None = None,
) -> Retrained:
    """Fit a model on the base of `start` and the new examples, and compare it with `old` on what neither has
    learned from. Where the new examples were `read` closely, a close classifier is fitted, too. Raises `InputError`
    when there is too little to learn from or to compare, `ModelError` when `old` reads texts with other language models
    than `start`."""
    if feature_digest(old) != feature_digest(start):
        raise ModelError(
            f"the model in {old.path} computes other features, and cannot be compared; use another folder"
        )
    _check_enough(new)
    learned, held_out = _split(new, plan)
    if plan.replaces_base:
        examples = learned
        _check_alone(examples)
    else:
        examples = _stack(_without(base_of(start), new), learned)
    _check_folds(examples, plan.folds)
    fitted = train.fit(
        examples, start.classifier.contrasts, jobs=plan.jobs, folds=plan.folds, settings=plan.settings
    )
    size = len(examples) - len(learned)
    said = _plain_log_odds(fitted.classifier, held_out) if plan.holdout else fitted.out_of_fold[size:]
    on_labels = _compare(held_out, old, fitted.garbled, said, plan)
    on_base = _compare_on_base(examples, size, old, fitted, plan) if size else None
    close = None if read is None else _fit_close(start, new, (examples, fitted), read, plan)
    return Retrained(examples, learned, fitted, on_labels, on_base, close)


def _fit_close(
    start: ModelFolder, new: BaseFeatures, learned: tuple[BaseFeatures, train.Fit], read: Read, plan: Plan
) -> tuple[CloseFit, CloseModel] | None:
    """The close classifier of the examples that were `learned`, of which some are of the base and some new; None where
    too few of them were read."""
    (examples, fitted), known = learned, dict(zip(_keys(new), read.sense, strict=True))
    if not plan.replaces_base:
        base = base_of(start)
        of_base = base_sense(start, len(base))
        known = dict(zip(_keys(base), of_base, strict=True)) | known if of_base is not None else known
    missing = np.full(read.sense.shape[1], np.nan)
    sense = np.stack([known.get(key, missing) for key in _keys(examples)])
    if not _are_enough_alone(examples.rows(np.flatnonzero(np.isfinite(sense).all(axis=1)))):
        return None
    reader = read.model.reader
    fit = fit_close(examples, fitted.out_of_fold, sense, reader, jobs=plan.jobs, folds=plan.folds)
    return fit, read.model


def _compare_on_base(
    examples: BaseFeatures, size: int, old: ModelFolder, fitted: train.Fit, plan: Plan
) -> Comparison:
    """On the base's examples, the first `size`: registers weighted equally, without made and uncertain garbled
    text."""
    sure = np.flatnonzero(((examples.weight >= 1.0) | (examples.label == 0))[:size])
    part = examples.rows(sure)
    part = replace(part, group=part.register)
    return _compare(
        part, old, fitted.garbled, fitted.out_of_fold[sure], plan, weight=train.register_weights(part)
    )


def _split(new: BaseFeatures, plan: Plan) -> tuple[BaseFeatures, BaseFeatures]:
    """The new examples to learn from and to score: with a holdout, different ones."""
    if not plan.holdout:
        return new, new
    units = np.unique(new.component)
    chosen = np.random.default_rng(plan.seed).permutation(units)[: round(plan.holdout * len(units))]
    is_out = np.isin(new.component, chosen)
    if is_out.all() or not is_out.any():
        raise InputError(
            f"{len(units)} different texts cannot be split with {plan.holdout:g} of them held out; label more"
        )
    return new.rows(np.flatnonzero(~is_out)), new.rows(np.flatnonzero(is_out))


def _check_enough(examples: BaseFeatures) -> None:
    counts = Counter(examples.label.tolist())
    if len(examples) < ENOUGH or min(counts[0], counts[1]) < ENOUGH_OF_CLASS:
        raise InputError(
            f"{counts[1]} garbled and {counts[0]} clean texts are too few to train: {ENOUGH} are needed, "
            f"{ENOUGH_OF_CLASS} of each; label more"
        )


def _check_folds(examples: BaseFeatures, folds: int) -> None:
    """Every fold must leave both classes to learn from."""
    fold = examples.component % folds
    if any(len(set(examples.label[fold != k].tolist())) < 2 for k in range(folds)):
        raise InputError(
            "all texts of one class are near-copies of each other or parts of one document; label other ones too"
        )


def _are_enough_alone(examples: BaseFeatures) -> bool:
    counts = Counter(examples.label.tolist())
    return len(examples) >= ALONE and min(counts[0], counts[1]) >= ALONE_OF_CLASS


def _check_alone(examples: BaseFeatures) -> None:
    counts = Counter(examples.label.tolist())
    if not _are_enough_alone(examples):
        raise InputError(
            f"{counts[1]} garbled and {counts[0]} clean texts are too few to replace the base: {ALONE} are needed, "
            f"{ALONE_OF_CLASS} of each; train beside the base instead"
        )


def _compare(
    examples: BaseFeatures,
    old: ModelFolder,
    threshold: float,
    said: Floats,
    plan: Plan,
    *,
    weight: Floats | None = None,
) -> Comparison:
    """The old model beside a new one with this threshold and these log-odds."""
    before = held_out_log_odds(old, examples, jobs=plan.jobs)
    even = np.ones(len(examples)) if weight is None else weight
    models = [
        Scored(examples.label, values, limit, examples.component, examples.group, even)
        for limit, values in ((old.threshold("garbled"), before), (threshold, said))
    ]
    return compare(*models, seed=plan.seed)
