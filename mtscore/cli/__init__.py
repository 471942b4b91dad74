"""The `mtscore` command: arguments in, library calls, results on stdout and everything else on stderr.

One module for each command, with its parser and what it calls. Heavy modules are imported where they are used,
so that `mtscore --help` answers at once.
"""

from __future__ import annotations

import argparse
import io
import os
import select
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from mtscore.cli import evaluate, explain, filter, label, lsp, model, score, serve, train, watch
from mtscore.cli.common import DONE, FAILED, INTERRUPTED, USAGE, LoadScorer, complain
from mtscore.errors import MtscoreError, UsageError

_DESCRIPTION = "How likely is an English article a garbled machine translation, and which words give it away?"
_EPILOG = """\
examples:
  mtscore score article.txt saved-page.html      a table of scores
  mtscore score --format jsonl news/ > out.jsonl one JSON object for each document
  mtscore explain article.txt                    the article with its findings marked
  mtscore filter crawl.jsonl -o kept.jsonl       without the garbled ones

Exit codes: 0 done, 1 some input could not be read (the rest was scored), 2 wrong usage, 3 --fail-on was met
"""


def main(argv: Sequence[str] | None = None, *, load_scorer: LoadScorer | None = None) -> int:
    """Runs one command and returns its exit code. `load_scorer` stands in for `Scorer.load`."""
    _prepare_streams()
    try:
        code = _run(argv, load_scorer)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        if _is_stdout_broken():  # the reader has what it wanted: `| head`
            _discard_stdout()
            return DONE
        complain("output failed: the program that read it has ended; what it has is not complete")
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted")
        _discard_stdout()
        return INTERRUPTED
    except MtscoreError as error:
        complain(str(error))
        return USAGE if isinstance(error, UsageError) else FAILED
    except OSError as error:  # documents never raise: this is stdout or --output, for instance a full disk
        complain(f"input or output failed: {error.strerror or error}")
        _discard_stdout()
        return FAILED


def _run(argv: Sequence[str] | None, load_scorer: LoadScorer | None) -> int:
    parser = _parser()
    parser.set_defaults(load_scorer=load_scorer)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as end:  # argparse has printed its help or complaint
        return int(end.code or DONE)
    command: Callable[[argparse.Namespace], int] = arguments.command
    return command(arguments)


def _prepare_streams() -> None:
    """No character may end the work, whatever the terminal's encoding; closed streams go nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_stdout_broken() -> bool:
    """Whether nobody reads stdout any longer; taken for granted where the system cannot tell."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)  # errors are always reported
        return bool(poll.poll(0))
    except (AttributeError, OSError, ValueError):
        return True


def _discard_stdout() -> None:
    """Lets the interpreter's last flush of stdout go nowhere instead of failing once more."""
    with suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mtscore",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (score, explain, filter, watch, lsp, serve, train, evaluate, label, model):
        command.add(commands)
    return parser


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("mtscore")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"mtscore {found}")
        parser.exit()
