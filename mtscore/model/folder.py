"""The model folder: found, checked and loaded.

Digests come first: a KenLM file with one flipped bit loads without complaint and returns nonsense. They
detect damage, not an attacker; the shipped model's manifest is pinned in the package besides, and any other
folder is trusted input that the user names.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtscore.errors import ModelError
from mtscore.model import classifier as classifiers
from mtscore.model.classifier import Classifier
from mtscore.signals import quality as qualities
from mtscore.signals.analysis import Models, load_models
from mtscore.signals.extraction import FEATURE_SET_VERSION, SIGNAL_NAMES
from mtscore.signals.quality import Quality

FORMAT = 3
"""The format number of the model folders that this version reads."""

MANIFEST = "manifest.json"
REQUIRED_FILES = (
    "forward.bin",
    "backward.bin",
    "syntax.bin",
    "lexicon.tsv.gz",
    "classifier.safetensors",
    "quality.safetensors",
)
OPTIONAL_FILES = ("words.txt.gz", "names.txt.gz", "pivots.npz")
"""Files that are read where a folder has them."""
TRUSTED_KINDS = (".bin", ".safetensors", ".npz", ".tsv.gz", ".txt.gz", ".json", ".md")
"""The kinds of files that a model folder may hold: KenLM tries, plain arrays, word lists and prose. None of them
can carry code, as a pickle can."""

_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED_FOLDERS = (_PACKAGE / "models" / "en", _PACKAGE.parent / "models" / "en")
"""Where the shipped model is: inside an installed package, or beside the package in a checkout."""

SHIPPED_DIGEST_FILE = Path(__file__).with_name("shipped_model.sha256")
"""Holds the sha256 of the shipped model's manifest."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A loaded model folder. `digest` is the sha256 of its manifest, which names that of every file."""

    path: Path
    manifest: dict[str, Any]
    digest: str
    models: Models
    classifier: Classifier
    quality: Quality

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> Bundle:
        """Check and load a folder; without `path`, the one `MTSCORE_MODEL` names or else the shipped one.

        Raises `ModelError` when it is missing, damaged, or of another format.
        """
        folder = default_model_path() if path is None else Path(path)
        problems = verify(folder)
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise ModelError(f"the model in {folder} cannot be used: {problems[0]}{more}; install it again")
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
        try:
            models = load_models(folder)
            for model in (models.forward, models.backward, models.syntax):
                model.open()
        except (OSError, RuntimeError) as error:
            raise ModelError(f"the model in {folder} cannot be opened: {error}; install it again") from error
        classifier = classifiers.load(folder / "classifier.safetensors")
        quality = qualities.load(folder / "quality.safetensors")
        return cls(folder, manifest, hashlib.sha256(raw).hexdigest(), models, classifier, quality)


def default_model_path() -> Path:
    """The folder that is used when none is named: `MTSCORE_MODEL`, the package's own, or the checkout's."""
    named = os.environ.get("MTSCORE_MODEL")
    if named:
        return Path(named)
    for candidate in SHIPPED_FOLDERS:
        if (candidate / MANIFEST).is_file():
            return candidate
    raise ModelError(
        "the default model is missing from this installation: install mtscore again, or name a folder"
    )


def verify(path: str | os.PathLike[str]) -> list[str]:
    """What is wrong with a model folder, one line each; empty when it is sound."""
    folder = Path(path)
    try:
        if not (folder / MANIFEST).is_file():
            return [f"{folder} holds no {MANIFEST}, so it is no model folder"]
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
    except (OSError, ValueError, RecursionError) as error:
        return [f"{MANIFEST} cannot be read ({error})"]
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        return [f"{MANIFEST} is not the manifest of a model"]
    if manifest.get("format") != FORMAT:
        return [
            f"its format is {manifest.get('format')!r}, and this version of mtscore reads format {FORMAT}"
        ]
    problems = _pin_problems(folder, raw) + _file_problems(folder, manifest["files"])
    if manifest.get("feature_set") != FEATURE_SET_VERSION or manifest.get("signals") != list(SIGNAL_NAMES):
        problems.append("it was trained on another set of signals than this version of mtscore computes")
    problems += [f"its files lack {name}" for name in REQUIRED_FILES if name not in manifest["files"]]
    thresholds = manifest.get("thresholds")
    if not isinstance(thresholds, dict) or not all(
        isinstance(thresholds.get(k), int | float) for k in ("garbled", "suspect")
    ):
        problems.append("its manifest states no thresholds")
    prior = manifest.get("prior")
    if not isinstance(prior, float) or not 0.0 < prior < 1.0:
        problems.append("its manifest states no prior between 0 and 1")
    if not isinstance(manifest.get("name"), str):
        problems.append("its manifest states no name")
    return problems


def _pin_problems(folder: Path, raw: bytes) -> list[str]:
    """The shipped folder must carry the manifest that the package was built with."""
    if folder.resolve() not in SHIPPED_FOLDERS or not SHIPPED_DIGEST_FILE.is_file():
        return []
    pinned = SHIPPED_DIGEST_FILE.read_text(encoding="ascii").strip()
    return (
        [] if hashlib.sha256(raw).hexdigest() == pinned else [f"{MANIFEST} is not the one that was shipped"]
    )


def _file_problems(folder: Path, files: dict[str, Any]) -> list[str]:
    problems = [
        f"{name} is not among the files of the manifest"
        for name in OPTIONAL_FILES
        if name not in files and (folder / name).exists()
    ]
    for name, entry in files.items():
        if Path(name).name != name or name in ("", ".", "..") or "\\" in name:
            problems.append(f"the file name {name!r} points outside the folder")
            continue
        if not name.endswith(TRUSTED_KINDS):
            problems.append(f"{name} is of a kind that a model has no use for")
            continue
        try:
            if not (folder / name).is_file():  # a pipe would keep a reader waiting
                problems.append(f"{name} is missing, or no file")
                continue
            with (folder / name).open("rb") as file:
                found = _digest(file)
        except (OSError, ValueError) as error:  # a name may be none that the system takes
            problems.append(f"{name!r} cannot be read ({getattr(error, 'strerror', None) or error})")
            continue
        if not isinstance(entry, dict) or found != entry.get("sha256"):
            problems.append(f"{name} is damaged: its digest is not the one in the manifest")
    return problems


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()
