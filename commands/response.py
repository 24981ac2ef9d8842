"""flask response …: exports."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args

import click

from export.manifest import SUFFIX, Manifest
from forms.definition import Definition
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import N_
from services.clock import VIETNAM, now
from services.errors import NotFound, Refusal
from services.organization.units import tree_of
from services.outgoing.export_order import Kind, Order, Wish
from services.outgoing.exporting import count, write_export
from services.outgoing.profiles import find_profile
from services.publishing.publish import all_versions, find_definition
from services.reading import responses
from services.trail.audit import COMMAND, Deed
from storage.store import Store

from .acts import act, json_option, store_for, tell
from .noting import leave_note
from .progress import progress
from .texts import translate, translated_to

group = click.Group("response", help="Responses.")


@group.command()
@click.argument("definition")
@click.option("--format", "kind", type=click.Choice(get_args(Kind)), default="csv")
@click.option("-o", "--output", default="-", help="File to write; - is standard output.")
@click.option("--unit", help="Only this unit and those below it.")
@click.option("--since", help="Only responses from this day on, such as 2026-11-24.")
@click.option("--until", help="Only responses up to this day.")
@click.option("--header", type=click.Choice(["name", "label"]), default="name")
@click.option("--split-choices", is_flag=True, help="A column for each choice.")
@click.option("--separator", type=click.Choice([",", ";"]), default=",")
@click.option("--profile", default="", help="The columns of this export profile.")
@click.option("--files", is_flag=True, help="A ZIP with photos and signatures beside the table.")
@click.option("--sensitive", is_flag=True, help="Show sensitive answers; needs --reason.")
@click.option("--reason", default="", help="Why sensitive answers must leave.")
@json_option
@act
def export(
    definition: str,
    kind: Kind,
    output: str,
    unit: str | None,
    since: str | None,
    until: str | None,
    header: str,
    split_choices: bool,
    separator: str,
    profile: str,
    files: bool,
    sensitive: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Export the responses of a form as CSV, Excel workbook or JSON Lines."""
    if sensitive and not reason.strip():
        raise click.UsageError("--sensitive needs --reason TEXT")
    if as_json and output == "-":
        raise click.UsageError("--json needs -o FILE: standard output takes the responses")
    if profile and kind == "jsonl":
        raise click.UsageError("--profile is for csv and xlsx")
    wish = Wish(
        kind=kind,
        labels=header == "label",
        split=split_choices,
        separator=separator,
        sensitive=sensitive,
        reason=reason,
        files=files,
    )
    with store_for(writing=False) as store:
        newest = all_versions(store, find_definition(store, definition).id)[-1]
        if profile:
            named = find_profile(store, newest.id, profile)
            wish = Wish(**{**vars(wish), "profile": named.id})
        manifest = _write(_order(store, newest, wish, unit, since, until), output)
    if output != "-":
        told = {
            "file": output,
            "rows": manifest.rows,
            "withheld": manifest.withheld,
            "manifest": output + SUFFIX,
            "sha256": manifest.sha256,
            "missing": list(manifest.missing),
        }
        tell(told, [f"{output}: {manifest.rows}"], as_json=as_json)
    _warn(manifest)


def _order(
    store: Store,
    definition: Definition,
    wish: Wish,
    unit: str | None,
    since: str | None,
    until: str | None,
) -> Order:
    tree = tree_of(store)
    if unit is not None and unit not in tree:
        raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit[:40]})
    first, last = _day(since), _day(until)
    at = now()
    view = responses.view_for(
        store,
        definition,
        None,
        tree,
        today=at.date(),
        unit=unit,
        since=first,
        until=last + timedelta(days=1) if last else None,
    )
    asked = {"unit": unit, "since": since, "until": until}
    about = {name: text for name, text in asked.items() if text}
    return Order(
        store,
        view,
        wish,
        tree,
        by=COMMAND,
        at=at,
        translate=lambda text: translated_to(DEFAULT_LANGUAGE, text),
        words=" · ".join(f"{name}: {text}" for name, text in about.items()),
        about=about,
    )


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(N_("Write the day as 2026-11-24.")) from error
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _write(order: Order, output: str) -> Manifest:
    """Write the file and its manifest beside it; to standard output only the file."""
    with _opened(output) as path, progress(count(order), "export") as done:
        manifest = write_export(order, path, done)
        _leave_word(order, manifest)
        if output != "-":
            paper = Path(output + SUFFIX)
            _replaced(paper, Manifest(**{**vars(manifest), "file": Path(output).name}).content())
    return manifest


def _leave_word(order: Order, manifest: Manifest) -> None:
    """Nothing leaves that the trail does not know of: without it the file is not given out."""
    wish = order.wish
    leave_note(
        Deed.EXPORTED,
        form=order.view.definition.id,
        unit=order.about.get("unit", ""),
        rows=manifest.rows,
        what=wish.kind,
        profile=wish.profile,
        files="1" if wish.files else "",
        sensitive="shown" if wish.sensitive else "",
        reason=wish.reason.strip(),
    )


def _replaced(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)


def _warn(manifest: Manifest) -> None:
    if manifest.withheld:
        click.echo("Groups of fewer than five answers are withheld.", err=True)
    if manifest.missing:
        said = N_("The form never asked %(names)s: these columns stay empty.")
        click.echo(translate(said, {"names": ", ".join(manifest.missing)}), err=True)
    if manifest.cut:
        said = N_("Excel holds 32,767 characters in a cell: %(count)s longer ones were cut.")
        click.echo(translate(said, {"count": manifest.cut}), err=True)


@contextmanager
def _opened(output: str) -> Iterator[Path]:
    """Where to write: complete afterwards, or not there at all."""
    if output == "-":
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "export"
            yield whole
            with whole.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    path, partial = Path(output), Path(output + ".partial")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        yield partial
        partial.replace(path)
    except OSError as error:
        raise Refusal("%(path)s: %(why)s", {"path": output, "why": error.strerror}) from error
    finally:
        with suppress(OSError):  # not there: written whole, or never begun
            partial.unlink()
