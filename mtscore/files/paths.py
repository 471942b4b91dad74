"""What a path stands for: a file, the files of a folder or pattern, or standard input.

Whatever cannot be listed costs itself alone. Links to folders are not followed, so that no cycle has no end.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from shlex import quote

from mtscore.files.compression import OPENERS
from mtscore.files.reasons import reason, unreadable
from mtscore.records import Document

STDIN = "-"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)

_FIRST_CONVERT = {
    ".pdf": "pdftotext {path} - | mtscore score -",
    ".docx": "pandoc -t plain {path} | mtscore score -",
    ".odt": "pandoc -t plain {path} | mtscore score -",
    ".rtf": "pandoc -t plain {path} | mtscore score -",
    ".epub": "pandoc -t plain {path} | mtscore score -",
    ".doc": "antiword {path} | mtscore score -",
}
"""How to make text of what is not read here."""


def expand(path: str, suffixes: Collection[str]) -> Iterator[str | Document]:
    """The files that `path` stands for, or a document that says why there are none. Of a folder, those with one of
    the `suffixes`."""
    if path == STDIN:
        yield path
    elif _ADDRESS.match(path):
        yield unreadable(path, f"an address; download it first: curl -sL {quote(path)} | mtscore score -")
    elif os.path.isdir(path):
        yield from _walk(path, suffixes)
    elif glob.has_magic(path) and not os.path.lexists(path):
        matches = sorted(_matches(path))
        if not matches:
            yield unreadable(path, "no file matches this pattern; check the spelling")
        for match in matches:
            yield from _walk(match, suffixes) if os.path.isdir(match) else (match,)
    else:
        yield path


def is_several(path: str) -> bool:
    """Whether a path may stand for several files."""
    return os.path.isdir(path) or (glob.has_magic(path) and not os.path.lexists(path))


def _walk(folder: str, suffixes: Collection[str]) -> Iterator[str | Document]:
    """The readable files below `folder`, in the order of their names."""
    is_empty = True
    pending: list[str | Document] = [folder]
    while pending:
        path = pending.pop()
        if isinstance(path, Document) or (path != folder and not os.path.isdir(path)):
            is_empty = False
            yield path
        else:
            try:
                with os.scandir(path) as entries:
                    wanted = {entry.name: entry.path for entry in entries if _is_wanted(entry, suffixes)}
            except OSError as error:
                pending.append(unreadable(path, f"the folder cannot be listed ({reason(error)})"))
                continue
            pending += [wanted[name] for name in sorted(wanted, reverse=True)]
    if is_empty:
        yield unreadable(folder, f"a folder without readable files; known are {known(suffixes)}")


def _is_wanted(entry: os.DirEntry[str], suffixes: Collection[str]) -> bool:
    """Folders, and files with one of the suffixes. What cannot be looked at is wanted too, if it has one: reading it
    says what is wrong."""
    if entry.name.startswith("."):
        return False
    has_suffix = input_format(entry.name)[0] in suffixes
    try:
        if entry.is_dir(follow_symlinks=False):
            return True
        is_broken_link = entry.is_symlink() and not os.path.exists(entry.path)
        return has_suffix and (entry.is_file() or is_broken_link)
    except OSError:
        return has_suffix


def _matches(pattern: str) -> Iterator[str]:
    """What `glob.glob` finds, but that `**` follows no links."""
    head, *rest = pattern.split(os.sep) if os.altsep is None else re.split(r"[\\/]", pattern)
    if head == "":  # from the root
        yield from _below(os.sep, rest)
    elif head.endswith(":"):  # a drive
        yield from _below(head + os.sep, rest)
    else:
        yield from _below("", [head, *rest])


def _below(folder: str, parts: list[str]) -> Iterator[str]:
    if not parts:
        if os.path.lexists(folder):
            yield folder
        return
    part, *rest = parts
    if part == "**":
        yield from _below(folder, rest) if rest else ()
        for name, is_real_folder in _entries(folder):
            if name.startswith("."):
                continue
            path = os.path.join(folder, name)
            if is_real_folder:
                yield from _below(path, parts)
            if not rest:
                yield path
    elif glob.has_magic(part):
        for name, _ in _entries(folder):
            is_shown = part.startswith(".") or not name.startswith(".")
            if is_shown and fnmatch(name, part):
                path = os.path.join(folder, name)
                if not rest or os.path.isdir(path):
                    yield from _below(path, rest)
    else:
        yield from _below(os.path.join(folder, part), rest)


def _entries(folder: str) -> list[tuple[str, bool]]:
    """The names in a folder, and whether each is a folder and no link; none where it cannot be listed."""
    try:
        with os.scandir(folder or os.curdir) as entries:
            return [(entry.name, _is_real_folder(entry)) for entry in entries]
    except OSError:
        return []


def _is_real_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def input_format(path: str) -> tuple[str, str]:
    """The suffix of the format and the suffix of the compression, in lower case; each may be
    empty. "News.JSONL.gz" gives (".jsonl", ".gz")."""
    name = os.path.basename(path).lower()
    compression = next((suffix for suffix in OPENERS if name.endswith(suffix)), "")
    found = _SUFFIX.search(name[: len(name) - len(compression)])
    return (found[0] if found else ""), compression


def unknown(path: str, suffix: str, suffixes: Collection[str]) -> str:
    """What to say of a file with a suffix that is not known."""
    if how := _FIRST_CONVERT.get(suffix):
        return f"{suffix} is not read here; make text of it first: {how.format(path=quote(path))}"
    return f"unknown suffix {suffix}; known are {known(suffixes)}; or pipe its text to -"


def known(suffixes: Collection[str]) -> str:
    """The suffixes that can be read, in words."""
    return f"{', '.join(suffixes)}, each also with {' or '.join(OPENERS)}"


def shown(path: str) -> str:
    """A path as ids and messages name it."""
    return "stdin" if path == STDIN else path
