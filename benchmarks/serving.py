"""The service under load on loopback, with a real client: wrk for the most it can do, hey for a steady load.

    python -m benchmarks.serving articles.jsonl [--length 500] [--seconds 30] [--requests 100000]

Documents of `--length` words are cut from the texts of a JSON lines file (field `text`), one a request. First wrk
keeps `--connections` requests going; then hey sends at 80 % of the rate that it reached. Other work on the machine
slows both down, so that what counts is the CPU time that the service took for an article. Last, `--requests` short
texts go through, and the memory of all its processes is measured on the way. Where wrk and hey are missing (Debian
has packages of these names) a client in Python stands in.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed import documents, source_words
from benchmarks.toy import parsed, write_documents

STEADY = 0.8
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
SCRIPT = """\
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local number = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
request = function()
  number = number %% #bodies + 1
  return wrk.format(nil, nil, nil, bodies[number])
end
"""


class Service(NamedTuple):
    """A running service: its port and its process."""

    port: int
    process: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/score"

    def processes(self) -> list[int]:
        """The service's processes."""
        listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
        return [self.process, *(pid for pid, parent in pairs if parent == self.process)]

    def cpu_seconds(self) -> float:
        """What all its processes have used."""
        return sum(_cpu_ticks(pid) for pid in self.processes()) / TICKS

    def megabytes(self) -> float:
        """Memory of all its processes; what they share counts once for each."""
        sizes = [re.search(r"VmRSS:\s+(\d+)", _of(pid, "status")) for pid in self.processes()]
        return sum(int(size[1]) for size in sizes if size) / 1024


def _of(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")


def _cpu_ticks(pid: int) -> int:
    fields = _of(pid, "stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def serving(jobs: int) -> Iterator[Service]:
    """A service with the shipped model."""
    command = [sys.executable, "-m", "mtscore", "serve", "--port", "0", "--jobs", str(jobs)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r":(\d+)/", process.stderr.readline())
        assert found
        try:
            yield Service(int(found[1]), process.pid)
        finally:
            process.terminate()


class Load(NamedTuple):
    """What came of some load: requests, seconds, seconds of CPU of the service, latencies in ms, statuses but 200."""

    requests: int
    seconds: float
    cpu: float
    median: float
    slow: float
    others: dict[str, int]

    def __str__(self) -> str:
        cpu = 1000 * self.cpu / max(1, self.requests)
        return (
            f"{self.requests} requests in {self.seconds:.1f} s: {self.requests / self.seconds:.1f} a second; "
            f"{cpu:.1f} ms of CPU each, so {2000 / max(cpu, 0.001):.0f} a second on two free cores; median "
            f"{self.median:.0f} ms, 99 % within {self.slow:.0f} ms; others than 200: {self.others or 'none'}"
        )


def by_python(service: Service, bodies: Sequence[bytes], connections: int, count: int) -> Load:
    """`count` requests by threads that each send one after the other."""
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    numbers = iter(range(count))

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
        for number in numbers:
            begun = time.perf_counter()
            connection.request(
                "POST", "/v1/score", bodies[number % len(bodies)], {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            answer.read()
            latencies.append(1000 * (time.perf_counter() - begun))
            statuses[str(answer.status)] += 1
        connection.close()

    begun, cpu = time.perf_counter(), service.cpu_seconds()
    threads = [threading.Thread(target=send) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - begun, service.cpu_seconds() - cpu
    latencies.sort()
    others = {status: times for status, times in statuses.items() if status != "200"}
    return Load(
        len(latencies),
        seconds,
        cpu,
        latencies[len(latencies) // 2],
        latencies[-1 - len(latencies) // 100],
        others,
    )


def by_wrk(service: Service, bodies: Sequence[bytes], connections: int, seconds: int) -> Load:
    """As many as go through."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder, "bodies"), Path(folder, "bodies.lua")
        lines.write_bytes(b"\n".join(bodies) + b"\n")
        script.write_text(SCRIPT % lines, encoding="utf-8")
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "60s",
            "--latency",
            "-s",
            str(script),
        ]
        cpu = service.cpu_seconds()
        said = subprocess.run([*command, service.address], capture_output=True, text=True, check=True).stdout
        cpu = service.cpu_seconds() - cpu
    requests, took = re.search(r"(\d+) requests in ([\d.]+)s", said).groups()  # type: ignore[union-attr]
    slow = {share: _milliseconds(value) for share, value in re.findall(r"(\d\d)%\s+([\d.]+\w+)", said)}
    others = {name: int(times) for name, times in re.findall(r"(Non-2xx or 3xx responses): (\d+)", said)}
    others |= {"Socket errors": 1} if "Socket errors" in said else {}
    return Load(int(requests), float(took), cpu, slow["50"], slow["99"], others)


def by_hey(service: Service, body: bytes, rate: float, seconds: int) -> Load:
    """So many a second, whether or not the earlier ones were answered, by 16 connections."""
    connections = 16
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = [
            "hey",
            "-z",
            f"{seconds}s",
            "-c",
            str(connections),
            "-q",
            f"{rate / connections:.3f}",
            "-m",
            "POST",
        ]
        command += ["-T", "application/json", "-D", file.name, "-t", "60", service.address]
        cpu = service.cpu_seconds()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        cpu = service.cpu_seconds() - cpu
    statuses = {status: int(times) for status, times in re.findall(r"\[(\d+)\]\s+(\d+) responses", said)}
    slow = {share: 1000 * float(value) for share, value in re.findall(r"(\d\d)% in ([\d.]+) secs", said)}
    took = re.search(r"Total:\s+([\d.]+) secs", said)
    assert took
    return Load(
        statuses.pop("200", 0), float(took[1]), cpu, slow.get("50", 0.0), slow.get("99", 0.0), statuses
    )


def _milliseconds(value: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", value).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def print_memory(service: Service, bodies: Sequence[bytes], count: int) -> None:
    """Memory after every tenth of `count` requests."""
    for tenth in range(1, 11):
        load = by_python(service, bodies, 4, count // 10)
        print(f"after {tenth * (count // 10):,} requests: {service.megabytes():.0f} MiB; {load}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--length", type=int, default=500, metavar="WORDS")
    parser.add_argument("--words", type=int, default=100_000, metavar="N", help="words of text in all")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--connections", type=int, default=16, metavar="N")
    parser.add_argument(
        "--seconds", type=int, default=30, metavar="S", help="for wrk and hey; 0: none of them"
    )
    parser.add_argument("--requests", type=int, default=100_000, metavar="N", help="while memory is measured")
    with parsed(parser, arguments, _toy) as given:
        words = source_words(given.source, given.words)
        bodies, short = (_bodies(documents(words, length, given.words)) for length in (given.length, 25))
        with serving(given.jobs) as service:
            print(f"at rest: {service.megabytes():.0f} MiB", flush=True)
            print(f"first: {by_python(service, bodies, 2, 2 * len(bodies))}", flush=True)
            if given.seconds and shutil.which("wrk") and shutil.which("hey"):
                most = by_wrk(service, bodies, given.connections, given.seconds)
                print(f"most: {most}", flush=True)
                rate = STEADY * most.requests / most.seconds
                print(f"at 80 %: {by_hey(service, bodies[0], rate, given.seconds)}", flush=True)
            print_memory(service, short, given.requests)


def _bodies(texts: Sequence[str]) -> list[bytes]:
    return [json.dumps({"text": text}).encode() for text in texts]


def _toy(folder: Path) -> list[str]:
    source = write_documents(folder / "articles.jsonl", 4)
    return [
        str(source),
        "--words",
        "300",
        "--length",
        "100",
        "--jobs",
        "1",
        "--seconds",
        "0",
        "--requests",
        "20",
    ]


if __name__ == "__main__":
    main()
