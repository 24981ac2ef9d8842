"""How a response gets in: exactly once, whichever process it comes to; see Store.add_response."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from forms.response import WITHDRAWN, Response

from ..errors import ReceiptTaken, StoreFailed
from ..places import Claim, PlaceCount, Places, Stake, names_of, settled, stake, stake_of
from ..records import read_response, response_document
from ..response_filter import clear_answers, name_key, written
from ..store import Added
from .connections import Database, pause
from .places import keep_count, lock
from .schema import RESPONSES

VARIANT = "variant"
BATCH = 500
_ROUNDS = 10
_TICK = timedelta(microseconds=1)

_KEPT = RESPONSES.c
_ADD_NOW = (
    insert(RESPONSES)
    .values(arrived_at=func.coalesce(bindparam("arrived_at"), func.clock_timestamp()))
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)
)
_COPY = insert(RESPONSES).on_conflict_do_nothing().returning(_KEPT.id)
_KNOWN_IDS = select(_KEPT.id).where(
    _KEPT.definition == bindparam("definition"), _KEPT.id == func.any(bindparam("ids"))
)
_SAME_FORM = _KEPT.definition == bindparam("definition")
_SAME_INSTANCE = _SAME_FORM & (_KEPT.instance == bindparam("instance"))
_SAME = (
    select(_KEPT.document)
    .where(_SAME_INSTANCE, _KEPT.content == bindparam("content"))
    .scalar_subquery()
)
_GONE = (
    select(_KEPT.document)
    .where(_SAME_INSTANCE, _KEPT.document["state"].astext == WITHDRAWN)
    .limit(1)
    .scalar_subquery()
)
# One statement, so one state: a resend has the receipt of its first, and two looks could see the
# receipt taken without seeing by whom.
_LOOK = select(
    _SAME.label("same"),
    _GONE.label("gone"),
    exists().where(_SAME_INSTANCE).label("instance"),
    exists().where(_SAME_FORM, _KEPT.receipt == bindparam("receipt")).label("receipt"),
    exists().where(_SAME_FORM, _KEPT.id == bindparam("id")).label("id"),
)


def add_response(database: Database, response: Response, claims: Sequence[Claim]) -> Added:
    """Store.add_response."""
    form, names = response.definition, names_of(claims)
    tries = 0

    def act(connection: Connection) -> Added:
        nonlocal tries
        tries += 1
        places = lock(connection, form, names)
        added = _add(connection, response, claims, places)
        keep_count(connection, form, places, stake_of(added.response) if added.stored else {})
        # Ids are random: ours is there only if a try that was cut off had kept it.
        was_ours = tries > 1 and added.response.id == response.id
        return replace(added, stored=True) if was_ours else added

    return database.run(act, whole=bool(names))


def _add(
    connection: Connection, response: Response, claims: Sequence[Claim], places: Places
) -> Added:
    """Insert; where that did nothing, look why.

    Every insert waits for rivals under way, so the look sees what was in the way, unless it was
    removed meanwhile: then the next round decides.
    """
    first = candidate = settled(response, claims, places)
    for number in range(_ROUNDS):
        if connection.execute(_ADD_NOW, _row(candidate, first=candidate is first)).rowcount:
            return Added(candidate, stored=True)
        found = connection.execute(_LOOK, _keys(response)).one()
        if found.same is not None:
            return Added(read_response(found.same), stored=False)
        if found.gone is not None:
            return Added(read_response(found.gone), stored=False)
        if found.receipt:
            raise ReceiptTaken(response.receipt)
        if found.id:
            raise StoreFailed(f"the id {response.id} is taken by another response")
        candidate = first
        if found.instance:
            variant = replace(response, flags=(*response.flags, VARIANT))
            candidate = settled(variant, (), places)
        if number:
            pause(number)
    raise StoreFailed("too many others sent the same response at once")


def load_responses(database: Database, definition: str, responses: Iterable[Response]) -> int:
    """Store.load_responses; `responses` are of this definition."""
    copying = _Copying(database, definition)
    left = iter(responses)
    while batch := list(islice(left, BATCH)):
        copying.copy(batch)
    return copying.count


class _Copying:
    """One load: batches in their order, each a moment later than the one before.

    What was cut off is not tried again here: how much of it was kept would be unknown. The caller
    may load everything once more.
    """

    def __init__(self, database: Database, definition: str) -> None:
        self._database, self._definition = database, definition
        self._arrived_at: datetime = database.run(
            lambda connection: connection.execute(select(func.clock_timestamp())).scalar_one()
        )
        self.count = 0

    def copy(self, batch: list[Response]) -> None:
        """Insert a batch at once; then those that were in each other's or an earlier one's way."""
        rows = [self._next_row(response) for response in batch]
        new = self._insert(rows)
        left = [row for row in rows if row["id"] not in new]
        known = self._known([row["id"] for row in left]) if left else set()
        for row in left:
            if row["id"] not in known:
                self._insert_beside(row)

    def _next_row(self, response: Response) -> dict[str, Any]:
        self._arrived_at += _TICK
        return _row(response, first=True, arrived_at=self._arrived_at)

    def _insert(self, rows: list[dict[str, Any]]) -> set[str]:
        stakes = {row["id"]: _stake_of(row) for row in rows}
        names = {name for added in stakes.values() for name in added}

        def act(connection: Connection) -> set[str]:
            places = lock(connection, self._definition, names)
            new = set(connection.execute(_COPY, rows).scalars())
            count = PlaceCount()
            for key in new:
                count.add(stakes[key])
            keep_count(connection, self._definition, places, count.all())
            return new

        new = self._database.run(act, again_if_cut_off=False, whole=bool(names))
        self.count += len(new)
        return new

    def _known(self, ids: list[str]) -> set[str]:
        asked = {"definition": self._definition, "ids": ids}
        return self._database.run(
            lambda connection: set(connection.execute(_KNOWN_IDS, asked).scalars())
        )

    def _insert_beside(self, row: dict[str, Any]) -> None:
        """Insert beside the first of its instance, as it is; nothing when the very same is there.

        The very same may stand under another id: it was resent after the copy had been taken.
        """
        if self._insert([{**row, "variant": True}]):
            return
        found = self._database.run(lambda connection: connection.execute(_LOOK, row).one())
        if found.same is None and not found.id:
            raise ReceiptTaken(row["receipt"])


def _stake_of(row: dict[str, Any]) -> Stake:
    document = row["document"]
    return stake(document.get("claims", ()), document.get("waits_for", ()))


def _keys(response: Response) -> dict[str, Any]:
    names = ("definition", "instance", "content", "receipt", "id")
    return {name: getattr(response, name) for name in names}


def columns_of(response: Response) -> dict[str, Any]:
    """The columns that repeat what the document says, for keys and filters."""
    clear = clear_answers(response)
    return {
        **_keys(response),
        "unit": response.unit,
        "place": response.place,
        "point": response.point,
        "submitted_at": response.submitted_at,
        "withdrawn": not response.is_in_use,
        "waiting": bool(response.waits_for),
        "found_by": sorted(set(response.found_by.values())),
        "state": response.state,
        "version": response.version,
        "assigned": response.assigned,
        "flags": list(response.flags),
        "written": written(response.receipt, response.place, clear),
        "name_key": name_key(clear),
    }


def changeable(response: Response) -> dict[str, Any]:
    """The columns that a change of the response may change."""
    fixed = ("definition", "instance", "receipt", "id")
    columns = {name: value for name, value in columns_of(response).items() if name not in fixed}
    return {**columns, "document": response_document(response)}


def _row(response: Response, *, first: bool, arrived_at: datetime | None = None) -> dict[str, Any]:
    """The row; without a time of arrival the database's clock gives it."""
    return {
        **columns_of(response),
        "arrived_at": response.submitted_at if is_coarse(response) else arrived_at,
        "variant": not first,
        "document": response_document(response),
    }


def is_coarse(response: Response) -> bool:
    """Whether the response is of an anonymous form, of which only the full hour may be kept.

    The minute of arrival would tell, beside a list of who came when, who wrote it. So these stand
    in order of their hours, and within an hour in the order of their random ids.
    """
    when = response.submitted_at
    return response.receipt.startswith("h:") and when.minute == when.second == 0
