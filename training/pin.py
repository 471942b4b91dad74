"""Pins a model folder as the shipped one: python -m training.pin models/en"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from mtscore.model.contents import MANIFEST
from mtscore.model.folder import SHIPPED_DIGEST_FILE


def pin(folder: Path) -> None:
    """Write the manifest's digest into the package."""
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    SHIPPED_DIGEST_FILE.write_text(digest + "\n", encoding="ascii")


if __name__ == "__main__":
    (given,) = sys.argv[1:]
    pin(Path(given))
