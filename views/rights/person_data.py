"""The data of a person who asks: looked for, handed out, restricted, erased."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.requests import DataRequest, What
from qr.codes import grouped
from services.erasure.erasing import DELETED, WITHDRAWN
from services.erasure.requests import FORM
from services.errors import NotFound, Refusal
from services.reading.responses import find, view_for
from services.review.cases import Case
from services.rights.person_acts import PersonDesk
from services.rights.person_papers import copy_of
from services.rights.persons import By, Found, find_person
from services.trail.audit import Deed

from ..language import refusal_text, screen_language
from ..options import number_text
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from ..worker.request_told import told_state
from .request_page import find_form, request_page
from .requests import letterhead, my_handler, my_request, open_to_handlers

blueprint: Blueprint = staff_blueprint("person_data", None)
blueprint.before_request(open_to_handlers)

_ERASING = {"delete": DELETED, "withdraw": WITHDRAWN}


def person_desk() -> PersonDesk:
    return PersonDesk(
        site().store, site().requests, site().eraser, site().cases, my_handler(), site().now()
    )


def reason_of(one: DataRequest) -> str:
    """What the trail says why something was erased: the request, by its code."""
    return gettext("request %(code)s", code=one.receipt or one.id)


@blueprint.post("/requests/<request_id>/find")
def find_data(request_id: str) -> Response:
    """The forms of this person; that somebody looked is a step of the request."""
    one = my_request(request_id)
    try:
        found = _find(one)
    except Refusal as refusal:
        return request_page(one, my_handler(), refusal, "find")
    one = person_desk().note(one, What.SEARCHED, number=len(found))
    tell(by=request.form.get("by", ""), found=len(found))
    return _page(one, found)


def _find(one: DataRequest) -> tuple[Found, ...]:
    handler, by = my_handler(), request.form.get("by", "")
    if by not in set(By):
        abort(400)
    return find_person(
        site().store,
        site().hasher,
        By(by),
        request.form.get("value", ""),
        lambda form: handler.may_look_in(form, confidential=one.confidential),
        site().today,
    )


def _page(one: DataRequest, found: Sequence[Found], refusal: Refusal | None = None) -> Response:
    rows = [_row(one, each) for each in found]
    return staff_page(
        "staff/person_data.html",
        title=gettext("The person's data"),
        status=422 if refusal else 200,
        error=refusal_text(refusal) if refusal else "",
        count=number_text(len(rows)),
        rows=rows,
        confidential=one.confidential,
        identified=one.did(What.IDENTIFIED),
        find=find_form(one, site().requests.source(one)),
        action=url_for("person_data.act", request_id=one.id),
        back_href=url_for("requests.show_request", request_id=one.id),
        hidden=[(name, request.form.get(name, "")[:100]) for name in ("by", "value")],
    )


def _row(one: DataRequest, each: Found) -> dict[str, object]:
    definition, response = each.case.version.definition, each.response
    view = view_for(site().store, definition, me(), site().tree, today=site().today)
    is_readable = find(site().store, view, response.id) is not None
    chips = [(told_state(each.case), response.state)]
    if response.restricted:
        chips.append((gettext("Not to be used"), "refused"))
    is_asking = response.id == one.source
    if is_asking:
        chips.append((gettext("This request itself"), "flag"))
    if each.mentioned:
        chips.append((gettext("Named in the form of somebody else"), "flag"))
    return {
        "ref": f"{response.definition}/{response.id}",
        "title": f"{definition.code} · {definition.title.into(screen_language())}",
        "receipt_groups": grouped(response.receipt),
        "time": f"{response.submitted_at:%H:%M %d/%m/%Y}",
        "unit": site().tree.name(response.unit),
        "chips": chips,
        "chosen": not each.mentioned and response.definition != FORM,
        "href": url_for(
            "chair.show_response", definition=response.definition, response_id=response.id
        )
        if is_readable
        else "",
        "correct_href": url_for(
            "person_correction.ask",
            request_id=one.id,
            definition=response.definition,
            response_id=response.id,
        ),
    }


@blueprint.post("/requests/<request_id>/act")
def act(request_id: str) -> Response:
    """What the pressed button says, with the forms that were chosen."""
    one, what = my_request(request_id), request.form.get("act", "")
    try:
        cases = person_desk().chosen(one, request.form.getlist("response"))
        tell(what=what, rows=len(cases))
        return _act(one, cases, what)
    except NotFound:
        abort(404)
    except Refusal as refusal:
        return _again(one, refusal)


def _again(one: DataRequest, refusal: Refusal) -> Response:
    """The page with what was found, and why nothing was done."""
    try:
        return _page(one, _find(one), refusal)
    except Refusal:
        return request_page(one, my_handler(), refusal, "find")


def _act(one: DataRequest, cases: Sequence[Case], what: str) -> Response:
    desk = person_desk()
    if what == "copy":
        desk.copied(one, cases)
        tell(Deed.EXPORTED)
        return _zip(one, cases)
    if what in ("restrict", "lift"):
        desk.restrict(one, cases, on=what == "restrict")
        flash(gettext("It is written down."), "done")
    elif what in ("ask_delete", "ask_withdraw"):
        desk.check_identified(one)
        return _ask(one, cases, what.removeprefix("ask_"))
    elif what in _ERASING:
        desk.erase(one, cases, _ERASING[what], reason_of(one))
        done = ngettext(
            "%(count)s form was erased for good.", "%(count)s forms were erased for good.",
            len(cases), count=len(cases),
        )  # fmt: skip
        flash(done, "done")
    else:
        abort(400)
    return redirect(url_for("requests.show_request", request_id=one.id), 303)


def _zip(one: DataRequest, cases: Sequence[Case]) -> Response:
    content = copy_of(letterhead(), [case.response for case in cases])
    answer = WebResponse(content, mimetype="application/zip")
    name = f"du-lieu_{one.receipt or one.id}_{site().today}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _ask(one: DataRequest, cases: Sequence[Case], what: str) -> Response:
    count = len(cases)
    question = {
        "heading": ngettext(
            "Erase %(count)s form for good?", "Erase %(count)s forms for good?", count, count=count
        ),
        "text": gettext(
            "The answers and files are erased at once, here and in the journal. Nobody can bring"
            " them back. The receipt code, the unit and the time stay."
        ),
        "lines": [_line(case) for case in cases],
        "action": url_for("person_data.act", request_id=one.id),
        "hidden": [
            ("act", what),
            *(("response", f"{c.response.definition}/{c.response.id}") for c in cases),
        ],
        "button": ngettext("Erase %(count)s form", "Erase %(count)s forms", count, count=count),
        "cancel_href": url_for("requests.show_request", request_id=one.id),
    }
    return staff_page("staff/confirm.html", title=question["heading"], question=question)


def _line(case: Case) -> str:
    definition, response = case.version.definition, case.response
    title = f"{definition.code} {definition.title.into(screen_language())}"
    receipt = " ".join(grouped(response.receipt))
    return f"{title} · {receipt} · {response.submitted_at:%d/%m/%Y}"
