"""flask form …: the gallery, publishing, pausing and closing."""

from pathlib import Path

import click

from federation.units import ROOT, UnitKind, UnitTree
from forms.draft import Draft
from forms.editing.words import said
from forms.gallery import gallery
from forms.problems import N_
from forms.publication import ScanPoint
from qr.address import is_loopback, point_url
from qr.codes import tidy
from services.clock import now
from services.errors import NotFound
from services.moments import read_span
from services.organization.units import tree_of
from services.publishing import imported_forms
from services.publishing.papers import blank_paper
from services.publishing.publish import Change, change_definition, points_of, published_versions
from services.publishing.unit_choice import choose_units, read_kinds
from services.reading.responses import counts_by_point
from services.receiving.receive import as_it_stands
from services.trail.audit import Deed

from .acts import Refused, act, columns, json_option, settings, store_for, tell
from .form_files import export_form, import_form, validate_form
from .noting import noted_store
from .texts import translated_to


def _told(point: ScanPoint) -> dict[str, object]:
    return {
        "code": point.code,
        "url": point_url(settings().public_url, point.code),
        "unit": point.unit,
        "place": point.place,
    }


group = click.Group("form", help="Forms: ready-made ones, publishing, pausing, closing.")


@group.command("gallery")
@json_option
@act
def show_gallery(as_json: bool) -> None:
    """List the ready-made forms."""
    rows = [{"id": d.id, "code": d.code, "title": d.title.into("vi")} for d in gallery().values()]
    tell(rows, columns(rows), as_json=as_json)


@group.command("list")
@json_option
@act
def list_forms(as_json: bool) -> None:
    """List the published forms with their scan points, and drafts of new forms (version 0)."""
    with store_for(writing=False) as store:
        tree = tree_of(store)
        told = [
            {
                "definition": version.definition.id,
                "code": version.definition.code,
                "version": version.number,
                "title": version.definition.title.into("vi"),
                "scan_points": [
                    _told(point)
                    | {
                        "state": as_it_stands(point, tree).availability(now()),
                        "responses": counts.get(point.code, "0"),
                    }
                    for point in points_of(store, version.definition.id)
                ],
            }
            for version in published_versions(store)
            for counts in [counts_by_point(store, version.definition)]
        ]
        told += [_draft_told(draft) for draft in imported_forms.new_drafts(store)]
    tell(told, _lines(told, tree), as_json=as_json)


@group.command("publish")
@click.argument("code_or_id")
@click.option("--unit", "units", multiple=True, help="The unit; may be given several times.")
@click.option(
    "--place",
    "places",
    multiple=True,
    help="Where a poster hangs, such as “Nhà ăn ca 1”; several times for several posters.",
)
@click.option("--all-units", is_flag=True, help="Every active unit but the root.")
@click.option("--below", help="This unit and every active one below it.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in UnitKind]),
    help="Only units of this kind; with --below or --all-units.",
)
@click.option("--opens", default="", help="When new scan points open, such as 2026-12-01T08:00.")
@click.option("--closes", default="", help="When they close; a day alone is meant to its end.")
@click.option("--draft", is_flag=True, help="Publish the draft of its next version first.")
@json_option
@act
def publish_form(
    code_or_id: str,
    units: tuple[str, ...],
    places: tuple[str, ...],
    all_units: bool,
    below: str | None,
    kinds: tuple[str, ...],
    opens: str,
    closes: str,
    draft: bool,
    as_json: bool,
) -> None:
    """Publish a form to units at places; prints codes and addresses for the QR."""
    if [bool(units), all_units, below is not None].count(True) != 1:
        raise click.UsageError("name a --unit, or --below, or --all-units")
    if units and kinds:
        raise click.UsageError("--kind goes with --below or --all-units")
    with noted_store(Deed.FORM_PUBLISHED) as (store, tell_trail):
        tree = tree_of(store)
        chosen = units or _chosen(tree, below, kinds)
        span = read_span(opens, closes) if opens or closes else None
        done = imported_forms.publish_form(
            store, code_or_id, chosen, places or ("",), tree=tree, now=now(), draft=draft, span=span
        )
        tell_trail(form=done.version.definition.id, rows=len(done.points))
    points = [_told(point) for point in done.points]
    told = {
        "definition": done.version.definition.id,
        "version": done.version.number,
        "scan_points": points,
    }
    tell(told, columns(points), as_json=as_json)
    if is_loopback(settings().public_url):
        click.echo("Warning: phones cannot open this address; set PHIEU_BASE_URL.", err=True)


def add_change(change: Change, text: str) -> None:
    @group.command(change, help=text)
    @click.argument("code_or_id")
    @json_option
    @act
    def command(code_or_id: str, as_json: bool) -> None:
        with noted_store(Deed.FORM_CHANGED) as (store, tell_trail):
            points = change_definition(store, code_or_id, change, now())
            tell_trail(form=points[0].definition, what=change, rows=len(points))
        told = {
            "definition": points[0].definition,
            "scan_points": [_told(p) | {"state": p.availability(now())} for p in points],
        }
        lines = [f"{p.code}  {p.availability(now())}" for p in points]
        tell(told, lines, as_json=as_json)


add_change("pause", "Stop taking answers for a while.")
add_change("resume", "Take answers again.")
add_change("close", "Stop taking answers; what was kept stays.")


for command in (import_form, export_form, validate_form):
    group.add_command(command)


@group.command()
@click.argument("code")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", "language", default="vi", show_default=True, help="Language of the form.")
@json_option
@act
def blank(code: str, output: Path, language: str, as_json: bool) -> None:
    """Write the blank form of a scan point as PDF, with its code, for those who write by hand."""
    with store_for(writing=False) as store:
        point = store.points.get(tidy(code))
        if point is None:
            raise NotFound(N_("No scan point has this code."))
        content = blank_paper(
            store,
            point,
            tree=tree_of(store),
            base_url=settings().public_url,
            organization=settings().organization,
            contact=settings().contact,
            language=language,
            translate=lambda text: translated_to(language, text),
        )
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Refused(f"{output}: {error.strerror}") from error
    tell({"file": str(output), "code": point.code}, [str(output)], as_json=as_json)


def _draft_told(draft: Draft) -> dict[str, object]:
    return {
        "definition": draft.definition,
        "code": draft.plain.get("code", ""),
        "version": 0,
        "title": said(draft.plain, "title").into("vi"),
        "scan_points": [],
    }


def _chosen(tree: UnitTree, below: str | None, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The units of a part of the tree, or all but the root; raises NotFound, Refusal."""
    if below is not None and below not in tree:
        raise NotFound(N_("No active unit has the code %(unit)s."), {"unit": below[:40]})
    among = frozenset(tree.units) - (frozenset() if below else {ROOT})
    chosen = choose_units(tree, among, below=below or "", kinds=read_kinds(kinds)).units
    if not chosen and (below or kinds):
        raise Refused("No active unit is meant by that.")
    return chosen


def _lines(told: list[dict[str, object]], tree: UnitTree) -> list[str]:
    lines: list[str] = []
    for form in told:
        lines.append(f"{form['code'] or form['definition']} v{form['version']}  {form['title']}")
        points = form["scan_points"]
        for point in points if isinstance(points, list) else []:
            place = f" · {point['place']}" if point["place"] else ""
            where = f"{tree.name(point['unit'])}{place}"
            lines.append(f"  {point['code']}  {point['state']}  {point['responses']}  {where}")
    return lines
