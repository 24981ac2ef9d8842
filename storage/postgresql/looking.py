"""The database as raw documents, for checking: one state of it, read in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select

from ..looking import Finding, Found
from ..places import Place, Places
from ..records import read_response
from .adding import columns_of
from .address import read_address
from .connections import Database
from .migrating import require_schema
from .responses import AT_ONCE
from .schema import FILES, PLACES, RECORDS, RESPONSES

_FORMS = select(RESPONSES.c.definition).union(select(PLACES.c.definition))


@contextmanager
def database_contents(url: str) -> Iterator["DatabaseContents"]:
    """Open the database for checking; raises StoreError."""
    database = Database(read_address(url), read_only=True)
    try:
        require_schema(database)
        with database.snapshot() as connection:
            yield DatabaseContents(connection)
    finally:
        database.close()


class DatabaseContents:
    """storage/looking.py's Contents of a database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.findings: list[Finding] = []

    def forms(self) -> tuple[str, ...]:
        return tuple(sorted(self._connection.scalars(_FORMS)))

    def responses(self, form: str) -> Iterator[Found]:
        rows = self._rows(select(RESPONSES).where(RESPONSES.c.definition == form))
        for row in rows:
            where = f"responses, definition {form}, id {row.id}"
            self._compare(where, row)
            yield Found(where, row.document)

    def files(self, form: str) -> frozenset[str]:
        names = select(FILES.c.name).where(FILES.c.definition == form)
        return frozenset(self._connection.scalars(names))

    def file(self, form: str, name: str) -> bytes | None:
        wanted = select(FILES.c.content).where(FILES.c.definition == form, FILES.c.name == name)
        found = self._connection.scalar(wanted)
        return None if found is None else bytes(found)

    def places(self, form: str) -> Places | None:
        rows = self._rows(select(PLACES).where(PLACES.c.definition == form))
        return {row.name: Place(row.taken, row.waiting) for row in rows}

    def records(self, table: str) -> Iterator[Found] | None:
        wanted = select(RECORDS).where(RECORDS.c.shelf == table).order_by(RECORDS.c.added)
        return (
            Found(f"shelf_records, shelf {table}, key {row.key}", row.document, row.key)
            for row in self._rows(wanted)
        )

    def _rows(self, statement: Any) -> Iterator[Any]:
        streaming = self._connection.execution_options(yield_per=AT_ONCE)
        with streaming.execute(statement) as rows:
            yield from rows

    def _compare(self, where: str, row: Any) -> None:
        """Say which columns are not what the document says; keys and filters lean on them."""
        try:
            wanted = columns_of(read_response(row.document))
        except (KeyError, TypeError, ValueError, AttributeError):
            return  # whoever reads the document says so
        differ = [name for name, value in wanted.items() if getattr(row, name) != value]
        if differ:
            problem = f"the columns {', '.join(differ)} are not what the document says"
            self.findings.append(Finding(where, problem))
