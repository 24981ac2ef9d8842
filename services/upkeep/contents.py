"""What a store holds, in the order in which it is copied, and checksums that prove it.

Responses are read first, then their files (which are there before them), and the shelves last: a
response refers to a unit, a version and a scan point that were written before it, so shelves read
later hold all that it refers to, while the server goes on. Sign-ins stay behind: nobody's browser
is signed in by a copy or a backup.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

import orjson

from forms.problems import N_
from forms.response import Response
from storage import records
from storage.records import Kind, response_document
from storage.shelf_contract import Shelf
from storage.soundness import RESTORING
from storage.store import ResponseFilter, Store

from ..errors import Refusal

Item = TypeVar("Item")
Reader = Callable[[], AbstractContextManager[Store]]
"""Opens the store as it is now, for reading."""

# Points last: until they are there, nothing can be answered in a half copied store.
SHELVES: tuple[Kind[Any], ...] = (
    records.UNITS,
    records.HEADCOUNTS,
    records.PEOPLE,
    records.VERSIONS,
    records.SETTINGS,
    records.TRAIL,
    records.REQUESTS,
    records.RETENTIONS,
    records.PROFILES,
    records.BREACHES,
    records.DRAFTS,
    records.CAMPAIGNS,
    records.OFFERS,
    records.OPENINGS,
    records.POINTS,
)
COPIED = "copied"
"""The setting by which a finished copy knows later whether it was changed since."""
_OF_THIS_STORE = {RESTORING, COPIED}  # settings that stay where they are
EVERYTHING = ResponseFilter()
BATCH = 1_000


@dataclass
class Tally:
    """How many records, and one checksum of them all in whatever order."""

    count: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count one record: the sum of the SHA-256 of each depends on no order."""
        self.count += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256

    @property
    def checksum(self) -> str:
        return f"{self.total:064x}"


Tallies = dict[str, Tally]
"""By part: `units`, `responses of f28` …"""


@dataclass(frozen=True)
class File:
    """A photo, paper or signature that a response names."""

    name: str
    content: bytes

    @property
    def line(self) -> bytes:
        return b"%b\n%b" % (self.name.encode(), self.content)


class Parts(Protocol):
    """A store's contents to be read once: all the responses, their files, then the shelves."""

    def responses(self) -> Iterator[tuple[str, Iterator[Response]]]: ...

    def files(self) -> Iterator[tuple[str, Iterator[File]]]: ...

    def shelves(self) -> Iterator[tuple[Kind[Any], Iterator[Any]]]: ...


class StoreParts:
    """The contents of a store, even one that is written at the same time."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def responses(self) -> Iterator[tuple[str, Iterator[Response]]]:
        with self._read() as store:
            for form in store.forms_with_responses():
                yield form, store.iter_responses(form, EVERYTHING)

    def files(self) -> Iterator[tuple[str, Iterator[File]]]:
        with self._read() as store:
            for form in store.forms_with_responses():
                yield form, files_of(store, form)

    def shelves(self) -> Iterator[tuple[Kind[Any], Iterator[Any]]]:
        with self._read() as store:
            if store.settings.get(RESTORING):
                raise Refusal(N_("A restore did not end here. Run it again first."))
            for kind in SHELVES:
                yield kind, iter(travelling(store, kind))


def files_of(store: Store, form: str) -> Iterator[File]:
    """The files of a form, one at a time; one that was deleted meanwhile is left out."""
    for name in store.iter_files(form):
        content = store.file(form, name)
        if content is not None:
            yield File(name, content)


def travelling(store: Store, kind: Kind[Item]) -> list[Item]:
    """The records of a kind that go along into copies and backups."""
    return [item for item in shelf(store, kind).all() if kind.key(item) not in _stay(kind)]


def _stay(kind: Kind[Any]) -> set[str]:
    return _OF_THIS_STORE if kind is records.SETTINGS else set()


def shelf(store: Store, kind: Kind[Item]) -> Shelf[Item]:
    """The shelf that holds records of this kind."""
    found: Shelf[Item] = getattr(store, kind.table)
    return found


def form_part(definition: str) -> str:
    return f"responses of {definition}"


def files_part(definition: str) -> str:
    return f"files of {definition}"


def canonical(document: records.Document) -> bytes:
    """A record as bytes that are the same wherever it is kept."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def tallies(store: Store) -> Tallies:
    """Count everything in a store."""
    found: Tallies = {}
    for form in store.forms_with_responses():
        tally = found[form_part(form)] = Tally()
        for response in store.iter_responses(form, EVERYTHING):
            tally.add(canonical(response_document(response)))
        files = found[files_part(form)] = Tally()
        for file in files_of(store, form):
            files.add(file.line)
    return found | shelf_tallies(store)


def shelf_tallies(store: Store) -> Tallies:
    """Count everything but the responses."""
    found: Tallies = {}
    for kind in SHELVES:
        tally = found[kind.table] = Tally()
        for item in travelling(store, kind):
            tally.add(canonical(kind.to_document(item)))
    return found


def differences(wanted: Tallies, found: Tallies) -> list[str]:
    """In which parts two stores differ."""
    lines = []
    for part in sorted({*wanted, *found}):
        one, other = wanted.get(part, Tally()), found.get(part, Tally())
        if one.count != other.count:
            lines.append(f"{part}: {other.count} instead of {one.count}")
        elif one.total != other.total:
            lines.append(f"{part}: {one.count} in both, with different checksums")
    return lines


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, so many at a time that memory stays flat."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
