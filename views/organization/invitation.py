"""One-time links: the person sets a password and is signed in. Opening the page changes nothing,
so a messenger that looks at the link for its preview does not use it up.
"""

from flask import Blueprint, g, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.people import Person
from services.errors import NotFound, Refusal
from services.organization.people import accept_link, find_invited

from ..language import refusal_text
from ..session import enter_staff_page, entered, staff_page
from ..site import site

blueprint = Blueprint("invitation", __name__)


@blueprint.before_request
def open_to_whoever_has_the_link() -> None:
    enter_staff_page()
    g.person = None  # the page is for whom the link was made, not for who is signed in here


@blueprint.get("/invite/<secret>")
def show_link(secret: str) -> Response:
    person = find_invited(site().store, secret, site().now())
    return _gone() if person is None else _page(secret, person, "", 200)


@blueprint.post("/invite/<secret>")
def set_own_password(secret: str) -> Response:
    password = request.form.get("password", "")
    try:
        person = accept_link(site().store, secret, password, site().now())
    except NotFound:
        return _gone()
    except Refusal as refusal:
        found = find_invited(site().store, secret, site().now())
        return _page(secret, found, refusal_text(refusal), 422) if found else _gone()
    return entered(person, url_for("desk.show_desk"))


def _page(secret: str, person: Person, error: str, status: int) -> Response:
    invited = {
        "full_name": person.full_name,
        "username": person.name,
        "action": url_for("invitation.set_own_password", secret=secret),
        "error": error,
    }
    title = gettext("Choose a password")
    return staff_page("staff/invited.html", title=title, status=status, invited=invited)


def _gone() -> Response:
    problem = {
        "heading": gettext("This link no longer opens anything."),
        "text": gettext("It was used already, it is too old, or a newer one was made."),
        "what_now": gettext("Please ask your administrator for a new link."),
        "home_href": url_for("session.show_login"),
    }
    return staff_page("errors/staff.html", title=problem["heading"], status=410, problem=problem)
