"""Which answers stand together, so that no count tells of fewer than five: the rule of 0022.

The answers of a (unit, place) are cut into cells once, the same for whoever asks: months, of which
those with few answers go with the next ones until there are five. What is shown is always made of
whole cells. Whatever is taken from, or added to, something else is then made of whole cells, too.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar

from ..clock import VIETNAM

SMALLEST_GROUP = 5
Group = tuple[str, str]
Item = TypeVar("Item")
_PARTS = (1, 8, 15, 22)  # the days on which the weeks of a month begin: no week is in two months


@dataclass(frozen=True)
class Run:
    """Answers that stand together: the first days of its first and last period, and how many."""

    first: date
    last: date
    count: int


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def week_of(day: date) -> date:
    """The first day of a day's week, counted from the first of the month; the last is longer."""
    return day.replace(day=_PARTS[bisect_right(_PARTS, day.day) - 1])


def runs(counts: Mapping[date, int]) -> tuple[Run, ...]:
    """Periods in order, the small ones put together until they have five; none where all have not.

    What is left at the end goes with the last run.
    """
    done: list[Run] = []
    first, count = None, 0
    for period in sorted(counts):
        first, count = first or period, count + counts[period]
        if count >= SMALLEST_GROUP:
            done.append(Run(first, period, count))
            first, count = None, 0
    if count and done:
        done[-1] = Run(done[-1].first, max(counts), done[-1].count + count)
    return tuple(done)


class Cells:
    """The cells of one form: made of how many answers came in each unit and place, day by day."""

    def __init__(self, days: Mapping[tuple[str, str, date], int]) -> None:
        self._days: dict[Group, dict[date, int]] = defaultdict(dict)
        for (unit, place, day), count in days.items():
            self._days[unit, place][day] = count
        self._runs = {group: runs(_by(month_of, found)) for group, found in self._days.items()}

    @property
    def groups(self) -> frozenset[Group]:
        """All groups that have an answer."""
        return frozenset(self._days)

    @property
    def large(self) -> frozenset[Group]:
        """The groups that have five answers."""
        return frozenset(group for group, found in self._runs.items() if found)

    def whole(self, since: date | None, until: date | None) -> frozenset[Group]:
        """The large groups of which no cell lies on both sides of a bound; both begin a month."""
        since, until = since or date.min, until or date.max
        return frozenset(
            group
            for group in self.large
            if all(_is_whole(r, since, until) for r in self._runs[group])
        )

    def has_any(self, group: Group, since: date | None, until: date | None) -> bool:
        """Whether the group has answers in this time."""
        since, until = since or date.min, until or date.max
        return any(since <= day < until for day in self._days[group])

    def cell(self, group: Group, day: date) -> tuple[Group, int]:
        """In which cell an answer stands."""
        starts = [run.first for run in self._runs.get(group, ())]
        return group, max(bisect_right(starts, day) - 1, 0)

    def weeks(self, group: Group) -> tuple[Run, ...]:
        """The cells of a large group once more cut by weeks, each part of five at least."""
        found: list[Run] = []
        for run in self._runs[group]:
            inside = {
                d: n for d, n in self._days[group].items() if run.first <= month_of(d) <= run.last
            }
            found += runs(_by(week_of, inside))
        return tuple(found)


def _by(period: Callable[[date], date], days: Mapping[date, int]) -> Counter[date]:
    found = Counter[date]()
    for day, count in days.items():
        found[period(day)] += count
    return found


def _is_whole(run: Run, since: date, until: date) -> bool:
    is_outside = run.last < since or run.first >= until
    return is_outside or (since <= run.first and run.last < until)


def whole_months(
    since: datetime | None, until: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The bounds moved outwards to whole months of Vietnam; `until` is no more in."""
    first = since and _midnight(month_of(since.astimezone(VIETNAM).date()))
    if until is None:
        return first, None
    begin = month_of((until.astimezone(VIETNAM) - timedelta(microseconds=1)).date())
    return first, _midnight(month_of(begin + timedelta(days=31)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VIETNAM)


class Gate(Generic[Item]):
    """Lets what belongs to a cell through once there are five of it; the rest stays behind."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, list[Item] | None] = {}

    def through(self, cell: Hashable, item: Item) -> tuple[Item, ...]:
        """What may be told now: nothing, five at once, or the item itself."""
        waiting = self._waiting.setdefault(cell, [])
        if waiting is None:
            return (item,)
        waiting.append(item)
        if len(waiting) < SMALLEST_GROUP:
            return ()
        self._waiting[cell] = None
        return tuple(waiting)

    @property
    def held(self) -> tuple[Hashable, ...]:
        """The cells of which something stays behind."""
        return tuple(cell for cell, waiting in self._waiting.items() if waiting)
