"""What is in a model folder, read once and held against its manifest."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from mtscore.signals.columns import FEATURE_SET_VERSION, SIGNAL_NAMES
from mtscore.words.resources import LANGUAGE_MODEL_FILES, LEXICON_FILE, OPTIONAL_FILES

FORMAT = 3
"""The format number of the model folders that this version reads."""

MANIFEST = "manifest.json"
KEPT_FILES = (LEXICON_FILE, "classifier.safetensors", "quality.safetensors")
"""Files that are kept in memory, with the `OPTIONAL_FILES`, when a folder is read."""

REQUIRED_FILES = (*LANGUAGE_MODEL_FILES, *KEPT_FILES)

TRUSTED_KINDS = (".bin", ".safetensors", ".npz", ".tsv.gz", ".txt.gz", ".json", ".md")
"""The kinds of files that a model folder may hold: KenLM tries, plain arrays, word lists and prose. None of them
can carry code, as a pickle can."""

Identity = tuple[int, int]
"""Which file it is, whatever its name: device and inode."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A folder as it was at one moment: the manifest and its sha256, the bytes of the files that are kept, which files
    the others were, and what is wrong with all that, one line each."""

    manifest: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def identity(status: os.stat_result) -> Identity:
    """The identity of a file."""
    return status.st_dev, status.st_ino


def digest_of(folder: Path) -> str:
    """The sha256 of the manifest that the folder has now; empty without one."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""


def read_contents(folder: Path, pinned: str | None = None) -> Contents:
    """Read a folder and check it. `pinned` is the sha256 that its manifest must have."""
    try:
        if not (folder / MANIFEST).is_file():
            return Contents(problems=[f"{folder} holds no {MANIFEST}, so it is no model folder"])
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
    except (OSError, ValueError, RecursionError) as error:
        return Contents(problems=[f"{MANIFEST} cannot be read ({error})"])
    contents = Contents(manifest if isinstance(manifest, dict) else {}, hashlib.sha256(raw).hexdigest())
    problems = contents.problems
    if not isinstance(contents.manifest.get("files"), dict):
        problems.append(f"{MANIFEST} is not the manifest of a model")
    elif manifest.get("format") != FORMAT:
        problems.append(
            f"its format is {manifest.get('format')!r}, and this version of mtscore reads format {FORMAT}"
        )
    else:
        if pinned is not None and contents.digest != pinned:
            problems.append(f"{MANIFEST} is not the one that was shipped")
        _read_files(folder, contents)
        problems.extend(_manifest_problems(manifest))
    return contents


def _read_files(folder: Path, contents: Contents) -> None:
    """Read every file that the manifest names, and add what is wrong with them to the problems."""
    files: Mapping[str, Any] = contents.manifest["files"]
    contents.problems.extend(
        f"{name} is not among the files of the manifest"
        for name in OPTIONAL_FILES
        if name not in files and (folder / name).exists()
    )
    for name, entry in files.items():
        if Path(name).name != name or name in ("", ".", "..") or "\\" in name:
            contents.problems.append(f"the file name {name!r} points outside the folder")
        elif not name.endswith(TRUSTED_KINDS):
            contents.problems.append(f"{name} is of a kind that a model has no use for")
        else:
            _read_file(folder, name, entry, contents)


def _read_file(folder: Path, name: str, entry: Any, contents: Contents) -> None:
    try:
        if not (folder / name).is_file():  # a pipe would keep a reader waiting
            contents.problems.append(f"{name} is missing, or no file")
            return
        with (folder / name).open("rb") as file:
            contents.identities[name] = identity(os.fstat(file.fileno()))
            if name in KEPT_FILES or name in OPTIONAL_FILES:
                contents.files[name] = file.read()
                found = hashlib.sha256(contents.files[name]).hexdigest()
            else:
                found = _digest(file)
    except (OSError, ValueError) as error:  # a name may be none that the system takes
        contents.problems.append(f"{name!r} cannot be read ({getattr(error, 'strerror', None) or error})")
        return
    if not isinstance(entry, dict) or found != entry.get("sha256"):
        contents.problems.append(f"{name} is damaged: its digest is not the one in the manifest")


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _manifest_problems(manifest: Mapping[str, Any]) -> list[str]:
    """What the manifest lacks."""
    problems = []
    if manifest.get("feature_set") != FEATURE_SET_VERSION or manifest.get("signals") != list(SIGNAL_NAMES):
        problems.append("it was trained on another set of signals than this version of mtscore computes")
    problems += [f"its files lack {name}" for name in REQUIRED_FILES if name not in manifest["files"]]
    thresholds = manifest.get("thresholds")
    if not isinstance(thresholds, dict) or not _are_thresholds(thresholds):
        problems.append("its manifest states no thresholds between 0 and 1")
    rates = manifest.get("threshold_fpr", {})
    if not isinstance(rates, dict) or not all(map(_is_share, rates.values())):
        problems.append("its manifest states false-positive rates that are none")
    if not _is_share(manifest.get("prior")):
        problems.append("its manifest states no prior between 0 and 1")
    if not isinstance(manifest.get("name"), str):
        problems.append("its manifest states no name")
    return problems


def _are_thresholds(thresholds: Mapping[str, Any]) -> bool:
    garbled, suspect = thresholds.get("garbled"), thresholds.get("suspect")
    return _is_share(garbled) and _is_share(suspect)


def _is_share(value: Any) -> bool:
    """Whether a value is a number between 0 and 1 (exclusive)."""
    return isinstance(value, float) and math.isfinite(value) and 0.0 < value < 1.0
