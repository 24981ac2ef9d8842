"""What a worker does with an own form by its receipt: open, correct, take back. No cookie.

The digits and the proof they earn travel in posted inputs only, never in an address.
"""

from collections.abc import Mapping

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from forms.answers import as_inputs, sent_files, unveiled
from forms.definition import Section
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from qr.codes import grouped, tidy
from services.errors import NotAllowed, Refusal, TooOften
from services.review.cases import Case, TakingBack
from services.review.receipts import find_by_receipt
from storage.errors import StoreError

from ..language import chosen_language, refusal_text
from ..refusals import refuse
from ..site import site
from ..uploads import posted_uploads
from .answering import FORM_TYPES, open_the_worker_pages
from .answering import as_inputs as posted_inputs
from .form_page import correction_page
from .receipt_page import case_action, receipt_page
from .request_told import became_of, told_state
from .unkept import page_again
from .walking import STEP_INPUT, Shown, after_step, at_first, refused

blueprint = Blueprint("case", __name__)
blueprint.before_request(open_the_worker_pages)

PROOF_INPUT = "_proof"
_TAKING_BACK: Mapping[str, TakingBack] = {"withdraw": "withdrawn", "delete": "deleted"}


@blueprint.post("/r/<code>")
@blueprint.post("/R/<code>", endpoint="act_upper")
def act(code: str) -> Response:
    """Find the case, see whether the sender is proven, do what the pressed button says."""
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    posted = request.form
    g.posted_language = posted.get("_lang")
    case = find_by_receipt(site().store, site().hasher, code)
    if case is None:
        return refuse("unknown_receipt", 404)
    g.page_language = chosen_language(case.version.definition.languages)
    return _act(tidy(code), case, posted_inputs(posted))


def _act(code: str, case: Case, inputs: Inputs) -> Response:
    what = next(iter(inputs.get("_act", ())), "")
    if case.response.is_withdrawn:
        if what in _TAKING_BACK:  # finishes what a full disk left undone
            site().cases.take_back(case, _TAKING_BACK[what], site().now())
        return _to_receipt(code)
    if what == "open" and case.asks_phone:
        return _open(code, case, next(iter(inputs.get("_digits", ())), ""))
    if case.asks_phone:
        proof = next(iter(inputs.get(PROOF_INPUT, ())), "")
        if not site().cases.is_proven(case, proof, site().now()):
            late = gettext("This page was open for a long time. Please write the 4 digits again.")
            return receipt_page(code, case, status=422, error=late)
        if what in ("edit", "correct"):
            return _edit(code, case) if what == "edit" else _correct(code, case, inputs)
    if what in ("ask_withdraw", "ask_delete"):
        return _ask(code, case, what.removeprefix("ask_"))
    if what in _TAKING_BACK:
        return _take_back(code, case, _TAKING_BACK[what])
    return _to_receipt(code)


def _to_receipt(code: str, *, corrected: int | None = None) -> Response:
    asked = request.args.get("lang")
    return redirect(url_for("worker.show_receipt", code=code, lang=asked, corrected=corrected), 303)


def _open(code: str, case: Case, digits: str) -> Response:
    try:
        site().cases.prove(case, digits, site().now())
    except Refusal as refusal:
        status = 429 if isinstance(refusal, TooOften) else 422
        return receipt_page(code, case, status=status, error=refusal_text(refusal))
    return _case_page(code, case)


def _case_page(code: str, case: Case, *, status: int = 200, error: str = "") -> Response:
    definition, language = case.version.definition, g.page_language
    shown = {
        "title": definition.title.into(language),
        "code_groups": grouped(code),
        "state": told_state(case),
        "action": case_action(code),
        "hidden": _hidden(case),
        "message": case.response.message,
        "notes": became_of(case, is_proven=True),
        "error": error,
        "sections": [_section(section, case) for section in definition.sections],
        "correctable": case.is_correctable,
        "kind": case.kind,
        "hotline": site().tree.hotline(case.response.unit),
        "back_href": url_for("worker.show_receipt", code=code, lang=request.args.get("lang")),
    }
    drawn = render_template("worker/case.html", case=shown, lang=language, title=shown["title"])
    return make_response(drawn, status)


def _hidden(case: Case) -> list[tuple[str, str]]:
    """The language, and a proof that holds from now on where one is needed."""
    hidden = [("_lang", g.page_language)]
    if case.asks_phone:
        hidden.append((PROOF_INPUT, site().cases.renew(case, site().now())))
    return hidden


def _section(section: Section, case: Case) -> dict[str, object]:
    questions = [q for written in section.questions for q in (written, *written.companions())]
    return {
        "title": section.title.into(g.page_language) if section.title else "",
        "answers": [
            {
                "question": q.label.into(g.page_language),
                "text": q.tell(case.response.answers[q.name], g.page_language),
            }
            for q in questions
            if q.name in case.response.answers
        ],
    }


def _ask(code: str, case: Case, what: str) -> Response:
    deletes = what == "delete"
    asked = {
        "heading": gettext("Delete your data?") if deletes else gettext("Take this form back?"),
        "lines": [
            gettext("Your answers are erased at once. Nobody can bring them back."),
            gettext("The union does not look at this form any more."),
            gettext("Only this stays: that there was a form, its unit, its time and this code."),
        ],
        "action": case_action(code),
        "hidden": _hidden(case),
        "act": what,
        "button": gettext("Delete my data") if deletes else gettext("Take it back and erase it"),
        "back_href": url_for("worker.show_receipt", code=code, lang=request.args.get("lang")),
    }
    return make_response(
        render_template(
            "worker/take_back.html", asked=asked, lang=g.page_language, title=asked["heading"]
        )
    )


def _take_back(code: str, case: Case, what: TakingBack) -> Response:
    try:
        site().cases.take_back(case, what, site().now())
    except NotAllowed as refusal:
        return receipt_page(code, case, status=409, error=refusal_text(refusal))
    return _to_receipt(code)


def _edit(code: str, case: Case) -> Response:
    if not case.is_correctable:
        return _case_page(code, case, status=409)
    definition, answers = case.version.definition, case.response.answers
    shown = at_first(definition, site().now().date(), answers)
    return _form(code, case, as_inputs(definition, answers), shown)


def _correct(code: str, case: Case, inputs: Inputs) -> Response:
    uploads, today = posted_uploads(), site().now().date()
    if STEP_INPUT in inputs:
        definition, answers = case.version.definition, case.response.answers
        sent = sent_files(definition, inputs, answers)
        shown = after_step(definition, unveiled(definition, inputs, answers), today, sent)
        return _form(code, case, inputs, shown, uploads)
    try:
        checked = site().cases.correct(case, inputs, site().now(), uploads=uploads)
    except NotAllowed as refusal:
        return _case_page(code, case, status=409, error=refusal_text(refusal))
    except StoreError as error:
        definition = case.version.definition
        return page_again(
            error, definition, inputs, lambda shown: _form(code, case, inputs, shown, uploads)
        )
    if checked.problems:
        shown = refused(case.version.definition, checked, today)
        return _form(code, case, inputs, shown, uploads)
    return _to_receipt(code, corrected=1)


def _form(
    code: str, case: Case, inputs: Inputs, shown: Shown, uploads: Uploads = NO_UPLOADS
) -> Response:
    note = gettext("You are correcting what you sent. The receipt code stays the same.")
    hidden = [("_act", "correct"), *_hidden(case)]
    return correction_page(case, case_action(code), hidden, note, inputs, shown, uploads)
