"""Renderings: exact for programs, readable for people, and safe whatever the text says."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import pytest

from mtscore.records import Evidence, EvidenceKind, ForeignSpan, Pivot, SentenceSuspicion, Span, Verdict
from mtscore.render.article import write_article
from mtscore.render.html.charts import heat_strip
from mtscore.render.html.views import article_lines
from mtscore.render.jsonl import to_json, verdict_to_dict
from mtscore.render.manifest import describe_manifest
from mtscore.render.suspicion import AS_A_WHOLE, shades_of, worst_sentences
from mtscore.render.table import write_table
from mtscore.render.terminal import clip, sanitize
from mtscore.render.wording import counted, language_name, percent, shown_score

TEXT = """Home
Contact

The minister threw the question up whether the governation of the harbour pays.
He stood to word.

Share this
"""
HOSTILE = "\x1b[2J\x9b31m\u202egpj\u2066 \ud800 \x00\x07 [bold red]bold[/] \u2028\r\nend"
"""Terminal escapes of 7 and 8 bits, bidirectional controls, a lone surrogate, markup and line breaks."""
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def finding(
    words: str, kind: EvidenceKind, weight: float = 1.0, text: str = TEXT, **more: object
) -> Evidence:
    start = text.index(words)
    found = Evidence(start, start + len(words), words, kind, weight, Span(0, len(text)))
    return replace(found, **more)  # type: ignore[arg-type]


VERDICT = Verdict(
    id="harbour.txt",
    status="scored",
    score=0.97349999,
    label="garbled",
    quality=31.4,
    signals={"fluency": {"mean_log10_prob": -3.14159265, "count": 3}, "surface": {"rate": 0.0}},
    evidence=(
        finding("governation", "invented_word", 6.25, intended=("government", "governance")),
        finding(
            "threw the question up",
            "wrong_sense",
            3.0,
            intended=("raised",),
            pivot=Pivot("de", "aufgeworfen"),
        ),
        finding("stood to word", "broken_order", 2.0),
    ),
    languages={"en": 0.95, "de": 0.05},
    foreign=(ForeignSpan(3, 9, "de", is_quoted=True),),
    source_languages={"de": 0.7, "nl": 0.002},
    words=17,
    body=(Span(TEXT.index("The"), TEXT.index("Share")),),
    signature={"version": "0.1", "features": 1},
)
UNREADABLE = Verdict("b.txt", "cannot_tell", "unreadable", "not UTF-8 at byte offset 6")
TOO_SHORT = Verdict("c.txt", "cannot_tell", "too_short", words=3)


def article(verdict: Verdict = VERDICT, text: str | None = TEXT, stream: io.StringIO | None = None) -> str:
    out = stream or io.StringIO()
    write_article(verdict, text, out)
    return out.getvalue()


def table(*verdicts: Verdict, stream: io.StringIO | None = None) -> str:
    out = stream or io.StringIO()
    write_table(verdicts, out)
    return out.getvalue()


# JSON lines


def test_the_fields_are_the_documented_ones_in_their_order() -> None:
    parsed = json.loads(to_json(VERDICT))
    assert " ".join(parsed) == (
        "id status reason detail score label quality signals evidence languages source_languages words body "
        "signature sentences"
    )
    assert " ".join(parsed["evidence"][0]) == "start end text kind weight intended pivot sibling sentence"
    assert parsed == verdict_to_dict(VERDICT)


def test_a_verdict_as_json() -> None:
    parsed = verdict_to_dict(VERDICT)
    start = TEXT.index("threw")
    assert parsed["evidence"][1] == {
        "start": start,
        "end": start + 21,
        "text": "threw the question up",
        "kind": "wrong_sense",
        "weight": 3.0,
        "intended": ["raised"],
        "pivot": {"language": "de", "word": "aufgeworfen"},
        "sibling": None,
        "sentence": [0, len(TEXT)],
    }
    assert parsed["evidence"][2]["pivot"] is None
    assert parsed["languages"] == {
        "shares": {"en": 0.95, "de": 0.05},
        "spans": [{"start": 3, "end": 9, "language": "de", "is_quoted": True}],
    }
    assert parsed["body"] == [[TEXT.index("The"), TEXT.index("Share")]]


def test_numbers_have_six_digits_and_are_always_json() -> None:
    parsed = verdict_to_dict(VERDICT)
    assert parsed["score"] == 0.9735
    assert parsed["signals"] == {
        "fluency": {"mean_log10_prob": -3.14159, "count": 3},
        "surface": {"rate": 0.0},
    }
    odd = replace(VERDICT, signals={"a": {"x": math.nan, "y": math.inf, "z": 123456789.0}})
    assert json.loads(to_json(odd))["signals"] == {"a": {"x": None, "y": None, "z": 123457000.0}}


def test_what_cannot_be_judged_has_nulls() -> None:
    parsed = json.loads(to_json(UNREADABLE))
    assert (parsed["status"], parsed["reason"], parsed["detail"]) == (
        "cannot_tell",
        "unreadable",
        UNREADABLE.detail,
    )
    assert parsed["score"] is parsed["label"] is parsed["quality"] is None


def test_any_text_is_one_line_that_can_be_encoded_and_read_back() -> None:
    every = "".join(map(chr, [*range(0x300), *range(0x2000, 0x2070), 0xDFFF, 0xD800, 0xFEFF, 0x1F600]))
    line = to_json(replace(VERDICT, id=every, detail=HOSTILE))
    assert len(line.splitlines()) == 1
    parsed = json.loads(line.encode("utf-8"))
    assert (parsed["id"], parsed["detail"]) == (every, HOSTILE)
    assert "\u1e00" in to_json(replace(VERDICT, id="\u1e00"))


# Safety


def test_sanitize_leaves_ordinary_text_alone() -> None:
    text = "Žižek’s “naïve” café — 漢字 한글 ไทย नमस्ते العربية 👩‍👧 it's 5 °C…"
    assert sanitize(text) == text


def test_sanitize_leaves_nothing_that_acts() -> None:
    for code in [*range(0x20), *range(0x7F, 0xA0), *map(ord, BIDI), 0xD800, 0xE0001]:
        shown = sanitize(f"a{chr(code)}b")
        assert shown == "a b" or (shown.isascii() and shown.isprintable()), hex(code)
    assert sanitize("\x1b[31m") == "\\x1b[31m"
    assert sanitize("co\u00adop\u200berate\ufeff") == "cooperate"


def test_clip_cuts_by_columns() -> None:
    assert clip("bread", 5) == "bread"
    assert clip("breads", 5) == "br..."
    assert clip("漢字漢字", 6) == "漢..."
    assert len(clip("\x1b" * 10_000, 20)) <= 20


@pytest.mark.parametrize("stream_type", [io.StringIO, Terminal])
def test_hostile_texts_reach_no_terminal(
    stream_type: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    text = f"{HOSTILE} and more of it"
    span = Span(0, len(text))
    bad = replace(
        VERDICT,
        id=HOSTILE,
        evidence=(
            Evidence(0, len(HOSTILE), HOSTILE, "sibling", 1.0, span, (HOSTILE,), Pivot(HOSTILE, HOSTILE)),
        ),
        languages={HOSTILE: 1.0},
        source_languages={HOSTILE: 1.0},
        body=(span,),
    )
    reason = replace(UNREADABLE, id=HOSTILE, detail=HOSTILE)
    outputs = [
        article(bad, text, stream_type()),
        article(reason, None, stream_type()),
        table(bad, reason, stream=stream_type()),
    ]
    for shown in outputs:
        shown.encode("utf-8")
        assert not set(shown) & set("\x00\x07\x9b\r\u2028" + BIDI)
        assert "\x1b[2J" not in shown
        assert "[bold red]bold[/]" in shown.replace("\n", " ")
    if stream_type is io.StringIO:
        assert "\x1b" not in "".join(outputs)


def test_a_manifest_is_sanitised_too() -> None:
    shown = describe_manifest(
        {"format": 1, "name": HOSTILE, "thresholds": {"garbled": 0.5}, "features": ["x"] * 99}
    )
    assert shown.startswith("format: 1\nname: \\x1b[2J")
    assert shown.endswith("thresholds:\n  garbled: 0.5\nfeatures: 99 items\n")


# The table


def test_a_piped_table_is_aligned_plain_text() -> None:
    shown = table(replace(VERDICT, evidence=VERDICT.evidence[:2]), UNREADABLE, TOO_SHORT)
    assert shown == (
        "score  label        quality  words  findings  document     strongest findings\n"
        " 0.97  garbled           31     17         2  harbour.txt  governation, threw the question up\n"
        "    -  cannot tell        -      -         -  b.txt        unreadable: not UTF-8 at byte offset 6\n"
        "    -  cannot tell        -      3         -  c.txt        too short\n"
        "\n"
        "3 documents: 1 garbled, 2 cannot tell\n"
    )


def test_a_piped_table_never_cuts_an_id() -> None:
    id = "folder/" * 60 + "a.txt"
    assert id in table(replace(VERDICT, id=id))


def test_a_table_on_a_terminal_fits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = table(replace(VERDICT, id="folder/" * 20), UNREADABLE, stream=Terminal())
    assert "\x1b[1;31m" in shown
    assert max(len(line) for line in shown.splitlines() if "\x1b" not in line) <= 80


def test_a_long_finding_is_cut_in_the_table() -> None:
    passage = finding(TEXT, "foreign_passage")
    assert "Home Contact The mini..." in table(replace(VERDICT, evidence=(passage,)))


def test_no_documents_at_all() -> None:
    assert table().endswith("\n0 documents\n")


@pytest.mark.parametrize(
    ("score", "shown"),
    [(0.4999, "0.49"), (0.29, "0.29"), (0.5, "0.50"), (0.9999, "0.99"), (0.0, "0.00"), (1.0, "1.00")],
)
def test_a_shown_score_never_crosses_a_threshold(score: float, shown: str) -> None:
    assert shown_score(score) == shown


def test_wording() -> None:
    assert [counted(1, "word"), counted(2, "word"), counted(1204, "word")] == [
        "1 word",
        "2 words",
        "1,204 words",
    ]
    assert [percent(0.004), percent(0.5), percent(0.0)] == ["< 1 %", "50 %", "0 %"]
    assert [language_name(code) for code in ("de", "zh-cn", "xx")] == ["German", "Chinese", "xx"]


# The article


def test_a_piped_article_is_complete_without_colour() -> None:
    assert article() == (
        "GARBLED 0.97 · quality 31 · 3 findings in 17 words · probable source: German\n"
        "harbour.txt\n"
        "language: English 95 %, German 5 %\n"
        "probably translated from: German 70 %\n"
        "findings: 1 broken order, 1 invented word, 1 wrong sense\n"
        "\n"
        "~ Home\n"
        "~ Contact\n"
        "\n"
        "The minister [[threw the question up]][1] whether the [[governation]][2] of the\n"
        "harbour pays.\n"
        "\n"
        "He [[stood to word]][3].\n"
        "\n"
        "~ Share this\n"
        "\n"
        "Notes\n"
        "[1] threw the question up: wrong sense; probably meant: raised; from German\n"
        "    aufgeworfen (strength 3.0)\n"
        "[2] governation: invented word; probably meant: government, governance (strength\n"
        "    6.2)\n"
        "[3] stood to word: broken order (strength 2.0)\n"
    )


def test_the_article_wraps_at_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for width, limit in {"40": 40, "500": 100}.items():
        monkeypatch.setenv("COLUMNS", width)
        text = "bread and cheese " * 100
        lines = article(replace(VERDICT, evidence=(), body=()), text).splitlines()
        assert limit - 10 < max(map(len, lines)) <= limit


def test_colour_marks_findings_and_dims_furniture() -> None:
    shown = article(stream=Terminal())
    assert "\x1b[1;31mgovernation\x1b[0m\x1b[2m[2]\x1b[0m" in shown
    assert "\x1b[2mHome\x1b[0m" in shown
    assert "[[" not in shown
    assert "~" not in shown


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused_on_a_terminal(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    shown = article(stream=Terminal())
    assert "\x1b" not in shown
    assert "[[governation]][2]" in shown


def test_colour_can_be_asked_for_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mgovernation" in article()


def test_overlapping_findings_share_a_mark() -> None:
    evidence = (
        finding("the question up", "broken_order", 1.0),
        finding("threw the question", "wrong_sense", 2.0),
        finding("question", "untranslated", 9.0),
    )
    assert "[[threw the question up]][1][2][3] whether" in article(replace(VERDICT, evidence=evidence))
    styled = article(replace(VERDICT, evidence=evidence), stream=Terminal())
    assert "\x1b[1;36mthrew the question up" in styled


def test_a_finding_over_several_lines_has_its_number_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    words = TEXT[TEXT.index("harbour") : TEXT.index(" to word")]
    shown = article(replace(VERDICT, evidence=(finding(words, "foreign_passage"),)))
    assert "[[harbour pays.]]\n" in shown
    assert "[[He stood]][1] to word." in shown


def test_text_that_is_furniture_in_part_stays_one_line() -> None:
    start = TEXT.index("minister")
    shown = article(replace(VERDICT, evidence=(), body=(Span(start, start + 8),)))
    assert "\nThe minister threw" in shown
    assert "~ He stood to word." in shown


def test_a_verdict_without_findings_has_no_notes() -> None:
    shown = article(replace(VERDICT, label="clean", score=0.02, evidence=(), source_languages={}))
    assert shown.startswith("CLEAN 0.02 · quality 31 · no findings in 17 words\n")
    assert "Notes" not in shown
    assert "translated from" not in shown


def test_what_cannot_be_judged_says_why() -> None:
    assert article(UNREADABLE, None) == "CANNOT TELL · unreadable: not UTF-8 at byte offset 6\nb.txt\n"
    assert article(TOO_SHORT, "Bread.") == "CANNOT TELL · too short\nc.txt\n\nBread.\n"


def test_five_megabytes_in_one_line_are_shown() -> None:
    text = "bread and cheese " * 300_000
    shown = article(replace(VERDICT, evidence=(finding("cheese", "repetition", text=text),), body=()), text)
    assert shown.count("bread") == 300_000
    assert "[[cheese]][1]" in shown


SUSPECT = Verdict(
    "s",
    "scored",
    score=0.9,
    label="garbled",
    words=20,
    evidence=(Evidence(4, 9, "hired", "wrong_sense", 3.0, Span(0, 20), ("ceased", "halted")),),
    body=(Span(0, 52),),
    sentences=(
        SentenceSuspicion(0, 20, 0.9),
        SentenceSuspicion(21, 36, 0.2),
        SentenceSuspicion(37, 52, 0.6),
    ),
)
SENTENCES = "The hired was a war. It rained here. Life came there."


def test_the_worst_sentences_are_told_with_what_is_wrong() -> None:
    assert [(w.suspicion, w.words, w.wrong) for w in worst_sentences(SUSPECT, SENTENCES)] == [
        ("0.90", "The hired was a war.", "“hired” (ceased or halted?)"),
        ("0.60", "Life came there", AS_A_WHOLE),
    ]
    assert [tuple(shade) for shade in shades_of(SUSPECT)] == [(0, 20, 3), (37, 52, 1)]
    clean = replace(SUSPECT, label="clean")
    assert worst_sentences(clean, SENTENCES) == []
    assert shades_of(clean) == []


def test_suspect_sentences_stand_in_the_article_and_shade_the_page() -> None:
    out = io.StringIO()
    write_article(SUSPECT, SENTENCES, out)
    assert "Most suspect sentences\n0.90  The hired was a war." in out.getvalue()
    levels = [(c.text, c.level) for line in article_lines(SUSPECT, SENTENCES) for c in line]
    assert ("hired", 3) in levels
    assert ("Life came there", 1) in levels
    strip = heat_strip(SUSPECT, len(SENTENCES))
    assert {cell.heat for cell in strip.cells} == {0.9, 0.6, 0.2, 0.0}
    assert strip.summary.startswith("Where the suspect sentences are")
