"""flask unit …: the federation's tree. Single decisions and headcounts: unit_acts.py."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from export.csv import csv_chunks
from export.workbook import workbook_bytes
from federation.history import History
from federation.units import Unit
from forms.problems import N_
from forms.types.base import Cell
from services.clock import now
from services.days import read_day
from services.errors import Refusal
from services.organization.seeds import find_seed, seeds, sow, sown
from services.organization.start import root_unit
from services.organization.unit_import import import_units, plan_units
from services.organization.unit_rows import COLUMNS, NEEDED, unit_rows
from services.organization.units import history_of
from services.tables import LARGEST_FILE, Mistake, Table, read_table
from services.trail.audit import Deed
from storage.store import Store

from .acts import Refused, act, json_option, settings, store_for, tell
from .noting import noted_store
from .texts import translate

group = click.Group("unit", help="Units of the federation.")

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
dry_option = click.option(
    "--dry-run", "dry", is_flag=True, help="Say what would change, and change nothing."
)


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        day = value if isinstance(value, date) else read_day(value)
        if day is None:
            self.fail(f"{value!r} is no day such as 2026-07-01", param, ctx)
        return day


def table_in(file: Path, needed: Sequence[str]) -> Table:
    """The table in a file; raises Refusal."""
    if file.stat().st_size > LARGEST_FILE:  # said before reading it
        raise Refusal(N_("The file is too large for a table."))
    return read_table(file.read_bytes(), file.name, needed)


def refuse_mistakes(mistakes: Sequence[Mistake]) -> None:
    """Refuse a table that has mistakes: each on a line of its own, with row and column."""
    if mistakes:
        lines = [f"{m.row}: {m.column}: {translate(m.message, m.values)}" for m in mistakes]
        raise Refused("\n".join(lines))


@group.command("import")
@file_argument
@dry_option
@json_option
@act
def import_file(file: Path, dry: bool, as_json: bool) -> None:
    """Import units from FILE (.csv or .xlsx): columns id, name, parent, kind.

    The columns from, closed and successor may be added: the day since which a row holds, the day
    of a closing, and the code of the unit that goes on.
    """
    with noted_store(Deed.UNIT_CHANGED, dry=dry) as (store, tell_trail):
        table, today = table_in(file, NEEDED), now().date()
        plan = plan_units(_known(store), table, today) if dry else import_units(store, table, today)
        refuse_mistakes(plan.mistakes)
        tell_trail(what="import", rows=sum(plan.counts.values()))
    told: dict[str, object] = dict(plan.counts)
    lines = [", ".join(f"{count} {word}" for word, count in told.items())]
    if dry:
        told |= {"dry_run": True, "steps": [_step(step) for step in plan.steps]}
        lines += ["  ".join(map(str, filter(None, _step(step).values()))) for step in plan.steps]
    tell(told, lines, as_json=as_json)


def _step(step: object) -> dict[str, object]:
    shown = dict(vars(step))
    shown["day"] = shown["day"].isoformat() if shown["day"] else None
    return shown


@group.command("list")
@click.option("--at", type=Day(), help="The federation as it was, or will be, on this day.")
@json_option
@act
def list_units(at: date | None, as_json: bool) -> None:
    """List all units in the order of the tree."""
    with store_for(writing=False) as store:
        outline = history_of(store).on(at or now().date()).outline()
    there = [(depth, unit) for depth, unit in outline if not unit.planned]
    lines = [f"{'  ' * depth}{u.id}  {u.name}{_ending(u)}" for depth, u in there]
    tell([_listed(unit) for _, unit in there], lines, as_json=as_json)


def _listed(unit: Unit) -> dict[str, object]:
    return {
        "id": unit.id,
        "name": unit.name,
        "parent": unit.parent,
        "kind": unit.kind,
        "closed": unit.closed,
        "from": unit.since,
        "closed_on": unit.closed_on,
        "successor": unit.successor,
    }


def _ending(unit: Unit) -> str:
    if not unit.closed:
        return ""
    return (
        f"  [closed {unit.closed_on or ''}{' → ' if unit.successor else ''}{unit.successor or ''}]"
    )


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@act
def export_file(file: Path, as_json: bool) -> None:
    """Export all units with their history to FILE (.csv or .xlsx), as `unit import` reads them."""
    with store_for(writing=False) as store:
        history = history_of(store)
        rows = list(unit_rows(history, now().date(), history.units))
    write_table(file, "units", COLUMNS, [list(row) for row in rows])
    told = {"units": len(history.units), "rows": len(rows), "file": str(file)}
    tell(told, [f"{file}: {len(history.units)} units, {len(rows)} rows"], as_json=as_json)


def write_table(file: Path, title: str, columns: Sequence[str], rows: list[list[Cell]]) -> None:
    """Write a table by the file's ending; raises Refusal."""
    suffix = file.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise Refusal(N_("Please give a .csv or an .xlsx file."))
    if suffix == ".csv":
        content = "".join(csv_chunks(list(columns), rows)).encode()
    else:
        content = workbook_bytes(title, list(columns), rows)
    try:
        file.write_bytes(content)
    except OSError as error:
        values = {"path": file, "why": error.strerror}
        raise Refusal(N_("%(path)s cannot be written: %(why)s"), values) from error


@group.command("seed")
@click.argument("name", type=click.Choice(list(seeds())))
@dry_option
@json_option
@act
def seed(name: str, dry: bool, as_json: bool) -> None:
    """Add the units of a ready-made tree that are not there yet; changes none that are."""
    chosen, today = find_seed(name), now().date()
    with noted_store(Deed.UNIT_CHANGED, dry=dry) as (store, tell_trail):
        before = _known(store)
        changed = sown(before, chosen, today).differences(before)
        if not dry:
            sow(store, chosen, today)
        tell_trail(what="seed", rows=len(changed))
    added = sum(unit.id not in before.units for unit in changed)
    same = len(chosen.units) + 1 - len(changed)
    told = {"added": added, "changed": len(changed) - added, "same": same}
    lines = [", ".join(f"{count} {word}" for word, count in told.items()), chosen.source]
    tell(told | {"source": chosen.source, "dry_run": dry}, lines, as_json=as_json)


def _known(store: Store) -> History:
    """The units there are; for an empty store the root that writing would begin with."""
    history = history_of(store)
    return history if history.units else History([root_unit(settings().organization)])
