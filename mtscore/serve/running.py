"""The service from its start to its end."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mtscore.errors import MtscoreError, UsageError
from mtscore.serve.settings import Settings


def serve(settings: Settings, say: Callable[[str], object]) -> None:
    """Answer requests until the process is told to end (SIGTERM, or an interrupt from the keyboard); what is being
    answered then is answered first. `say` hears the address once everything is loaded. Raises `MtscoreError` when the
    service cannot start."""
    try:
        import uvicorn

        from mtscore.serve.app import application
    except ImportError as error:
        raise MtscoreError(
            f"mtscore serve needs {error.name or 'a package'}: run pip install '.[serve]' in a checkout"
        ) from error
    from mtscore.serve.labels import Labels
    from mtscore.serve.processes.readers import Readers

    with _listening(settings) as listener, Readers(settings) as readers, Labels(settings.labels) as labels:
        logging.getLogger("uvicorn").addHandler(logging.NullHandler())
        config = uvicorn.Config(
            application(settings, readers, labels),
            access_log=False,
            lifespan="off",
            limit_concurrency=4 * settings.queue + 64,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=int(settings.grace),
        )
        say(f"{_address(settings, listener)} (Ctrl-C stops it)")
        with _quiet_end():
            uvicorn.Server(config).run([listener])


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address of the service."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(1024)
        except OSError as error:
            raise UsageError(
                f"cannot listen at {settings.host} port {settings.port}: {error.strerror or error}; "
                "choose another --port or --host"
            ) from error
        yield listener


def _address(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}/"


@contextmanager
def _quiet_end() -> Iterator[None]:
    """The server passes the signal that ended it on when it is done; by then there is nothing left to end."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
