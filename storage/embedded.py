"""The embedded store: TinyDB files in one folder, made safe by the journal.

`registry.json` holds the shelves, `trail.json` the audit trail, `responses/<definition>.json` one
form's responses each, opened when it is first used, `files/<definition>/` what was uploaded with
them. One process writes (a lock on the folder); others read snapshots (embedded_snapshot.py).
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from federation.headcounts import Headcount
from federation.people import Person, SignIn
from federation.requests import DataRequest
from federation.retentions import FormRetention
from federation.units import Unit
from forms.publication import PublishedVersion, ScanPoint
from forms.response import Response

from . import records
from .checked import checked_changes, checked_form
from .embedded_files import FILES, FileFolder, FileReader
from .errors import StoreBusy, StoreError, StoreFailed
from .journal import DISK, Files, FolderLock, JournalDB, JournalError
from .journal import StoreBusy as FolderBusy
from .mending import EVERY, Mender
from .noticing import put_off, set_aside
from .places import Claim, Place
from .response_file import ResponseFile, ResponseReader
from .shelf_contract import Shelf, Trail
from .shelves import JournalShelf
from .soundness import FORM_ID, REGISTRY, RESPONSES, TRAIL, form_files
from .store import Added, Notice, ResponseFilter, Setting, Tries
from .trails import JournalTrail

Item = TypeVar("Item")


class EmbeddedReader:
    """What reading from a folder and writing to it have in common."""

    units: Shelf[Unit]
    headcounts: Shelf[Headcount]
    people: Shelf[Person]
    sign_ins: Shelf[SignIn]
    versions: Shelf[PublishedVersion]
    points: Shelf[ScanPoint]
    settings: Shelf[Setting]
    tries: Shelf[Tries]
    requests: Shelf[DataRequest]
    retentions: Shelf[FormRetention]
    trail: Trail

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uploads = FileReader(folder / FILES)

    def file(self, definition: str, name: str) -> bytes | None:
        return self._uploads.read(definition, name)

    def iter_files(self, definition: str) -> Iterator[str]:
        return self._uploads.names(definition)

    def _responses(self, definition: str) -> ResponseReader:
        raise TypeError("a reader says how it finds responses")

    def _path(self, definition: str) -> Path:
        if not FORM_ID.fullmatch(definition):
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

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        return self._responses(definition).count_by_day()

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        return self._responses(definition).places(names)

    def notices(self) -> tuple[Notice, ...]:
        return set_aside(self._folder)


class EmbeddedStore(EmbeddedReader):
    """The Store contract over journal databases."""

    def __init__(self, folder: Path, *, files: Files = DISK, mend_every: float = EVERY) -> None:
        """Open the folder for writing; raises StoreBusy, StoreFailed.

        After a failed write it refuses further ones and tries every `mend_every` seconds to open
        the files anew. `files` are the calls to the file system.
        """
        super().__init__(folder)
        self._disk = files
        self._uploads: FileFolder = FileFolder(folder / FILES, files)
        self._opening = threading.Lock()
        self._files: dict[str, ResponseFile] = {}
        self._unopened: dict[str, str] = {}  # form → why its file could not be opened
        self._shelves: list[JournalShelf[Any]] = []
        try:
            self._owner = FolderLock(folder)
        except FolderBusy as error:
            raise StoreBusy(str(error)) from error
        except JournalError as error:
            raise StoreFailed(_why_unwritable(folder, str(error))) from error
        except OSError as error:
            raise StoreFailed(f"{folder}: {error.strerror}") from error
        try:
            self._registry = self._open(folder / REGISTRY)
            self._trail = self._open(folder / TRAIL)
        except BaseException:
            self._owner.release()
            raise
        self.units = self._shelf(records.UNITS)
        self.headcounts = self._shelf(records.HEADCOUNTS)
        self.people = self._shelf(records.PEOPLE)
        self.sign_ins = self._shelf(records.SIGN_INS)
        self.versions = self._shelf(records.VERSIONS)
        self.points = self._shelf(records.POINTS)
        self.settings = self._shelf(records.SETTINGS)
        self.tries = self._shelf(records.TRIES)
        self.requests = self._shelf(records.REQUESTS)
        self.retentions = self._shelf(records.RETENTIONS)
        self.trail = self._entries = JournalTrail(self._trail)
        self._mender = Mender(self._mend, mend_every)

    def _shelf(self, kind: records.Kind[Item]) -> JournalShelf[Item]:
        shelf = JournalShelf(self._registry, kind)
        self._shelves.append(shelf)
        return shelf

    def _open(self, path: Path) -> JournalDB:
        try:
            return JournalDB(path, lock=False, files=self._disk)
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def _mend(self) -> None:
        """Open what failed anew; what is still refused is tried again later."""
        _reopen(self._registry, *(shelf.reload for shelf in self._shelves))
        _reopen(self._trail, self._entries.reload)
        for file in tuple(self._files.values()):
            _reopen(file.db, file.reload)
        for definition in tuple(self._unopened):
            with contextlib.suppress(StoreFailed):
                self._responses(definition)

    def exclusive(self) -> AbstractContextManager[object]:
        return self._registry.lock

    def _responses(self, definition: str) -> ResponseFile:
        found = self._files.get(definition)
        if found is None:
            with self._opening:
                found = self._files.get(definition)
                if found is None:
                    found = self._files[definition] = self._opened(definition)
        return found

    def _opened(self, definition: str) -> ResponseFile:
        path = self._path(definition)
        try:
            file = ResponseFile(self._open(path), path)
        except StoreFailed as error:
            self._unopened[definition] = str(error)
            raise
        self._unopened.pop(definition, None)
        return file

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        return self._responses(response.definition).add(response, claims)

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        return self._responses(expected.definition).change(expected, new, claims)

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        return self._responses(definition).promote(limits, at)

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        return self._responses(definition).change_all(checked_changes(definition, changes))

    def forget_changed(self, definition: str) -> None:
        self._responses(definition).forget_changed()

    def forms_with_responses(self) -> tuple[str, ...]:
        return tuple(form for form in form_files(self._folder) if len(self._responses(form)))

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        return self._responses(definition).load(checked_form(definition, responses))

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        self._uploads.put(definition, name, content, at)

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        return self._uploads.replace(definition, name, content)

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        self._uploads.remove(definition, name, kept_before)

    def _opened_files(self) -> list[JournalDB]:
        return [file.db for file in tuple(self._files.values())]

    def refusal(self) -> str:
        databases = [self._registry, self._trail, *self._opened_files()]
        failures = [db.failure.reason for db in databases if db.failure]
        return "; ".join(failures + list(self._unopened.values()))

    def notices(self) -> tuple[Notice, ...]:
        databases = [self._registry, self._trail, *self._opened_files()]
        return (*super().notices(), *put_off(databases))

    def close(self) -> None:
        self._mender.stop()
        try:
            for file in self._files.values():
                file.db.close()
            self._trail.close()
            self._registry.close()
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        finally:
            self._owner.release()


def _why_unwritable(folder: Path, error: str) -> str:
    return (
        f"{error}. The data folder {folder} must be writable by the user that runs the server: give"
        " that user the folder, or mount its disk for writing."
    )


def _reopen(db: JournalDB, *reloads: Callable[[], None]) -> None:
    if db.failure is None:
        return
    # Under the lock, so that nobody decides on an index that is not yet the file's.
    with contextlib.suppress(JournalError, OSError), db.lock:
        db.reopen()
        for reload in reloads:
            reload()
