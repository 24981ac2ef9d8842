"""TinyDB's table on the journal: its own methods, made durable, atomic and safe for threads.

Reads come from snapshots, what is handed out is a copy, and the query cache is off, because a
thread could fill it with what another has just replaced. Query conditions are given the documents
themselves and must not change them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from .changes import Changes
from .documents import Change, changed, check_table, copied, encode
from .storage import JournalStorage

Fields = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class JournalTable(Table):
    """One table; what is not overridden here is TinyDB's and goes through what is."""

    def __init__(
        self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False
    ) -> None:
        self._journal = cast(JournalStorage, storage).journal
        super().__init__(storage, name, cache_size=0, persist_empty=persist_empty)

    # Reading

    def search(self, cond: QueryLike) -> list[Document]:
        return [self._handed_out(*item) for item in self._snapshot() if cond(item[1])]

    def get(
        self,
        cond: QueryLike | None = None,
        doc_id: int | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> Any:
        if doc_id is not None:
            document = self._journal.memory.live(self.name).get(doc_id)
            return None if document is None else self._handed_out(doc_id, document)
        if doc_ids is not None:
            wanted = set(doc_ids)
            return [self._handed_out(*item) for item in self._snapshot() if item[0] in wanted]
        if cond is not None:
            found = (self._handed_out(*item) for item in self._snapshot() if cond(item[1]))
            return next(found, None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def count(self, cond: QueryLike) -> int:
        return sum(1 for _, document in self._snapshot() if cond(document))

    def __len__(self) -> int:
        return len(self._journal.memory.live(self.name))

    def __iter__(self) -> Iterator[Document]:
        return (self._handed_out(*item) for item in self._snapshot())

    def _snapshot(self) -> Iterable[tuple[int, dict[str, Any]]]:
        return self._journal.memory.table(self.name).items()

    def _handed_out(self, doc_id: int, document: dict[str, Any]) -> Document:
        return self.document_class(copied(document), doc_id)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(doc_id): copied(document) for doc_id, document in self._snapshot()}

    # Writing

    def insert(self, document: Mapping[str, Any]) -> int:
        """Store a new document; threads that insert at the same time share one sync."""
        if not isinstance(document, Mapping):
            raise ValueError("Document is not a Mapping")
        if isinstance(document, self.document_class):
            return self._insert_as(document.doc_id, document)
        check_table(self.name)
        kept, text = encode(document)  # before the lock: it is most of the work
        with self._journal.lock:
            doc_id = self._journal.next_id(self.name)
            ticket = self._journal.queue([Change(self.name, doc_id, kept, text)])
        ticket.wait()
        return doc_id

    def _insert_as(self, doc_id: int, document: Mapping[str, Any]) -> int:
        change = changed(self.name, doc_id, document)
        with self._journal.lock:
            self._journal.drain()  # what is queued may have this id
            if doc_id in self._journal.memory.live(self.name):
                raise ValueError(f"Document with ID {doc_id} already exists")
            ticket = self._journal.queue([change])
        ticket.wait()
        return doc_id

    def update(
        self,
        fields: Fields,
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        with self._journal.lock:
            return super().update(fields, None, self._chosen(cond, doc_ids))

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        with self._journal.lock:  # over both steps, update and insert
            return super().upsert(document, cond)

    def remove(
        self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        with self._journal.lock:
            return super().remove(None, self._chosen(cond, doc_ids))

    def _chosen(
        self, cond: QueryLike | None, doc_ids: Iterable[int] | None
    ) -> Iterable[int] | None:
        """Find the documents first, so that only they are copied."""
        if doc_ids is not None or cond is None:
            return doc_ids
        self._journal.drain()
        stored = self._journal.memory.live(self.name)
        return [doc_id for doc_id, document in stored.items() if cond(document)]

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        """Let `updater` change the table and commit what it changed."""
        journal, name = self._journal, self.name
        with journal.lock:
            journal.drain()
            stored = journal.memory.live(name)
            changes = Changes(stored, lambda doc_id: journal.note_id(name, doc_id))
            updater(cast("dict[int, Mapping[str, Any]]", changes))
            steps = changes.encoded(name, exists=name in journal.memory.names())
            ticket = journal.queue(steps) if steps else None
        if ticket:
            ticket.wait()

    def _get_next_id(self) -> int:
        return self._journal.next_id(self.name)
