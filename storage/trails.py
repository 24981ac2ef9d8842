"""The audit trail: how every one is read, and the one over a journal database of its own."""

from itertools import islice

from federation.trail import Entry, MakeEntry

from .errors import StoreReadOnly
from .journal import JournalDB
from .records import TRAIL
from .shelves import Documents, FrozenShelf, JournalShelf


class TrailInMemory:
    """Reading a trail whose entries are all in memory, in their order."""

    _items: dict[str, Entry]

    def all(self) -> tuple[Entry, ...]:
        raise TypeError("a shelf says what it holds")

    def last(self) -> Entry | None:
        return next(reversed(self._items.values()), None)

    def page(self, *, offset: int, limit: int) -> tuple[int, tuple[Entry, ...]]:
        entries = self.all()
        return len(entries), tuple(islice(reversed(entries), offset, offset + limit))


class FrozenTrail(FrozenShelf[Entry], TrailInMemory):
    """A trail that can only be read."""

    def __init__(self, source: Documents) -> None:
        super().__init__(source, TRAIL)

    def append(self, make: MakeEntry) -> Entry:
        raise StoreReadOnly("opened for reading only")

    def forget(self, through: int) -> None:
        raise StoreReadOnly("opened for reading only")


class JournalTrail(JournalShelf[Entry], TrailInMemory):
    """A trail that grows; appended to under its database's lock."""

    def __init__(self, db: JournalDB) -> None:
        super().__init__(db, TRAIL)

    def append(self, make: MakeEntry) -> Entry:
        with self._db.lock:  # the next entry is made from the last one
            entry = make(self.last())
            self.put(entry)
            return entry

    def forget(self, through: int) -> None:
        with self._db.lock:
            self._remove_all([e.key for e in self._items.values() if e.number <= through])
