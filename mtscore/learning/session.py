"""One sitting of labelling: which document comes next, what was answered, and taking an answer back.

Whoever asks the questions (a terminal, a notebook, another tool) shows what `current` gives and calls `answer`:

    with LabelFile(path) as labels:
        session = open_session(documents, labels, scorer)
        while question := session.current():
            session.answer(ask(question))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from mtscore.learning.label_features import TextFeatures, Watch, extract_features, log_odds
from mtscore.learning.labelling import LabelFile, Queue
from mtscore.learning.near_duplicates import text_key
from mtscore.records import Document, Verdict
from mtscore.scoring.scorer import Scorer
from mtscore.text.html import read_html

Answer = Literal["garbled", "clean", "skip"]


@dataclass(frozen=True, slots=True)
class Question:
    """A document to label, its text, and what the model says of it."""

    document: Document
    text: str
    verdict: Verdict


class Session:
    """Asks about documents in the order of a queue and keeps the answers in a file of labels."""

    def __init__(
        self,
        documents: Sequence[Document],
        queue: Queue,
        labels: LabelFile,
        scorer: Scorer,
        *,
        group: str = "",
        is_blind: bool = False,
    ) -> None:
        """`documents` are those of the `queue`, in its order of indices. `group` is written to every record, and
        of answers that are given without knowing what the model says, that they are blind."""
        self._documents = documents
        self._queue = queue
        self._labels = labels
        self._scorer = scorer
        self._group = group
        self._is_blind = is_blind
        self._answered: list[int] = []
        self._shown: tuple[int, Question] | None = None

    @property
    def waiting(self) -> int:
        """How many documents have no answer yet."""
        return len(self._queue)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many records of the file say garbled, clean, and skip."""
        answers = [record.get("label") for record in self._labels.records]
        return answers.count("garbled"), answers.count("clean"), answers.count("skip")

    def current(self) -> Question | None:
        """What to ask now: the same until it has an answer; None when every document has one."""
        if self._shown is None:
            index = self._queue.next()
            if index is None:
                return None
            self._shown = index, self._question(index)
        return self._shown[1]

    def answer(self, label: Answer, *, quality: float | None = None) -> None:
        """Write the answer to the current question; it is on disk when this returns."""
        question = self.current()
        if question is None or self._shown is None:
            raise IndexError("every document has an answer")
        verdict = question.verdict
        record: dict[str, Any] = {"id": verdict.id, "label": label}
        if quality is not None:
            record["quality"] = quality
        if self._group:
            record["group"] = self._group
        if self._is_blind:
            record["blind"] = True
        record |= {"score": verdict.score, "model": verdict.signature["digest"][:12], "text": question.text}
        self._labels.append(record)
        index, _ = self._shown
        self._queue.done(index)
        self._answered.append(index)
        self._shown = None

    def undo(self) -> bool:
        """Take the last answer of this sitting back, so that its document is the current one again; False when
        there is none."""
        if not self._answered:
            return False
        self._labels.undo()
        index = self._answered.pop()
        self._queue.put_back(index)
        self._shown = index, self._question(index)
        return True

    def batch(self, size: int) -> Iterator[Question]:
        """The next documents, at most `size`, to be labelled elsewhere."""
        for _ in range(size):
            question = self.current()
            if question is None or self._shown is None:
                return
            yield question
            self._queue.done(self._shown[0])
            self._shown = None

    def _question(self, index: int) -> Question:
        document = self._documents[index]
        text = document.text or ""
        return Question(document, text, self._scorer.score(text, id=document.id))


def open_session(
    documents: Iterable[Document],
    labels: LabelFile,
    scorer: Scorer,
    *,
    group: str = "",
    is_blind: bool = False,
    cache: Path | None = None,
    jobs: int = 1,
    watch: Callable[[int], Watch] = lambda _: iter,
    on_unreadable: Callable[[Document], object] = lambda _: None,
    on_left_out: Callable[[int, int], object] = lambda *_: None,
) -> Session:
    """A session over the documents that have no answer yet, each text once.

    `on_unreadable` is called with each document that could not be read, `on_left_out` with how many of how many
    cannot be judged, if there are any; `watch`, called with how many texts there are, wraps the stream of their
    features.
    """
    unanswered = list(_unanswered(documents, labels, on_unreadable))
    texts = [document.text or "" for document in unanswered]
    labelled = [str(record.get("text", "")) for record in labels.records]
    stream = extract_features([*texts, *labelled], scorer, cache=cache, jobs=jobs)
    features = list(watch(len(texts) + len(labelled))(stream))
    usable = [i for i in range(len(texts)) if isinstance(features[i], TextFeatures)]
    if len(usable) < len(texts):
        on_left_out(len(texts) - len(usable), len(texts))
    usable_features = [m for m in features[: len(texts)] if isinstance(m, TextFeatures)]
    before = [m for m in features[len(texts) :] if isinstance(m, TextFeatures)]
    excess = log_odds(usable_features, scorer.model.classifier) - scorer.model.threshold("garbled")
    queue = Queue(usable_features, excess, before)
    return Session([unanswered[i] for i in usable], queue, labels, scorer, group=group, is_blind=is_blind)


def _unanswered(
    documents: Iterable[Document], labels: LabelFile, on_unreadable: Callable[[Document], object]
) -> Iterator[Document]:
    known = labels.keys
    for document in documents:
        if document.text is None:
            on_unreadable(document)
            continue
        text = read_html(document.text) if document.is_html else document.text
        key = text_key(text)
        if key not in known:
            known.add(key)
            yield replace(document, text=text, is_html=False)
