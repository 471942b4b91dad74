"""Model folders that change under those who use them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path


def restate(folder: Path, **changes: object) -> None:
    """Bring the manifest up to date with the files, with some entries changed."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = [path.name for path in sorted(folder.iterdir()) if path.name != "manifest.json"]
    files = {name: {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()} for name in names}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"files": files} | changes), encoding="utf-8")


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places."""
    os.rename(one, one.with_name("aside"))
    os.rename(other, one)
    os.rename(one.with_name("aside"), other)
