"""What a path stands for: a file, the files of a folder or pattern, or standard input."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Collection, Iterator

from mtscore.files.compression import OPENERS
from mtscore.files.reasons import reason, unreadable
from mtscore.records import Document

STDIN = "-"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")


def expand(path: str, suffixes: Collection[str]) -> Iterator[str | Document]:
    """The files that `path` stands for, or a document that says why there are none. Of a folder, those with one of
    the `suffixes`."""
    if path == STDIN:
        yield path
    elif os.path.isdir(path):
        yield from _walk(path, suffixes)
    elif glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            yield unreadable(path, "no file matches this pattern; check the spelling")
        for match in matches:
            yield from _walk(match, suffixes) if os.path.isdir(match) else (match,)
    else:
        yield path


def _walk(folder: str, suffixes: Collection[str]) -> Iterator[str | Document]:
    """The readable files below `folder`, in the order of their names. Links to folders are not followed."""
    is_empty = True
    pending = [folder]
    while pending:
        path = pending.pop()
        if path != folder and not os.path.isdir(path):
            is_empty = False
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                wanted = [entry for entry in entries if _is_wanted(entry, suffixes)]
        except OSError as error:
            is_empty = False
            yield unreadable(path, f"the folder cannot be listed ({reason(error)})")
            continue
        pending += [entry.path for entry in sorted(wanted, key=lambda entry: entry.name, reverse=True)]
    if is_empty:
        yield unreadable(folder, f"a folder without readable files; known are {known(suffixes)}")


def _is_wanted(entry: os.DirEntry[str], suffixes: Collection[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir(follow_symlinks=False):
        return True
    is_broken_link = entry.is_symlink() and not os.path.exists(entry.path)
    return (entry.is_file() or is_broken_link) and input_format(entry.name)[0] in suffixes


def input_format(path: str) -> tuple[str, str]:
    """The suffix that tells the format and the one that tells the compression, in lower case; each may be
    empty. "News.JSONL.gz" gives (".jsonl", ".gz")."""
    name = os.path.basename(path).lower()
    compression = next((suffix for suffix in OPENERS if name.endswith(suffix)), "")
    found = _SUFFIX.search(name[: len(name) - len(compression)])
    return (found[0] if found else ""), compression


def known(suffixes: Collection[str]) -> str:
    """The suffixes that can be read, in words."""
    return f"{', '.join(suffixes)}, each also with {' or '.join(OPENERS)}"


def shown(path: str) -> str:
    """A path as ids and messages name it."""
    return "stdin" if path == STDIN else path
