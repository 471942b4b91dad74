"""Teaches the reader's bodies and lets each read what it has not been taught: one run by a hard time plan.

    python -m training.reader.train --base BASE --data OUT --out RESULTS --plan all:100,h0:45,h1:45,j0:40,j1:40

The frozen layers' states of all windows are computed once and kept on the device, so that a body costs its upper
layers only. Every body is saved as soon as it is done; a run that is cut off loses the body in hand. With a GPU an
hour's work of two cores takes seconds; without one, `--steps` and a sample of windows show that it works. `--first`
names a body that is taught twice, with upper layers that see only what comes before and with such that see the whole
window, for so many seconds each: the better way, by documents and by words, is taken for all.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.reader.heads import Upper
from training.reader.labels import log_probabilities, windows_wanted, word_labels
from training.reader.model import Norm, embeddings_from, layer_from, rotary
from training.reader.quantise import loaded, saved
from training.reader.reading import COLUMNS, read
from training.reader.store import LENGTH, Store, load
from training.reader.teach import Settings, lessons, teach
from training.reader.weights import Base

STARTED = time.time()
Array = np.ndarray[Any, Any]
POOL_OF_SENTENCES, POOL_READ_ONLY = 4, 5


@dataclass
class Work:
    """What all bodies share."""

    base: Base
    store: Store
    lower: Tensor
    words: Tensor
    wrong: Array
    frozen: int
    layers: int
    out: Path
    settings: Settings
    is_compiled: bool
    steps: int | None
    start: Path | None
    is_sample: bool
    """Whether only some windows are there: nothing is read then."""


def say(*parts: object) -> None:
    print(f"[{time.time() - STARTED:6.1f}]", *parts, flush=True)


def prepared(layer: torch.nn.Module, *, is_compiled: bool) -> torch.nn.Module:
    if is_compiled:
        layer.compile(dynamic=False)
    return layer


@torch.no_grad()
def lower_states(store: Store, base: Base, frozen: int, batch: int, *, is_compiled: bool) -> Tensor:
    """The frozen layers' states of all windows, windows x tokens x width."""
    device = store.ids.device
    embeddings = embeddings_from(base).to(device)
    layers = [prepared(layer_from(base, n).to(device), is_compiled=is_compiled) for n in range(frozen)]
    cos, sin = rotary(LENGTH, device)
    out = torch.empty((len(store.ids), LENGTH, embeddings.shape[1]), dtype=torch.bfloat16, device=device)
    for index in even(len(store.ids), batch, device):
        x = embeddings[store.ids[index].long()]
        with torch.autocast(device.type, torch.bfloat16):
            for layer in layers:
                x = layer(x, cos, sin)
        out[index] = x.to(torch.bfloat16)
    return out


def sampled(store: Store, number: int) -> Store:
    """The store with `number` windows of those that teach, drawn as they would be in batches; the places of tokens, and
    with them the labels of words, stay those of the whole."""
    generator = np.random.default_rng(5)
    chance = (store.plan["draw"] * store.plan["teaches"].any(1))[store.doc.cpu().numpy()].astype(float)
    pool = store.plan["pool"][store.doc.cpu().numpy()]
    kept = []
    for name in range(POOL_READ_ONLY):
        inside = np.flatnonzero((pool == name) & (chance > 0))
        size = min(len(inside), number // POOL_READ_ONLY)
        kept.append(generator.choice(inside, size, replace=False, p=chance[inside] / chance[inside].sum()))
    index = torch.from_numpy(np.sort(np.concatenate(kept))).to(store.ids.device)
    each = ("ids", "sentence", "flags", "length", "doc", "first", "ratings")
    return replace(store, **{name: getattr(store, name)[index] for name in each})


def even(number: int, batch: int, device: torch.device) -> list[Tensor]:
    """The numbers below `number` in batches of one size, the last filled up with earlier ones."""
    starts = [min(low, max(number - batch, 0)) for low in range(0, number, batch)]
    return [torch.arange(low, min(low + batch, number), device=device) for low in starts]


def known_logs(
    store: Store, base: Base, lower: Tensor, frozen: int, total: int, *, is_compiled: bool
) -> Array:
    """The whole untuned model's log-probability of every place that a label needs, NaN elsewhere."""
    device = lower.device
    layers = [prepared(layer_from(base, n).to(device), is_compiled=is_compiled) for n in range(frozen, total)]
    norm = Norm(lower.shape[-1]).to(device)
    norm.weight.data = torch.from_numpy(base.vector("output_norm")).to(device)
    embeddings = embeddings_from(base).to(device, torch.bfloat16)
    logs = torch.full((store.places + LENGTH,), torch.nan, device=device)
    wanted = windows_wanted(store)
    for at in even(len(wanted), 128 if device.type == "cuda" else 4, device):
        index = wanted[at]
        with torch.autocast(device.type, torch.bfloat16):
            found = log_probabilities(lower[index].float(), store.ids[index], layers, norm, embeddings)
        places = store.first[index][:, None] + torch.arange(LENGTH - 1, device=device)[None]
        there = store.valid(index)[:, 1:]
        logs[places[there]] = found[there]
    say(f"log-probabilities of {len(wanted)} windows, mean {logs.nanmean():.4f}")
    out: Array = logs[: store.places].cpu().numpy()
    return out


def padded_words(store: Store, labels: Array) -> Tensor:
    """A label of every token of every window, -1 where none is known."""
    device = store.ids.device
    flat = torch.from_numpy(np.concatenate([labels, np.full(LENGTH, -1, np.int8)])).to(device)
    at = store.first[:, None] + torch.arange(LENGTH - 1, device=device)[None]
    words = torch.full((len(store.first), LENGTH), -1, dtype=torch.int8, device=device)
    words[:, 1:] = flat[at]
    return words.masked_fill(~store.valid(torch.arange(len(words), device=device)), -1)


def unread(store: Store, name: str, body: int) -> Tensor:
    """The windows that a body reads for others: those of the other half, or those kept for the last figures."""
    plan, pool = store.plan, store.plan["pool"]
    judged = (pool == POOL_READ_ONLY) & (plan["answers"][:, 1] < 0) & ~plan["teaches"].any(1)
    if name != "all":
        judged = (plan["side"] != int(name[1])) & ~plan["is_copy"] & (pool != POOL_OF_SENTENCES) & ~judged
    return torch.nonzero(torch.from_numpy(judged).to(store.doc.device)[store.doc])[:, 0]


def run_body(work: Work, name: str, seconds: float, *, sees_all: bool, tag: str = "") -> tuple[Upper, float]:
    """Teach one body, save it and what it reads; returns it with its figure of merit (0 for `all`)."""
    torch.manual_seed(7)
    store, body = work.store, work.store.names["bodies"].index(name)
    device = work.lower.device
    layers = [layer_from(work.base, n) for n in range(work.frozen, work.layers)]
    upper = Upper(layers, sees_all=sees_all)
    if work.start is not None:
        loaded(upper, work.start / f"body_{name}")
        upper.sees_all = sees_all
    upper = upper.to(device)
    for layer in upper.layers:
        prepared(layer, is_compiled=work.is_compiled)
    given = lessons(store, work.words, body, work.wrong)
    took = teach(upper, work.lower, store, given, work.settings, seconds, 11, work.steps)
    say(
        f"taught {name}{tag} {'whole' if sees_all else 'before'}:",
        json.dumps({k: round(v, 3) for k, v in took.items()}),
    )
    saved(upper, work.out / f"body_{name}{tag}")
    if work.is_sample:
        return upper, 0.0
    index = unread(store, name, body)
    full = even(len(index), 256, device)
    rows = np.zeros((len(index), len(COLUMNS)), np.float16)
    words = np.zeros((len(index), LENGTH), np.uint8)
    for at in full:
        numbers = at.cpu().numpy()
        rows[numbers], words[numbers] = read(
            upper, work.lower, store, index[at], sentences=work.settings.sentences
        )
    np.savez_compressed(
        work.out / f"reads_{name}{tag}.npz", window=index.cpu().numpy().astype(np.int32), rows=rows
    )
    np.savez_compressed(
        work.out / f"words_{name}{tag}.npz", window=index.cpu().numpy().astype(np.int32), words=words
    )
    merit = (figures(store, index.cpu().numpy(), rows, name) + word_area(work, index, words)) / 2
    say(f"read {name}{tag}: {len(index)} windows, merit {merit:.4f}")
    return upper, merit


def word_area(work: Work, index: Tensor, words: Array) -> float:
    """AUROC of the wrong words among those whose label is known, in windows that the body has not read."""
    labels = work.words[index].cpu().numpy()
    wrong, fine = words[labels == 1], words[labels == 0]
    found, _ = area(wrong.astype(float), fine[:: max(1, len(fine) // 1_000_000)].astype(float))
    say(f"  words: AUROC {found:.4f} ({len(wrong)} wrong)")
    return 0.0 if np.isnan(found) else found


def area(garbled: Array, fine: Array) -> tuple[float, float]:
    """AUROC, and the share of garbled documents above all but 1 % of the others."""
    if not len(garbled) or not len(fine):
        return float("nan"), float("nan")
    both = np.concatenate([garbled, fine])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    low = len(garbled) * (len(garbled) + 1) / 2
    return (
        float((ranks[: len(garbled)].sum() - low) / (len(garbled) * len(fine))),
        float(np.mean(garbled > np.quantile(fine, 0.99))),
    )


def figures(store: Store, windows: Array, rows: Array, name: str) -> float:
    """Print how well the first question is answered for documents that the body has not read: for the judging bodies
    those of the sets that it was not taught."""
    plan = store.plan
    docs = store.doc.cpu().numpy()[windows]
    size = store.length.cpu().numpy()[windows].astype(float)
    total = np.bincount(docs, size, minlength=len(plan["pool"]))
    mean = np.bincount(docs, size * rows[:, 0].astype(float), minlength=len(total)) / np.maximum(total, 1)
    there, label, sure = total > 0, plan["answers"][:, 0], plan["sure"] >= 1
    out = np.ones(len(total), bool) if name[0] not in "jk" else plan["left"][:, "jk".index(name[0])]
    merits: list[float] = []
    for title, pools in (("corpora", (0, 1)), ("registers", (2, 3)), ("read only", (5, 5))):
        garbled = there & (plan["pool"] == pools[0]) & (label == 1) & sure & out & ~plan["by_rule"]
        people = there & (plan["pool"] == pools[1]) & (label == 0) & plan["human"]
        if garbled.sum() > 4 and people.sum() > 4:
            found = area(mean[garbled], mean[people])
            merits += found
            say(
                f"  {name} {title}: AUROC {found[0]:.4f}, at 1 % {found[1]:.3f} ({garbled.sum()}/{people.sum()})"
            )
    return float(np.mean(merits)) if merits else 0.0


def start(given: argparse.Namespace) -> Work:
    """Everything up to the first body."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    is_compiled = device.type == "cuda" and not given.eager
    torch._dynamo.config.recompile_limit = 64
    torch._dynamo.config.suppress_errors = True
    torch.backends.cuda.matmul.allow_tf32 = True
    settings = Settings()
    store = load(given.data, str(device), settings.sentences)
    if given.sample:
        settings = replace(settings, batch=(2, 2, 2, 2, 2))
    base = Base.load(given.base)
    if given.windows:
        store = sampled(store, given.windows)
    say(f"{len(store.plan['pool'])} documents, {len(store.ids)} windows, {store.places} tokens on {device}")
    lower = lower_states(
        store, base, given.frozen, 256 if device.type == "cuda" else 8, is_compiled=is_compiled
    )
    say("lower states")
    if given.labels is not None:
        with np.load(given.labels) as found:
            labels, wrong = found["labels"], found["wrong"]
    else:
        logs = known_logs(store, base, lower, given.frozen, given.total, is_compiled=is_compiled)
        labels, wrong = word_labels(store, logs, store.plan["words_fine"])
    say(
        f"words: {np.mean(labels == 1):.4f} wrong, {np.mean(labels == 0):.4f} fine, rule {rule_share(store, wrong)}"
    )
    np.savez_compressed(given.out / "labels.npz", labels=labels, wrong=wrong.astype(np.int32))
    words = padded_words(store, labels)
    return Work(
        base,
        store,
        lower,
        words,
        wrong,
        given.frozen,
        given.layers,
        given.out,
        settings,
        is_compiled,
        given.steps,
        given.start,
        given.windows is not None,
    )


def rule_share(store: Store, wrong: Array) -> str:
    rule = store.plan["by_rule"]
    return f"{wrong[rule].mean() if rule.any() else 0:.1f} wrong words a document of {rule.sum()}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plan", required=True, help="bodies and seconds, such as all:100,h0:45")
    parser.add_argument(
        "--first", default="", help="body and seconds to compare both ways of attention, such as j0:40"
    )
    parser.add_argument(
        "--until", type=float, default=1e9, help="start no body that would end after so many seconds"
    )
    parser.add_argument("--start", type=Path, help="folder of saved bodies: each body goes on from its own")
    parser.add_argument("--labels", type=Path, help="labels.npz of an earlier run over the same windows")
    parser.add_argument(
        "--windows", type=int, help="so many windows alone, drawn as they teach: for two cores"
    )
    parser.add_argument("--frozen", type=int, default=13)
    parser.add_argument("--layers", type=int, default=22)
    parser.add_argument("--total", type=int, default=30, help="layers of the whole base model")
    parser.add_argument("--steps", type=int, help="so many steps a body instead of seconds")
    parser.add_argument("--sample", action="store_true", help="small batches, to see that it works")
    parser.add_argument("--eager", action="store_true", help="without torch.compile")
    parser.add_argument(
        "--whole", action="store_true", help="upper layers that see the whole window, without --first"
    )
    given = parser.parse_args()
    if given.windows is not None and given.labels is None:
        parser.error("--windows needs the --labels of an earlier run")
    given.out.mkdir(parents=True, exist_ok=True)
    work = start(given)
    sees_all = given.whole
    if given.first:
        name, seconds = given.first.split(":")
        _, before = run_body(work, name, float(seconds), sees_all=False, tag="a")
        _, whole = run_body(work, name, float(seconds), sees_all=True)
        sees_all = whole >= before
        say(f"seeing before {before:.4f}, whole {whole:.4f}")
    overhead = 0.0
    for part in given.plan.split(","):
        name, seconds = part.split(":")
        began = time.time()
        if began - STARTED + float(seconds) + overhead > given.until:
            say(f"no time for {name}")
            continue
        run_body(work, name, float(seconds), sees_all=sees_all)
        overhead = time.time() - began - float(seconds)
    say("done")


if __name__ == "__main__":
    main()
