"""TinyDB's storage on the journal: reads and writes it as one piece; tables go past it."""

from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from .documents import changed, copied, dropped, emptied
from .engine import Clock, Journal
from .files import Files


class JournalStorage(Storage):
    """Own the journal of one database file."""

    def __init__(self, path: Path, *, files: Files, lock: bool, clock: Clock | None) -> None:
        self.journal = Journal(path, files, lock=lock, clock=clock)

    def read(self) -> dict[str, dict[str, Any]]:
        return {
            name: {str(doc_id): copied(document) for doc_id, document in table.items()}
            for name, table in self.journal.memory.tables().items()
        }

    def write(self, data: dict[str, dict[str, Any]]) -> None:  # `data` is TinyDB's word
        """Replace everything, in one commit."""
        with self.journal.lock:
            self.journal.drain()
            gone = self.journal.memory.names() - set(data)
            changes = [dropped(name) for name in gone]
            for name, table in data.items():
                changes.append(emptied(name))
                changes += [changed(name, int(doc_id), new) for doc_id, new in table.items()]
            ticket = self.journal.queue(changes)
        ticket.wait()

    def close(self) -> None:
        self.journal.close()
