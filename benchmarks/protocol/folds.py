"""The folds: which rows and pairs of lines teach, and which rows are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mtscore.model.base_features import component_number
from training.contrasts import Lines
from training.dataset import SURELY_FLUENT, Row
from training.extracted import Extracted
from training.registers import names
from training.registers.composed import COMPOSED
from training.registers.found import WILD_SOURCE, wild_register
from training.registers.made import MADE

LANGUAGES = ("lv", "tr", "ig", "ja", "zh", "hy")
CORPORA = ("nllb", "rules", "sources", "languages", "flores")
REGISTERS = tuple(f"registers:{number}" for number in range(len(names.FOLDS)))
ENGINES = ("engine:apertium", "engine:bergamot", "engine:both")
"""The folds that leave an engine out, and the one that leaves out none of them, to compare with. No fold learns from
chains in which both have a part."""

FOLDS = (*CORPORA, *REGISTERS, *ENGINES)
FLUENT = "fluent_mt"
"""The register of fluent machine translation: judged, but no metric counts it among human text."""

LENGTHS = (40, 80, 160, 320)
LENGTH = "length:"
"""What the groups of documents begin with that were cut to so many words: they are judged and teach nothing."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Data:
    """The extracted rows and the pairs of lines."""

    rows: list[Row]
    extracted: Extracted
    lines: Lines

    def where(self, claim: Callable[[Row], bool]) -> Mask:
        """Of which rows the claim holds."""
        return np.array([claim(row) for row in self.rows], np.bool_)

    @cached_property
    def half(self) -> npt.NDArray[np.int64]:
        """The half (0 or 1) of every row; rows of one component are in the same."""
        return np.array([component_number(row.component) // 11 % 2 for row in self.rows])

    @cached_property
    def human(self) -> Mask:
        """Human documents as people wrote them; the originals of translations are among them already."""
        others = (MADE, COMPOSED)
        return self.where(lambda r: r.label == 0 and r.register != FLUENT and r.source not in others)

    @cached_property
    def is_cut(self) -> Mask:
        """Documents that were cut to a length."""
        return self.where(lambda r: r.group.startswith(LENGTH))


@dataclass(frozen=True, slots=True)
class Part:
    """One training: the rows that teach, the pairs of lines that teach, and the rows that are judged."""

    teach: npt.NDArray[np.int64]
    usable: Mask
    judge: npt.NDArray[np.int64]


def parts(fold: str, data: Data) -> Iterator[Part]:
    """The trainings of a fold."""
    if fold in CORPORA:
        yield from _corpus_parts(fold, data)
    elif fold in REGISTERS:
        yield _register_part(REGISTERS.index(fold), data)
    else:
        yield from _engine_parts(fold.removeprefix("engine:"), data)


def _corpus_parts(fold: str, data: Data) -> Iterator[Part]:
    """Two halves: each is judged by what the other half, without what the fold leaves out, teaches."""
    rows_out, pairs_out = left_out(fold, data)
    line_half = (data.lines.pairs.component // 11) % 2
    garbled = data.where(lambda r: r.label == 1 and r.weight >= 1.0)
    fluent = data.where(lambda r: r.group in SURELY_FLUENT)
    first = data.where(lambda r: not r.is_added)
    for side in (0, 1):
        inside = data.half == side
        judge = inside & first & (data.human | fluent | (garbled & rows_out))
        teach = ~rows_out & ~inside & ~data.is_cut
        yield Part(np.flatnonzero(teach), (line_half != side) & ~pairs_out, np.flatnonzero(judge))


def left_out(fold: str, data: Data) -> tuple[Mask, Mask]:
    """Which rows and which pairs of lines a fold of the corpora leaves out."""
    pairs = data.lines.pairs
    nothing = np.zeros(len(pairs.worse), np.bool_)
    if fold in _SYSTEMS:
        systems = _SYSTEMS[fold]
        return data.where(lambda r: r.system in systems), _among(pairs.systems, systems)
    if fold == "sources":
        return data.where(lambda r: r.source in ("wmt22", "compare_mt_sken")), nothing
    if fold == "languages":
        rows = data.where(lambda r: r.language in LANGUAGES or _wmt22_language(r) in LANGUAGES)
        return rows, _among(pairs.languages, LANGUAGES)
    return data.where(lambda r: r.source == "flores"), np.array([d == "flores-dev" for d in pairs.datasets])


_SYSTEMS: Mapping[str, tuple[str, ...]] = {"nllb": ("nllb",), "rules": ("opusmt", "argos")}


def _among(pairs: Sequence[tuple[str, str]], wanted: Sequence[str]) -> Mask:
    return np.array([bool({*wanted}.intersection(pair)) for pair in pairs], np.bool_)


def _wmt22_language(row: Row) -> str:
    """The language that a WMT22 document, human references too, was translated from."""
    source, *rest = row.component.split(":")
    return rest[0] if source == "wmt22" else ""


def home(row: Row) -> str:
    """The register that a row is held out with: of a fluent translation that of its source, of a composed document its
    form."""
    if row.source == COMPOSED:
        return row.group.removeprefix(f"{COMPOSED}:")
    return wild_register(row.group) if row.source == WILD_SOURCE else row.register


def _register_part(number: int, data: Data) -> Part:
    """Some registers are judged by what the others teach: garbled, fluent and human text, whole and cut."""
    inside = np.array([names.fold_of_register(home(row)) == number for row in data.rows])
    components = {row.component for row, ok in zip(data.rows, inside.tolist(), strict=True) if ok}
    related = data.where(lambda r: r.component in components)
    teach = ~inside & ~related & ~data.is_cut
    everything = np.ones(len(data.lines.pairs.worse), np.bool_)
    return Part(np.flatnonzero(teach), everything, np.flatnonzero(inside))


def engines_of(row: Row) -> frozenset[str]:
    """The engines of a document that was made; empty for the others."""
    return names.engines_of(row.system) if row.label == 1 and row.source == MADE else frozenset()


def _engine_parts(engine: str, data: Data) -> Iterator[Part]:
    """Two halves: what an engine made, and human text, are judged by the other half without that engine. "both" leaves
    none out."""
    engines = [engines_of(row) for row in data.rows]
    out = np.array([len(found) > 1 or engine in found for found in engines])
    pure = np.array([len(found) == 1 for found in engines])
    wanted = pure & np.array([engine in found or engine == "both" for found in engines])
    line_half = (data.lines.pairs.component // 11) % 2
    for side in (0, 1):
        inside = data.half == side
        judge = inside & ~data.is_cut & (data.human | wanted)
        teach = ~inside & ~out & ~data.is_cut
        yield Part(np.flatnonzero(teach), line_half != side, np.flatnonzero(judge))
