"""The database: TinyDB with a journal, joined from the parts of this package."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB

from .commits import Ticket
from .documents import dropped
from .engine import Clock, Journal, Op
from .errors import Failure, Notice
from .files import DISK, Files
from .storage import JournalStorage
from .table import JournalTable


class JournalDB(TinyDB):
    """A TinyDB whose every change is on the disk before it is acknowledged or seen.

    Raise JournalDamaged when the files cannot be trusted, StoreBusy when `lock` is True and another
    holds them, JournalFailed when the disk refuses. `clock` only dates `failure`.
    """

    table_class = JournalTable

    def __init__(
        self, path: Path, *, files: Files = DISK, lock: bool = True, clock: Clock | None = None
    ) -> None:
        super().__init__(Path(path), files=files, lock=lock, clock=clock, storage=JournalStorage)

        self._journal: Journal = cast(JournalStorage, self.storage).journal

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Hold this to read, decide and commit as one step; release it before `Ticket.wait`."""
        return self._journal.lock

    @property
    def path(self) -> Path:
        """Say where the database lies."""
        return self._journal.path

    @property
    def failure(self) -> Failure | None:
        """Say why writes are refused, None while they are taken."""
        return self._journal.failure

    @property
    def notices(self) -> list[Notice]:
        """List what an administrator should read: set-aside ends of segments, folds put off."""
        return list(self._journal.notices)

    def commit(self, ops: Iterable[Op]) -> Ticket:
        """Queue operations (table, id, document, or None to remove) as one atomic commit.

        Return at once; nothing is durable or visible before the ticket's `wait()` returns. Raise
        NotStorable before anything is queued.
        """
        return self._journal.commit(ops)

    def next_id(self, table: str) -> int:
        """Give an id that no document of the table has had, removed ones included."""
        return self._journal.next_id(table)

    def documents(self, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Iterate over a snapshot of (id, document) without copying: read only, never change."""
        return iter(self._journal.memory.table(table).items())

    def document(self, table: str, doc_id: int) -> dict[str, Any] | None:
        """Give one document without copying: read only, never change; None when there is none."""
        return self._journal.memory.live(table).get(doc_id)

    def fold(self) -> None:
        """Renew the file that stock TinyDB opens and delete the segments it covers.

        Writers go on meanwhile. Raise FoldFailed when the disk refuses; nothing is lost then.
        """
        self._journal.fold()

    def reopen(self) -> None:
        """Take writes again after a failure, or raise JournalFailed or JournalDamaged."""
        self._journal.reopen()

    def tables(self) -> set[str]:
        return self._journal.memory.names()

    def drop_table(self, name: str) -> None:
        self._tables.pop(name, None)
        self._drop({name})

    def drop_tables(self) -> None:
        self._tables.clear()
        self._drop(None)

    def _drop(self, names: set[str] | None) -> None:
        with self.lock:
            self._journal.drain()
            there = self.tables()
            chosen = there if names is None else there & names
            ticket = self._journal.queue([dropped(name) for name in chosen])
        ticket.wait()
