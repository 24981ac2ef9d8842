"""How a kept response changes: compared and put in one statement; see Store.change_response."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import JSONB

from forms.response import Response

from ..records import response_document
from ..store import check_change
from .adding import changeable
from .connections import Database
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


def change_response(database: Database, expected: Response, new: Response) -> bool:
    """Store.change_response."""
    check_change(expected, new)
    database.refuse_reader()
    here = {"form": new.definition, "key": new.id}
    put = _PUT.values(changeable(new))
    tries = 0

    def act(connection: Connection) -> bool:
        nonlocal tries
        tries += 1
        if connection.execute(put, {**here, "expected": response_document(expected)}).rowcount:
            return True
        # The try that was cut off may have done it.
        return tries > 1 and connection.scalar(_NOW, here) == response_document(new)

    return database.run(act)


def change_responses(database: Database, changes: Mapping[str, tuple[Response, Response]]) -> int:
    """Store.change_responses: one transaction, so one wait for the disk."""
    database.refuse_reader()
    with database.transaction() as connection:
        return sum(
            connection.execute(
                _PUT.values(changeable(new)),
                {
                    "form": new.definition,
                    "key": new.id,
                    "expected": response_document(expected),
                },
            ).rowcount
            for expected, new in changes.values()
        )
