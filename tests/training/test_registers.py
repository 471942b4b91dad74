"""Rows of other registers: found, made and composed ones, and what they count."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.toy import write_data, write_translations
from training.dataset import Row, human_rows
from training.registers import composed, made
from training.registers.composed import COMPOSED, composed_rows
from training.registers.found import web_component, web_rows, wild_rows
from training.registers.made import MADE, Translation, made_rows, partly_garbled, read_translations
from training.registers.names import FOLDS, engines_of, fold_of_register, register_of_group
from training.registers.weights import Weights, chain_shares, weighed

TEXT = (
    "The ferry left at nine. It was late, as ever! Nobody minded; we had tea. The pier is old. Gulls cried."
)


def row(identity: str, label: int = 0, **others: object) -> Row:
    values = {
        "group": "forum:toy",
        "register": "forum",
        "source": "toy",
        "component": identity,
        "is_added": True,
    }
    return Row(identity, TEXT, label, **{**values, **others})  # type: ignore[arg-type]


TOY = Translation(
    id="en-pt-en/a",
    chain="en-pt-en",
    component="web:a",
    group="forum:toy",
    register="forum",
    language="en",
    text=" ".join(f"Sentence{n}"[-9:] for n in range(5)),
    original=TEXT,
    sentences=((0, 23, 0, 9), (24, 45, 10, 19), (46, 71, 20, 29), (72, 88, 30, 39), (89, 101, 40, 49)),
    label=1,
    is_known=False,
)


def test_found_translations_stand_beside_their_human_text_and_unclear_ones_nowhere(tmp_path: Path) -> None:
    rows = list(wild_rows(write_data(tmp_path) / "train" / "wild_mt.jsonl.xz"))
    roles = Counter((r.label, r.group.split(":")[0]) for r in rows)
    assert roles == {(1, "wild"): 4, (0, "fluent_docmtllm_qa_zh"): 4, (0, "wild_human"): 6}
    assert {r.register for r in rows if r.label} == {"forum"}
    sides = {r.component: r.text for r in rows if r.group.startswith("wild_human")}
    assert all(r.component in sides and r.text != sides[r.component] for r in rows if r.label)


def test_documents_that_sources_share_are_one_component(tmp_path: Path) -> None:
    assert web_component("pdf:pdf_theses", "1") == web_component("thesis:theses_b", "2")
    assert web_component("forum:se_beer", "1") != web_component("forum:se_beer", "2")
    rows = list(web_rows(write_data(tmp_path) / "train" / "human_web.jsonl.xz"))
    assert {r.register for r in rows} == {"forum", "blog", "thesis"}
    assert {r.component for r in rows if r.register == "thesis"} == {"web:theses"}


def test_an_original_is_a_negative_of_the_component_of_its_translation(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    web = {r.component for r in web_rows(data / "train" / "human_web.jsonl.xz")}
    rows = list(made_rows(read_translations(write_translations(tmp_path / "made"))))
    garbled = [r for r in rows if r.id.startswith("made/")]
    originals = {r.component: r for r in rows if r.label == 0}
    assert len(garbled) == 24
    assert all(r.component in web and originals[r.component].is_matched for r in garbled)
    assert {r.system for r in garbled} == {"en-pt-en", "en-es-en"}


def test_a_translated_document_of_the_genres_has_their_component(tmp_path: Path) -> None:
    human = next(iter(human_rows(write_data(tmp_path) / "train" / "human", ())))
    record = {"id": "x", "chain": "en-pt-en", "source_set": "human", "source_id": human.id, "group": human.group,
              "lang": "en", "text": "a", "original": "b", "sentences": []}  # fmt: skip
    (tmp_path / "en-pt-en.jsonl").write_text(json.dumps(record) + "\n\n" + '{"id": "half', encoding="utf-8")
    (found,) = read_translations(tmp_path)
    assert (found.component, found.register, found.label) == (human.component, human.register, None)


def test_unclear_and_known_ones_are_left_out_and_fluent_ones_are_negatives() -> None:
    rows = list(
        made_rows(
            [
                replace(TOY, id="en-pt-en/a", label=None),
                replace(TOY, id="en-pt-en/b", is_known=True),
                replace(TOY, id="en-pt-en/c", label=0),
            ]
        )
    )
    assert [(r.label, r.register, r.group) for r in rows] == [(0, "fluent_mt", "fluent_made")]


def test_a_chain_gives_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "NEURAL_LIMIT", 2)
    many = [replace(TOY, id=f"en-pt-en/{n}", component=f"web:{n}") for n in range(9)]
    first = [r.id for r in made_rows(many) if r.id.startswith("made/")]
    assert len(first) == 2
    assert made.chain_limit("en-es-pt-en") > made.chain_limit("en-es-en")
    assert first == [r.id for r in made_rows(many) if r.id.startswith("made/")]


def test_a_partly_garbled_document_has_a_stretch_of_the_translation() -> None:
    found = TOY
    text = partly_garbled(found)
    pieces = [text.count(found.text[s[2] : s[3]]) for s in found.sentences]
    kept = [text.count(found.original[s[0] : s[1]]) for s in found.sentences]
    assert [a + b for a, b in zip(pieces, kept, strict=True)] == [1] * 5
    assert 1 <= sum(pieces) <= 3
    assert "01" in "".join(map(str, [0, *pieces, 0]))  # one stretch
    assert "".join(map(str, [0, *pieces, 0])).count("01") == 1
    assert partly_garbled(replace(found, sentences=found.sentences[:4])) == ""


def test_forms_by_hand() -> None:
    generator = random.Random(1)
    assert composed.lower_case("The Ferry", generator) == "the ferry"
    assert composed.speech("No, we can't; (ever) “go”!\nOh.", generator) == "no we can't ever go oh"
    assert composed.as_list("Tea, milk and bread.", random.Random(5)).split("\n")[0].endswith("Tea")
    assert (
        composed.no_code("Call `run` or self.go() in main.py, then do_it.", generator)
        == "Call  or  in , then ."
    )
    assert composed.no_code("Nothing of it here.", generator) == ""
    lines = composed.contents(TEXT, generator).split("\n")
    assert len(lines) == 5
    assert lines[0].startswith("1.2 The Ferry")
    assert "1 The ferry left at nine." in composed.verses(TEXT, random.Random(0)).replace(":", " ")
    assert all("Ferry" in x or "ferry" not in x for x in composed.glossary(TEXT, generator).split("\n"))
    quoted = composed.foreign_quotations(" ".join([TEXT] * 9), generator, ["Il pleut ici."])
    assert quoted.count("Il pleut ici.") >= 3


def test_every_form_is_a_group_and_garbled_text_takes_those_that_keep_its_order() -> None:
    human = [replace(row(f"h{n}"), text=" ".join([TEXT] * 8) + " self.a b_c d() x.y") for n in range(3)]
    garbled = [replace(r, id=f"g{r.id}", label=1, source=MADE, system="en-pt-en") for r in human]
    rows = list(composed_rows([*human, *garbled], ["Il pleut ici."]))
    forms = Counter((r.group.removeprefix(f"{COMPOSED}:"), r.label) for r in rows)
    assert {form for form, label in forms if label == 0} == set(composed.REGISTERS)
    assert {form for form, label in forms if label == 1} == {*composed.KEEP_ORDER, "foreign_quotations"}
    assert {r.component for r in rows} == {r.component for r in human}
    assert not any(r.is_matched for r in rows)


def test_registers_count_the_same_however_many_documents_and_sources_they_have() -> None:
    sizes = {"forum:a": 40, "forum:b": 10, "manual:c": 7, "composed:list": 5}
    rows = [row(f"{group}{n}", group=group) for group, size in sizes.items() for n in range(size)]
    mass: Counter[str] = Counter()
    found = weighed(rows, Weights(web=100.0, composed=30.0))
    for group in sizes:
        total = sum(r.weight for r in found if r.group == group)
        mass[group if group.startswith(COMPOSED) else group.split(":")[0]] += total**0.7
    assert mass == pytest.approx({"forum": 100.0, "manual": 100.0, "composed:list": 30.0})


def test_no_chain_counts_more_than_its_share() -> None:
    many = [row(f"a{n}", 1, source=MADE, system="pt-en") for n in range(80)]
    few = [row(f"b{n}", 1, source=MADE, system="es-en") for n in range(20)]
    assert chain_shares([*many, *few], 0.4) == {"pt-en": 0.5, "es-en": 1.0}
    found = weighed([*many, *few, row("w", 1, source="wild")], Weights(made=0.2, chain=0.4, found=2.0))
    assert {(r.system, r.weight) for r in found} == {("pt-en", 0.1), ("es-en", 0.2), ("", 2.0)}
    assert weighed([replace(many[0], is_added=False)])[0].weight == 1.0


def test_names_of_registers_and_engines() -> None:
    assert register_of_group("original:rust_blog") == "blog"
    assert register_of_group("pdf:pdf_theses") == "thesis"
    assert register_of_group("manual:man_gimp") == "manual"
    assert engines_of("en-pt-en") == {"bergamot"}
    assert engines_of("en-es-en") == {"apertium"}
    assert engines_of("en-es-pt-en") == {"apertium", "bergamot"}
    names = [name for fold in FOLDS for name in fold]
    assert len(names) == len(set(names))
    assert fold_of_register("tweets") == fold_of_register("social") >= 0
    assert fold_of_register("wmt_news") == -1
    assert set(composed.REGISTERS) <= set(names)
