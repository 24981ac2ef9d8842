"""What a store promises; the contract that every backend passes (tests/test_store_contract.py)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from federation.people import Person, SignIn
from federation.units import Unit
from forms.publication import PublishedVersion, ScanPoint
from forms.response import Response

from .errors import StoreError

Item = TypeVar("Item")


@dataclass(frozen=True)
class Setting:
    """One thing the installation remembers about itself."""

    name: str
    value: str


@dataclass(frozen=True)
class Tries:
    """When somebody last failed to prove that a response is theirs; `name` is a keyed hash."""

    name: str
    failed: tuple[datetime, ...]


@dataclass(frozen=True)
class Added:
    """What became of a response: `stored` is false when the very same one was there already.

    `response` is the one in the store: the first, or the variant flagged `variant`, or one of the
    same sender that was withdrawn.
    """

    response: Response
    stored: bool


@dataclass(frozen=True)
class ResponseFilter:
    """Which responses, as data, so that each backend answers its own way; None is no limit.

    `withdrawn` says whether those that their senders took back are among them; `hashes` are those
    of IDs or phone numbers of which a response must have one (`Response.found_by`).
    """

    units: frozenset[str] | None = None
    groups: frozenset[tuple[str, str]] | None = None
    since: datetime | None = None
    withdrawn: bool = True
    hashes: frozenset[str] | None = None

    def accepts(self, response: Response) -> bool:
        return (
            (self.withdrawn or not response.is_withdrawn)
            and (self.units is None or response.unit in self.units)
            and (self.groups is None or (response.unit, response.place) in self.groups)
            and (self.since is None or response.submitted_at >= self.since)
            and (self.hashes is None or not self.hashes.isdisjoint(response.found_by.values()))
        )


class Shelf(Protocol[Item]):
    """Small records under a key, few enough to be kept in memory: units, people, scan points.

    What `add`, `put` and `remove` have returned from is on the disk. Reads are of the latest
    acknowledged state. Records are immutable.
    """

    def get(self, key: str) -> Item | None: ...

    def all(self) -> tuple[Item, ...]:
        """All records in the order in which their keys were first added."""
        ...

    def add(self, item: Item) -> bool:
        """Keep a new record; False, and nothing changes, when the key is taken."""
        ...

    def put(self, item: Item) -> None:
        """Keep a record, replacing the one under its key."""
        ...

    def remove(self, key: str) -> None:
        """Forget a record; no error when there is none."""
        ...


class Store(Protocol):
    """Everything that outlives the process. Safe to use from many threads."""

    units: Shelf[Unit]
    people: Shelf[Person]
    sign_ins: Shelf[SignIn]
    versions: Shelf[PublishedVersion]
    points: Shelf[ScanPoint]
    settings: Shelf[Setting]
    tries: Shelf[Tries]

    def exclusive(self) -> AbstractContextManager[object]:
        """Hold off other holders: for rare acts that read, decide and write the shelves."""
        ...

    def add_response(self, response: Response) -> Added:
        """Keep a response exactly once.

        Unseen instance: kept. Seen with the same content: the first one is returned, nothing kept.
        Seen with other content: kept as a variant, flagged `variant`; the same variant again is
        returned, nothing kept; but where one of the instance was withdrawn, that one is returned
        and nothing kept. Returns only when what it returns is on the disk. Raises
        ReceiptTaken when another response of the definition has this receipt, StoreFailed when the
        disk refuses.
        """
        ...

    def change_response(self, expected: Response, new: Response) -> bool:
        """Put `new` in the place of `expected`, at once for all readers.

        True when it is on the disk; False, and nothing changes, when it is not (or no longer)
        exactly `expected` that is kept. The two have the same id, definition, instance and receipt,
        else StoreError. Raises StoreFailed when the disk refuses.
        """
        ...

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        """`change_response` with every pair, each with another response, on the disk at once.

        Gives how many were put; where another was kept than expected, nothing changes.
        """
        ...

    def forget_changed(self, definition: str) -> None:
        """Let nothing of what changed responses of this form said before stay in our files.

        Raises StoreFailed when the disk refuses; the changes stand, and it can be asked for again.
        """
        ...

    def response(self, definition: str, response_id: str) -> Response | None: ...

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None: ...

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        """All responses that the filter accepts, by time of arrival: one consistent state."""
        ...

    def page_responses(
        self, definition: str, where: ResponseFilter, *, offset: int, limit: int
    ) -> tuple[int, tuple[Response, ...]]:
        """How many there are, and one page of them, newest first."""
        ...

    def count_by_point(self, definition: str) -> Mapping[str, int]:
        """Responses per scan point but the withdrawn; points without any may be missing."""
        ...

    def count_by_group(self, definition: str) -> Mapping[tuple[str, str], int]:
        """Responses per (unit, place) but the withdrawn."""
        ...

    def forms_with_responses(self) -> tuple[str, ...]:
        """The ids of all definitions that have responses, in order."""
        ...

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        """Keep responses exactly as they are, in this order: for copying and restoring.

        Those whose id is there already are skipped, and those that were resent under another id
        since they were copied (same instance and content); the number of those kept is returned,
        and they are on the disk. Raises StoreError for a response of another definition,
        ReceiptTaken for one whose receipt another has, StoreFailed when the disk refuses; what
        came before may be kept.
        """
        ...

    def put_file(self, definition: str, name: str, content: bytes) -> None:
        """Keep a file that a response is about to name; whole, and on the disk, when it returns.

        A name stands for one content: where it is taken, nothing is kept. Raises StoreError for a
        name that could be a path, StoreFailed when the disk refuses.
        """
        ...

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        """Put the same file in another form under its name, at once; False when it is gone."""
        ...

    def file(self, definition: str, name: str) -> bytes | None:
        """A file's content; None when there is none of this name."""
        ...

    def remove_file(self, definition: str, name: str) -> None:
        """Forget a file for good; no error when there is none."""
        ...

    def iter_files(self, definition: str) -> Iterator[str]:
        """The names of all files of a form, in order: also of those that no response names."""
        ...

    def refusal(self) -> str:
        """Why the store cannot write now; empty while it can."""
        ...

    def close(self) -> None:
        """Put everything in order on the disk and let go of it."""
        ...


_FORM = re.compile(r"[a-z][a-z0-9-]{0,30}")
_FILE = re.compile(r"[0-9a-f]{32}-[0-9]{2}\.(jpg|png|pdf)")


def is_file_name(name: str) -> bool:
    return bool(_FILE.fullmatch(name))


def checked_file(definition: str, name: str = "") -> None:
    """Raise StoreError unless these are a definition's id and a file's name (or no name)."""
    if not _FORM.fullmatch(definition) or (name and not is_file_name(name)):
        raise StoreError(f"{definition!r}, {name!r} cannot be a form and its file")


def check_change(expected: Response, new: Response) -> None:
    """Raise StoreError for a change that would make another response of it."""
    for name in ("id", "definition", "instance", "receipt"):
        if getattr(expected, name) != getattr(new, name):
            raise StoreError(f"the {name} of a response never changes")


def checked_changes(
    definition: str, changes: Iterable[tuple[Response, Response]]
) -> dict[str, tuple[Response, Response]]:
    """The changes by the id of their response; raises StoreError for one that must not be."""
    checked: dict[str, tuple[Response, Response]] = {}
    for expected, new in changes:
        check_change(expected, new)
        if expected.definition != definition or expected.id in checked:
            raise StoreError(f"a response of {expected.definition} is changed twice or elsewhere")
        checked[expected.id] = (expected, new)
    return checked


def checked_form(definition: str, responses: Iterable[Response]) -> Iterator[Response]:
    """The responses, each of this definition; raises StoreError at one that is not."""
    for response in responses:
        if response.definition != definition:
            raise StoreError(f"a response of {response.definition} among those of {definition}")
        yield response
