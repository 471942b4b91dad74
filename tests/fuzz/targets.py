"""What meets strangers' bytes, each part by itself: how its input is made, and what holds of what it makes of it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import making
from making import Random, chance

from mtscore.errors import InputError, ModelError, MtscoreError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.files.formats.csv import read_csv, read_tsv
from mtscore.files.formats.encoding import decode
from mtscore.files.formats.jsonl import read_jsonl
from mtscore.files.formats.mail import read_mail, read_mhtml
from mtscore.files.formats.parquet import read_parquet
from mtscore.files.formats.record import Options, Record, RecordReader, Stream
from mtscore.files.formats.sniffing import Peekable, compression_of, format_of
from mtscore.files.formats.warc import read_warc
from mtscore.records import Document
from mtscore.text.article import read_article
from mtscore.text.cleaning import clean
from mtscore.text.declared import declared_translation
from mtscore.text.html import read_html
from mtscore.text.surrogates import without_surrogates

OPTIONS = Options("text", MAX_BYTES, is_whole=True)

BLANK = b" \t\r\n\f\v\xef\xbb\xbf"

KNOWN = frozenset("composed bridge bridges two hour old town interdiffusing the government".split())
"""The words that halves are joined to."""


@dataclass(frozen=True)
class Target:
    """Makes an input, and checks it: `check` raises if something does not hold."""

    make: Callable[[Random], Any]
    check: Callable[[Any], None]
    share: int
    """How many of a thousand inputs are for it."""


def say_in_one_line(error: Exception) -> None:
    """What an error says is a sentence."""
    assert len(str(error).splitlines()) == 1


# Text


def check_page(page: str) -> None:
    found = read_html(page)
    assert found == found.strip()
    assert found.isprintable() or not {"\0", "\x1b"} & set(found)
    found.encode()
    assert len(found) <= 4 * len(page) + 1
    declared = declared_translation(page, is_html=True)
    assert declared is None or "\n" not in declared


def check_view(text: str) -> None:
    view = clean(text, KNOWN)
    if view.starts is None or view.ends is None:
        assert view.text == view.given == text
        return
    starts, ends = view.starts, view.ends
    assert len(starts) == len(ends) == len(view.text)
    if not len(starts):
        return
    assert starts[0] >= 0
    assert ends[-1] <= len(text)
    assert (starts < ends).all()
    assert (starts[1:] >= starts[:-1]).all()
    assert (ends[1:] >= ends[:-1]).all()
    for letter, start, end in zip(view.text[:3000], starts.tolist(), ends.tolist(), strict=False):
        if end == start + 1 and text[start].isascii() and text[start].isalnum():
            assert letter == text[start]


def check_article(text: str) -> None:
    article = read_article(text, KNOWN)
    for text_of, spans in ((article.text, article.body.spans), (text, article.given_body)):
        assert all(0 <= span.start < span.end <= len(text_of) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= found.start < found.end <= len(text) for found in article.given_foreign)
    for sentence in article.given_sentences:
        assert sentence.words
        assert all(low < high for low, high in zip(sentence.starts, sentence.ends, strict=True))
        assert list(sentence.starts) == sorted(sentence.starts)
        assert sentence.ends[-1] <= len(text)


# Bytes


def make_bytes(rng: Random) -> tuple[bytes, str | None, bool]:
    given = making.page(rng) if chance(rng, 2) else making.text(rng)
    charset = rng.choice(making.CHARSETS)
    if chance(rng, 3):
        given = f"<meta charset={charset}>" + given
    return making.bent(rng, making.encoded(rng, given)), rng.choice((None, charset)), chance(rng, 2)


def check_decoding(given: tuple[bytes, str | None, bool]) -> None:
    data, declared, is_page = given
    text, detail = decode(data, declared, is_page=is_page)
    assert detail is None or ("\n" not in detail and len(detail) < 300)
    assert text is not None or detail
    if text is not None:
        assert "\0" not in text or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
        with contextlib.suppress(UnicodeDecodeError):
            assert text == data.decode("utf-8-sig") or data.startswith((b"\xff\xfe", b"\0\0\xfe\xff"))


def check_sniffing(data: bytes) -> None:
    peekable = Peekable(cast("Stream", io.BytesIO(data)))
    assert compression_of(peekable) in ("", ".gz", ".zst")
    assert format_of(peekable) in (".txt", ".html", ".jsonl", ".warc", ".pdf", ".docx", ".parquet")
    pieces, size = [], 1
    while piece := (peekable.readline(size) if size % 2 else peekable.read(size)):
        pieces.append(piece)
        size = size * 3 % 4099
    assert b"".join(pieces) == data


def make_anything(rng: Random) -> bytes:
    makers: tuple[Callable[[Random], bytes], ...] = (
        lambda rng: making.encoded(rng, making.text(rng)), lambda rng: making.encoded(rng, making.page(rng)),
        lambda rng: making.objects(rng, "id", "text"), lambda rng: making.table(rng, "id", "text"),
        making.message, making.archive, lambda rng: rng.randbytes(rng.randrange(60)),
    )  # fmt: skip
    return making.bent(rng, rng.choice(makers)(rng))


# Documents


def check_documents(read: Callable[..., Iterator[Document]], data: bytes) -> None:
    stream = io.BufferedReader(cast("io.RawIOBase", io.BytesIO(data)))
    documents = list(read(cast("Stream", stream), "name", OPTIONS))
    assert documents
    check_each(documents)


def check_each(documents: list[Document]) -> None:
    for document in documents:
        assert isinstance(document.id, str)
        assert document.text is None or len(document.text) <= MAX_BYTES
        assert document.detail is None or len(document.detail.splitlines()) == 1
        assert document.text is not None or document.detail


def check_mail(data: bytes) -> None:
    check_documents(read_mail, data)
    check_documents(read_mhtml, data)


def check_archive(data: bytes) -> None:
    check_documents(read_warc, data)


# Records


def check_records(read: RecordReader, data: bytes) -> None:
    """What stands between records, and is part of none, is white space; of one that is too long only the beginning is
    handed on."""
    records: list[Record] = []
    is_whole = True
    try:
        for record in read(cast("Stream", io.BytesIO(data)), "name", OPTIONS):
            records.append(record)  # noqa: PERF402  # those before an error count
    except InputError as error:
        say_in_one_line(error)
        is_whole = False
    place, is_cut = 0, False
    for record in records:
        assert (record.text is None) == (record.problem is not None or not record.number)
        found = data.find(record.raw, place)
        assert found >= 0
        assert is_cut or not data[place:found].strip(BLANK)
        place, is_cut = found + len(record.raw), "is longer than" in (record.problem or "")
    assert is_cut or not is_whole or not data[place:].strip(BLANK)


def check_lines(data: bytes) -> None:
    check_records(read_jsonl, data)


def check_tables(data: bytes) -> None:
    check_records(read_csv, data)
    check_records(read_tsv, data)


def check_parquet(data: bytes) -> None:
    """Whole rows, of which no list is larger than is allowed, or one line that says what is wrong."""
    stream = cast("Stream", io.BytesIO(data))
    try:
        for record in read_parquet(stream, "name", OPTIONS):
            assert record.batch is not None
            assert (record.text is None) == (record.problem is not None or not record.number)
    except InputError as error:
        say_in_one_line(error)


# Files


def make_file(rng: Random) -> tuple[str, bytes]:
    suffixes = (
        ".txt",
        ".html",
        ".jsonl",
        ".csv",
        ".tsv",
        ".eml",
        ".mhtml",
        ".warc",
        ".wet",
        ".parquet",
        ".md",
        "",
    )
    data, packing = make_anything(rng), rng.choice(("", ".gz", ".zst"))
    if packing:
        data = making.bent(rng, making.packed(rng, data, packing))
    return "a" + rng.choice(suffixes) + packing, data


def check_file(file: tuple[str, bytes]) -> None:
    path = scratch() / file[0]
    path.write_bytes(file[1])
    try:
        documents = list(read_documents([str(path)]))
    finally:
        path.unlink()
    assert documents
    check_each(documents)


def make_labels(rng: Random) -> tuple[str, bytes]:
    names = ("id", "text", "path", "label", "group", "document", "quality", "weight")
    if chance(rng, 2):
        lines = []
        for _ in range(rng.randrange(6)):
            record: dict[str, Any] = {
                "text": making.text(rng, 4),
                "label": rng.choice(("garbled", 0, 1, "clean", "x")),
            }
            record |= {name: making.value(rng) for name in names if chance(rng, 6)}
            lines.append(making.dumped(rng, record) + b"\n")
        return "labels.jsonl", b"".join(lines)
    return "labels.csv", making.table(rng, *rng.sample(names, 5))


def check_labels(file: tuple[str, bytes]) -> None:
    from mtscore.learning.labels import doubts, read_labels

    path = scratch() / file[0]
    path.write_bytes(file[1])
    with contextlib.suppress(InputError):
        found = read_labels([str(path)])
        assert all(text.label in (0, 1) and text.text.strip() and text.weight > 0 for text in found.texts)
        assert all("\n" not in problem.where for problem in found.problems)
        assert sum(found.counts.values()) >= len(found.problems)
        doubts(found.texts)


# The state of a run


def make_state(rng: Random) -> bytes:
    numbers = [rng.randrange(4) for _ in range(4)]
    counts = dict(zip(("kept", "rejected", "cannot_tell", "malformed"), numbers, strict=True))
    marks = {name: rng.choice((0, 1, 7, 40, 10**6)) for name in ("output", "rejected", "undecided", "aside")}
    state: Any = {
        "run": "the run", "counts": {"read": sum(numbers), **counts}, "marks": marks,
        "is_finished": chance(rng, 4),
    }  # fmt: skip
    if chance(rng, 2):
        state = making.changed(rng, state)
    return making.dumped(rng, state)


def check_state(data: bytes) -> None:
    """A run that is taken up from a state that somebody edited loses no record, or says that it cannot go on."""
    from test_fuzz_files import ToyScorer

    from mtscore.files.filtering import FilterSettings, filter_records
    from mtscore.files.filtering.checks import plan
    from mtscore.files.filtering.journal import Journal

    folder = scratch()
    source, kept = folder / "in.jsonl", folder / "kept.jsonl"
    source.write_bytes(b"".join(b'{"text": "%s"}\n' % (b"x" * size) for size in range(7)))
    settings = FilterSettings((str(source),), str(kept), str(folder / "out.jsonl"), is_resumed=True)
    run = Journal(settings, plan(settings), {})._run
    state = folder / "kept.jsonl.state.json"
    state.write_bytes(data.replace(b'"the run"', json.dumps(run).encode(), 1))
    (folder / "kept.jsonl.part").write_bytes(b'{"text": ""}\n' * 2)
    (folder / "out.jsonl.part").write_bytes(b'{"text": "x"}\n')
    try:
        counts = filter_records(settings, ToyScorer(), io.BytesIO())
        assert counts.read == counts.kept + counts.rejected + counts.undecided
    except MtscoreError as error:
        say_in_one_line(error)
    finally:
        for path in folder.glob("*jsonl*"):
            path.unlink()


# Model folders


def make_model(rng: Random) -> tuple[str, Any]:
    """The name of a file of a model folder, and its bytes; of the manifest, what is to be changed in it."""
    files = _model()
    name = rng.choice(sorted(files))
    if name == "manifest.json":
        manifest = json.loads(files[name])
        for _ in range(rng.choice((1, 1, 2))):
            manifest = making.changed(rng, manifest)
        return name, making.dumped(rng, manifest)
    data = files[name]
    if name.endswith(".gz") and chance(rng, 2):
        return name, gzip.compress(making.bent(rng, gzip.decompress(data)), 1)
    return name, making.bent(rng, data)


@cache
def _model() -> dict[str, bytes]:
    from conftest import write_bundle

    folder = scratch() / "model"
    folder.mkdir()
    write_bundle(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def check_model(change: tuple[str, Any]) -> None:
    from model_folders import restate

    from mtscore import Scorer

    files, folder = _model(), scratch() / "model"
    name, data = change
    (folder / name).write_bytes(data)
    if name != "manifest.json":
        restate(folder)
    try:
        verdict = Scorer.load(folder).score("The cat sat and the blorf said it in Lisbom. " * 6)
        assert verdict.score is None or 0.0 <= verdict.score <= 1.0
    except ModelError as error:
        say_in_one_line(error)
    finally:
        (folder / name).write_bytes(files[name])
        (folder / "manifest.json").write_bytes(files["manifest.json"])


@cache
def scratch() -> Path:
    """A folder of this process, which goes with it."""
    folder = tempfile.TemporaryDirectory()
    _FOLDERS.append(folder)
    return Path(folder.name)


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []

TARGETS: dict[str, Target] = {
    "pages to text": Target(making.page, check_page, 200),
    "characters, entities, mojibake, hyphens": Target(making.text, check_view, 200),
    "bodies, languages, sentences": Target(
        lambda rng: without_surrogates(making.text(rng)), check_article, 30
    ),
    "encodings": Target(make_bytes, check_decoding, 80),
    "sniffing": Target(make_anything, check_sniffing, 100),
    "messages and saved pages": Target(making.message, check_mail, 100),
    "web archives": Target(making.archive, check_archive, 80),
    "JSON lines": Target(lambda rng: making.objects(rng, "id", "text", "x"), check_lines, 80),
    "tables": Target(lambda rng: making.table(rng, "id", "text", "x"), check_tables, 60),
    "Parquet": Target(making.parquet, check_parquet, 20),
    "files of any name, packed": Target(make_file, check_file, 20),
    "label files": Target(make_labels, check_labels, 20),
    "states of runs": Target(make_state, check_state, 6),
    "model folders": Target(make_model, check_model, 4),
}
"""By the name of what is tried."""
