"""The organizer's pages of scan points: the code to print, the link, pause and close."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from federation.access import Act
from forms.publication import Availability, ScanPoint
from qr import images
from qr.address import is_loopback, point_url
from qr.codes import grouped, spaced
from services.errors import Refusal
from services.offering.openings import openings_of, told_openings
from services.publishing.publish import Change, change_point, find_definition
from services.reading.responses import counts_by_point
from services.receiving.receive import as_it_stands
from services.rights.deadlines import purged_by_point

from ..language import availability_word, screen_language
from ..options import STATE_KINDS, number_text, unit_now
from ..session import my_units, staff_blueprint, staff_page
from ..site import site
from .point_inputs import former_text, point_inputs, times_lines

blueprint: Blueprint = staff_blueprint("points", Act.PUBLISH_FORMS)


def point_row(
    point: ScanPoint, counts: Mapping[str, str], gone: Mapping[str, int]
) -> dict[str, object]:
    """A scan point as lists show it."""
    state = as_it_stands(point, site().tree).availability(site().now())
    return {
        "code_shown": spaced(point.code),
        "unit": unit_now(site().tree, point.unit),
        "place": point.place,
        "state_word": availability_word(state),
        "state_kind": STATE_KINDS[state],
        "responses": counts[point.code],
        "purged": number_text(gone[point.code]) if point.code in gone else "",
        "href": url_for("points.show_point", code=point.code),
    }


def find_point(code: str) -> ScanPoint:
    """A scan point of the signed-in person; 404 without."""
    point = site().store.points.get(code)
    if point is None or point.unit not in my_units(Act.PUBLISH_FORMS):
        abort(404)
    return point


@blueprint.get("/points/<code>")
def show_point(code: str) -> Response:
    return point_page(find_point(code), 200)


def point_page(
    kept: ScanPoint, status: int, refusal: Refusal | None = None, what: str = ""
) -> Response:
    """The page of a scan point; `what` was refused."""
    point = as_it_stands(kept, site().tree)
    code, definition = point.code, find_definition(site().store, point.definition)
    url, state = point_url(site().base_url, code), point.availability(site().now())
    is_open, is_closed = state is Availability.OPEN, state is Availability.CLOSED
    counts = openings_of(site().store, site().openings, definition.id)
    gone = purged_by_point(site().store, definition)
    view = point_row(point, counts_by_point(site().store, definition), gone) | {
        "form_title": definition.title.into(screen_language()),
        "form_href": url_for("organizer.show_form", definition=definition.id),
        "code_groups": grouped(code),
        "url": url,
        "qr_svg": Markup(images.svg(url)),  # noqa: S704 - drawn by us from a checked address
        "svg_href": url_for("points.download_code", code=code, kind="svg"),
        "png_href": url_for("points.download_code", code=code, kind="png"),
        "pause_action": url_for("points.change", code=code, what="pause") if is_open else "",
        "resume_action": "" if is_open else url_for("points.change", code=code, what="resume"),
        "close_href": "" if is_closed else url_for("points.ask_to_close", code=code),
        "open_href": url_for("worker.show_form", code=code),
        "blank_href": url_for("papers.download_blank", code=code),
        "kiosk_href": url_for("kiosk.show_form", code=code),
        "assist_href": url_for("assist.show_form", code=code) if is_open else "",
        "loopback": is_loopback(site().base_url),
        "openings": told_openings(definition, counts)[code],
        "times": times_lines(point),
        "former": [former_text(former) for former in kept.former],
        "posters_href": url_for("posters.choose", definition=definition.id, point=code),
        "scripts": site().assets.addresses(["copy.js", "share.js"]),
        "edit": point_inputs(kept, refusal, what),
    }
    title = site().tree.name(point.unit)
    return staff_page("staff/point.html", title=title, status=status, point=view)


@blueprint.get("/points/<code>/qr.<kind>")
def download_code(code: str, kind: str) -> Response:
    point, url = find_point(code), point_url(site().base_url, code)
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
    point = find_point(code)
    counts = counts_by_point(site().store, find_definition(site().store, point.definition))
    heading = gettext("Close this scan point?")
    question = {
        "heading": heading,
        "text": gettext(
            "%(unit)s: nobody can answer there any more. Responses kept: %(count)s.",
            unit=site().tree.name(point.unit),
            count=counts[code],
        ),
        "action": url_for("points.change", code=code, what="close"),
        "hidden": [],
        "button": gettext("Close 1 scan point"),
        "cancel_href": url_for("points.show_point", code=code),
    }
    return staff_page("staff/confirm.html", title=heading, question=question)


@blueprint.post("/points/<code>/<what>")
def change(code: str, what: str) -> Response:
    find_point(code)
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
    return redirect(url_for("points.show_point", code=code), 303)
