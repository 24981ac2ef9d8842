"""What became of a form's period of keeping: changed, put on hold, purged; knows no answers.

The period itself is the form's (forms/retention.py), for people agreed to it.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PeriodChange:
    """The administrator lets responses go after so many days; 0 is what the notice says again."""

    at: datetime
    who: str
    days: int
    reason: str


@dataclass(frozen=True)
class Hold:
    """Nothing of the form is purged while it stands: a court or an inspection needs it."""

    at: datetime
    who: str
    reason: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def stands(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True)
class FullExport:
    """Everything of these units left as a file; `units` empty is every unit."""

    at: datetime
    units: tuple[str, ...] = ()

    def covers(self, unit: str) -> bool:
        return not self.units or unit in self.units


@dataclass(frozen=True)
class Purge:
    """One run that erased something: when, by whom (`server`, `command`, a name), how many."""

    at: datetime
    who: str
    rows: int


@dataclass(frozen=True)
class Purged:
    """How many responses of a unit, place and scan point are gone because their time was over."""

    unit: str
    place: str
    point: str
    count: int


@dataclass(frozen=True)
class FormRetention:
    """All of it for one form, the oldest first."""

    form: str
    changes: tuple[PeriodChange, ...] = ()
    holds: tuple[Hold, ...] = ()
    exports: tuple[FullExport, ...] = ()
    purges: tuple[Purge, ...] = ()
    purged: tuple[Purged, ...] = ()

    @property
    def days(self) -> int | None:
        """The period that the administrator chose; None is what the notice says."""
        return (self.changes[-1].days or None) if self.changes else None

    @property
    def hold(self) -> Hold | None:
        """The hold that stands."""
        return self.holds[-1] if self.holds and self.holds[-1].stands else None

    @property
    def purged_by_unit(self) -> Counter[str]:
        return counted(self.purged)


def counted(purged: Collection[Purged]) -> Counter[str]:
    """How many are gone, by unit."""
    found = Counter[str]()
    for one in purged:
        found[one.unit] += one.count
    return found
