"""Units as rows of a table: what a row says, what it changes, and all units written as rows."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from federation.history import History
from federation.units import ROOT, Change, Unit, UnitKind
from forms.problems import N_

from ..days import read_day
from ..errors import Refusal
from ..tables import Mistake, Row
from .units import checked_id, checked_kind, checked_name

NEEDED = ("id", "name", "parent", "kind")
COLUMNS = (*NEEDED, "from", "closed", "successor")
Value = TypeVar("Value")


@dataclass(frozen=True)
class UnitRow:
    """What one row says: of a unit from the day `since` on, and of its closing."""

    number: int
    id: str
    name: str
    parent: str | None
    kind: UnitKind | None
    since: date | None
    closed: date | None
    successor: str | None


class What(StrEnum):
    """What a step does to a unit."""

    CREATE = "create"
    RENAME = "rename"
    MOVE = "move"
    CHANGE_KIND = "change_kind"
    CLOSE = "close"


@dataclass(frozen=True)
class Step:
    """One thing that a table changes; units are named by their codes, no day is the beginning."""

    what: What
    unit: str
    name: str
    day: date | None
    before: str = ""
    after: str = ""


class RowReader:
    """Reads rows and gathers what is wrong in their cells."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def read(self, row: Row) -> UnitRow | None:
        """What the row says; None when one of its cells is wrong."""
        before, cells = len(self.mistakes), row.cells
        read = UnitRow(
            row.number,
            self._cell(row, "id", checked_id) or "",
            self._cell(row, "name", checked_name) or "",
            cells["parent"].lower() or None,
            self._cell(row, "kind", checked_kind) if cells["kind"] else None,
            self._cell(row, "from", _day) if cells.get("from") else None,
            self._cell(row, "closed", _day) if cells.get("closed") else None,
            cells.get("successor", "").lower() or None,
        )
        if read.id == ROOT and read.parent:
            root = N_("The root has no parent; leave the column empty.")
            self._mistake(row, "parent", Refusal(root))
        if read.id != ROOT and not read.parent:
            nowhere = N_("Please write the code of the unit above.")
            self._mistake(row, "parent", Refusal(nowhere))
        if read.successor and not cells.get("closed"):
            unclosed = N_("Only a closed unit has a successor: write the day in the column closed.")
            self._mistake(row, "successor", Refusal(unclosed))
        return read if len(self.mistakes) == before else None

    def _cell(self, row: Row, column: str, check: Callable[[str], Value]) -> Value | None:
        try:
            return check(row.cells[column])
        except Refusal as refusal:
            self._mistake(row, column, refusal)
            return None

    def _mistake(self, row: Row, column: str, refusal: Refusal) -> None:
        self.mistakes.append(Mistake(row.number, column, refusal.message, refusal.values))


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Refusal(N_("Please write a day such as 01/07/2026."))
    return day


def created(history: History, row: UnitRow, since: date | None) -> tuple[History, list[Step]]:
    """The history with the row's new unit. Raises Impossible."""
    kind = row.kind or UnitKind.ENTERPRISE
    unit = Unit(row.id, row.name, row.parent, kind, since=since)
    step = Step(What.CREATE, row.id, row.name, since, after=row.parent or "")
    return history.with_unit(unit), [step]


def changed(history: History, row: UnitRow, day: date | None) -> tuple[History, list[Step]]:
    """The history with what the row says of a unit there is; no day is its beginning.

    Raises Impossible.
    """
    unit = history.units[row.id]
    now = unit if day is None else unit.on(day)
    steps = list(_differences(now, row, day))
    if not steps:
        return history, []
    if day is None:
        return history.begun(row.id, row.name, row.parent, row.kind), steps
    return history.changed(row.id, Change(day, row.name, row.parent, row.kind)), steps


def _differences(now: Unit, row: UnitRow, day: date | None) -> Iterator[Step]:
    if row.name != now.name:
        yield Step(What.RENAME, now.id, now.name, day, now.name, row.name)
    if row.parent != now.parent:
        yield Step(What.MOVE, now.id, row.name, day, now.parent or "", row.parent or "")
    if row.kind and row.kind != now.kind:
        yield Step(What.CHANGE_KIND, now.id, row.name, day, now.kind, row.kind)


def closed(history: History, row: UnitRow) -> tuple[History, list[Step]]:
    """The history with the closing that the row names. Raises Impossible."""
    unit, day = history.units.get(row.id), row.closed
    if unit is None or day is None:
        return history, []
    if any(c.closed and (c.since, c.successor) == (day, row.successor) for c in unit.changes):
        return history, []
    step = Step(What.CLOSE, row.id, row.name, day, after=row.successor or "")
    return history.closed(row.id, day, successor=row.successor), [step]


def unit_rows(history: History, today: date, among: Container[str]) -> Iterator[list[str]]:
    """Every unit in the order of the tree: a row for each day from which it was something else."""
    for _, placed in history.on(today).outline():
        if placed.id in among:
            yield from _rows_of(history.units[placed.id])


def _rows_of(unit: Unit) -> Iterator[list[str]]:
    closing = next((change for change in unit.changes if change.closed), None)
    states: list[tuple[date | None, Unit]] = [(unit.since, unit)]
    states += [
        (change.since, unit.on(change.since))
        for change in unit.changes
        if change.name or change.parent or change.kind
    ]
    for at, (since, then) in enumerate(states, start=1):
        row = [unit.id, then.name, then.parent or "", str(then.kind), _iso(since)]
        is_last = at == len(states) and closing is not None
        yield [*row, _iso(closing.since), closing.successor or ""] if is_last and closing else [
            *row, "", ""
        ]  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
