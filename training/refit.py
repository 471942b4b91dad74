"""Fits the classifier of a complete model folder again, from its own base features.

    python -m training.refit models/en --corpora training/corpora.json --notes training/card_notes.md
    python -m training.refit models/en --check

The n-gram contrasts stay as they are: the texts they were learned from are not in the folder. The same base
features give the same classifier, byte for byte, with the packages of training/requirements.txt; with others,
scores may differ in the last places. `--check` fits and compares, and leaves the folder alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.special import expit

from mtscore.learning import train
from mtscore.learning.model_writer import finish
from mtscore.model import base_features as bases
from mtscore.model import classifier as classifiers
from training.origin import add_origin, origin_of

TOLERANCE = 1e-6
"""How far a score may differ with other versions of the packages."""


def main() -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("--check", action="store_true", help="only say whether the same classifier comes out")
    add_origin(parser, required=False)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    if given.check:
        sys.exit(check(given.model, given.jobs))
    if given.corpora is None:
        parser.error("name the --corpora, or --check")
    contrasts = classifiers.load(given.model / "classifier.safetensors").contrasts
    finish(given.model, bases.load(given.model / bases.FILE), contrasts, origin_of(given), jobs=given.jobs)


def check(model: Path, jobs: int, settings: train.Settings = train.SETTINGS) -> int:
    """Fit again and print how the result compares with the folder's classifier: the same bytes, or scores of the
    base's examples within `TOLERANCE`, else exit code 1."""
    path = model / "classifier.safetensors"
    base, old = bases.load(model / bases.FILE), classifiers.load(path)
    fitted = train.fit(base, old.contrasts, jobs=jobs, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        classifiers.save(fitted.classifier, Path(folder) / "new")
        if (Path(folder) / "new").read_bytes() == path.read_bytes():
            print("the same classifier, byte for byte")
            return 0
    rows, strength = base.matrix.astype(np.float64), base.strength.astype(np.float64)
    one, other = (expit(c.log_odds(rows, strength)) for c in (old, fitted.classifier))
    gap = float(np.abs(one - other).max())
    print(f"other bytes; largest difference of a score (at equal priors): {gap:.2g}")
    return int(gap > TOLERANCE)


if __name__ == "__main__":
    main()
