"""Corrections that a person asked the union for: the worker's own page, behind the staff's door."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.requests import DataRequest
from forms.answers import as_inputs, sent_files, unveiled
from forms.problems import N_
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from qr.codes import grouped
from services.audit import Deed
from services.cases import Case
from services.errors import NotFound, Refusal
from storage.errors import StoreError

from .form_page import correction_page
from .language import chosen_language, refusal_text, screen_language
from .person_data import person_desk
from .refusals import refuse
from .request_page import request_page
from .requests import my_handler, my_request, open_to_handlers
from .security import csrf_token
from .session import staff_blueprint, staff_page
from .site import site
from .trailing import tell
from .unkept import page_again
from .uploads import posted_uploads
from .walking import STEP_INPUT, Shown, after_step, at_first, refused
from .worker import FORM_TYPES
from .worker import as_inputs as posted_inputs

blueprint: Blueprint = staff_blueprint("person_correction", None)
blueprint.before_request(open_to_handlers)

REASON = "_reason"


def _case(one: DataRequest, definition: str, response_id: str) -> Case:
    try:
        return person_desk().case(one, definition, response_id)
    except NotFound:
        abort(404)


@blueprint.get("/requests/<request_id>/correct/<definition>/<response_id>")
def ask(request_id: str, definition: str, response_id: str) -> Response:
    """What is to be corrected, and why; before the answers are shown."""
    one = my_request(request_id)
    return _ask_page(one, _case(one, definition, response_id), None)


def _ask_page(one: DataRequest, case: Case, refusal: Refusal | None) -> Response:
    return staff_page(
        "staff/person_correction.html",
        title=gettext("Correct a form"),
        status=422 if refusal else 200,
        form_title=case.version.definition.title.into(screen_language()),
        receipt_groups=grouped(case.response.receipt),
        action=_action(one, case),
        reason=request.form.get(REASON, "")[:1_000],
        error=refusal_text(refusal) if refusal else "",
        back_href=url_for("requests.show_request", request_id=one.id),
    )


def _action(one: DataRequest, case: Case) -> str:
    return url_for(
        "person_correction.correct",
        request_id=one.id,
        definition=case.response.definition,
        response_id=case.response.id,
    )


@blueprint.post("/requests/<request_id>/correct/<definition>/<response_id>")
def correct(request_id: str, definition: str, response_id: str) -> Response:
    """First the form with what was answered, then the corrections."""
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    one = my_request(request_id)
    case, inputs = _case(one, definition, response_id), posted_inputs(request.form)
    try:
        person_desk().check_identified(one)
    except Refusal as refusal:
        return request_page(one, my_handler(), refusal, "identify")
    if not request.form.get(REASON, "").strip():
        return _ask_page(one, case, Refusal(N_("Please write what is corrected and why.")))
    g.worker_page = True
    g.posted_language = request.form.get("_lang")
    g.page_language = chosen_language(case.version.definition.languages)
    if STEP_INPUT in inputs or "_act" in inputs:
        return _correct(one, case, inputs)
    tell(Deed.SENSITIVE_SHOWN)
    shown = at_first(case.version.definition, site().today, case.response.answers)
    return _form(one, case, as_inputs(case.version.definition, case.response.answers), shown)


def _correct(one: DataRequest, case: Case, inputs: Inputs) -> Response:
    uploads, today = posted_uploads(), site().today
    definition, answers = case.version.definition, case.response.answers
    if STEP_INPUT in inputs:
        sent = sent_files(definition, inputs, answers)
        shown = after_step(definition, unveiled(definition, inputs, answers), today, sent)
        return _form(one, case, inputs, shown, uploads)
    try:
        checked = person_desk().correct(one, case, inputs, request.form[REASON], uploads=uploads)
    except Refusal as refusal:
        g.worker_page = False
        return _ask_page(one, case, refusal)
    except StoreError as error:
        return page_again(
            error, definition, inputs, lambda shown: _form(one, case, inputs, shown, uploads)
        )
    if checked.problems:
        return _form(one, case, inputs, refused(definition, checked, today), uploads)
    flash(gettext("The form is corrected; its sender sees that on the receipt page."), "done")
    return redirect(url_for("requests.show_request", request_id=one.id), 303)


def _form(
    one: DataRequest,
    case: Case,
    inputs: Inputs,
    shown: Shown,
    uploads: Uploads = NO_UPLOADS,
) -> Response:
    note = gettext("You correct what its sender asked for. The receipt code stays the same.")
    hidden = [
        ("csrf_token", csrf_token()),
        ("_act", "correct"),
        ("_lang", g.page_language),
        (REASON, request.form[REASON][:1_000]),
    ]
    return correction_page(case, _action(one, case), hidden, note, inputs, shown, uploads)
