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
    Availability.FULL: "closed",
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
        if unit.id in among and unit.is_open
    ]


def unit_now(tree: UnitTree, unit_id: str) -> str:
    """A unit's name, with that of the unit that succeeded it."""
    home = tree.home(unit_id)
    name = tree.name(unit_id)
    return f"{name} → {home.name}" if home and home.id != unit_id else name


def number_text(count: int) -> str:
    """1810 → 1.810, as people write it."""
    return grouped(count)
