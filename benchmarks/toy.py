"""Made-up corpora and a small model, so that every benchmark runs without the real ones.

The sentences come from `mixed_cases.jsonl` and `examples/`, which were written for this project; "translations" are
made of them by moving and blending words. What a benchmark prints of them shows that it runs, and nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mtscore.learning.model_writer import REFITTED, Origin, finish
from mtscore.learning.train import Settings
from mtscore.model import base_features as bases
from mtscore.model import classifier as classifiers
from mtscore.model.contents import MANIFEST
from mtscore.model.folder import default_model_path

ROOT = Path(__file__).resolve().parents[1]
SMALL = Settings(trees=8, members=1, units=8, epochs=1, draws=1)
"""The size of the toy model."""

EXAMPLES_PER_REGISTER = 4
LINES = 8
COMPONENTS = 12
SYSTEMS = (("google", 0.02, 0.9), ("microsoft", 0.03, 0.85), ("nllb", 0.3, 0.45), ("opusmt", 0.35, 0.4))
"""Each toy translator with the share of words that it spoils and the agreement that its chunks are given."""

LANGUAGES = ("de", "lv", "zh", "ne")
HUMAN_GROUPS = (
    ("abc2006", "original"), ("bbc2005", "original"), ("isot_reuters", "original"), ("onestop", "original"),
    ("wmt24_en_src", "original"), ("masakhane_eng", "original"), ("wikipedia", "encyclopedia"), ("gum", "original"),
    ("brown1961", "original"), ("masc", "original"), ("llm_fastdetect", "original"),
)  # fmt: skip
STORIES = ("tale", "story", "report", "letter")
DICTIONARY = {"bridge": "Steg", "winter": "Winterzeit", "council": "Ratsrunde", "keepers": "Hueter"}

ToyArguments = Callable[[Path], Sequence[str]]


@contextmanager
def parsed(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None, toy: ToyArguments
) -> Iterator[argparse.Namespace]:
    """The parsed arguments; with `--toy` those that `toy` gives for a temporary folder, and what else was given."""
    parser.add_argument("--toy", action="store_true", help="run on a few made-up texts instead, in seconds")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "--toy" not in given:
        yield parser.parse_args(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield parser.parse_args([*toy(Path(folder)), *given])


@lru_cache(maxsize=1)
def articles() -> list[list[str]]:
    """English articles, each a list of lines."""
    lines = Path(__file__).with_name("mixed_cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    found = [[case["title"], *case["paragraphs"]] for case in cases if case["kind"] == "article"]
    example = (ROOT / "examples" / "clean.txt").read_text(encoding="utf-8")
    return [*found, [line for line in example.split("\n") if line.strip()]]


def text(seed: int, lines: int = LINES) -> list[str]:
    """A made-up document: lines of the articles in random order."""
    generator = random.Random(seed)
    pool = [line for article in articles() for line in article if len(line.split()) >= 8]
    return [generator.choice(pool).replace("Tuesday", f"the {seed}th") for _ in range(lines)]


def spoilt(line: str, share: float, seed: int) -> str:
    """The line with a share of its words moved or blended with another."""
    generator = random.Random(seed)
    words = line.split(" ")
    for place in range(len(words) - 1):
        if generator.random() < share:
            other = generator.choice(words)
            words[place] = generator.choice((words[place + 1], words[place][:4] + other[-4:]))
    return " ".join(words)


def write_documents(path: Path, count: int, lines: int = 6) -> Path:
    """JSON lines with `id`, `text`, and `label`: every third is garbled."""
    records = []
    for number in range(count):
        is_garbled = number % 3 == 0
        body = [spoilt(line, 0.4 * is_garbled, number) for line in text(number, lines)]
        records.append(
            {"id": str(number), "text": "\n".join(body), "label": int(is_garbled), "group": "toy:documents"}
        )
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_model(folder: Path) -> Path:
    """The shipped model with a small classifier, fitted on a few of its examples."""
    shipped = Path(default_model_path())
    folder.mkdir(parents=True)
    for path in shipped.iterdir():
        if path.name not in (*REFITTED, MANIFEST):
            _link(path, folder / path.name)
    base = bases.load(shipped / bases.FILE)
    keys = np.array([f"{label} {name}" for label, name in zip(base.label, base.register, strict=True)])
    chosen = np.sort(
        np.concatenate([np.flatnonzero(keys == key)[:EXAMPLES_PER_REGISTER] for key in np.unique(keys)])
    )
    contrasts = classifiers.load(shipped / "classifier.safetensors").contrasts
    finish(folder, base.rows(chosen), contrasts, Origin([]), settings=SMALL)
    return folder


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_data(folder: Path) -> Path:
    """A folder like the one that holds the real corpora: `train/` and `pivot/`."""
    train = folder / "train"
    _write(train / "aligned.jsonl.xz", _aligned())
    _write(train / "mlqe_sentences.jsonl.xz", _rated())
    for source in ("wmt22", "compare_mt_sken", "wmt16_fien_smt", "wce_lig_fren"):
        _write(train / f"{source}.jsonl.xz", _by_systems(source))
    _write(train / "wild_mt.jsonl.xz", _wild())
    _write(train / "human_web.jsonl.xz", _web())
    for source, kind in HUMAN_GROUPS:
        _write(train / "human" / f"{source}.jsonl.xz", _human(source, kind))
    path = folder / "pivot" / "gpl" / "de.tsv.xz"
    path.parent.mkdir(parents=True)
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{foreign.lower()}\t{english}\ttoy\n" for english, foreign in DICTIONARY.items())
    return folder


def write_lm_work(folder: Path) -> Path:
    """What `training.build_lm` leaves behind, for language models that have read nothing."""
    folder.mkdir(parents=True)
    (folder / "sentences.txt").write_text("", encoding="utf-8")
    (folder / "lm_lines.txt.gz").write_bytes(gzip.compress(b""))
    return folder


def _write(path: Path, records: Iterator[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


def _aligned() -> Iterator[dict[str, Any]]:
    for component in range(COMPONENTS):
        human = text(component)
        for number, (system, share, agreement) in enumerate(SYSTEMS):
            yield {
                "id": f"{component}-{system}",
                "mt": [spoilt(line, share, i + 100 * number) for i, line in enumerate(human)],
                "human": human,
                "system": system,
                "dataset": ("flores-dev", "wmt17")[component % 2],
                "source_lang": LANGUAGES[component % len(LANGUAGES)],
                "content": f"c{component}",
                "component": component,
                "agreement": agreement,
                "label": 1 if agreement < 0.5 else None,
            }


def _rated() -> Iterator[dict[str, Any]]:
    for number in range(96):
        quality = (number * 37) % 100
        line = text(number, 1)[0]
        yield {
            "id": f"s{number}",
            "text": spoilt(line, 0.5 - quality / 200, number),
            "source_lang": ("ne", "ro", "ru", "et")[number % 4],
            "kind": "mt",
            "quality": quality,
        }


def _by_systems(source: str) -> Iterator[dict[str, Any]]:
    for number in range(8):
        label = number % 2
        lines = text(500 + number // 2, 8)
        yield {
            "id": f"{source}-{number}",
            "text": "\n".join(spoilt(line, 0.4 * label, number) for line in lines),
            "label": label,
            "system": "toy" if label else "human",
            "source_lang": LANGUAGES[number // 2 % len(LANGUAGES)],
            "content": str(number // 2),
        }


def _wild() -> Iterator[dict[str, Any]]:
    """Forum posts: garbled, fluent and unclear ones beside human text, threads of two."""
    for number in range(12):
        lines = text(2000 + number // 2, 6)
        yield {
            "id": f"docmtllm_qa_zh/{number}",
            "text": "\n".join(spoilt(line, 0.4 * (number % 3 == 0), number) for line in lines),
            "human": "\n".join(lines),
            "label": 1 if number % 3 == 0 else None,
            "kind": ("garbled_mt", "fluent_mt", "unclear_mt")[number % 3],
            "group": "wild:docmtllm_qa_zh",
            "register": "forum question and answer",
            "component": f"docmtllm_qa_zh/{number // 2}",
            "source_lang": "zh",
            "system": "toy",
        }


def _web() -> Iterator[dict[str, Any]]:
    for number in range(12):
        group = ("forum:se_beer", "blog:blog_toy", "thesis:theses_a")[number % 3]
        name = f"{group.split(':')[1]}/{number}"
        yield {"id": name, "text": "\n".join(text(3000 + number, 6)), "group": group, "native": "mixed"}


def write_translations(folder: Path) -> Path:
    """What `training.translations` makes of the toy documents from the web, with labels."""
    folder.mkdir(parents=True)
    with (folder / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for chain in ("en-pt-en", "en-es-en"):
            with (folder / f"{chain}.jsonl").open("w", encoding="utf-8") as out:
                for record in map(_translated, _web()):
                    identity = f"{chain}/{record['source_id']}"
                    out.write(json.dumps({**record, "id": identity, "chain": chain}) + "\n")
                    labels.write(json.dumps({"id": identity, "label": 1}) + "\n")
    return folder


def _translated(record: dict[str, Any]) -> dict[str, Any]:
    lines = record["text"].split("\n")
    spans, made = [], []
    for number, line in enumerate(lines):
        made.append(spoilt(line, 0.3, number))
        begin, other = len("\n".join(lines[:number])), len("\n".join(made[:number]))
        shift = min(number, 1)
        spans.append([begin + shift, begin + shift + len(line), other + shift, other + shift + len(made[-1])])
    return {
        "source_id": record["id"], "source_set": "human_web", "group": record["group"], "lang": "en", "lm_seen": False,
        "text": "\n".join(made), "original": record["text"], "sentences": spans,
    }  # fmt: skip


def _human(source: str, kind: str) -> Iterator[dict[str, Any]]:
    for number in range(12 if source == "onestop" else 3):
        level = ("adv", "int", "ele")[number % 3]
        yield {
            "id": f"onestop-{level}-{STORIES[number // 3]}-x" if source == "onestop" else str(number),
            "text": "\n".join(text(1000 + number, 5)),
            "group": f"{kind}:{source}",
        }
