"""An article of our own, and what is kept of a text."""

from __future__ import annotations

from mtscore.text.body import find_body

TITLE = "Council delays bridge works again"
PARAGRAPHS = (
    "The footbridge over the mill stream will stay closed until the spring, the town council said today.",
    "Engineers found rot in two of the six oak beams last month, and the cost of replacing them has doubled.",
    "Shopkeepers on the far bank are less patient, and one baker said that her takings fell by a third.",
    "The council will vote on a new contract in three weeks, and hopes to finish before the summer fair.",
)
ARTICLE = "\n\n".join((TITLE, *PARAGRAPHS))


def kept(text: str) -> list[str]:
    """The spans of the body, as they stand in the text."""
    return [text[span.start : span.end] for span in find_body(text).spans]
