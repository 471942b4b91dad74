"""The settings of a filter, and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mtscore.files.documents import MAX_BYTES
from mtscore.files.paths import STDIN

KEEP, DROP = "keep", "drop"
STDOUT = "-"


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """What goes where. Paths may be "-" for standard input and output."""

    sources: tuple[str, ...] = (STDIN,)
    """Files, folders and patterns; their records are passed on in this order."""
    output: str = STDOUT
    rejected: str | None = None
    """A file for the records that are rejected; without one they are left out."""
    undecided: str = KEEP
    """What becomes of records that cannot be judged: "keep", "drop", or a file for them."""
    malformed: str | None = None
    """A file for what is no record or has no text; by default the output's name with `.malformed.jsonl` behind it,
    and where the output is standard output a new `mtscore-malformed.jsonl` in the working folder. It is there only
    if there are any."""
    max_score: float | None = None
    """Records that score so much or more are rejected; by default those that the model calls garbled."""
    text_field: str = "text"
    annotate: Literal["verdict", "evidence"] | None = None
    """Whether kept records and those in other files are given their verdict (`annotation.ANNOTATIONS`), or that and
    its evidence."""
    max_bytes: int = MAX_BYTES
    """Longest record, in bytes after decompression; longer ones are malformed."""
    input_format: str | None = None
    """What the inputs are, whatever their names (a name in `documents.FORMATS`)."""
    is_strict: bool = False
    """Whether a malformed record ends the work, with an `InputError`."""
    is_resumed: bool = False
    """Whether to go on where an interrupted run with the same settings stopped."""
    is_restarted: bool = False
    """Whether to begin again where a run was interrupted; what it wrote is removed."""
    jobs: int = 1
    """Processes to score with."""
    checkpoint_seconds: float | None = None
    """Seconds between two checkpoints; by default those that `run` states for each kind of output."""


@dataclass(slots=True)
class FilterCounts:
    """How many records were read and what became of them: `read` is the sum of the others."""

    read: int = 0
    kept: int = 0
    rejected: int = 0
    cannot_tell: int = 0
    malformed: int = 0
    malformed_file: str = field(default="", compare=False)
    """Where the malformed ones are, if there are any."""
    was_complete: bool = field(default=False, compare=False)
    """Whether an earlier run had done it all."""

    @property
    def undecided(self) -> int:
        """Records without a score: read = kept + rejected + undecided."""
        return self.cannot_tell + self.malformed


def outputs_of(settings: FilterSettings) -> list[str]:
    """The outputs for records, the main one first."""
    undecided = [] if settings.undecided in (KEEP, DROP) else [settings.undecided]
    return [settings.output, *([settings.rejected] if settings.rejected else []), *undecided]


def malformed_path(settings: FilterSettings) -> str | None:
    """The file for malformed records; None if its name is to be found when there are any."""
    if settings.malformed is not None:
        return settings.malformed
    return None if settings.output == STDOUT else settings.output.rstrip("/") + ".malformed.jsonl"


def describe(counts: FilterCounts, settings: FilterSettings) -> str:
    """The closing line: read = kept + rejected + undecided, and where the undecided are."""
    before = "complete already: " if counts.was_complete else ""
    total = f"{before}{counts.read:,} read = {counts.kept:,} kept + {counts.rejected:,} rejected"
    if not counts.undecided:
        return f"{total} + 0 undecided"
    where = {KEEP: "kept too", DROP: "left out"}.get(settings.undecided, f"in {settings.undecided}")
    parts: Sequence[str] = [
        *([f"{counts.cannot_tell:,} cannot be judged: {where}"] if counts.cannot_tell else []),
        *([f"{counts.malformed:,} malformed: in {counts.malformed_file}"] if counts.malformed else []),
    ]
    return f"{total} + {counts.undecided:,} undecided ({'; '.join(parts)})"
