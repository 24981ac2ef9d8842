"""Keep how many workers and members the units have: typed for one unit, or a table of many."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from federation.headcounts import MOST, Headcount, headcount_key, last_day, quarter_of, read_quarter
from federation.units import UnitTree
from forms.cleaning import as_digits
from forms.problems import N_
from forms.types.base import Cell
from storage.store import Store

from ..errors import NotFound, Refusal
from ..tables import Mistake, Row, Table

NEEDED = ("unit", "quarter", "workers", "members")
COLUMNS = ("unit", "name", "quarter", "workers", "members")
_NUMBER = re.compile(r"\d{1,3}([.,]\d{3})+|\d+")


def keep_headcount(
    store: Store, tree: UnitTree, values: Mapping[str, str], today: date
) -> Headcount:
    """Keep one unit's figures of a quarter (the inputs of NEEDED), in place of earlier ones.

    Raises Refusal.
    """
    headcount = read_headcount(values, tree, today)
    store.headcounts.put(headcount)
    return headcount


def read_headcount(values: Mapping[str, str], tree: UnitTree, today: date) -> Headcount:
    """The figures that were typed; raises Refusal for what they cannot be."""
    unit, quarter = values["unit"].strip().lower(), read_quarter(values["quarter"])
    if unit not in tree:
        raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit[:40]}, field="unit")
    if quarter is None:
        raise Refusal(N_("Please write the quarter as 2026-Q4."), field="quarter")
    if quarter > quarter_of(today):
        raise Refusal(N_("This quarter has not begun yet."), field="quarter")
    workers, members = (_number(values[column], column) for column in ("workers", "members"))
    if workers is None and members is None:
        raise Refusal(N_("Please write at least one of the two numbers."), field="workers")
    if workers is not None and members is not None and members > workers:
        raise Refusal(N_("There cannot be more members than workers."), field="members")
    return Headcount(unit, quarter, workers, members)


def _number(text: str, field: str) -> int | None:
    text = "".join(as_digits(text).split())
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or (number := int(re.sub(r"\D", "", text))) > MOST:
        raise Refusal(N_("Please write a whole number, for example 1.810."), field=field)
    return number


@dataclass(frozen=True)
class HeadcountPlan:
    """What a table of figures would change; nothing is kept while there are mistakes."""

    headcounts: tuple[Headcount, ...]
    mistakes: tuple[Mistake, ...]
    counts: Mapping[str, int]


def plan_headcounts(
    store: Store, tree: UnitTree, table: Table, today: date, within: Container[str]
) -> HeadcountPlan:
    """Read a table of figures; `within` are the units whose figures may be changed.

    A row without figures says nothing: the list to fill in names units that have none yet.
    """
    mistakes: list[Mistake] = []
    found: dict[str, Headcount] = {}
    counts = {"added": 0, "changed": 0, "same": 0}
    for row in table.rows:
        if not row.cells["workers"] and not row.cells["members"]:
            continue
        try:
            headcount = _read_row(row, tree, today, within)
            if headcount.key in found:
                raise Refusal(N_("This unit and quarter are there twice."), field="unit")
        except Refusal as refusal:
            column = refusal.field or "unit"
            mistakes.append(Mistake(row.number, column, refusal.message, refusal.values))
            continue
        found[headcount.key] = headcount
        old = store.headcounts.get(headcount.key)
        counts["same" if old == headcount else "changed" if old else "added"] += 1
    return HeadcountPlan(tuple(found.values()), tuple(mistakes), counts)


def _read_row(row: Row, tree: UnitTree, today: date, within: Container[str]) -> Headcount:
    headcount = read_headcount(row.cells, tree, today)
    if headcount.unit not in within:
        unknown = N_("No unit has the code %(unit)s.")
        raise NotFound(unknown, {"unit": headcount.unit}, field="unit")
    return headcount


def import_headcounts(
    store: Store, tree: UnitTree, table: Table, today: date, within: Container[str]
) -> HeadcountPlan:
    """Keep what a table says, all rows or, with any mistake, none."""
    with store.exclusive():
        plan = plan_headcounts(store, tree, table, today, within)
        for headcount in () if plan.mistakes else plan.headcounts:
            if store.headcounts.get(headcount.key) != headcount:
                store.headcounts.put(headcount)
    return plan


def headcounts_of(store: Store, unit_id: str) -> tuple[Headcount, ...]:
    """All figures of a unit, newest quarter first."""
    found = [headcount for headcount in store.headcounts.all() if headcount.unit == unit_id]
    return tuple(sorted(found, key=lambda headcount: headcount.quarter, reverse=True))


def figures_of(store: Store, quarter: str) -> dict[str, Headcount]:
    """The figures of a quarter by unit."""
    return {h.unit: h for h in store.headcounts.all() if h.quarter == quarter}


def quarters_known(store: Store, today: date) -> tuple[str, ...]:
    """The quarters that have figures, and the present one; newest first."""
    known = {headcount.quarter for headcount in store.headcounts.all()}
    return tuple(sorted({*known, quarter_of(today)}, reverse=True))


def reported_day(quarter: str, today: date) -> date:
    """The day whose tree a quarter is told by: its last, or today while it lasts."""
    return min(last_day(quarter), today)


def headcount_rows(
    store: Store, tree: UnitTree, quarter: str, among: Container[str]
) -> list[list[Cell]]:
    """A quarter's figures of all open units as rows to fill in and import again."""
    rows: list[list[Cell]] = []
    for _, unit in tree.outline():
        if unit.id in among and unit.is_open:
            known = store.headcounts.get(headcount_key(unit.id, quarter))
            figures = [known.workers, known.members] if known else [None, None]
            rows.append([unit.id, unit.name, quarter, *figures])
    return rows
