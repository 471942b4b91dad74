"""What the papers of a model say of its origin: corpora with licences, and notes on this very model."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mtscore.learning.model_writer import Origin


def add_origin(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The options that name the two files."""
    parser.add_argument(
        "--corpora",
        type=Path,
        required=required,
        help="JSON list of corpora and licences, for manifest and card",
    )
    parser.add_argument("--notes", type=Path, help="sections of the card that hold of this model (Markdown)")


def origin_of(given: argparse.Namespace) -> Origin:
    """The origin that these options describe."""
    notes = given.notes.read_text(encoding="utf-8") if given.notes else ""
    return Origin(json.loads(given.corpora.read_text(encoding="utf-8")), notes=notes)
