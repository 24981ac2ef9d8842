"""Choose many units: a part of the tree, kinds, or a list that somebody pasted."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from federation.units import ROOT, Unit, UnitKind, UnitTree
from forms.cleaning import clean_line, fold

MOST_LINES = 5_000
_LONGEST = 200
_NEAR = 3
_LOOKED_UP = 50  # doubtful lines for which names nearly alike are looked for: it is slow
_MARKS = re.compile(r"^[\s\-–•*]+|^\d{1,4}[.)]\s+|[\s,;.]+$")


@dataclass(frozen=True)
class Doubt:
    """A line that names no single open unit, with those that it may mean: nothing is guessed."""

    text: str
    near: tuple[Unit, ...] = ()
    closed: bool = False


@dataclass(frozen=True)
class Chosen:
    """The units in the order of the tree; lines in doubt, and what was named more than once."""

    units: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    twice: tuple[str, ...] = ()


def choose_units(
    tree: UnitTree,
    among: Collection[str],
    *,
    below: str = "",
    kinds: Collection[str] = (),
    pasted: str = "",
) -> Chosen:
    """The open units that are meant; a list counts alone, without one the tree and the kinds do.

    `among` is what may be chosen; `below` a unit whose whole part of the tree is meant, "" for all
    of it; no kinds are all kinds. The root is meant only where it is named or its kind is.
    """
    reach = [unit for _, unit in tree.outline() if unit.id in among and unit.is_open]
    if pasted.strip():
        return _listed(tree, reach, among, pasted)
    part = tree.subtree(below) if below else frozenset(among)
    if not below and not kinds:
        part -= {ROOT}
    meant = (u for u in reach if u.id in part and (not kinds or u.kind in kinds))
    return Chosen(tuple(unit.id for unit in meant))


def read_kinds(names: Iterable[str]) -> frozenset[UnitKind]:
    """The kinds that are named; others are left out."""
    return frozenset(UnitKind(name) for name in names if name in set(UnitKind))


class _Names:
    """Units found by their id or their whole name, in any case but with its tones."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(units)
        self._known: dict[str, list[Unit]] = {}
        self._folded: dict[str, list[Unit]] = {}
        for unit in self._units:
            for key in {unit.id, clean_line(unit.name).casefold()}:
                self._known.setdefault(key, []).append(unit)
            self._folded.setdefault(fold(unit.name), []).append(unit)

    def named(self, text: str) -> Unit | None:
        """The one unit of this id or name; None for none, and for several."""
        found = self._known.get(text.casefold(), ())
        return found[0] if len(found) == 1 else None

    def near(self, text: str, *, widely: bool) -> tuple[Unit, ...]:
        """Those of the same name, the same without tones, or `widely` nearly the same."""
        folded = fold(text)
        found = self._known.get(text.casefold()) or self._folded.get(folded)
        if not found and widely:
            names = get_close_matches(folded, self._folded, _NEAR, 0.75)
            found = [unit for name in names for unit in self._folded[name]]
        return tuple(found or ())[:_NEAR]


def _listed(tree: UnitTree, reach: list[Unit], among: Collection[str], pasted: str) -> Chosen:
    open_ones = _Names(reach)
    closed = _Names(u for u in tree.units.values() if u.id in among and not u.is_open)
    found: dict[str, int] = {}
    doubts: list[Doubt] = []
    for text in _names_in(pasted, open_ones):
        if unit := open_ones.named(text):
            found[unit.id] = found.get(unit.id, 0) + 1
        elif gone := closed.named(text):
            home = tree.home(gone.id)
            doubts.append(Doubt(text, (home,) if home and home in reach else (), closed=True))
        else:
            near = open_ones.near(text, widely=len(doubts) < _LOOKED_UP)
            doubts.append(Doubt(text, near))
    order = tuple(unit.id for unit in reach if unit.id in found)
    twice = tuple(tree.name(unit) for unit in order if found[unit] > 1)
    return Chosen(order, tuple(doubts), twice)


def _names_in(pasted: str, known: _Names) -> Iterator[str]:
    """What each line names: its one unit, whatever cells it has, or several between commas."""
    for line in pasted.splitlines()[:MOST_LINES]:
        cells = [text for cell in line.split("\t") if (text := _tidy(cell))]
        if not cells:
            continue
        unit_cell = next((cell for cell in cells if known.named(cell)), None)
        parts = [text for part in re.split("[;,]", cells[0]) if (text := _tidy(part))]
        if unit_cell is None and any(map(known.named, parts)):
            yield from parts
        else:
            yield unit_cell or " ".join(cells)


def _tidy(text: str) -> str:
    return clean_line(_MARKS.sub("", text))[:_LONGEST]
