"""Move, merge and close units from a day on, and say beforehand what that concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from federation.history import History
from federation.units import Change, Unit, UnitTree
from forms.problems import N_
from storage.store import Store

from ..errors import Refusal
from ..publishing.publish import published_versions
from ..reading.responses import is_confidential, page, view_of_units
from .units import Decision, checked_kind, checked_name, draw_id


def moving(unit_id: str, parent: str, day: date) -> Decision:
    """Let a unit, with all below it, stand below another one."""
    return Decision(day, lambda history: history.changed(unit_id, Change(day, parent=parent)))


def changing_kind(unit_id: str, kind: str, day: date) -> Decision:
    """Make a unit one of another kind; raises Refusal."""
    checked = checked_kind(kind)
    return Decision(day, lambda history: history.changed(unit_id, Change(day, kind=checked)))


def merging(unit_ids: Sequence[str], successor: str, day: date) -> Decision:
    """Close units in favour of one that is there already and takes what stands below them.

    Raises Refusal when a unit would succeed itself.
    """
    if successor in unit_ids:
        raise Refusal(N_("A unit cannot be merged into itself."), field="successor")
    return Decision(day, lambda history: history.merged(unit_ids, successor, day))


def founding(unit_ids: Sequence[str], name: str, kind: str, day: date) -> Decision:
    """Close units in favour of a new one that stands where the first of them stood.

    Raises Refusal for what is no name or kind.
    """
    checked, of_kind = checked_name(name), checked_kind(kind)

    def act(history: History) -> History:
        first = history.on(day).get(unit_ids[0])
        parent = first.parent if first else None
        new = Unit(draw_id(checked, history), checked, parent, of_kind, since=day)
        return history.with_unit(new).merged(unit_ids, new.id, day)

    return Decision(day, act)


def closing(unit_id: str, day: date, heir: str | None) -> Decision:
    """Close a unit that nobody succeeds; what stands below it goes to the heir."""
    return Decision(day, lambda history: history.closed(unit_id, day, heir=heir))


def withdrawing(unit_id: str, day: date) -> Decision:
    """Take back what is recorded for a unit and a day."""
    return Decision(day, lambda history: history.withdrawn(unit_id, day))


@dataclass(frozen=True)
class Weight:
    """What hangs on some units; `at_least`: small groups of anonymous forms are not told."""

    responses: int
    at_least: bool
    points: int
    people: int
    below: int


def weight_of(store: Store, tree: UnitTree, unit_ids: Sequence[str]) -> Weight:
    """Count what a merger or a closing concerns; complaints are not even counted."""
    units, responses, at_least = frozenset(unit_ids), 0, False
    for version in published_versions(store):
        if is_confidential(version.definition):
            continue
        view = view_of_units(store, version.definition, units)
        responses += page(store, view, offset=0, limit=0)[0]
        at_least = at_least or view.withheld
    below = {child for unit in units for child in tree.children(unit)} - units
    return Weight(
        responses,
        at_least,
        points=sum(point.unit in units for point in store.points.all()),
        people=sum(any(g.unit in units for g in person.grants) for person in store.people.all()),
        below=sum(tree.units[child].is_open for child in below),
    )
