"""The scan points of many units: found by form, unit, state and words, with their counts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.people import Role
from federation.units import UnitTree
from forms.cleaning import fold
from forms.definition import Definition
from forms.publication import Availability, ScanPoint
from storage.store import Store

from ..publishing.publish import published_versions
from ..reading.responses import SMALLEST_GROUP, counts_by_point, is_confidential
from ..receiving.receive import as_it_stands
from .openings import OpeningCounter, openings_of, told_openings

QUIET_DAYS = 7


@dataclass(frozen=True)
class PointLine:
    """A scan point with its form, its state now, and what may be told of it."""

    point: ScanPoint
    definition: Definition
    state: Availability
    responses: str
    openings: str
    is_quiet: bool
    """Whether it is open and nobody came: never opened, or no response for some days."""


@dataclass(frozen=True)
class PointFilter:
    """Which scan points are wanted; empty is all. `words` are looked for without tones.

    `made` is the moment of one act of publishing: only what it made is wanted.
    """

    forms: frozenset[str] = frozenset()
    below: str = ""
    state: str = ""
    quiet: bool = False
    quiet_days: int = QUIET_DAYS
    words: tuple[str, ...] = ()
    made: datetime | None = None


def list_points(
    store: Store,
    counter: OpeningCounter,
    tree: UnitTree,
    units: Collection[str],
    where: PointFilter,
    now: datetime,
) -> list[PointLine]:
    """The scan points within `units` that fit, by form, then as their units stand in the tree."""
    order = {unit.id: number for number, (_, unit) in enumerate(tree.outline())}
    part = tree.subtree(where.below) if where.below else None
    by_form: dict[str, list[ScanPoint]] = {}
    for point in store.points.all():
        if point.unit in units:
            by_form.setdefault(point.definition, []).append(point)
    found: list[PointLine] = []
    for version in published_versions(store):
        definition = version.definition
        points = by_form.get(definition.id, ())
        if points and (not where.forms or definition.id in where.forms):
            lines = _lines(store, counter, tree, definition, points, where.quiet_days, now)
            fitting = [line for line in lines if _fits(line, tree, where, part)]
            found += sorted(fitting, key=lambda line: order.get(line.point.unit, 0))
    return found


def _lines(
    store: Store,
    counter: OpeningCounter,
    tree: UnitTree,
    definition: Definition,
    points: Collection[ScanPoint],
    quiet_days: int,
    now: datetime,
) -> Iterator[PointLine]:
    counts = counts_by_point(store, definition)
    openings = openings_of(store, counter, definition.id)
    told = told_openings(definition, openings)
    quiet = quiet_codes(store, definition, points, openings, now - timedelta(days=quiet_days))
    for point in points:
        state = as_it_stands(point, tree).availability(now)
        yield PointLine(
            point,
            definition,
            state,
            counts[point.code],
            told[point.code],
            state is Availability.OPEN and point.code in quiet,
        )


def quiet_codes(
    store: Store,
    definition: Definition,
    points: Collection[ScanPoint],
    openings: Mapping[str, int],
    since: datetime,
) -> frozenset[str]:
    """The points of which nobody knows: never opened, or older than `since` and silent since then.

    Of complaints none is told. Of an anonymous form one with few answers is silent only while it
    has none at all: the day of the last one would tell too much.
    """
    if is_confidential(definition):
        return frozenset()
    whole, recent = store.count_by_point(definition.id), dict[str, int]()
    if any(point.created_at < since for point in points):
        recent = dict(store.count_by_point(definition.id, since=since))
    quiet = set()
    for point in points:
        count, code = whole.get(point.code, 0), point.code
        is_told = not definition.anonymous or count == 0 or count >= SMALLEST_GROUP
        is_silent = point.created_at < since and is_told and not recent.get(code)
        if (not count and not openings.get(code)) or is_silent:
            quiet.add(code)
    return frozenset(quiet)


def _fits(line: PointLine, tree: UnitTree, where: PointFilter, part: frozenset[str] | None) -> bool:
    if where.state and line.state != where.state:
        return False
    if where.quiet and not line.is_quiet:
        return False
    if where.made and line.point.created_at != where.made:
        return False
    if part is not None and line.point.unit not in part:
        return False
    point = line.point
    names = (tree.name(point.unit), tree.home_name(point.unit), point.place, point.code, point.unit)
    text = fold(" ".join((*names, line.definition.code, *line.definition.title.root.values())))
    return all(word in text for word in where.words)


def chairs_of(store: Store, tree: UnitTree, unit: str, now: datetime) -> tuple[str, ...]:
    """The names of those who chair this very unit today."""
    home = tree.home(unit)
    here = {unit, home.id if home else unit}
    return tuple(
        person.full_name or person.name
        for person in store.people.all()
        if person.active
        and any(
            g.role is Role.CHAIR and g.unit in here and g.holds(now.date()) for g in person.grants
        )
    )
