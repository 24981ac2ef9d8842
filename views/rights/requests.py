"""The register of data requests: what is due next, one request with its steps, what to do now."""

import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.requests import DataRequest, Kind, Step, What
from federation.units import ROOT
from forms.problems import N_
from services.erasure.requests import FORM
from services.errors import NotFound, Refusal
from services.publishing.publish import publish
from services.rights.handling import Handler, handler_of
from services.rights.person_papers import Letterhead, certificate_of

from ..language import screen_language, translated_to
from ..options import number_text
from ..session import me, my_units, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from ..worker.request_words import due_chip, due_text, identity_ways, kinds_text, way_word
from .request_page import request_page

blueprint: Blueprint = staff_blueprint("requests", None)

PLACE = N_("Register of data requests")
_MOST_DONE = 50
_SAID = {"answer": What.ANSWERED, "note": What.NOTED, "others": What.OTHERS}


def my_handler() -> Handler:
    """What the signed-in person may deal with today."""
    return handler_of(me(), site().tree, site().today)


@blueprint.before_request
def open_to_handlers() -> None:
    """Administrators, and inspectors for what is passed on to them."""
    if not my_handler().may_enter:
        abort(403)


def my_request(request_id: str) -> DataRequest:
    """The request, 404 for one that is not this person's to see."""
    try:
        found = site().requests.find(request_id)
    except NotFound:
        abort(404)
    if not my_handler().may_open(found):
        abort(404)
    if found.confidential:
        tell(confidential=1)
    return found


def my_requests() -> list[DataRequest]:
    handler = my_handler()
    return [found for found in site().requests.all() if handler.may_open(found)]


@blueprint.get("/requests")
def list_requests() -> Response:
    """What is due next first; what is done below."""
    mine = my_requests()
    waiting = [one for one in mine if one.is_open]
    done = [one for one in mine if not one.is_open]
    return staff_page(
        "staff/requests.html",
        title=gettext("Data requests"),
        count=number_text(len(waiting)),
        rows=[_row(one) for one in waiting],
        done=[_row(one) for one in done[:_MOST_DONE]],
        done_count=number_text(len(done)),
        begin_action=url_for("requests.begin") if my_units(Act.KEEP_REQUESTS) else "",
    )


def _row(one: DataRequest) -> dict[str, object]:
    due, source = site().requests.due(one), site().requests.source(one)
    word, kind = due_chip(due, site().today) if due else (gettext("Done"), "closed")
    return {
        "href": url_for("requests.show_request", request_id=one.id),
        "kinds": kinds_text(one),
        "received": f"{one.received_at:%d/%m/%Y}",
        "way": way_word(one, source.channel if source else ""),
        "unit": site().tree.name(one.unit),
        "due": due_text(due) if due else "",
        "chip_word": word,
        "chip_kind": kind,
    }


@blueprint.post("/requests")
def begin() -> Response:
    """Somebody asks in person, by telephone or letter: to form FA3, filled in for them."""
    mine = my_units(Act.KEEP_REQUESTS) & my_units(Act.ASSIST)
    if not mine:
        abort(403)
    tree = site().tree
    unit = ROOT if ROOT in mine else next(u.id for _, u in tree.outline() if u.id in mine)
    place = translated_to("vi", PLACE)
    done = publish(site().store, FORM, [unit], place, tree=tree, now=site().now())
    return redirect(url_for("assist.show_form", code=done.points[0].code), 303)


@blueprint.get("/requests/<request_id>")
def show_request(request_id: str) -> Response:
    return request_page(my_request(request_id), my_handler())


@blueprint.post("/requests/<request_id>/<what>")
def change(request_id: str, what: str) -> Response:
    """One step of a request, as the button says."""
    one = my_request(request_id)
    try:
        if not _change(one, what):
            abort(404)
    except Refusal as refusal:
        return request_page(one, my_handler(), refusal, what)
    flash(gettext("It is written down."), "done")
    return redirect(url_for("requests.show_request", request_id=one.id), 303)


def _change(one: DataRequest, what: str) -> bool:
    """Take the step; False for a word that is none. Inputs are named `<what>_<input>`."""
    book, at, who = site().requests, site().now(), me().name

    def typed(name: str) -> str:
        return request.form.get(f"{what}_{name}", "").strip()

    if what in _SAID:
        if not typed("text"):
            raise Refusal(N_("Please write a few words."), field="text")
        book.add(one, Step(at, who, _SAID[what], text=typed("text")))
    elif what == "identify":
        book.add(one, Step(at, who, What.IDENTIFIED, text=_way(typed("way"))))
    elif what == "extend":
        book.extend(
            one, _kind(typed("kind")), _number(typed("days")), typed("reason"), at=at, who=who
        )
    elif what == "close":
        done = typed("outcome") == "done"
        book.close(one, _kind(typed("kind")), done=done, text=typed("text"), at=at, who=who)
    elif what == "pass-on":
        book.pass_on(one, str(uuid.uuid4()), at=at, who=who)
    else:
        return False
    return True


def _way(name: str) -> str:
    if name not in identity_ways():
        raise Refusal(N_("Please say how you made sure."), field="way")
    return name


def _number(text: str) -> int:
    """The number of days, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise Refusal(N_("Please say which request you mean."), field="kind") from error


@blueprint.get("/requests/<request_id>/certificate.pdf")
def download_certificate(request_id: str) -> Response:
    """The certificate of all that was deleted for the request."""
    one = my_request(request_id)
    try:
        content = certificate_of(letterhead(), one)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        return request_page(one, my_handler(), refusal)
    answer = WebResponse(content, mimetype="application/pdf")
    name = f"xac-nhan-xoa_{one.receipt or one.id}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def letterhead() -> Letterhead:
    """In whose name papers are made, in the language of the screen."""
    language = screen_language()
    return Letterhead(
        site().store,
        site().tree,
        site().config.organization,
        site().config.contact,
        site().now(),
        language,
        lambda text: translated_to(language, text),
    )
