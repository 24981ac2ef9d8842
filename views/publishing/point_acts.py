"""What is changed of one scan point after it was printed: its times, its place, where it leads."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.publication import ScanPoint
from services.errors import Refusal
from services.moments import read_span
from services.publishing.points import rename_place, repoint, reschedule

from ..session import my_units, staff_blueprint
from ..site import site
from ..trailing import tell
from .points import find_point, point_page

blueprint: Blueprint = staff_blueprint("point_acts", Act.PUBLISH_FORMS)


@blueprint.post("/points/<code>/times")
def change_times(code: str) -> Response:
    def act(point: ScanPoint) -> str:
        span = read_span(request.form.get("opens", ""), request.form.get("closes", ""))
        reschedule(site().store, [point.code], span)
        return gettext("The times are changed.")

    return _step(code, "schedule", act)


@blueprint.post("/points/<code>/place")
def change_place(code: str) -> Response:
    def act(point: ScanPoint) -> str:
        rename_place(site().store, point.code, request.form.get("place", ""))
        return gettext("The place is renamed. Please print the poster anew if it names the place.")

    return _step(code, "place", act)


@blueprint.post("/points/<code>/lead")
def lead_elsewhere(code: str) -> Response:
    def act(point: ScanPoint) -> str:
        unit, form = request.form.get("unit", ""), request.form.get("form", "")
        if unit not in my_units(Act.PUBLISH_FORMS):
            abort(404)
        place = request.form.get("lead_place", "")
        repoint(site().store, point.code, form, unit, place, tree=site().tree)
        tell(form=form, unit=unit)
        return gettext("The code leads elsewhere now. What was answered before stays where it was.")

    return _step(code, "lead", act)


def _step(code: str, what: str, act: Callable[[ScanPoint], str]) -> Response:
    point = find_point(code)
    try:
        said = act(point)
    except Refusal as refusal:
        return point_page(point, 422, refusal, what)
    tell(what=what)
    flash(said, "done")
    return redirect(url_for("points.show_point", code=point.code), 303)
