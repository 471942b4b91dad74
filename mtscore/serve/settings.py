"""What a service is told once, when it starts."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass

from mtscore.errors import UsageError
from mtscore.files.documents import MAX_BYTES

MIN_TOKEN = 16
"""A token of fewer characters can be guessed."""

LOCAL_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults are those of the command line."""

    model: str | None = None  # model folder; None: the one that is shipped
    prior: float | None = None  # share of garbled articles to expect; None: the model's own
    reading: str = "quick"  # how closely texts are read where a request does not say
    readings: tuple[str, ...] = ("quick",)  # how closely they can be read
    compare: str | None = None  # model folder to compare with `model` on the saved labels
    labels: str = "mtscore-labels.jsonl"  # file that saved labels go to; made with the first
    host: str = "127.0.0.1"  # address to listen at
    port: int = 8765  # 0: any that is free
    token: str | None = None  # what requests must bring; needed where others can reach the service
    names: tuple[str, ...] = ()  # names of the service besides its address, for the check of `Host`
    origins: tuple[str, ...] = ()  # other sites whose pages may use the service ("https://desk.example.org")
    jobs: int = 1  # processes that read
    queue: int = 64  # requests that are answered or wait at a time; more get 429
    max_bytes: int = MAX_BYTES  # longest document; longer ones get 413
    max_body: int = 16 << 20  # longest request, and of all that wait at a time four times as much
    max_documents: int = 1000  # documents in a request
    time_limit: float = 60.0  # seconds for a document, and to send a request
    grace: float = 30.0  # seconds that running requests have when the service is stopped

    def __post_init__(self) -> None:
        if self.token is not None and (
            len(self.token) < MIN_TOKEN or not self.token.isascii() or not self.token.isprintable()
        ):
            raise UsageError(
                f"the token must have at least {MIN_TOKEN} plain characters; choose a longer one"
            )
        if not self.is_local and self.token is None:
            raise UsageError(
                f"at {self.host} others can reach the service; give it a --token (at least {MIN_TOKEN} characters)"
            )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Whether a host is given by address: no other site can make a browser take its name for one."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def default_jobs() -> int:
    """As many processes as processors, four at most: each holds the model's tables."""
    return min(os.cpu_count() or 1, 4)
