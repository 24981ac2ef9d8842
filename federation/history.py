"""How the federation changes: dated acts on all units, and what must be true on every day.

A history is never changed: each act gives a new one, which its caller keeps when it has no faults.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum

from .units import ROOT, Change, Unit, UnitKind, UnitTree


class Fault(StrEnum):
    """Why the federation cannot be like this; `unit` and `other` are those of the Impossible."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"  # the unit begins after the day
    CLOSED = "closed"  # the unit is closed by then
    LATER = "later"  # it is to be closed before something that is recorded already
    ROOT = "root"  # the root has nothing above it and is never closed
    ITSELF = "itself"  # it would stand below itself
    CHILDREN = "children"  # closed, while `other` is open and stands below it
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_NOT_YET = "parent_not_yet"
    SUCCESSOR_UNKNOWN = "successor_unknown"
    SUCCESSOR_NOT_YET = "successor_not_yet"


class Impossible(Exception):
    """An act that would leave the federation unsound on a day."""

    def __init__(self, fault: Fault, unit: str, day: date, other: str = "") -> None:
        self.fault, self.unit, self.day, self.other = fault, unit, day, other
        super().__init__(f"{fault}: {unit} {other} {day}")


class History:
    """All units, each with everything that was decided about it."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.id: unit for unit in units}

    def on(self, day: date) -> UnitTree:
        """The federation as it is on a day."""
        return UnitTree(unit.on(day) for unit in self.units.values())

    def start_of(self, unit_id: str) -> date | None:
        """The first day of a unit; None when it was always there, or is unknown."""
        unit = self.units.get(unit_id)
        return unit.since if unit else None

    def with_unit(self, unit: Unit) -> "History":
        """A new unit; raises Impossible when the id is taken."""
        if unit.id in self.units:
            raise Impossible(Fault.TAKEN, unit.id, unit.since or date.min)
        return self._with(unit)

    def _with(self, unit: Unit) -> "History":
        history = History(())
        history.units = {**self.units, unit.id: unit}
        return history

    def begun(
        self, unit_id: str, name: str, parent: str | None, kind: UnitKind | None
    ) -> "History":
        """Correct what a unit was at first; raises Impossible."""
        unit = self.units.get(unit_id)
        if unit is None:
            raise Impossible(Fault.UNKNOWN, unit_id, date.min)
        return self._with(replace(unit, name=name, parent=parent, kind=kind or unit.kind))

    def changed(self, unit_id: str, change: Change) -> "History":
        """One more change of a unit, or a correction of what is recorded for the same day.

        Raises Impossible.
        """
        unit = self.units.get(unit_id)
        if unit is None:
            raise Impossible(Fault.UNKNOWN, unit_id, change.since)
        if unit.since and change.since < unit.since:
            raise Impossible(Fault.NOT_YET, unit_id, change.since)
        if unit.on(change.since).closed:
            raise Impossible(Fault.CLOSED, unit_id, change.since)
        if unit_id == ROOT and (change.parent or change.closed):
            raise Impossible(Fault.ROOT, unit_id, change.since)
        if change.closed and any(later.since > change.since for later in unit.changes):
            raise Impossible(Fault.LATER, unit_id, change.since)
        return self._with(_recorded(unit, change))

    def closed(
        self, unit_id: str, day: date, *, successor: str | None = None, heir: str | None = None
    ) -> "History":
        """Close a unit from a day on; what stands below it goes to the heir. Raises Impossible."""
        history = self._handed_over(unit_id, day, heir) if heir else self
        return history.changed(unit_id, Change(day, closed=True, successor=successor))

    def merged(self, unit_ids: Iterable[str], successor: str, day: date) -> "History":
        """Close units in favour of another that takes all that stands below them.

        Those that were closed so already are left as they are: a merger that was cut off halfway
        can be decided again. Raises Impossible.
        """
        history, closing = self, (day, successor)
        for unit_id in unit_ids:
            unit = self.units.get(unit_id)
            if unit and any(c.closed and (c.since, c.successor) == closing for c in unit.changes):
                continue
            history = history.closed(unit_id, day, successor=successor, heir=successor)
        return history

    def _handed_over(self, unit_id: str, day: date, heir: str) -> "History":
        history, parent = self, self.on(day).get(unit_id)
        for child in self.units.values():
            to = heir if child.id != heir else (parent.parent if parent else None)
            for when in _days_below(child, unit_id, day):
                history = history.changed(child.id, Change(when, parent=to))
        return history

    def withdrawn(self, unit_id: str, day: date) -> "History":
        """Take back what is recorded for a unit and a day, as if it had never been decided."""
        unit = self.units.get(unit_id)
        kept = [change for change in unit.changes if change.since != day] if unit else []
        if unit is None or len(kept) == len(unit.changes):
            raise Impossible(Fault.UNKNOWN, unit_id, day)
        return self._with(replace(unit, changes=tuple(kept)))

    def differences(self, earlier: "History") -> tuple[Unit, ...]:
        """The units that are not what they were in an earlier history."""
        return tuple(u for u in self.units.values() if earlier.units.get(u.id) != u)

    def faults(self, since: date = date.min) -> Iterator[Impossible]:
        """Everything that is not sound from a day on, each once, by day."""
        seen = set[tuple[Fault, str, str]]()
        for day in sorted({since, *(day for day in self._days() if day > since)}):
            for found in _faults_on(self.on(day), day):
                key = (found.fault, found.unit, found.other)
                if key not in seen:
                    seen.add(key)
                    yield found

    def _days(self) -> Iterator[date]:
        for unit in self.units.values():
            if unit.since:
                yield unit.since
            yield from (change.since for change in unit.changes)


def _recorded(unit: Unit, change: Change) -> Unit:
    """The unit with a change, less what it does not alter."""
    day = change.since
    if unit.since == day and not change.closed:  # its first day: that is how it begins
        name, parent = change.name or unit.name, change.parent or unit.parent
        return replace(unit, name=name, parent=parent, kind=change.kind or unit.kind)
    others = [other for other in unit.changes if other.since != day]
    for same in unit.changes:
        if same.since == day:
            change = Change(
                day,
                change.name or same.name,
                change.parent or same.parent,
                change.kind or same.kind,
                closed=change.closed,
                successor=change.successor,
            )
    before = replace(unit, changes=tuple(others)).on(day)
    change = replace(
        change,
        name=change.name if change.name != before.name else None,
        parent=change.parent if change.parent != before.parent else None,
        kind=change.kind if change.kind != before.kind else None,
    )
    if change != Change(day):
        others.append(change)
    return replace(unit, changes=tuple(sorted(others, key=lambda other: other.since)))


def _days_below(child: Unit, unit_id: str, day: date) -> Iterator[date]:
    """The days from which the child, while open, comes to stand below the unit."""
    first = max(day, child.since or day)
    then = child.on(first)
    if then.parent == unit_id and not then.closed:
        yield first
    for change in child.changes:
        if change.since > first and change.parent == unit_id:
            yield change.since


def _faults_on(tree: UnitTree, day: date) -> Iterator[Impossible]:
    sound = set[str]()
    for unit in tree.units.values():
        if unit.planned:
            continue
        yield from _faults_of(unit, tree, day)
        path, at = list[str](), unit
        while at.id not in sound and at.id not in path:
            path.append(at.id)
            at = tree.units.get(at.above or "", at)
        if at.id in path and (at.above or "") in tree:
            for around in path[path.index(at.id) :]:
                yield Impossible(Fault.ITSELF, around, day)
        sound.update(path)


def _faults_of(unit: Unit, tree: UnitTree, day: date) -> Iterator[Impossible]:
    if unit.id == ROOT:
        if unit.parent or unit.closed:
            yield Impossible(Fault.ROOT, unit.id, day)
        return
    above, goes_on = tree.get(unit.above or ""), bool(unit.closed and unit.successor)
    if above is None:
        unknown = Fault.SUCCESSOR_UNKNOWN if goes_on else Fault.PARENT_UNKNOWN
        yield Impossible(unknown, unit.id, day, unit.above or "")
    elif above.planned:
        not_yet = Fault.SUCCESSOR_NOT_YET if goes_on else Fault.PARENT_NOT_YET
        yield Impossible(not_yet, unit.id, day, above.id)
    elif above.closed and not unit.closed:
        yield Impossible(Fault.CHILDREN, above.id, day, unit.id)
