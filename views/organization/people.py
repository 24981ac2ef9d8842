"""The administrator's pages of people: who they are, what they may do, links, passwords."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from federation.access import Act, may_keep
from federation.names import person_sort_key
from federation.people import Person
from federation.units import ROOT
from forms.cleaning import fold
from qr import images
from services.errors import NotFound, Refusal
from services.organization.people import (
    LINK_LASTS,
    add_person,
    end_sign_ins,
    find_person,
    give_grant,
    invite,
    renew_link,
    set_active,
    set_password,
    take_grant,
)

from ..language import refusal_text
from ..options import number_text
from ..session import i_may, me, staff_blueprint, staff_page
from ..site import site
from .grants import grant_inputs, grant_rows, grant_text, posted_grant
from .sign_in_rows import sign_in_rows

blueprint: Blueprint = staff_blueprint("people", Act.KEEP_PEOPLE)


def _is_mine(person: Person) -> bool:
    return may_keep(me(), person, site().tree, site().today)


def _find(name: str) -> Person:
    try:
        person = find_person(site().store, name)
    except NotFound:
        abort(404)
    if not _is_mine(person):
        abort(404)
    return person


def _state(person: Person) -> dict[str, str]:
    if not person.active:
        return {"state_word": gettext("No access"), "state_kind": "closed"}
    if not person.password:
        return {"state_word": gettext("Invited"), "state_kind": "new"}
    return {"state_word": gettext("Can sign in"), "state_kind": "open"}


@blueprint.get("/people")
def list_people() -> Response:
    return _list_page(None, 200)


@blueprint.post("/people")
def add() -> Response:
    """A new account: by a one-time link, or with a first password that must be changed."""
    posted, store, tree = request.form, site().store, site().tree
    who = (posted.get("username", ""), posted.get("full_name", ""))
    try:
        grants = (posted_grant(),)
        if posted.get("how") == "link":
            person, secret = invite(store, *who, grants, tree, site().now())
            return _link_page(person, secret)
        password = posted.get("password", "")
        person = add_person(store, *who, password, grants, tree, temporary=True)
    except Refusal as refusal:
        return _list_page(refusal, 422)
    flash(gettext("%(name)s can sign in now.", name=person.full_name), "done")
    return redirect(url_for("people.list_people"), 303)


def _list_page(refusal: Refusal | None, status: int) -> Response:
    mine = filter(_is_mine, site().store.people.all())
    people = sorted(mine, key=lambda p: person_sort_key(p.full_name))
    wanted = request.args.get("q", "")[:80]
    found = [person for person in people if _fits(person, fold(wanted))]
    add = {
        "action": url_for("people.add"),
        "username": request.form.get("username", "")[:200],
        "full_name": request.form.get("full_name", "")[:200],
        "errors": {refusal.field or "full_name": refusal_text(refusal)} if refusal else {},
        **grant_inputs(),
    }
    return staff_page(
        "staff/people.html",
        title=gettext("People"),
        status=status,
        count=number_text(len(found)),
        search={"action": url_for("people.list_people"), "q": wanted},
        requests_href=url_for("requests.list_requests") if i_may(Act.KEEP_REQUESTS) else "",
        retention_href=url_for("retention.list_forms") if i_may(Act.KEEP_RETENTION, ROOT) else "",
        trail_href=url_for("trail.show_trail") if i_may(Act.SEE_TRAIL, ROOT) else "",
        people=[_row(person) for person in found],
        add=add,
    )


def _fits(person: Person, wanted: str) -> bool:
    """Whether name, user name, or a role or unit in words holds what is looked for."""
    return wanted in fold(
        " ".join((person.full_name, person.name, *map(grant_text, person.grants)))
    )


def _row(person: Person) -> dict[str, object]:
    return {
        "full_name": person.full_name,
        "username": person.name,
        "grants": [grant_text(grant) for grant in person.grants],
        "href": url_for("people.show_person", name=person.name),
        **_state(person),
    }


def _link_page(person: Person, secret: str) -> Response:
    """The link, in the answer to the post that made it: it is in no address and no cookie."""
    url = site().base_url + url_for("invitation.show_link", secret=secret)
    link = {
        "full_name": person.full_name,
        "url": url,
        "qr_svg": Markup(images.svg(url)),  # noqa: S704 - drawn by us from our own address
        "days": LINK_LASTS.days,
        "script": site().assets.addresses(["copy.js"])[0],
        "person_href": url_for("people.show_person", name=person.name),
    }
    return staff_page("staff/link.html", title=gettext("One-time link"), link=link)


@blueprint.get("/people/<name>")
def show_person(name: str) -> Response:
    return _person_page(_find(name), None, 200)


def _person_page(person: Person, refusal: Refusal | None, status: int) -> Response:
    def action(what: str) -> str:
        return url_for("people.change", name=person.name, what=what)

    view = {
        "full_name": person.full_name,
        "username": person.name,
        **_state(person),
        "back_href": url_for("people.list_people"),
        "grants": grant_rows(person),
        "remove_action": action("remove-grant"),
        "password_action": action("password") if person.active else "",
        "link_action": action("link") if person.active else "",
        "link_open": person.link is not None and site().now() < person.link.until,
        "grant_action": action("add-grant"),
        "errors": {refusal.field: refusal_text(refusal)} if refusal else {},
        "sign_ins": sign_in_rows(person.name),
        "end_action": action("sign-out"),
        "deactivate_href": url_for("people.ask_to_deactivate", name=person.name)
        if person.active
        else "",
        "reactivate_action": "" if person.active else action("activate"),
        **grant_inputs(),
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
    """One change of a person, see _CHANGES; `link` shows a new one-time link."""
    person = _find(name)
    if what != "link" and what not in _CHANGES:
        abort(404)
    try:
        if what == "link":
            return _link_page(*renew_link(site().store, person.name, site().now()))
        said = _CHANGES[what](person)
    except Refusal as refusal:
        return _person_page(person, refusal, 422)
    flash(said, "done")
    kept = _is_mine(find_person(site().store, person.name))
    to = url_for("people.show_person", name=person.name) if kept else url_for("people.list_people")
    return redirect(to, 303)


def _set_password(person: Person) -> str:
    set_password(site().store, person.name, request.form.get("password", ""), temporary=True)
    return gettext(
        "The password is changed; all browsers of this person are signed out. "
        "It must be changed at the next sign-in."
    )


def _add_grant(person: Person) -> str:
    give_grant(site().store, person.name, posted_grant(), site().tree)
    return gettext("The role is added.")


def _remove_grant(person: Person) -> str:
    take_grant(site().store, person.name, request.form.get("grant", ""), site().tree)
    return gettext("The role is taken away.")


def _sign_out(person: Person) -> str:
    count = end_sign_ins(site().store, person.name)
    return ngettext(
        "%(count)s browser is signed out.", "%(count)s browsers are signed out.", count, count=count
    )


def _activate(person: Person) -> str:
    set_active(site().store, person.name, active=True)
    return gettext("The person can sign in.")


def _deactivate(person: Person) -> str:
    set_active(site().store, person.name, active=False)
    return gettext("The person can no longer sign in.")


_CHANGES = {
    "password": _set_password,
    "add-grant": _add_grant,
    "remove-grant": _remove_grant,
    "sign-out": _sign_out,
    "activate": _activate,
    "deactivate": _deactivate,
}
