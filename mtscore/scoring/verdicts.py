"""Verdicts, put together from what was computed of an article, or from the reason why it cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mtscore.findings.collection import with_undecoded
from mtscore.findings.source_language import source_languages
from mtscore.model.close import COLUMNS
from mtscore.model.folder import ModelFolder
from mtscore.reading.suspicion import suspicions
from mtscore.records import Document, Reason, Verdict
from mtscore.scoring.computation import Computed
from mtscore.scoring.reasons import what_speaks_for_it
from mtscore.scoring.scale import Scale
from mtscore.text.article import Article
from mtscore.text.body import dominant_language
from mtscore.text.scored_text import joined_details

MIN_WORDS = 20
"""Fewer words than this are too few to judge."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What turns computed numbers into verdicts. `signatures` are those of verdicts by the reading that they come
    from ("quick" or "close"), and of a document that cannot be judged ("none")."""

    model: ModelFolder
    scale: Scale
    signatures: Mapping[str, Mapping[str, Any]]

    def cannot_tell(self, id: str, reason: Reason, detail: str | None) -> Verdict:
        """The verdict on a document that cannot be judged."""
        return Verdict(
            id=id, status="cannot_tell", reason=reason, detail=detail, signature=self.signatures["none"]
        )

    def problem(self, document: Document, article: Article | None, is_page: bool) -> Verdict | None:
        """The verdict that says why the document cannot be judged; None when it can."""
        if document.text is None:
            return self.cannot_tell(document.id, "unreadable", document.detail)
        if article is None:
            return self.cannot_tell(document.id, "no_body" if is_page else "empty", document.detail)
        words = article.words
        language = dominant_language(article.body)
        reason: Reason
        if language is not None:
            reason, detail = "not_english", f"the text is mostly in another language ({language})"
        elif not article.body.spans:
            reason, detail = "no_body", "nothing in it reads like an article"
        elif words < MIN_WORDS:
            reason, detail = "too_short", f"{words} words are too few to judge; {MIN_WORDS} are needed"
        else:
            return None
        return replace(
            self.cannot_tell(document.id, reason, joined_details(detail, document.detail)),
            languages=dict(article.body.languages),
            foreign=article.given_foreign,
            words=words,
            body=article.given_body,
        )

    def scored(
        self, document: Document, article: Article | None, computed: Computed, has_evidence: bool
    ) -> Verdict:
        """The verdict on a document that was judged; without evidence, it has no findings and no source languages."""
        assert article is not None
        extraction, label = computed.extraction, self.scale.label(computed.log_odds)
        is_explained = has_evidence and label != "clean"
        return Verdict(
            id=document.id,
            status="scored",
            detail=joined_details(self._why(computed) if is_explained else None, document.detail),
            score=self.scale.score(computed.log_odds),
            label=label,
            quality=computed.quality,
            signals=self._signals(computed),
            evidence=with_undecoded(article, computed.evidence) if has_evidence else (),
            languages=dict(extraction.body.languages),
            foreign=article.given_foreign,
            source_languages=(
                source_languages(computed.evidence, extraction, self.model.resources) if is_explained else {}
            ),
            words=computed.words,
            body=article.given_body,
            sentences=suspicions(computed.reading, article) if has_evidence and computed.reading else (),
            signature=self.signatures["quick" if computed.reading is None else "close"],
        )

    def signature_of(self, verdict: Verdict) -> Mapping[str, Any]:
        """The signature of a verdict that lost its own on the way."""
        if verdict.status == "cannot_tell":
            return self.signatures["none"]
        return self.signatures["close" if "sense" in verdict.signals else "quick"]

    def _why(self, computed: Computed) -> str | None:
        """What made a score what it is where no word is found that did."""
        if computed.evidence:
            return None
        why = "; ".join(what_speaks_for_it(self.model.classifier, computed.row, computed.strength))
        return f"no word by itself gives it away, what speaks for it is: {why}" if why else None

    def _signals(self, computed: Computed) -> dict[str, dict[str, float]]:
        """The signals by family; those of the close reading with what the quick one says alone."""
        signals = self.model.classifier.columns.by_family(computed.row, computed.strength)
        if computed.sense:
            signals["sense"] = dict(zip(COLUMNS, computed.sense, strict=True))
        return signals
