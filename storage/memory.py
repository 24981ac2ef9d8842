"""A store that forgets: the fake for tests, with the whole contract and no disk."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from federation.breaches import Breach
from federation.headcounts import Headcount
from federation.people import Person, SignIn
from federation.requests import DataRequest
from federation.retentions import FormRetention
from federation.trail import Entry, MakeEntry
from federation.units import Unit
from forms.campaign import Campaign
from forms.draft import Draft
from forms.export_profile import ExportProfile
from forms.offer import Offer
from forms.publication import Openings, PublishedVersion, ScanPoint
from forms.response import Response

from . import records
from .checked import check_change, checked_changes, checked_file, checked_form
from .errors import ReceiptTaken
from .places import Claim, Place, PlaceCount, names_of, reseated, settled, stake_of
from .response_filter import Order, ResponseFilter, clear_answers, name_key
from .store import Added, Notice, Setting, Tries
from .trails import TrailInMemory

Item = TypeVar("Item")
_LONG_AGO = datetime.fromtimestamp(0, UTC)


class MemoryShelf(Generic[Item]):
    """A shelf that is a dictionary."""

    def __init__(self, key: Callable[[Item], str], lock: threading.RLock) -> None:
        self._key, self._lock = key, lock
        self._items: dict[str, Item] = {}

    def get(self, key: str) -> Item | None:
        return self._items.get(key)

    def all(self) -> tuple[Item, ...]:
        with self._lock:
            return tuple(self._items.values())

    def add(self, item: Item) -> bool:
        with self._lock:
            return self._items.setdefault(self._key(item), item) is item

    def put(self, item: Item) -> None:
        with self._lock:
            self._items[self._key(item)] = item

    def put_all(self, items: Sequence[Item]) -> None:
        with self._lock:
            self._items |= {self._key(item): item for item in items}

    def remove(self, key: str) -> None:
        with self._lock:
            self._items.pop(key, None)


class MemoryTrail(MemoryShelf[Entry], TrailInMemory):
    """A trail that is a dictionary."""

    def append(self, make: MakeEntry) -> Entry:
        with self._lock:
            entry = make(self.last())
            self.put(entry)
            return entry

    def forget(self, through: int) -> None:
        with self._lock:
            self._items = {k: e for k, e in self._items.items() if e.number > through}


class MemoryStore:
    """The Store contract over dictionaries."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.units: MemoryShelf[Unit] = MemoryShelf(records.UNITS.key, self._lock)
        self.headcounts: MemoryShelf[Headcount] = MemoryShelf(records.HEADCOUNTS.key, self._lock)
        self.people: MemoryShelf[Person] = MemoryShelf(records.PEOPLE.key, self._lock)
        self.sign_ins: MemoryShelf[SignIn] = MemoryShelf(records.SIGN_INS.key, self._lock)
        self.versions: MemoryShelf[PublishedVersion] = MemoryShelf(records.VERSIONS.key, self._lock)
        self.drafts: MemoryShelf[Draft] = MemoryShelf(records.DRAFTS.key, self._lock)
        self.points: MemoryShelf[ScanPoint] = MemoryShelf(records.POINTS.key, self._lock)
        self.offers: MemoryShelf[Offer] = MemoryShelf(records.OFFERS.key, self._lock)
        self.openings: MemoryShelf[Openings] = MemoryShelf(records.OPENINGS.key, self._lock)
        self.campaigns: MemoryShelf[Campaign] = MemoryShelf(records.CAMPAIGNS.key, self._lock)
        self.settings: MemoryShelf[Setting] = MemoryShelf(records.SETTINGS.key, self._lock)
        self.tries: MemoryShelf[Tries] = MemoryShelf(records.TRIES.key, self._lock)
        self.requests: MemoryShelf[DataRequest] = MemoryShelf(records.REQUESTS.key, self._lock)
        self.retentions: MemoryShelf[FormRetention] = MemoryShelf(
            records.RETENTIONS.key, self._lock
        )
        self.profiles: MemoryShelf[ExportProfile] = MemoryShelf(records.PROFILES.key, self._lock)
        self.breaches: MemoryShelf[Breach] = MemoryShelf(records.BREACHES.key, self._lock)
        self.trail = MemoryTrail(records.TRAIL.key, self._lock)
        self._responses: dict[str, list[Response]] = {}
        self._files: dict[str, dict[str, bytes]] = {}
        self._ages: dict[tuple[str, str], datetime] = {}

    def exclusive(self) -> AbstractContextManager[object]:
        return self._lock

    def add_response(self, response: Response, claims: Sequence[Claim] = ()) -> Added:
        with self._lock:
            kept = self._responses.setdefault(response.definition, [])
            siblings = [other for other in kept if other.instance == response.instance]
            for sibling in siblings:
                if sibling.content == response.content:
                    return Added(sibling, stored=False)
            for sibling in siblings:
                if sibling.is_withdrawn:
                    return Added(sibling, stored=False)
            if any(other.receipt == response.receipt for other in kept):
                raise ReceiptTaken(response.receipt)
            if siblings:
                response, claims = replace(response, flags=(*response.flags, "variant")), ()
            response = settled(response, claims, self.places(response.definition, names_of(claims)))
            kept.append(response)
            return Added(response, stored=True)

    def change_response(
        self, expected: Response, new: Response, claims: Sequence[Claim] | None = None
    ) -> bool:
        check_change(expected, new, claims)
        with self._lock:
            kept = self._responses.get(expected.definition, [])
            if expected not in kept:
                return False
            if claims is not None:
                places = self.places(expected.definition, names_of(claims))
                new = settled(new, claims, places, expected)
            kept[kept.index(expected)] = new
            return True

    def change_responses(
        self, definition: str, changes: Iterable[tuple[Response, Response]]
    ) -> int:
        with self._lock:
            pairs = checked_changes(definition, changes).values()
            return sum(self.change_response(expected, new) for expected, new in pairs)

    def promote(
        self, definition: str, limits: Mapping[str, int], at: datetime
    ) -> tuple[Response, ...]:
        seated = []
        with self._lock:
            kept = self._responses.get(definition, [])
            for number, waiting in enumerate(kept):
                if waiting.waits_for:
                    places = self.places(definition, waiting.claims)
                    kept[number] = reseated(waiting, limits, places, at)
                    seated += [kept[number]] if not kept[number].waits_for else []
        return tuple(seated)

    def places(self, definition: str, names: Iterable[str]) -> Mapping[str, Place]:
        count = PlaceCount()
        for response in self._snapshot(definition):
            count.add(stake_of(response))
        return count.of(names)

    def forget_changed(self, definition: str) -> None:
        return

    def response(self, definition: str, response_id: str) -> Response | None:
        return self._first(definition, lambda response: response.id == response_id)

    def response_by_receipt(self, definition: str, receipt: str) -> Response | None:
        return self._first(definition, lambda response: response.receipt == receipt)

    def _first(self, definition: str, fits: Callable[[Response], bool]) -> Response | None:
        return next(filter(fits, self._snapshot(definition)), None)

    def _snapshot(self, definition: str) -> tuple[Response, ...]:
        with self._lock:
            return tuple(self._responses.get(definition, ()))

    def iter_responses(
        self, definition: str, where: ResponseFilter, *, newest_first: bool = False
    ) -> Iterator[Response]:
        kept = self._snapshot(definition)
        return filter(where.accepts, reversed(kept) if newest_first else kept)

    def page_responses(
        self,
        definition: str,
        where: ResponseFilter,
        *,
        offset: int,
        limit: int,
        order: Order = Order.NEWEST,
    ) -> tuple[int, tuple[Response, ...]]:
        found = list(self.iter_responses(definition, where))
        if order is Order.NAME:
            found.sort(key=lambda response: name_key(clear_answers(response)))
        elif order is Order.NEWEST:
            found.reverse()
        return len(found), tuple(found[offset : offset + limit])

    def count_by_point(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[str, int]:
        return Counter(r.point for r in self._counted(definition, since, before))

    def count_by_group(
        self, definition: str, *, since: datetime | None = None, before: datetime | None = None
    ) -> Mapping[tuple[str, str], int]:
        return Counter((r.unit, r.place) for r in self._counted(definition, since, before))

    def count_by_day(self, definition: str) -> Mapping[tuple[str, str, date], int]:
        counted = self._counted(definition, None, None)
        return Counter((one.unit, one.place, one.submitted_at.date()) for one in counted)

    def _counted(
        self, definition: str, since: datetime | None, before: datetime | None
    ) -> Iterator[Response]:
        found = self.iter_responses(definition, ResponseFilter(since=since, withdrawn=False))
        return (r for r in found if before is None or r.submitted_at < before)

    def waiting(self, definition: str) -> tuple[Response, ...]:
        return tuple(r for r in self._snapshot(definition) if r.waits_for)

    def forms_with_responses(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(form for form, kept in self._responses.items() if kept))

    def load_responses(self, definition: str, responses: Iterable[Response]) -> int:
        with self._lock:
            kept = self._responses.setdefault(definition, [])
            before = len(kept)
            for response in checked_form(definition, responses):
                if any(_is_same(response, other) for other in kept):
                    continue
                if any(other.receipt == response.receipt for other in kept):
                    raise ReceiptTaken(response.receipt)
                kept.append(response)
            return len(kept) - before

    def put_file(
        self, definition: str, name: str, content: bytes, at: datetime | None = None
    ) -> None:
        checked_file(definition, name)
        with self._lock:
            self._files.setdefault(definition, {}).setdefault(name, content)
            if at is not None:
                hour = at.replace(minute=0, second=0, microsecond=0)
                self._ages[definition, name] = hour

    def replace_file(self, definition: str, name: str, content: bytes) -> bool:
        checked_file(definition, name)
        with self._lock:
            if name not in self._files.get(definition, {}):
                return False
            self._files[definition][name] = content
            return True

    def file(self, definition: str, name: str) -> bytes | None:
        checked_file(definition, name)
        return self._files.get(definition, {}).get(name)

    def remove_file(
        self, definition: str, name: str, *, kept_before: datetime | None = None
    ) -> None:
        checked_file(definition, name)
        with self._lock:
            age = self._ages.get((definition, name), _LONG_AGO)
            if kept_before is None or age < kept_before:
                self._files.get(definition, {}).pop(name, None)
                self._ages.pop((definition, name), None)

    def iter_files(self, definition: str) -> Iterator[str]:
        checked_file(definition)
        with self._lock:
            return iter(sorted(self._files.get(definition, ())))

    def refusal(self) -> str:
        return ""

    def notices(self) -> tuple[Notice, ...]:
        return ()

    def close(self) -> None:
        return


def _is_same(one: Response, other: Response) -> bool:
    return one.id == other.id or (one.instance, one.content) == (other.instance, other.content)
