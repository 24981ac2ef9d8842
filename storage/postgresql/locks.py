"""Locks that all processes on one database share; they hold no row and block no answer."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, func, select, text

from .connections import Database

# Advisory locks are numbers, private to one database: ours begin with "PCD" in ASCII.
_OURS = 0x504344
EXCLUSIVE = 1
MIGRATING = 2
_PATIENCE = "60s"


def hold(connection: Connection, purpose: int) -> None:
    """Wait for a lock; the end of the connection's transaction lets go of it."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    connection.execute(select(func.pg_advisory_xact_lock(_OURS, purpose)))


class ExclusiveLock:
    """Store.exclusive: one holder among all threads of all processes; a thread may nest it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        self._database.refuse_reader()
        with self._threads, ExitStack() as stack:
            if self._depth == 0:
                hold(stack.enter_context(self._database.transaction()), EXCLUSIVE)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
