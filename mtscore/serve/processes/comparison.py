"""Two models on the labels that were saved, in a process of its own: reading them takes a while, and much memory."""

from __future__ import annotations

import io
import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING

from mtscore.errors import InputError, MtscoreError
from mtscore.serve.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE = 900.0
"""Seconds that a comparison may take."""


def compared(settings: Settings) -> str:
    """The page that compares the service's model with the other one. Raises `MtscoreError` where they cannot be."""
    path = Path(settings.labels)
    if not path.exists() or not path.stat().st_size:
        raise InputError("no label was saved yet; say of some verdicts whether they are right")
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_compare, args=(there, settings), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(PATIENCE):
            raise MtscoreError(f"the comparison took longer than {PATIENCE:g} seconds")
        is_page, text = here.recv()
    except EOFError as error:
        raise MtscoreError("the comparison has died, perhaps for lack of memory") from error
    finally:
        here.close()
        process.kill()
        process.join()
    if not is_page:
        raise InputError(text)
    return str(text)


def _compare(connection: Connection, settings: Settings) -> None:
    try:
        connection.send((True, _page(settings)))
    except MtscoreError as error:
        connection.send((False, str(error)))


def _page(settings: Settings) -> str:
    from mtscore.learning.evaluation import compare
    from mtscore.learning.label_features import extract_again, extract_labels
    from mtscore.learning.labels import read_labels
    from mtscore.learning.retrain import score_labels
    from mtscore.render.html.comparison import Contestant, write_comparison
    from mtscore.scoring.scorer import Scorer

    old, new = Scorer.load(settings.model), Scorer.load(settings.compare)
    found = extract_labels(read_labels([settings.labels], max_bytes=settings.max_body), old)
    again = extract_again(found, new)
    scored = score_labels(found, old.model), score_labels(again, new.model)
    page = io.StringIO()
    contestants = (Contestant.of(old, scored[0]), Contestant.of(new, scored[1]))
    write_comparison(compare(*scored), contestants, found.texts, page)
    return page.getvalue()
