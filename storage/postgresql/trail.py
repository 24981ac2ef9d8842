"""The audit trail: rows of one shelf whose keys are numbers; two that take the same number race."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from federation.trail import Entry, MakeEntry

from ..errors import StoreFailed
from ..records import TRAIL
from .connections import Database, pause
from .schema import RECORDS
from .shelf import KEY, SqlShelf, removing

_ROUNDS = 200
_MINE = RECORDS.c.shelf == TRAIL.table
_NEWEST_FIRST = select(RECORDS.c.document).where(_MINE).order_by(RECORDS.c.key.desc())
_FORGET = removing(RECORDS.c.key <= KEY)
_ANY_TIME = datetime.min.replace(tzinfo=UTC)
_COUNT = select(func.count()).select_from(RECORDS).where(_MINE)


class SqlTrail(SqlShelf[Entry]):
    """The trail that all processes append to."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, TRAIL)

    def append(self, make: MakeEntry) -> Entry:
        """Trail.append: who finds the next number taken makes another entry after that one."""
        for number in range(_ROUNDS):
            entry = make(self.last())
            if self.add(entry):
                return entry
            pause(number)
        raise StoreFailed("too many others wrote into the trail at once")

    def forget(self, through: int) -> None:
        rows = {"shelf": TRAIL.table, "key": Entry(through, _ANY_TIME, "", "").key}
        self._database.run(lambda connection: connection.execute(_FORGET, rows))

    def last(self) -> Entry | None:
        newest = self._database.run(lambda connection: connection.scalar(_NEWEST_FIRST.limit(1)))
        return None if newest is None else TRAIL.to_item(newest)

    def page(self, *, offset: int, limit: int) -> tuple[int, tuple[Entry, ...]]:
        rows = _NEWEST_FIRST.offset(min(offset, 2**63 - 1)).limit(limit)
        count, documents = self._database.run(
            lambda connection: (
                connection.execute(_COUNT).scalar_one(),
                connection.scalars(rows).all(),
            )
        )
        return count, tuple(map(TRAIL.to_item, documents))
