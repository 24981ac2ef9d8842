"""The receipt: that it arrived, what it is called, what happens next, and whom to call."""

from flask import Response as WebResponse
from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext

from federation.units import UnitTree
from forms.definition import Definition
from forms.response import Response
from forms.visibility import rings
from forms.workflow import OPEN_KINDS
from qr.codes import grouped, spaced
from services.erasure.requests import FORM
from services.receiving.claims import turn_of
from services.review.cases import Case

from ..language import screen_language
from ..pages import filled
from ..site import site
from .request_told import became_of, told_state


def receipt_page(
    code: str,
    case: Case,
    *,
    fresh: bool = False,
    corrected: bool = False,
    status: int = 200,
    error: str = "",
) -> WebResponse:
    """Draw the receipt; `fresh` when it was sent just now, `error` about the digits typed."""
    definition, response = case.version.definition, case.response
    language, tree = g.page_language, site().tree
    moment = "%H giờ, %d/%m/%Y" if definition.anonymous else "%H:%M %d/%m/%Y"
    if definition.anonymous and screen_language() == "en":
        moment = "%H h, %d/%m/%Y"
    receipt = {
        "code_groups": grouped(code),
        "title": definition.title.into(language),
        "unit_name": tree.name(response.unit),
        "place": response.place,
        "time": response.submitted_at.strftime(moment),
        "state": told_state(case),
        "asked_for": case.asks_phone and case.kind == "waiting",
        "next_steps": _decided(case) or definition.next_steps.into(language),
        "closing": filled(definition.closing, language, {"code": spaced(code)}),
        "alarm": _alarm(definition, response, tree),
        "variant": "variant" in response.flags,
        "fresh": fresh,
        "anonymous": definition.anonymous,
        "status_href": url_for("worker.show_receipt", code=code),
        "again_href": url_for("worker.show_form", code=response.point),
        "corrected": corrected,
        "withdrawn": response.is_withdrawn,
        "erased": response.is_withdrawn and not response.merged_into,
        "turn": turn_of(site().store, response),
        "notes": became_of(case),
        "action": "" if fresh or response.is_withdrawn else case_action(code),
        "asks_phone": case.asks_phone,
        "error": error,
        "hotline": "" if fresh else tree.hotline(response.unit),
    }
    title = definition.title.into(language)
    drawn = render_template("worker/receipt.html", receipt=receipt, lang=language, title=title)
    return make_response(drawn, status)


def case_action(code: str) -> str:
    """Where the acts on a case are posted to, in the language asked for."""
    return url_for("case.act", code=code, lang=request.args.get("lang"))


def _decided(case: Case) -> str:
    """What follows once the union has decided; nothing before, and where only steps are told."""
    if not case.asks_phone or case.version.definition.id == FORM or case.kind in OPEN_KINDS:
        return ""
    if case.response.message:
        return gettext("The union has decided. Open your form below and read its message.")
    return gettext("The union has finished with this form.")


def _alarm(definition: Definition, response: Response, tree: UnitTree) -> dict[str, str] | None:
    alarm = definition.alarm
    if not alarm or not rings(definition, response.answers, response.submitted_at.date()):
        return None
    phone = tree.hotline(response.unit)
    return {
        "heading": alarm.heading.into(g.page_language),
        "text": alarm.text.into(g.page_language),
        "phone": phone,
        "phone_href": "tel:" + phone.replace(" ", ""),
    }
