"""flask unit rename|move|merge|close and unit headcount: one decision each, from a day on."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from federation.headcounts import quarter_of, read_quarter, sums
from forms.problems import N_
from services.clock import now
from services.errors import Refusal
from services.organization.headcounts import (
    COLUMNS,
    NEEDED,
    figures_of,
    headcount_rows,
    import_headcounts,
    plan_headcounts,
)
from services.organization.unit_acts import closing, founding, merging, moving
from services.organization.units import Decision, decide, renaming, tree_of
from services.trail.audit import Deed

from .acts import act, columns, json_option, store_for, tell
from .noting import LONGEST_LIST, noted_store
from .unit import Day, dry_option, file_argument, group, refuse_mistakes, table_in, write_table

from_option = click.option("--from", "day", type=Day(), help="The first day; today without it.")


def _decide(decision: Decision, *, as_json: bool) -> None:
    with noted_store(Deed.UNIT_CHANGED) as (store, tell_trail):
        changed = [unit.id for unit in decide(store, decision)]
        tell_trail(unit=" ".join(changed)[:LONGEST_LIST], rows=len(changed))
    told = {"changed": changed, "from": decision.day}
    tell(told, [f"{decision.day}: {', '.join(changed) or '—'}"], as_json=as_json)


@group.command()
@click.argument("unit")
@click.argument("name")
@from_option
@json_option
@act
def rename(unit: str, name: str, day: date | None, as_json: bool) -> None:
    """Give UNIT another NAME; the earlier one stays in its history."""
    _decide(renaming(unit, name, day or now().date()), as_json=as_json)


@group.command()
@click.argument("unit")
@click.option("--to", "parent", required=True, help="The unit that it shall stand below.")
@from_option
@json_option
@act
def move(unit: str, parent: str, day: date | None, as_json: bool) -> None:
    """Let UNIT, with all below it, stand below another one."""
    _decide(moving(unit, parent, day or now().date()), as_json=as_json)


@group.command()
@click.argument("units", nargs=-1, required=True)
@click.option("--into", "successor", help="The unit that goes on.")
@click.option("--new-name", help="Found a new unit of this name to go on.")
@click.option("--new-kind", default="enterprise", show_default=True, help="The new unit's kind.")
@from_option
@json_option
@act
def merge(
    units: Sequence[str],
    successor: str | None,
    new_name: str | None,
    new_kind: str,
    day: date | None,
    as_json: bool,
) -> None:
    """Close UNITS in favour of one that takes their responses, scan points and units below."""
    if bool(successor) == bool(new_name):
        raise click.UsageError("name either --into or --new-name")
    first = day or now().date()
    if successor:
        _decide(merging(units, successor, first), as_json=as_json)
    else:
        _decide(founding(units, new_name or "", new_kind, first), as_json=as_json)


@group.command()
@click.argument("unit")
@click.option("--children-to", "heir", help="Where the units below it go.")
@from_option
@json_option
@act
def close(unit: str, heir: str | None, day: date | None, as_json: bool) -> None:
    """Close UNIT, which nobody succeeds; its responses stay."""
    _decide(closing(unit, day or now().date(), heir), as_json=as_json)


headcount = click.Group("headcount", help="Workers and members of the units, by quarter.")
group.add_command(headcount)


@headcount.command("import")
@file_argument
@dry_option
@json_option
@act
def import_figures(file: Path, dry: bool, as_json: bool) -> None:
    """Import figures from FILE (.csv or .xlsx): columns unit, quarter, workers, members."""
    with noted_store(Deed.UNIT_CHANGED, dry=dry) as (store, tell_trail):
        table = table_in(file, NEEDED)
        tree, today = tree_of(store), now().date()
        take = plan_headcounts if dry else import_headcounts
        plan = take(store, tree, table, today, tree.units)
        refuse_mistakes(plan.mistakes)
        tell_trail(what="headcounts", rows=sum(plan.counts.values()))
    told = dict(plan.counts)
    lines = [", ".join(f"{count} {word}" for word, count in told.items())]
    tell(told | ({"dry_run": True} if dry else {}), lines, as_json=as_json)


@headcount.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--quarter", help="Such as 2026-Q4; the present one without it.")
@json_option
@act
def export_figures(file: Path, quarter: str | None, as_json: bool) -> None:
    """Export a quarter's figures to FILE (.csv or .xlsx), to be filled in and imported."""
    wanted = _quarter(quarter)
    with store_for(writing=False) as store:
        tree = tree_of(store)
        rows = headcount_rows(store, tree, wanted, tree.units)
    write_table(file, wanted, COLUMNS, rows)
    tell({"rows": len(rows), "file": str(file)}, [f"{file}: {len(rows)} rows"], as_json=as_json)


@headcount.command("list")
@click.option("--quarter", help="Such as 2026-Q4; the present one without it.")
@json_option
@act
def list_figures(quarter: str | None, as_json: bool) -> None:
    """List a quarter's figures with the sums of all below."""
    wanted = _quarter(quarter)
    with store_for(writing=False) as store:
        tree, figures = tree_of(store), figures_of(store, wanted)
    added = sums(tree, figures)
    rows = [
        {
            "unit": unit.id,
            "quarter": wanted,
            "workers": figures[unit.id].workers if unit.id in figures else None,
            "members": figures[unit.id].members if unit.id in figures else None,
            "all_workers": added[unit.id].workers,
            "all_members": added[unit.id].members,
        }
        for _, unit in tree.outline()
        if unit.id in added
    ]
    shown = [{k: "—" if v is None else v for k, v in row.items()} for row in rows]
    tell(rows, columns(shown), as_json=as_json)


def _quarter(text: str | None) -> str:
    quarter = read_quarter(text) if text else quarter_of(now().date())
    if quarter is None:
        raise Refusal(N_("Please write the quarter as 2026-Q4."), field="quarter")
    return quarter
