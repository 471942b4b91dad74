"""Settings that cannot work are refused before anything is written."""

from __future__ import annotations

import os

from mtscore.errors import UsageError
from mtscore.files.documents import RECORD_READERS
from mtscore.files.filtering.settings import DROP, KEEP, FilterSettings, malformed_path
from mtscore.files.paths import STDIN, input_format


def check(settings: FilterSettings) -> str:
    """The suffix that tells the format of the records, once the settings make sense."""
    suffix = ".jsonl" if is_stream(settings.source) else suffix_of(settings.source)
    paths = outputs(settings)
    if suffix == ".parquet" and any(map(is_stream, paths)):
        raise UsageError(
            "Parquet cannot go to standard output; name a file with -o (records are not converted)"
        )
    for path in paths:
        if not (is_stream(path) or (suffix == ".parquet" and is_folder(path)) or suffix_of(path) == suffix):
            raise UsageError(
                f"{path} would have to be a {suffix} file like the input: records are not converted"
            )
        if suffix == ".parquet" and (packed := input_format(path)[1]):
            raise UsageError(f"{path}: Parquet is compressed inside; leave {packed} out of the name")
    everything = [settings.source, *paths, malformed_path(settings)]
    real = [os.path.realpath(path) for path in everything if path not in (STDIN, os.devnull)]
    if len(set(real)) < len(real):
        raise UsageError("the input and the outputs must all be different files")
    return suffix


def is_stream(path: str) -> bool:
    """Whether it is standard input or output, a pipe or a device."""
    return path == STDIN or (os.path.exists(path) and not _is_file_or_folder(path))


def suffix_of(path: str) -> str:
    suffix, _ = input_format(path)
    if suffix not in RECORD_READERS:
        known = ", ".join(RECORD_READERS)
        raise UsageError(f"{path}: a filter reads and writes {known} files (lines also .gz and .zst)")
    return suffix


def outputs(settings: FilterSettings) -> list[str]:
    undecided = [] if settings.undecided in (KEEP, DROP) else [settings.undecided]
    return [settings.output, *([settings.rejected] if settings.rejected else []), *undecided]


def is_folder(path: str) -> bool:
    return path.endswith("/") or os.path.isdir(path)


def _is_file_or_folder(path: str) -> bool:
    return os.path.isfile(path) or os.path.isdir(path)
