"""From raw text to the language models and the word table of a model folder, in one command:

python -m training.build_lm --corpus FILE... --human DIR --output DIR --lmplz-dir DIR

Every stage writes its file under another name and renames it when it is whole; a stage whose file exists is
skipped, so that a build that was interrupted goes on where it stopped. A work folder belongs to one set of
inputs and settings, and is refused for any other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from mtscore.errors import InputError, MtscoreError
from mtscore.records import Span
from mtscore.text.segmentation import segment
from mtscore.words.lexicon import Lexicon, suffix_class
from training.corpus import human_lines, read_paragraphs, write_sentences
from training.language_models import (
    BACKWARD,
    FORWARD,
    SYNTAX,
    ModelSettings,
    Tools,
    Workshop,
    class_sentences,
    estimate,
    find_tools,
    reversed_sentences,
)
from training.word_classes import (
    CLASSES,
    ClassSettings,
    count_words,
    frequent_words,
    lexicon_classes,
    word_classes,
    write_lexicon,
)

Report = Callable[[str], None]

OUTPUTS = ("lexicon.tsv.gz", "forward.bin", "backward.bin", "syntax.bin")
"""The files for the model folder, in the order in which they are made."""

SENTENCES, LM_LINES, COUNTS, CLUSTERS = "sentences.txt", "lm_lines.txt.gz", "counts.tsv", "clusters.tsv"
"""The files of the work folder; `lm_lines.txt.gz` is needed by the classifier's training."""

DEFAULT_MEMORY = "5G"

_SETTINGS = "settings.json"
_PROBE_PARAGRAPHS = 500


@dataclass(frozen=True, slots=True)
class Build:
    """One build: what it reads, where it writes, and how."""

    corpus: tuple[Path, ...]
    """Text files, one paragraph a line, in the order in which they are read."""
    human: Path
    """Folder of the human documents (.jsonl.xz) that a classifier will learn from."""
    output: Path
    """Folder for the language models and the word table."""
    work: Path
    """Folder for everything on the way, to be kept until the build is done."""
    tools: Tools
    memory: str = DEFAULT_MEMORY
    """Memory that KenLM's programs may sort in, written as for GNU sort."""
    classes_from: Path | None = None
    """A word table whose classes are taken over instead of being made anew."""
    classes: ClassSettings = CLASSES
    forward: ModelSettings = FORWARD
    backward: ModelSettings = BACKWARD
    syntax: ModelSettings = SYNTAX


def build(task: Build, report: Report) -> None:
    """Make every file that is not there yet; `report` is given a line per stage."""
    task.output.mkdir(parents=True, exist_ok=True)
    task.work.mkdir(parents=True, exist_ok=True)
    _claim(task)
    work, table = task.work, task.output / OUTPUTS[0]
    _stage((work / SENTENCES, work / LM_LINES), partial(_sentences, task, report), report)
    _stage((work / COUNTS,), partial(_counts, task), report)
    _stage((work / CLUSTERS,), partial(_clusters, task), report)
    _stage((table,), partial(_lexicon, task), report)
    for name in OUTPUTS[1:]:
        _stage((task.output / name,), partial(_model, task, name), report)


def _stage(targets: tuple[Path, ...], make: Callable[..., None], report: Report) -> None:
    """Have `make` write the targets, given a path for each, unless all of them are there."""
    names = ", ".join(map(str, targets))
    if all(target.exists() for target in targets):
        report(f"{names}: there already")
        return
    start = time.monotonic()
    unfinished = [target.with_name(target.name + ".partial") for target in targets]
    make(*unfinished)
    for path, target in zip(unfinished, targets, strict=True):
        path.replace(target)
    report(f"{names}: made in {time.monotonic() - start:.0f} s")


def _claim(task: Build) -> None:
    """Note in the work folder what it belongs to, or refuse a folder that belongs to something else."""
    wanted = _fingerprint(task)
    path = task.work / _SETTINGS
    if not path.exists():
        if any((task.output / name).exists() for name in OUTPUTS):
            raise InputError(
                f"{task.output} holds models, but {task.work} does not say what they were built from: "
                "remove them, or name another --output"
            )
        path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
        return
    found = json.loads(path.read_text(encoding="utf-8"))
    changed = [name for name in wanted if wanted[name] != found.get(name)]
    if changed:
        raise InputError(
            f"{task.work} was begun with another {', '.join(changed)} (see {path.name} there): "
            "name another --work and --output, or remove both folders"
        )


def _fingerprint(task: Build) -> dict[str, object]:
    """Everything that the built files depend on, as JSON has it."""
    human = sorted(task.human.glob("*.jsonl.xz"))
    values = {
        "output": str(task.output.resolve()),
        "corpus": [file_digest(path) for path in task.corpus],
        "human": {path.name: file_digest(path) for path in human},
        "classes_from": task.classes_from and file_digest(task.classes_from),
        "settings": [asdict(part) for part in (task.classes, task.forward, task.backward, task.syntax)],
        "tokenisation": _token_digest(task.corpus),
    }
    same: dict[str, object] = json.loads(json.dumps(values))
    return same


def _token_digest(corpus: tuple[Path, ...]) -> str:
    """A digest of the tokens of the first paragraphs and of their suffix classes: it changes with what
    `mtscore` does to a text, not with how that is written."""
    digest = hashlib.sha256()
    for paragraph in islice(read_paragraphs(corpus), _PROBE_PARAGRAPHS):
        for sentence in segment(paragraph, [Span(0, len(paragraph))]):
            line = " ".join(f"{word} {suffix_class(word)}" for word in sentence.words)
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def _sentences(task: Build, report: Report, sentences: Path, lm_lines: Path) -> None:
    human = human_lines(task.human)
    with open(sentences, "w", encoding="utf-8", newline="\n") as out:
        counts, seen = write_sentences(read_paragraphs(task.corpus), human, out)
    seen.save(lm_lines)
    report(
        f"{counts.paragraphs:,} paragraphs, {counts.held_out:,} of them held out; "
        f"{counts.sentences:,} sentences; {len(seen):,} lines of other human documents are among them"
    )


def _counts(task: Build, path: Path) -> None:
    with open(task.work / SENTENCES, encoding="utf-8") as sentences:
        counts = count_words(sentences)
    path.write_text("".join(f"{word}\t{count}\n" for word, count in counts.items()), encoding="utf-8")


def read_counts(path: Path) -> Counter[str]:
    """The counts of a build, in the order of first occurrence (which decides ties)."""
    with open(path, encoding="utf-8") as lines:
        return Counter({word: int(count) for word, count in (line.split("\t") for line in lines)})


def _clusters(task: Build, path: Path) -> None:
    if task.classes_from:
        classes = lexicon_classes(task.classes_from)
    else:
        with open(task.work / SENTENCES, encoding="utf-8") as sentences:
            classes = word_classes(sentences, read_counts(task.work / COUNTS), task.classes)
    path.write_text("".join(f"{word}\t{number}\n" for word, number in classes.items()), encoding="utf-8")


def _lexicon(task: Build, path: Path) -> None:
    with open(task.work / CLUSTERS, encoding="utf-8") as lines:
        classes = {word: int(number) for word, number in (line.split("\t") for line in lines)}
    write_lexicon(path, read_counts(task.work / COUNTS), classes)


def _model(task: Build, name: str, path: Path) -> None:
    shop = Workshop(task.tools, task.work, task.memory)
    with open(task.work / SENTENCES, encoding="utf-8") as sentences:
        if name == "forward.bin":
            settings, lines = task.forward, iter(sentences)
        elif name == "backward.bin":
            settings, lines = task.backward, reversed_sentences(sentences)
        else:
            settings, lines = task.syntax, class_sentences(sentences, Lexicon(task.output / OUTPUTS[0]))
        known = settings.vocabulary and frequent_words(read_counts(task.work / COUNTS), settings.vocabulary)
        estimate(shop, settings, lines, known or (), path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.build_lm", description="Build language models and word table from raw text."
    )
    add = partial(parser.add_argument, type=Path, metavar="DIR")
    text = ".txt, .xz or .gz: UTF-8, one paragraph a line, cased, not tokenised"
    add("--corpus", nargs="+", required=True, metavar="FILE", help=text)
    human = "human documents (*.jsonl.xz with id and text) of which half must stay unknown to the models"
    add("--human", required=True, help=human)
    add("--output", required=True, help="folder for the models and the word table")
    add("--work", help="folder for intermediate files (default: OUTPUT-work)")
    add("--lmplz-dir", help="folder of lmplz and build_binary (default: the search path)")
    memory = "memory to sort n-grams in, such as 5G or 50%% (default: %(default)s)"
    add("--memory", type=str, default=DEFAULT_MEMORY, metavar="SIZE", help=memory)
    add("--classes-from", metavar="FILE", help="a lexicon.tsv.gz whose word classes are taken over")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: progress on stderr, the digests of the finished files on stdout."""
    given = _parser().parse_args(arguments)
    try:
        task = Build(
            corpus=tuple(given.corpus),
            human=given.human,
            output=given.output,
            work=given.work or given.output.with_name(given.output.name + "-work"),
            tools=find_tools(given.lmplz_dir),
            memory=given.memory,
            classes_from=given.classes_from,
        )
        build(task, partial(print, file=sys.stderr, flush=True))
    except MtscoreError as error:
        print(f"build_lm: {error}", file=sys.stderr)
        return 1
    for name in OUTPUTS:
        print(f"{file_digest(task.output / name)}  {task.output / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
