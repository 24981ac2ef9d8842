"""Shelves over one journal database: records whole in memory, every change on the disk first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from .errors import StoreFailed, StoreReadOnly, StoreRefused
from .journal import JournalDB, JournalError
from .records import Document, Kind

Item = TypeVar("Item")


class Documents(Protocol):
    """What can be read of a database: the live one, or a snapshot."""

    def documents(self, table: str) -> Iterator[tuple[int, Document]]:
        """All documents of a table at one moment, in the order of their ids; read only."""
        ...

    def document(self, table: str, doc_id: int) -> Document | None:
        """One document; read only."""
        ...


class FrozenShelf(Generic[Item]):
    """A shelf that can only be read."""

    def __init__(self, source: Documents, kind: Kind[Item]) -> None:
        self._source, self._kind = source, kind
        self._items: dict[str, Item] = {}
        self._ids: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Take the records anew from the database."""
        items: dict[str, Item] = {}
        for doc_id, document in self._source.documents(self._kind.table):
            item = self._read(doc_id, document)
            items[self._kind.key(item)] = item
            self._ids[self._kind.key(item)] = doc_id
        self._items = items

    def _read(self, doc_id: int, document: Document) -> Item:
        try:
            return self._kind.to_item(document)
        except ValueError as error:  # pydantic's are, too; their text may quote what is personal
            raise StoreRefused(
                f"registry.json, table {self._kind.table}, document {doc_id}: not readable by this"
                " program; it was changed by another one or a newer version. flask --app app"
                " storage check lists all such places; then restore the last backup."
            ) from error

    def get(self, key: str) -> Item | None:
        return self._items.get(key)

    def all(self) -> tuple[Item, ...]:
        return tuple(self._items.values())

    def add(self, item: Item) -> bool:
        raise StoreReadOnly("opened for reading only")

    def put(self, item: Item) -> None:
        raise StoreReadOnly("opened for reading only")

    def put_all(self, items: Sequence[Item]) -> None:
        raise StoreReadOnly("opened for reading only")

    def remove(self, key: str) -> None:
        raise StoreReadOnly("opened for reading only")


class JournalShelf(FrozenShelf[Item]):
    """A shelf that writes; changes wait for the disk under the database's lock, being rare."""

    def __init__(self, db: JournalDB, kind: Kind[Item]) -> None:
        super().__init__(db, kind)
        self._db = db

    def all(self) -> tuple[Item, ...]:
        with self._db.lock:
            return super().all()

    def add(self, item: Item) -> bool:
        with self._db.lock:
            if self._kind.key(item) in self._items:
                return False
            self.put(item)
            return True

    def put(self, item: Item) -> None:
        self.put_all((item,))

    def put_all(self, items: Sequence[Item]) -> None:
        with self._db.lock:
            ids = [self._id_for(self._kind.key(item)) for item in items]
            pairs = tuple(zip(ids, items, strict=True))
            self._write({doc_id: self._kind.to_document(item) for doc_id, item in pairs})
            for doc_id, item in pairs:
                key = self._kind.key(item)
                self._items[key], self._ids[key] = item, doc_id

    def _id_for(self, key: str) -> int:
        known = key in self._items
        return self._ids[key] if known else self._db.next_id(self._kind.table)

    def remove(self, key: str) -> None:
        with self._db.lock:
            if key in self._items:
                self._remove_all([key])

    def _remove_all(self, keys: Sequence[str]) -> None:
        """Forget several that are there, in one step."""
        self._write({self._ids[key]: None for key in keys})
        for key in keys:
            del self._items[key]

    def _write(self, documents: Mapping[int, Document | None]) -> None:
        try:
            self._db.commit([(self._kind.table, *one) for one in documents.items()]).wait()
        except JournalError as error:
            raise StoreFailed(str(error)) from error
