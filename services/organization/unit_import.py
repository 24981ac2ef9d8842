"""Take a whole table of units: what it would change, every mistake in it, and the change itself.

Columns: id, name, parent, kind; from (the day since which the row holds), closed (the day of the
closing) and successor may be left out. A unit may have several rows, one for each day from which
it was something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from federation.history import Fault, History, Impossible
from federation.units import Unit
from forms.problems import N_
from storage.store import Store

from ..errors import Refusal
from ..tables import Mistake, Table
from .unit_rows import RowReader, Step, UnitRow, changed, closed, created
from .units import history_of, keep_changes, new_faults, refusal_of

_COLUMNS = {"id": "id", "day": "from", "parent": "parent", "successor": "successor"}


@dataclass(frozen=True)
class Plan:
    """What a table would do to the federation; nothing is kept while there are mistakes."""

    before: History
    after: History
    steps: tuple[Step, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    named: frozenset[str] = field(default_factory=frozenset)

    @property
    def counts(self) -> dict[str, int]:
        """How many units are added, changed, and found as they are."""
        added = len(self.after.units) - len(self.before.units)
        other = len(self.after.differences(self.before)) - added
        return {"added": added, "changed": other, "same": len(self.named) - added - other}


def plan_units(
    before: History, table: Table, today: date, within: frozenset[str] | None = None
) -> Plan:
    """Work out what a table would change; `within` are the units that may be changed, None all."""
    return _Planning(before, today).plan(table, within)


def import_units(
    store: Store, table: Table, today: date, within: frozenset[str] | None = None
) -> Plan:
    """Keep what a table says, all rows or, with any mistake, none."""
    with store.exclusive():
        plan = plan_units(history_of(store), table, today, within)
        if not plan.mistakes:
            keep_changes(store, plan.before, plan.after)
    return plan


class _Planning:
    def __init__(self, before: History, today: date) -> None:
        self._before = self._after = before
        self._today = today
        self._reader = RowReader()
        self._rows: dict[str, list[UnitRow]] = {}
        self._steps: list[Step] = []

    def plan(self, table: Table, within: frozenset[str] | None) -> Plan:
        read = [row for row in map(self._reader.read, table.rows) if row]
        for row in read:
            self._take(row)
        rows = sorted(read, key=lambda row: row.since or date.min)
        for row in rows:
            self._apply(row)
        for row in rows:
            self._apply(row, closing=True)
        if not self._reader.mistakes:  # else every child of a wrong row would be wrong, too
            self._check_sound()
        if within is not None:
            self._check_reach(within)
        mistakes = sorted(self._reader.mistakes, key=lambda mistake: mistake.row)
        named = frozenset(self._rows)
        return Plan(self._before, self._after, tuple(self._steps), tuple(mistakes), named)

    def _take(self, row: UnitRow) -> None:
        siblings = self._rows.setdefault(row.id, [])
        for other in siblings:
            if other.since == row.since:
                self._mistake(
                    row,
                    "id",
                    Refusal(
                        N_("The code %(unit)s stands in row %(row_before)s already."),
                        {"unit": row.id, "row_before": other.number},
                    ),
                )
        siblings.append(row)

    def _apply(self, row: UnitRow, *, closing: bool = False) -> None:
        try:
            self._after, steps = self._outcome(row, closing=closing)
        except Impossible as found:
            refusal = refusal_of(found, self._after)
            column = "closed" if closing else _COLUMNS[refusal.field]
            self._mistake(row, column, refusal)
        else:
            self._steps += steps

    def _outcome(self, row: UnitRow, *, closing: bool) -> tuple[History, list[Step]]:
        if closing:
            return closed(self._after, row)
        unit = self._after.units.get(row.id)
        if unit is None:
            return created(self._after, row, row.since or self._start(row.parent, {row.id}))
        if row.since is None and len(self._rows[row.id]) > 1 and unit.since is None:
            return changed(self._after, row, None)
        return changed(self._after, row, row.since or max(self._today, unit.since or self._today))

    def _start(self, unit_id: str | None, seen: set[str]) -> date | None:
        """Since when there is a unit: a new one below it without a day is as old."""
        if unit_id is None or unit_id in seen:
            return None
        if unit_id in self._before.units or unit_id not in self._rows:
            return self._before.start_of(unit_id)
        first = min(self._rows[unit_id], key=lambda row: row.since or date.min)
        return first.since or self._start(first.parent, {*seen, unit_id})

    def _check_sound(self) -> None:
        days = [step.day or date.min for step in self._steps]
        faults = list(new_faults(self._before, self._after, min(days, default=date.max)))
        placed = [(found, *self._place(found)) for found in faults]
        # Units that are in no row of the file are wrong only because of one that is.
        for found, row, column in [it for it in placed if it[1]] or placed:
            self._mistake(row, column, refusal_of(found, self._after))

    def _place(self, found: Impossible) -> tuple[UnitRow | None, str]:
        """The row that makes it unsound, and the column."""
        unit, column = found.unit, "parent"
        if found.fault is Fault.CHILDREN:
            closes = [row for row in self._rows.get(found.unit, ()) if row.closed]
            unit, column = (found.unit, "closed") if closes else (found.other, "parent")
        elif any(row.successor for row in self._rows.get(unit, ())):
            column = "successor"
        rows = self._rows.get(unit) or [*self._rows.get(found.other, ())]
        then = [row for row in rows if (row.since or date.min) <= found.day]
        return next(iter(then[-1:] or rows), None), column

    def _check_reach(self, within: frozenset[str]) -> None:
        reachable = within | (self._after.units.keys() - self._before.units.keys())
        for unit in self._after.differences(self._before):
            for field_, other in self._reached(unit, within):
                if other not in reachable:
                    unknown = N_("No unit has the code %(unit)s.")
                    rows = self._rows.get(unit.id)
                    self._mistake(
                        rows[0] if rows else None, field_, Refusal(unknown, {"unit": other})
                    )

    def _reached(self, unit: Unit, within: frozenset[str]) -> Iterator[tuple[str, str]]:
        """The units that a changed unit must not reach unless they are within."""
        old = self._before.units.get(unit.id)
        known = old.changes if old else ()
        if old is None or old.parent != unit.parent:
            yield "parent", unit.parent or ""
        if old is not None:
            yield "id", unit.id
        for change in unit.changes:
            if change in known:
                continue
            if change.parent:
                yield "parent", change.parent
            if change.successor:
                yield "successor", change.successor
            if old is not None and (change.parent or change.closed):
                # Whoever keeps a unit from its top down does not decide where the top stands.
                yield "id", old.on(change.since).parent or ""

    def _mistake(self, row: UnitRow | None, column: str, refusal: Refusal) -> None:
        number, known = row.number if row else 0, self._reader.mistakes
        if not any((other.row, other.column) == (number, column) for other in known):
            known.append(Mistake(number, column, refusal.message, refusal.values))
