"""The administrator's pages of people: accounts, roles, passwords."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act, scope
from federation.names import person_sort_key
from federation.people import Grant, Person, Role
from forms.problems import N_
from services.errors import NotFound, Refusal
from services.people import (
    add_person,
    find_person,
    read_role,
    set_active,
    set_grants,
    set_password,
)

from .language import refusal_text
from .options import Option, number_text, unit_options
from .session import me, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("people", Act.KEEP_PEOPLE)


def role_words() -> dict[Role, str]:
    """What the roles are called."""
    return {
        Role.ADMIN: gettext("Administrator"),
        Role.ORGANIZER: gettext("Organizer of forms"),
        Role.CHAIR: gettext("Union chair"),
        Role.INSPECTOR: gettext("Inspection committee"),
        Role.WOMEN: gettext("Women's committee"),
        Role.HELPER: gettext("Helper who fills in for workers"),
        Role.VIEWER: gettext("Viewer of totals"),
    }


def _mine() -> frozenset[str]:
    return scope(me(), Act.KEEP_PEOPLE, site().tree)


def _is_mine(person: Person) -> bool:
    """Whether all grants of the person lie within reach of the signed-in one."""
    return {grant.unit for grant in person.grants} <= _mine()


def _find(name: str) -> Person:
    try:
        person = find_person(site().store, name)
    except NotFound:
        abort(404)
    if not _is_mine(person):
        abort(404)
    return person


def _grant_text(grant: Grant) -> str:
    return f"{role_words()[grant.role]} · {site().tree.name(grant.unit)}"


def _state(person: Person) -> dict[str, str]:
    if person.active:
        return {"state_word": gettext("Can sign in"), "state_kind": "open"}
    return {"state_word": gettext("No access"), "state_kind": "closed"}


def _role_options() -> list[Option]:
    chosen = request.form.get("role", Role.CHAIR)
    return [Option(role, word, role == chosen) for role, word in role_words().items()]


def _unit_options() -> list[Option]:
    return unit_options(site().tree, _mine(), request.form.get("unit", ""))


def _posted_grant() -> Grant:
    """The grant that was posted, for a unit within reach; raises Refusal."""
    role, unit = read_role(request.form.get("role", "")), request.form.get("unit", "")
    if unit not in _mine():
        raise Refusal(N_("Please choose a unit."), field="unit")
    return Grant(role, unit)


@blueprint.get("/people")
def list_people() -> Response:
    return _list_page(None, 200)


@blueprint.post("/people")
def add() -> Response:
    posted = request.form
    try:
        person = add_person(
            site().store,
            posted.get("username", ""),
            posted.get("full_name", ""),
            posted.get("password", ""),
            (_posted_grant(),),
            site().tree,
        )
    except Refusal as refusal:
        return _list_page(refusal, 422)
    flash(gettext("%(name)s can sign in now.", name=person.full_name), "done")
    return redirect(url_for("people.list_people"), 303)


def _list_page(refusal: Refusal | None, status: int) -> Response:
    people = sorted(
        filter(_is_mine, site().store.people.all()), key=lambda p: person_sort_key(p.full_name)
    )
    rows = [
        {
            "full_name": person.full_name,
            "username": person.name,
            "grants": [_grant_text(grant) for grant in person.grants],
            "href": url_for("people.show_person", name=person.name),
            **_state(person),
        }
        for person in people
    ]
    add = {
        "action": url_for("people.add"),
        "username": request.form.get("username", "")[:200],
        "full_name": request.form.get("full_name", "")[:200],
        "roles": _role_options(),
        "units": _unit_options(),
        "errors": {refusal.field or "full_name": refusal_text(refusal)} if refusal else {},
    }
    count = number_text(len(rows))
    title = gettext("People")
    return staff_page(
        "staff/people.html", title=title, status=status, count=count, people=rows, add=add
    )


@blueprint.get("/people/<name>")
def show_person(name: str) -> Response:
    return _person_page(_find(name), None, 200)


def _person_page(person: Person, refusal: Refusal | None, status: int) -> Response:
    error = refusal_text(refusal) if refusal else ""
    about_password = refusal is not None and refusal.field == "password"

    def action(what: str) -> str:
        return url_for("people.change", name=person.name, what=what)

    view = {
        "full_name": person.full_name,
        "username": person.name,
        **_state(person),
        "back_href": url_for("people.list_people"),
        "grants": [
            {
                "label": _grant_text(grant),
                "remove_action": action("remove-grant"),
                "hidden": [("grant", f"{grant.role}:{grant.unit}")],
            }
            for grant in person.grants
        ],
        "password_action": action("password"),
        "password_error": error if about_password else "",
        "grant_action": action("add-grant"),
        "grant_error": "" if about_password else error,
        "roles": _role_options(),
        "units": _unit_options(),
        "deactivate_href": url_for("people.ask_to_deactivate", name=person.name)
        if person.active
        else "",
        "reactivate_action": "" if person.active else action("activate"),
    }
    return staff_page("staff/person.html", title=person.full_name, status=status, person=view)


@blueprint.get("/people/<name>/deactivate")
def ask_to_deactivate(name: str) -> Response:
    person = _find(name)
    heading = gettext("Take away the access of %(name)s?", name=person.full_name)
    question = {
        "heading": heading,
        "text": gettext(
            "This person is signed out everywhere and cannot sign in. "
            "Nothing this person did is deleted."
        ),
        "action": url_for("people.change", name=person.name, what="deactivate"),
        "hidden": [],
        "button": gettext("Take away the access of 1 person"),
        "cancel_href": url_for("people.show_person", name=person.name),
    }
    return staff_page("staff/confirm.html", title=heading, question=question)


@blueprint.post("/people/<name>/<what>")
def change(name: str, what: str) -> Response:
    """One change of a person: password, add-grant, remove-grant, activate, deactivate."""
    person = _find(name)
    try:
        said = _change(person, what)
    except Refusal as refusal:
        return _person_page(person, refusal, 422)
    flash(said, "done")
    return redirect(url_for("people.show_person", name=person.name), 303)


def _change(person: Person, what: str) -> str:
    store, tree = site().store, site().tree
    if what == "password":
        set_password(store, person.name, request.form.get("password", ""))
        return gettext("The password is changed; all browsers of this person are signed out.")
    if what == "add-grant":
        grant = _posted_grant()
        others = tuple(known for known in person.grants if known != grant)
        set_grants(store, person.name, (*others, grant), tree)
        return gettext("The role is added.")
    if what == "remove-grant":
        gone = request.form.get("grant", "")
        kept = tuple(g for g in person.grants if f"{g.role}:{g.unit}" != gone)
        set_grants(store, person.name, kept, tree)
        return gettext("The role is taken away.")
    if what == "activate":
        set_active(store, person.name, active=True)
        return gettext("The person can sign in.")
    if what != "deactivate":
        abort(404)
    set_active(store, person.name, active=False)
    return gettext("The person can no longer sign in.")
