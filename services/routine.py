"""A thread that looks every few minutes whether something is due, while the server runs."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from storage.errors import StoreError

from .errors import Refusal

EVERY = 600.0  # seconds between two looks

_log = logging.getLogger(__name__)


class Beside(Protocol):
    """Work beside the requests: begun with the server, ended ahead of the store."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Routine:
    """Calls `look` again and again until it is stopped; `look` must not raise."""

    def __init__(self, name: str, look: Callable[[], None], *, every: float = EVERY) -> None:
        self._name, self._look, self._every = name, look, every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._has_looked = False

    @property
    def is_first_look(self) -> bool:
        """Whether the first look since the start is under way."""
        return self._thread is not None and not self._has_looked

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until a look under way has ended."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._look()
            self._has_looked = True
            self._stop.wait(self._every)


class Daily:
    """Work for once a day; what a store refused is tried again at the next look."""

    def __init__(
        self,
        name: str,
        act: Callable[[datetime], object],
        now: Callable[[], datetime],
        *,
        every: float = EVERY,
    ) -> None:
        self._name, self._act, self._now = name, act, now
        self._done: date | None = None
        self._routine = Routine(name, self.look, every=every)

    def start(self) -> None:
        self._routine.start()

    def stop(self) -> None:
        self._routine.stop()

    def look(self) -> None:
        """Do it unless it was done today."""
        now = self._now()
        if self._done == now.date():
            return
        try:
            self._act(now)
        except (StoreError, Refusal) as error:
            _log.warning("%s could not be done: %s", self._name, error)
        else:
            self._done = now.date()
