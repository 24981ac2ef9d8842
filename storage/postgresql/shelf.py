"""One shelf: its records in one table, parsed once, and asked of the database at every read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Text,
    bindparam,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from ..records import Document, Kind
from .connections import Database, is_storable
from .schema import RECORDS, SHELVES

Item = TypeVar("Item")

_SHELF, KEY = bindparam("shelf", type_=Text), bindparam("key", type_=Text)
_first_turn = insert(SHELVES).values(shelf=_SHELF, turn=1, mark=func.gen_random_uuid())
# The next turn locks the shelf's row first: changes of one shelf come one after the other.
_turn = (
    _first_turn.on_conflict_do_update(
        index_elements=["shelf"],
        set_={"turn": SHELVES.c.turn + 1, "mark": _first_turn.excluded.mark},
    )
    .returning(SHELVES.c.turn)
    .cte("turn")
)
_insert = insert(RECORDS).from_select(
    ["shelf", "key", "added", "document"],
    select(_SHELF, KEY, _turn.c.turn, bindparam("document", type_=RECORDS.c.document.type)).add_cte(
        _turn
    ),
)
_ADD = _insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
_PUT = _insert.on_conflict_do_update(
    index_elements=["shelf", "key"], set_={"document": _insert.excluded.document}
)
_HERE = (RECORDS.c.shelf == _SHELF) & (RECORDS.c.key == KEY)


def removing(which: ColumnElement[bool]) -> Delete:
    """Delete rows of one shelf by its `shelf` and `key`, as its next turn."""
    there = select(_turn.c.turn).scalar_subquery() > literal(0)
    return delete(RECORDS).where(RECORDS.c.shelf == _SHELF, which, there)


_REMOVE = removing(RECORDS.c.key == KEY)
_GET = select(RECORDS.c.document).where(_HERE)
_MARK = select(SHELVES.c.mark).where(SHELVES.c.shelf == _SHELF)
_ALL = (
    select(RECORDS.c.key, RECORDS.c.document)
    .where(RECORDS.c.shelf == _SHELF)
    .order_by(RECORDS.c.added)
)


@dataclass(frozen=True)
class _Seen(Generic[Item]):
    """What the shelf held under a mark, or a little later: never less than the mark promises."""

    mark: UUID | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)


class SqlShelf(Generic[Item]):
    """A shelf of which every process sees the latest state.

    What costs time is not asking (one row by its key) but making records of documents, so these
    are kept as long as their documents stay the same.
    """

    def __init__(self, database: Database, kind: Kind[Item]) -> None:
        self._database, self._kind = database, kind
        self._seen: _Seen[Item] = _Seen()

    def get(self, key: str) -> Item | None:
        if not is_storable(key):
            return None
        place = {"shelf": self._kind.table, "key": key}
        document = self._database.run(lambda connection: connection.scalar(_GET, place))
        return None if document is None else self._item(self._seen, key, document)

    def all(self) -> tuple[Item, ...]:
        seen = self._database.run(self._latest)
        self._seen = seen
        return tuple(seen.items.values())

    def _latest(self, connection: Connection) -> _Seen[Item]:
        seen, shelf = self._seen, {"shelf": self._kind.table}
        mark = connection.scalar(_MARK, shelf)
        if mark == seen.mark:
            return seen
        documents = {row.key: row.document for row in connection.execute(_ALL, shelf)}
        items = {key: self._item(seen, key, document) for key, document in documents.items()}
        return _Seen(mark, documents, items)

    def _item(self, seen: _Seen[Item], key: str, document: Document) -> Item:
        if seen.documents.get(key) == document:
            return seen.items[key]
        return self._kind.to_item(document)

    def add(self, item: Item) -> bool:
        # The look saves a turn, and finds dead connections while asking again is still safe.
        if self.get(self._kind.key(item)) is not None:
            return False
        return self._change(_ADD, item, again_if_cut_off=False) == 1

    def put(self, item: Item) -> None:
        self._change(_PUT, item, again_if_cut_off=True)

    def put_all(self, items: Sequence[Item]) -> None:
        rows = [self._row(item) for item in items]
        if rows:
            self._database.run(
                lambda connection: [connection.execute(_PUT, row) for row in rows], whole=True
            )

    def _change(self, statement: Insert, item: Item, *, again_if_cut_off: bool) -> int:
        row = self._row(item)
        return self._database.run(
            lambda connection: connection.execute(statement, row).rowcount,
            again_if_cut_off=again_if_cut_off,
        )

    def _row(self, item: Item) -> dict[str, object]:
        return {
            "shelf": self._kind.table,
            "key": self._kind.key(item),
            "document": self._kind.to_document(item),
        }

    def remove(self, key: str) -> None:
        if not is_storable(key):
            return
        place = {"shelf": self._kind.table, "key": key}
        self._database.run(lambda connection: connection.execute(_REMOVE, place))
