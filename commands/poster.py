"""flask poster ID: all posters of a form in one file."""

from pathlib import Path

import click

from federation.units import UnitTree
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import N_
from services.clock import now
from services.errors import NotFound
from services.organization.units import tree_of
from services.publishing.posters import (
    MOST_COPIES,
    SIZES,
    Order,
    Printing,
    Sender,
    further_languages,
    make_ready,
    print_posters,
    printable_points,
)
from services.publishing.publish import find_definition
from storage.store import Store
from storage.whole_file import write_whole

from .acts import act, json_option, settings, store_for, tell
from .progress import progress
from .texts import translate, translated_to

_DROPPED = N_("Left out, because no font has them: %(signs)s")


@click.command("poster")
@click.argument("code_or_id")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The PDF to write (a ZIP for --size pictures).",
)
@click.option(
    "--unit", "units", multiple=True, help="Only this unit and those below it; several times."
)
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], show_default=True)
@click.option(
    "--lang", "languages", multiple=True, help="Repeat the promise in this language, such as en."
)
@click.option("--line", default="", help="One more line, such as the promise in Thái or Mông.")
@click.option(
    "--copies",
    type=click.IntRange(1, MOST_COPIES),
    default=1,
    show_default=True,
    help="Labels of each scan point, for --size stickers.",
)
@json_option
@act
def poster(
    code_or_id: str,
    output: Path,
    units: tuple[str, ...],
    size: str,
    languages: tuple[str, ...],
    line: str,
    copies: int,
    as_json: bool,
) -> None:
    """Print the posters of all open scan points of a form into one file."""
    with store_for(writing=False) as store:
        order = Order(size, languages, line, copies)
        printing = _ready(store, code_or_id, units, order)
    with progress(printing.total, str(output)) as told:
        content = print_posters(printing, told)
    write_whole(output, [content])
    if printing.text.trial:
        click.echo("Warning: phones cannot open this address; set PHIEU_BASE_URL.", err=True)
    if printing.dropped:
        click.echo(translate(_DROPPED, {"signs": printing.dropped}), err=True)
    told_file = {"file": str(output), "size": size, "posters": printing.total}
    tell(told_file, [f"{output}: {printing.total}"], as_json=as_json)


def _ready(store: Store, code_or_id: str, units: tuple[str, ...], order: Order) -> Printing:
    definition, tree = find_definition(store, code_or_id), tree_of(store)
    known = further_languages(definition)
    for language in order.languages:
        if language not in known:
            named = {"language": language, "known": ", ".join(known) or "-"}
            raise NotFound(N_("The form has no promise in %(language)s; it has: %(known)s."), named)
    wanted, points = _below(tree, units), printable_points(store, definition, tree, now())
    if units:
        points = tuple(point for point in points if point.unit in wanted)
    return make_ready(definition, points, order, _sender(), tree)


def _sender() -> Sender:
    config = settings()
    return Sender(
        config.organization,
        config.contact,
        config.public_url,
        lambda text: translated_to(DEFAULT_LANGUAGE, text),
    )


def _below(tree: UnitTree, units: tuple[str, ...]) -> frozenset[str]:
    for unit in units:
        if unit not in tree:
            raise NotFound(N_("No unit has the code %(unit)s."), {"unit": unit[:40]})
    return frozenset().union(*(tree.subtree(unit) for unit in units))
