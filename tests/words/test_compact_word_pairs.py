"""What translators turn words into, on toy tables."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mtscore.errors import InputError, ModelError
from mtscore.words.resources import WORD_PAIRS_FILE, load_resources
from mtscore.words.word_pairs import Original, WordPairs
from training.tables import word_pairs

TABLE = """original\ttranslated\tcount\toriginal_count\tnames\tkind\tcommon\tknown
parse\tstop\t6\t8\t0\tsense\t1\t12
halt\tstop\t9\t10\t0\tsynonym\t9\t12
break\tstop\t2\t40\t0\tsense\t2\t12
trump\ttriumph\t3\t5\t3\tunknown\t0\t1
stops\tstop\t4\t9\t0\tform\t0\t0
ball\tballer\t4\t9\t0\tunknown\t0\t0
ladder\tstop-gap\t1\t9\t0\tsense\t0\t8
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_errors_stay_and_synonyms_forms_and_parts_do_not(table: Path) -> None:
    pairs = WordPairs(word_pairs.packed(word_pairs.read_pairs(table)), "toy")
    assert pairs.pairs("stop") == (Original("parse", 6, 8), Original("break", 2, 40))
    assert pairs.pairs("stop")[0].share == 0.75
    assert pairs.originals("triumph") == ("Trump",)
    assert pairs.originals("stop-gap") == ("ladder",)
    for word in ("baller", "sto", "stops", "", "zebra", "a"):
        assert pairs.originals(word) == ()


def test_the_rarest_pairs_go_when_room_is_short(table: Path) -> None:
    rows = word_pairs.read_pairs(table)
    full, two = (gzip.compress(word_pairs.compact(rows, least).encode(), 9, mtime=0) for least in (1, 2))
    assert len(two) < len(full)
    assert word_pairs.packed(rows, len(full)) == full
    assert word_pairs.packed(rows, len(full) - 1) == two
    with pytest.raises(InputError, match="no pair fits"):
        word_pairs.packed(rows, 10)


def test_the_same_table_gives_the_same_bytes(table: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        word_pairs.main([str(table), str(tmp_path / name)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_table_of_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.tsv").write_text("original\tcount\nparse\t1\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column kind, names"):
        word_pairs.read_pairs(tmp_path / "table.tsv")


def test_resources_have_pairs_where_the_folder_does(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv.gz").write_bytes(gzip.compress(b"the\t9\tthe\n", mtime=0))
    assert load_resources(tmp_path).word_pairs is None
    (tmp_path / WORD_PAIRS_FILE).write_bytes(gzip.compress(b"stop\tparse\t6\t8\n", mtime=0))
    found = load_resources(tmp_path).word_pairs
    assert found is not None
    assert found.originals("stop") == ("parse",)


@pytest.mark.parametrize(
    "data",
    [b"no gzip", gzip.compress(b"stop\tparse\tsix\t8\n", mtime=0), gzip.compress(b"stop\tparse\n", mtime=0)],
)
def test_a_damaged_table_says_so(data: bytes) -> None:
    with pytest.raises(ModelError, match="install it again"):
        WordPairs(data, WORD_PAIRS_FILE).pairs("stop")
