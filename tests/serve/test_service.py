"""What the service answers: verdicts as the library gives them, and a sentence to what cannot be answered."""

from __future__ import annotations

import base64
import gzip
import http.client
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from conftest import toy_text
from jsonl_cases import Case, read_cases
from serving import JSON, MAX_BODY, MAX_BYTES, NDJSON, TOKEN, Running

from mtscore.records import Document
from mtscore.render.csv import write_csv
from mtscore.render.html.page import write_page
from mtscore.render.html.reference import reference_of
from mtscore.render.jsonl import to_json, verdict_to_dict
from mtscore.scoring.scorer import Scorer

CASES = Path(__file__).with_name("requests.jsonl")
GARBLED, CLEAN = toy_text(1, is_garbled=True), toy_text(2, is_garbled=False)
PAGE = f"<html><body><nav>Home</nav><article><p>{GARBLED}</p></article></body></html>"


@pytest.fixture(scope="module")
def scorer(trained_model: Path) -> Scorer:
    return Scorer.load(trained_model)


def exact(scorer: Scorer, *documents: Document) -> list[Any]:
    """What the library says of the documents, as JSON."""
    return [json.loads(to_json(verdict)) for verdict in scorer.score_many(documents)]


# Verdicts


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8", JSON])
def test_one_text_gets_the_verdict_of_the_library(service: Running, scorer: Scorer, kind: str) -> None:
    body: object = {"text": GARBLED} if kind == JSON else GARBLED.encode()
    answer = service.ask("/v1/score", body, kind)
    assert (answer.status, answer.json) == (200, exact(scorer, Document("1", GARBLED))[0])


def test_many_texts_get_their_verdicts_in_their_order(service: Running, scorer: Scorer) -> None:
    texts = [toy_text(seed, is_garbled=seed % 3 == 0) for seed in range(70)]
    documents = [Document(f"n{number}", text) for number, text in enumerate(texts)]
    sent = [{"id": document.id, "text": document.text} for document in documents]
    expected = exact(scorer, *documents)
    assert service.ask("/v1/score", {"documents": sent}).json == {"verdicts": expected}
    lines = "".join(json.dumps(each) + "\n" for each in sent).encode()
    answer = service.ask("/v1/score", lines, NDJSON, accept=NDJSON)
    assert answer.headers["content-type"].startswith(NDJSON)
    assert answer.lines == expected


def test_each_verdict_is_sent_as_soon_as_it_is_there(service: Running) -> None:
    connection = http.client.HTTPConnection(service.host, service.port, timeout=30)
    body = json.dumps({"documents": [toy_text(seed, is_garbled=False) for seed in range(60)]})
    connection.request("POST", "/v1/score", body, {"Content-Type": JSON, "Accept": NDJSON})
    answer = connection.getresponse()
    assert json.loads(answer.readline())["id"] == "1"
    assert len(answer.read().splitlines()) == 59
    connection.close()


def test_what_cannot_be_judged_gets_a_verdict_that_says_why(service: Running) -> None:
    documents = ["", "Far too short.", "x" * (MAX_BYTES + 1), CLEAN]
    verdicts = service.ask("/v1/score", {"documents": documents}).json["verdicts"]
    assert [verdict["reason"] for verdict in verdicts] == ["empty", "too_short", "unreadable", None]
    assert "longer than" in verdicts[2]["detail"]


@pytest.mark.parametrize("form", ["html", "auto"])
def test_a_page_is_read_as_one(service: Running, scorer: Scorer, form: str) -> None:
    expected = exact(scorer, Document("1", PAGE, is_html=True))
    assert service.ask("/v1/score", {"text": PAGE, "format": form}).json == expected[0]
    assert service.ask("/v1/score", PAGE.encode(), "text/html").json == expected[0]


def test_files_are_read_by_their_names(service: Running, scorer: Scorer) -> None:
    lines = "".join(
        json.dumps({"id": f"r{n}", "text": text}) + "\n" for n, text in enumerate((GARBLED, CLEAN))
    )
    files = {
        "a.txt": GARBLED.encode(),
        "b.html": PAGE.encode(),
        "c.jsonl.gz": gzip.compress(lines.encode()),
        "d.pdf": b"%PDF",
        "e.txt.gz": b"no gzip at all",
    }
    sent = [{"id": name, "base64": base64.b64encode(data).decode()} for name, data in files.items()]
    verdicts = service.ask("/v1/score", {"documents": sent}).json["verdicts"]
    assert [verdict["id"] for verdict in verdicts] == ["a.txt", "b.html", "r0", "r1", "d.pdf", "e.txt.gz"]
    assert verdicts[:2] == exact(scorer, Document("a.txt", GARBLED), Document("b.html", PAGE, is_html=True))
    assert "pdftotext" in verdicts[4]["detail"]
    assert "damaged" in verdicts[5]["detail"]


def test_siblings_are_compared(service: Running) -> None:
    documents = {"documents": [GARBLED, CLEAN], "siblings": True}
    verdicts = service.ask("/v1/score", documents).json["verdicts"]
    assert [verdict["signature"]["siblings"] for verdict in verdicts] == [True, True]


# Pages


def test_explain_gives_the_page_that_the_command_writes(service: Running, scorer: Scorer) -> None:
    page, verdict = io.StringIO(newline=""), scorer.score(GARBLED, id="1")
    write_page([(verdict, GARBLED)], page, reference_of(scorer))
    answer = service.ask("/v1/explain", {"text": GARBLED})
    assert answer.body.decode() == page.getvalue()
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]


def test_explain_says_how_far_it_is_and_then_everything(service: Running, scorer: Scorer) -> None:
    documents = {"documents": [{"id": "a", "text": GARBLED}, {"id": "b", "text": PAGE, "format": "auto"}]}
    *progress, last = service.ask("/v1/explain", documents, accept=NDJSON).lines
    assert {event["event"] for event in progress} <= {"waiting", "reading"}
    assert (progress[-1]["done"], progress[-1]["of"]) == (2, 2)
    assert last["event"] == "done"
    verdicts = list(scorer.score_many([Document("a", GARBLED), Document("b", PAGE, is_html=True)]))
    assert last["verdicts"] == list(map(to_json, verdicts))
    assert (last["texts"][0], GARBLED[:40] in last["texts"][1]) == (GARBLED, True)
    table = io.StringIO(newline="")
    write_csv(verdicts, table)
    assert last["csv"] == table.getvalue()
    assert last["page"].startswith("<!doctype html>")


def test_every_answer_forbids_browsers_to_do_more_with_it(service: Running) -> None:
    for answer in (
        service.get("/"),
        service.get("/healthz"),
        service.get("/no"),
        service.ask("/v1/score", b""),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "'unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert not {"access-control-allow-origin", "server", "set-cookie"} & set(answer.headers)


def test_the_description_describes_what_there_is(service: Running, scorer: Scorer) -> None:
    description = service.get("/openapi.json").json
    schemas = description["components"]["schemas"]
    exact_verdict = verdict_to_dict(scorer.score(GARBLED))
    assert schemas["Verdict"]["required"] == list(schemas["Verdict"]["properties"]) == list(exact_verdict)
    assert schemas["Evidence"]["required"] == list(exact_verdict["evidence"][0])
    assert set(schemas["Info"]["required"]) == set(service.get("/v1/info").json)
    for path, methods in description["paths"].items():
        for method in methods:
            assert service.ask(path, method=method.upper()).status not in (404, 405)


# What is refused


@pytest.mark.parametrize("case", read_cases(CASES))
def test_what_makes_no_sense_is_refused_in_a_sentence(service: Running, case: Case) -> None:
    part, times = case.get("body_of", ("", 0))
    body = (case.get("body", "") + part * times).encode() + case.get("body_latin1", "").encode("latin-1")
    answer = service.ask(
        case.get("path", "/v1/score"),
        body,
        case.get("kind", JSON),
        method=case.get("method", "POST"),
        headers=case.get("headers"),
    )
    assert (answer.status, answer.headers["content-type"]) == (case["status"], "application/problem+json")
    assert answer.json["status"] == case["status"]
    assert case["says"] in answer.json["detail"]


def test_what_is_too_long_is_refused_also_when_it_comes_in_pieces(service: Running) -> None:
    too_long = service.ask("/v1/score", b"x" * (MAX_BYTES + 1), "text/plain")
    assert (too_long.status, "the text is longer" in too_long.json["detail"]) == (413, True)
    for size in (MAX_BODY + 1, 10 * MAX_BODY):
        announced = service.raw(
            b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n"
            % size
            + b"x" * (size if size < 2 * MAX_BODY else 0)
        )
        assert announced.startswith(b"HTTP/1.1 413 ")
    piece = b"%x\r\n%s\r\n" % (MAX_BODY, b"x" * MAX_BODY)
    in_pieces = service.raw(
        b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + 2 * piece + b"0\r\n\r\n"
    )
    assert in_pieces.startswith(b"HTTP/1.1 413 ")


def test_a_packed_file_that_holds_too_much_is_refused(service: Running) -> None:
    line = json.dumps({"text": "x" * (MAX_BYTES - 100)}).encode() + b"\n"
    bomb = base64.b64encode(gzip.compress(line * 200)).decode()
    answer = service.ask("/v1/score", {"id": "bomb.jsonl.gz", "base64": bomb})
    assert (answer.status, "send fewer" in answer.json["detail"]) == (413, True)


def test_who_comes_when_there_is_no_room_is_told_when_to_come_back(service: Running) -> None:
    held = [http.client.HTTPConnection(service.host, service.port, timeout=30) for _ in range(8)]
    body = CLEAN.encode()
    for connection in held:
        connection.putrequest("POST", "/v1/score")
        connection.putheader("Content-Type", "text/plain")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
    while service.get("/healthz").json["requests"] < 8:
        pass
    refused = service.ask("/v1/score", body, "text/plain")
    assert (refused.status, int(refused.headers["retry-after"]) >= 1) == (429, True)
    for connection in held:
        connection.send(body)
        assert connection.getresponse().status == 200
        connection.close()
    assert service.ask("/v1/score", body, "text/plain").status == 200


BODIES = (
    b'{"text": 7}',
    b'{"documents": [[["\'; DROP TABLE --", null]]]}',
    b'{"id": {"$ne": 1}, "text": "<script>"}',
    b'{"text": "a", "__proto__": {}}',
    b'{"text": "\xff\xfe',
    b"[" * 3000,
)
METHODS = ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "\x16\x03\x01")
PATHS = (
    "/v1/score",
    "/v1/explain",
    "/v1/labels",
    "/v1/../etc/passwd",
    "/%00",
    "/v1/score/",
    "/?q=" + "a" * 999,
)
HOSTS = ("localhost", "127.0.0.1", "evil.example", "", "a b", "[::1]", "127.0.0.1:x")
KINDS = (JSON, "text/plain", NDJSON, "text/html", "image/png", "")
ORIGINS = ("null", "https://evil.example", "http://localhost.evil.example")
LENGTHS = ("Content-Length: {}", "Content-Length: -1", "Transfer-Encoding: gzip", "X\0: {}")


def hostile(generator: random.Random) -> bytes:
    """A request that is broken in one way or another."""
    pick = generator.choice
    body = pick((*BODIES, generator.randbytes(generator.randrange(200))))
    lines = [
        f"{pick(METHODS)} {pick(PATHS)} HTTP/1.1",
        f"Host: {pick(HOSTS)}",
        f"Content-Type: {pick(KINDS)}",
    ]
    lines += [f"Origin: {pick(ORIGINS)}"] * pick((0, 1))
    lines += [pick(LENGTHS).format(len(body)), "Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_thousand_hostile_requests_get_a_4xx_and_a_sentence(service: Running) -> None:
    generator = random.Random(22)
    for _ in range(1000):
        sent = hostile(generator)
        head, _, body = service.raw(sent).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 4"), (sent, head)
        sentence = json.loads(body)["detail"] if b"problem+json" in head else body.decode()
        assert len(sentence.split()) > 3, (sent, body)
    assert service.ask("/v1/score", CLEAN.encode(), "text/plain").json["status"] == "scored"


# Who may come in


def test_others_need_the_token(trained_model: Path, tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--allow-host", "desk.example", "--allow-origin", "https://site.example")
    with Running(tmp_path, trained_model, *options, MTSCORE_TOKEN=TOKEN) as running:
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert running.get("/healthz").status == 200
        assert running.get("/").status == 200
        for headers in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Basic {TOKEN}"}):
            refused = running.ask("/v1/score", {"text": CLEAN}, headers=headers)
            assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
        for host in ("desk.example", "192.0.2.7:80", "localhost"):
            assert running.ask("/v1/score", {"text": CLEAN}, headers={**right, "Host": host}).status == 200
        assert (
            running.ask("/v1/score", {"text": CLEAN}, headers={**right, "Host": "evil.example"}).status == 421
        )
        site = {"Origin": "https://site.example"}
        allowed = running.ask("/v1/score", {"text": CLEAN}, headers={**right, **site})
        assert allowed.headers["access-control-allow-origin"] == "https://site.example"
        asked = {
            **site,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        }
        assert running.ask("/v1/score", method="OPTIONS", headers=asked).status == 200
        assert (
            running.ask(
                "/v1/score", method="OPTIONS", headers={**asked, "Origin": "https://x.example"}
            ).status
            == 403
        )
