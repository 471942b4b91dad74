"""Named arrays in a file: safetensors, with what is not an array as JSON in the header.

Nothing in such a file can be executed. Equal content gives equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mtscore.errors import ModelError

Tensors = dict[str, npt.NDArray[Any]]


def save(path: Path, tensors: Mapping[str, npt.NDArray[Any]], header: str, values: object) -> None:
    """Write the arrays, and `values` as JSON under the name `header`."""
    from safetensors.numpy import save_file

    ordered = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
    save_file(ordered, path, {header: json.dumps(values)})


def parse(data: bytes, header: str) -> tuple[Tensors, Any]:
    """The arrays and the values in a file's bytes. Raises ValueError, with the reason, for bytes of another form."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
        size = int.from_bytes(data[:8], "little")
        values = json.loads(json.loads(data[8 : 8 + size])["__metadata__"][header])
    except (SafetensorError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"no tensors with the header {header!r}: {error!r}") from error
    return tensors, values


def read_bytes(path: Path) -> bytes:
    """All of a file. Raises `ModelError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}") from error


def check(
    tensors: Mapping[str, npt.NDArray[Any]],
    name: str,
    kind: type[np.generic],
    shape: tuple[int | None, ...],
) -> npt.NDArray[Any]:
    """The array of this name. Raises ValueError unless it is there, of this type, of this shape (None: any length) and
    without NaN or infinity."""
    array = tensors.get(name)
    if array is None:
        raise ValueError(f"{name} is missing")
    if array.dtype != kind:
        raise ValueError(f"{name} is of type {array.dtype}, not {np.dtype(kind)}")
    if len(array.shape) != len(shape) or any(
        n not in (m, None) for n, m in zip(shape, array.shape, strict=True)
    ):
        raise ValueError(f"{name} has the shape {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"a number of {name} is missing")
    return array


def finite(value: object, name: str) -> float:
    """A number of the header as a float. Raises ValueError for what is none, for NaN and for infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"{name} is no number: {value!r}"[:200])
    return float(value)
