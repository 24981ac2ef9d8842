"""Breaches of personal data: the record, its clock, whom it touched, the notice to the agency."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from federation.breaches import Breach, BreachStep, Extent, Happened
from federation.units import ROOT
from forms.problems import N_
from forms.types.base import Cell
from forms.types.phone import Phone
from qr.codes import spaced
from services.clock import VIETNAM
from services.days import read_day
from services.errors import NotFound, Refusal
from services.publishing.publish import published_versions
from services.reading.responses import is_confidential
from services.rights.breach_notice import HEADINGS, Sender, draft, notice_paper, notice_text
from services.rights.breaches import BreachBook
from services.rights.data_kinds import finding_question, name_question
from services.rights.handling import Handler
from services.rights.touched import Touching

from ..language import translated_to
from ..session import i_may, me, staff_blueprint
from ..site import site
from ..table_posts import csv_file
from ..trailing import tell
from .breach_page import breach_page, breaches_page
from .requests import letterhead, my_handler

blueprint: Blueprint = staff_blueprint("breaches", None)

COLUMNS = (N_("Full name"), N_("Phone number"), N_("Unit"), N_("Form"), N_("Receipt code"))
_ACTS = {
    "notify": Happened.NOTIFIED,
    "told": Happened.PEOPLE_TOLD,
    "note": Happened.NOTED,
    "close": Happened.CLOSED,
}


def keeps_breaches() -> bool:
    """Administrators of the whole federation keep the records."""
    return i_may(Act.SEE_TRAIL, ROOT)


@blueprint.before_request
def open_to_keepers() -> None:
    """And those who read confidential forms see what touches these."""
    if not (keeps_breaches() or my_handler().confided):
        abort(403)


def book() -> BreachBook:
    return BreachBook(site().store)


def touching(breach: Breach) -> Touching:
    return Touching.of(site().store, site().tree, breach.extent)


def my_breaches() -> list[Breach]:
    """All for who keeps them; for inspectors those that touch confidential forms."""
    found = book().all()
    if keeps_breaches():
        return list(found)
    return [one for one in found if touching(one).touches_confidential(my_handler())]


def _mine(breach_id: str, *, keeping: bool = False) -> Breach:
    """The record, 404 for one that is not this person's to see (or, with `keeping`, to change)."""
    if keeping and not keeps_breaches():
        abort(403)
    try:
        found = book().find(breach_id)
    except NotFound:
        abort(404)
    if not keeps_breaches() and not touching(found).touches_confidential(my_handler()):
        abort(404)
    tell(breach=found.id)
    return found


def reader(keeping: bool) -> Handler:
    """Who looks: an administrator at what is not confidential, an inspector at what is."""
    handler = my_handler()
    return Handler(handler.name, handler.units if keeping else frozenset(), handler.confided)


@blueprint.get("/breaches")
def list_breaches() -> Response:
    return _list_page()


def _list_page(refusal: Refusal | None = None) -> Response:
    return breaches_page(my_breaches(), keeps=keeps_breaches(), refusal=refusal)


@blueprint.post("/breaches")
def begin() -> Response:
    """Open a record: when it was detected, and which data it is about."""
    if not keeps_breaches():
        abort(403)
    try:
        detected = _moment("detected_on", "detected_at")
        if detected is None:
            raise Refusal(N_("Please write the day like this: 05/09/2026."), field="detected_on")
        done = book().open(str(uuid.uuid4()), detected, _extent(), at=site().now(), who=me().name)
    except Refusal as refusal:
        return _list_page(refusal)
    tell(breach=done.id)
    return redirect(url_for("breaches.show_breach", breach_id=done.id), 303)


def _extent() -> Extent:
    known = {version.definition.id for version in published_versions(site().store)}
    forms, units = request.form.getlist("form"), request.form.getlist("unit")
    if not set(forms) <= known or not set(units) <= site().tree.units.keys():
        abort(400)
    account = request.form.get("account", "").strip().lower()
    if account and account != "command" and site().store.people.get(account) is None:
        raise Refusal(N_("There is no account of this name."), field="account")
    return Extent(
        tuple(forms), tuple(units), _moment("since"), _moment("until", ends=True), account
    )


def _moment(day: str, hour: str = "", *, ends: bool = False) -> datetime | None:
    """A day with its time, or its beginning or end; None when empty; raises Refusal."""
    text = request.form.get(day, "").strip()
    if not text:
        return None
    found = read_day(text)
    if found is None:
        raise Refusal(N_("Please write the day like this: 05/09/2026."), field=day)
    at = time.max if ends else time.min
    if hour and (clock := request.form.get(hour, "").strip()):
        try:
            at = time.fromisoformat(clock.zfill(5))
        except ValueError as error:
            raise Refusal(N_("Please write the time as 14:30."), field=hour) from error
    return datetime.combine(found, at, VIETNAM)


@blueprint.get("/breaches/<breach_id>")
def show_breach(breach_id: str) -> Response:
    return _page(_mine(breach_id))


def _page(one: Breach, refusal: Refusal | None = None, where: str = "") -> Response:
    keeping, search = keeps_breaches(), touching(one)
    forms = search.forms(reader(keeping))
    return breach_page(
        one,
        forms,
        draft(one, forms, sender()) if keeping else {},
        unclear=search.seen.unclear if search.seen else 0,
        refusal=refusal,
        where=where,
    )


@blueprint.post("/breaches/<breach_id>/<what>")
def change(breach_id: str, what: str) -> Response:
    """One step, as the button says."""
    one = _mine(breach_id, keeping=what != "list")
    if what not in (*_ACTS, "notice", "list"):
        abort(404)
    text, at, who = request.form.get(f"{what}_text", "").strip(), site().now(), me().name
    try:
        if what == "list":
            return _people_list(one, text)
        if what == "notice":
            parts = {part: request.form.get(part, "").strip() for part in HEADINGS}
            book().draft(one, parts, at, who)
        else:
            book().add(one, BreachStep(at, who, _ACTS[what], text=text))
    except Refusal as refusal:
        return _page(one, refusal, what)
    flash(gettext("It is written down."), "done")
    return redirect(url_for("breaches.show_breach", breach_id=one.id), 303)


def _people_list(one: Breach, reason: str) -> Response:
    """The people as a table; the reason is a step of the record and stands in the trail."""
    rows = list(_people(one))
    step = BreachStep(site().now(), me().name, Happened.LISTED, len(rows), reason)
    book().add(one, step)
    tell(rows=len(rows), reason=reason)
    if not keeps_breaches():
        tell(confidential=1)
    return csv_file("nguoi-bi-anh-huong", [gettext(name) for name in COLUMNS], rows)


def _people(one: Breach) -> Iterator[list[Cell]]:
    search, handler, keeping = touching(one), reader(keeps_breaches()), keeps_breaches()
    for definition in search.definitions():
        if is_confidential(definition) == keeping:
            continue
        name, phone = name_question(definition), finding_question(definition, Phone.finds_by)
        for response in search.responses(definition, handler):
            told = [str(response.answers.get(q.name, "")) if q else "" for q in (name, phone)]
            unit, title = site().tree.name(response.unit), definition.title.into("vi")
            yield [*told, unit, f"{definition.code} {title}", spaced(response.receipt)]


def sender() -> Sender:
    """In whose name the notice goes: to the agency, so in Vietnamese."""
    head = letterhead()
    return Sender(
        head.organization,
        head.telephone,
        site().tree.name,
        lambda text: translated_to("vi", text),
    )


def _notice(one: Breach) -> dict[str, str]:
    return draft(one, touching(one).forms(reader(keeping=True)), sender())


@blueprint.get("/breaches/<breach_id>/notice.txt")
def download_text(breach_id: str) -> Response:
    one = _mine(breach_id, keeping=True)
    content = "\ufeff" + notice_text(_notice(one), sender()).replace("\n", "\r\n")
    return _file(content.encode(), "text/plain; charset=utf-8", "thong-bao-vi-pham.txt")


@blueprint.get("/breaches/<breach_id>/notice.pdf")
def download_pdf(breach_id: str) -> Response:
    one = _mine(breach_id, keeping=True)
    try:
        content = notice_paper(_notice(one), sender(), site().now())
    except Refusal as refusal:
        return _page(one, refusal)
    return _file(content, "application/pdf", "thong-bao-vi-pham.pdf")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = WebResponse(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
