"""Base features: the numbers of the training documents, so that anyone can retrain without their texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.errors import ModelError

FILE = "base_features.safetensors"

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
        )


def component_number(name: str) -> int:
    """A component's name as a number that says nothing about it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")


def save(base: BaseFeatures, path: Path) -> None:
    """Write the arrays as safetensors; equal features give equal bytes."""
    from safetensors.numpy import save_file

    groups, registers = sorted(set(base.group)), sorted(set(base.register))
    tensors = {
        "component": base.component,
        "group": np.array([groups.index(g) for g in base.group], np.int16),
        "is_matched": base.is_matched.astype(np.uint8),
        "label": base.label,
        "matrix": base.matrix,
        "strength": base.strength,
        "register": np.array([registers.index(r) for r in base.register], np.int16),
        "weight": base.weight,
    }
    header = {"names": base.names, "groups": groups, "registers": registers}
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, path, {"base": json.dumps(header)})


def load(path: Path) -> BaseFeatures:
    """Read what `save` wrote; nothing in the file is executed. Raises `ModelError` for anything else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            header = json.loads(file.metadata()["base"])
        _check(tensors, len(header["names"]))
        return BaseFeatures(
            names=tuple(header["names"]),
            matrix=tensors["matrix"],
            label=tensors["label"],
            weight=tensors["weight"],
            is_matched=tensors["is_matched"].astype(np.bool_),
            component=tensors["component"],
            strength=tensors["strength"],
            group=tuple(header["groups"][i] for i in tensors["group"].tolist()),
            register=tuple(header["registers"][i] for i in tensors["register"].tolist()),
        )
    except (SafetensorError, KeyError, IndexError, TypeError, ValueError, OSError) as error:
        raise ModelError(f"{path} does not hold base features that this version reads: {error}") from error


def _check(tensors: Mapping[str, npt.NDArray[Any]], columns: int) -> None:
    """Raise ValueError for tensors of other types than `TYPES`, or that are not one row a document."""
    for name, kind in TYPES.items():
        if tensors[name].dtype != kind:
            raise ValueError(f"{name} is of type {tensors[name].dtype}, not {np.dtype(kind)}")
    rows = len(tensors["label"])
    for name in TYPES:
        if tensors[name].shape != ((rows, columns) if name == "matrix" else (rows,)):
            raise ValueError(f"{name} has the shape {tensors[name].shape}")
    if not np.isfinite(tensors["matrix"]).all() or (tensors["label"] > 1).any():
        raise ValueError("a number is missing, or a label neither 0 nor 1")
