"""How likely is an English article a garbled machine translation, and which words give it away?

    from mtscore import Scorer
    verdict = Scorer.load().score(text)

Importing the package loads no model; names are looked up when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mtscore.version import __version__

if TYPE_CHECKING:
    from mtscore.errors import InputError, ModelError, MtscoreError
    from mtscore.records import Document, Evidence, Verdict
    from mtscore.scoring.scorer import Scorer

__all__ = [
    "Document",
    "Evidence",
    "InputError",
    "ModelError",
    "MtscoreError",
    "Scorer",
    "Verdict",
    "__version__",
]

_HOMES = {
    "Scorer": "mtscore.scoring.scorer",
    **dict.fromkeys(("Document", "Evidence", "Verdict"), "mtscore.records"),
    **dict.fromkeys(("InputError", "ModelError", "MtscoreError"), "mtscore.errors"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mtscore' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
