"""Keep the federation's tree of units."""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from federation.units import ROOT, Unit, UnitKind, UnitTree
from forms.cleaning import clean_line, fold, is_readable
from forms.problems import N_
from storage.store import Store

from .errors import NotFound, Refusal

LONGEST_NAME = 120
_ID_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def tree_of(store: Store) -> UnitTree:
    """The tree as it is now."""
    return UnitTree(store.units.all())


def add_unit(
    store: Store, unit_id: str, name: str, parent: str, kind: str, hotline: str = ""
) -> Unit:
    """Add a unit below another; raises Refusal with what to write instead.

    Without a code one is made of the name: `Công ty Chè 2` becomes `cong-ty-che-2`.
    """
    with store.exclusive():
        tree = tree_of(store)
        unit = _checked(unit_id or _draw_id(name, tree), name, parent, kind, hotline)
        if parent not in tree:
            raise NotFound(
                N_("No unit has the code %(unit)s."), {"unit": parent[:40]}, field="parent"
            )
        if not store.units.add(unit):
            raise Refusal(N_("The code %(unit)s is taken."), {"unit": unit.id})
    return unit


def _draw_id(name: str, tree: UnitTree) -> str:
    words = re.findall(r"[a-z0-9]+", fold(name))
    base = "-".join(words)[:36].strip("-") or "unit"
    candidates = (f"{base}-{n}" if n > 1 else base for n in itertools.count(1))
    return next(candidate for candidate in candidates if candidate not in tree)


def change_unit(store: Store, unit_id: str, *, name: str, hotline: str) -> Unit:
    """Rename a unit or change its hotline; its code and its responses stay."""
    with store.exclusive():
        unit = store.units.get(unit_id)
        if unit is None:
            raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit_id[:40]})
        checked = _checked(unit.id, name, unit.parent or "", unit.kind, hotline)
        changed = replace(unit, name=checked.name, hotline=checked.hotline)
        store.units.put(changed)
    return changed


@dataclass(frozen=True)
class Imported:
    """How many units an import added, changed, and found as they were."""

    added: int
    changed: int
    same: int


def import_units(store: Store, text: str) -> Imported:
    """Take units from CSV text with the columns id, name, parent, kind: all rows or none.

    A parent may stand above its children or in the store already. Raises Refusal naming the row.
    """
    rows = list(_rows(text))
    with store.exclusive():
        tree = tree_of(store)
        parents = {unit.id: unit.parent for unit in tree.units.values()}
        parents |= {unit.id: unit.parent for _, unit in rows}
        known = {*tree.units, *(unit.id for _, unit in rows)}
        for number, unit in rows:
            _check_row(number, unit, known, parents)
        _check_codes(rows)
        counts = {"added": 0, "changed": 0, "same": 0}
        for _, unit in rows:
            old = tree.get(unit.id)
            if old is None:
                store.units.add(unit)
                counts["added"] += 1
            elif (merged := replace(unit, hotline=old.hotline, closed=old.closed)) != old:
                store.units.put(merged)
                counts["changed"] += 1
            else:
                counts["same"] += 1
    return Imported(**counts)


def _rows(text: str) -> Iterable[tuple[int, Unit]]:
    text = text.removeprefix("\ufeff")
    separator = (
        ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    )
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    missing = {"id", "name", "parent", "kind"} - set(reader.fieldnames or ())
    if missing:
        raise Refusal(
            N_("The first row must name the columns id, name, parent, kind; missing: %(columns)s."),
            {"columns": ", ".join(sorted(missing))},
        )
    for number, row in _readable(reader):
        try:
            yield (
                number,
                _checked(*((row[key] or "").strip() for key in ("id", "name", "parent", "kind"))),
            )
        except Refusal as error:
            raise _in_row(number, error) from error


def _readable(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their numbers as a spreadsheet counts them."""
    number = 1
    try:
        for number, row in enumerate(reader, start=2):
            yield number, row
    except csv.Error as error:
        raise Refusal("%(row)s: %(why)s", {"row": number + 1, "why": error}) from error


def _in_row(number: int, error: Refusal) -> Refusal:
    # The row's own message is a sentence of the catalogue; the number stands before it.
    return Refusal("%(row)s: " + error.message, {"row": number, **error.values})


def _check_codes(rows: list[tuple[int, Unit]]) -> None:
    seen: set[str] = set()
    for number, unit in rows:
        if unit.id in seen:
            raise _in_row(number, Refusal(N_("The code %(unit)s is taken."), {"unit": unit.id}))
        seen.add(unit.id)


def _check_row(number: int, unit: Unit, known: set[str], parents: Mapping[str, str | None]) -> None:
    if unit.id == ROOT:
        if unit.parent:
            raise _in_row(number, Refusal(N_("The root has no parent; leave the column empty.")))
        return
    if unit.parent not in known:
        message = N_("No unit has the code %(unit)s.")
        raise _in_row(number, NotFound(message, {"unit": unit.parent or ""}))
    seen = {unit.id}
    at: str | None = unit.parent
    while at is not None and at in parents and at not in seen:
        seen.add(at)
        at = parents[at]
    if at in seen:
        raise _in_row(number, Refusal(N_("A unit cannot stand below itself.")))


def _checked(unit_id: str, name: str, parent: str, kind: str, hotline: str = "") -> Unit:
    unit_id, parent = unit_id.strip().lower(), parent.strip().lower()
    name, hotline = clean_line(name), clean_line(hotline)
    if not unit_id or len(unit_id) > 40 or not set(unit_id) <= _ID_SIGNS or unit_id[0] in "-_.":
        raise Refusal(N_("A unit code has letters without marks, digits and hyphens: thuy-dien-3."))
    if not name or len(name) > LONGEST_NAME or not is_readable(name):
        raise Refusal(
            N_("Please give the unit a name of at most %(longest)s characters."),
            {"longest": LONGEST_NAME},
            field="name",
        )
    if len(hotline) > 30 or not is_readable(hotline):
        raise Refusal(N_("Please write the hotline as a phone number."), field="hotline")
    try:
        return Unit(unit_id, name, parent or None, UnitKind(kind or UnitKind.ENTERPRISE), hotline)
    except ValueError as error:
        raise Refusal(
            N_("The kind must be one of: %(kinds)s."), {"kinds": ", ".join(UnitKind)}
        ) from error
