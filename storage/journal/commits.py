"""Group commit: many threads wait, one of them flushes for all; knows no file and no document.

The thread that flushes (the leader) takes everything queued so far. Meanwhile others queue for the
next batch, each behind a gate of its own; when the leader is done it names the next leader, the
first waiter of the next batch, before it opens the gates of its own. (One lock around the sync
would not do: its waiters wake one by one, and hardly two lines would share a sync.)
"""

import threading
from collections.abc import Callable, Iterable

from .documents import Change
from .errors import JournalFailed


class Batch:
    """What one flush makes durable; a ticket holds its batch and depends on no other."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.changes: list[Change] = []
        self.actions: list[Callable[[], None]] = []  # run by the leader after the changes
        self.gates: list[threading.Lock] = []  # one for each waiting thread but the leader
        self.done = False
        self.error: BaseException | None = None

    def finish(self, error: BaseException | None) -> None:
        """Keep only the outcome: a ticket may be kept for long."""
        self.done, self.error = True, error
        self.lines, self.changes, self.actions = [], [], []


class GroupCommit:
    """Queue commits and flush them in order; after one failure refuse for ever.

    `flush` writes and applies a batch; `failed` is told of the first error. A batch is flushed when
    somebody waits for it or for a later one: a ticket nobody waits for rides with the next.
    """

    def __init__(
        self, flush: Callable[[Batch], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._flush, self._failed = flush, failed
        self._mutex = threading.Lock()
        self._next = Batch()
        self._flying: Batch | None = None
        self._led = False  # a thread leads, or is named and about to
        self._heir: threading.Lock | None = None  # the gate of the named one
        self._error: BaseException | None = None

    def add(self, line: bytes, changes: Iterable[Change]) -> "Ticket":
        """Queue one commit; call in the order the commits shall have."""
        with self._mutex:
            self._refuse_after_failure()
            self._next.lines.append(line)
            self._next.changes.extend(changes)
            return Ticket(self, self._next)

    def everything(self) -> "Ticket | None":
        """Give a ticket for all that is queued, None when nothing is."""
        with self._mutex:
            self._refuse_after_failure()
            batch = self._next if self._next.lines else self._flying
            return Ticket(self, batch) if batch else None

    def run(self, action: Callable[[], None]) -> None:
        """Run `action` between two batches, after all that is queued; wait for it."""
        with self._mutex:
            self._refuse_after_failure()
            batch = self._next
            batch.actions.append(action)
        self.wait(batch)

    def wait(self, batch: Batch) -> None:
        """Return when the batch is durable and applied; raise JournalFailed if it never will be."""
        if not batch.done and self._must_lead(batch):
            self._lead()
        if batch.error:
            raise _failure(batch.error) from batch.error

    def _refuse_after_failure(self) -> None:
        if self._error:
            raise _failure(self._error) from self._error

    def _must_lead(self, batch: Batch) -> bool:
        """Wait at a gate until the batch is done (False) or it is this thread's turn (True)."""
        with self._mutex:
            if batch.done:
                return False
            if not self._led:  # then nothing is flying, and the batch is the next one
                self._led = True
                return True
            gate = threading.Lock()
            gate.acquire()
            batch.gates.append(gate)
        try:
            gate.acquire()
        except BaseException:  # Ctrl-C: do not take the leadership into the grave
            self._leave(batch, gate)
            raise
        return self._heir is gate

    def _leave(self, batch: Batch, gate: threading.Lock) -> None:
        with self._mutex:
            if gate in batch.gates:
                batch.gates.remove(gate)
            heir = self._name_heir() if self._heir is gate else None
        if heir:
            heir.release()

    def _lead(self) -> None:
        with self._mutex:
            batch, self._next = self._next, Batch()
            self._flying, self._heir = batch, None
        error: BaseException | None = None
        try:
            self._flush(batch)
        except BaseException as caught:  # also Ctrl-C: what reached the disk is unknown
            error = caught
        for gate in self._finish(batch, error):
            gate.release()
        if error and not isinstance(error, Exception):
            raise error

    def _finish(self, batch: Batch, error: BaseException | None) -> list[threading.Lock]:
        """Settle the batch, name the next leader and return the gates to open, its own first."""
        with self._mutex:
            gates, self._flying = batch.gates, None
            if error:
                self._error = error
                self._failed(error)
                gates += self._next.gates
                self._next.finish(error)
                self._next = Batch()
            batch.finish(error)
            heir = self._name_heir()
            return [heir, *gates] if heir else gates

    def _name_heir(self) -> "threading.Lock | None":
        waiting = self._next.gates
        self._heir = waiting.pop(0) if waiting else None
        self._led = self._heir is not None
        return self._heir


class Ticket:
    """A claim on one commit."""

    __slots__ = ("_batch", "_commits")

    def __init__(self, commits: GroupCommit, batch: Batch) -> None:
        self._commits, self._batch = commits, batch

    def wait(self) -> None:
        """Return when the commit is durable and visible; raise JournalFailed if it is not.

        Any number of threads may wait, any number of times, or none.
        """
        self._commits.wait(self._batch)


def _failure(error: BaseException) -> JournalFailed:
    reason = str(error) or type(error).__name__
    return JournalFailed(f"The journal takes no more writes: {reason}")
