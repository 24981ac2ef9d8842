"""Which form a person reads, one response, the CSV; the list has rooms of its own."""

from collections.abc import Iterator

from flask import Response as WebResponse
from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.csv import csv_chunks
from export.table import Style, Table
from federation.access import Act
from services import responses

from . import response_list, saved_views
from .language import screen_language, translated_to
from .list_filter import listed
from .response_door import blueprint as blueprint
from .response_door import found_response, my_forms, view_of
from .response_page import response_page
from .session import staff_page
from .site import site

ROOMS = (response_list, saved_views)  # their pages belong to this blueprint


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
    view, versions, response = found_response(definition, response_id)
    return response_page(view, versions, response)


@blueprint.post("/responses/<definition>/<response_id>/sensitive")
def show_sensitive(definition: str, response_id: str) -> Response:
    """The same with what is masked elsewhere; the trail says who asked for it."""
    view, versions, response = found_response(definition, response_id)
    return response_page(view, versions, response, is_unmasked=True)


@blueprint.get("/responses/<definition>.csv")
def download_csv(definition: str) -> Response:
    """The CSV, streamed; `header=label`, `split_choices=1` and `separator=;` as the page offers."""
    versions, found = responses.exported(
        site().store, listed(definition, Act.EXPORT_RESPONSES).view
    )
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
