"""Corrections that a person asked the union for: the worker's own page, behind the staff's door."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.requests import DataRequest
from forms.problems import N_
from forms.types.base import Inputs
from qr.codes import grouped
from services.errors import NotFound, Refusal
from services.review.cases import Case
from services.trail.audit import Deed

from ..language import chosen_language, refusal_text, screen_language
from ..refusals import refuse
from ..review.correction import CorrectionPage
from ..session import staff_blueprint, staff_page
from ..trailing import tell
from ..worker.answering import FORM_TYPES
from ..worker.answering import as_inputs as posted_inputs
from ..worker.walking import STEP_INPUT
from .person_data import person_desk
from .request_page import request_page
from .requests import my_handler, my_request, open_to_handlers

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
        hint=gettext("The old answers stay in the history. No names or numbers here."),
        error=refusal_text(refusal) if refusal else "",
        back_href=url_for("requests.show_request", request_id=one.id),
        back_text=gettext("Back to the request"),
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
    return _page(one, case).begin()


def _correct(one: DataRequest, case: Case, inputs: Inputs) -> Response:
    page = _page(one, case)
    if STEP_INPUT in inputs:
        return page.onward(inputs)
    try:
        problem = page.put(
            inputs,
            lambda uploads: person_desk().correct(
                one, case, inputs, request.form[REASON], uploads=uploads
            ),
        )
    except Refusal as refusal:
        g.worker_page = False
        return _ask_page(one, case, refusal)
    if problem is not None:
        return problem
    flash(gettext("The form is corrected; its sender sees that on the receipt page."), "done")
    return redirect(url_for("requests.show_request", request_id=one.id), 303)


def _page(one: DataRequest, case: Case) -> CorrectionPage:
    note = gettext("You correct what its sender asked for. The receipt code stays the same.")
    return CorrectionPage(case, _action(one, case), note, ((REASON, request.form[REASON][:1_000]),))
