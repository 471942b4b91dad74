"""Matrices in 8-bit blocks of 64 inputs, as ONNX Runtime's MatMulNBits has them, and bodies saved that way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.reader.heads import Upper

BLOCK = 64
LAYERS_PER_FILE = 4
Array = np.ndarray[Any, Any]


def quantised(matrix: torch.Tensor) -> tuple[Array, Array]:
    """Codes -127..127 and a float32 scale for every 64 inputs: w = scale * code."""
    rows, inputs = matrix.shape
    blocks = matrix.detach().float().reshape(rows, inputs // BLOCK, BLOCK)
    scale = blocks.abs().amax(-1).clamp(min=1e-12) / 127
    codes = (blocks / scale[..., None]).round().to(torch.int8)
    return codes.reshape(rows, inputs).cpu().numpy(), scale.cpu().numpy()


def values(codes: Array, scale: Array) -> Array:
    """The matrix in float32."""
    rows, inputs = codes.shape
    blocks = codes.reshape(rows, inputs // BLOCK, BLOCK).astype(np.float32) * scale[..., None]
    return blocks.reshape(rows, inputs).astype(np.float32)


def saved(upper: Upper, stem: Path) -> None:
    """Write a body as `STEM_0.npz`…: layers' matrices in 8 bits, four layers a file, all else in float32."""
    groups: dict[int, dict[str, Array]] = {}
    for name, tensor in upper.state_dict().items():
        is_layer = name.startswith("layers.")
        group = groups.setdefault(int(name.split(".")[1]) // LAYERS_PER_FILE if is_layer else 9, {})
        if is_layer and tensor.dim() == 2:
            group[f"{name}:codes"], group[f"{name}:scale"] = quantised(tensor)
        else:
            group[name] = tensor.float().cpu().numpy()
    groups[9]["sees_all"] = np.array(upper.sees_all)
    groups[max(k for k in groups if k != 9)].update(groups.pop(9))
    for number, group in groups.items():
        path = stem.with_name(f"{stem.name}_{number}.npz")
        np.savez(path, **group)  # type: ignore[arg-type]  # its stub has one flag


def loaded(upper: Upper, stem: Path) -> Upper:
    """Fill a body from what `saved` wrote."""
    found: dict[str, Array] = {}
    for path in sorted(stem.parent.glob(f"{stem.name}_*.npz")):
        with np.load(path) as arrays:
            found.update(arrays)
    upper.sees_all = bool(found.pop("sees_all"))
    state = {}
    for name, array in found.items():
        key, _, part = name.partition(":")
        if part != "scale":
            whole = values(array, found[f"{key}:scale"]) if part == "codes" else np.array(array)
            state[key] = torch.from_numpy(whole)
    upper.load_state_dict(state)
    return upper
