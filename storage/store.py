"""What a store promises; the contract that every backend passes (tests/test_store_contract.py)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from forms.response import Response

from .kept import Setting as Setting
from .kept import Tries as Tries
from .places import Claim, Place
from .response_filter import Order as Order
from .response_filter import ResponseFilter as ResponseFilter
from .shelf_contract import Shelves


@dataclass(frozen=True)
class Notice:
    """Something that an administrator should know, and that is no failure.

    `set_aside`: the unfinished line of a write that was cut off lies in `file` since `at`, `size`
    bytes of it. `put_off`: `file` could not be folded yet, and why.
    """

    kind: Literal["set_aside", "put_off"]
    file: str
    size: int = 0
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Added:
    """What became of a response: `stored` is false when the very same one was there already.

    `response` is the one in the store: the first, or the variant flagged `variant`, or one of the
    same sender that was withdrawn.
    """

    response: Response
    stored: bool


class Store(Shelves, Protocol):
    """Everything that outlives the process. Safe to use from many threads."""

    def exclusive(self) -> AbstractContextManager[object]:
        """Hold off other holders: for rare acts that read, decide and write the shelves."""
        ...

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        """Keep a response exactly once.

        Unseen instance: kept. Seen with the same content: the first one is returned, nothing kept.
        Seen with other content: kept as a variant, flagged `variant`; the same variant again is
        returned, nothing kept; but where one of the instance was withdrawn, that one is returned
        and nothing kept. Returns only when what it returns is on the disk. Raises
        ReceiptTaken when another response of the definition has this receipt, StoreFailed when the
        disk refuses.

        The response gets all the places that it claims, or none where one of them is full or
        waited for by others: then it is kept all the same, flagged `waiting` (`repeated` for places
        that count once), and `waits_for` names those. A variant claims none.
        """
        ...

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        """Put `new` in the place of `expected`, at once for all readers.

        True when it is on the disk; False, and nothing changes, when it is not (or no longer)
        exactly `expected` that is kept. The two have the same id, definition, instance and receipt,
        else StoreError. Raises StoreFailed when the disk refuses.

        With `claims` it claims these places from now on, as if it came now, but keeps what it has.
        Without, `new` says of its places what `expected` says, or gives them up by saying nothing
        of any; else StoreError.
        """
        ...

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        """`change_response` with every pair, each of another response, on the disk at once.

        Gives how many were put; where another was kept than expected, nothing changes. Places stay
        as they are, else StoreError.
        """
        ...

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        """Give places that are free to those who wait for them, by time of arrival.

        Returns the responses that got theirs: the flag is gone, the history says `seated` at `at`.
        `limits` are those of the places now; a place of which nothing is said has no limit, one
        that counts once has room for one. Who still waits is told for what. Nobody else takes a
        place that is waited for, so call it whenever places may have become free; a call that was
        cut off is finished by the next. Raises StoreFailed when the disk refuses.
        """
        ...

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        """How many have and how many wait for each of these places."""
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
        self,
        definition: str,
        where: ResponseFilter,
        *,
        offset: int,
        limit: int,
        order: Order = Order.NEWEST,
    ) -> tuple[int, tuple[Response, ...]]:
        """How many there are, and one page of them; those that sort alike by time of arrival."""
        ...

    def count_by_point(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[str, int]:
        """Responses in use per scan point; points without any may be missing.

        `since` and `before` bound when they were submitted; the first belongs to it.
        """
        ...

    def count_by_group(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[tuple[str, str], int]:
        """Responses in use per (unit, place), within the same bounds."""
        ...

    def waiting(self, definition: str) -> tuple[Response, ...]:
        """The responses that wait for a place, in the order in which they get it."""
        ...

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        """Responses in use per (unit, place, day in Vietnam)."""
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

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        """Keep a file that a response is about to name; whole, and on the disk, when it returns.

        A name stands for one content: where it is taken, only its age begins anew. `at` is kept to
        the hour, for `remove_file`; without it a new file counts as very old. Raises StoreError for
        a name that could be a path, StoreFailed when the disk refuses.
        """
        ...

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        """Put the same file in another form under its name, at once; False when it is gone."""
        ...

    def file(self, definition: str, name: str) -> bytes | None:
        """A file's content; None when there is none of this name."""
        ...

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        """Forget a file for good; no error when there is none.

        With `kept_before`, only one that nobody put since: decided together with the removal.
        """
        ...

    def iter_files(self, definition: str) -> Iterator[str]:
        """The names of all files of a form, in order: also of those that no response names."""
        ...

    def refusal(self) -> str:
        """Why the store cannot write now; empty while it can."""
        ...

    def notices(self) -> tuple[Notice, ...]:
        """What happened to the files that an administrator should know, by file."""
        ...

    def close(self) -> None:
        """Put everything in order on the disk and let go of it."""
        ...
