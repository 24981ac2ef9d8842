"""What happened to the files of a data folder that an administrator should know."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from .errors import StoreFailed
from .journal import JournalDB, torn_files
from .soundness import REGISTRY, RESPONSES, form_files
from .store import Notice


def set_aside(folder: Path) -> tuple[Notice, ...]:
    """The ends of journals that were cut off and set aside; they lie there until deleted."""
    try:
        return tuple(_set_aside(folder))
    except OSError as error:
        raise StoreFailed(f"{folder}: {error.strerror}") from error


def _set_aside(folder: Path) -> Iterator[Notice]:
    paths = [folder / REGISTRY]
    paths += [folder / RESPONSES / f"{form}.json" for form in form_files(folder)]
    for path in paths:
        for torn in torn_files(path) if path.parent.is_dir() else ():
            found = torn.stat()
            name, at = str(torn.relative_to(folder)), datetime.fromtimestamp(found.st_mtime, UTC)
            yield Notice("set_aside", name, found.st_size, at)


def put_off(databases: Iterable[JournalDB]) -> Iterator[Notice]:
    """The folds that the disk refused; the last refusal of each file."""
    for db in databases:
        for notice in [notice for notice in db.notices if notice.path == db.path][-1:]:
            yield Notice("put_off", db.path.name, why=notice.text)
