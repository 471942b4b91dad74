"""What siblings bring: ranking of garbled translations beside clean copies, false findings, and scale.

    python -m benchmarks.siblings DATA [--model DIR] [--cache FILE] [--half 0] [--documents 100000]

DATA is the folder that holds `train/`. Garbled chunks of `aligned` are put beside their human text and one fluent
translation of the same lines, and each triple is judged as a batch of three: how often does the garbled one have
the highest score, without and with siblings, and how many are called garbled? The classifier of the model knows
these chunks; so each half of them (by component) is judged by one that was fitted without that half. Its n-gram
contrasts were learned from the same texts, too: they are learned anew from the rows that `benchmarks.protocol`
keeps with `--cache`, or without `--cache` left out altogether. Human text beside two fluent translations of
itself, beside one, and beside simplified versions shows false findings and false alarms. At last, pairs are
searched among growing numbers of documents: time, memory, and what pairs. Without the search (`--documents 0`) it
takes some five minutes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import math
import random
import resource
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.protocol.folds import Data
from benchmarks.protocol.loading import load
from benchmarks.toy import parsed, write_data, write_model
from mtscore.learning import train
from mtscore.model import base_features as bases
from mtscore.model.classifier import Contrast, column_names
from mtscore.model.folder import ModelFolder, default_model_path
from mtscore.records import Document
from mtscore.scoring.scorer import Scorer
from mtscore.siblings.alignment import Version, make_version
from mtscore.siblings.comparison import Comparison, compared
from mtscore.siblings.stories import StoryIndex, story_terms
from mtscore.signals.columns import INPUT_NAMES
from mtscore.text.body import find_body
from training.build_model import Sources, base_of
from training.contrasts import fit_contrasts
from training.dataset import UNALIGNED

KINDS = ("garbled", "human", "fluent")
FLUENT_SYSTEMS = ("google", "microsoft")
COMPANY = ("human", "first", "second")
COMPANIES, MIN_AGREEMENT, MIN_LINES = 250, 0.6, 8
LEVELS = ("adv", "int", "ele")
STEPS = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Group:
    """Texts on one story by name, and the component they belong to."""

    texts: dict[str, str]
    component: str = ""

    @property
    def half(self) -> int:
        return zlib.crc32(self.component.encode()) % 2


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of one file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def triples(data: Path) -> list[Group]:
    """Garbled chunks with the human text and the online translation that agrees most with it."""
    garbled, fluent = [], defaultdict(list)
    for record in records(data / "train" / "aligned.jsonl.xz"):
        key = (record["dataset"], *record["human"])
        if record.get("label") == 1:
            garbled.append((key, record))
        elif record["system"] in FLUENT_SYSTEMS:
            fluent[key].append(record)
    found = []
    for key, record in garbled:
        if fluent[key]:
            best = max(fluent[key], key=lambda other: other["agreement"])
            lines = (record["mt"], record["human"], best["mt"])
            found.append(
                Group(dict(zip(KINDS, map("\n".join, lines), strict=True)), f"aligned{record['component']}")
            )
    return found


def companies(data: Path) -> list[Group]:
    """Human text with two fluent translations of the same lines, by other systems or from other languages."""
    fluent = defaultdict(list)
    for record in records(data / "train" / "aligned.jsonl.xz"):
        is_fluent = record["system"] in FLUENT_SYSTEMS and record["agreement"] > MIN_AGREEMENT
        if is_fluent and len(record["human"]) >= MIN_LINES and record["dataset"] not in UNALIGNED:
            fluent[tuple(record["human"])].append((f"aligned{record['component']}", record["mt"]))
    generator = random.Random(1)
    found = []
    several = [lines for lines in sorted(fluent) if len(fluent[lines]) > 1]
    for human in generator.sample(several, min(COMPANIES, len(several))):
        (component, first), (_, second) = generator.sample(fluent[human], 2)
        texts = dict(zip(COMPANY, map("\n".join, (human, first, second)), strict=True))
        found.append(Group(texts, component))
    return found


def simplified(data: Path) -> list[Group]:
    """Articles in three levels of difficulty."""
    stories: dict[str, dict[str, str]] = defaultdict(dict)
    for record in records(data / "train" / "human" / "onestop.jsonl.xz"):
        _, level, *name = record["id"].split("-")
        stories["-".join(name[:-1]).strip("_- ").lower()][level] = record["text"]
    return [Group(texts, name) for name, texts in sorted(stories.items()) if len(texts) == len(LEVELS)]


def without(bundle: ModelFolder, components: set[int], data: Data | None) -> Scorer:
    """The model with a classifier and contrasts that have seen nothing of some components; without `data` it has
    no contrasts."""
    if data is None:
        base = bases.load(bundle.path / bases.FILE)
        base = base.rows(np.flatnonzero(~np.isin(base.component, sorted(components))))
        contrasts = [replace(c, weights=c.weights * 0, intercept=0.0) for c in bundle.classifier.contrasts]
        matrix = base.matrix.copy()
        matrix[:, len(bundle.classifier.signal_names) :] = 0
        base = replace(base, matrix=matrix)
    else:
        base, contrasts = taught_without(components, data)
    fitted = replace(train.fit_models(base, contrasts), calibration=bundle.classifier.calibration)
    return Scorer(replace(bundle, classifier=fitted))


def taught_without(components: set[int], data: Data) -> tuple[bases.BaseFeatures, list[Contrast]]:
    """The rows outside some components, and contrasts learned outside them."""
    inside = [bases.component_number(row.component) in components for row in data.rows]
    teach = np.flatnonzero(~np.array(inside))
    rows, extracted = [data.rows[i] for i in teach], data.extracted.rows(teach)
    base = base_of(rows, extracted.vectors, extracted.strengths, INPUT_NAMES)
    usable = ~np.isin(data.lines.pairs.component, sorted(components))
    contrasts, columns = fit_contrasts(extracted, base, data.lines, usable)
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    return base_of(rows, matrix, extracted.strengths, (*INPUT_NAMES, *column_names(contrasts))), contrasts


def judges(
    groups: Sequence[Group], bundle: ModelFolder, halves: Sequence[int], data: Data | None
) -> list[Scorer]:
    """For each half the scorer that knows no component of it."""
    numbers: list[set[int]] = [set(), set()]
    for group in groups:
        numbers[group.half].add(bases.component_number(group.component))
    return [without(bundle, numbers[half], data) for half in halves]


def copies_of(groups: Sequence[Group], scorer: Scorer) -> list[dict[str, Version]]:
    """Every text prepared, with its own log-odds above the threshold (very low where the scorer cannot tell)."""
    threshold = scorer.thresholds["garbled"]
    shift = math.log(threshold / (1.0 - threshold))
    documents = [Document(name, text) for group in groups for name, text in group.texts.items()]
    verdicts = iter(scorer.score_many(documents))
    found = []
    for group in groups:
        copies = {}
        for name, text in group.texts.items():
            score = next(verdicts).score
            log_odds = -99.0 if score is None else math.log(score / (1.0 - score)) - shift
            copies[name] = make_version(name, text, log_odds, scorer.model.resources)
        found.append(copies)
    return found


def together(copies: dict[str, Version], scorer: Scorer) -> dict[str, Comparison]:
    """What the siblings of every copy say of it, in a batch of these alone."""
    index = StoryIndex()
    names, models = list(copies), scorer.model.resources
    for copy in copies.values():
        index.add(story_terms(copy.text, find_body(copy.text).spans, models.lexicon))
    return {
        name: compared(copies[name], [copies[names[p.number]] for p in row], models)
        for name, row in zip(names, index.siblings(), strict=True)
    }


def report_triples(name: str, groups: Sequence[Group], scorers: dict[int, Scorer]) -> None:
    """Ranking in triples, what is called garbled, and findings."""
    for half, scorer in scorers.items():
        prepared = copies_of([group for group in groups if group.half == half], scorer)
        kinds = list(prepared[0])
        judged = [(copies, together(copies, scorer)) for copies in prepared]
        own = np.array([[copies[kind].log_odds for kind in kinds] for copies, _ in judged])
        raised = own + np.array([[found[kind].log_odds for kind in kinds] for _, found in judged])
        tokens = np.array([[copies[kind].tokens for kind in kinds] for copies, _ in judged]).sum(axis=0)
        counts = np.array([[len(found[kind].evidence) for kind in kinds] for _, found in judged]).sum(axis=0)
        print(f"{name}, half {half}: {len(judged)}")
        if "garbled" in kinds:
            shares = [np.mean(values[:, 0] > values[:, 1:].max(axis=1)) for values in (own, raised)]
            print(f"  the garbled one is first without siblings {shares[0]:.1%}, with {shares[1]:.1%}")
        for kind, alone, beside, count, total in zip(
            kinds, (own > 0).mean(axis=0), (raised > 0).mean(axis=0), counts, tokens, strict=True
        ):
            print(
                f"  {kind:8} called garbled without siblings {alone:5.1%}, with {beside:5.1%}; "
                f"{1000 * count / total:.2f} findings per 1,000 tokens"
            )


def report_pairs(
    name: str, groups: Sequence[Group], pairs: Sequence[tuple[str, str]], scorer: Scorer
) -> None:
    """False findings on the first text of each pair beside the second."""
    prepared = copies_of(groups, scorer)
    for first, second in pairs:
        found = words = raised = 0
        for copies in prepared:
            evidence = together({key: copies[key] for key in (first, second)}, scorer)[first].evidence
            found, raised = found + len(evidence), raised + bool(evidence)
            words += sum(len(sentence.words) for sentence in copies[first].sentences)
        print(
            f"{name}: {first} beside {second}: {1000 * found / words:.2f} findings per 1,000 tokens "
            f"({raised} of {len(prepared)} texts)"
        )


def report_scale(data: Path, count: int, scorer: Scorer) -> None:
    """Time and memory of the search among more and more documents of mixed stories."""
    lexicon = scorer.model.resources.lexicon
    texts = mixed(data, count)
    random.Random(5).shuffle(texts)
    index, begun, done = StoryIndex(), time.process_time(), 0
    for share in STEPS:
        for text, _ in texts[done : int(share * len(texts))]:
            index.add(story_terms(text, find_body(text).spans, lexicon))
        done = int(share * len(texts))
        read = time.process_time() - begun
        start = time.process_time()
        siblings = index.siblings()
        search = time.process_time() - start
        begun += search
        pairs = [(i, p) for i, row in enumerate(siblings) for p in row if i < p.number]
        same = sum(texts[i][1] == texts[p.number][1] for i, p in pairs)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{done:,} documents: {read:.0f} s to read, {search:.1f} s to search, at most {memory:.2f} GB with "
            f"all texts; {len(pairs):,} pairs, {same:,} of one source story, all with their shared terms"
        )


def mixed(data: Path, count: int) -> list[tuple[str, str]]:
    """Documents with the story they belong to as far as it is known: human genres, then chunks."""
    found = [
        (record["text"][:12_000], f"{path.name}/{record['id']}")
        for path in sorted((data / "train" / "human").glob("*.jsonl.xz"))
        for record in records(path)
    ]
    chunks = (
        ("\n".join(record[side]), f"component {record['component']}")
        for record in records(data / "train" / "aligned.jsonl.xz")
        for side in ("mt", "human")
    )
    return [*found, *itertools.islice(chunks, max(count - len(found), 0))][:count]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--lm", type=Path, help="the work folder that training.build_lm left (see above)")
    parser.add_argument("--cache", type=Path, help="the cache of benchmarks.protocol, beside --lm")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only this half of the triples")
    parser.add_argument("--documents", type=int, default=100_000, help="for the search at scale; 0: none")
    with parsed(parser, argv, _toy) as given:
        _run(given)


def _toy(folder: Path) -> list[str]:
    model = str(write_model(folder / "model"))
    return [str(write_data(folder)), "--model", model, "--half", "0", "--documents", "40"]


def _run(given: argparse.Namespace) -> None:
    bundle = ModelFolder.load(given.model or default_model_path())
    scorer = Scorer(bundle)
    model = Path(given.model or default_model_path())
    data = load(Sources(given.data, given.lm, cache=given.cache), model) if given.lm else None
    garbled, clean, levels = triples(given.data), companies(given.data), simplified(given.data)
    halves = (0, 1) if given.half is None else (given.half,)
    scorers = dict(zip(halves, judges([*garbled, *clean], bundle, halves, data), strict=True))
    report_triples("triples", garbled, scorers)
    report_triples("human text beside two fluent translations", clean, scorers)
    report_triples("three levels of difficulty", levels, scorers)
    report_pairs("paraphrase", garbled, [("human", "fluent")], scorer)
    report_pairs("simplified", levels, list(itertools.permutations(LEVELS, 2)), scorer)
    if given.documents:
        report_scale(given.data, given.documents, scorer)


if __name__ == "__main__":
    main()
