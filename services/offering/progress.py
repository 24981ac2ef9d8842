"""How far a campaign is: responses per form and unit within its days, as they may be told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from federation.units import UnitTree
from forms.campaign import Campaign
from forms.definition import Definition
from forms.publication import Availability
from storage.store import Store

from ..errors import NotFound
from ..publishing.campaigns import span_of
from ..publishing.publish import find_definition, points_of
from ..reading.responses import SMALLEST_GROUP, is_confidential
from ..receiving.receive import as_it_stands


@dataclass(frozen=True)
class Count:
    """A number, and whether more were counted that are not told."""

    told: int = 0
    withheld: bool = False

    def plus(self, other: "Count") -> "Count":
        return Count(self.told + other.told, self.withheld or other.withheld)


@dataclass(frozen=True)
class FormProgress:
    """One form of a campaign: per unit, in all, and its scan points. None: nothing may be told."""

    definition: Definition
    by_unit: Mapping[str, Count] | None
    target: int | None
    points: int
    open: int

    @property
    def total(self) -> Count | None:
        if self.by_unit is None:
            return None
        total = Count()
        for count in self.by_unit.values():
            total = total.plus(count)
        return total


def progress_of(
    store: Store, campaign: Campaign, tree: UnitTree, units: Collection[str], now: datetime
) -> list[FormProgress]:
    """Every form of the campaign, for those of its units that are among `units`."""
    mine = [unit for unit in campaign.units if unit in units]
    found = []
    for form in campaign.forms:
        try:
            definition = find_definition(store, form)
        except NotFound:
            continue
        found.append(_form_progress(store, campaign, tree, definition, mine, now))
    return found


def _form_progress(
    store: Store,
    campaign: Campaign,
    tree: UnitTree,
    definition: Definition,
    units: Collection[str],
    now: datetime,
) -> FormProgress:
    points = [as_it_stands(p, tree) for p in points_of(store, definition.id) if p.unit in units]
    return FormProgress(
        definition,
        None if is_confidential(definition) else _counts(store, campaign, tree, definition, units),
        campaign.targets.get(definition.id),
        len(points),
        sum(point.availability(now) is Availability.OPEN for point in points),
    )


def _counts(
    store: Store,
    campaign: Campaign,
    tree: UnitTree,
    definition: Definition,
    units: Collection[str],
) -> Mapping[str, Count]:
    since, before = span_of(campaign)
    within = store.count_by_group(definition.id, since=since, before=before)
    ever = store.count_by_group(definition.id) if definition.anonymous else within
    found: dict[str, Count] = defaultdict(Count)
    for group, count in within.items():
        home = tree.home(group[0])
        unit = group[0] if group[0] in units else home.id if home else group[0]
        if unit in units:
            found[unit] = found[unit].plus(_told(count, ever.get(group, count), definition))
    return found


def _told(count: int, ever: int, definition: Definition) -> Count:
    """Of an anonymous form a group counts from five on, and so must what is outside of these days:
    both numbers together would tell it.
    """
    small = range(1, SMALLEST_GROUP)
    if definition.anonymous and (count in small or ever - count in small):
        return Count(withheld=True)
    return Count(count)
