"""Writes a taught body as an ONNX graph: frozen layers on their own 4-bit grid, taught ones in 8-bit blocks.

    python -m training.reader.export --base BASE --body RESULTS/body_all OUT

One window a run: `ids` (1 x tokens, the start mark first) and `member` (sentences x tokens, each row the shares of a
sentence's tokens) give `windows` (log-odds of four questions), `words` (log-odds of every token) and `sentences`
(0..1). The weights lie beside `reader.onnx` in three files of less than 48 MB.

ONNX Runtime's 4-bit blocks want a whole zero point where the base model's grid has any least value. What the rounding
leaves, one number a block, is multiplied by the sums of the inputs over the block: the frozen layers stay exact.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.reader.model import INNER, KEYS, QUERIES, WIDTH, rotary
from training.reader.quantise import BLOCK as BLOCK_8
from training.reader.weights import BLOCK, HEAD, Base, Packed

LENGTH = 256
CONTRIB = "com.microsoft"
TYPES = {"float32": TensorProto.FLOAT, "uint8": TensorProto.UINT8, "int8": TensorProto.INT8,
         "int64": TensorProto.INT64, "float16": TensorProto.FLOAT16}  # fmt: skip
ACCURACY = 4
"""Activations in 8 bits, a scale for each block: what is fast, and loses nothing."""
HEADS = ("window_head", "word_head", "sentence_head")

Array = np.ndarray[Any, Any]


@dataclass
class Graph:
    """Nodes and weights as they are added; a weight goes to the file of its part."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: dict[str, tuple[str, Array]] = field(default_factory=dict)
    part: str = "embeddings.bin"
    count: int = 0

    def weight(self, array: Array, name: str = "") -> str:
        self.count += 1
        name = name or f"w{self.count}"
        self.weights[name] = (self.part, np.ascontiguousarray(array))
        return name

    def add(
        self, kind: str, inputs: Sequence[str], *, domain: str = "", outputs: int = 1, **given: Any
    ) -> str:
        self.count += 1
        names = [f"v{self.count}" if n == 0 else f"v{self.count}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **given))
        return names[0]

    def number(self, value: int) -> str:
        self.weights[f"number_{value}"] = ("", np.array(value, np.int64))
        return f"number_{value}"

    def shape(self, *numbers: int) -> str:
        name = "shape_" + "_".join(map(str, numbers)).replace("-", "m")
        if name not in self.weights:
            self.weights[name] = ("", np.array(numbers, np.int64))
        return name


def pairs(codes: Array) -> Array:
    """Two 4-bit codes a byte, the first in the low half."""
    out: Array = (codes[..., 0::2] | (codes[..., 1::2] << 4)).astype(np.uint8)
    return out


def linear_4(graph: Graph, x: str, sums: str, packed: Packed) -> str:
    """x @ W.T for a matrix on the base model's grid; `sums` are x's sums over blocks."""
    rows, inputs = packed.codes.shape
    blocks = inputs // BLOCK
    zero = packed.zero_points()
    rest = packed.least + zero.astype(np.float32) * packed.scale
    codes = pairs(packed.codes.reshape(rows, blocks, BLOCK))
    main = graph.add(
        "MatMulNBits",
        [x, graph.weight(codes), graph.weight(packed.scale.ravel()), graph.weight(pairs(zero).ravel())],
        domain=CONTRIB, K=inputs, N=rows, bits=4, block_size=BLOCK, accuracy_level=ACCURACY,
    )  # fmt: skip
    fix = graph.weight(rest.T.astype(np.float16))
    return graph.add(
        "Add", [main, graph.add("MatMul", [sums, graph.add("Cast", [fix], to=TensorProto.FLOAT)])]
    )


def sums_of(graph: Graph, x: str, inputs: int) -> str:
    blocks = graph.add("Reshape", [x, graph.shape(1, -1, inputs // BLOCK, BLOCK)])
    return graph.add("ReduceSum", [blocks, graph.shape(3)], keepdims=0)


def linear_8(graph: Graph, x: str, codes: Array, scale: Array) -> str:
    """x @ W.T for a matrix in 8-bit blocks."""
    rows, inputs = codes.shape
    shifted = (codes.astype(np.int16) + 128).astype(np.uint8).reshape(rows, inputs // BLOCK_8, BLOCK_8)
    return graph.add(
        "MatMulNBits", [x, graph.weight(shifted), graph.weight(scale.astype(np.float32).ravel())],
        domain=CONTRIB, K=inputs, N=rows, bits=8, block_size=BLOCK_8, accuracy_level=ACCURACY,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer's weights come from: the base model's layer of that number, or a taught body's."""

    base: Base | None
    body: dict[str, Array]
    number: int

    def vector(self, name: str) -> Array:
        if self.base is not None:
            return self.base.vector(f"blk.{self.number}.{name}")
        return self.body[f"layers.{self.number}.{name}.weight"]

    def linear(self, graph: Graph, x: str, names: Sequence[str], inputs: int) -> list[str]:
        """The products of `x` with some matrices."""
        if self.base is not None:
            sums = sums_of(graph, x, inputs)
            return [linear_4(graph, x, sums, self.base.matrix(f"blk.{self.number}.{n}")) for n in names]
        keys = [f"layers.{self.number}.{n}.weight" for n in names]
        return [linear_8(graph, x, self.body[f"{k}:codes"], self.body[f"{k}:scale"]) for k in keys]


def norm(graph: Graph, x: str, weight: Array) -> str:
    return graph.add(
        "SimplifiedLayerNormalization", [x, graph.weight(weight)], axis=-1, epsilon=1e-5, stash_type=1
    )


def layer(graph: Graph, x: str, source: Source, turn: Sequence[str], *, sees_all: bool) -> str:
    """One layer, as `training.reader.model.Layer`."""
    y = norm(graph, x, source.vector("attn_norm"))
    q, k, v = source.linear(graph, y, ("attn_q", "attn_k", "attn_v"), WIDTH)
    q = graph.add("RotaryEmbedding", [q, *turn], domain=CONTRIB, num_heads=QUERIES, rotary_embedding_dim=0)
    k = graph.add("RotaryEmbedding", [k, *turn], domain=CONTRIB, num_heads=KEYS, rotary_embedding_dim=0)
    k, v = (spread(graph, z) for z in (k, v))
    seen = graph.add(
        "MultiHeadAttention", [q, k, v], domain=CONTRIB, num_heads=QUERIES, unidirectional=int(not sees_all)
    )
    x = graph.add("Add", [x, *source.linear(graph, seen, ("attn_output",), WIDTH)])
    y = norm(graph, x, source.vector("ffn_norm"))
    gate, up = source.linear(graph, y, ("ffn_gate", "ffn_up"), WIDTH)
    inner = graph.add("Mul", [graph.add("Mul", [gate, graph.add("Sigmoid", [gate])]), up])
    return graph.add("Add", [x, *source.linear(graph, inner, ("ffn_down",), INNER)])


def spread(graph: Graph, x: str) -> str:
    """Keys or values of three heads, each three times, as nine."""
    heads = graph.add("Reshape", [x, graph.shape(1, -1, KEYS, 1, HEAD)])
    wide = graph.add("Expand", [heads, graph.shape(1, 1, KEYS, QUERIES // KEYS, HEAD)])
    return graph.add("Reshape", [wide, graph.shape(1, -1, QUERIES * HEAD)])


def embedded(graph: Graph, base: Base) -> str:
    """The tokens' embeddings."""
    codes, scale = base.embeddings()
    rows = graph.add("Gather", [graph.weight(codes), "ids"], axis=0)
    blocks = graph.add(
        "Reshape", [graph.add("Cast", [rows], to=TensorProto.FLOAT), graph.shape(1, -1, 18, BLOCK)]
    )
    scales = graph.add("Gather", [graph.weight(scale.astype(np.float16)), "ids"], axis=0)
    scales = graph.add(
        "Reshape", [graph.add("Cast", [scales], to=TensorProto.FLOAT), graph.shape(1, -1, 18, 1)]
    )
    return graph.add("Reshape", [graph.add("Mul", [blocks, scales]), graph.shape(1, -1, WIDTH)])


def two_layers(graph: Graph, x: str, body: dict[str, Array], head: str) -> str:
    def dense(y: str, name: str) -> str:
        product = graph.add("MatMul", [y, graph.weight(body[f"{head}.{name}.weight"].T.astype(np.float32))])
        return graph.add("Add", [product, graph.weight(body[f"{head}.{name}.bias"].astype(np.float32))])

    return dense(graph.add("Gelu", [dense(x, "1")], domain=CONTRIB), "3")


def answers(graph: Graph, h: str, body: dict[str, Array]) -> list[str]:
    """The heads over normed states `h`; the start mark, the first token, is left out of every pool."""
    real = graph.add("Slice", [h, graph.shape(1), graph.shape(2**31), graph.shape(1)])
    mean = graph.add("ReduceMean", [real, graph.shape(1)], keepdims=0)
    most = graph.add("ReduceMax", [real, graph.shape(1)], keepdims=0)
    score = graph.add("MatMul", [real, graph.weight(body["attend.weight"].T.astype(np.float32))])
    share = graph.add("Softmax", [score], axis=1)
    attended = graph.add("ReduceSum", [graph.add("Mul", [real, share]), graph.shape(1)], keepdims=0)
    pooled = graph.add("Concat", [mean, most, attended], axis=-1)
    sentence = two_layers(graph, graph.add("MatMul", ["member", h]), body, "sentence_head")
    return [
        graph.add("Reshape", [two_layers(graph, pooled, body, "window_head"), graph.shape(-1)]),
        graph.add("Reshape", [two_layers(graph, h, body, "word_head"), graph.shape(-1)]),
        graph.add("Reshape", [graph.add("Sigmoid", [sentence]), graph.shape(-1)]),
    ]


def build(base: Base, body: dict[str, Array], frozen: int) -> Graph:
    """The whole graph; `body` holds the arrays that `training.reader.quantise.saved` wrote."""
    graph = Graph()
    x = embedded(graph, base)
    graph.part = "frozen.bin"
    cos, sin = (t[:, : HEAD // 2].numpy() for t in rotary(LENGTH))
    length = graph.add("Squeeze", [graph.add("Shape", ["ids"], start=1, end=2)])
    positions = graph.add("Range", [graph.number(0), length, graph.number(1)])
    turn = (graph.add("Unsqueeze", [positions, graph.shape(0)]), graph.weight(cos), graph.weight(sin))
    for number in range(frozen):
        x = layer(graph, x, Source(base, {}, number), turn, sees_all=False)
    graph.part = "taught.bin"
    taught = 1 + max(int(name.split(".")[1]) for name in body if name.startswith("layers."))
    for number in range(taught):
        x = layer(graph, x, Source(None, body, number), turn, sees_all=bool(body["sees_all"]))
    outputs = answers(graph, norm(graph, x, body["norm.weight"]), body)
    for name, found in zip(("windows", "words", "sentences"), outputs, strict=True):
        graph.nodes.append(helper.make_node("Identity", [found], [name]))
    return graph


def write(graph: Graph, folder: Path) -> None:
    """`reader.onnx` and the files of its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = []
    files = {part: (folder / part).open("wb") for part in sorted({p for p, _ in graph.weights.values() if p})}
    for name, (part, array) in graph.weights.items():
        if not part or array.nbytes < 1024:
            tensors.append(onnx.numpy_helper.from_array(array, name))
            continue
        out = files[part]
        out.write(b"\0" * (-out.tell() % 4096))
        tensor = TensorProto(name=name, data_type=TYPES[str(array.dtype)], dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", part), ("offset", out.tell()), ("length", array.nbytes)):
            tensor.external_data.append(onnx.StringStringEntryProto(key=key, value=str(value)))
        out.write(array.tobytes())
        tensors.append(tensor)
    for file in files.values():
        file.close()
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"]),
        helper.make_tensor_value_info("member", TensorProto.FLOAT, ["sentences", "tokens"]),
    ]
    outputs = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("windows", "words", "sentences")
    ]
    body = helper.make_graph(graph.nodes, "reader", inputs, outputs, tensors)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="mtscore")
    (folder / "reader.onnx").write_bytes(model.SerializeToString(deterministic=True))


def body_arrays(stem: Path) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for path in sorted(stem.parent.glob(f"{stem.name}_[0-9].npz")):
        with np.load(path) as arrays:
            found.update(arrays)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--body", type=Path, required=True, help="stem of the body's files")
    parser.add_argument("--frozen", type=int, default=13)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    write(build(Base.load(given.base), body_arrays(given.body), given.frozen), given.out)


if __name__ == "__main__":
    main()
