"""How many workers and members a unit has, by quarter; nothing is added twice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .units import UnitKind, UnitTree

_QUARTER = re.compile(r"(\d{4})-?Q([1-4])|Q?([1-4])[/-](\d{4})", re.IGNORECASE)
MOST = 9_999_999


@dataclass(frozen=True)
class Headcount:
    """A unit's figures at the end of a quarter such as 2026-Q4; None is not known."""

    unit: str
    quarter: str
    workers: int | None
    members: int | None

    @property
    def key(self) -> str:
        return headcount_key(self.unit, self.quarter)


def headcount_key(unit: str, quarter: str) -> str:
    return f"{unit}@{quarter}"


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def read_quarter(text: str) -> str | None:
    """`2026-Q4`, `Q4/2026` or `4/2026` as the first; None for anything else."""
    match = _QUARTER.fullmatch("".join(text.split()))
    if match is None:
        return None
    year, number = match[1] or match[4], match[2] or match[3]
    return f"{year}-Q{number}" if 1990 <= int(year) <= 2100 else None


def last_day(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True)
class Sum:
    """What the figures of a unit and those below it come to; None when none is known."""

    workers: int | None = None
    members: int | None = None


def sums(tree: UnitTree, figures: Mapping[str, Headcount]) -> Mapping[str, Sum]:
    """The sums of every unit that is open in the tree, by its id.

    Sections are within the figures of the unit they are part of: they are added only where that
    one gave none. Closed units are left out, for their people are counted by their successor.
    """
    parts: dict[str, list[str]] = {}
    found: dict[str, Sum] = {}
    for _, unit in reversed(tree.outline()):  # from the leaves up
        if not unit.is_open:
            continue
        parts.setdefault(unit.above or "", []).append(unit.id)
        below = [(found[child], tree.units[child].kind) for child in parts.get(unit.id, ())]
        own = figures.get(unit.id) or Headcount(unit.id, "", None, None)
        found[unit.id] = Sum(
            _sum(own.workers, [(part.workers, kind) for part, kind in below]),
            _sum(own.members, [(part.members, kind) for part, kind in below]),
        )
    return found


def _sum(own: int | None, below: list[tuple[int | None, UnitKind]]) -> int | None:
    known = [] if own is None else [own]
    known += [
        part
        for part, kind in below
        if part is not None and (own is None or kind is not UnitKind.SECTION)
    ]
    return sum(known) if known else None
