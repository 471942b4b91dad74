"""The base model's weights: read from a GGUF file, packed in one plain file, and unpacked without the `gguf` package.

    python -m training.reader.weights SmolLM2-135M-Instruct.Q4_1.gguf WORK/base

`base.json` names every tensor (type, shape, place), `base.bin` holds their bytes. Matrices stay on their own 4-bit
grid (Q4_1: blocks of 32 inputs, each w = scale * q + least, q in 0..15), embeddings in 8 bits (Q8_0: w = scale * q).
Query and key rows are put from GGUF's interleaved order (dimensions 2i and 2i+1 rotate together) into that of halves
(i and i+32 rotate together), which moves whole rows and leaves every block as it was.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

HEAD = 64
BLOCK = 32
ROTATED = ("attn_q", "attn_k")

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix on the base model's 4-bit grid: `codes` rows x inputs in 0..15, `scale` and `least` rows x blocks."""

    codes: Bytes
    scale: Floats
    least: Floats

    def zero_points(self) -> Bytes:
        """The code of zero in each block."""
        scale = np.where(self.scale == 0, 1.0, self.scale)
        return np.clip(np.rint(-self.least / scale), 0, 15).astype(np.uint8)

    def values(self) -> Floats:
        """The matrix in float32."""
        rows, inputs = self.codes.shape
        blocks = self.codes.reshape(rows, inputs // BLOCK, BLOCK).astype(np.float32)
        return (blocks * self.scale[..., None] + self.least[..., None]).reshape(rows, inputs)


def halves(rows: int) -> npt.NDArray[np.int64]:
    """Where each row of a query or key matrix, ordered by halves, stands in the interleaved order."""
    within = np.concatenate([np.arange(0, HEAD, 2), np.arange(1, HEAD, 2)])
    order: npt.NDArray[np.int64] = (np.arange(0, rows, HEAD)[:, None] + within[None]).ravel()
    return order


def unpack_4(raw: Bytes, rows: int, inputs: int) -> Packed:
    """Blocks of 20 bytes: scale and least as float16, then sixteen bytes with two codes each."""
    blocks = raw.reshape(rows, inputs // BLOCK, 20)
    ends = np.ascontiguousarray(blocks[..., :4]).view(np.float16).astype(np.float32)
    pairs = blocks[..., 4:]
    codes = np.concatenate([pairs & 15, pairs >> 4], axis=-1).reshape(rows, inputs)
    return Packed(codes, ends[..., 0], ends[..., 1])


def unpack_8(raw: Bytes, rows: int, inputs: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Blocks of 34 bytes: scale as float16, then thirty-two signed bytes. Returns codes and scales."""
    blocks = raw.reshape(rows, inputs // BLOCK, 34)
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)[..., 0]
    codes = np.ascontiguousarray(blocks[..., 2:]).view(np.int8).reshape(rows, inputs)
    return codes, scale


@dataclass(frozen=True, slots=True)
class Base:
    """The base model's tensors by name, still packed."""

    index: Mapping[str, tuple[str, tuple[int, ...], int, int]]
    data: Bytes

    def matrix(self, name: str) -> Packed:
        """One of the layers' matrices, queries and keys ordered by halves."""
        _, (rows, inputs), start, end = self.index[name]
        packed = unpack_4(self.data[start:end], rows, inputs)
        if not any(part in name for part in ROTATED):
            return packed
        order = halves(rows)
        return Packed(packed.codes[order], packed.scale[order], packed.least[order])

    def embeddings(self) -> tuple[npt.NDArray[np.int8], Floats]:
        """The token embeddings: codes, and a scale for every 32 of them."""
        _, (rows, inputs), start, end = self.index["token_embd"]
        return unpack_8(self.data[start:end], rows, inputs)

    def vector(self, name: str) -> Floats:
        """The weights of a norm."""
        _, _, start, end = self.index[name]
        return self.data[start:end].view(np.float32).copy()

    @classmethod
    def load(cls, folder: Path) -> Base:
        """What `pack` left in `folder`; `base.bin` may lie there in parts, `base.bin.0`, `base.bin.1`…"""
        index = json.loads((folder / "base.json").read_text(encoding="utf-8"))
        parts = sorted(folder.glob("base.bin*"))
        data = np.concatenate([np.fromfile(part, np.uint8) for part in parts])
        return cls(
            {k: (kind, tuple(shape), start, end) for k, (kind, shape, start, end) in index.items()}, data
        )


def pack(gguf: Path, folder: Path) -> None:
    """Write the tensors of a GGUF file as `base.json` and `base.bin`."""
    from gguf import GGUFReader

    folder.mkdir(parents=True, exist_ok=True)
    index, start = {}, 0
    with (folder / "base.bin").open("wb") as out:
        for tensor in sorted(GGUFReader(gguf).tensors, key=lambda t: _order(t.name)):
            raw = np.ascontiguousarray(tensor.data).view(np.uint8).ravel()
            shape = [int(n) for n in reversed(tensor.shape.tolist())]
            index[tensor.name.removesuffix(".weight")] = (
                tensor.tensor_type.name,
                shape,
                start,
                start + len(raw),
            )
            out.write(raw.tobytes())
            start += len(raw)
    (folder / "base.json").write_text(json.dumps(index), encoding="utf-8")


def _order(name: str) -> tuple[int, str]:
    """Embeddings and the last norm first, then layer by layer: the beginning of the file is a smaller model."""
    return (int(name.split(".")[1]) if name.startswith("blk.") else -1, name)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gguf", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    pack(given.gguf, given.folder)


if __name__ == "__main__":
    main()
