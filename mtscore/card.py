"""Writes the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_HEAD = """\
# Model card: mtscore `en`

Tells how likely an English article is a garbled machine translation, and how good its English is.

## Use
For files, feeds and corpora of articles. The score is a probability at the manifest's `prior`; `garbled` and
`suspect` stand at false-positive rates of about 1 % and 5 % on held-out human text, every register weighted
equally. **Never use it as evidence about a person's English**: learner, dialect and non-native writing is not
what it looks for, and it is wrong about individual texts. Fluent machine translation, LLM prose and spun text
are not garbled and mostly pass.

## Data
"""

_FAILURES = """
## Known failures
- Short texts (under about 80 words) are judged on little evidence.
- Translations whose every sentence is fluent but wrong pass: nothing in the English shows the mistake.
- The language models know mostly encyclopedic English up to 2021: new names and words surprise them.
- Chat logs, OCR of old print and code-heavy posts are the human texts nearest to the threshold.
- A text that imitates garbled translation ("the soup was very frankly and hits the taste") is flagged when
  there is enough of it, whoever wrote it.

## Licence
The language models and the word table derive from Wikipedia and other share-alike text: CC-BY-SA-4.0. The
classifier's numbers are released under the same terms.
"""


def write_card(path: Path, figures: Mapping[str, Any], corpora: Sequence[Mapping[str, str]]) -> None:
    """Write the card for a model with these held-out figures and corpora."""
    lines = [_HEAD, "| corpus | used for | licence |", "|---|---|---|"]
    lines += [f"| {c['name']} | {c['used_for']} | {c['licence']} |" for c in corpora]
    rows = figures["rows"]
    lines += [
        "",
        "## Held-out figures",
        f"{figures['what']}; {rows['garbled']} garbled and {rows['not_garbled']} other documents.",
        "",
        f"AUROC {figures['auroc']:.3f}; found at the `garbled` threshold: {figures['tpr_at_garbled']:.1%}.",
        "",
        "| register | documents | flagged as garbled |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {v['n']} | {v['fpr']:.1%} |" for name, v in figures["fpr_per_register"].items()]
    path.write_text("\n".join(lines) + "\n" + _FAILURES, encoding="utf-8")
