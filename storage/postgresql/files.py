"""Uploaded files as rows: Store.put_file and its likes; knows no response."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ..checked import checked_file
from .connections import Database
from .schema import FILES

_KEPT = FILES.c
_NEW = insert(FILES)
_PUT = _NEW.on_conflict_do_update(
    constraint="files_name",
    set_={"kept_at": func.greatest(FILES.c.kept_at, _NEW.excluded.kept_at)},
)
_LONG_AGO = datetime.fromtimestamp(0, UTC)
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
_REMOVE_OLD = _REMOVE.where(_KEPT.kept_at < bindparam("kept_before"))
_NAMES = select(_KEPT.name).where(_SAME_FORM)


def put_file(
    database: Database, definition: str, name: str, content: bytes, at: datetime | None
) -> None:
    """Store.put_file."""
    checked_file(definition, name)
    hour = at.replace(minute=0, second=0, microsecond=0) if at else _LONG_AGO
    row = {"definition": definition, "name": name, "content": content, "kept_at": hour}
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


def remove_file(
    database: Database, definition: str, name: str, kept_before: datetime | None
) -> None:
    """Store.remove_file."""
    checked_file(definition, name)
    asked: dict[str, object] = {"of_form": definition, "of_name": name}
    removal = _REMOVE
    if kept_before is not None:
        removal, asked["kept_before"] = _REMOVE_OLD, kept_before
    database.run(lambda connection: connection.execute(removal, asked))


def iter_files(database: Database, definition: str) -> Iterator[str]:
    """Store.iter_files."""
    checked_file(definition)
    asked = {"of_form": definition}
    return iter(sorted(database.run(lambda c: c.scalars(_NAMES, asked).all())))
