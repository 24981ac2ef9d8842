"""The organizer prints posters: which scan points, which size, which languages; then a job."""

from functools import partial

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.definition import Definition
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import N_
from forms.publication import ScanPoint
from qr.address import is_loopback
from qr.codes import spaced
from qr.posters import Size
from services.errors import NotFound, Refusal
from services.outgoing.job_records import Job
from services.outgoing.jobs import Told
from services.publishing.posters import (
    MOST_COPIES,
    PICTURES,
    SIZES,
    Order,
    Printing,
    Sender,
    file_name,
    further_languages,
    make_ready,
    print_posters,
    printable_points,
)
from services.publishing.publish import find_definition

from ..language import LANGUAGE_NAMES, refusal_text, screen_language, translated_to
from ..options import Option, number_text, unit_options
from ..outgoing.jobs import job_rows
from ..session import me, my_units, staff_blueprint, staff_page
from ..site import site
from .point_rows import asked_moment

blueprint: Blueprint = staff_blueprint("posters", Act.PUBLISH_FORMS)

KIND = "posters"
_SIZES = {
    Size.A4: (N_("Poster A4"), N_("for walls; scanned from 1 m")),
    Size.A5: (N_("Poster A5"), N_("for notice boards; scanned from half a metre")),
    Size.A6: (N_("Card A6"), N_("for tables; scanned from 30 cm")),
    Size.STICKERS: (N_("Labels"), N_("10 on each A4 sheet, to cut out")),
    PICTURES: (N_("Only the codes"), N_("pictures (PNG and SVG) in one ZIP file")),
}


def _find(definition: str) -> tuple[Definition, tuple[ScanPoint, ...]]:
    """A form and its open scan points within reach."""
    try:
        found = find_definition(site().store, definition)
    except NotFound:
        abort(404)
    units = my_units(Act.PUBLISH_FORMS)
    points = printable_points(site().store, found, site().tree, site().now())
    return found, tuple(point for point in points if point.unit in units)


@blueprint.get("/forms/<definition>/posters")
def choose(definition: str) -> Response:
    found, points = _find(definition)
    only, made = request.args.get("point", ""), asked_moment()
    ticked = {
        point.code
        for point in points
        if only in ("", point.code) and made in (None, point.created_at)
    }
    return _page(found, points, ticked, Order(), None, 200)


def page_for(definition: str, codes: list[str]) -> Response:
    """The page with these scan points ticked, as the list of scan points leads to it."""
    found, points = _find(definition)
    ticked = {point.code for point in points}.intersection(codes)
    return _page(found, points, ticked, Order(), None, 200)


@blueprint.post("/forms/<definition>/posters")
def begin(definition: str) -> Response:
    found, points = _find(definition)
    ticked = set(request.form.getlist("point"))
    order = Order()
    try:
        order = _posted_order(found)
        printing = make_ready(found, _chosen(points, ticked), order, _sender(), site().tree)
        job = _begin(found, printing)
    except Refusal as refusal:
        return _page(found, points, ticked, order, refusal, 422)
    if printing.dropped:
        signs = printing.dropped
        flash(gettext("Left out, because no font has them: %(signs)s", signs=signs), "done")
    return redirect(url_for("jobs.show_job", job_id=job.id), 303)


def _posted_order(found: Definition) -> Order:
    size, copies = request.form.get("size", ""), request.form.get("copies", "1").strip() or "1"
    if size not in SIZES:
        raise Refusal(N_("Please choose a size."), field="size")
    if not (copies.isascii() and copies.isdigit() and 1 <= int(copies[:9]) <= MOST_COPIES):
        most = {"most": MOST_COPIES}
        raise Refusal(N_("Please write a number from 1 to %(most)s."), most, field="copies")
    wanted = request.form.getlist("language")
    languages = tuple(code for code in further_languages(found) if code in wanted)
    return Order(size, languages, request.form.get("line", "")[:500], int(copies))


def _chosen(points: tuple[ScanPoint, ...], ticked: set[str]) -> list[ScanPoint]:
    """The ticked ones; with a unit named, only its own and those below it."""
    unit = request.form.get("unit", "")
    below = site().tree.subtree(unit) if unit else None
    chosen = [p for p in points if p.code in ticked and (below is None or p.unit in below)]
    if not chosen:
        raise Refusal(N_("Please choose at least one scan point."), field="unit")
    return chosen


def _sender() -> Sender:
    config = site().config
    return Sender(
        config.organization,
        config.contact,
        site().base_url,
        lambda text: translated_to(DEFAULT_LANGUAGE, text),
    )


def _begin(found: Definition, printing: Printing) -> Job:
    size = gettext(_SIZES[printing.order.size][0])

    def work(told: Told) -> list[bytes]:
        return [print_posters(printing, told)]

    return site().jobs.begin(
        work,
        kind=KIND,
        owner=me().name,
        title=f"{found.title.into(screen_language())} · {size}",
        file_name=file_name(found, printing.order.size),
        total=printing.total,
        about={"definition": found.id},
    )


def _page(
    found: Definition,
    points: tuple[ScanPoint, ...],
    ticked: set[str],
    order: Order,
    refusal: Refusal | None,
    status: int,
) -> Response:
    tree, units = site().tree, {point.unit for point in points}
    above = units.union(*(tree.ancestors(unit) for unit in units)) & my_units(Act.PUBLISH_FORMS)
    error = partial(_error, refusal)
    view = {
        "form_title": found.title.into(screen_language()),
        "form_href": url_for("organizer.show_form", definition=found.id),
        "action": url_for("posters.begin", definition=found.id),
        "count": number_text(len(points)),
        "points": [_point_row(point, ticked) for point in points],
        "all_ticked": len(ticked) >= len(points),
        "units": [
            Option("", gettext("All units")),
            *unit_options(tree, above, request.form.get("unit", "")),
        ],
        "sizes": [_size_option(size, order) for size in SIZES],
        "copies": request.form.get("copies", str(order.copies))[:10],
        "languages": [
            Option(code, LANGUAGE_NAMES.get(code, code), code in order.languages)
            for code in further_languages(found)
        ],
        "line": request.form.get("line", order.line)[:500],
        "errors": {name: error(name) for name in ("unit", "size", "copies", "line")},
        "error": error(""),
        "loopback": is_loopback(site().base_url),
        "jobs": job_rows([job for job in site().jobs.of(me().name) if _is_of(job, found)])[:5],
    }
    title = gettext("Print posters")
    return staff_page("staff/posters.html", title=title, status=status, posters=view)


def _error(refusal: Refusal | None, field: str) -> str:
    return refusal_text(refusal) if refusal and refusal.field == field else ""


def _is_of(job: Job, found: Definition) -> bool:
    return job.kind == KIND and job.about.get("definition") == found.id


def _point_row(point: ScanPoint, ticked: set[str]) -> dict[str, object]:
    return {
        "code": point.code,
        "code_shown": spaced(point.code),
        "unit": site().tree.home_name(point.unit),
        "place": point.place,
        "ticked": point.code in ticked,
    }


def _size_option(size: str, order: Order) -> dict[str, object]:
    word, hint = _SIZES[size]
    return {
        "value": size,
        "label": gettext(word),
        "hint": gettext(hint),
        "ticked": size == order.size,
    }
