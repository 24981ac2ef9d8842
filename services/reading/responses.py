"""Responses as a person may see them: the one door for lists, single views, counts and exports.

Filters by the person's scope and the form's readers, shows complaints to those they are confided
to, and keeps the anonymity of anonymous forms: a (unit, place) group is withheld until it has five
answers, everywhere alike.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice

from federation.access import Act, Readers, may, scope
from federation.people import Person
from federation.units import UnitTree
from forms.definition import Definition
from forms.response import Response
from forms.types import Value
from forms.visibility import rings
from storage.response_filter import Order, ResponseFilter
from storage.store import Store

from ..clock import full_hour
from ..publishing.publish import all_versions, points_of
from .small_groups import SMALLEST_GROUP as SMALLEST_GROUP
from .small_groups import Cells, whole_months

UNTOLD = "–"  # in the place of a number


@dataclass(frozen=True)
class View:
    """What one person may see of one form's responses."""

    definition: Definition
    where: ResponseFilter
    withheld: bool
    """Whether some groups are held back because they are too small."""


def view_for(
    store: Store,
    definition: Definition,
    person: Person | None,
    tree: UnitTree,
    *,
    today: date,
    act: Act = Act.SEE_RESPONSES,
    unit: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> View:
    """The view of a person; `person=None` is the command line, which sees every unit.

    `unit` narrows it to a subtree, `since` and `until` (that moment no more) to a time. Of a
    complaint form only what is confided to the person.
    """
    units = None if person is None else scope(person, act, tree, today, readers_of(definition))
    if unit is not None:
        below = tree.subtree(unit)
        units = below if units is None else units & below
    view = view_of_units(store, definition, units, since=since, until=until)
    if person is None or not is_confidential(definition):
        return view
    return replace(view, where=replace(view.where, confided_to=person.name))


def readers_of(definition: Definition) -> Readers:
    """Whose desk the form's responses go to."""
    return Readers(definition.readers)


def is_confidential(definition: Definition) -> bool:
    """Whether not even the number of responses may be told to who does not read them."""
    return readers_of(definition) is Readers.INSPECTORS


def may_read(
    person: Person,
    definition: Definition,
    tree: UnitTree,
    today: date,
    act: Act = Act.SEE_RESPONSES,
) -> bool:
    """Whether the person may do this with responses of the form in any unit."""
    return may(person, act, tree, today, readers=readers_of(definition))


def view_of_units(
    store: Store,
    definition: Definition,
    units: frozenset[str] | None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> View:
    """The view of whoever may see exactly these units; None is every unit.

    Times of an anonymous form are whole months (docs/decisions/0022).
    """
    if definition.anonymous:
        return guarded_view(store, definition, units, since=since, until=until)
    where = ResponseFilter(units=units, since=since, until=until, withdrawn=False)
    return View(definition, where, withheld=False)


def guarded_view(
    store: Store,
    definition: Definition,
    units: frozenset[str] | None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    cells: Cells | None = None,
) -> View:
    """The view that keeps small groups back: whole cells of five, and of months nothing less."""
    if cells is None and not (since or until):
        counts = store.count_by_group(definition.id)
        large = frozenset(group for group, count in counts.items() if count >= SMALLEST_GROUP)
        groups = frozenset(counts)
    else:
        cells = cells or Cells(store.count_by_day(definition.id))
        since, until = whole_months(since, until)
        first, end = since and since.date(), until and until.date()
        large = cells.whole(first, end)
        groups = frozenset(group for group in cells.groups if cells.has_any(group, first, end))
    mine = frozenset(group for group in groups if units is None or group[0] in units)
    where = ResponseFilter(
        units=units, groups=large & mine, since=since, until=until, withdrawn=False
    )
    return View(definition, where, withheld=not mine <= large)


@dataclass(frozen=True)
class Alarmed:
    """One response that cannot wait: where, when (to the hour), and the one answer that is told."""

    unit: str
    told: Value | None
    at: datetime


def alarms(
    store: Store,
    definition: Definition,
    person: Person,
    tree: UnitTree,
    *,
    today: date,
    since: datetime,
) -> tuple[Alarmed, ...]:
    """Alarming responses since a moment, newest first.

    The one exception to the withholding of small groups: unit and shift only (DESIGN §4).
    """
    alarm = definition.alarm
    if alarm is None or is_confidential(definition):
        return ()
    units = scope(person, Act.SEE_RESPONSES, tree, today, readers_of(definition))
    where = ResponseFilter(units=units, since=full_hour(since), withdrawn=False)
    return tuple(
        Alarmed(response.unit, response.answers.get(alarm.tells or ""), response.submitted_at)
        for response in store.iter_responses(definition.id, where, newest_first=True)
        if rings(definition, response.answers, response.submitted_at.date())
    )


def page(
    store: Store, view: View, *, offset: int, limit: int, order: Order = Order.NEWEST
) -> tuple[int, tuple[Response, ...]]:
    """How many responses the view has, and one page; anonymous ones stand shuffled."""
    definition = view.definition.id
    if not view.definition.anonymous:
        return store.page_responses(definition, view.where, offset=offset, limit=limit, order=order)
    found = sorted(store.iter_responses(definition, view.where), key=lambda response: response.id)
    return len(found), tuple(found[offset : offset + limit])


def count_withdrawn(store: Store, view: View) -> int:
    """How many in the view were taken back or may not be used; not told of anonymous forms, where
    it could tell who.

    They are in no list, count or file.
    """
    if view.definition.anonymous:
        return 0
    every = replace(view.where, withdrawn=True)
    definition = view.definition.id
    total, _ = store.page_responses(definition, every, offset=0, limit=0)
    return total - store.page_responses(definition, view.where, offset=0, limit=0)[0]


def find(store: Store, view: View, response_id: str) -> Response | None:
    """One response of the view."""
    response = store.response(view.definition.id, response_id)
    return response if response and view.where.accepts(response) else None


def exported(store: Store, view: View) -> tuple[tuple[Definition, ...], Iterator[Response]]:
    """All versions of the form, oldest first, and the responses of the view for a file.

    The responses are fixed before the versions are read: while people answer, a new version may be
    published, and a file must know which of its questions are there and which are sensitive.
    """
    found = export_order(store, view)
    first = list(islice(found, 1))
    return all_versions(store, view.definition.id), chain(first, found)


def export_order(store: Store, view: View) -> Iterator[Response]:
    """All responses of the view: by arrival, anonymous ones shuffled anew each time."""
    found = store.iter_responses(view.definition.id, view.where)
    if not view.definition.anonymous:
        return found
    shuffled = list(found)
    random.SystemRandom().shuffle(shuffled)
    return iter(shuffled)


def counts_by_point(store: Store, definition: Definition) -> Mapping[str, str]:
    """Responses per scan point as they may be told: fewer than five of an anonymous form are <5.

    A point of an anonymous form tells how many its unit and place have, as all other pages do:
    what was sent from it to other units would else be the difference. Of complaints nothing is
    told: who prints the codes does not read them.
    """
    if is_confidential(definition):
        return defaultdict(lambda: UNTOLD)
    if not definition.anonymous:
        exact = store.count_by_point(definition.id)
        return defaultdict(lambda: "0", {code: str(count) for code, count in exact.items()})
    groups = store.count_by_group(definition.id)
    told = dict[str, str]()
    for point in points_of(store, definition.id):
        if count := groups.get((point.unit, point.place), 0):
            told[point.code] = str(count) if count >= SMALLEST_GROUP else f"<{SMALLEST_GROUP}"
    return defaultdict(lambda: "0", told)
