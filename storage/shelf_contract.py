"""What a shelf of small records promises, and the audit trail, which is only ever added to."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

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

from .kept import Setting, Tries

Item = TypeVar("Item")


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

    def put_all(self, items: Sequence[Item]) -> None:
        """Keep records of different keys in one write: all of them, or none."""
        ...

    def remove(self, key: str) -> None:
        """Forget a record; no error when there is none."""
        ...


class Trail(Shelf[Entry], Protocol):
    """The audit trail: a shelf by number that is only ever appended to; `put` is for copying.

    Only its beginning can go, when it is too old.
    """

    def append(self, make: MakeEntry) -> Entry:
        """Keep what `make` makes of the last entry (None at first), one after the other.

        On the disk when it returns; raises StoreFailed when the disk refuses.
        """
        ...

    def last(self) -> Entry | None: ...

    def forget(self, through: int) -> None:
        """Drop all entries up to this number, all at once; raises StoreFailed."""
        ...

    def page(self, *, offset: int, limit: int) -> tuple[int, tuple[Entry, ...]]:
        """How many there are, and some of them, newest first."""
        ...


class Shelves(Protocol):
    """All shelves of a store, by name."""

    units: Shelf[Unit]
    headcounts: Shelf[Headcount]
    people: Shelf[Person]
    sign_ins: Shelf[SignIn]
    versions: Shelf[PublishedVersion]
    drafts: Shelf[Draft]
    points: Shelf[ScanPoint]
    offers: Shelf[Offer]
    openings: Shelf[Openings]
    campaigns: Shelf[Campaign]
    settings: Shelf[Setting]
    tries: Shelf[Tries]
    requests: Shelf[DataRequest]
    retentions: Shelf[FormRetention]
    profiles: Shelf[ExportProfile]
    breaches: Shelf[Breach]
    trail: Trail
