"""The reader's files, checked before use: plain names, expected sizes, digests of the manifest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FORMAT = 1
DATA = Path(__file__).parent / "data"
MANIFEST = "manifest.json"
PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]*")
NEEDED = ("reader.onnx", "embeddings.bin", "frozen.bin", "taught.bin", "tokenizer.json")


class ReaderError(Exception):
    """The reader's files are missing, damaged, or of a format that this version does not read."""


def verified(folder: Path = DATA) -> Mapping[str, Any]:
    """The manifest of a folder whose files are all as it says. Raises `ReaderError`.

    Digests detect damage, not an attacker: a folder other than the shipped one is trusted input.
    """
    manifest = _manifest(folder)
    files = manifest["files"]
    for name in NEEDED:
        if name not in files:
            raise ReaderError(f"{folder / MANIFEST} names no {name}")
    for name, wanted in files.items():
        if not PLAIN.fullmatch(name):
            raise ReaderError(f"{folder / MANIFEST} names {name!r}: not a plain file name")
        if digest(folder / name) != wanted:
            raise ReaderError(
                f"{folder / name} is damaged: its SHA-256 digest is not the manifest's; install it again"
            )
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReaderError(f"the reader's files are missing: {error}") from error
    except ValueError as error:
        raise ReaderError(f"{path} is no JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ReaderError(f"{path} is not of format {FORMAT}")
    if not isinstance(manifest.get("files"), dict):
        raise ReaderError(f"{path} lists no files")
    return manifest


def digest(path: Path) -> str:
    """The SHA-256 digest of a file."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    except OSError as error:
        raise ReaderError(f"a file of the reader is missing: {error}") from error
    return found.hexdigest()
