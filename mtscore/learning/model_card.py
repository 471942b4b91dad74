"""The model card: what the model is for, what it was made from, and how it did on held-out text.

A card states facts of its own model only: metrics and corpora of that model's manifest, and what holds of every model
that this package trains. What was found out about one model in particular is given as `notes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mtscore.learning.confidence import wilson

_HEAD = """\
# Model card: mtscore `{name}`

Estimates how likely it is that an English article is a garbled machine translation, and how good its English is.

## Use
For files, feeds and corpora of articles. The score is a probability at the manifest's `prior`. The thresholds of
`garbled` and `suspect` were set where {garbled} and {suspect} of held-out human text lie above them, every register
weighted equally; in a single register the share may be larger, as the table below shows. **Never use it as evidence
about a person's English**: learner, dialect and non-native writing is not what it looks for, and it is wrong about
individual texts. Fluent machine translation, LLM prose and spun text are not garbled and not what it looks for.
"""

_LIMITS = """\
## Limits
- Short texts (under about 80 words) are judged on little evidence.
- Translations whose every sentence is fluent but wrong pass: nothing in the English shows the mistake.
"""

_LICENCE = """\
## Licence
Files that were taken over from the base model keep its licence; the terms of the corpora stand in the table above.
"""


def write_card(path: Path, manifest: Mapping[str, Any], notes: str = "") -> None:
    """Write the card of the model with this manifest (`name`, `threshold_fpr`, `held_out`, `corpora`, and of a
    retrained one `retrained`). `notes` are sections in Markdown that hold of this very model."""
    fpr = {label: f"{share:.0%}".replace("%", " %") for label, share in manifest["threshold_fpr"].items()}
    sections = [
        _HEAD.format(name=manifest["name"], **fpr),
        "\n".join(_data(manifest)),
        "\n".join(_metrics(manifest["held_out"])),
        _LIMITS,
        notes or _LICENCE,
    ]
    path.write_text("\n".join(section.rstrip("\n") + "\n" for section in sections), encoding="utf-8")


def _data(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Data", "")
    if "retrained" in manifest:
        yield from (_history(manifest["retrained"]), "")
    yield from ("| corpus | used for | licence |", "|---|---|---|")
    corpora: Sequence[Mapping[str, str]] = manifest["corpora"]
    yield from (f"| {c['name']} | {c['used_for']} | {c['licence']} |" for c in corpora)


def _history(history: Mapping[str, Any]) -> str:
    texts = f"{history['texts']} labelled texts ({history['garbled']} garbled)"
    start = f"model `{history['base']}` ({history['base_digest'][:12]})"
    joined = (
        "in place of its training examples" if history["base_replaced"] else "beside its training examples"
    )
    return (
        f"Retrained from {start} with {texts} {joined}; the manifest says how it compares. What the card of that model "
        "says of errors does not hold of this one."
    )


def _metrics(metrics: Mapping[str, Any]) -> Iterator[str]:
    counts = metrics["rows"]
    yield from ("## Held-out metrics", "")
    yield f"{metrics['what']}; {counts['garbled']} garbled and {counts['not_garbled']} other documents."
    yield ""
    yield f"AUROC {metrics['auroc']:.3f}; found at the `garbled` threshold: {metrics['tpr_at_garbled']:.1%}."
    errors = ", ".join(f"{name} {error:.3f}" for name, error in metrics["calibration_error"].items())
    if errors:
        yield (
            "Predicted probabilities miss the observed share of garbled documents by (expected calibration error): "
            f"{errors}."
        )
    yield from ("", "| register | documents | flagged as garbled | 95 % interval |", "|---|---|---|---|")
    registers: Mapping[str, Mapping[str, Any]] = metrics["fpr_per_register"]
    for name, row in registers.items():
        low, high = wilson(row["fpr"], row["n"])
        yield f"| {name} | {row['n']} | {row['fpr']:.1%} | {low:.1%} to {high:.1%} |"
