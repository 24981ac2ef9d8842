"""The embedded store: TinyDB files in one folder, made safe by the journal.

`registry.json` holds the shelves, `responses/<definition>.json` one form's responses each, opened
when the form is first used. One process writes (a lock on the folder); others read snapshots.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from federation.people import Person, SignIn
from federation.units import Unit
from forms.publication import PublishedVersion, ScanPoint
from forms.response import Response

from . import records
from .errors import StoreBusy, StoreError, StoreFailed, StoreReadOnly
from .journal import FolderLock, JournalDB, JournalError, read_tables
from .journal import StoreBusy as FolderBusy
from .records import Document
from .response_file import ResponseFile, ResponseReader
from .shelves import FrozenShelf, JournalShelf
from .store import Added, ResponseFilter, Setting, Shelf

REGISTRY = "registry.json"
RESPONSES = "responses"
_FILE_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


class _EmbeddedReader:
    """What reading from a folder and writing to it have in common."""

    units: Shelf[Unit]
    people: Shelf[Person]
    sign_ins: Shelf[SignIn]
    versions: Shelf[PublishedVersion]
    points: Shelf[ScanPoint]
    settings: Shelf[Setting]

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _responses(self, definition: str) -> ResponseReader:
        raise TypeError("a reader says how it finds responses")

    def _path(self, definition: str) -> Path:
        if not _FILE_NAME.fullmatch(definition):
            raise StoreError(f"{definition!r} cannot be a definition's id")
        return self._folder / RESPONSES / f"{definition}.json"

    def response(self, definition: str, response_id: str) -> Response | None:
        return self._responses(definition).by_id(response_id)

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None:
        return self._responses(definition).by_receipt(receipt)

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        return self._responses(definition).iterate(where, newest_first=newest_first)

    def page_responses(
        self, definition: str, where: ResponseFilter, *, offset: int, limit: int
    ) -> tuple[int, tuple[Response, ...]]:
        return self._responses(definition).page(where, offset=offset, limit=limit)

    def count_by_point(self, definition: str) -> Mapping[str, int]:
        return self._responses(definition).count_by_point()

    def count_by_group(self, definition: str) -> Mapping[tuple[str, str], int]:
        return self._responses(definition).count_by_group()


class EmbeddedStore(_EmbeddedReader):
    """The Store contract over journal databases."""

    def __init__(self, folder: Path) -> None:
        """Open the folder for writing; raises StoreBusy, StoreFailed."""
        super().__init__(folder)
        self._opening = threading.Lock()
        self._files: dict[str, ResponseFile] = {}
        try:
            self._owner = FolderLock(folder)
        except FolderBusy as error:
            raise StoreBusy(str(error)) from error
        except OSError as error:
            raise StoreFailed(f"{folder}: {error.strerror}") from error
        try:
            self._registry = _open(folder / REGISTRY)
        except BaseException:
            self._owner.release()
            raise
        self.units = JournalShelf(self._registry, records.UNITS)
        self.people = JournalShelf(self._registry, records.PEOPLE)
        self.sign_ins = JournalShelf(self._registry, records.SIGN_INS)
        self.versions = JournalShelf(self._registry, records.VERSIONS)
        self.points = JournalShelf(self._registry, records.POINTS)
        self.settings = JournalShelf(self._registry, records.SETTINGS)

    def exclusive(self) -> AbstractContextManager[object]:
        return self._registry.lock

    def _responses(self, definition: str) -> ResponseFile:
        found = self._files.get(definition)
        if found is None:
            with self._opening:
                found = self._files.get(definition)
                if found is None:
                    found = ResponseFile(_open(self._path(definition)))
                    self._files[definition] = found
        return found

    def add_response(self, response: Response) -> Added:
        return self._responses(response.definition).add(response)

    def refusal(self) -> str:
        databases = [self._registry, *(file.db for file in tuple(self._files.values()))]
        return "; ".join(db.failure.reason for db in databases if db.failure)

    def close(self) -> None:
        try:
            for file in self._files.values():
                file.db.close()
            self._registry.close()
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        finally:
            self._owner.release()


class EmbeddedSnapshot(_EmbeddedReader):
    """The folder as it was when each file was first read; needs no lock, writes nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._files: dict[str, ResponseReader] = {}
        registry = _Frozen(folder / REGISTRY)
        self.units = FrozenShelf(registry, records.UNITS)
        self.people = FrozenShelf(registry, records.PEOPLE)
        self.sign_ins = FrozenShelf(registry, records.SIGN_INS)
        self.versions = FrozenShelf(registry, records.VERSIONS)
        self.points = FrozenShelf(registry, records.POINTS)
        self.settings = FrozenShelf(registry, records.SETTINGS)

    def exclusive(self) -> AbstractContextManager[object]:
        raise StoreReadOnly("opened for reading only")

    def _responses(self, definition: str) -> ResponseReader:
        if definition not in self._files:
            self._files[definition] = ResponseReader(_Frozen(self._path(definition)))
        return self._files[definition]

    def add_response(self, response: Response) -> Added:
        raise StoreReadOnly("opened for reading only")

    def refusal(self) -> str:
        return "opened for reading only"

    def close(self) -> None:
        return


class _Frozen:
    """The tables of a file at one moment; a file that is not there has none."""

    def __init__(self, path: Path) -> None:
        try:
            self._tables = read_tables(path)
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def documents(self, table: str) -> Iterator[tuple[int, Document]]:
        return iter(sorted(self._tables.get(table, {}).items()))

    def document(self, table: str, doc_id: int) -> Document | None:
        return self._tables.get(table, {}).get(doc_id)


def _open(path: Path) -> JournalDB:
    try:
        return JournalDB(path, lock=False)
    except JournalError as error:
        raise StoreFailed(str(error)) from error
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror}") from error
