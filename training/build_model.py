"""Builds the classifier of a model folder: quality model, contrasts, base features, classifier, manifest.

    python -m training.build_model --data DATA --lm WORK --model models/en --corpora training/corpora.json \\
        --notes training/card_notes.md

The model folder must hold the language models and the word table already, and WORK is the folder that
`training.build_lm` worked in: it tells which documents the language models have seen, and these are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mtscore.learning.model_writer import Origin, finish
from mtscore.model.base_features import BaseFeatures, component_number
from mtscore.model.classifier import column_names
from mtscore.signals import quality as qualities
from mtscore.signals.columns import INPUT_NAMES
from training.build_lm import LM_LINES, SENTENCES
from training.contrasts import fit_contrasts, read_lines_of
from training.corpus import LineKeys
from training.dataset import Row, seeded, training_rows
from training.extraction_cache import extract_all
from training.origin import add_origin, origin_of
from training.overlap import known_documents
from training.quality import fit_quality, is_for_quality
from training.registers.rows import added_rows
from training.registers.weights import weighed
from training.translations.roundtrips import with_round_trips

GROUP_LIMIT, MATCHED_LIMIT, BAND_LIMIT, ADDED_LIMIT = 700, 2700, 2300, 60
"""Rows kept of one group in the base features; more of translations that may be garbled and of the human text of
the same lines, because they teach most; fewer of groups that were added with many others."""
MATCHED, BAND = "_human", "_band"
"""The ends of these groups' names."""


def base_of(
    rows: Sequence[Row],
    vectors: npt.NDArray[np.float64],
    strengths: npt.NDArray[np.float64],
    names: Sequence[str],
) -> BaseFeatures:
    """The rows' numbers as base features."""
    return BaseFeatures(
        tuple(names),
        vectors.astype(np.float16),
        np.array([r.label for r in rows], np.uint8),
        np.array([r.weight for r in rows], np.float32),
        np.array([r.is_matched for r in rows], np.bool_),
        np.array([component_number(r.component) for r in rows], np.int64),
        strengths.astype(np.float32),
        tuple(r.group for r in rows),
        tuple(r.register for r in rows),
        np.array([r.is_added for r in rows], np.bool_) if any(r.is_added for r in rows) else None,
    )


def subsample(rows: Sequence[Row]) -> list[Row]:
    """At most `_limit` rows of each group and label, the same ones every time, in the order given."""
    order = sorted(rows, key=lambda r: seeded("base" + r.id).random())
    taken: Counter[tuple[int, str]] = Counter()
    kept = set()
    for row in order:
        key = (row.label, row.group)
        if taken[key] < _limit(row):
            taken[key] += 1
            kept.add(row.id)
    return [row for row in rows if row.id in kept]


def _limit(row: Row) -> int:
    if row.is_added:
        return ADDED_LIMIT
    if row.group.endswith(BAND):
        return BAND_LIMIT
    return MATCHED_LIMIT if row.group.endswith(MATCHED) else GROUP_LIMIT


def unseen_rows(data: Path, lm: Path) -> list[Row]:
    """The rows of the corpora that the language models have seen nothing of, subsampled; `lm` is the work folder of
    `training.build_lm`."""
    return _unseen(subsample(list(training_rows(data, LineKeys.load(lm / LM_LINES)))), lm)


def all_rows(data: Path, lm: Path, translations: Path | None) -> list[Row]:
    """`unseen_rows`, those of other registers, weighed, and garbled counterparts of human documents: the
    `translations` of a folder, or round trips where there is none."""
    corpora = unseen_rows(data, lm)
    if translations is None:
        corpora = with_round_trips(corpora)
    return weighed([*corpora, *_unseen(added_rows(data, corpora, translations), lm)])


def _unseen(rows: list[Row], lm: Path) -> list[Row]:
    known = known_documents(rows, lm / SENTENCES)
    return [row for row in rows if row.id not in known]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a model is built from."""

    data: Path
    """Folder that holds `train/`."""
    lm: Path
    """The work folder that `training.build_lm` left."""
    translations: Path | None = None
    """What `training.translations` made."""
    cache: Path | None = None
    """Where extractions are kept."""


def build(sources: Sources, folder: Path, origin: Origin, jobs: int, ids: Path | None = None) -> None:
    """Everything from labelled texts to a complete folder. A quality model that the folder holds is kept: it was
    learned from documents that the classifier does not see, and the signals depend on it. `ids` is a file for the names
    of the base's examples, in order, which `training.close` needs."""
    everything = all_rows(sources.data, sources.lm, sources.translations)
    path = folder / "quality.safetensors"
    if not path.exists():
        known = [row for row in everything if is_for_quality(row)]
        qualities.save(fit_quality(sources.data, known, folder, jobs), path)
    rows = [row for row in everything if not is_for_quality(row)]
    extracted = extract_all(rows, folder, qualities.load(path), jobs, sources.cache)
    base = base_of(rows, extracted.vectors, extracted.strengths, INPUT_NAMES)
    lines = read_lines_of(sources.data, folder, jobs)
    contrasts, columns = fit_contrasts(extracted, base, lines, np.ones(len(lines.pairs.worse), np.bool_))
    matrix = np.concatenate([extracted.vectors, columns], axis=1)
    base = base_of(rows, matrix, extracted.strengths, (*INPUT_NAMES, *column_names(contrasts)))
    finish(folder, base, contrasts, origin, jobs=jobs)
    if ids is not None:
        ids.write_text(json.dumps([row.id for row in rows]) + "\n", encoding="utf-8")


def main(argv: Iterable[str] | None = None) -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_sources(parser)
    parser.add_argument(
        "--model", type=Path, required=True, help="model folder, with the language models in it"
    )
    add_origin(parser)
    parser.add_argument("--ids", type=Path, help="write the names of the base's examples to this file")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(None if argv is None else list(argv))
    build(sources_of(given), given.model, origin_of(given), given.jobs, given.ids)


def add_sources(parser: argparse.ArgumentParser) -> None:
    """The options that name what a model is built from."""
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--lm", type=Path, required=True, help="the work folder that training.build_lm left")
    parser.add_argument(
        "--translations", type=Path, help="folder of training.translations (else: round trips)"
    )
    parser.add_argument(
        "--cache", type=Path, help="folder for extracted numbers (your own: they are pickles)"
    )


def sources_of(given: argparse.Namespace) -> Sources:
    """The sources that these options name."""
    return Sources(given.data, given.lm, given.translations, given.cache)


if __name__ == "__main__":
    main()
