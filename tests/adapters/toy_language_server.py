"""The language server on standard input and output with a scorer that knows one word: run by test_language_server."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mtscore.adapters.language_server import build
from mtscore.records import Evidence, Span, Verdict

if TYPE_CHECKING:
    from mtscore import Scorer

ODD, INTENDED = "Governation", ("government", "governance")


class ToyScorer:
    def score(self, text: str, *, id: str = "") -> Verdict:
        start = text.find(ODD)
        if start < 0:
            return Verdict(id, "scored", score=0.1, label="clean")
        whole = Span(0, len(text))
        found = Evidence(start, start + len(ODD), ODD, "invented_word", 5.0, whole, INTENDED)
        return Verdict(id, "scored", score=0.9, label="garbled", evidence=(found,))


if __name__ == "__main__":
    build(cast("Scorer", ToyScorer()), delay=0.05).start_io()
