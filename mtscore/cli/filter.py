"""`mtscore filter`: records in, records out, without the garbled ones."""

from __future__ import annotations

import argparse
import sys

from mtscore.cli.common import (
    DONE,
    FAILED,
    Commands,
    add_command,
    add_scoring,
    complain,
    load_scorer,
    positive,
    probability,
)

_FILTER = """\
Reads documents from files (or standard input) and passes on those that are not garbled, as they came in: JSON
lines and CSV records byte for byte, Parquet rows with values and schema unchanged, in the same order. The last
line on stderr counts: read = kept + rejected + undecided.

IN is any file, folder or pattern that mtscore score takes; standard input is JSON lines. Records are not converted, so
.jsonl, .csv, .tsv and .parquet files are filtered separately. Texts, web pages, web archives and messages become
lines of JSON with "id" and "text". A malformed record, or one without a text, is set aside in a file with its line
number and costs no other record anything.
"""
_FILTER_EPILOG = """\
examples:
  zcat crawl.jsonl.gz | mtscore filter --rejected garbled.jsonl > kept.jsonl
  mtscore filter crawl.jsonl.zst -o kept.jsonl.zst --jobs 4 --undecided undecided.jsonl
  mtscore filter --resume crawl.jsonl.zst -o kept.jsonl.zst --jobs 4 --undecided undecided.jsonl
  mtscore filter 'crawl/*.warc.gz' -o kept.jsonl.gz --annotate evidence
  mtscore filter crawl.parquet -o kept/ --annotate --max-score 0.3
"""


def add(commands: Commands) -> None:
    """Adds the command's parser."""
    command = add_command(commands, "filter", "pass on what is not garbled", _FILTER, _FILTER_EPILOG, _filter)
    command.add_argument(
        "sources", nargs="*", default=["-"], metavar="IN", help="file, folder, pattern, or - for stdin (-)"
    )
    command.add_argument(
        "-o", "--output", default="-", metavar="OUT",
        help="file, compressed as its suffix says, or a folder for Parquet part files, or - for stdout (-)",
    )  # fmt: skip
    command.add_argument("--rejected", metavar="FILE", help="write the rejected records to FILE")
    command.add_argument(
        "--undecided", default="keep", metavar="keep|drop|FILE",
        help="what becomes of records that cannot be judged: too short, not English (keep)",
    )  # fmt: skip
    command.add_argument(
        "--malformed", metavar="FILE",
        help="where records without a usable text are set aside (OUT.malformed.jsonl, or mtscore-malformed.jsonl "
        "here if OUT is stdout)",
    )  # fmt: skip
    command.add_argument(
        "--max-score", type=probability, metavar="X",
        help="reject records that score X or more (where the model's label garbled begins)",
    )  # fmt: skip
    command.add_argument(
        "--annotate", nargs="?", const="verdict", type=_annotation, metavar="evidence",
        help='give each record its verdict: a member "mtscore" in JSON, else columns mtscore_*; with "evidence" its '
        "findings too",
    )  # fmt: skip
    command.add_argument("--jobs", type=positive, default=1, metavar="N", help="number of processes (1)")
    command.add_argument(
        "--resume", action="store_true",
        help="go on where an interrupted run with the same options stopped; from file to file only",
    )  # fmt: skip
    command.add_argument(
        "--restart",
        action="store_true",
        help="begin again where a run was interrupted, without what it wrote",
    )
    command.add_argument("--strict", action="store_true", help="stop at the first malformed record")
    add_scoring(command)


def _annotation(value: str) -> str:
    if value not in ("verdict", "evidence"):
        raise argparse.ArgumentTypeError(f"{value!r} is not 'evidence'; put --annotate after the inputs")
    return value


def _filter(arguments: argparse.Namespace) -> int:
    from mtscore.files.documents import total_bytes
    from mtscore.files.filtering import FilterSettings, describe, filter_records
    from mtscore.render.progress import Meter, with_progress
    from mtscore.text.scored_text import as_text

    settings = FilterSettings(
        sources=tuple(arguments.sources),
        output=arguments.output,
        rejected=arguments.rejected,
        undecided=arguments.undecided,
        malformed=arguments.malformed,
        max_score=arguments.max_score,
        text_field=arguments.text_field,
        annotate=arguments.annotate,
        max_bytes=arguments.max_bytes,
        is_strict=arguments.strict,
        input_format=arguments.input_format,
        is_resumed=arguments.resume,
        is_restarted=arguments.restart,
        jobs=arguments.jobs,
    )
    scorer = load_scorer(arguments)
    has_bar = sys.stderr.isatty() and not (arguments.output == "-" and sys.stdout.isatty())
    meter = Meter(total_bytes(settings.sources) if has_bar else None)
    counts = filter_records(
        settings,
        scorer,
        sys.stdout.buffer,
        as_text=as_text,
        on_read=meter,
        watch=(lambda verdicts: with_progress(verdicts, meter)) if has_bar else iter,
    )
    complain(describe(counts, settings))
    return FAILED if counts.malformed else DONE
