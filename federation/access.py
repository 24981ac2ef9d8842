"""The one place that decides what a person may do, and where."""

from collections.abc import Mapping
from enum import StrEnum

from .people import Person, Role
from .units import UnitTree


class Act(StrEnum):
    """What can be allowed."""

    SEE_RESPONSES = "see_responses"
    EXPORT_RESPONSES = "export_responses"
    PUBLISH_FORMS = "publish_forms"
    KEEP_UNITS = "keep_units"
    KEEP_PEOPLE = "keep_people"
    ASSIST = "assist"


RIGHTS: Mapping[Role, frozenset[Act]] = {
    Role.ADMIN: frozenset(Act),
    Role.ORGANIZER: frozenset({Act.PUBLISH_FORMS, Act.ASSIST}),
    Role.CHAIR: frozenset({Act.SEE_RESPONSES, Act.EXPORT_RESPONSES, Act.ASSIST}),
    Role.HELPER: frozenset({Act.ASSIST}),
    # These see kinds of forms or totals, not whole units: nothing here gives less than a unit.
    Role.INSPECTOR: frozenset(),
    Role.WOMEN: frozenset(),
    Role.VIEWER: frozenset(),
}


def scope(person: Person, act: Act, tree: UnitTree) -> frozenset[str]:
    """The ids of all units in which the person may do this; empty when nowhere.

    Every read path filters on it; an inactive person has no scope at all.
    """
    if not person.active:
        return frozenset()
    granted = (grant.unit for grant in person.grants if act in RIGHTS[grant.role])
    return frozenset[str]().union(*(tree.subtree(unit) for unit in granted))


def may(person: Person, act: Act, tree: UnitTree, unit: str | None = None) -> bool:
    """Whether the person may do this in the unit, or anywhere when none is named."""
    where = scope(person, act, tree)
    return bool(where) if unit is None else unit in where
