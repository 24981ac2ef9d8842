"""Which form a person reads, and one response; the list has rooms of its own."""

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.reading import responses

from ..session import staff_page
from ..site import site
from . import response_list, saved_views
from .answer_files import unmask_files
from .response_door import blueprint as blueprint
from .response_door import found_response, my_forms, view_of
from .response_page import response_page

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
    unmask_files(response)
    return response_page(view, versions, response, is_unmasked=True)
