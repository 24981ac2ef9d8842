"""Complaints: one inspector opens each first and names the officers concerned."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.names import person_sort_key
from forms.definition import Definition
from forms.response import Response as Answered
from services.errors import NotFound, Refusal
from services.publishing.publish import all_versions
from services.review.complaints import FIRST_READER_HAS, ComplaintDesk

from ..language import refusal_text
from ..organization.grants import grant_text
from ..session import me, staff_blueprint
from ..site import site

blueprint: Blueprint = staff_blueprint("complaints", Act.SEE_RESPONSES)


def complaint_desk() -> ComplaintDesk:
    return ComplaintDesk(site().store, me(), site().tree, site().now())


def waiting_rows(definition: Definition) -> list[dict[str, object]]:
    """Complaints that nobody has read yet, for the list of responses."""
    return [
        {
            "unit": site().tree.name(waiting.unit),
            "time": f"{waiting.at:%H:%M %d/%m/%Y}",
            "action": url_for(
                "complaints.open_first", definition=definition.id, response_id=waiting.id
            )
            if waiting.may_open
            else "",
        }
        for waiting in complaint_desk().waiting(definition)
    ]


def naming(response: Answered) -> dict[str, object]:
    """What the block of a complaint's page needs: who could be concerned, who already is."""
    officers = sorted(
        complaint_desk().officers(response), key=lambda person: person_sort_key(person.full_name)
    )
    rows = [
        {
            "name": person.name,
            "label": person.full_name,
            "hint": "; ".join(map(grant_text, person.grants)),
            "concerned": person.name in response.concerned,
        }
        for person in officers
    ]
    return {
        "action": url_for(
            "complaints.name", definition=response.definition, response_id=response.id
        ),
        "officers": rows,
        "named": response.named,
        "days": FIRST_READER_HAS.days,
    }


def _definition(definition: str) -> Definition:
    try:
        return all_versions(site().store, definition)[-1]
    except NotFound:
        abort(404)


@blueprint.post("/responses/<definition>/<response_id>/open")
def open_first(definition: str, response_id: str) -> Response:
    """Become the first reader of a complaint."""
    try:
        complaint_desk().open(_definition(definition), response_id)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return _to_list(definition)
    return _to_response(definition, response_id)


@blueprint.post("/responses/<definition>/<response_id>/concerned")
def name(definition: str, response_id: str) -> Response:
    """Name the officers whom a complaint is about."""
    chosen, nobody = request.form.getlist("officer"), request.form.get("nobody") == "1"
    try:
        named = complaint_desk().name_officers(
            _definition(definition), response_id, chosen, nobody=nobody
        )
    except NotFound:
        abort(404)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return _to_response(definition, response_id)
    flash(gettext("It is kept: the officers named do not see this complaint."), "done")
    if not named.is_confided_to(me().name):
        return _to_list(definition)
    return _to_response(definition, response_id)


def _to_list(definition: str) -> Response:
    return redirect(url_for("chair.list_responses", definition=definition), 303)


def _to_response(definition: str, response_id: str) -> Response:
    to = url_for("chair.show_response", definition=definition, response_id=response_id)
    return redirect(to, 303)
