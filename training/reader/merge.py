"""Several results of `training.reader.windows` as one.

python -m training.reader.merge OUT FOLDER FOLDER…
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def merge(folders: Sequence[Path], out: Path) -> None:
    """Several results as one."""
    found = [np.load(folder / "windows.npz") for folder in folders]
    docs = [(folder / "documents.jsonl").read_text("utf-8") for folder in folders]
    windows = np.cumsum([0, *(len(f["window_end"]) for f in found)])
    places = np.cumsum([0, *(len(f["tokens"]) for f in found)])
    numbers = np.cumsum([0, *(text.count("\n") for text in docs)])
    shifted = [
        f["spans"] + np.where((f["spans"] < 0) | (np.arange(5) == 2), 0, p)
        for f, p in zip(found, places, strict=False)
    ]
    out.mkdir(parents=True, exist_ok=True)
    (out / "documents.jsonl").write_text("".join(docs), encoding="utf-8")
    np.savez(
        out / "windows.npz",
        tokens=np.concatenate([f["tokens"] for f in found]),
        flags=np.concatenate([f["flags"] for f in found]),
        sentence=np.concatenate([f["sentence"] for f in found]),
        window_end=np.concatenate([f["window_end"] + p for f, p in zip(found, places, strict=False)]),
        window_doc=np.concatenate([f["window_doc"] + n for f, n in zip(found, numbers, strict=False)]).astype(
            np.int32
        ),
        ratings=np.concatenate(
            [(f["ratings"] + [[w, 0, 0]]).astype(np.float32) for f, w in zip(found, windows, strict=False)]
        ),
        spans=np.concatenate(shifted),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    given = parser.parse_args()
    merge(given.folders, given.out)


if __name__ == "__main__":
    main()
