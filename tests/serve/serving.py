"""A service of its own process for tests, and requests to it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from mtscore.serve.settings import MIN_TOKEN

TOKEN = "t" * MIN_TOKEN
MAX_BYTES, MAX_BODY = 20_000, 100_000
"""The limits of the service that tests share."""

JSON = "application/json"
NDJSON = "application/x-ndjson"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


class Running:
    """`mtscore serve` with these options, at a free port, from `folder`."""

    def __init__(self, folder: Path, model: Path | None, *options: str, **environment: str) -> None:
        command = [sys.executable, "-m", "mtscore", "serve", "--port", "0", "--jobs", "1", *options]
        if model is not None:
            command += ["--model", str(model)]
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root), **environment},
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stderr is not None
        said: list[str] = []  # KenLM speaks, too, of toy models
        while not (found := re.search(r"http://(\S+):(\d+)/", "".join(said[-1:]))):
            said.append(self.process.stderr.readline())
            assert said[-1], said
        self.folder = folder
        self.url, self.host, self.port = found[0], found[1].strip("[]"), int(found[2])

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code, and what it said on stderr, after the signal."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=150)
        return self.process.returncode, said

    def ask(
        self,
        path: str,
        body: object = None,
        kind: str = JSON,
        *,
        method: str = "POST",
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; a body that is no bytes is sent as JSON."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(
                method, path, sent, {"Content-Type": kind, "Accept": accept, **(headers or {})}
            )
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask(path, method="GET", headers=headers)

    def raw(self, data: bytes, *, is_closed: bool = True) -> bytes:
        """What comes back for bytes that may be no request at all."""
        with socket.create_connection((self.host, self.port), timeout=20) as connection:
            connection.sendall(data)
            if is_closed:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(1 << 16):
                answer += piece
            return answer
