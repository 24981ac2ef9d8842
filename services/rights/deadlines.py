"""When each response of a form goes, and what keeps some of them longer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from federation.retentions import FormRetention, Purged, counted
from federation.units import UnitTree
from forms.definition import Definition
from forms.response import Response
from forms.retention import Origin
from storage.store import ResponseFilter, Store

from ..clock import VIETNAM
from ..erasure.erasing import PURGED
from ..erasure.requests import FORM, RequestBook
from ..publishing.publish import points_of
from ..reading.responses import is_confidential
from ..reading.retentions import period_of, retention_of
from ..receiving.receive import as_it_stands

SOON = timedelta(days=30)
_CLOSING_KINDS = ("accepted", "refused")
Place = tuple[str, str, str]
"""Unit, place and scan point."""


class Kept(StrEnum):
    """Why a response stays although its time is over."""

    RESTRICTED = "restricted"
    REQUEST = "request"


@dataclass(frozen=True)
class Skipped:
    """A response that stays for now; `receipt` empty where it names nobody."""

    id: str
    receipt: str
    unit: str
    reason: Kept


@dataclass(frozen=True)
class Plan:
    """What a purge on this day would do, and what comes next."""

    form: str
    due: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    soon: int
    """How many go from today to the 30th day from now, those included that are due."""
    first: date | None
    """The first day on which any goes; today where some are due."""
    undated: int
    """How many wait for what their days are counted from."""
    purged: tuple[Purged, ...]


@dataclass(frozen=True)
class UnderWay:
    """What open requests about personal data are about: these responses, receipts, numbers."""

    sources: frozenset[str]
    receipts: frozenset[str]
    numbers: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, store: Store) -> "UnderWay":
        book = RequestBook(store)
        waiting = [one for one in book.all() if one.is_open]
        asked = [source for one in waiting if (source := book.source(one))]
        definitions = _definitions(store, FORM) if asked else {}
        return cls(
            frozenset(one.source for one in waiting if one.source),
            frozenset(one.receipt for one in waiting if one.receipt),
            frozenset(
                number
                for source in asked
                if (definition := definitions.get(source.version))
                for number in _numbers(definition, source)
            ),
        )

    def concerns(self, definition: Definition, response: Response) -> bool:
        """Whether somebody who asked about their data sent this, or is named in it."""
        return (
            response.id in self.sources
            or response.receipt in self.receipts
            or not self.numbers.isdisjoint(_numbers(definition, response))
        )


class Deadlines:
    """The days of one form's responses, as things stand."""

    def __init__(self, store: Store, form: str, tree: UnitTree) -> None:
        self._store, self.form, self._tree = store, form, tree
        self.definitions = _definitions(store, form)
        self.record: FormRetention = retention_of(store, form)

    @cached_property
    def closed_at(self) -> datetime | None:
        """When the last scan point is closed, also in time to come; None while one is not."""
        points = [as_it_stands(p, self._tree) for p in points_of(self._store, self.form)]
        closings = [point.closes_at for point in points]
        return None if None in closings else max(filter(None, closings), default=None)

    def day_of(self, response: Response) -> date | None:
        """The day on which it goes; None while what it counts from has not happened."""
        definition = self.definitions.get(response.version)
        if definition is None:
            return None
        period = period_of(definition, self.record)
        if period.days is None:
            return None
        begins = self._begin(definition, response, period.after)
        if begins is None:
            return None
        begins = max(begins, response.submitted_at)  # it may come after the closing
        return begins.astimezone(VIETNAM).date() + timedelta(days=period.days)

    def _begin(self, definition: Definition, response: Response, after: Origin) -> datetime | None:
        """From when its days are counted."""
        if after == "closing":
            return self.closed_at
        if after == "settled":
            return settled_at(definition, response)
        if after == "exported":
            return self._exported_at(definition, response)
        return response.submitted_at

    @property
    def may_go(self) -> bool:
        """Whether there can be a response that goes, now or later, as things stand."""
        periods = [period_of(version, self.record) for version in self.definitions.values()]
        return any(p.is_limited and (p.after != "closing" or self.closed_at) for p in periods)

    def _exported_at(self, definition: Definition, response: Response) -> datetime | None:
        settled = settled_at(definition, response)
        if settled is None:
            return None
        covering = (
            export.at
            for export in self.record.exports
            if export.at >= settled and export.covers(response.unit)
        )
        return min(covering, default=None)

    def plan(self, today: date, under_way: UnderWay) -> Plan:
        """One pass over the form's responses."""
        due, skipped, soon, undated = list[str](), list[Skipped](), 0, 0
        first: date | None = None
        gone = Counter[Place]()
        for response in self._store.iter_responses(self.form, ResponseFilter()):
            if response.is_withdrawn:
                if response.history and response.history[-1].what == PURGED:
                    gone[response.unit, response.place, response.point] += 1
                continue
            day = self.day_of(response)
            if day is None:
                undated += 1
                continue
            if day <= today and (reason := self.kept_by(response, under_way)):
                skipped.append(self._skipped(response, reason))
                continue
            if day <= today:
                due.append(response.id)
            soon += day <= today + SOON
            shown = max(day, today)
            first = shown if first is None else min(first, shown)
        purged = with_counts(self.record.purged, gone)
        return Plan(self.form, tuple(due), tuple(skipped), soon, first, undated, purged)

    def kept_by(self, response: Response, under_way: UnderWay) -> Kept | None:
        """What keeps a response whose time is over."""
        if response.restricted:
            return Kept.RESTRICTED
        definition = self.definitions[response.version]
        return Kept.REQUEST if under_way.concerns(definition, response) else None

    def _skipped(self, response: Response, reason: Kept) -> Skipped:
        anonymous = response.receipt.startswith("h:")
        return Skipped(response.id, "" if anonymous else response.receipt, response.unit, reason)


def settled_at(definition: Definition, response: Response) -> datetime | None:
    """When the case got the state that closes it; None while it is not closed."""
    kinds = {state.name: state.kind for state in definition.workflow}
    if kinds.get(response.state) not in _CLOSING_KINDS:
        return None
    changed = [change.at for change in response.history if change.what == "state"]
    acts = changed or [change.at for change in response.history]
    return acts[-1] if acts else response.submitted_at


def with_counts(known: tuple[Purged, ...], found: Mapping[Place, int]) -> tuple[Purged, ...]:
    """How many are gone by unit, place and point: by the tombstones, and never fewer than known."""
    most = Counter({(one.unit, one.place, one.point): one.count for one in known}) | Counter(found)
    return tuple(Purged(*place, count) for place, count in sorted(most.items()))


def purged_by_unit(store: Store, form: str) -> Counter[str]:
    """How many responses are gone because their time was over: they still count in totals."""
    return counted(retention_of(store, form).purged)


def purged_by_point(store: Store, definition: Definition) -> Counter[str]:
    """The same by scan point; of anonymous and confidential forms nothing is told."""
    found = Counter[str]()
    if definition.anonymous or is_confidential(definition):
        return found
    for one in retention_of(store, definition.id).purged:
        found[one.point] += one.count
    return found


def _definitions(store: Store, form: str) -> dict[int, Definition]:
    return {v.number: v.definition for v in store.versions.all() if v.definition.id == form}


def _numbers(definition: Definition, response: Response) -> set[tuple[str, str]]:
    """The ID and phone numbers that stand in the answers."""
    return {
        (finds_by, text)
        for question in definition.asking
        if question.is_sealed and question.name in response.answers
        for _, finds_by, text in question.identifying(response.answers[question.name])
    }
