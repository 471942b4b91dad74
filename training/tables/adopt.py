"""Takes new tables of a model folder over that no score depends on, such as `senses.npz`.

    python -m training.tables.adopt models/en models/reader/mtscore_reader/data

The classifiers stay as they are: the folder's manifest gets the digests of the files that it holds now, the close
classifier in the reader's folder names that manifest, and the folder is pinned as the shipped one. Refused where a file
has changed that a score is made of.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from mtscore.errors import ModelError
from mtscore.learning.model_writer import digests
from mtscore.model.close import CLOSE_FILE
from mtscore.model.contents import MANIFEST
from mtscore.words.resources import SENSES_FILE
from training.close import add_to_manifest
from training.pin import pin

SHOWN_ONLY = (SENSES_FILE,)
"""Tables of which nothing but what is shown depends."""


def adopt(model: Path, reader: Path) -> None:
    """Raises `ModelError` where another file of the folder is not the one of its manifest."""
    manifest = _read(model / MANIFEST)
    for name, entry in manifest["files"].items():
        if (
            name not in SHOWN_ONLY
            and hashlib.sha256((model / name).read_bytes()).hexdigest() != entry["sha256"]
        ):
            raise ModelError(f"{model / name} has changed, and scores depend on it: fit the classifiers anew")
    manifest["files"] = digests(model)
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (model / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    close = _read(reader / CLOSE_FILE) | {"model": hashlib.sha256(text.encode()).hexdigest()}
    (reader / CLOSE_FILE).write_text(json.dumps(close, indent=1) + "\n", encoding="utf-8", newline="\n")
    add_to_manifest(reader)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Command line: the model folder and the reader's."""
    model, reader = map(Path, sys.argv[1:])
    adopt(model, reader)
    pin(model)


if __name__ == "__main__":
    main()
