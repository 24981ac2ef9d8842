"""The organizer's pages of forms: the gallery, one form, its preview, and its publishing."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.units import ROOT
from forms.answers import check_answers
from forms.definition import Definition
from forms.gallery import gallery
from forms.problems import N_
from forms.publication import Availability, ScanPoint
from services.errors import NotFound, Refusal
from services.publishing.publish import find_definition, points_of, publish, published_versions
from services.reading.responses import (
    UNTOLD,
    counts_by_point,
    is_confidential,
    may_read,
    page,
    view_of_units,
)
from services.receiving.receive import as_it_stands, newest_version
from services.rights.deadlines import purged_by_point

from ..builder.links import builder_links, my_drafts
from ..language import availability_word, refusal_text, screen_language
from ..options import STATE_KINDS, number_text, unit_options
from ..review.results import results_href
from ..session import i_may, me, my_units, staff_blueprint, staff_page
from ..site import site
from ..uploads import posted_uploads
from ..worker.form_page import preview_page
from ..worker.walking import STEP_INPUT, after_step, at_first, refused
from .campaign_page import campaign_rows
from .forms_list import fits, gallery_groups, gallery_row, words_of
from .pictograms import pictogram
from .points import point_row

blueprint: Blueprint = staff_blueprint("organizer", Act.PUBLISH_FORMS)


def _units() -> frozenset[str]:
    return my_units(Act.PUBLISH_FORMS)


def _my_points(definition: Definition) -> list[ScanPoint]:
    units = _units()
    return [point for point in points_of(site().store, definition.id) if point.unit in units]


@blueprint.get("/forms")
def list_forms() -> Response:
    language, store, now = screen_language(), site().store, site().now()
    sought = request.args.get("q", "")[:100]
    words, published = words_of(sought), []
    for version in published_versions(store):
        definition = version.definition
        if not fits(definition, words):
            continue
        points = _my_points(definition)
        states = {as_it_stands(point, site().tree).availability(now) for point in points}
        state = next((s for s in Availability if s in states), None)
        if state is None:
            continue
        published.append(
            {
                "title": definition.title.into(language),
                "picture": pictogram(definition.id),
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
        drafts=my_drafts(),
        start_action=url_for("builder.start"),
        import_href=url_for("form_files.show_import"),
        sought=sought,
        groups=gallery_groups(words, language),
        count=number_text(len(gallery())),
        points_href=url_for("point_list.list_points"),
        campaigns=campaign_rows(_units(), running=True),
        campaigns_href=url_for("campaigns.list_campaigns"),
    )


def _total(definition: Definition) -> str:
    """How many responses the points within reach have, as it may be told; of complaints nothing."""
    if is_confidential(definition):
        return UNTOLD
    view = view_of_units(site().store, definition, _units())
    return number_text(page(site().store, view, offset=0, limit=0)[0])


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
    return redirect(url_for("points.show_point", code=done.points[0].code), 303)


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
    view = gallery_row(found, language) | {
        "version_line": _version_line(found),
        "points_href": url_for("point_list.list_points", form=found.id) if has_responses else "",
        "places_href": url_for("offers.show", definition=found.id)
        if has_responses and i_may(Act.PUBLISH_FORMS, ROOT)
        else "",
        "preview_href": url_for("organizer.preview", definition=found.id),
        "posters_href": url_for("posters.choose", definition=found.id),
        "results_href": results_href(found) if has_responses else "",
        "responses_href": url_for("chair.list_responses", definition=found.id)
        if has_responses and may_read(me(), found, site().tree, site().today)
        else "",
    }
    publishing = {
        "action": url_for("organizer.publish_form", definition=found.id),
        "many_href": url_for("publishing.choose", definition=found.id),
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
        builder=builder_links(found),
        publish=publishing,
        points=[point_row(point, counts, gone) for point in _my_points(found)],
    )


def _version_line(found: Definition) -> str:
    try:
        number = newest_version(site().store, found.id).number
    except LookupError:
        return gettext("not published yet")
    return gettext("version %(number)s", number=number)


@blueprint.get("/forms/<definition>/preview")
def preview(definition: str) -> Response:
    found = _find(definition)
    return preview_page(found, {}, at_first(found, site().now().date()), back=_form_href(found))


@blueprint.post("/forms/<definition>/preview")
def try_preview(definition: str) -> Response:
    found = _find(definition)
    inputs, back = {name: request.form.getlist(name) for name in request.form}, _form_href(found)
    uploads, today = posted_uploads(), site().now().date()
    if STEP_INPUT in inputs:
        shown = after_step(found, inputs, today)
        return preview_page(found, inputs, shown, uploads=uploads, back=back)
    checked = check_answers(found, inputs, today, uploads=uploads)
    if checked.problems:
        shown = refused(found, checked, today)
        return preview_page(found, inputs, shown, uploads=uploads, back=back)
    flash(gettext("The answers would be accepted. A preview keeps nothing."), "done")
    return redirect(back, 303)


def _form_href(found: Definition) -> str:
    return url_for("organizer.show_form", definition=found.id)
