"""Units and the tree they form; a unit's place in it decides who sees its responses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from .names import sort_key

ROOT = "root"


class UnitKind(StrEnum):
    PROVINCE = "province"
    COMMUNE = "commune"
    ENTERPRISE = "enterprise"
    PUBLIC_SERVICE = "public_service"
    SECTION = "section"


@dataclass(frozen=True)
class Unit:
    """A node of the federation; `parent` is None for the root alone."""

    id: str
    name: str
    parent: str | None
    kind: UnitKind = UnitKind.ENTERPRISE
    hotline: str = ""
    closed: bool = False


class UnitTree:
    """All units at one moment, with the questions people ask of a tree."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in units}

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self.units

    def get(self, unit_id: str) -> Unit | None:
        return self.units.get(unit_id)

    def name(self, unit_id: str) -> str:
        unit = self.units.get(unit_id)
        return unit.name if unit else unit_id

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[str, ...]]:
        found: dict[str | None, list[Unit]] = {}
        for unit in self.units.values():
            found.setdefault(unit.parent, []).append(unit)
        return {
            parent: tuple(unit.id for unit in sorted(units, key=lambda u: sort_key(u.name)))
            for parent, units in found.items()
        }

    def children(self, unit_id: str) -> tuple[str, ...]:
        return self._children.get(unit_id, ())

    def subtree(self, unit_id: str) -> frozenset[str]:
        """The unit and everything below it; empty for an unknown unit."""
        if unit_id not in self.units:
            return frozenset()
        found, waiting = {unit_id}, [unit_id]
        while waiting:
            below = [child for child in self.children(waiting.pop()) if child not in found]
            found.update(below)
            waiting += below
        return frozenset(found)

    def ancestors(self, unit_id: str) -> tuple[str, ...]:
        """The units above, root first."""
        above: list[str] = []
        unit = self.units.get(unit_id)
        while unit and unit.parent and unit.parent not in (unit_id, *above):
            above.append(unit.parent)
            unit = self.units.get(unit.parent)
        return tuple(reversed(above))

    def outline(self) -> tuple[tuple[int, Unit], ...]:
        """All units in reading order, each with its depth; those cut off from the root last."""
        lines: list[tuple[int, Unit]] = []
        seen: set[str] = set()
        for top in self._tops():
            waiting = [(0, top)]
            while waiting:
                depth, unit_id = waiting.pop()
                if unit_id in seen:
                    continue
                seen.add(unit_id)
                lines.append((depth, self.units[unit_id]))
                waiting += [(depth + 1, child) for child in reversed(self.children(unit_id))]
        return tuple(lines)

    def _tops(self) -> Iterable[str]:
        # Wrong data must not hide a unit: below an unknown parent, or below itself.
        yield from self._children.get(None, ())
        yield from (unit.id for unit in self.units.values() if unit.parent not in self.units)
        yield from self.units

    def hotline(self, unit_id: str) -> str:
        """The unit's own hotline, else the nearest one above."""
        for at in (unit_id, *reversed(self.ancestors(unit_id))):
            if (unit := self.units.get(at)) and unit.hotline:
                return unit.hotline
        return ""
