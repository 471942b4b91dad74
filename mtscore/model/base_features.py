"""Base features: the numbers of the training documents, so that anyone can retrain without their texts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.arrays import tensors
from mtscore.arrays.tensors import check, read_bytes
from mtscore.errors import ModelError

FILE = "base_features.safetensors"
_HEADER = "base"
_ADDED = "is_added"  # a tensor that a file may lack

TYPES: Mapping[str, type[np.generic]] = {
    "component": np.int64,
    "group": np.int16,
    "is_matched": np.uint8,
    "label": np.uint8,
    "matrix": np.float16,
    "register": np.int16,
    "strength": np.float32,
    "weight": np.float32,
}
"""The tensors of the file and the types that are accepted for them."""


@dataclass(frozen=True, slots=True)
class BaseFeatures:
    """One row per training document.

    `matrix` (float16) has the columns `names`: signals and out-of-fold n-gram contrasts. `label` is 1 for
    garbled. `weight` scales uncertain labels; `is_matched` marks rows whose human or machine counterpart is
    there too; `strength` is that of the findings, in nats. Rows of one `component` (a number) must
    stay on the same side of every split.
    """

    names: tuple[str, ...]
    matrix: npt.NDArray[np.float16]
    label: npt.NDArray[np.uint8]
    weight: npt.NDArray[np.float32]
    is_matched: npt.NDArray[np.bool_]
    component: npt.NDArray[np.int64]
    strength: npt.NDArray[np.float32]
    group: tuple[str, ...]
    register: tuple[str, ...]
    added: npt.NDArray[np.bool_] | None = None
    """Which examples came with other registers than those of the translation corpora; None: none did."""

    @property
    def is_added(self) -> npt.NDArray[np.bool_]:
        """`added`, for every example."""
        return np.zeros(len(self), np.bool_) if self.added is None else self.added

    def __len__(self) -> int:
        return len(self.label)

    def rows(self, index: npt.NDArray[np.integer] | Sequence[int]) -> BaseFeatures:
        """The rows at `index`, in that order."""
        chosen = np.asarray(index)
        return BaseFeatures(
            self.names,
            self.matrix[chosen],
            self.label[chosen],
            self.weight[chosen],
            self.is_matched[chosen],
            self.component[chosen],
            self.strength[chosen],
            tuple(self.group[i] for i in chosen.tolist()),
            tuple(self.register[i] for i in chosen.tolist()),
            None if self.added is None else self.added[chosen],
        )


def component_number(name: str) -> int:
    """A component's name as a number that says nothing about it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")


def save(base: BaseFeatures, path: Path) -> None:
    """Write the arrays as tensors; equal features give equal bytes."""
    groups, registers = sorted(set(base.group)), sorted(set(base.register))
    arrays: dict[str, npt.NDArray[Any]] = {
        "component": base.component,
        "group": np.array([groups.index(g) for g in base.group], np.int16),
        "is_matched": base.is_matched.astype(np.uint8),
        "label": base.label,
        "matrix": base.matrix,
        "strength": base.strength,
        "register": np.array([registers.index(r) for r in base.register], np.int16),
        "weight": base.weight,
    }
    if base.added is not None:
        arrays[_ADDED] = base.added.astype(np.uint8)
    header = {"names": base.names, "groups": groups, "registers": registers}
    tensors.save(path, arrays, _HEADER, header)


def load(path: Path) -> BaseFeatures:
    """Read what `save` wrote. Raises `ModelError` for anything else."""
    return parse(read_bytes(path), str(path))


def parse(data: bytes, where: str) -> BaseFeatures:
    """The base features in the bytes of a file; `where` names it. Raises `ModelError` when they are of another
    form."""
    try:
        return _build(*tensors.parse(data, _HEADER))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ModelError(f"{where} does not hold base features that this version reads: {error}") from error


def _build(arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> BaseFeatures:
    names, rows = tuple(map(str, header["names"])), len(arrays["label"])
    for name, kind in TYPES.items():
        check(arrays, name, kind, (rows, len(names)) if name == "matrix" else (rows,))
    if _ADDED in arrays:
        check(arrays, _ADDED, np.uint8, (rows,))
    if (arrays["label"] > 1).any() or min(arrays[name].min(initial=0) for name in ("group", "register")) < 0:
        raise ValueError("a label is neither 0 nor 1, or a group has no name")
    return BaseFeatures(
        names=names,
        matrix=arrays["matrix"],
        label=arrays["label"],
        weight=arrays["weight"],
        is_matched=arrays["is_matched"].astype(np.bool_),
        component=arrays["component"],
        strength=arrays["strength"],
        group=tuple(str(header["groups"][i]) for i in arrays["group"].tolist()),
        register=tuple(str(header["registers"][i]) for i in arrays["register"].tolist()),
        added=arrays[_ADDED].astype(np.bool_) if _ADDED in arrays else None,
    )
