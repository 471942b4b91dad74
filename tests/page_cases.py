"""Verdicts for the tests of the page: a plain one, a hostile one, and one without a score."""

from __future__ import annotations

from mtscore.records import Evidence, EvidenceKind, Pivot, Span, Verdict
from mtscore.render.html.reference import Reference, Typical

TEXT = """Home
Contact

The minister threw the question up whether the governation of the harbour pays.
The ships of the town lay quietly at anchor while the council was talking about their future.

He stood to word, and nobody of the fishers understood what he wanted to say with it.

Share this
"""


def finding(
    text: str,
    words: str,
    kind: EvidenceKind,
    weight: float = 3.0,
    intended: tuple[str, ...] = (),
    pivot: Pivot | None = None,
    sibling: str | None = None,
) -> Evidence:
    start = text.index(words)
    sentence = Span(0, len(text))
    return Evidence(start, start + len(words), words, kind, weight, sentence, intended, pivot, sibling)


def verdict_on(id: str, text: str, *evidence: Evidence, score: float = 0.97) -> Verdict:
    body = Span(text.index("The"), len(text) - len("Share this\n"))
    return Verdict(
        id=id,
        status="scored",
        score=score,
        label="garbled" if score >= 0.5 else "suspect" if score >= 0.3 else "clean",
        quality=31.4,
        signals={"fluency": {"flow": 2.0, "rhythm": 0.5}, "surface": {"unknown_signal": 7.0}},
        evidence=evidence,
        languages={"en": 0.95, "de": 0.05},
        source_languages={"de": 0.7},
        words=40,
        body=(body,),
        signature={"package": "0.1", "model": "toy"},
    )


PLAIN = verdict_on(
    "harbour.txt",
    TEXT,
    finding(TEXT, "governation", "invented_word", 6.2, ("government", "governance")),
    finding(TEXT, "threw the question up", "wrong_sense", 3.0, ("raised",), Pivot("de", "aufgeworfen")),
    finding(TEXT, "stood to word", "sibling", 2.0, ("kept his word",), sibling="clean.txt"),
)
CLEAN = verdict_on("fine.txt", TEXT, score=0.02)
UNREADABLE = Verdict("b.txt", "cannot_tell", "unreadable", "not UTF-8 at byte offset 6")

ATTACKS = (
    "<script>document.title = 'owned'</script>",
    "</style><script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    '"><svg onload="document.title = \'owned\'">',
    "' onmouseover='document.title = 1' x='",
    "javascript:document.title='owned'",
    "<a href=\"javascript:document.title='owned'\">press</a>",
    "<iframe src='https://example.org/'></iframe><link rel=stylesheet href=//example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "{{ 7 * 7 }} {% include 'base.html' %} ${7*7}",
    "&lt;script&gt; &amp; &#60;b&#62; <!-- <![CDATA[ ]]>",
    "</p></main></body></html>",
)
BIDI = "safe \u202egnp.exe\u202c \u2066turned\u2069 \u200f \u061c end"
HOSTILE_TEXT = (
    "The start of it.\n" + "\n".join(ATTACKS) + f"\n{BIDI}\x00\x1b[2J\u2028next\ud800line\nShare this\n"
)


def hostile_verdict() -> Verdict:
    """Every string in it attacks."""
    evidence = [
        finding(HOSTILE_TEXT, attack, "wrong_sense", 5.0, (attack, BIDI), Pivot(attack, attack), attack)
        for attack in ATTACKS[2:]
    ]
    return verdict_on(f"{ATTACKS[0]}{ATTACKS[3]}{BIDI}", HOSTILE_TEXT, *evidence)


REFERENCE = Reference(
    prior=0.5,
    thresholds={"garbled": 0.5, "suspect": 0.3},
    false_positive_rates={"garbled": 0.01, "suspect": 0.05},
    typical={"flow": Typical((0.0, 0.5, 1.0), (1.5, 2.0, 2.5)), "rhythm": Typical((0, 0.5, 1), (0, 0.5, 1))},
)
