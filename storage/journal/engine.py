"""The engine: commits, ids, folding and reopening; knows nothing of TinyDB.

Lock order: `lock` (reading, deciding, queueing), then `_folding` (one fold at a time). The leader
of the group commit takes neither, so that whoever holds them may wait for it.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .commits import Batch, GroupCommit, Ticket
from .documents import Change, changed, check_table
from .errors import Failure, FoldFailed, JournalError, JournalFailed, Notice, reported
from .files import Files, replace_file
from .lines import commit_line
from .loading import load
from .lock import FileLock
from .memory import Memory
from .names import lock_path
from .repair import clear_away, fold_away
from .segments import Segments
from .snapshot import Snapshot, encoded

FOLD_BYTES = 32 * 2**20  # segments longer than this (and a quarter of the snapshot) are folded

Op = tuple[str, int, Mapping[str, Any] | None]
Clock = Callable[[], datetime]


class Journal:
    """One database file and its segments, open for writing."""

    memory: Memory
    _commits: GroupCommit
    _segments: Segments

    def __init__(self, path: Path, files: Files, *, lock: bool, clock: Clock | None) -> None:
        self.path, self.lock = path, threading.RLock()
        self.failure: Failure | None = None
        self.notices: list[Notice] = []
        self._files, self._clock = files, clock
        self._folding = threading.Lock()
        self._folder: threading.Thread | None = None
        self._closed = False
        self._last: dict[str, int] = {}  # the highest id given in each table
        with reported(f"Cannot open {path}"):
            files.make_folder(path.parent)
            self._owner = FileLock(lock_path(path), f"The database {path}") if lock else None
        try:
            self._open(probe=False)
        except BaseException:
            self._release()
            raise

    def commit(self, ops: Iterable[Op]) -> Ticket:
        """Queue operations (table, id, document or None to remove) as one atomic commit."""
        return self.queue([changed(*op) for op in ops])

    def queue(self, changes: list[Change]) -> Ticket:
        """Queue changes already encoded; without any, the ticket is for what is queued so far."""
        line = commit_line(changes) if changes else b""
        with self.lock:
            self._refuse_if_closed()
            for change in changes:
                if change.doc_id is not None and change.document is not None:
                    self.note_id(change.table, change.doc_id)
            return self._commits.add(line, changes)

    def drain(self) -> None:
        """Wait for all that is queued; under `lock`, memory is then what the next commit meets."""
        if ticket := self._commits.everything():
            ticket.wait()

    def next_id(self, table: str) -> int:
        """Give an id that no document of the table has had."""
        check_table(table)
        with self.lock:
            self._last[table] = self._last.get(table, 0) + 1
            return self._last[table]

    def note_id(self, table: str, doc_id: int) -> None:
        """Never give this id again, nor one below it; call under `lock`."""
        if doc_id > self._last.get(table, 0):
            self._last[table] = doc_id

    def fold(self) -> None:
        """Write the snapshot anew and delete the segments it covers, while writers go on.

        Return at once when there is nothing to fold. Raise FoldFailed when the disk refuses; then
        the segments stay, and the next fold tries again.
        """
        with self._folding:
            if self._closed:
                return
            taken: list[tuple[Snapshot, list[int], int]] = []
            self._commits.run(lambda: taken.append(self._taken()))
            snapshot, numbers, size = taken[0]
            if numbers:
                with reported(f"Cannot fold {self.path}", FoldFailed):
                    written = replace_file(self._files, self.path, encoded(snapshot))
                    fold_away(self._files, self.path, numbers)
                self._segments.forget(numbers, size)
                self._fold_at = max(FOLD_BYTES, written // 4)
                # What was put off is done.
                self.notices = [notice for notice in self.notices if notice.path != self.path]

    def reopen(self) -> None:
        """Read the files anew after a failure and take writes again, or raise why it cannot be.

        What was refused may be there now: a line can be whole on the disk although its sync failed.
        """
        with self.lock, self._folding:
            self._refuse_if_closed()
            if self.failure:
                with contextlib.suppress(OSError):
                    self._segments.close()
                self._open(probe=True)
                self.failure = None

    def close(self) -> None:
        """Fold if there is anything to fold, and let go of the files."""
        with self.lock:
            try:
                if not self._closed and not self.failure:
                    self.drain()
                    self._join_folder()
                    self.fold()
            finally:
                self._closed = True
                self._join_folder()
                self._release()

    def _open(self, *, probe: bool) -> None:
        """Load, repair and, to learn whether the disk takes writes again, start a segment."""
        with reported(f"Cannot open {self.path}"):
            loaded = load(self.path, self._files)
            self.notices += clear_away(self._files, self.path, loaded)
            segments = Segments(self._files, self.path, loaded)
            if probe:
                segments.probe()
        for table, last in loaded.last.items():
            self.note_id(table, last)
        self._segments, self.memory = segments, Memory(loaded.tables)
        self._fold_at = max(FOLD_BYTES, loaded.snapshot_size // 4)
        self._commits = GroupCommit(self._flush, self._fail)

    def _flush(self, batch: Batch) -> None:
        """Make a batch durable, and only then visible."""
        if lines := b"".join(batch.lines):
            self._segments.append(lines)
            self.memory.apply(batch.changes)
        for action in batch.actions:
            action()
        if self._segments.size > self._fold_at:
            self._fold_soon()

    def _fail(self, error: BaseException) -> None:
        reason = f"{type(error).__name__}: {error}"
        self.failure = Failure(reason, self._clock() if self._clock else None)

    def _taken(self) -> tuple[Snapshot, list[int], int]:
        """End the open segment and take the tables as they are at its end."""
        numbers = self._segments.roll()
        tables = self.memory.tables() if numbers else {}
        snapshot = Snapshot(tables, dict(self._last), max(numbers, default=0))
        return snapshot, numbers, self._segments.size

    def _fold_soon(self) -> None:
        if self._folder and self._folder.is_alive():
            return
        self._fold_at += FOLD_BYTES  # if this fold fails, the next try is due then
        self._folder = threading.Thread(target=self._fold_in_background, daemon=True)
        with contextlib.suppress(RuntimeError):  # no thread to be had: the next try is due then too
            self._folder.start()

    def _fold_in_background(self) -> None:
        try:
            self.fold()
        except JournalError as error:
            self.notices.append(Notice(f"Folding was put off. {error}", self.path))

    def _join_folder(self) -> None:
        if self._folder and self._folder.is_alive():
            self._folder.join()

    def _release(self) -> None:
        with contextlib.suppress(AttributeError, OSError):  # opening may have failed before
            self._segments.close()
        if self._owner:
            self._owner.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise JournalFailed(f"{self.path} is closed.")
