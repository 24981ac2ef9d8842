"""The one place that decides what a person may do, and where.

A role gives acts in a unit's subtree; acts on responses depend on whose desk the form goes to, too.
Only grants that hold on the day that is asked about count, and none of who is no longer active.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from .people import Grant, Person, Role
from .units import ROOT, UnitTree


class Act(StrEnum):
    """What can be allowed."""

    SEE_RESPONSES = "see_responses"
    EXPORT_RESPONSES = "export_responses"
    REVIEW_RESPONSES = "review_responses"
    SEE_TOTALS = "see_totals"
    PUBLISH_FORMS = "publish_forms"
    KEEP_UNITS = "keep_units"
    KEEP_PEOPLE = "keep_people"
    ASSIST = "assist"
    SEE_TRAIL = "see_trail"
    KEEP_REQUESTS = "keep_requests"
    KEEP_RETENTION = "keep_retention"


class Readers(StrEnum):
    """Who reads a form's responses.

    The women's committee reads only women's forms, and the inspection committee only inspections,
    in both cases besides the chairs. `inspectors` is confidential: complaints are for inspectors
    above the unit alone, and nobody else learns even how many there are.
    """

    CHAIRS = "chairs"
    WOMEN = "women"
    INSPECTIONS = "inspections"
    INSPECTORS = "inspectors"


_READING = frozenset(
    {Act.SEE_RESPONSES, Act.EXPORT_RESPONSES, Act.REVIEW_RESPONSES, Act.SEE_TOTALS}
)

RIGHTS: Mapping[Role, frozenset[Act]] = {
    Role.ADMIN: frozenset(Act),
    Role.ORGANIZER: frozenset({Act.PUBLISH_FORMS, Act.ASSIST}),
    Role.CHAIR: _READING | {Act.ASSIST},
    Role.INSPECTOR: _READING,
    Role.WOMEN: _READING,
    Role.HELPER: frozenset({Act.ASSIST}),
    Role.VIEWER: frozenset({Act.SEE_TOTALS}),
}

_EVERYWHERE = frozenset({Role.ADMIN, Role.CHAIR, Role.VIEWER})
READS: Mapping[Readers, frozenset[Role]] = {
    Readers.CHAIRS: _EVERYWHERE,
    Readers.WOMEN: _EVERYWHERE | {Role.WOMEN},
    Readers.INSPECTIONS: _EVERYWHERE | {Role.INSPECTOR},
    Readers.INSPECTORS: frozenset({Role.INSPECTOR}),
}

# Who answers for a unit, or for the server, must not learn who complains about it, whatever else
# they are: one person may hold several roles.
NEVER_CONFIDED = frozenset({Role.ADMIN, Role.CHAIR})


def scope(
    person: Person, act: Act, tree: UnitTree, today: date, readers: Readers = Readers.CHAIRS
) -> frozenset[str]:
    """The ids of all units in which the person may do this today; empty when nowhere.

    Every read path filters on it. `readers` matters to acts on responses only.
    """
    grants = tuple(_in_force(person, today))
    if act in _READING and readers is Readers.INSPECTORS:
        return _confided(grants, act, tree)
    units = (grant.unit for grant in grants if _gives(grant.role, act, readers))
    return frozenset[str]().union(*map(tree.subtree, units))


def _in_force(person: Person, today: date) -> Iterator[Grant]:
    return (grant for grant in person.grants if person.active and grant.holds(today))


def _gives(role: Role, act: Act, readers: Readers) -> bool:
    return act in RIGHTS[role] and (act not in _READING or role in READS[readers])


def _confided(grants: tuple[Grant, ...], act: Act, tree: UnitTree) -> frozenset[str]:
    """Where complaints are this person's to read: below the units of an inspector's grants.

    Not in those units themselves, where the inspectors are the colleagues of whom it is about;
    nobody stands above the root. Nobody sees totals: of one complaint they would tell too much.
    """
    if act is Act.SEE_TOTALS or any(grant.role in NEVER_CONFIDED for grant in grants):
        return frozenset()
    inspected = [grant.unit for grant in grants if grant.role in READS[Readers.INSPECTORS]]
    return frozenset[str]().union(*(_below(unit, tree) for unit in inspected))


def _below(unit: str, tree: UnitTree) -> frozenset[str]:
    """All units below, less those that were merged into this one: they are its own people now."""
    below = tree.subtree(unit)
    if unit == ROOT:
        return below
    homes = {found: tree.home(found) for found in below - {unit}}
    return frozenset(found for found, home in homes.items() if home is None or home.id != unit)


def may(
    person: Person,
    act: Act,
    tree: UnitTree,
    today: date,
    unit: str | None = None,
    readers: Readers = Readers.CHAIRS,
) -> bool:
    """Whether the person may do this in the unit, or anywhere when none is named."""
    where = scope(person, act, tree, today, readers)
    return bool(where) if unit is None else unit in where


def may_somewhere(person: Person, act: Act, tree: UnitTree, today: date) -> bool:
    """Whether the person may do this anywhere, with any form: what opens a door."""
    return any(may(person, act, tree, today, readers=readers) for readers in Readers)


def may_grant(person: Person, grant: Grant, tree: UnitTree, today: date) -> bool:
    """Whether the person may give or take away this grant: nobody gives more than they have.

    An administrator's own term ends the administrators he makes.
    """
    if not may(person, Act.KEEP_PEOPLE, tree, today, grant.unit):
        return False
    if grant.role is not Role.ADMIN:
        return True
    own = [g for g in _in_force(person, today) if g.role is Role.ADMIN]
    return any(grant.unit in tree.subtree(g.unit) and _lasts(g, grant) for g in own)


def _lasts(longer: Grant, shorter: Grant) -> bool:
    if longer.until is None:
        return True
    return shorter.until is not None and shorter.until <= longer.until


def may_keep(person: Person, other: Person, tree: UnitTree, today: date) -> bool:
    """Whether the person keeps the other's account: all of its grants lie within reach.

    Accounts without any grant are those of whoever keeps everybody.
    """
    units = {grant.unit for grant in other.grants} or {ROOT}
    return units <= scope(person, Act.KEEP_PEOPLE, tree, today)
