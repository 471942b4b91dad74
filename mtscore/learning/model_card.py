"""Writes the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_HEAD = """\
# Model card: mtscore `{name}`

Tells how likely an English article is a garbled machine translation, and how good its English is.

## Use
For files, feeds and corpora of articles. The score is a probability at the manifest's `prior`; `garbled` and
`suspect` stand at false-positive rates of about 1 % and 5 % on held-out human text, every register weighted
equally. **Never use it as evidence about a person's English**: learner, dialect and non-native writing is not
what it looks for, and it is wrong about individual texts. Fluent machine translation, LLM prose and spun text
are not garbled and mostly pass.

## Data
"""

_EXCUSED = """\
These figures count strange words in Pidgin and in print that a machine has read, from which the classifier learned. A
verdict leaves them out, and such text is flagged less often than the table says (docs/benchmarks.md)."""

_FAILURES = """
## Known failures
- On systems, corpora and languages that it has not learned from it finds less than above: with one corpus of
  translations left out, a fifth to four fifths of it at 1 % false positives (docs/benchmarks.md). Short translations of
  everyday, spoken and shop talk are hardest.
- Short texts (under about 80 words) are judged on little evidence.
- Translations whose every sentence is fluent but wrong pass: nothing in the English shows the mistake.
- The language models know mostly encyclopedic English up to 2021: new names and words surprise them.
- Human translations, corrected machine translations and old print are the human texts nearest to the threshold:
  "The decree enters in force after its publication" is what an honest translator may write.
- A text that imitates garbled translation ("the soup was very frankly and hits the taste") is flagged when
  there is enough of it, whoever wrote it.

## Licence
The language models and the word table derive from Wikipedia and other share-alike text: CC-BY-SA-4.0. The
classifier's numbers are released under the same terms.
"""


def write_card(
    path: Path,
    metrics: Mapping[str, Any],
    corpora: Sequence[Mapping[str, str]],
    *,
    name: str = "en",
    history: Mapping[str, Any] | None = None,
) -> None:
    """Write the card for a model with these held-out metrics and corpora. Of a retrained one, `history` is the
    manifest's `retrained`."""
    lines = [*_history(history), "| corpus | used for | licence |", "|---|---|---|"]
    lines += [f"| {c['name']} | {c['used_for']} | {c['licence']} |" for c in corpora]
    rows = metrics["rows"]
    lines += [
        "",
        "## Held-out metrics",
        f"{metrics['what']}; {rows['garbled']} garbled and {rows['not_garbled']} other documents.",
        "",
        f"AUROC {metrics['auroc']:.3f}; found at the `garbled` threshold: {metrics['tpr_at_garbled']:.1%}.",
        "Predicted probabilities miss the observed share of garbled documents by (expected calibration error): "
        + ", ".join(f"{n} {e:.3f}" for n, e in metrics["calibration_error"].items())
        + ".",
        "",
        "| register | documents | flagged as garbled |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {v['n']} | {v['fpr']:.1%} |" for name, v in metrics["fpr_per_register"].items()]
    lines += ["", _EXCUSED]
    text = _HEAD.replace("{name}", name) + "\n" + "\n".join(lines) + "\n" + _FAILURES
    path.write_text(text, encoding="utf-8")


def _history(history: Mapping[str, Any] | None) -> list[str]:
    if history is None:
        return []
    texts = f"{history['texts']} labelled texts ({history['garbled']} garbled)"
    start = f"model `{history['base']}` ({history['base_digest'][:12]})"
    joined = (
        "in place of its training examples" if history["base_replaced"] else "beside its training examples"
    )
    return [f"Retrained from {start} with {texts} {joined}; the manifest says how it compares.", ""]
