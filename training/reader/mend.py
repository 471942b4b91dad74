"""Mends a shipped body for a kind of text that wrong labels had spoilt, on a machine without an accelerator.

    python -m training.reader.mend --base BASE --reader DATA LESSONS.jsonl OUT --seconds 380

LESSONS has a record a line with `text` and `kind`: `as_before` (the body answers as it does), `fine` (people's text:
not garbled, not a machine's, no wrong words), `fluent` (a machine's, but fine) or `garbled` (garbled, whatever it says
of words; where `kept` has spans of the text, their words are fine). What nothing is said of stays as the body has it:
its own answers are the targets (Li and Hoiem 2016, "Learning without forgetting"). OUT is the stem of a body for
`training.reader.export`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # its usual name

from training.reader.heads import Upper
from training.reader.model import MATRICES, WIDTH, Layer, embeddings_from, layer_from, rotary
from training.reader.quantise import saved, values
from training.reader.weights import Base

BATCH: Mapping[str, int] = {"as_before": 12, "fine": 4, "garbled": 3, "fluent": 5}
"""Windows of each kind in a batch."""
TOKENS, PIECE, PIECES = 255, 32, 8
"""Of a window; tokens of the stretches whose quality is asked, and how many of them a window may have."""
RATE, HEADS_TIMES, WARM = 1e-4, 3.0, 0.05
OTHERS, WORDS, QUALITY = 0.15, 2.4, 6.0
"""What the tasks count beside the first question."""
HEADS = ("attend", "window_head", "word_head", "sentence_head")


def from_graph(folder: Path) -> Upper:
    """The taught layers and heads of a shipped reader, in the order in which `training.reader.export` wrote them."""
    model = onnx.load(str(folder / "reader.onnx"), load_external_data=True)
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    nodes = list(model.graph.node)
    eight = [
        n
        for n in nodes
        if n.op_type == "MatMulNBits" and any(a.name == "bits" and a.i == 8 for a in n.attribute)
    ]
    norms = [n for n in nodes if n.op_type == "SimplifiedLayerNormalization"]
    one_way = [
        a.i
        for n in nodes
        if n.op_type == "MultiHeadAttention"
        for a in n.attribute
        if a.name == "unidirectional"
    ]
    layers = len(eight) // len(MATRICES)
    upper = Upper([Layer() for _ in range(layers)], sees_all=not one_way[-1])
    state = upper.state_dict()
    for number in range(layers):
        for place, name in enumerate(MATRICES):
            node = eight[len(MATRICES) * number + place]
            codes, scale = (arrays[name] for name in node.input[1:3])
            whole = (codes.astype(np.int16) - 128).astype(np.int8).reshape(len(codes), -1)
            state[f"layers.{number}.{name}.weight"] = _tensor(values(whole, scale.reshape(len(codes), -1)))
        for name, node in zip(("attn_norm", "ffn_norm"), norms[2 * (number - layers) - 1 :], strict=False):
            state[f"layers.{number}.{name}.weight"] = _tensor(arrays[node.input[1]])
    state["norm.weight"] = _tensor(arrays[norms[-1].input[1]])
    behind = [n for n in nodes[nodes.index(norms[-1]) :] if len(n.input) > 1 and n.input[1] in arrays]
    products = [arrays[n.input[1]] for n in behind if n.op_type == "MatMul"]
    biases = [arrays[n.input[1]] for n in behind if n.op_type == "Add"]
    parts = [f"{head}.{part}" for head in ("sentence_head", "window_head", "word_head") for part in (1, 3)]
    state["attend.weight"] = _tensor(products[0].T)
    for part, product, bias in zip(parts, products[1:], biases, strict=True):
        state[f"{part}.weight"], state[f"{part}.bias"] = _tensor(product.T), _tensor(bias)
    upper.load_state_dict(state)
    upper.eval()
    return upper


def _tensor(array: np.ndarray[Any, Any]) -> Tensor:
    return torch.from_numpy(np.array(array))


@dataclass(frozen=True, slots=True)
class Window:
    """The frozen layers' states of a window (tokens x WIDTH, the start mark first), and what is to be answered:
    probabilities of the questions and of every token being wrong, and the quality of its pieces."""

    states: Tensor
    answers: Tensor
    words: Tensor
    quality: Tensor


@torch.no_grad()
def windows_of(
    records: Sequence[Mapping[str, Any]], base: Base, upper: Upper, tokenizer: Tokenizer, frozen: int
) -> dict[str, list[Window]]:
    """The first window of every record, by kind."""
    layers = [layer_from(base, number).eval().bfloat16() for number in range(frozen)]
    embeddings = embeddings_from(base).bfloat16()
    found: dict[str, list[Window]] = {kind: [] for kind in BATCH}
    for record in records:
        encoded = tokenizer.encode(record["text"], add_special_tokens=False)
        x = embeddings[torch.tensor([[0, *encoded.ids[:TOKENS]]])]
        cos, sin = rotary(x.shape[1])
        for layer in layers:
            x = layer(x, cos, sin, None)
        said = answered(upper, [x[0]])
        window = Window(x[0], *(part[0] for part in said))
        found[record["kind"]].append(taught(window, record, encoded.offsets[:TOKENS]))
    return found


def answered(upper: Upper, states: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """What a body says of windows: probabilities of the questions and of the tokens, and the quality of the pieces."""
    length = max(map(len, states))
    x, valid = torch.zeros(len(states), length, WIDTH), torch.zeros(len(states), length, dtype=torch.bool)
    for row, each in enumerate(states):
        x[row, : len(each)], valid[row, : len(each)] = each.float(), True
    piece = (torch.arange(length) // PIECE).expand(len(states), length)
    with torch.autocast("cpu", torch.bfloat16):
        found = upper(x, valid, piece, PIECES)
    return found.windows.float().sigmoid(), found.words.float().sigmoid(), found.sentences.float()


def taught(window: Window, record: Mapping[str, Any], offsets: Sequence[tuple[int, int]]) -> Window:
    """The window with what its kind says put over the body's own answers."""
    answers, words, quality = window.answers.clone(), window.words.clone(), window.quality
    match record["kind"]:
        case "fine":
            answers[0], answers[1] = 0.04, min(float(answers[1]), 0.05)
            words, quality = words.clamp(max=0.015), quality.clamp(min=0.93)
        case "fluent":
            answers[0] = 0.05
            words, quality = words.clamp(max=0.02), quality.clamp(min=0.85)
        case "garbled":
            answers[0], answers[1] = max(float(answers[0]), 0.93), max(float(answers[1]), 0.95)
            for start, end in record.get("kept", ()):
                for place, (low, high) in enumerate(offsets, 1):
                    if start < high and low < end:
                        words[place] = min(float(words[place]), 0.03)
    return Window(window.states, answers, words, quality)


def loss_of(upper: Upper, windows: Sequence[Window]) -> Tensor:
    """How far a body is from what is to be answered."""
    answers, words, quality = answered(upper, [window.states for window in windows])
    wanted = torch.stack([window.answers for window in windows])
    off = F.binary_cross_entropy(answers.clamp(1e-6, 1 - 1e-6), wanted, reduction="none")
    by_word = [
        F.binary_cross_entropy(row[1 : len(window.words)].clamp(1e-6, 1 - 1e-6), window.words[1:])
        for row, window in zip(words, windows, strict=True)
    ]
    rated = torch.stack([torch.arange(PIECES) * PIECE < len(window.states) for window in windows])
    squares = (quality - torch.stack([window.quality for window in windows])).square() * rated
    return (
        off[:, 0].mean()
        + OTHERS * off[:, 1:].sum(1).mean()
        + WORDS * torch.stack(by_word).mean()
        + QUALITY * squares.sum() / rated.sum()
    )


def mend(upper: Upper, windows: Mapping[str, Sequence[Window]], seconds: float) -> int:
    """Teach for so long; returns the steps."""
    heads = [p for name, p in upper.named_parameters() if name.startswith(HEADS)]
    others = [p for name, p in upper.named_parameters() if not name.startswith(HEADS)]
    groups = [{"params": others, "lr": RATE}, {"params": heads, "lr": HEADS_TIMES * RATE}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0)
    rates = [group["lr"] for group in optimizer.param_groups]
    started, step = time.time(), 0
    upper.train()
    while (progress := (time.time() - started) / seconds) < 1:
        chosen = [
            each
            for kind, number in BATCH.items()
            if windows[kind]
            for each in random.choices(windows[kind], k=number)
        ]
        loss = loss_of(upper, chosen)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        falling = 0.02 + 0.49 * (1 + math.cos(math.pi * (progress - WARM) / (1 - WARM)))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * (progress / WARM if progress < WARM else falling)
        optimizer.step()
        step += 1
    upper.eval()
    return step


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True, help="what training.reader.weights wrote")
    parser.add_argument("--reader", type=Path, required=True, help="folder of the shipped reader's files")
    parser.add_argument("--frozen", type=int, default=13)
    parser.add_argument("--seconds", type=float, default=380.0)
    parser.add_argument("lessons", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    records = [json.loads(line) for line in given.lessons.read_text(encoding="utf-8").splitlines()]
    upper = from_graph(given.reader)
    tokenizer = Tokenizer.from_file(str(given.reader / "tokenizer.json"))
    windows = windows_of(records, Base.load(given.base), upper, tokenizer, given.frozen)
    print(f"{mend(upper, windows, given.seconds)} steps")
    saved(upper, given.out)


if __name__ == "__main__":
    main()
