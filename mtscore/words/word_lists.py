"""Lists of words by the hundred thousand, in a tenth of the memory that Python's strings would take."""

from __future__ import annotations

import gzip
import zlib
from array import array
from collections.abc import Iterable, Iterator
from io import BytesIO

import numpy as np

from mtscore.errors import ModelError


class Lines:
    """Lines of UTF-8 text; each is made a string when it is asked for. Can be searched with `bisect`."""

    def __init__(self, data: bytes) -> None:
        """`data` has one line end between any two lines and none at its end."""
        self._data = data
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        self._starts = array("q", [0])
        self._starts.frombytes((ends + 1).astype(np.int64).tobytes())
        self._starts.append(len(data) + 1)

    @classmethod
    def of(cls, words: Iterable[str]) -> Lines:
        """These words, which hold no line end, in their order."""
        return cls("\n".join(words).encode())

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        return self._data[self._starts[number] : self._starts[number + 1] - 1].decode()


def unpacked(data: bytes, name: str) -> Iterator[str]:
    """The lines of the text in gzip `data`, without their ends. Raises `ModelError` where it is damaged."""
    try:
        with gzip.open(BytesIO(data), "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield line.rstrip("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ModelError(f"{name} of the model is damaged ({error}); install it again") from error
