"""How many responses there are, per form and unit: for who may not read them, and without names."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from federation.access import Act, scope
from federation.people import Person
from federation.units import UnitTree
from forms.definition import Definition
from storage.store import Store

from .responses import SMALLEST_GROUP, readers_of


@dataclass(frozen=True)
class Totals:
    """Responses per unit, units without any left out; `withheld`: some are not counted."""

    by_unit: dict[str, int]
    withheld: bool = False

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
    for (unit, _), count in store.count_by_group(definition.id).items():
        if unit not in units:
            continue
        if definition.anonymous and count < SMALLEST_GROUP:
            withheld = True
            continue
        counted[unit] += count
    return Totals(dict(counted), withheld)
