"""The door to responses: what of a form a person may see, and one of them by its id."""

from flask import Blueprint, abort

from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from services.errors import NotFound
from services.publishing.publish import all_versions, published_versions
from services.reading import responses
from services.reading.responses import View

from ..session import me, staff_blueprint
from ..site import site

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


def found_response(
    definition: str, response_id: str, act: Act = Act.SEE_RESPONSES
) -> tuple[View, tuple[Definition, ...], Answered]:
    """The response, of what this person may see or do; 404 for any other."""
    view, versions = view_of(definition, act)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    return view, versions, response
