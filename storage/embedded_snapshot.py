"""A data folder for those who only read it, beside the process that writes it or without one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from forms.response import Response

from . import records
from .embedded_reader import EmbeddedReader
from .errors import StoreFailed, StoreReadOnly
from .journal import JournalError, read_tables
from .places import Claim
from .records import Document
from .response_file import ResponseReader
from .shelves import FrozenShelf
from .soundness import REGISTRY, TRAIL, form_files
from .store import Added
from .trails import FrozenTrail

Item = TypeVar("Item")


class EmbeddedSnapshot(EmbeddedReader):
    """The folder as it was when each file was first read; needs no lock, writes nothing.

    But the registry is read anew after more responses were read: what these refer to, such as a
    version published meanwhile, was written before them, so it is there then.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._files: dict[str, ResponseReader] = {}
        self._registry = registry = _Registry(folder / REGISTRY)
        self.units = _LateShelf(registry, records.UNITS)
        self.headcounts = _LateShelf(registry, records.HEADCOUNTS)
        self.people = _LateShelf(registry, records.PEOPLE)
        self.sign_ins = _LateShelf(registry, records.SIGN_INS)
        self.versions = _LateShelf(registry, records.VERSIONS)
        self.drafts = _LateShelf(registry, records.DRAFTS)
        self.points = _LateShelf(registry, records.POINTS)
        self.offers = _LateShelf(registry, records.OFFERS)
        self.openings = _LateShelf(registry, records.OPENINGS)
        self.campaigns = _LateShelf(registry, records.CAMPAIGNS)
        self.settings = _LateShelf(registry, records.SETTINGS)
        self.tries = _LateShelf(registry, records.TRIES)
        self.requests = _LateShelf(registry, records.REQUESTS)
        self.retentions = _LateShelf(registry, records.RETENTIONS)
        self.profiles = _LateShelf(registry, records.PROFILES)
        self.breaches = _LateShelf(registry, records.BREACHES)
        self.trail = FrozenTrail(_Frozen(folder / TRAIL))

    def exclusive(self) -> AbstractContextManager[object]:
        raise StoreReadOnly("opened for reading only")

    def _responses(self, definition: str) -> ResponseReader:
        if definition not in self._files:
            self._files[definition] = ResponseReader(_Frozen(self._path(definition)))
            self._registry.outdate()
        return self._files[definition]

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        raise StoreReadOnly("opened for reading only")

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        raise StoreReadOnly("opened for reading only")

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        raise StoreReadOnly("opened for reading only")

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        raise StoreReadOnly("opened for reading only")

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        raise StoreReadOnly("opened for reading only")

    def forget_changed(self, definition: str) -> None:
        raise StoreReadOnly("opened for reading only")

    def forms_with_responses(self) -> tuple[str, ...]:
        return tuple(form for form in form_files(self._folder) if len(self._responses(form)))

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        raise StoreReadOnly("opened for reading only")

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        raise StoreReadOnly("opened for reading only")

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        raise StoreReadOnly("opened for reading only")

    def refusal(self) -> str:
        return "opened for reading only"

    def close(self) -> None:
        return


class _Registry:
    """The registry's tables, read when they are asked for and not known to be the latest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frozen: _Frozen | None = None

    def outdate(self) -> None:
        self._frozen = None

    def frozen(self) -> "_Frozen":
        if self._frozen is None:
            self._frozen = _Frozen(self._path)
        return self._frozen


class _LateShelf(FrozenShelf[Item]):
    """A shelf of the registry as it is at the moment."""

    def __init__(self, registry: _Registry, kind: records.Kind[Item]) -> None:
        self._registry = registry
        super().__init__(registry.frozen(), kind)

    def _renew(self) -> None:
        latest = self._registry.frozen()
        if latest is not self._source:
            self._source = latest
            self.reload()

    def get(self, key: str) -> Item | None:
        self._renew()
        return super().get(key)

    def all(self) -> tuple[Item, ...]:
        self._renew()
        return super().all()


class _Frozen:
    """The tables of a file at one moment; a file that is not there has none."""

    def __init__(self, path: Path) -> None:
        try:
            self._tables = read_tables(path) if path.parent.is_dir() else {}
        except JournalError as error:
            raise StoreFailed(str(error)) from error
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def documents(self, table: str) -> Iterator[tuple[int, Document]]:
        return iter(sorted(self._tables.get(table, {}).items()))

    def document(self, table: str, doc_id: int) -> Document | None:
        return self._tables.get(table, {}).get(doc_id)
