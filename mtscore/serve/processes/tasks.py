"""What passes between the process that answers requests and those that read: tasks one way, messages the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it came: its text (`form` "text", "html", or "auto": its beginning says which), or the bytes of a
    file whose name, `id`, says what is in it."""

    id: str
    text: str | None = None
    data: bytes | None = None
    form: str = "text"

    @property
    def size(self) -> int:
        """Bytes or characters: about what it takes in memory."""
        return len(self.data if self.data is not None else self.text or "")


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does in one go. With `is_shown` the answer is everything that a person is shown of the
    documents, else a verdict on each as a line of JSON."""

    given: tuple[Given, ...]
    reading: str
    is_shown: bool = False
    has_siblings: bool = False

    @property
    def size(self) -> int:
        """The size of all documents."""
        return sum(given.size for given in self.given)


class Message(NamedTuple):
    """`kind` is "ready" (what the scorer is), "verdict" (a line of JSON), "progress" (documents read, documents there
    are), "shown" (a dict), or "end". Where there is no answer, a sentence says why: "refused" (it cannot be used),
    "failed" (a bug), "lost" (it took too long, or the process died)."""

    kind: str
    value: Any = None
