"""A view narrowed to what somebody asks a list to show; it never becomes wider.

Of an anonymous form only what cannot single anybody out: by unit and place, and by one thing more
(a question, the state, the months). Each group (unit, place) in which some answer to that question
was given by fewer than five is left out, whatever is asked for: so the responses shown, and those
left when two lists are compared, are always five or more of a group.
"""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from federation.requests import is_working_day
from federation.units import UnitTree
from forms.cleaning import as_digits, fold
from forms.definition import Definition
from forms.localized import Localized
from forms.response import Response
from forms.types import Question
from forms.types.citizen_id import CitizenId
from forms.types.phone import Phone
from forms.workflow import OPEN_KINDS, kept_as
from storage.response_filter import ResponseFilter, Word
from storage.store import Store

from ..clock import VIETNAM
from ..identity import Hasher
from .filtering import CLOSED, OPEN, Asked, states_of
from .responses import SMALLEST_GROUP, View

_MOST_WORDS = 8
_NUMBER = Localized({"vi": "–"})


@dataclass(frozen=True)
class Lookup:
    """What is needed to make a filter of what was asked: who asks, when, and how IDs are found."""

    tree: UnitTree
    person: str
    today: date
    hasher: Hasher
    holidays: frozenset[date] = frozenset()


def narrowed(store: Store, view: View, asked: Asked, lookup: Lookup) -> tuple[View, Asked]:
    """The view narrowed, and what of the asked was done."""
    if not asked.narrows:
        return view, asked
    if view.definition.anonymous:
        asked = _fit_for_anonymous(asked)
    asked = without_numbers(asked, lookup)
    where = filter_for(asked, view.where, view.definition, lookup)
    if view.definition.anonymous and (value_of := _told_apart_by(asked)):
        large = view.where.groups or frozenset()
        groups = large - _small_groups(store, view, value_of)
        where = replace(where, groups=groups)
        return replace(view, where=where, withheld=view.withheld or groups < large), asked
    return replace(view, where=where), asked


def _fit_for_anonymous(asked: Asked) -> Asked:
    """Unit and place, and the first of: a choice, the state, whole months."""
    kept = Asked(unit=asked.unit, place=asked.place)
    if asked.choices:
        return replace(kept, choices=asked.choices[:1])
    if asked.states:
        return replace(kept, states=asked.states)
    since = asked.since and asked.since.replace(day=1)
    return replace(kept, since=since, to=asked.to and _last_of_month(asked.to))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _told_apart_by(asked: Asked) -> Callable[[Response], Hashable] | None:
    """What the list is narrowed by besides unit and place."""
    for question, _ in asked.choices:
        return lambda response: str(response.answers.get(question))
    if asked.states:
        return lambda response: response.state
    if asked.since or asked.to:
        return lambda response: (response.submitted_at.year, response.submitted_at.month)
    return None


def _small_groups(
    store: Store, view: View, value_of: Callable[[Response], Hashable]
) -> frozenset[tuple[str, str]]:
    """The groups of which some value has fewer than five responses."""
    cells = Counter(
        (response.unit, response.place, value_of(response))
        for response in store.iter_responses(view.definition.id, view.where)
    )
    return frozenset(
        (unit, place) for (unit, place, _), count in cells.items() if count < SMALLEST_GROUP
    )


def filter_for(
    asked: Asked, base: ResponseFilter, definition: Definition, lookup: Lookup
) -> ResponseFilter:
    """The base narrowed to what was asked, as a person reads it."""
    units, until = base.units, _after(asked.to)
    if asked.unit:
        below = lookup.tree.subtree(asked.unit)
        units = below if units is None else units & below
    states = _states(asked, definition)
    if asked.late:
        before = _midnight(overdue_before(definition, lookup.today, lookup.holidays))
        until = min(until or before, before)
        states = _of_kind(definition, {OPEN}) & (states or frozenset(states_of(definition)))
    since = _midnight(asked.since) if asked.since else base.since
    narrowed = replace(
        base,
        units=units,
        since=since if base.since is None else max(since or base.since, base.since),
        until=until,
        states=states,
        places=frozenset({asked.place}) if asked.place else None,
        versions=frozenset({asked.version}) if asked.version else None,
        flags=frozenset(asked.flags) or None,
        assigned=lookup.person if asked.mine else None,
        choices=frozenset(asked.choices),
        hashes=frozenset(asked.numbers) or None,
    )
    return _having_text(narrowed, asked.text, lookup)


def _having_text(where: ResponseFilter, text: str, lookup: Lookup) -> ResponseFilter:
    words = fold(text.replace("-", " ").replace(".", " ")).split()[:_MOST_WORDS]
    if text and not words:
        return replace(where, units=frozenset())  # signs only: nothing has them
    return replace(where, words=tuple(Word(word, _units_with(word, lookup.tree)) for word in words))


def without_numbers(asked: Asked, lookup: Lookup) -> Asked:
    """The same, with the keyed hash of an ID or phone number in its place: addresses are logged."""
    hashes = _hashes(asked.text, lookup)
    return replace(asked, text="", numbers=tuple(sorted(hashes))) if hashes else asked


def _hashes(text: str, lookup: Lookup) -> frozenset[str]:
    """The keyed hashes of a whole ID or phone number; none for any other text."""
    digits = sum(sign.isdigit() for sign in as_digits(text))
    if digits < 7 or sum(sign.isalpha() for sign in text) > 2:
        return frozenset()
    kinds: tuple[Question, ...] = (
        Phone(name="x", label=_NUMBER),
        CitizenId(name="x", label=_NUMBER, passport=True),
    )
    checked = ((kind, kind.check_text(text, lookup.today)) for kind in kinds)
    return frozenset(
        lookup.hasher.of_person(kind.finds_by, str(found.value))
        for kind, found in checked
        if found.value is not None and found.problem is None
    )


def _units_with(word: str, tree: UnitTree) -> frozenset[str]:
    return frozenset(unit.id for _, unit in tree.outline() if word in fold(unit.name))


def _states(asked: Asked, definition: Definition) -> frozenset[str] | None:
    if not asked.states:
        return None
    named = {state for state in asked.states if state not in (OPEN, CLOSED)}
    return frozenset(named) | _of_kind(definition, set(asked.states))


def _of_kind(definition: Definition, wanted: set[str]) -> frozenset[str]:
    """The states that are open or closed, as responses keep them."""
    return frozenset(
        kept_as(definition.workflow, state)
        for state in definition.workflow
        if (OPEN if state.kind in OPEN_KINDS else CLOSED) in wanted
    )


def overdue_before(definition: Definition, today: date, holidays: frozenset[date]) -> date:
    """What came before this day has waited longer than the union means to take."""
    left, day = definition.answer_within, today
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


def _after(day: date | None) -> datetime | None:
    return _midnight(day + timedelta(days=1)) if day else None
