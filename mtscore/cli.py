"""The `mtscore` command: arguments in, library calls, results on stdout and everything else on stderr.

Heavy modules are imported where they are used, so that `mtscore --help` answers at once.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from mtscore.errors import MtscoreError, UsageError

if TYPE_CHECKING:
    from mtscore.records import Document, Verdict

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = "How likely is an English article a garbled machine translation, and which words give it away?"
_EPILOG = """\
examples:
  mtscore score article.txt saved-page.html      a table of scores
  mtscore score --format jsonl news/ > out.jsonl one JSON object for each document
  mtscore explain article.txt                    the article with its findings marked

exit codes: 0 done, 1 some input could not be read (the rest was scored), 2 wrong usage
"""
_SCORE = """\
Scores documents and prints one verdict each, in the same order: the probability that a reader would call
it a garbled machine translation (0 to 1), a label, the quality of its English (0 to 100), and the findings.
What cannot be judged says why instead; nothing is left out.

PATH is a .txt, .md, .html or .jsonl file (also .gz), a folder of such files, a pattern like 'news/*.txt',
or - for a text on standard input. In a .jsonl file each line is a document with its text in "text".
"""
_SCORE_EPILOG = """\
examples:
  mtscore score article.txt
  mtscore score --format jsonl --output scores.jsonl crawl.jsonl.gz
  curl -s https://example.org/story.txt | mtscore score -
"""
_EXPLAIN = """\
Prints one article (or each document of a .jsonl file or a folder) with its findings marked, the words that
were probably meant, and page furniture that was not judged set apart. Without colour, findings stand in
[[double brackets]] and furniture behind a ~. NO_COLOR=1 turns colour off, FORCE_COLOR=1 on.
"""
_EXPLAIN_EPILOG = """\
example:
  FORCE_COLOR=1 mtscore explain article.txt | less -R
"""
_MODEL = """\
info: what the model is, what it was made from and how well it does. verify: checks every file against the
digests in the manifest. DIR is a model folder; without it, the one that scoring would use.
"""
_MODEL_EPILOG = """\
example:
  mtscore model verify
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    _prepare_streams()
    try:
        code = _run(argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader has what it wanted: `| head`
        _discard_stdout()
        return DONE
    except KeyboardInterrupt:
        _complain("interrupted")
        _discard_stdout()
        return INTERRUPTED
    except MtscoreError as error:
        _complain(str(error))
        return USAGE if isinstance(error, UsageError) else FAILED
    except OSError as error:  # documents never raise: this is stdout or --output, for instance a full disk
        _complain(f"input or output failed: {error.strerror or error}")
        _discard_stdout()
        return FAILED


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
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


def _complain(message: str) -> None:
    """One line on stderr; it may quote untrusted input."""
    from mtscore.render.terminal import sanitize

    with suppress(OSError):
        sys.stdout.flush()
    print(f"mtscore: {sanitize(message)}", file=sys.stderr)


def _discard_stdout() -> None:
    """Lets the interpreter's last flush of stdout go nowhere instead of failing once more."""
    with suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)


# score


def _score(arguments: argparse.Namespace) -> int:
    from mtscore.documents import read_documents, total_bytes
    from mtscore.render.progress import Meter, with_progress
    from mtscore.scorer import Scorer

    paths: list[str] = arguments.paths
    is_machine = arguments.format == "jsonl"
    with _open_output(arguments.output, paths, is_machine) as out:
        scorer = Scorer.load(arguments.model, prior=arguments.prior)
        has_bar = sys.stderr.isatty() and not (is_machine and out.isatty())
        meter = Meter(total_bytes(paths) if has_bar else None)
        documents = read_documents(paths, text_field=arguments.text_field, on_read=meter)
        unreadable = _Unreadable()
        verdicts = unreadable.watch(scorer.score_many(documents, jobs=arguments.jobs))
        _write(with_progress(verdicts, meter) if has_bar else verdicts, out, is_machine)
    return unreadable.exit_code()


def _write(verdicts: Iterable[Verdict], out: TextIO, is_machine: bool) -> None:
    if is_machine:
        from mtscore.render.jsonl import to_json

        for verdict in verdicts:
            out.write(to_json(verdict) + "\n")
    else:
        from mtscore.render.table import write_table

        write_table(verdicts, out)


class _Unreadable:
    """Tells on stderr of each document that could not be read, and remembers that there was one."""

    def __init__(self) -> None:
        self.count = 0

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        for verdict in verdicts:
            if verdict.reason == "unreadable":
                self.count += 1
                _complain(f"cannot read {verdict.id}: {verdict.detail}")
            yield verdict

    def exit_code(self) -> int:
        return FAILED if self.count else DONE


@contextmanager
def _open_output(path: str | None, inputs: Sequence[str], is_machine: bool) -> Iterator[TextIO]:
    """Stdout, or the file at `path`, which must not be among the inputs."""
    if path is None or path == "-":
        if is_machine and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
        yield sys.stdout
        return
    from mtscore.documents import input_files
    from mtscore.render.output import open_atomically

    if os.path.isfile(path) and any(_is_same(path, source) for source in input_files(inputs)):
        raise UsageError(f"--output {path} is also an input and would be overwritten; choose another name")
    with open_atomically(path) as stream:
        yield stream


def _is_same(path: str, other: str) -> bool:
    with suppress(OSError, ValueError):
        return os.path.samefile(path, other)
    return False


# explain


def _explain(arguments: argparse.Namespace) -> int:
    from mtscore.documents import read_documents
    from mtscore.render.article import write_article
    from mtscore.scorer import Scorer

    scorer = Scorer.load(arguments.model, prior=arguments.prior)
    unreadable = _Unreadable()
    for number, document in enumerate(read_documents([arguments.path], text_field=arguments.text_field)):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        shown = _as_text(document)
        for verdict in unreadable.watch(scorer.score_many([shown])):
            write_article(verdict, shown.text, sys.stdout)
    return unreadable.exit_code()


def _as_text(document: Document) -> Document:
    """The document as its verdict's offsets see it: of a web page, the text."""
    if not document.is_html or document.text is None:
        return document
    from mtscore.body import read_html

    return replace(document, text=read_html(document.text), is_html=False)


# model


def _model_info(arguments: argparse.Namespace) -> int:
    from mtscore.bundle import Bundle
    from mtscore.render.manifest import describe_manifest

    bundle = Bundle.load(arguments.dir)
    sys.stdout.write(f"model: {bundle.path}\n{describe_manifest(bundle.manifest)}")
    return DONE


def _model_verify(arguments: argparse.Namespace) -> int:
    from mtscore.bundle import default_model_path, verify
    from mtscore.render.terminal import sanitize

    path = arguments.dir or default_model_path()
    problems = verify(path)
    for problem in problems:
        print(sanitize(problem))
    if not problems:
        print(f"{path}: sound")
    return FAILED if problems else DONE


# Arguments


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

    score = _add(commands, "score", "score documents", _SCORE, _SCORE_EPILOG, _score)
    score.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, pattern, or - for stdin")
    score.add_argument(
        "--format",
        choices=("table", "jsonl"),
        default="table",
        help="table: for people (the default, on a terminal and elsewhere); jsonl: one JSON object a line",
    )
    score.add_argument("--output", metavar="FILE", help="write to FILE, which is replaced once all is done")
    score.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes to score with (1)")
    _add_scoring(score)

    explain = _add(commands, "explain", "show an article's findings", _EXPLAIN, _EXPLAIN_EPILOG, _explain)
    explain.add_argument("path", metavar="PATH", help="file, or - for stdin")
    _add_scoring(explain)

    model = _add(commands, "model", "look at or check a model folder", _MODEL, _MODEL_EPILOG, None)
    actions = model.add_subparsers(title="actions", metavar="info|verify", required=True)
    info = _add(actions, "info", "print a model's manifest", _MODEL, _MODEL_EPILOG, _model_info)
    check = _add(actions, "verify", "check a model's files", _MODEL, _MODEL_EPILOG, _model_verify)
    for action in (info, check):
        action.add_argument(
            "dir", nargs="?", metavar="DIR", help="a model folder (the one scoring would use)"
        )
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    description: str,
    epilog: str,
    command: Callable[[argparse.Namespace], int] | None,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    return parser


def _add_scoring(parser: argparse.ArgumentParser) -> None:
    """The options of whatever reads and scores documents."""
    parser.add_argument(
        "--model", metavar="DIR", help="use the model in this folder (the one that is shipped)"
    )
    parser.add_argument(
        "--prior",
        type=_probability,
        metavar="P",
        help="share of garbled articles that you expect, between 0 and 1 (the model's own)",
    )
    parser.add_argument(
        "--text-field",
        default="text",
        metavar="NAME",
        help="the field of .jsonl records that is the text (text)",
    )


def _positive(value: str) -> int:
    with suppress(ValueError):
        if int(value) > 0:
            return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of 1 or more")


def _probability(value: str) -> float:
    with suppress(ValueError):
        if 0 < float(value) < 1:
            return float(value)
    raise argparse.ArgumentTypeError(f"{value!r} is not a number between 0 and 1 (both excluded)")


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
