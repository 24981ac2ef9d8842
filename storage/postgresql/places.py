"""Places as rows with their counts: locked, all in one order, before any response is touched.

So an act that decides on places is one short transaction, two of them never wait for each other in
a circle, and a count is never apart from the responses that it counts.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Text, bindparam, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ..places import NOBODY, Place, PlaceCount, Places, Stake
from .schema import PLACES

_ROW = PLACES.c
_NAMES = bindparam("names", type_=ARRAY(Text))
_OF_FORM = _ROW.definition == bindparam("form")
_FOUND = (_ROW.name, _ROW.taken, _ROW.waiting)
_LOOK = select(*_FOUND).where(_OF_FORM, _ROW.name == func.any(_NAMES))
# Setting a count to itself locks its row and gives it as it is now, also one made meanwhile.
_LOCK = (
    insert(PLACES)
    .from_select(
        ["definition", "name", "taken", "waiting"],
        select(bindparam("form", type_=Text), func.unnest(_NAMES), literal(0), literal(0)),
    )
    .on_conflict_do_update(index_elements=["definition", "name"], set_={"taken": _ROW.taken})
    .returning(*_FOUND)
)
_HERE = _OF_FORM & (_ROW.name == bindparam("place"))
_COUNT = update(PLACES).where(_HERE).values(taken=bindparam("new"), waiting=bindparam("queue"))
_FORGET = delete(PLACES).where(_HERE)


def look(connection: Connection, form: str, names: Iterable[str]) -> dict[str, Place]:
    """The places as they are; nobody is kept from changing them."""
    rows = connection.execute(_LOOK, {"form": form, "names": sorted(set(names))})
    return {row.name: Place(row.taken, row.waiting) for row in rows}


def lock(connection: Connection, form: str, names: Iterable[str]) -> dict[str, Place]:
    """The places as they stay until the transaction ends; follow it by `keep_count`."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    rows = connection.execute(_LOCK, {"form": form, "names": wanted})
    return {row.name: Place(row.taken, row.waiting) for row in rows}


def keep_count(
    connection: Connection, form: str, locked: Places, added: Stake, removed: Stake | None = None
) -> dict[str, Place]:
    """Write the counts of locked places anew, and give them; of what nobody has no row stays."""
    count = PlaceCount()
    count.add(locked)
    count.add(removed or {}, -1)
    count.add(added)
    new = count.of(locked)
    changed = [
        {"form": form, "place": name, "new": place.taken, "queue": place.waiting}
        for name, place in new.items()
        if place not in (locked[name], NOBODY)
    ]
    empty = [{"form": form, "place": name} for name, place in new.items() if place == NOBODY]
    if changed:
        connection.execute(_COUNT, changed)
    if empty:
        connection.execute(_FORGET, empty)
    return new
