"""The organizer's pages: gallery, publish to a unit and place, QR and link, pause and close."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from federation.access import Act
from forms.answers import check_answers
from forms.definition import Definition
from forms.gallery import gallery
from forms.problems import N_
from forms.publication import Availability, ScanPoint
from qr import images
from qr.address import is_loopback, point_url
from qr.codes import grouped, spaced
from services.deadlines import purged_by_point
from services.errors import NotFound, Refusal
from services.publish import (
    Change,
    change_point,
    find_definition,
    points_of,
    publish,
    published_versions,
)
from services.receive import as_it_stands, newest_version
from services.responses import (
    UNTOLD,
    counts_by_point,
    is_confidential,
    may_read,
    page,
    view_of_units,
)

from .form_page import preview_page
from .language import availability_word, refusal_text, screen_language
from .options import STATE_KINDS, number_text, unit_now, unit_options
from .results import results_href
from .session import me, my_units, staff_blueprint, staff_page
from .site import site
from .uploads import posted_uploads
from .walking import STEP_INPUT, after_step, at_first, refused

blueprint: Blueprint = staff_blueprint("organizer", Act.PUBLISH_FORMS)


def _units() -> frozenset[str]:
    return my_units(Act.PUBLISH_FORMS)


def _my_points(definition: Definition) -> list[ScanPoint]:
    units = _units()
    return [point for point in points_of(site().store, definition.id) if point.unit in units]


@blueprint.get("/forms")
def list_forms() -> Response:
    language, store, now = screen_language(), site().store, site().now()
    published = []
    for version in published_versions(store):
        definition = version.definition
        points = _my_points(definition)
        states = {as_it_stands(point, site().tree).availability(now) for point in points}
        state = next((s for s in Availability if s in states), None)
        if state is None:
            continue
        published.append(
            {
                "title": definition.title.into(language),
                "code": definition.code,
                "state_word": availability_word(state),
                "state_kind": STATE_KINDS[state],
                "points": len(points),
                "responses": _total(definition),
                "href": url_for("organizer.show_form", definition=definition.id),
            }
        )
    return staff_page(
        "staff/forms.html",
        title=gettext("Forms"),
        published=published,
        gallery=[_gallery_row(definition, language) for definition in gallery().values()],
    )


def _total(definition: Definition) -> str:
    """How many responses the points within reach have, as it may be told; of complaints nothing."""
    if is_confidential(definition):
        return UNTOLD
    view = view_of_units(site().store, definition, _units())
    return number_text(page(site().store, view, offset=0, limit=0)[0])


def _gallery_row(definition: Definition, language: str) -> dict[str, object]:
    written = [question for section in definition.sections for question in section.questions]
    return {
        "id": definition.id,
        "code": definition.code,
        "title": definition.title.into(language),
        "summary": definition.summary.into(language),
        "questions": sum(question.control not in ("consent", "note") for question in written),
        "minutes": definition.minutes,
        "anonymous": definition.anonymous,
        "href": url_for("organizer.show_form", definition=definition.id),
    }


@blueprint.get("/forms/<definition>")
def show_form(definition: str) -> Response:
    return _form_page(_find(definition), None, 200)


@blueprint.post("/forms/<definition>")
def publish_form(definition: str) -> Response:
    found, unit = _find(definition), request.form.get("unit", "")
    try:
        if unit not in _units():
            raise Refusal(N_("Please choose a unit."), field="unit")
        place = request.form.get("place", "")
        done = publish(site().store, found.id, [unit], place, tree=site().tree, now=site().now())
    except Refusal as refusal:
        return _form_page(found, refusal, 422)
    flash(gettext("Published. Print the code or share the link."), "done")
    return redirect(url_for("organizer.show_point", code=done.points[0].code), 303)


def _find(definition: str) -> Definition:
    try:
        return find_definition(site().store, definition)
    except NotFound:
        abort(404)


def _form_page(found: Definition, refusal: Refusal | None, status: int) -> Response:
    language = screen_language()
    error = refusal_text(refusal) if refusal else ""
    about_unit = refusal is not None and refusal.field == "unit"
    has_responses = bool(points_of(site().store, found.id))  # a page of them; it may be empty
    view = _gallery_row(found, language) | {
        "version_line": _version_line(found),
        "preview_href": url_for("organizer.preview", definition=found.id),
        "results_href": results_href(found) if has_responses else "",
        "responses_href": url_for("chair.list_responses", definition=found.id)
        if has_responses and may_read(me(), found, site().tree, site().today)
        else "",
    }
    publishing = {
        "action": url_for("organizer.publish_form", definition=found.id),
        "units": unit_options(site().tree, _units(), request.form.get("unit", "")),
        "unit_error": error if about_unit else "",
        "place": request.form.get("place", "")[:200],
        "place_error": "" if about_unit else error,
    }
    counts, gone = counts_by_point(site().store, found), purged_by_point(site().store, found)
    return staff_page(
        "staff/form.html",
        title=found.title.into(language),
        status=status,
        form=view,
        publish=publishing,
        points=[_point_row(point, counts, gone) for point in _my_points(found)],
    )


def _version_line(found: Definition) -> str:
    try:
        number = newest_version(site().store, found.id).number
    except LookupError:
        return gettext("not published yet")
    return gettext("version %(number)s", number=number)


def _point_row(
    point: ScanPoint, counts: Mapping[str, str], gone: Mapping[str, int]
) -> dict[str, object]:
    state = as_it_stands(point, site().tree).availability(site().now())
    return {
        "code_shown": spaced(point.code),
        "unit": unit_now(site().tree, point.unit),
        "place": point.place,
        "state_word": availability_word(state),
        "state_kind": STATE_KINDS[state],
        "responses": counts[point.code],
        "purged": number_text(gone[point.code]) if point.code in gone else "",
        "href": url_for("organizer.show_point", code=point.code),
    }


@blueprint.get("/forms/<definition>/preview")
def preview(definition: str) -> Response:
    found = _find(definition)
    return preview_page(found, {}, at_first(found, site().now().date()))


@blueprint.post("/forms/<definition>/preview")
def try_preview(definition: str) -> Response:
    found = _find(definition)
    inputs = {name: request.form.getlist(name) for name in request.form}
    uploads, today = posted_uploads(), site().now().date()
    if STEP_INPUT in inputs:
        return preview_page(found, inputs, after_step(found, inputs, today), uploads=uploads)
    checked = check_answers(found, inputs, today, uploads=uploads)
    if checked.problems:
        return preview_page(
            found, inputs, refused(found, checked, site().now().date()), uploads=uploads
        )
    flash(gettext("The answers would be accepted. A preview keeps nothing."), "done")
    return redirect(url_for("organizer.show_form", definition=found.id), 303)


def _point(code: str) -> ScanPoint:
    point = site().store.points.get(code)
    if point is None or point.unit not in _units():
        abort(404)
    return point


@blueprint.get("/points/<code>")
def show_point(code: str) -> Response:
    point = as_it_stands(_point(code), site().tree)
    definition = _find(point.definition)
    url, state = point_url(site().base_url, code), point.availability(site().now())
    is_open, is_closed = state is Availability.OPEN, state is Availability.CLOSED
    gone = purged_by_point(site().store, definition)
    view = _point_row(point, counts_by_point(site().store, definition), gone) | {
        "form_title": definition.title.into(screen_language()),
        "form_href": url_for("organizer.show_form", definition=definition.id),
        "code_groups": grouped(code),
        "url": url,
        "qr_svg": Markup(images.svg(url)),  # noqa: S704 - drawn by us from a checked address
        "svg_href": url_for("organizer.download_code", code=code, kind="svg"),
        "png_href": url_for("organizer.download_code", code=code, kind="png"),
        "pause_action": url_for("organizer.change", code=code, what="pause") if is_open else "",
        "resume_action": "" if is_open else url_for("organizer.change", code=code, what="resume"),
        "close_href": "" if is_closed else url_for("organizer.ask_to_close", code=code),
        "open_href": url_for("worker.show_form", code=code),
        "blank_href": url_for("papers.download_blank", code=code),
        "kiosk_href": url_for("kiosk.show_form", code=code),
        "assist_href": url_for("assist.show_form", code=code) if is_open else "",
        "loopback": is_loopback(site().base_url),
    }
    return staff_page("staff/point.html", title=site().tree.name(point.unit), point=view)


@blueprint.get("/points/<code>/qr.<kind>")
def download_code(code: str, kind: str) -> Response:
    point, url = _point(code), point_url(site().base_url, code)
    if kind == "svg":
        answer = WebResponse(images.svg(url), mimetype="image/svg+xml")
    elif kind == "png":
        answer = WebResponse(images.png(url), mimetype="image/png")
    else:
        abort(404)
    name = f"{point.definition}_{code}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/points/<code>/close")
def ask_to_close(code: str) -> Response:
    point = _point(code)
    counts = counts_by_point(site().store, _find(point.definition))
    heading = gettext("Close this scan point?")
    question = {
        "heading": heading,
        "text": gettext(
            "%(unit)s: nobody can answer there any more. Responses kept: %(count)s.",
            unit=site().tree.name(point.unit),
            count=counts[code],
        ),
        "action": url_for("organizer.change", code=code, what="close"),
        "hidden": [],
        "button": gettext("Close 1 scan point"),
        "cancel_href": url_for("organizer.show_point", code=code),
    }
    return staff_page("staff/confirm.html", title=heading, question=question)


@blueprint.post("/points/<code>/<what>")
def change(code: str, what: str) -> Response:
    _point(code)
    changes: dict[str, tuple[Change, str]] = {
        "pause": ("pause", gettext("The scan point is paused.")),
        "resume": ("resume", gettext("The scan point is open.")),
        "close": ("close", gettext("The scan point is closed.")),
    }
    if what not in changes:
        abort(404)
    act, said = changes[what]
    change_point(site().store, code, act, site().now())
    flash(said, "done")
    return redirect(url_for("organizer.show_point", code=code), 303)
