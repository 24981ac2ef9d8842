"""The door to responses: which forms a person reads, one response, the CSV; lists stand beside."""

from collections.abc import Iterator

from flask import Blueprint, abort, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.csv import csv_chunks
from export.table import Style, Table
from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from services import responses
from services.errors import NotFound
from services.publish import all_versions, published_versions
from services.responses import View

from .language import screen_language, translated_to
from .response_page import response_page
from .session import me, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("chair", Act.SEE_RESPONSES)


def view_of(
    definition_id: str, act: Act = Act.SEE_RESPONSES
) -> tuple[View, tuple[Definition, ...]]:
    """What this person may see of a form; 404 for one that is not published, or not for them."""
    try:
        versions = all_versions(site().store, definition_id)
    except NotFound:
        abort(404)
    store, tree, today = site().store, site().tree, site().today
    if not responses.may_read(me(), versions[-1], tree, today, act):
        abort(404)
    view = responses.view_for(store, versions[-1], me(), tree, today=today, act=act)
    return view, versions


def my_forms() -> list[Definition]:
    """The published forms whose responses this person may read."""
    published = (version.definition for version in published_versions(site().store))
    tree, today = site().tree, site().today
    return [d for d in published if responses.may_read(me(), d, tree, today)]


@blueprint.get("/responses")
def choose_form() -> Response:
    """The form asked for, else the first one that has responses, else a page that teaches."""
    mine = my_forms()
    wanted = request.args.get("form", "")
    if any(definition.id == wanted for definition in mine):
        return redirect(url_for("chair.list_responses", definition=wanted), 303)
    for definition in mine:
        view, _ = view_of(definition.id)
        if responses.page(site().store, view, offset=0, limit=0)[0]:
            return redirect(url_for("chair.list_responses", definition=definition.id), 303)
    if mine:
        return redirect(url_for("chair.list_responses", definition=mine[0].id), 303)
    question = {"title": gettext("Responses"), "forms_href": url_for("desk.show_desk")}
    return staff_page("staff/desk.html", cards=[], **question)


@blueprint.get("/responses/<definition>/<response_id>")
def show_response(definition: str, response_id: str) -> Response:
    view, versions, response = _found(definition, response_id)
    return response_page(view, versions, response)


@blueprint.post("/responses/<definition>/<response_id>/sensitive")
def show_sensitive(definition: str, response_id: str) -> Response:
    """The same with what is masked elsewhere; the trail says who asked for it."""
    view, versions, response = _found(definition, response_id)
    return response_page(view, versions, response, is_unmasked=True)


def _found(definition: str, response_id: str) -> tuple[View, tuple[Definition, ...], Answered]:
    view, versions = view_of(definition)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    return view, versions, response


@blueprint.get("/responses/<definition>.csv")
def download_csv(definition: str) -> Response:
    """The CSV, streamed; `header=label`, `split_choices=1` and `separator=;` as the page offers."""
    view, _ = view_of(definition, Act.EXPORT_RESPONSES)
    versions, found = responses.exported(site().store, view)
    language = screen_language()
    style = Style(
        labels=language if request.args.get("header") == "label" else "",
        split=request.args.get("split_choices") == "1",
    )
    table = Table(
        versions,
        style,
        unit_name=site().tree.name,
        translate=lambda text: translated_to(language, text),
    )
    rows = table.rows(found)
    separator = ";" if request.args.get("separator") == ";" else ","
    answer = WebResponse(
        _encoded(csv_chunks(table.header(), rows, separator=separator)),
        mimetype="text/csv",
    )
    name = f"{definition}_{site().now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _encoded(chunks: Iterator[str]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.encode()
