"""The tables in memory: what is durable and nothing else; knows no file.

Documents in it are never changed, only replaced, so a copied dict is a snapshot.
"""

import threading
from collections.abc import Iterable

from .documents import Change, Document, Tables


class Memory:
    """Tables that one thread changes, whole commits at a time, while others read."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lock = threading.Lock()  # held while a batch is applied, so that none is seen half

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply changes in journal order."""
        with self._lock:
            for change in changes:
                apply_change(self._tables, change.table, change.doc_id, change.document)

    def names(self) -> set[str]:
        with self._lock:
            return set(self._tables)

    def live(self, table: str) -> dict[int, Document]:
        """Give the table itself: for single lookups, or while nothing is being committed."""
        return self._tables.get(table, {})

    def table(self, table: str) -> dict[int, Document]:
        """Give a snapshot of one table."""
        with self._lock:
            return dict(self.live(table))

    def tables(self) -> Tables:
        """Give a snapshot of all tables, at one point of the journal."""
        with self._lock:
            return {name: dict(table) for name, table in self._tables.items()}


def apply_change(tables: Tables, table: str, doc_id: int | None, document: Document | None) -> None:
    """Apply one step of a commit, from memory or from a line."""
    if doc_id is not None:
        documents = tables.setdefault(table, {})
        if document is None:
            documents.pop(doc_id, None)
        else:
            documents[doc_id] = document
    elif document is None:
        tables.pop(table, None)
    else:
        tables[table] = {}
