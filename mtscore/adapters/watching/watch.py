"""Scores what arrives in a folder, as long as it is left to."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

from mtscore.adapters.watching.arrivals import Arrivals, Stamp, stamp_of
from mtscore.adapters.watching.journal import Journal
from mtscore.adapters.watching.recent import MAX_DOCUMENTS, Recent
from mtscore.errors import InputError, UsageError
from mtscore.files.documents import MAX_BYTES, read_documents
from mtscore.records import Document, Verdict
from mtscore.render.html.reference import reference_of
from mtscore.scoring.scorer import Scorer
from mtscore.text.scored_text import scored_text, with_texts

TICK = 0.5
"""Seconds between two looks at the files that wait."""

RESCAN = 60.0
"""Seconds after which the whole folder is looked at, whatever was notified."""


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What is watched, and where results go."""

    folder: str
    output: str
    """JSON lines that verdicts are appended to."""
    page: str | None = None
    """The HTML page that is kept up to date."""
    settle: float = 2.0
    """Seconds without a change after which a file is complete."""
    is_once: bool = False
    """Whether to stop when everything that is there is scored."""
    text_field: str = "text"
    max_bytes: int = MAX_BYTES
    input_format: str | None = None

    def documents(self, path: str) -> Iterator[Document]:
        """The documents of one file."""
        return read_documents(
            [path], text_field=self.text_field, max_bytes=self.max_bytes, input_format=self.input_format
        )


Tell = Callable[[str, "Counter[str]"], object]
"""Called with each file that was scored and how many documents of it have which label ("cannot tell" for none)."""


def watch(settings: WatchSettings, scorer: Scorer, tell: Tell, stop: Event | None = None) -> None:
    """Score every file of the folder once, and then what arrives, until interrupted or `stop` is set.

    Raises `UsageError` where that makes no sense, `InputError` without the package watchfiles."""
    if not os.path.isdir(settings.folder):
        raise UsageError(f"{settings.folder} is no folder; name the one that files arrive in")
    with Journal(settings.output) as journal:
        watcher = _Watcher(settings, scorer, journal, tell)
        for is_changed in _ticks(settings, stop):
            watcher.work(is_changed)
            if settings.is_once and watcher.is_idle:
                return


def _ticks(settings: WatchSettings, stop: Event | None) -> Iterator[bool]:
    """Again and again whether the folder may have changed; at first it has."""
    yield True
    if settings.is_once:
        while True:
            time.sleep(min(TICK, settings.settle))
            yield False
    try:
        from watchfiles import watch as changes
    except ImportError:
        raise InputError(
            "watching a folder needs the extra watch: pip install '.[watch]' in a clone of mtscore"
        ) from None
    last = time.monotonic()
    for found in changes(
        settings.folder,
        watch_filter=None,
        debounce=int(1000 * TICK),
        rust_timeout=int(1000 * TICK),
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        is_due = bool(found) or time.monotonic() - last > RESCAN
        last = time.monotonic() if is_due else last
        yield is_due


class _Watcher:
    def __init__(self, settings: WatchSettings, scorer: Scorer, journal: Journal, tell: Tell) -> None:
        self._settings = settings
        self._scorer = scorer
        self._journal = journal
        self._tell = tell
        own = filter(None, (settings.output, journal.path, settings.page))
        self._arrivals = Arrivals(
            settings.folder,
            journal.is_done,
            settle=settings.settle,
            ignored=frozenset(map(os.path.realpath, own)),
        )
        self._recent = self._recent_page(settings.page) if settings.page else None

    @property
    def is_idle(self) -> bool:
        return not self._arrivals.is_waiting

    def work(self, is_changed: bool) -> None:
        """Score what is complete; look for more first, if something has changed."""
        if is_changed:
            self._arrivals.look()
        has_scored = False
        for path, stamp in self._arrivals.complete():
            has_scored |= self._score(path, stamp)
        if has_scored and self._recent is not None:
            self._recent.write()

    def _score(self, path: str, stamp: Stamp) -> bool:
        """Whether the file was there, complete, and is scored now."""
        counts: Counter[str] = Counter()
        judged: deque[tuple[Verdict, str | None]] = deque(maxlen=MAX_DOCUMENTS)
        with self._journal.entry(path) as entry:
            documents = self._settings.documents(path)
            for verdict, text in with_texts(self._scorer.score_many, documents):
                entry.add(verdict)
                counts[verdict.label or "cannot tell"] += 1
                judged.append((verdict, text))
            current = stamp_of(path)
            if current == stamp:
                entry.sign(stamp)
        if current != stamp:
            if current is not None:
                self._arrivals.wait_for(path, current)
            return False
        self._tell(path, counts)
        if self._recent is not None:
            self._recent.forget(path)
            self._recent.add(path, judged)
        return True

    def _recent_page(self, path: str) -> Recent:
        """The page as it was when the last run ended."""
        recent = Recent(path, reference_of(self._scorer))
        found: list[tuple[str, list[tuple[Verdict, str | None]]]] = []
        missing = MAX_DOCUMENTS
        for done, verdicts in self._journal.latest():
            if missing <= 0:
                break
            texts = self._texts(done.path) if stamp_of(done.path) == done.stamp else []
            texts += [None] * (len(verdicts) - len(texts))
            found.append((done.path, list(zip(verdicts, texts, strict=False))))
            missing -= len(verdicts)
        for name, judged in reversed(found):
            recent.add(name, judged)
        recent.write()
        return recent

    def _texts(self, path: str) -> list[str | None]:
        return [
            None if document.text is None else scored_text(document)
            for document in self._settings.documents(path)
        ]
