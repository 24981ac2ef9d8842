"""Units and the tree they form; a unit's place in it decides who sees its responses.

Nothing here reads a clock: a tree is that of a day. How the federation changes: history.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
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
class Change:
    """What became of a unit from a day on; None is what stayed as it was."""

    since: date
    name: str | None = None
    parent: str | None = None
    kind: UnitKind | None = None
    closed: bool = False
    successor: str | None = None


@dataclass(frozen=True)
class Unit:
    """A node of the federation; `parent` is None for the root alone, `id` is for ever.

    As it is kept, it says what it was at first (from the day `since`, None: always) and `changes`
    holds what came later, in order. As it stands in a tree, it is what it is on that day: without
    changes, `planned` before its first day, `closed` from the day `closed_on`.
    """

    id: str
    name: str
    parent: str | None
    kind: UnitKind = UnitKind.ENTERPRISE
    hotline: str = ""
    closed: bool = False
    successor: str | None = None
    since: date | None = None
    changes: tuple[Change, ...] = ()
    closed_on: date | None = None
    planned: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be given forms, people and units below it."""
        return not self.closed and not self.planned

    @property
    def above(self) -> str | None:
        """Who answers for it now: its successor once it is closed and has one, else its parent."""
        return self.successor if self.closed and self.successor else self.parent

    def on(self, day: date) -> "Unit":
        """The unit as it is on a day."""
        planned = self.since is not None and self.since > day
        if not self.changes and not planned:
            return self
        unit = replace(self, changes=(), planned=planned)
        for change in self.changes:
            if change.since <= day:
                unit = _changed(unit, change)
        return unit


def _changed(unit: Unit, change: Change) -> Unit:
    return replace(
        unit,
        name=change.name or unit.name,
        parent=change.parent or unit.parent,
        kind=change.kind or unit.kind,
        closed=unit.closed or change.closed,
        closed_on=change.since if change.closed else unit.closed_on,
        successor=change.successor if change.closed else unit.successor,
    )


class UnitTree:
    """All units on one day, with the questions people ask of a tree.

    A closed unit hangs below its successor, one without a successor stays where it was.
    """

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
            found.setdefault(unit.above, []).append(unit)
        return {
            parent: tuple(unit.id for unit in sorted(units, key=lambda u: sort_key(u.name)))
            for parent, units in found.items()
        }

    def children(self, unit_id: str) -> tuple[str, ...]:
        return self._children.get(unit_id, ())

    def subtree(self, unit_id: str) -> frozenset[str]:
        """The unit and everything below it, also what was merged into any of them.

        Empty for an unknown unit.
        """
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
        while unit and unit.above and unit.above not in (unit_id, *above):
            above.append(unit.above)
            unit = self.units.get(unit.above)
        return tuple(reversed(above))

    def home(self, unit_id: str) -> Unit | None:
        """The unit that takes what is meant for this one: itself, or whoever succeeded it.

        None when it was closed without a successor, or is not there yet.
        """
        unit, seen = self.units.get(unit_id), set[str]()
        while unit and unit.closed and unit.id not in seen:
            seen.add(unit.id)
            unit = self.units.get(unit.successor or "")
        return unit if unit and unit.is_open else None

    def home_name(self, unit_id: str) -> str:
        """Who answers for this unit today, as printed codes and pages name it."""
        home = self.home(unit_id)
        return home.name if home else self.name(unit_id)

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
        yield from (unit.id for unit in self.units.values() if unit.above not in self.units)
        yield from self.units

    def hotline(self, unit_id: str) -> str:
        """The unit's own hotline, else the nearest one above."""
        for at in (unit_id, *reversed(self.ancestors(unit_id))):
            if (unit := self.units.get(at)) and unit.hotline:
                return unit.hotline
        return ""
