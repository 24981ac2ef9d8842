"""The results of a form: what all its answers come to, as far as a person may know it.

Who may read the responses learns of all questions; who may only count learns neither names nor
texts nor sensitive answers, and of no group of fewer than five. Of anonymous forms nobody does
(docs/decisions/0022).
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from export.summary import Reckoning, Topic, Values, topics
from federation.access import Act, scope
from federation.people import Person
from federation.units import UnitTree
from forms.cleaning import fold
from forms.definition import Definition
from forms.response import Response
from forms.types import Question
from forms.types.summaries import Summary
from storage.store import Store

from ..publishing.publish import all_versions
from .responses import View, guarded_view, is_confidential, readers_of, view_of_units
from .small_groups import Cells, Gate, Group


@dataclass(frozen=True)
class Period:
    """The results of which time are wanted: from `since` on, before `until`."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class UnitResult:
    """How many responses one unit has, and what the compared question comes to there."""

    unit: str
    count: int
    summary: Summary | None


@dataclass(frozen=True)
class Results:
    """What one person may know. `by_day` is by weeks where groups are guarded: a week with few
    answers of a place is counted with the one that follows. `withheld`: some are not counted.
    """

    total: int
    withheld: bool
    topics: Sequence[Topic]
    held_back: frozenset[str]
    """The topics of which some cells have too few answers."""
    by_day: dict[date, int]
    units: tuple[UnitResult, ...]


@dataclass(frozen=True)
class Sight:
    """What of one form a person sees: in which units, and whether answers or only numbers."""

    view: View
    versions: tuple[Definition, ...]
    reach: frozenset[str]
    """All units of which this person may see results, whatever was asked for."""
    reads: bool
    cells: Cells | None
    """The cells that are told whole or not at all; None: there are none to guard."""

    def lists(self, question: Question) -> bool:
        """Whether what people wrote may be read here, one after the other."""
        return self.reads and question.is_free_text and not question.sensitive

    def tells(self, question: Question) -> bool:
        """Whether anything is said of this question's answers."""
        return self.reads or not question.sensitive


def sight_of(
    store: Store,
    form: str,
    person: Person,
    tree: UnitTree,
    today: date,
    *,
    unit: str | None = None,
    period: Period = Period(),
) -> Sight | None:
    """What the person may know of a published form's results; None where that is nothing."""
    versions = all_versions(store, form)
    definition = versions[-1]
    readers = readers_of(definition)
    reading = scope(person, Act.SEE_RESPONSES, tree, today, readers)
    reach = reading | scope(person, Act.SEE_TOTALS, tree, today, readers)
    if not reach:
        return None
    units = reach if unit is None else reach & tree.subtree(unit)
    reads, since, until = units <= reading, period.since, period.until
    cells = None
    if definition.anonymous or not reads:
        cells = Cells(store.count_by_day(definition.id))
        view = guarded_view(store, definition, units, since=since, until=until, cells=cells)
    else:
        view = view_of_units(store, definition, units, since=since, until=until)
    if is_confidential(definition):
        view = replace(view, where=replace(view.where, confided_to=person.name))
    return Sight(view, versions, reach, reads, cells)


def results_of(store: Store, sight: Sight, *, compared: str = "") -> Results:
    """Count everything in one pass."""
    cells, guard = sight.cells, _Guard(sight.cells) if sight.cells else None
    found = topics(sight.versions, sight.tells)
    reckoning = Reckoning(found, guard.through if guard else None, compared)
    for response in store.iter_responses(sight.view.definition.id, sight.view.where):
        reckoning.add(response)
    return Results(
        reckoning.total,
        sight.view.withheld,
        reckoning.topics,
        guard.held if guard else frozenset(),
        _weeks(cells, sight.view) if cells else dict(reckoning.by_day),
        tuple(
            UnitResult(unit, count, reckoning.compared.get(unit))
            for unit, count in reckoning.by_unit.items()
        ),
    )


class _Guard:
    """Lets the answers to a question pass where five of a cell gave one."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._gates: dict[str, Gate[Values]] = defaultdict(Gate)

    def through(self, response: Response, key: str, values: Values) -> tuple[Values, ...]:
        return self._gates[key].through(_cell(self._cells, response), values)

    @property
    def held(self) -> frozenset[str]:
        """The questions to which some cells have too few answers."""
        return frozenset(key for key, gate in self._gates.items() if gate.held)


def _cell(cells: Cells, response: Response) -> tuple[Group, int]:
    return cells.cell((response.unit, response.place), response.submitted_at.date())


def _weeks(cells: Cells, view: View) -> dict[date, int]:
    """Answers by week, each cell in the week in which it became full."""
    since, until = view.where.since, view.where.until
    found: dict[date, int] = {}
    for group in view.where.groups or ():
        for run in cells.weeks(group):
            if (since is None or run.first >= since.date()) and (
                until is None or run.first < until.date()
            ):
                found[run.last] = found.get(run.last, 0) + run.count
    return found


@dataclass(frozen=True)
class Written:
    """One text that somebody wrote; `response` leads to the whole, where it may be opened."""

    response: str
    text: str


def texts_of(
    store: Store, sight: Sight, question: str, *, words: str, offset: int, limit: int
) -> tuple[int, list[Written]]:
    """How many texts to a question have all the words, tones aside, and one page of them.

    The newest first; of anonymous forms in an order that says nothing.
    """
    wanted = fold(words).split()
    count = 0

    def fitting() -> Iterator[Written]:
        nonlocal count
        for one in _written(store, sight, question):
            if all(word in fold(one.text) for word in wanted):
                count += 1
                yield one

    if sight.cells is None:
        page = [one for at, one in enumerate(fitting()) if offset <= at < offset + limit]
    else:
        first = heapq.nsmallest(offset + limit, fitting(), key=lambda one: one.response)
        page = first[offset:]
    return count, page


def _written(store: Store, sight: Sight, question: str) -> Iterator[Written]:
    gate = Gate[Written]()
    where = sight.view.where
    for response in store.iter_responses(sight.view.definition.id, where, newest_first=True):
        value = response.answers.get(question)
        if not isinstance(value, str):
            continue
        one = Written(response.id, value)
        yield from (
            (one,) if sight.cells is None else gate.through(_cell(sight.cells, response), one)
        )
