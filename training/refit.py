"""Fits the classifier of a complete model folder again, from its own base features.

    python -m training.refit models/en --corpora training/corpora.json

The n-gram contrasts stay as they are: the texts they were learned from are not in the folder. The same base
features and scikit-learn give the same classifier, byte for byte.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mtscore import base as bases
from mtscore import classifier as classifiers
from mtscore.folder import finish


def main() -> None:
    """The command line: see the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("--corpora", type=Path, required=True, help="JSON list of corpora and licences")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    corpora = json.loads(given.corpora.read_text(encoding="utf-8"))
    contrasts = classifiers.load(given.model / "classifier.safetensors").contrasts
    finish(given.model, bases.load(given.model / bases.FILE), contrasts, corpora, jobs=given.jobs)


if __name__ == "__main__":
    main()
