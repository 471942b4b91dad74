"""The table of senses: what is kept of dictionaries, what is read from it, and how a model folder takes a new one."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
from pathlib import Path

import pytest

from mtscore.errors import ModelError
from mtscore.records import Pivot
from mtscore.words.lexicon import Lexicon
from mtscore.words.pivots import Pivots
from mtscore.words.senses import Senses
from training.tables import senses
from training.tables.adopt import adopt

ENGLISH = ("rope", "dew", "bread", "pan", "lorry")
GERMAN = "Tau\trope\ta\ntau\tdew\ta\ntau\tlorry\tb\nBrot\tbread\ta\nTau und Tag\trope\ta\ntau\tzzz\ta\n"
SPANISH = "pan\tbread\ta\npan\tto pan\ta\nAna\trope\ta\nAna\tdew\ta\n"


@pytest.fixture
def table(tmp_path: Path) -> Senses:
    """The senses that two small dictionaries have."""
    (tmp_path / "dictionaries").mkdir()
    for language, lines in (("de", GERMAN), ("es", SPANISH)):
        (tmp_path / "dictionaries" / f"{language}.tsv.xz").write_bytes(lzma.compress(lines.encode()))
    lexicon = gzip.compress("".join(f"{word}\t100\tthe\n" for word in ENGLISH).encode())
    output = tmp_path / "senses.npz"
    senses.build(tmp_path / "dictionaries", Lexicon(lexicon), frozenset(ENGLISH), output)
    return Senses(Pivots(output.read_bytes()))


def test_words_that_share_a_foreign_word_are_found_with_it(table: Senses) -> None:
    assert table.shared("rope") == {"dew": (Pivot("de", "tau"),), "lorry": (Pivot("de", "tau"),)}


def test_foreign_words_of_one_meaning_and_names_are_left_out(table: Senses) -> None:
    assert set(table.shared("bread")) == {"pan"}
    assert Pivot("es", "ana") not in table.shared("rope")["dew"]


def test_an_english_word_may_be_a_foreign_one_that_was_left(table: Senses) -> None:
    assert table.left("pan") == {"bread": (Pivot("es", "pan"),)}
    assert table.left("rope") == {}


def test_those_on_which_more_dictionaries_agree_come_first(tmp_path: Path) -> None:
    words = [chr(ord("a") + number) * 3 for number in range(senses.MAX_LINKS + 3)]
    lines = [f"viel\t{word}\tone\n" for word in words] + [f"viel\t{words[-1]}\tother\n"]
    (tmp_path / "de.tsv.xz").write_bytes(lzma.compress("".join(lines).encode()))
    kept = senses.read_senses(tmp_path / "de.tsv.xz", {word: number for number, word in enumerate(words)})
    assert kept == {"viel": [*range(senses.MAX_LINKS - 1), len(words) - 1]}


def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A model folder with a table that its manifest does not know, and a reader's folder."""
    model, reader = tmp_path / "model", tmp_path / "reader"
    model.mkdir()
    reader.mkdir()
    (model / "classifier.bin").write_bytes(b"numbers")
    (model / "senses.npz").write_bytes(b"table")
    digest = hashlib.sha256(b"numbers").hexdigest()
    (model / "manifest.json").write_text(
        json.dumps({"files": {"classifier.bin": {"sha256": digest, "bytes": 7}}})
    )
    for name in ("close_classifier.safetensors", "sense_features.safetensors"):
        (reader / name).write_bytes(b"close")
    (reader / "close.json").write_text(json.dumps({"model": "old", "garbled": 1.5}))
    (reader / "manifest.json").write_text(json.dumps({"digest": "weights", "files": {}}))
    return model, reader


def test_a_new_table_is_taken_over_and_nothing_else_changes(tmp_path: Path) -> None:
    model, reader = folders(tmp_path)
    adopt(model, reader)
    manifest = json.loads((model / "manifest.json").read_bytes())
    assert manifest["files"]["senses.npz"] == {"sha256": hashlib.sha256(b"table").hexdigest(), "bytes": 5}
    close = json.loads((reader / "close.json").read_bytes())
    assert close == {
        "model": hashlib.sha256((model / "manifest.json").read_bytes()).hexdigest(),
        "garbled": 1.5,
    }
    stated = json.loads((reader / "manifest.json").read_bytes())
    assert stated["digest"] == "weights"
    assert stated["files"]["close.json"] == hashlib.sha256((reader / "close.json").read_bytes()).hexdigest()


def test_a_file_that_scores_depend_on_must_be_as_it_was(tmp_path: Path) -> None:
    model, reader = folders(tmp_path)
    (model / "classifier.bin").write_bytes(b"others")
    with pytest.raises(ModelError, match="fit the classifiers anew"):
        adopt(model, reader)
    assert json.loads((reader / "close.json").read_bytes())["model"] == "old"
