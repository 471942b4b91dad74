"""`mtscore serve`: a page to paste into, and a service for programs."""

from __future__ import annotations

import argparse
import os

from mtscore.cli.common import DONE, Commands, add_command, add_max_bytes, add_model, complain, positive

_SERVE = """\
Starts a page in the browser to paste articles into, drop files on, and see verdicts with their findings; and the same
for programs, as JSON (/openapi.json describes it). Stop it with Ctrl-C.

Only this machine can reach it, unless --host says otherwise; then every request must bring the token. Nothing that is
pasted is written anywhere, except the labels that you save: mtscore train and mtscore evaluate read their file.
"""
_SERVE_EPILOG = """\
examples:
  mtscore serve
  mtscore serve --port 9000 --labels desk.jsonl
  mtscore serve --labels desk.jsonl --compare my-model
  MTSCORE_TOKEN=$(cat token) mtscore serve --host 0.0.0.0 --allow-host mt.example.org
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    parser = add_command(
        commands, "serve", "a page to paste into, and a JSON service", _SERVE, _SERVE_EPILOG, _serve
    )
    _add_door(parser)
    add_model(parser)
    parser.add_argument(
        "--labels",
        default="mtscore-labels.jsonl",
        metavar="FILE",
        help="file that saved labels go to, made with the first (mtscore-labels.jsonl)",
    )
    parser.add_argument("--compare", metavar="DIR", help="a second model, to be compared on the saved labels")
    _add_limits(parser)


def _add_door(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="HOST", help="address to listen at (127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=_port, default=8765, metavar="N", help="port; 0: any that is free (8765)"
    )
    parser.add_argument(
        "--token",
        metavar="TOKEN",
        help="what every request must bring; others on this machine can see it here, but not in the variable "
        "MTSCORE_TOKEN",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that the service goes by, besides its address; may be repeated",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="another site whose pages may use the service (https://desk.example.org); may be repeated",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=positive, metavar="N", help="processes that read (processors, at most 4)"
    )
    parser.add_argument(
        "--queue", type=positive, default=64, metavar="N", help="requests inside at a time; more get 429 (64)"
    )
    parser.add_argument(
        "--time-limit", type=positive, default=60, metavar="S", help="seconds for a document (60)"
    )
    parser.add_argument(
        "--grace", type=positive, default=30, metavar="S", help="seconds to finish when it is stopped (30)"
    )
    parser.add_argument(
        "--max-body", type=positive, default=16 << 20, metavar="N", help="longest request in bytes (16777216)"
    )
    add_max_bytes(parser)


def _serve(arguments: argparse.Namespace) -> int:
    from mtscore.scoring.close_reading import reading_mode, readings_of
    from mtscore.serve.running import serve
    from mtscore.serve.settings import Settings, default_jobs

    readings = readings_of(arguments.model)
    settings = Settings(
        model=arguments.model,
        prior=arguments.prior,
        compare=arguments.compare,
        labels=arguments.labels,
        host=arguments.host,
        port=arguments.port,
        token=arguments.token or os.environ.get("MTSCORE_TOKEN") or None,
        names=tuple(name.lower() for name in arguments.allow_host),
        origins=tuple(arguments.allow_origin),
        jobs=arguments.jobs or default_jobs(),
        queue=arguments.queue,
        max_bytes=arguments.max_bytes,
        max_body=arguments.max_body,
        reading=reading_mode(arguments.reading, readings[0]),
        readings=readings,
        time_limit=arguments.time_limit,
        grace=arguments.grace,
    )
    serve(settings, complain)
    return DONE


def _port(value: str) -> int:
    if value.isdecimal() and value.isascii() and int(value) < 1 << 16:
        return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a port from 0 to 65535")
