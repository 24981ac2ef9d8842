"""The worker's pages: scan, answer, receipt. No sign-in, no cookie, no script needed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from forms.publication import Availability, PublishedVersion, ScanPoint
from forms.types.base import Inputs, Uploads
from qr.codes import RECEIPT_LENGTH, SHORT_LENGTH, is_sound, tidy
from services.moments import moment_text
from services.offering.openings import is_robot
from services.receiving.receive import TURN_INPUT, WEB, as_it_stands, newest_version
from services.receiving.received import Invalid, Outcome, Received, Refused, Withdrawn
from services.review.receipts import find_by_receipt
from storage.errors import StoreError

from ..json_answer import json_answer
from ..language import chosen_language, problem_texts
from ..refusals import refuse, wants_json
from ..security import check_body, check_encoding, check_marks, check_origin, keep_pace
from ..site import site
from ..uploads import MULTIPART, posted_uploads
from .definition_json import definition_json
from .form_page import answer_page, fresh_page
from .home_page import home_page
from .receipt_page import receipt_page
from .seats import seats_at
from .unkept import page_again
from .walking import STEP_INPUT, after_step, refused

blueprint = Blueprint("worker", __name__)

FORM_TYPES = ("application/x-www-form-urlencoded", MULTIPART)
# A robot must not learn what gave it away, nor anybody whether the holder of this number has sent
# the form before.
_NOT_TOLD = {"robot", "repeated"}
_CLOSED_DOORS = {
    Availability.EARLY: 403,
    Availability.PAUSED: 403,
    Availability.FULL: 403,
    Availability.CLOSED: 410,
}


@blueprint.before_request
def open_the_worker_pages() -> None:
    g.worker_page = True
    if request.method == "POST":
        check_origin()
        check_body()


@blueprint.get("/")
def home() -> AnyResponse:
    """Type a poster's code or a receipt."""
    typed = request.args.get("code", "")
    code = tidy(typed)
    if not code:
        return home_page("", "")
    if len(code) == SHORT_LENGTH and is_sound(code):
        return redirect(url_for("worker.show_form", code=code), 303)
    if len(code) == RECEIPT_LENGTH and is_sound(code):
        return redirect(url_for("worker.show_receipt", code=code), 303)
    return home_page(
        typed[:40], gettext("This code is not right. Please compare it with the poster.")
    )


@dataclass(frozen=True)
class Offer:
    """A scan point with the version it offers now."""

    point: ScanPoint
    version: PublishedVersion


def find_offer(code: str, turn: str = "") -> Offer | None:
    """The offer of a scan point now, or what it was at the turn that a page tells."""
    code = tidy(code)
    point = site().store.points.get(code) if is_sound(code) else None
    if point is None:
        return None
    point = as_it_stands(point.at_turn(turn), site().tree)
    version = newest_version(site().store, point.definition)
    g.page_language = chosen_language(version.definition.languages)
    return Offer(point, version)


@blueprint.get("/q/<code>")
@blueprint.get("/Q/<code>", endpoint="show_form_upper")
def show_form(code: str) -> AnyResponse:
    offer = find_offer(code)
    if offer is None:
        return refuse("unknown", 404)
    if wants_json():
        return definition_json(offer.point, offer.version)
    availability = available(offer)
    if availability is not Availability.OPEN:
        return refuse_closed(availability, offer.point)
    if not _is_looked_at_by_a_program():
        site().openings.count(offer.point)
    return fresh_page(offer.point, offer.version)


def _is_looked_at_by_a_program() -> bool:
    early = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    agent = request.headers.get("User-Agent", "")
    return request.method != "GET" or "prefetch" in early or is_robot(agent)


def available(offer: Offer) -> Availability:
    """Whether the form can be answered now; it cannot where all is taken and nobody may wait."""
    availability = offer.point.availability(site().now())
    if availability is Availability.OPEN:
        seats = seats_at(offer.point, offer.version.definition)
        return Availability.FULL if seats.is_full and not seats.waiting else availability
    return availability


def refuse_closed(availability: Availability, point: ScanPoint) -> AnyResponse:
    unit = site().tree.get(point.unit)
    reason = (
        "unit_closed" if unit and unit.closed and not site().tree.home(unit.id) else availability
    )
    return refuse(reason, _CLOSED_DOORS[availability], unit=point.unit, when=_when(reason, point))


def _when(reason: str, point: ScanPoint) -> str:
    """From when a form is open, or since when it is closed; empty where nothing was set."""
    if reason == Availability.EARLY and point.opens_at:
        return gettext("It opens at %(moment)s.", moment=moment_text(point.opens_at))
    if reason == Availability.CLOSED and point.closes_at:
        return gettext("It was closed at %(moment)s.", moment=moment_text(point.closes_at))
    return ""


@blueprint.post("/q/<code>")
@blueprint.post("/Q/<code>", endpoint="take_answers_upper")
def take_answers(code: str) -> AnyResponse:
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    check_encoding()
    posted = request.form  # reads the body, so that its limits are checked first
    g.posted_language = posted.get("_lang")
    offer = find_offer(code, posted.get(TURN_INPUT, ""))
    if offer is None:
        return refuse("unknown", 404)
    keep_pace(offer.point)
    inputs = as_inputs(posted)
    if STEP_INPUT in posted:
        return _show_again(offer, inputs)
    uploads = posted_uploads()
    try:
        outcome = receive(offer.point, inputs, uploads)
    except StoreError as error:
        return page_again(
            error,
            offer.version.definition,
            inputs,
            lambda shown: answer_page(offer.point, offer.version, inputs, shown, uploads=uploads),
        )
    return _answer(offer, inputs, uploads, outcome)


def receive(point: ScanPoint, inputs: Inputs, uploads: Uploads, *, channel: str = WEB) -> Outcome:
    """Take what a worker posted; raises StoreError."""
    return site().receiver.receive(
        point,
        inputs,
        uploads,
        tree=site().tree,
        language=g.page_language,
        now=site().now(),
        channel=channel,
    )


def _answer(offer: Offer, inputs: Inputs, uploads: Uploads, outcome: Outcome) -> AnyResponse:
    if isinstance(outcome, Refused):
        return refuse_closed(outcome.availability, offer.point)
    if isinstance(outcome, Withdrawn):
        return refuse("withdrawn", 410, unit=offer.point.unit)
    if isinstance(outcome, Invalid):
        return _ask_again(offer.point, inputs, uploads, outcome)
    return _confirm(outcome)


def as_inputs(posted: MultiDict[str, str]) -> Mapping[str, list[str]]:
    if request.mimetype == MULTIPART and not posted and not request.files:
        abort(400)  # werkzeug gives nothing when parts are cut off or garbled
    inputs = {name: posted.getlist(name) for name in posted}
    check_marks(text for texts in inputs.values() for text in texts)
    return inputs


def _show_again(offer: Offer, inputs: Mapping[str, list[str]]) -> AnyResponse:
    availability = offer.point.availability(site().now())
    if availability is not Availability.OPEN:
        return refuse_closed(availability, offer.point)
    shown = after_step(offer.version.definition, inputs, site().now().date())
    # Files cannot be put back into a page: it says so where some had been chosen.
    return answer_page(offer.point, offer.version, inputs, shown, uploads=posted_uploads())


def _ask_again(point: ScanPoint, inputs: Inputs, uploads: Uploads, invalid: Invalid) -> AnyResponse:
    if not wants_json():
        shown = refused(invalid.version.definition, invalid.checked, site().now().date())
        return answer_page(point, invalid.version, inputs, shown, uploads=uploads)
    return invalid_json(invalid)


def invalid_json(invalid: Invalid) -> AnyResponse:
    """What a program is told of answers that must be corrected."""
    problems = {name: problem_texts(p) for name, p in invalid.checked.problems.items()}
    return json_answer({"instance_id": invalid.instance_id, "errors": problems}, 422)


def _confirm(received: Received) -> AnyResponse:
    if wants_json():
        return received_json(received)
    if received.is_variant:
        case = find_by_receipt(site().store, site().hasher, received.receipt)
        if case:
            return receipt_page(received.receipt, case, fresh=True, status=409)
    asked = request.args.get("lang")  # None leaves it out
    return redirect(url_for("worker.show_receipt", code=received.receipt, sent=1, lang=asked), 303)


def received_json(received: Received) -> AnyResponse:
    """What a program is told of a response that is on the disk."""
    status = 409 if received.is_variant else 201 if received.stored else 200
    shown = [flag for flag in received.response.flags if flag not in _NOT_TOLD]
    told = {"instance_id": received.instance_id, "receipt": received.receipt, "flags": shown}
    return json_answer(told, status)


@blueprint.get("/r/<code>")
@blueprint.get("/R/<code>", endpoint="show_receipt_upper")
def show_receipt(code: str) -> AnyResponse:
    found = find_by_receipt(site().store, site().hasher, code)
    if found is None:
        return refuse("unknown_receipt", 404)
    g.page_language = chosen_language(found.version.definition.languages)
    return receipt_page(
        tidy(code), found, fresh="sent" in request.args, corrected="corrected" in request.args
    )
