"""The receipt: that it arrived, what it is called, what happens next, and whom to call."""

from flask import Response as WebResponse
from flask import g, make_response, render_template, url_for

from federation.units import UnitTree
from forms.definition import Definition
from forms.publication import version_key
from forms.response import Response
from forms.visibility import rings
from qr.codes import grouped, spaced

from .language import screen_language, state_word
from .pages import filled
from .site import site


def receipt_page(code: str, response: Response, *, fresh: bool, status: int = 200) -> WebResponse:
    """Draw the receipt; `fresh` when it was sent just now."""
    version = site().store.versions.get(version_key(response.definition, response.version))
    if version is None:
        raise LookupError(version_key(response.definition, response.version))
    definition, language, tree = version.definition, g.page_language, site().tree
    moment = "%H giờ, %d/%m/%Y" if definition.anonymous else "%H:%M %d/%m/%Y"
    if definition.anonymous and screen_language() == "en":
        moment = "%H h, %d/%m/%Y"
    receipt = {
        "code_groups": grouped(code),
        "title": definition.title.into(language),
        "unit_name": tree.name(response.unit),
        "place": response.place,
        "time": response.submitted_at.strftime(moment),
        "state": state_word(response.state),
        "next_steps": definition.next_steps.into(language),
        "closing": filled(definition.closing, language, {"code": spaced(code)}),
        "alarm": _alarm(definition, response, tree),
        "variant": "variant" in response.flags,
        "fresh": fresh,
        "anonymous": definition.anonymous,
        "status_href": url_for("worker.show_receipt", code=code),
        "again_href": url_for("worker.show_form", code=response.point),
    }
    title = definition.title.into(language)
    drawn = render_template("worker/receipt.html", receipt=receipt, lang=language, title=title)
    return make_response(drawn, status)


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
