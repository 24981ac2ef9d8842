"""How a kept response changes: compared and put in one statement; see Store.change_response."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import JSONB

from forms.response import Response

from ..checked import check_change
from ..places import Claim, Place, Places, names_of, reseated, settled, stake_of
from ..records import read_response, response_document
from .adding import changeable
from .connections import Database
from .places import keep_count, lock, look
from .responses import WAITING
from .schema import RESPONSES

_KEPT = RESPONSES.c
_HERE = (_KEPT.definition == bindparam("form")) & (_KEPT.id == bindparam("key"))
# Documents are compared as JSONB: by what they say, not by how they are spelt.
_PUT = (
    update(RESPONSES)
    .where(_HERE, _KEPT.document == bindparam("expected", type_=JSONB))
    .execution_options(preserve_rowcount=True)
)
_NOW = select(_KEPT.document).where(_HERE)


class _Outcome(NamedTuple):
    """What was put in the place of the expected response, if it was; and its places after that."""

    put: Response | None
    places: dict[str, Place]


def change_response(
    database: Database, expected: Response, new: Response, claims: Sequence[Claim] | None
) -> bool:
    """Store.change_response."""
    check_change(expected, new, claims)
    database.refuse_reader()

    def decide(places: Places) -> Response:
        return new if claims is None else settled(new, claims, places, expected)

    names = (*expected.claims, *names_of(claims or ()))
    return _exchange(database, expected, names, decide).put is not None


def change_responses(database: Database, changes: Mapping[str, tuple[Response, Response]]) -> int:
    """Store.change_responses: one transaction, so one wait for the disk."""
    database.refuse_reader()
    with database.transaction() as connection:
        return sum(
            _put(connection, {"form": new.definition, "key": new.id}, expected, new)
            for expected, new in changes.values()
        )


def promote(
    database: Database, definition: str, limits: Mapping[str, int], at: datetime
) -> tuple[Response, ...]:
    """Store.promote: each response in a transaction of its own, in the order of their arrival."""
    database.refuse_reader()
    waiting, places = database.run(lambda connection: _look(connection, definition))
    seated = []
    for response in waiting:

        def decide(found: Places, response: Response = response) -> Response:
            return reseated(response, limits, found, at)

        if decide(places) == response:
            continue  # as far as can be seen without locking; what becomes free is told again
        outcome = _exchange(database, response, response.claims, decide)
        places |= outcome.places
        if outcome.put is not None and not outcome.put.waits_for:
            seated.append(outcome.put)
    return tuple(seated)


def _look(connection: Connection, form: str) -> tuple[list[Response], dict[str, Place]]:
    documents = connection.scalars(WAITING, {"definition": form}).all()
    waiting = list(map(read_response, documents))
    return waiting, look(connection, form, (name for one in waiting for name in one.claims))


def _exchange(
    database: Database,
    expected: Response,
    names: Iterable[str],
    decide: Callable[[Places], Response],
) -> _Outcome:
    """Put what `decide` makes of the locked places in the place of the expected response."""
    wanted, form = frozenset(names), expected.definition
    here = {"form": form, "key": expected.id}
    tried: list[Response] = []

    def act(connection: Connection) -> _Outcome:
        places = lock(connection, form, wanted)
        new = decide(places)
        if not _put(connection, here, expected, new):
            after = keep_count(connection, form, places, {})
            return _Outcome(_kept_before(connection, here, tried), after)
        tried.append(new)
        return _Outcome(
            new, keep_count(connection, form, places, stake_of(new), stake_of(expected))
        )

    return database.run(act, whole=bool(wanted))


def _put(connection: Connection, here: dict[str, Any], expected: Response, new: Response) -> bool:
    values = {**here, "expected": response_document(expected)}
    return bool(connection.execute(_PUT.values(changeable(new)), values).rowcount)


def _kept_before(
    connection: Connection, here: dict[str, Any], tried: list[Response]
) -> Response | None:
    """What a try that was cut off had kept after all."""
    kept = connection.scalar(_NOW, here) if tried else None
    return next((new for new in tried if response_document(new) == kept), None)
