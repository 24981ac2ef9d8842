"""Uploaded files as rows: Store.put_file and its likes; knows no response."""

from collections.abc import Iterator

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from ..checked import checked_file
from .connections import Database
from .schema import FILES

_KEPT = FILES.c
_PUT = insert(FILES).on_conflict_do_nothing()
_SAME_FORM = _KEPT.definition == bindparam("of_form")
_THIS = _SAME_FORM & (_KEPT.name == bindparam("of_name"))
_GET = select(_KEPT.content).where(_THIS)
_REPLACE = (
    update(FILES)
    .where(_THIS)
    .values(content=bindparam("new"))
    .execution_options(preserve_rowcount=True)
)
_REMOVE = delete(FILES).where(_THIS)
_NAMES = select(_KEPT.name).where(_SAME_FORM)


def put_file(database: Database, definition: str, name: str, content: bytes) -> None:
    """Store.put_file."""
    checked_file(definition, name)
    row = {"definition": definition, "name": name, "content": content}
    database.run(lambda connection: connection.execute(_PUT, row))


def replace_file(database: Database, definition: str, name: str, content: bytes) -> bool:
    """Store.replace_file."""
    checked_file(definition, name)
    asked = {"of_form": definition, "of_name": name, "new": content}
    return database.run(lambda connection: connection.execute(_REPLACE, asked).rowcount) == 1


def file(database: Database, definition: str, name: str) -> bytes | None:
    """Store.file."""
    checked_file(definition, name)
    asked = {"of_form": definition, "of_name": name}
    found = database.run(lambda connection: connection.scalar(_GET, asked))
    return None if found is None else bytes(found)


def remove_file(database: Database, definition: str, name: str) -> None:
    """Store.remove_file."""
    checked_file(definition, name)
    asked = {"of_form": definition, "of_name": name}
    database.run(lambda connection: connection.execute(_REMOVE, asked))


def iter_files(database: Database, definition: str) -> Iterator[str]:
    """Store.iter_files."""
    checked_file(definition)
    asked = {"of_form": definition}
    return iter(sorted(database.run(lambda c: c.scalars(_NAMES, asked).all())))
