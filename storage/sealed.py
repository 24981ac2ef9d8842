"""A store whose personal answers and files are encrypted, around one that keeps them so.

What comes out of it is open, what goes into the store inside is sealed (storage/sealer.py); copies,
backups and checks use the store inside and move sealed things as they are.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime

from forms.definition import Definition
from forms.publication import version_key
from forms.response import Response

from .checked import check_change, checked_changes
from .errors import StoreFailed, StoreRefused
from .key_files import KeyFiles
from .key_ring import KeyRing
from .places import Claim, Place
from .response_filter import Order, ResponseFilter
from .sealer import Sealer
from .store import Added, Notice, Store

_ROUNDS = 50


class Definitions:
    """The published versions of a store; they never change, so each is looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Definition] = {}

    def __call__(self, definition: str, version: int) -> Definition | None:
        key = version_key(definition, version)
        if key not in self._known:
            published = self._store.versions.get(key)
            if published is None:
                return None
            self._known[key] = published.definition
        return self._known[key]


def sealer_of(store: Store, files: KeyFiles) -> Sealer:
    """What seals and opens for this store, with its keys and the versions published there."""
    return Sealer(KeyRing(store, files), _hashing_key(files), Definitions(store))


def _hashing_key(files: KeyFiles) -> Callable[[], bytes]:
    """Read the hashing key when it is first needed: who only reads may do without."""

    @functools.cache
    def read() -> bytes:
        key = files.hashing()
        if not key:
            raise StoreRefused("There is no hashing key yet: start the server once.")
        return key

    return read


class SealedStore:
    """The Store contract over another store."""

    def __init__(self, inner: Store, sealer: Sealer) -> None:
        self.inner, self._sealer = inner, sealer
        self.units, self.people, self.sign_ins = inner.units, inner.people, inner.sign_ins
        self.versions, self.points = inner.versions, inner.points
        self.drafts = inner.drafts
        self.offers, self.openings, self.campaigns = inner.offers, inner.openings, inner.campaigns
        self.settings, self.tries = inner.settings, inner.tries
        self.headcounts, self.trail = inner.headcounts, inner.trail
        self.requests, self.retentions = inner.requests, inner.retentions
        self.profiles = inner.profiles
        self.breaches = inner.breaches

    def exclusive(self) -> AbstractContextManager[object]:
        return self.inner.exclusive()

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        added = self.inner.add_response(self._sealer.sealed(response), claims)
        return replace(added, response=self._sealer.opened(added.response))

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        """Compare opened, then put against the very document that was read.

        The same answers are sealed to other bytes every time, so `expected` cannot be compared as
        it is kept. Where only the seal was renewed meanwhile, it is read and tried again.
        """
        check_change(expected, new, claims)
        sealed = self._sealer.sealed(new)
        for _ in range(_ROUNDS):
            kept = self.inner.response(expected.definition, expected.id)
            if kept is None or not _say_the_same(self._sealer.opened(kept), expected):
                return False
            if self.inner.change_response(kept, sealed, claims):
                return True
        raise StoreFailed("the response was changed by others again and again")

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        """All against what was read, in one commit; where that missed any, one by one."""
        pairs = tuple(checked_changes(definition, changes).values())
        ready = []
        for expected, new in pairs:
            kept = self.inner.response(definition, expected.id)
            if kept is not None and _say_the_same(self._sealer.opened(kept), expected):
                ready.append((kept, self._sealer.sealed(new)))
        if self.inner.change_responses(definition, ready) == len(ready):
            return len(ready)
        return sum(self._is_there(new) or self.change_response(old, new) for old, new in pairs)

    def _is_there(self, new: Response) -> bool:
        kept = self.response(new.definition, new.id)
        return kept is not None and _say_the_same(kept, new)

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        return tuple(map(self._sealer.opened, self.inner.promote(definition, limits, at)))

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        return self.inner.places(definition, names)

    def forget_changed(self, definition: str) -> None:
        self.inner.forget_changed(definition)

    def response(self, definition: str, response_id: str) -> Response | None:
        return self._opened(self.inner.response(definition, response_id))

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None:
        return self._opened(self.inner.response_by_receipt(definition, receipt))

    def _opened(self, kept: Response | None) -> Response | None:
        return None if kept is None else self._sealer.opened(kept)

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        kept = self.inner.iter_responses(definition, where, newest_first=newest_first)
        return map(self._sealer.opened, kept)

    def page_responses(
        self,
        definition: str,
        where: ResponseFilter,
        *,
        offset: int,
        limit: int,
        order: Order = Order.NEWEST,
    ) -> tuple[int, tuple[Response, ...]]:
        total, kept = self.inner.page_responses(
            definition, where, offset=offset, limit=limit, order=order
        )
        return total, tuple(map(self._sealer.opened, kept))

    def count_by_point(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[str, int]:
        return self.inner.count_by_point(definition, since=since, before=before)

    def count_by_group(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[tuple[str, str], int]:
        return self.inner.count_by_group(definition, since=since, before=before)

    def waiting(self, definition: str) -> tuple[Response, ...]:
        return tuple(map(self._sealer.opened, self.inner.waiting(definition)))

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        return self.inner.count_by_day(definition)

    def forms_with_responses(self) -> tuple[str, ...]:
        return self.inner.forms_with_responses()

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        return self.inner.load_responses(definition, map(self._sealer.sealed, responses))

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        sealed = self._sealer.seal_file(definition, name, content)
        self.inner.put_file(definition, name, sealed, at)

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        sealed = self._sealer.seal_file(definition, name, content)
        return self.inner.replace_file(definition, name, sealed)

    def file(self, definition: str, name: str) -> bytes | None:
        kept = self.inner.file(definition, name)
        return None if kept is None else self._sealer.open_file(definition, name, kept)

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        self.inner.remove_file(definition, name, kept_before=kept_before)

    def iter_files(self, definition: str) -> Iterator[str]:
        return self.inner.iter_files(definition)

    def notices(self) -> tuple[Notice, ...]:
        return self.inner.notices()

    def refusal(self) -> str:
        return self.inner.refusal()

    def close(self) -> None:
        self.inner.close()


def _say_the_same(one: Response, other: Response) -> bool:
    """Whether both are the same but for the hashes, which follow from the answers."""
    return replace(one, found_by={}) == replace(other, found_by={})
