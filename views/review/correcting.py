"""A reviewer corrects a response: why, then the form, then the history and the worker are told."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.cleaning import clean_text, is_readable
from forms.problems import N_
from forms.publication import version_key
from forms.response import Response as Answered
from qr.codes import grouped
from services.errors import NotAllowed, Refusal
from services.review.cases import Case
from services.review.correcting import (
    Correction,
    check_open_to_reviewers,
    correction_of,
    has_sensitive,
)
from services.review.review import LONGEST_WORDS, seen
from services.trail.audit import Deed

from ..language import chosen_language, refusal_text, screen_language
from ..refusals import refuse
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from ..worker.answering import FORM_TYPES
from ..worker.answering import as_inputs as posted_inputs
from ..worker.walking import STEP_INPUT
from .correction import ACT, CorrectionPage
from .response_door import found_response
from .response_page import response_page
from .review_panel import last_done

blueprint: Blueprint = staff_blueprint("correcting", Act.REVIEW_RESPONSES)

REASON_INPUT, SENSITIVE_INPUT, SEEN_INPUT = "_reason", "_sensitive", "seen"


def case_of(response: Answered) -> Case:
    """The response with the version that it answers."""
    version = site().store.versions.get(version_key(response.definition, response.version))
    if version is None:
        raise LookupError(response.version)
    return Case(version, response)


@blueprint.get("/responses/<definition>/<response_id>/correct")
def ask(definition: str, response_id: str) -> Response:
    """What is to be corrected, and why; before the answers are shown."""
    view, versions, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    try:
        check_open_to_reviewers(view.definition)
    except NotAllowed as refusal:
        tell(Deed.RESPONSE_OPENED)
        flash(refusal_text(refusal), "problem")
        return response_page(view, versions, response, status=403)
    return _ask_page(case_of(response), None)


def _ask_page(case: Case, refusal: Refusal | None) -> Response:
    response = case.response
    return staff_page(
        "staff/person_correction.html",
        title=gettext("Correct a response"),
        status=422 if refusal else 200,
        form_title=case.version.definition.title.into(screen_language()),
        receipt_groups=grouped(response.receipt),
        action=_href("correcting.correct", response),
        seen=seen(response),
        reason=request.form.get(REASON_INPUT, "")[:LONGEST_WORDS],
        hint=gettext(
            "The worker reads this, and which questions were corrected. The old answers stay in the"
            " history."
        ),
        sensitive=request.form.get(SENSITIVE_INPUT) == "1" if has_sensitive(case) else None,
        error=refusal_text(refusal) if refusal else "",
        back_href=_href("chair.show_response", response),
        back_text=gettext("Back to the response"),
    )


def _href(endpoint: str, response: Answered) -> str:
    return url_for(endpoint, definition=response.definition, response_id=response.id)


@blueprint.post("/responses/<definition>/<response_id>/correct")
def correct(definition: str, response_id: str) -> Response:
    """First the form with what was answered, then the corrections."""
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    view, versions, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    case = case_of(response)
    try:
        check_open_to_reviewers(view.definition)
        if request.form.get(SEEN_INPUT, "") != seen(response):
            raise NotAllowed(N_("It was changed meanwhile. Please look at it once more."))
        reason = _reason()
        correction = correction_of(case, is_unmasked=request.form.get(SENSITIVE_INPUT) == "1")
        return _opened(case, correction, reason)
    except NotAllowed as refusal:
        g.worker_page = False
        tell(Deed.RESPONSE_OPENED)
        now = site().store.response(response.definition, response.id) or response
        is_late = now.history and request.form.get(SEEN_INPUT, "") != seen(now)
        flash(last_done(view, now) if is_late else refusal_text(refusal), "problem")
        return response_page(view, versions, now, status=409 if is_late else 403)
    except Refusal as refusal:
        g.worker_page = False
        return _ask_page(case, refusal)


def _reason() -> str:
    text = request.form.get(REASON_INPUT, "")
    reason = clean_text(text) if is_readable(text) else ""
    if not reason:
        raise Refusal(N_("Please write what is corrected and why."))
    if len(reason) > LONGEST_WORDS:
        raise Refusal(
            N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
            {"longest": LONGEST_WORDS, "length": len(reason)},
        )
    return reason


def _opened(case: Case, correction: Correction, reason: str) -> Response:
    """The form as far as it is shown, or what came of the corrections."""
    inputs = posted_inputs(request.form)
    g.worker_page = True
    g.posted_language = request.form.get("_lang")
    g.page_language = chosen_language(case.version.definition.languages)
    page = _page(correction, reason)
    if ACT not in inputs:
        shows = has_sensitive(case) and request.form.get(SENSITIVE_INPUT) == "1"
        tell(Deed.SENSITIVE_SHOWN if shows else Deed.RESPONSE_OPENED)
        return page.begin()
    if STEP_INPUT in inputs:
        tell(Deed.RESPONSE_OPENED)
        return page.onward(inputs)
    again = page.put(
        inputs,
        lambda uploads: site().cases.correct(
            case,
            correction.inputs(inputs),
            site().now(),
            uploads=correction.uploads(uploads),
            who=me().name,
            reason=reason,
        ),
    )
    if again is not None:
        return again
    kept = site().store.response(case.response.definition, case.response.id)
    if kept and seen(kept) == seen(case.response):
        flash(gettext("Nothing was different, so nothing was changed."), "done")
    else:
        flash(gettext("It is corrected. The worker sees it on the receipt page."), "done")
    tell(what="corrected")
    return redirect(_href("chair.show_response", case.response), 303)


def _page(correction: Correction, reason: str) -> CorrectionPage:
    note = gettext("You correct a worker's answers. The receipt code stays the same.")
    hidden = [(SEEN_INPUT, seen(correction.case.response)), (REASON_INPUT, reason)]
    if request.form.get(SENSITIVE_INPUT) == "1":
        hidden.append((SENSITIVE_INPUT, "1"))
    action = _href("correcting.correct", correction.case.response)
    return CorrectionPage(correction.shown, action, note, tuple(hidden))
