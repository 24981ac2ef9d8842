"""Whose data a breach touched: found in the responses, and in what the audit trail says was seen.

Too many rather than too few: who looked at one page of a list is taken to have seen all of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from federation.breaches import Extent
from federation.people import Person
from federation.trail import Entry
from federation.units import UnitTree
from forms.definition import Definition
from forms.response import Response
from forms.types.citizen_id import CitizenId
from forms.types.numbers import grouped
from forms.types.phone import Phone
from storage.store import ResponseFilter, Store

from ..publishing.publish import published_versions
from ..reading.responses import SMALLEST_GROUP, is_confidential
from ..trail.deeds import COMMAND, Deed
from .data_kinds import DataKind, finding_question, kinds_of
from .handling import Handler

_ALL_OF_A_FORM = frozenset({Deed.RESPONSES_LISTED, Deed.EXPORTED})
_ONE = frozenset(
    {
        Deed.RESPONSE_OPENED,
        Deed.FILE_OPENED,
        Deed.SENSITIVE_SHOWN,
        Deed.RESPONSE_CHANGED,
    }
)
_EVERYTHING = frozenset({Deed.BACKUP_MADE, Deed.STORE_COPIED})
_UNCLEAR = frozenset({Deed.EXPORTED, Deed.REQUEST_OPENED, Deed.PERSON_SOUGHT})


@dataclass
class Seen:
    """What one account saw: single responses by form, and whole forms until a moment."""

    single: dict[str, set[str]] = field(default_factory=dict)
    whole: dict[str, datetime] = field(default_factory=dict)
    everything: datetime | None = None
    unclear: int = 0
    """Acts on people's data of which the trail names no form: to be looked at one by one."""

    def add(self, entry: Entry) -> None:
        form, response = entry.about.get("form", ""), entry.about.get("response", "")
        if entry.act in _ALL_OF_A_FORM and form:
            self.whole[form] = max(entry.at, self.whole.get(form, entry.at))
        elif entry.act in _ONE and form and response:
            self.single.setdefault(form, set()).add(response)
        elif entry.act in _EVERYTHING:
            self.everything = max(entry.at, self.everything or entry.at)
        elif entry.act in _UNCLEAR:
            self.unclear += 1

    def holds(self, response: Response, *, in_reach: bool) -> bool:
        """Whether it was seen; `in_reach`: the account reads lists of its unit."""
        form, sent = response.definition, response.submitted_at
        if response.id in self.single.get(form, ()):
            return True
        until = self.whole.get(form) if in_reach else None
        return any(moment and sent <= moment for moment in (until, self.everything))


def seen_by(store: Store, extent: Extent) -> Seen:
    """What the account of the extent saw in its time, by the trail."""
    seen = Seen()
    for entry in store.trail.all():
        if entry.who == extent.account and extent.holds(entry.at):
            seen.add(entry)
    return seen


@dataclass(frozen=True)
class FormTouched:
    """How many forms of one kind, of how many people, by unit; `units` is None where not told."""

    definition: Definition
    responses: int
    people: int
    units: Mapping[str, int] | None
    kinds: tuple[DataKind, ...]

    @property
    def is_confidential(self) -> bool:
        """Whether only a number is told, and none below five."""
        return self.units is None

    def told(self, count: int) -> str:
        """A number of this form as it may be told."""
        is_small = self.is_confidential and count < SMALLEST_GROUP
        return f"< {SMALLEST_GROUP}" if is_small else grouped(count)


@dataclass(frozen=True)
class Touching:
    """The search for one extent in a store."""

    store: Store
    tree: UnitTree
    extent: Extent
    seen: Seen | None = None

    @classmethod
    def of(cls, store: Store, tree: UnitTree, extent: Extent) -> "Touching":
        return cls(store, tree, extent, seen_by(store, extent) if extent.account else None)

    def definitions(self) -> Iterator[Definition]:
        """The forms that are looked at; anonymous ones know nobody."""
        for version in published_versions(self.store):
            definition = version.definition
            is_named = not self.extent.forms or definition.id in self.extent.forms
            if is_named and not definition.anonymous:
                yield definition

    def touches_confidential(self, handler: Handler) -> bool:
        """Whether it touches confidential forms that are this handler's to read."""
        return any(
            next(self.responses(definition, handler), None) is not None
            for definition in self.definitions()
            if is_confidential(definition)
        )

    def responses(self, definition: Definition, handler: Handler) -> Iterator[Response]:
        """Those that this handler may know one by one."""
        where = handler.may_look_in(definition, confidential=is_confidential(definition))
        return iter(()) if where is None else self._all(definition, where)

    def forms(self, handler: Handler) -> tuple[FormTouched, ...]:
        """The numbers; of confidential forms whoever may not read them learns one number alone."""
        found = (self._touched(definition, handler) for definition in self.definitions())
        return tuple(form for form in found if form.responses)

    def _touched(self, definition: Definition, handler: Handler) -> FormTouched:
        kinds = kinds_of(definition)
        if is_confidential(definition) and not handler.confided:
            count = sum(1 for _ in self._all(definition, ResponseFilter()))
            return FormTouched(definition, count, count, None, kinds)
        units, people = Counter[str](), set[str]()
        for response in self.responses(definition, handler):
            units[response.unit] += 1
            people.add(person_mark(definition, response))
        return FormTouched(definition, units.total(), len(people), units, kinds)

    def _all(self, definition: Definition, where: ResponseFilter) -> Iterator[Response]:
        units = self._units(where.units)
        for response in self.store.iter_responses(definition.id, replace(where, units=units)):
            if not response.is_withdrawn and self._holds(response):
                yield response

    def _units(self, units: frozenset[str] | None) -> frozenset[str] | None:
        if not self.extent.units:
            return units
        named = frozenset[str]().union(*map(self.tree.subtree, self.extent.units))
        return named if units is None else units & named

    def _holds(self, response: Response) -> bool:
        if self.seen is None:
            return self.extent.holds(response.submitted_at)
        return self.seen.holds(response, in_reach=self._in_reach(response.unit))

    def _in_reach(self, unit: str) -> bool:
        """Whether the account's roles reach the unit, held today or not; unknown: it does."""
        person: Person | None = self.store.people.get(self.extent.account)
        if person is None or not person.grants or self.extent.account == COMMAND:
            return True
        return any(unit in self.tree.subtree(grant.unit) for grant in person.grants)


def person_mark(definition: Definition, response: Response) -> str:
    """What tells people apart: the hash of the ID number, else of the phone, else the response."""
    for finds_by in (CitizenId.finds_by, Phone.finds_by):
        asked = finding_question(definition, finds_by)
        if asked and (mark := response.found_by.get(asked.name)):
            return mark
    return response.id
