"""What a translator turns words into: counted, and told apart by dictionaries."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from training.translations import pairs
from training.translations.likeness import likeness
from training.translations.pairs import Exchange, base_forms, count, exchanges, kind_of, shared


def record(original: str, text: str, chain: str = "en-pt-en") -> dict[str, Any]:
    return {
        "chain": chain,
        "original": original,
        "text": text,
        "sentences": [(0, len(original), 0, len(text))],
    }


@pytest.mark.parametrize(
    ("original", "text", "found"),
    [
        ("Her toes were cold.", "Her fingers were cold.", [("toes", "fingers", False)]),
        ("We parse the Cabinet now.", "We stop the closet now.", [("parse", "stop", 0), ("cabinet", "closet", 1)]),
        ("The cabinet in it fell.", "A closet of him fell.", [("cabinet", "closet", False)]),  # function words aside
        ("lots of people came", "many people came", []),  # a function word is no content word
        ("the technical writing skill", "the skill of writing", []),  # moved, not exchanged
        ("Santa came.", "Saint came.", [("santa", "saint", False)]),  # the first word's capital says nothing
        ("They didn’t post.", "They don't post.", []),  # a contraction is a function word, whatever its apostrophe
        ("the same", "The same", []),
    ],
)  # fmt: skip
def test_one_content_word_against_one_is_a_pair(
    original: str, text: str, found: list[tuple[str, str, bool]]
) -> None:
    assert list(exchanges(record(original, text))) == [Exchange(*pair) for pair in found]


def test_a_sentence_counts_once_and_other_chains_do_not_count() -> None:
    toes = record("Her toes hurt and toes itch.", "Her fingers hurt and fingers itch.")
    table = count([toes, toes, record("Her toes hurt.", "Her digits hurt.", "en-es-en")])
    assert table.pairs == {("toes", "fingers"): 2}
    assert table.words["toes"] == 2
    assert table.sentences == 1


DICTIONARIES = {
    "pt": {"toe": frozenset({"dedo"}), "finger": frozenset({"dedo"}), "big": frozenset({"grande"}),
           "large": frozenset({"grande"}), "zip": frozenset({"zíper"})},
    "de": {"toe": frozenset({"zehe"}), "finger": frozenset({"finger"}), "big": frozenset({"gross"}),
           "large": frozenset({"gross"})},
    "fr": {"toe": frozenset({"orteil"}), "finger": frozenset({"doigt"}), "big": frozenset({"grand", "gros"}),
           "large": frozenset({"grand"})},
    "nl": {"toe": frozenset({"teen"}), "finger": frozenset({"vinger"}), "big": frozenset({"groot"}),
           "large": frozenset({"groot"})},
    "ja": {"toe": frozenset({"つま先"}), "finger": frozenset({"指"}), "big": frozenset({"大きい"}),
           "large": frozenset({"大きい"})},
}  # fmt: skip


def test_synonyms_share_a_translation_in_most_languages_and_senses_in_one() -> None:
    assert shared(DICTIONARIES, base_forms("toes"), base_forms("fingers")) == (1, 5)
    assert shared(DICTIONARIES, base_forms("big"), base_forms("large")) == (5, 5)
    assert shared(DICTIONARIES, base_forms("zip"), base_forms("large")) == (0, 1)
    assert kind_of("toes", "fingers", 1, 5) == "sense"
    assert kind_of("big", "large", 5, 5) == "synonym"
    assert kind_of("zip", "large", 0, 1) == "unknown"


@pytest.mark.parametrize(
    ("original", "translated"),
    [("ran", "running"), ("cities", "city"), ("colour", "colours"), ("planned", "planning"), ("Tim's".lower(), "tim"),
     ("upgradable", "upgradeable"), ("dependency", "dependence")],
)  # fmt: skip
def test_forms_of_a_word_are_told_before_any_dictionary_is_asked(original: str, translated: str) -> None:
    assert kind_of(original, translated, 0, 30) == "form"


@pytest.mark.parametrize(("original", "translated"), [("post", "mast"), ("parse", "part"), ("shot", "shop")])
def test_words_that_only_begin_alike_are_no_forms(original: str, translated: str) -> None:
    assert kind_of(original, translated, 0, 30) == "sense"


def test_words_are_alike_when_the_same_words_stand_around_them() -> None:
    sentences = []
    for n in range(60):
        sentences += [f"the hot red{n % 5} soup in a bowl", f"the hot red{n % 5} broth in a bowl"]
        sentences += [f"my loud green{n % 5} engine on wheels", "a once"]
    alike = likeness(sentences, ["soup", "broth", "engine", "once", "absent"])
    assert (alike.of("soup", "broth") or 0) > 0.9
    assert (alike.of("soup", "engine") or 1) < 0.3
    assert alike.of("soup", "soup") == pytest.approx(1.0)
    assert alike.of("soup", "absent") is None


def test_likeness_moves_a_pair_either_way() -> None:
    assert kind_of("cabinet", "closet", 19, 29, 0.25) == "sense"
    assert kind_of("cabinet", "closet", 19, 29, None) == "synonym"
    assert kind_of("bug", "error", 3, 27, 0.7) == "synonym"


def test_the_table_is_written_with_counts_most_frequent_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [record(f"Her toes hurt {n}.", f"Her fingers hurt {n}.") for n in range(3)]
    records.append(record("A big dog.", "A large dog."))
    (tmp_path / "made.jsonl").write_text("\n\n".join(map(json.dumps, records)) + "\n", "utf-8")
    for language, words in DICTIONARIES.items():
        with lzma.open(tmp_path / f"{language}.tsv.xz", "wt", encoding="utf-8") as out:
            out.writelines(
                f"{foreign}\t{english}\tx\n" for english, found in words.items() for foreign in sorted(found)
            )
    output = tmp_path / "pairs.tsv"
    pairs.main([str(tmp_path / "made.jsonl"), "--pivots", str(tmp_path), "-o", str(output)])
    assert output.read_text("utf-8").splitlines() == [
        "original\ttranslated\tcount\toriginal_count\tnames\tkind\tcommon\tknown\tlikeness",
        "toes\tfingers\t3\t3\t0\tsense\t1\t5\t",
        "big\tlarge\t1\t1\t0\tsynonym\t5\t5\t",
    ]
    assert "4 sentences, 4 exchanges, 2 pairs" in capsys.readouterr().out
