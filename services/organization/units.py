"""Keep the federation's tree of units: add one, change its name or hotline, check what is typed.

Moving, merging and closing: unit_acts.py. Whole files of units: unit_import.py.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from federation.history import Fault, History, Impossible
from federation.units import Change, Unit, UnitKind, UnitTree
from forms.cleaning import clean_line, fold, is_readable
from forms.problems import N_
from storage.store import Store

from ..clock import now
from ..days import day_text
from ..errors import NotFound, Refusal

LONGEST_NAME = 120
_ID_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def tree_of(store: Store, day: date | None = None) -> UnitTree:
    """The tree as it is on a day; today's without one."""
    return history_of(store).on(day or now().date())


def history_of(store: Store) -> History:
    """All units with everything that was decided about them."""
    return History(store.units.all())


class Trees:
    """The latest tree, made anew only when a unit or the day has changed: pages ask often."""

    def __init__(self) -> None:
        self._latest: tuple[tuple[Unit, ...], date, UnitTree] = ((), date.min, UnitTree(()))

    def of(self, store: Store, day: date) -> UnitTree:
        units = store.units.all()
        known, at, tree = self._latest
        if at != day or known != units:
            tree = History(units).on(day)
            self._latest = (units, day, tree)
        return tree


@dataclass(frozen=True)
class Decision:
    """Something decided about the federation from a day on."""

    day: date
    act: Callable[[History], History]


def foresee(store: Store, decision: Decision) -> History:
    """What a decision would make of the federation; raises Refusal when it cannot be."""
    return _outcome(history_of(store), decision)


def decide(store: Store, decision: Decision) -> tuple[Unit, ...]:
    """Do what was decided, all or nothing; gives the units that changed. Raises Refusal."""
    with store.exclusive():
        before = history_of(store)
        after = _outcome(before, decision)
        return keep_changes(store, before, after)


def keep_changes(store: Store, before: History, after: History) -> tuple[Unit, ...]:
    """Write what differs, in an order in which it is sound wherever it may be cut off."""
    changed = after.differences(before)
    for unit in sorted(changed, key=lambda unit: _turn(unit, before)):
        store.units.put(unit)
    return changed


def _turn(unit: Unit, before: History) -> int:
    """New units first, for others go below them; those that close last."""
    if unit.id not in before.units:
        return 0
    return 2 if any(change.closed for change in unit.changes) else 1


def _outcome(before: History, decision: Decision) -> History:
    try:
        after = decision.act(before)
    except Impossible as found:
        raise refusal_of(found, before) from found
    for fault in new_faults(before, after, decision.day):
        raise refusal_of(fault, after)
    return after


def new_faults(before: History, after: History, since: date) -> Iterable[Impossible]:
    """What is not sound any more; what was wrong already stands in nobody's way."""
    found = list(after.faults(since))
    if not found:
        return found
    known = {(f.fault, f.unit, f.other) for f in before.faults(since)}
    return [f for f in found if (f.fault, f.unit, f.other) not in known]


_FAULTS: Mapping[Fault, tuple[str, str]] = {
    Fault.TAKEN: (N_("The code %(unit)s is taken."), "id"),
    Fault.UNKNOWN: (N_("No unit has the code %(unit)s."), "id"),
    Fault.NOT_YET: (
        N_("%(name)s begins on %(begin)s. Please choose that day or a later one."),
        "day",
    ),
    Fault.CLOSED: (N_("%(name)s is closed on %(day)s already."), "day"),
    Fault.LATER: (
        N_("A later change of %(name)s is recorded. Please choose a day after it."),
        "day",
    ),
    Fault.ROOT: (N_("The root stands on top and is never closed."), "parent"),
    Fault.ITSELF: (N_("A unit cannot stand below itself."), "parent"),
    Fault.CHILDREN: (
        N_("%(name)s is closed on %(day)s, but %(other_name)s stands below it."),
        "parent",
    ),
    Fault.PARENT_UNKNOWN: (N_("No unit has the code %(other)s."), "parent"),
    Fault.PARENT_NOT_YET: (N_("%(other_name)s begins only on %(begin)s."), "parent"),
    Fault.SUCCESSOR_UNKNOWN: (N_("No unit has the code %(other)s."), "successor"),
    Fault.SUCCESSOR_NOT_YET: (N_("%(other_name)s begins only on %(begin)s."), "successor"),
}


def refusal_of(found: Impossible, history: History) -> Refusal:
    """The same in words for people, with the input that must be corrected."""
    message, field = _FAULTS[found.fault]
    begin = history.start_of(found.other or found.unit)
    values = {
        "unit": found.unit[:40],
        "other": found.other[:40],
        "name": _name(history, found.unit),
        "other_name": _name(history, found.other),
        "day": day_text(found.day),
        "begin": day_text(begin) if begin else "",
    }
    used = {name: value for name, value in values.items() if f"%({name})s" in message}
    kind = NotFound if found.fault is Fault.UNKNOWN else Refusal
    return kind(message, used, field=field)


def _name(history: History, unit_id: str) -> str:
    unit = history.units.get(unit_id)
    return unit.name if unit else unit_id[:40]


def add_unit(
    store: Store,
    unit_id: str,
    name: str,
    parent: str,
    kind: str,
    hotline: str = "",
    *,
    since: date | None = None,
) -> Unit:
    """Add a unit below another, from a day on; raises Refusal with what to write instead.

    Without a day it is as old as the unit above. Without a code one is made of the name:
    `Công ty Chè 2` becomes `cong-ty-che-2`.
    """
    with store.exclusive():
        before = history_of(store)
        unit = checked_unit(unit_id or draw_id(name, before), name, parent, kind, hotline)
        if parent not in before.units:
            raise NotFound(
                N_("No unit has the code %(unit)s."), {"unit": parent[:40]}, field="parent"
            )
        unit = replace(unit, since=since or before.start_of(parent))
        after = _outcome(before, Decision(unit.since or date.min, lambda h: h.with_unit(unit)))
        keep_changes(store, before, after)
    return unit


def draw_id(name: str, history: History) -> str:
    """A code that is not taken, made of a unit's name."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    base = "-".join(words)[:36].strip("-") or "unit"
    candidates = (f"{base}-{n}" if n > 1 else base for n in itertools.count(1))
    return next(candidate for candidate in candidates if candidate not in history.units)


def change_unit(store: Store, unit_id: str, *, name: str, hotline: str, day: date) -> Unit:
    """Rename a unit from a day on, change its hotline at once; its code and responses stay."""
    with store.exclusive():
        before = history_of(store)
        unit = before.units.get(unit_id)
        if unit is None:
            raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit_id[:40]})
        checked = checked_unit(unit.id, name, unit.parent or "", unit.kind, hotline)
        if checked.name == unit.on(day).name:  # only the hotline: that may change at any time
            after = before
        else:
            after = _outcome(before, renaming(unit_id, checked.name, day))
        changed = replace(after.units[unit_id], hotline=checked.hotline)
        store.units.put(changed)
    return changed


def renaming(unit_id: str, name: str, day: date) -> Decision:
    """Give a unit another name, from a day on; raises Refusal for what is no name."""
    checked = checked_name(name)
    return Decision(day, lambda history: history.changed(unit_id, Change(day, name=checked)))


def checked_name(name: str) -> str:
    """A unit's name as it is kept; raises Refusal."""
    name = clean_line(name)
    if not name or len(name) > LONGEST_NAME or not is_readable(name):
        raise Refusal(
            N_("Please give the unit a name of at most %(longest)s characters."),
            {"longest": LONGEST_NAME},
            field="name",
        )
    return name


def checked_kind(kind: str) -> UnitKind:
    """A kind of units; raises Refusal."""
    try:
        return UnitKind(kind)
    except ValueError as error:
        kinds = {"kinds": ", ".join(UnitKind)}
        raise Refusal(N_("The kind must be one of: %(kinds)s."), kinds, field="kind") from error


def checked_id(unit_id: str) -> str:
    """A unit's code as it is kept; raises Refusal."""
    unit_id = unit_id.strip().lower()
    if not unit_id or len(unit_id) > 40 or not set(unit_id) <= _ID_SIGNS or unit_id[0] in "-_.":
        raise Refusal(
            N_("A unit code has letters without marks, digits and hyphens: thuy-dien-3."),
            field="id",
        )
    return unit_id


def checked_unit(unit_id: str, name: str, parent: str, kind: str, hotline: str = "") -> Unit:
    """A unit as it is kept; raises Refusal."""
    unit_id, parent, hotline = checked_id(unit_id), parent.strip().lower(), clean_line(hotline)
    name = checked_name(name)
    if len(hotline) > 30 or not is_readable(hotline):
        raise Refusal(N_("Please write the hotline as a phone number."), field="hotline")
    return Unit(unit_id, name, parent or None, checked_kind(kind or UnitKind.ENTERPRISE), hotline)
