"""What siblings bring: ranking of garbled translations beside clean copies, false findings, and scale.

    python -m benchmarks.siblings DATA [--model DIR] [--half 0] [--documents 100000]

DATA is the folder that holds `train/`. Garbled chunks of `aligned` are put beside their human text and one fluent
translation of the same lines, and each triple is judged as a batch of three: how often does the garbled one have
the highest score, without and with siblings? The classifier of the model knows these chunks; so each half of
them (by component) is judged by one that was fitted without that half from the base features, its n-gram
contrasts blanked, because those were learned from the same texts. Human articles beside simplified versions of
themselves and human chunks beside fluent translations show false findings. At last, pairs are searched among
growing numbers of documents: time, memory, and what pairs. Tune on half 0 (`--half 0`), report half 1.
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

from mtscore import base as bases
from mtscore import train
from mtscore.body import find_body
from mtscore.bundle import Bundle, default_model_path
from mtscore.copies import Copy, make_copy
from mtscore.records import Document, Evidence
from mtscore.scorer import Scorer
from mtscore.siblings import LOG_ODDS_PER_NAT, sibling_evidence, sibling_strength
from mtscore.stories import StoryIndex, story_terms

KINDS = ("garbled", "human", "fluent")
FLUENT_SYSTEMS = ("google", "microsoft")
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


def simplified(data: Path) -> list[Group]:
    """Articles in three levels of difficulty."""
    stories: dict[str, dict[str, str]] = defaultdict(dict)
    for record in records(data / "train" / "human" / "onestop.jsonl.xz"):
        _, level, *name = record["id"].split("-")
        stories["-".join(name[:-1]).strip("_- ").lower()][level] = record["text"]
    return [Group(texts, name) for name, texts in sorted(stories.items()) if len(texts) == len(LEVELS)]


def without(bundle: Bundle, components: set[int]) -> Scorer:
    """The model with a classifier that has seen nothing of some components and no n-gram contrasts."""
    base = bases.load(bundle.path / bases.FILE)
    contrasts = [replace(c, weights=c.weights * 0, intercept=0.0) for c in bundle.classifier.contrasts]
    matrix = base.matrix.copy()
    matrix[:, len(bundle.classifier.signal_names) :] = 0
    kept = np.flatnonzero(~np.isin(base.component, sorted(components)))
    blank = replace(base, matrix=matrix).rows(kept)
    fitted = replace(train.fit_models(blank, contrasts), calibration=bundle.classifier.calibration)
    return Scorer(replace(bundle, classifier=fitted))


def copies_of(groups: Sequence[Group], scorer: Scorer) -> list[dict[str, Copy]]:
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
            copies[name] = make_copy(name, text, log_odds, scorer.model.models)
        found.append(copies)
    return found


def together(copies: dict[str, Copy], scorer: Scorer) -> dict[str, list[Evidence]]:
    """The sibling findings of every copy, in a batch of these alone."""
    index = StoryIndex()
    names, models = list(copies), scorer.model.models
    for copy in copies.values():
        index.add(story_terms(copy.text, find_body(copy.text).spans, models.lexicon))
    return {
        name: sibling_evidence(copies[name], [copies[names[p.number]] for p in row], models)
        for name, row in zip(names, index.siblings(), strict=True)
    }


def report_triples(groups: Sequence[Group], bundle: Bundle, halves: Sequence[int]) -> None:
    """Ranking in triples, and false findings on their human text."""
    for half in halves:
        judged = [group for group in groups if group.half == half]
        scorer = without(bundle, {bases.component_number(group.component) for group in judged})
        alone, beside = [], []
        found = dict.fromkeys(KINDS, 0)
        words = dict.fromkeys(KINDS, 0)
        for copies in copies_of(judged, scorer):
            evidence = together(copies, scorer)
            own = {name: copy.log_odds for name, copy in copies.items()}
            raised = {
                name: own[name] + LOG_ODDS_PER_NAT * sibling_strength(evidence[name]) for name in copies
            }
            alone.append(_is_first(own))
            beside.append(_is_first(raised))
            for name, copy in copies.items():
                found[name] += len(evidence[name])
                words[name] += sum(len(s.words) for s in copy.sentences)
        rates = ", ".join(f"{name} {1000 * found[name] / words[name]:.2f}" for name in KINDS)
        print(
            f"triples, half {half}: {len(judged)}; the garbled one is first without siblings "
            f"{np.mean(alone):.1%}, with {np.mean(beside):.1%}; findings per 1,000 tokens: {rates}"
        )


def _is_first(log_odds: dict[str, float]) -> bool:
    return log_odds["garbled"] > max(log_odds["human"], log_odds["fluent"])


def report_pairs(
    name: str, groups: Sequence[Group], pairs: Sequence[tuple[str, str]], scorer: Scorer
) -> None:
    """False findings on the first text of each pair beside the second."""
    prepared = copies_of(groups, scorer)
    for first, second in pairs:
        found = words = raised = 0
        for copies in prepared:
            evidence = together({key: copies[key] for key in (first, second)}, scorer)[first]
            found, raised = found + len(evidence), raised + bool(evidence)
            words += sum(len(sentence.words) for sentence in copies[first].sentences)
        print(
            f"{name}: {first} beside {second}: {1000 * found / words:.2f} findings per 1,000 tokens "
            f"({raised} of {len(prepared)} texts)"
        )


def report_scale(data: Path, count: int, scorer: Scorer) -> None:
    """Time and memory of the search among more and more documents of mixed stories."""
    lexicon = scorer.model.models.lexicon
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
    parser.add_argument("--half", type=int, choices=(0, 1), help="only this half of the triples")
    parser.add_argument("--documents", type=int, default=100_000, help="for the search at scale; 0: none")
    given = parser.parse_args(argv)
    bundle = Bundle.load(given.model or default_model_path())
    scorer = Scorer(bundle)
    groups = triples(given.data)
    report_triples(groups, bundle, (0, 1) if given.half is None else (given.half,))
    report_pairs("paraphrase", groups, [("human", "fluent")], scorer)
    report_pairs("simplified", simplified(given.data), list(itertools.permutations(LEVELS, 2)), scorer)
    if given.documents:
        report_scale(given.data, given.documents, scorer)


if __name__ == "__main__":
    main()
