"""The same form on a phone or tablet that many people use one after the other.

Nothing stays behind: no receipt in an address, no draft, no word typed by the one before.
"""

from flask import Blueprint, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from forms.publication import Availability, PublishedVersion
from forms.types.base import Inputs, Uploads
from qr.codes import grouped
from services.receiving.claims import turn_of
from services.receiving.receive import KIOSK as KIOSK_CHANNEL
from services.receiving.receive import TURN_INPUT
from services.receiving.received import Invalid, Received, Refused, Withdrawn
from storage.errors import StoreError

from ..refusals import refuse
from ..security import check_encoding, keep_pace
from ..site import site
from ..uploads import posted_uploads
from .answering import (
    FORM_TYPES,
    Offer,
    as_inputs,
    available,
    find_offer,
    open_the_worker_pages,
    receive,
    refuse_closed,
)
from .form_block import KIOSK
from .form_page import answer_page, fresh_page
from .unkept import page_again
from .walking import STEP_INPUT, Shown, after_step, refused

blueprint = Blueprint("kiosk", __name__)
blueprint.before_request(open_the_worker_pages)

STAYS = 15  # seconds until the next person's page


@blueprint.get("/k/<code>")
@blueprint.get("/K/<code>", endpoint="show_form_upper")
def show_form(code: str) -> Response:
    offer = find_offer(code)
    if offer is None:
        return refuse("unknown", 404)
    availability = available(offer)
    if availability is not Availability.OPEN:
        return refuse_closed(availability, offer.point)
    return fresh_page(offer.point, offer.version, KIOSK)


@blueprint.post("/k/<code>")
@blueprint.post("/K/<code>", endpoint="take_answers_upper")
def take_answers(code: str) -> Response:
    """Take the answers as from a worker's own phone; the thanks come without a redirect.

    A receipt in an address would stay in the history of a device that everybody uses. Sending the
    page again is harmless: the same instance is kept once.
    """
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    check_encoding()
    posted = request.form
    g.posted_language = posted.get("_lang")
    offer = find_offer(code, posted.get(TURN_INPUT, ""))
    if offer is None:
        return refuse("unknown", 404)
    keep_pace(offer.point)
    return _take(offer, as_inputs(posted), posted_uploads())


def _take(offer: Offer, inputs: Inputs, uploads: Uploads) -> Response:
    def again(shown: Shown, version: PublishedVersion = offer.version) -> Response:
        return answer_page(offer.point, version, inputs, shown, uploads=uploads, mode=KIOSK)

    definition, today = offer.version.definition, site().now().date()
    if STEP_INPUT in inputs:
        return again(after_step(definition, inputs, today))
    try:
        outcome = receive(offer.point, inputs, uploads, channel=KIOSK_CHANNEL)
    except StoreError as error:
        return page_again(error, definition, inputs, again)
    if isinstance(outcome, Refused):
        return refuse_closed(outcome.availability, offer.point)
    if isinstance(outcome, Withdrawn):
        return refuse("withdrawn", 410, unit=offer.point.unit)
    if isinstance(outcome, Invalid):
        version = outcome.version
        return again(refused(version.definition, outcome.checked, today), version)
    return _thanks(outcome, offer)


def _thanks(received: Received, offer: Offer) -> Response:
    thanks = {
        "code_groups": grouped(received.receipt),
        "next_href": url_for("kiosk.show_form", code=offer.point.code),
        "seconds": STAYS,
        "turn": turn_of(site().store, received.response),
    }
    language = g.page_language
    return make_response(
        render_template(
            "worker/thanks.html",
            thanks=thanks,
            lang=language,
            title=offer.version.definition.title.into(language),
            scripts=site().assets.addresses(KIOSK.scripts),
        )
    )
