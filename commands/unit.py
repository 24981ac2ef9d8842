"""flask unit …: the federation's tree."""

from pathlib import Path

import click

from forms.problems import N_
from services.errors import Refusal
from services.units import import_units, tree_of

from .acts import act, json_option, store_for, tell

group = click.Group("unit", help="Units of the federation.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@act
def import_file(file: Path, as_json: bool) -> None:
    """Import units from FILE.csv with the columns id, name, parent, kind."""
    if file.suffix.lower() != ".csv":
        raise Refusal(N_("Units are read from a .csv file."))
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(N_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    with store_for(writing=True) as store:
        done = import_units(store, text)
    told = vars(done)
    tell(told, [", ".join(f"{count} {word}" for word, count in told.items())], as_json=as_json)


@group.command("list")
@json_option
@act
def list_units(as_json: bool) -> None:
    """List all units in the order of the tree."""
    with store_for(writing=False) as store:
        outline = tree_of(store).outline()
    told = [
        {"id": u.id, "name": u.name, "parent": u.parent, "kind": u.kind, "closed": u.closed}
        for _, u in outline
    ]
    lines = [f"{'  ' * depth}{u.id}  {u.name}" for depth, u in outline]
    tell(told, lines, as_json=as_json)
