"""Building the language models: what the models may not see they never see, and the same input gives the same
bytes. KenLM's programs are not needed: stand-ins copy what they are given, so that a "model" is its text."""

from __future__ import annotations

import gzip
import json
import lzma
import math
import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mtscore.errors import InputError
from mtscore.words.lexicon import Lexicon
from training import build_lm, word_classes
from training.build_lm import LM_LINES, OUTPUTS, SENTENCES
from training.corpus import MIN_KEY_CHARS, HumanLines, LineKeys, human_lines, read_paragraphs, write_sentences
from training.dataset import human_rows, is_held_out, line_key
from training.language_models import (
    FORWARD,
    ModelSettings,
    ToolError,
    Tools,
    Workshop,
    class_sentences,
    estimate,
    find_tools,
    reversed_sentences,
)
from training.word_classes import ClassSettings, count_words, lexicon_classes, write_lexicon

ROOT = Path(__file__).resolve().parents[2]

HELD_OUT = 'The lighthouse keeper said: "Fog has swallowed the harbour again," and went upstairs.'
HELD_OUT_AS_IN_CORPUS = (
    "The lighthouse keeper said : “Fog has swallowed the harbour again”, and went upstairs."
)
SHARED = "Both newsletters carried the same notice about the flooded cellar in Mill Lane."
KNOWN = "Our orchard gave eleven crates of quinces this autumn, and nobody could lift the last one."
UNKNOWN = "The choir rehearses on Thursdays in a gymnasium that smells of rubber and chalk."
SHORT = "Opening hours"
PROSE = (
    "A baker in the old town sells bread at night. The baker sells bread to drivers and to nurses.",
    "The drivers buy bread at night because the shops in the town are shut. The nurses buy it too.",
    "In 1987 the town had 12 bakers; it has one now. The baker of the old town is tired of bread.",
)

FAKE_LMPLZ = """#!/bin/sh
echo "lmplz $*"
while [ $# -gt 0 ]; do
  case $1 in --arpa) arpa=$2 ;; --limit_vocab_file) echo "vocabulary: $(cat "$2")" ;; esac
  shift
done
cat > "$arpa"
"""
FAKE_BUILD_BINARY = """#!/bin/sh
echo "build_binary $*"
for argument; do from=$to; to=$argument; done
cp "$from" "$to"
"""


def program(path: Path, script: str) -> str:
    """An executable script."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def fake_tools(folder: Path, lmplz: str = FAKE_LMPLZ, build_binary: str = FAKE_BUILD_BINARY) -> Tools:
    return Tools(program(folder / "lmplz", lmplz), program(folder / "build_binary", build_binary))


def an_id(*, held_out: bool, start: int) -> str:
    """The first document id from `start` on that is held out, or is not."""
    return next(f"doc{n}" for n in range(start, start + 100) if is_held_out(f"doc{n}") == held_out)


IDS = {
    "held out": an_id(held_out=True, start=0),
    "known": an_id(held_out=False, start=100),
    "unknown": an_id(held_out=False, start=200),
    "short": an_id(held_out=False, start=300),
}
TEXTS = {
    "held out": f"{SHORT}\n{HELD_OUT}\n{SHARED}",
    "known": f"{KNOWN}\n{SHARED}",
    "unknown": UNKNOWN,
    "short": f"{SHORT}\n{UNKNOWN}",
}
CORPUS = (*PROSE, HELD_OUT_AS_IN_CORPUS, SHARED, SHORT, KNOWN)


@pytest.fixture
def human(tmp_path: Path) -> Path:
    """A folder of human documents: of two, lines are in the corpus too."""
    folder = tmp_path / "human"
    folder.mkdir()
    for file, names in {"a": ("held out", "known"), "b": ("unknown", "short")}.items():
        records = [{"id": IDS[n], "text": TEXTS[n], "group": "original:rust_blog", "label": 0} for n in names]
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{file}.jsonl.xz").write_bytes(lzma.compress(lines.encode()))
    return folder


@pytest.fixture
def arguments(tmp_path: Path, human: Path) -> list[str]:
    """The whole command on a toy corpus with stand-ins for KenLM's programs."""
    fake_tools(tmp_path / "bin")
    (tmp_path / "corpus.txt").write_text("\n".join(CORPUS) + "\n", encoding="utf-8")
    options = {"corpus": "corpus.txt", "human": human.name, "output": "out", "lmplz-dir": "bin"}
    return [part for name, value in options.items() for part in (f"--{name}", str(tmp_path / value))]


def read_work(tmp_path: Path, name: str) -> str:
    return (tmp_path / "out-work" / name).read_text(encoding="utf-8")


# What the models may not see


def test_the_lines_of_a_held_out_document_reach_no_model(arguments: list[str], tmp_path: Path) -> None:
    assert build_lm.main(arguments) == 0
    forward = (tmp_path / "out" / "forward.bin").read_text(encoding="utf-8")
    backward = (tmp_path / "out" / "backward.bin").read_text(encoding="utf-8")
    assert "our orchard gave eleven crates of quinces" in forward
    assert "quinces of crates eleven gave orchard our" in backward
    for model in (forward, backward, read_work(tmp_path, SENTENCES), read_work(tmp_path, "counts.tsv")):
        assert not re.search("lighthouse|harbour|newsletters|cellar", model)
    assert "lighthouse" not in gzip.decompress((tmp_path / "out" / "lexicon.tsv.gz").read_bytes()).decode()


def test_documents_that_the_models_have_seen_are_no_negatives(
    arguments: list[str], tmp_path: Path, human: Path
) -> None:
    assert build_lm.main(arguments) == 0
    seen = LineKeys.load(tmp_path / "out-work" / LM_LINES)
    rows = list(human_rows(human, seen))
    assert {row.id.split("/")[1] for row in rows} == {IDS[name] for name in ("held out", "unknown", "short")}

    known = {line_key(sentence) for sentence in read_work(tmp_path, SENTENCES).splitlines()}
    lines = [line_key(line) for row in rows for line in row.text.split("\n")]
    assert not known & {line for line in lines if len(line) >= MIN_KEY_CHARS}


def test_the_list_of_seen_lines_holds_no_text(arguments: list[str], tmp_path: Path) -> None:
    assert build_lm.main(arguments) == 0
    lines = gzip.decompress((tmp_path / "out-work" / LM_LINES).read_bytes()).decode().splitlines()
    assert lines == [LineKeys.digest(line_key(KNOWN))]
    assert re.fullmatch("[0-9a-f]{16}", lines[0])


def test_short_lines_identify_no_document(human: Path, tmp_path: Path) -> None:
    found = human_lines(human)
    assert line_key(HELD_OUT_AS_IN_CORPUS) in found.held_out
    assert line_key(SHARED) in found.held_out
    assert line_key(KNOWN) in found.others
    assert line_key(SHORT) not in found.held_out
    assert line_key(SHORT) not in found.others


def test_line_keys_are_saved_sorted_and_read_back(tmp_path: Path) -> None:
    keys = LineKeys()
    for key in ("lone \ud800", *map(str, range(50)), "7"):
        keys.add(key)
    for name in ("first.gz", "second"):
        keys.save(tmp_path / name)
    assert (tmp_path / "first.gz").read_bytes() == (tmp_path / "second").read_bytes()
    digests = gzip.decompress((tmp_path / "second").read_bytes()).decode().splitlines()
    assert digests == sorted(digests)
    loaded = LineKeys.load(tmp_path / "first.gz")
    assert len(loaded) == len(digests) == 51
    assert "7" in loaded
    assert "lone \ud800" in loaded
    assert "51" not in loaded


def test_sentences_are_those_that_scoring_sees(tmp_path: Path) -> None:
    with open(tmp_path / "s", "w", encoding="utf-8") as out:
        text = "He paid 3.50 in 1999. “It’s -here,” she said; nobody else in the room had heard it.", ""
        counts, seen = write_sentences(text, HumanLines(LineKeys(), LineKeys()), out)
    assert (tmp_path / "s").read_text(encoding="utf-8").splitlines() == [
        "he paid <num> in <year> .",
        '" it s - here , " she said ; nobody else in the room had heard it .',
    ]
    assert (counts.paragraphs, counts.held_out, counts.sentences, len(seen)) == (2, 0, 2, 0)


# What cannot be read


def test_packed_and_plain_text_read_the_same(tmp_path: Path) -> None:
    data = "Käse\n\nand bread".encode()
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "a.txt.xz").write_bytes(lzma.compress(data))
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(data))
    files = [tmp_path / name for name in ("a.txt", "a.txt.xz", "a.txt.gz")]
    assert list(read_paragraphs(files)) == ["Käse", "", "and bread"] * 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"text"),
        ("a.txt", b"caf\xe9"),
        ("a.xz", b"not packed at all"),
        ("a.xz", lzma.compress(b"cut short" * 99)[:-20]),
        ("a.gz", gzip.compress(b"cut short" * 99, mtime=0)[:-10]),
        ("missing.txt", None),
    ],
)
def test_a_corpus_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=re.escape(name)):
        list(read_paragraphs([tmp_path / name]))


def test_a_folder_without_human_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no"):
        human_lines(tmp_path)


@pytest.mark.parametrize("line", ['{"id": "a"}', '{"text": "a"}', "[]", "{"])
def test_a_human_record_without_id_or_text_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.jsonl.xz").write_bytes(lzma.compress(line.encode()))
    with pytest.raises(InputError, match=r"bad.jsonl.xz.*id and text"):
        human_lines(tmp_path)


# Word classes and the word table


def test_neighbours_are_counted_on_both_sides_inside_sentences() -> None:
    """Worked by hand: in "a b a" a follows b once and b follows a once; in "b c" c follows b, which c is no
    context for. Nothing crosses from "a" to "b" between the sentences."""
    counts = word_classes.neighbour_counts(
        ["a b a\n", "b c\n"], ["a", "b", "c"], ClassSettings(3, 2, stride=1)
    )
    #       after a, after b, before a, before b
    assert counts.toarray().tolist() == [[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 0]]


def test_neighbours_are_counted_in_the_selected_sentences_only() -> None:
    settings = ClassSettings(2, 2, stride=2, tokens=5)
    sentences = [
        "a b\n",
        "b b\n",
        "a b\n",
        "b b\n",
        "a a\n",
    ]  # the third token of the second "a b" is the sixth
    counts = word_classes.neighbour_counts(sentences, ["a", "b"], settings)
    assert counts.toarray().tolist() == [[0, 0, 0, 2], [2, 0, 0, 0]]


def two_kinds_of_words() -> tuple[list[str], list[str], list[str]]:
    """Sentences like "the n3 can v5 the n1", with their nouns and verbs."""
    generator = random.Random(5)
    nouns, verbs = [f"noun{c}" for c in "abcdefgh"], [f"verb{c}" for c in "abcdefgh"]
    pick = generator.choice
    return [f"the {pick(nouns)} can {pick(verbs)} the {pick(nouns)} ." for _ in range(600)], nouns, verbs


def test_words_with_the_same_neighbours_share_a_class() -> None:
    sentences, nouns, verbs = two_kinds_of_words()
    settings = ClassSettings(words=19, contexts=19, dimensions=4, classes=5)
    classes = word_classes.word_classes(sentences, count_words(sentences), settings)
    assert classes == word_classes.word_classes(sentences, count_words(sentences), settings)
    assert len({classes[word] for word in nouns}) == 1
    assert len({classes[word] for word in verbs}) == 1
    assert classes[nouns[0]] != classes[verbs[0]]


def test_the_word_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    counts = Counter({"the": 50, "house": 20, ".": 20, "tower": 10, "walking": 4, "naïve": 3, "rare": 2})
    write_lexicon(tmp_path / "one.gz", counts, {"the": 1, "house": 3, "tower": 3})
    write_lexicon(tmp_path / "lexicon.tsv.gz", counts, {"tower": 3, "house": 3, "the": 1})
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "lexicon.tsv.gz").read_bytes()
    table = Lexicon(tmp_path / "one.gz")
    assert list(table.frequency) == ["the", "house", ".", "tower", "walking", "naïve"]
    assert table.log_frequency("house") == pytest.approx(math.log10(20 / 107))
    assert "rare" not in table
    symbols = {
        "the": "the",
        ".": ".",
        "house": "c3",
        "tower": "c3",
        "walking": "uing",
        "naïve": "ux",
        "rare": "u",
    }
    assert {word: table.syntax_class(word) for word in symbols} == symbols
    assert lexicon_classes(tmp_path / "one.gz") == {"house": 3, "tower": 3}
    assert list(class_sentences(["the tower .\n"], table)) == ["the c3 .\n"]


def test_something_else_than_a_word_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.gz").write_bytes(gzip.compress(b"word\t3\n", mtime=0))
    with pytest.raises(InputError, match=r"table.gz cannot be read as a word table"):
        lexicon_classes(tmp_path / "table.gz")


def test_function_words_are_words_that_scoring_can_meet() -> None:
    assert all(re.fullmatch("[a-z]+", word) for word in word_classes.FUNCTION_WORDS)
    assert {"the", "of", "don", "ll"} <= word_classes.FUNCTION_WORDS


# KenLM's programs


def test_missing_programs_are_reported_before_any_work(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin" / "lmplz").unlink()
    assert build_lm.main(arguments) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"build_lm: lmplz cannot be run from {tmp_path / 'bin'}")
    assert "training/get_lmplz.sh" in message
    assert not (tmp_path / "out").exists()


def test_programs_are_also_found_on_the_search_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(ToolError, match="lmplz and build_binary cannot be run from the search path"):
        find_tools()
    assert fake_tools(tmp_path / "bin") == find_tools()


def test_a_model_is_made_with_its_settings(tmp_path: Path) -> None:
    shop = Workshop(fake_tools(tmp_path / "bin"), tmp_path, "70M")
    settings = ModelSettings(3, (0, 1, 2), 8, 7, 20, vocabulary=2)
    estimate(shop, settings, ["a b\n", "c\n"], ["a", "b"], tmp_path / "m.bin")
    assert (tmp_path / "m.bin").read_text(encoding="utf-8") == "a b\nc\n"
    log = (tmp_path / "m.log").read_text(encoding="utf-8")
    assert "lmplz -o 3 --prune 0 1 2 --discount_fallback -S 70M" in log
    assert "vocabulary: a b\n" in log
    assert re.search(r"build_binary -q 8 -b 7 -a 20 -S 70M -T \S+ trie \S+ \S*m.bin\n", log)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "m.bin", "m.log"]


def test_the_backward_model_reads_from_the_end() -> None:
    assert list(reversed_sentences(["a b c .\n", "d\n"])) == [". c b a\n", "d\n"]


@pytest.mark.parametrize("script", ["#!/bin/sh\necho no space >&2\nexit 3\n", "#!/bin/sh\necho no space\n"])
def test_a_program_that_gives_up_says_why(tmp_path: Path, script: str) -> None:
    """Also when it ends well without having read its input to the end."""
    shop = Workshop(fake_tools(tmp_path / "bin", lmplz=script), tmp_path, "1G")
    with pytest.raises(ToolError, match=r"(?s)lmplz ended with status [03].*m.log.*no space"):
        estimate(shop, FORWARD, ("a b c\n" for _ in range(1_000_000)), ["a"], tmp_path / "m.bin")
    assert not (tmp_path / "m.bin").exists()


# The whole command


def test_an_interrupted_build_goes_on_where_it_stopped(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / "bin" / "build_binary", "#!/bin/sh\necho disk full\nexit 1\n")
    assert build_lm.main(arguments) == 1
    assert "disk full" in capsys.readouterr().err
    assert not (tmp_path / "out" / "forward.bin").exists()

    program(tmp_path / "bin" / "build_binary", FAKE_BUILD_BINARY)
    assert build_lm.main(arguments) == 0
    printed = capsys.readouterr()
    assert "sentences.txt" in printed.err.splitlines()[0]
    assert printed.err.count("there already") == 4
    assert [line.split("  ")[1] for line in printed.out.splitlines()] == [
        str(tmp_path / "out" / name) for name in OUTPUTS
    ]
    assert build_lm.main(arguments) == 0
    assert capsys.readouterr().err.count("there already") == 7


def test_a_work_folder_is_refused_for_another_corpus(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build_lm.main(arguments) == 0
    with open(tmp_path / "corpus.txt", "a", encoding="utf-8") as corpus:
        corpus.write("One more line.\n")
    capsys.readouterr()
    assert build_lm.main(arguments) == 1
    assert "was begun with another corpus" in capsys.readouterr().err


def test_a_work_folder_is_refused_when_the_tokenisation_has_changed(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build_lm.main(arguments) == 0
    monkeypatch.setattr(build_lm, "suffix_class", lambda word: word[-1:])
    assert build_lm.main(arguments) == 1
    assert "was begun with another tokenisation" in capsys.readouterr().err


def test_models_of_unknown_origin_are_not_taken_for_finished_stages(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "syntax.bin").write_bytes(b"of somebody else")
    assert build_lm.main(arguments) == 1
    assert "does not say what they were built from" in capsys.readouterr().err


def test_classes_can_be_taken_over_from_a_word_table(arguments: list[str], tmp_path: Path) -> None:
    write_lexicon(
        tmp_path / "table.gz", Counter({"bread": 9, "town": 8, "baker": 7}), {"bread": 7, "town": 7}
    )
    assert build_lm.main([*arguments, "--classes-from", str(tmp_path / "table.gz")]) == 0
    table = Lexicon(tmp_path / "out" / "lexicon.tsv.gz")
    assert [table.syntax_class(word) for word in ("bread", "town", "baker")] == ["c7", "c7", "uer"]
    assert "at night ." not in (tmp_path / "out" / "syntax.bin").read_text(encoding="utf-8")


def test_the_files_do_not_depend_on_the_hash_seed(arguments: list[str], tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        output = tmp_path / f"seed{seed}"
        subprocess.run(
            [sys.executable, "-m", "training.build_lm", *arguments, "--output", str(output)],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=120,
        )
        made.append([(output / name).read_bytes() for name in OUTPUTS])
        made[-1].append((tmp_path / f"seed{seed}-work" / LM_LINES).read_bytes())
    assert made[0] == made[1]


def test_a_document_with_a_sentence_that_the_models_read_is_known(tmp_path: Path) -> None:
    from training.dataset import Row
    from training.overlap import known_documents

    corpus = tmp_path / "sentences.txt"
    corpus.write_text("the old ferry left the harbour at noon today .\nhe slept .\n", encoding="utf-8")
    texts = {
        "same": "It rained. The old ferry left the harbour at noon today. Nobody saw it.",
        "other": "The old ferry left the harbour at night today. He slept.",
    }
    rows = [Row(name, text, 0, "g", "r", "s", name) for name, text in texts.items()]
    assert known_documents(rows, corpus) == {"same"}
