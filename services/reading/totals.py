"""How many responses there are, per form and unit: for who may not read them, and without names.

Those that are gone because their time was over still count: the totals of a past campaign stay.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import chain

from federation.access import Act, scope
from federation.people import Person
from federation.units import UnitTree
from forms.definition import Definition
from storage.store import Store

from .responses import SMALLEST_GROUP, readers_of
from .retentions import retention_of


@dataclass(frozen=True)
class Totals:
    """Responses per unit, units without any left out; `withheld`: some are not counted.

    `purged` of them are gone because their time was over; not told of anonymous forms.
    """

    by_unit: dict[str, int]
    withheld: bool = False
    purged: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_unit.values())


def totals_for(
    store: Store, definition: Definition, person: Person, tree: UnitTree, today: date
) -> Totals:
    """What this person may count. Of anonymous forms a place counts once it has five answers."""
    units = scope(person, Act.SEE_TOTALS, tree, today, readers_of(definition))
    if not units:
        return Totals({})
    counted: Counter[str] = Counter()
    withheld = False
    gone = _purged(store, definition.id)
    # Each by itself: five that are gone must not tell of three that are there.
    for (unit, _), count in chain(store.count_by_group(definition.id).items(), gone.items()):
        if unit not in units:
            continue
        if definition.anonymous and 0 < count < SMALLEST_GROUP:
            withheld = True
            continue
        counted[unit] += count
    told = sum(count for (unit, _), count in gone.items() if unit in units)
    return Totals(dict(counted), withheld, 0 if definition.anonymous else told)


def _purged(store: Store, form: str) -> Counter[tuple[str, str]]:
    """How many are gone, by unit and place."""
    found = Counter[tuple[str, str]]()
    for one in retention_of(store, form).purged:
        found[one.unit, one.place] += one.count
    return found
