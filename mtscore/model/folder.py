"""The model folder: found, checked and loaded.

Digests come first: a KenLM file with one flipped bit loads without complaint and returns nonsense. They
detect damage, not an attacker; the shipped model's manifest is pinned in the package besides, and any other
folder is trusted input that the user names.

What was checked is what is used: files are read once, and kept or left open, so that a folder that is replaced during
a load, or later, is never half of a model.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtscore.arrays.odds import logit
from mtscore.errors import InputError, ModelError
from mtscore.model import classifier as classifiers
from mtscore.model.classifier import Classifier
from mtscore.model.contents import MANIFEST, Contents, digest_of, identity, read_contents
from mtscore.signals import quality as qualities
from mtscore.signals.quality import Quality
from mtscore.words.resources import LANGUAGE_MODEL_FILES, Resources, resources_of

_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED_FOLDERS = (_PACKAGE / "models" / "en", _PACKAGE.parent / "models" / "en")
"""Where the shipped model is: inside an installed package, or beside the package in a checkout."""

SHIPPED_DIGEST_FILE = Path(__file__).with_name("shipped_model.sha256")
"""Holds the sha256 of the shipped model's manifest."""

ATTEMPTS = 3
"""How often a folder is read that is replaced in the meantime."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A loaded model folder. `digest` is the sha256 of its manifest, which names that of every file."""

    path: Path
    manifest: dict[str, Any]
    digest: str
    resources: Resources
    classifier: Classifier
    quality: Quality

    def threshold(self, label: str) -> float:
        """Where a label begins, in log-odds at equal priors."""
        return logit(self.manifest["thresholds"][label]) - logit(float(self.manifest["prior"]))

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> ModelFolder:
        """Check and load a folder; without `path`, the one `MTSCORE_MODEL` names or else the shipped one.

        Raises `ModelError` when it is missing, damaged, or of another format.
        """
        if path is not None and not isinstance(path, str | os.PathLike):
            raise InputError(
                f"a model folder is named by its path, not by {type(path).__name__}: {path!r}"[:200]
            )
        folder = default_model_path() if path is None else Path(path)
        for _ in range(ATTEMPTS):
            contents = _contents(folder)
            try:
                return cls._of(folder, contents)
            except ModelError as error:
                problem = error
                if digest_of(folder) == contents.digest:
                    break
        raise problem

    @classmethod
    def _of(cls, folder: Path, contents: Contents) -> ModelFolder:
        if contents.problems:
            more = f" (and {len(contents.problems) - 1} more)" if len(contents.problems) > 1 else ""
            raise ModelError(
                f"the model in {folder} cannot be used: {contents.problems[0]}{more}; install it again"
            )
        files, manifest = contents.files, contents.manifest
        classifier = classifiers.parse(files["classifier.safetensors"], f"the classifier in {folder}")
        _check_columns(folder, classifier, manifest)
        quality = qualities.parse(files["quality.safetensors"], f"the quality model in {folder}")
        resources = resources_of(folder, files)
        _open(folder, resources, contents)
        return cls(folder, manifest, contents.digest, resources, classifier, quality)

    def read(self, name: str) -> bytes:
        """A file of the folder, as it was when the folder was loaded. Raises `ModelError` when it has changed."""
        entry = self.manifest["files"].get(name)
        try:
            data = (self.path / name).read_bytes()
        except OSError as error:
            raise ModelError(f"{self.path / name} cannot be read: {error.strerror or error}") from error
        if entry is None or hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise ModelError(
                f"the model in {self.path} has changed since it was loaded ({name}); load it again"
            )
        return data


def _contents(folder: Path) -> Contents:
    """What is in the folder; of the shipped one, with the manifest that the package was built with."""
    try:
        is_pinned = folder.resolve() in SHIPPED_FOLDERS and SHIPPED_DIGEST_FILE.is_file()
    except (OSError, RuntimeError, ValueError):  # no path, or links in a circle: what reads it says so
        is_pinned = False
    pinned = SHIPPED_DIGEST_FILE.read_text(encoding="ascii").strip() if is_pinned else None
    return read_contents(folder, pinned)


def _check_columns(folder: Path, classifier: Classifier, manifest: dict[str, Any]) -> None:
    """Refuse a classifier whose columns are not those that scoring puts together, in the same order."""
    names = classifier.columns.names
    stated = manifest.get("contrasts", [column.name for column in classifier.columns.contrasts])
    if classifier.input_names != names or stated != [column.name for column in classifier.columns.contrasts]:
        raise ModelError(
            f"the classifier in {folder} was trained on other columns than this version of mtscore computes; "
            "train it again, or install the version that it was made with"
        )


def _open(folder: Path, resources: Resources, contents: Contents) -> None:
    """Map the language models, which must be the files whose digests were checked."""
    models = (resources.forward, resources.backward, resources.syntax)
    try:
        for name, model in zip(LANGUAGE_MODEL_FILES, models, strict=True):
            model.open()
            if identity(os.stat(folder / name)) != contents.identities[name]:
                raise ModelError(f"the model in {folder} was replaced while it was loaded; load it again")
    except (OSError, RuntimeError, ValueError) as error:  # whatever KenLM makes of a damaged file
        raise ModelError(f"the model in {folder} cannot be opened: {error}; install it again") from error


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
    contents = _contents(folder)
    if contents.problems:
        return contents.problems
    try:
        ModelFolder._of(folder, contents)
    except ModelError as error:
        return [str(error)]
    return []
