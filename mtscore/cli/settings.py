"""`mtscore.toml` in the working folder: what a project says once and for all commands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mtscore.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "mtscore.toml"


def add_allow(parser: argparse.ArgumentParser) -> None:
    """The option that names what is right."""
    parser.add_argument(
        "--allow",
        metavar="FILE",
        help="names and terms that are right, one a line: they are no findings (those of mtscore.toml, as well)",
    )


def allowed_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The terms of `--allow` and of `mtscore.toml`."""
    from mtscore.words.allowed import Allowed

    named = getattr(arguments, "allow", None)
    listed = read_settings(Path(FILE)).get("allow")
    return tuple(sorted({*Allowed.of(named).terms, *Allowed.of(listed).terms}))


def read_settings(path: Path) -> dict[str, Any]:
    """What the file says, nothing where there is none. Raises `UsageError` for one of another form."""
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if unknown := sorted(found.keys() - {"allow"}):
        raise UsageError(f"{path} has settings that mtscore does not know: {', '.join(unknown)}")
    allow = found.get("allow", [])
    is_list = isinstance(allow, list) and all(isinstance(term, str) for term in allow)
    if not is_list and not isinstance(allow, str):
        raise UsageError(f"{path}: allow must be a list of names and terms, or the path of a file with them")
    if isinstance(allow, str):
        found["allow"] = path.parent / allow
    return found
