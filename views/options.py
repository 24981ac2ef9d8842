"""Small ready values that several staff pages share: options of a select, numbers, moments."""

from collections.abc import Container
from dataclasses import dataclass

from federation.units import UnitTree
from forms.publication import Availability
from forms.types.numbers import grouped

# What the chip of a state looks like (templates/staff/fields.html).
STATE_KINDS = {
    Availability.OPEN: "open",
    Availability.EARLY: "new",
    Availability.PAUSED: "paused",
    Availability.CLOSED: "closed",
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    selected: bool = False


def unit_options(tree: UnitTree, among: Container[str], chosen: str = "") -> list[Option]:
    """Active units as options, indented as they stand in the tree."""
    return [
        Option(unit.id, "\u2003" * depth + unit.name, unit.id == chosen)
        for depth, unit in tree.outline()
        if unit.id in among and not unit.closed
    ]


def number_text(count: int) -> str:
    """1810 → 1.810, as people write it."""
    return grouped(count)
