"""`mtscore watch`: a folder whose files are scored as they arrive."""

from __future__ import annotations

import argparse
from collections import Counter

from mtscore.cli.common import (
    DONE,
    Commands,
    add_command,
    add_scoring,
    complain,
    load_scorer,
    positive_seconds,
)

_WATCH = """\
Scores every file of a folder, and then each one that arrives, until it is stopped (Ctrl+C). Verdicts are appended to
a file of JSON lines; with --page, a page shows the last 500 documents.

A file is scored when it is complete: nothing about it has changed for --settle seconds. Hidden files and unknown
suffixes, such as .part, are left alone until they are renamed. A file that changes is scored again: the last line with
an id counts. One that is renamed is not, and what is deleted keeps its verdicts.

After a restart, what was scored is not scored again: LINES.watch remembers. Without that file, all begins anew.
"""
_WATCH_EPILOG = """\
examples:
  mtscore watch inbox/ --output verdicts.jsonl --page news.html
  mtscore watch inbox/ --output verdicts.jsonl --once
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    watch = add_command(commands, "watch", "score what arrives in a folder", _WATCH, _WATCH_EPILOG, _watch)
    watch.add_argument("folder", metavar="FOLDER", help="where files arrive, also in folders below it")
    watch.add_argument("--output", required=True, metavar="LINES", help="file of JSON lines to append to")
    watch.add_argument("--page", metavar="FILE", help="HTML page to keep up to date")
    watch.add_argument(
        "--settle",
        type=positive_seconds,
        default=2.0,
        metavar="SECONDS",
        help="how long nothing must change about a file before it is complete (2)",
    )
    watch.add_argument("--once", action="store_true", help="stop when everything that is there is scored")
    add_scoring(watch)


def _watch(arguments: argparse.Namespace) -> int:
    from mtscore.adapters.watching.watch import WatchSettings, watch

    settings = WatchSettings(
        folder=arguments.folder,
        output=arguments.output,
        page=arguments.page,
        settle=arguments.settle,
        is_once=arguments.once,
        text_field=arguments.text_field,
        max_bytes=arguments.max_bytes,
        input_format=arguments.input_format,
    )
    try:
        watch(settings, load_scorer(arguments), _tell)
    except KeyboardInterrupt:  # the way to end it
        complain("stopped")
    return DONE


def _tell(path: str, counts: Counter[str]) -> None:
    order = ("garbled", "suspect", "clean", "cannot tell")
    found = ", ".join(f"{counts[label]:,} {label}" for label in order if counts[label])
    complain(f"{path}: {found or 'no documents'}")
