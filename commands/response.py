"""flask response …: exports."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click

from export.csv import csv_chunks
from export.jsonl import jsonl_lines
from export.table import Style, Table
from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from services import responses
from services.audit import Deed
from services.clock import VIETNAM, now
from services.errors import NotFound, Refusal
from services.publish import all_versions, find_definition
from services.units import tree_of
from storage.store import Store

from .acts import act, json_option, store_for, tell
from .noting import leave_note
from .texts import translated_to

group = click.Group("response", help="Responses.")


@group.command()
@click.argument("definition")
@click.option("--format", "kind", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("-o", "--output", default="-", help="File to write; - is standard output.")
@click.option("--unit", help="Only this unit and those below it.")
@click.option("--since", help="Only responses from this day on, such as 2026-11-24.")
@click.option("--header", type=click.Choice(["name", "label"]), default="name")
@click.option("--split-choices", is_flag=True, help="A column for each choice.")
@click.option("--separator", type=click.Choice([",", ";"]), default=",")
@click.option("--sensitive", is_flag=True, help="Show sensitive answers; needs --reason.")
@click.option("--reason", default="", help="Why sensitive answers must leave.")
@json_option
@act
def export(
    definition: str,
    kind: str,
    output: str,
    unit: str | None,
    since: str | None,
    header: str,
    split_choices: bool,
    separator: str,
    sensitive: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Export the responses of a form as CSV or JSON Lines."""
    if sensitive and not reason.strip():
        raise click.UsageError("--sensitive needs --reason TEXT")
    if as_json and output == "-":
        raise click.UsageError("--json needs -o FILE: standard output takes the responses")
    style = Style("vi" if header == "label" else "", split_choices, sensitive)
    with store_for(writing=False) as store:
        newest = all_versions(store, find_definition(store, definition).id)[-1]
        view = _view(store, newest, unit, since)
        versions, found = responses.exported(store, view)
        total, _ = responses.page(store, view, offset=0, limit=0)
        leave_note(
            Deed.EXPORTED,
            form=newest.id,
            unit=unit,
            rows=total,
            what=kind,
            sensitive="shown" if sensitive else "",
            reason=reason.strip(),
        )
        chunks = (
            _csv(store, versions, found, style, separator)
            if kind == "csv"
            else _jsonl(store, versions, found, sensitive=sensitive)
        )
        with _opened(output) as file:
            for chunk in chunks:
                file.write(chunk.encode())
    if output != "-":
        told = {"file": output, "rows": total, "withheld": view.withheld}
        tell(told, [f"{output}: {total}"], as_json=as_json)
    if view.withheld:
        click.echo("Groups of fewer than five answers are withheld.", err=True)


def _view(
    store: Store, definition: Definition, unit: str | None, since: str | None
) -> responses.View:
    tree = tree_of(store)
    if unit is not None and unit not in tree:
        raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit[:40]})
    return responses.view_for(
        store, definition, None, tree, today=now().date(), unit=unit, since=_day(since)
    )


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(N_("Write the day as 2026-11-24.")) from error
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _csv(
    store: Store,
    versions: tuple[Definition, ...],
    found: Iterator[Response],
    style: Style,
    separator: str,
) -> Iterator[str]:
    table = Table(
        versions,
        style,
        unit_name=tree_of(store).name,
        translate=lambda text: translated_to(style.labels, text),
    )
    return csv_chunks(table.header(), table.rows(found), separator=separator)


def _jsonl(
    store: Store, versions: tuple[Definition, ...], found: Iterator[Response], *, sensitive: bool
) -> Iterator[str]:
    marked = {q.name for version in versions for q in version.asking if q.sensitive}
    return jsonl_lines(
        found,
        anonymous=versions[-1].anonymous,
        masked=frozenset() if sensitive else frozenset(marked),
        unit_name=tree_of(store).name,
    )


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    """The file to write: complete or not there at all."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path, partial = Path(output), Path(output + ".partial")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise Refusal("%(path)s: %(why)s", {"path": output, "why": error.strerror}) from error
    finally:
        with suppress(OSError):  # not there: written whole, or never begun
            partial.unlink()
