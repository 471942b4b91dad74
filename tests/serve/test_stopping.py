"""What ends in the middle: requests, processes that read, and the service itself."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import toy_text
from serving import JSON, NDJSON, Running

from mtscore.serve.processes.readers import Job, Readers
from mtscore.serve.processes.tasks import Given, Message, Task
from mtscore.serve.settings import Settings

CLEAN = toy_text(2, is_garbled=False)
LONG = " ".join(toy_text(seed, is_garbled=False) for seed in range(25)) + "\n"


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def start_reading(running: Running, documents: int) -> http.client.HTTPConnection:
    """A request that takes a while, whose first verdict has come."""
    connection = http.client.HTTPConnection(running.host, running.port, timeout=60)
    body = json.dumps({"documents": [LONG] * documents})
    connection.request("POST", "/v1/score", body, {"Content-Type": JSON, "Accept": NDJSON})
    return connection


def give_up(running: Running) -> None:
    """Ask, and leave while it is being answered: the service does not go on with it."""
    connection = start_reading(running, 48)
    answer = connection.getresponse()
    answer.readline()
    assert running.get("/healthz").json["requests"] == 1
    answer.close()
    connection.close()
    wait_for(lambda: running.get("/healthz").json["requests"] == 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_being_answered_is_answered_before_the_service_ends(
    trained_model: Path, tmp_path: Path, number: int
) -> None:
    with Running(tmp_path, trained_model, "--grace", "120") as running:
        give_up(running)
        connection = start_reading(running, 24)
        answer = connection.getresponse()
        first = answer.readline()
        ending = threading.Thread(target=lambda: results.append(running.stop(number)))
        results: list[tuple[int, str]] = []
        ending.start()
        lines = [first, *answer.read().splitlines()]
        connection.close()
        ending.join()
    assert [json.loads(line)["status"] for line in lines] == ["scored"] * 24
    assert results[0][0] == 0
    assert "Traceback" not in results[0][1]


def test_no_process_outlives_a_service_that_was_killed(trained_model: Path, tmp_path: Path) -> None:
    with Running(tmp_path, trained_model) as running:
        children = children_of(running.process.pid)
        assert children
        running.process.kill()
        running.process.wait()
        wait_for(lambda: not any(map(is_alive, children)))


def test_a_request_that_does_not_come_is_given_up(trained_model: Path, tmp_path: Path) -> None:
    with (
        Running(tmp_path, trained_model, "--time-limit", "1") as running,
        socket.create_connection((running.host, running.port), timeout=60) as slow,
    ):
        slow.sendall(
            b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nab"
        )
        assert slow.recv(1 << 16).startswith(b"HTTP/1.1 408 ")


# The processes that read


class Heard:
    """Takes the messages that answer a task."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._is_over = threading.Event()

    def __call__(self, message: Message) -> None:
        self.messages.append(message)
        if message.kind == "end":
            self._is_over.set()

    def wait(self) -> list[str]:
        """The kinds of all messages."""
        assert self._is_over.wait(120)
        return [message.kind for message in self.messages]


def job_of(*texts: str, is_shown: bool = False) -> tuple[Job, Heard]:
    given = tuple(Given(str(number), text) for number, text in enumerate(texts))
    heard = Heard()
    return Job(Task(given, "quick", is_shown), heard), heard


def test_a_document_that_takes_too_long_costs_itself_alone(trained_model: Path) -> None:
    endless = "word " * 400_000
    with Readers(Settings(model=str(trained_model), jobs=1, time_limit=1.5)) as readers:
        job, heard = job_of(CLEAN, endless, CLEAN)
        readers.submit(job)
        assert heard.wait() == ["verdict", "lost", "verdict", "end"]
        assert "not read within 1.5 seconds" in heard.messages[1].value
        job, heard = job_of(CLEAN, is_shown=True)
        readers.submit(job)
        assert heard.wait()[-2:] == ["shown", "end"]


def test_a_process_that_dies_is_replaced(trained_model: Path) -> None:
    with Readers(Settings(model=str(trained_model), jobs=1)) as readers:
        job, heard = job_of("word " * 400_000)
        readers.submit(job)
        wait_for(lambda: readers.place(job) is None)
        time.sleep(0.1)
        for child in children_of(os.getpid()):
            os.kill(child, signal.SIGKILL)
        assert heard.wait() == ["lost", "end"]
        assert "has died" in heard.messages[0].value
        job, heard = job_of(CLEAN)
        readers.submit(job)
        assert heard.wait() == ["verdict", "end"]


def children_of(parent: int) -> list[int]:
    """The processes that read for a process."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [int(pid) for pid, above, command in rows if int(above) == parent and "spawn_main" in command]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
