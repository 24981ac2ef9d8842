"""Assisted entry: a signed-in person reads the form to a worker and fills it in, one after another.

The page is the worker's own, behind the staff's door, with one block before it: that the worker
heard the notice and agreed, and how the worker answered.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.answers import CheckedAnswers, check_answers
from forms.definition import Definition
from forms.problems import N_, Problem
from forms.publication import Availability, PublishedVersion, ScanPoint
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from qr.codes import grouped, spaced, tidy
from services.publishing.publish import points_of, published_versions
from services.reading.responses import is_confidential
from services.receiving.arriving import Assisted
from services.receiving.assisting import CHANNEL, HEARD, HELPER
from services.receiving.claims import turn_of
from services.receiving.receive import INSTANCE_INPUT, TURN_INPUT, as_it_stands, newest_version
from services.receiving.received import Invalid, Outcome, Received, Refused, Withdrawn
from services.review.receipts import find_by_receipt
from storage.errors import StoreError

from ..language import chosen_language, problem_text, screen_language
from ..refusals import refuse, wants_json
from ..security import csrf_token
from ..session import me, my_units, sign_in_href, staff_blueprint, staff_page
from ..site import site
from ..uploads import posted_uploads
from .answering import FORM_TYPES, as_inputs, invalid_json, received_json, refuse_closed
from .definition_json import definition_json
from .form_block import ASSISTED
from .form_page import answer_page
from .unkept import page_again
from .walking import STEP_INPUT, Shown, after_step, at_first, refused

blueprint: Blueprint = staff_blueprint("assist", Act.ASSIST)

COUNTED = "assisted"  # the session's entry: the day, and how many on it
_NOT_HEARD = Problem(N_("Please read the notice to the worker and tick that they agree."))
_NO_CHANNEL = Problem(N_("Please say how the worker answered."))


def _channels() -> Mapping[str, str]:
    return {
        "spoken": gettext("Face to face"),
        "phone": gettext("By telephone"),
        "paper": gettext("From a paper form"),
    }


@blueprint.get("/assist")
def list_points() -> Response:
    """The open scan points within reach, by form."""
    store, now = site().store, site().now()
    units = my_units(Act.ASSIST)
    forms = [
        {
            "title": version.definition.title.into(screen_language()),
            "papers_href": ""
            if is_confidential(version.definition)
            else url_for("entry.show_start", definition=version.definition.id),
            "points": [
                {
                    "name": " · ".join(filter(None, (site().tree.name(p.unit), p.place))),
                    "code": spaced(p.code),
                    "href": url_for("assist.show_form", code=p.code),
                    "blank_href": url_for("papers.download_blank", code=p.code),
                }
                for p in points_of(store, version.definition.id)
                if p.unit in units
                and as_it_stands(p, site().tree).availability(now) is Availability.OPEN
            ],
        }
        for version in published_versions(store)
    ]
    return staff_page(
        "staff/assist.html",
        title=gettext("Fill in for workers"),
        forms=[form for form in forms if form["points"]],
        counter=_counter_text(),
        first_scripts=_first_scripts(),
        sign_in_href=sign_in_href(),
    )


def _first_scripts() -> tuple[str, ...]:
    """With them a page sends what waits on this phone of what helpers filled in."""
    return site().assets.addresses(ASSISTED.first_scripts)


def _point(code: str) -> ScanPoint:
    """The scan point of this code, 404 beyond the person's units; from here it is a worker page."""
    point = site().store.points.get(tidy(code))
    if point is None or point.unit not in my_units(Act.ASSIST):
        abort(404)
    g.worker_page = True
    return as_it_stands(point.at_turn(request.form.get(TURN_INPUT, "")), site().tree)


def _version(point: ScanPoint) -> PublishedVersion:
    version = newest_version(site().store, point.definition)
    g.page_language = chosen_language(version.definition.languages)
    return version


@blueprint.get("/assist/<code>")
def show_form(code: str) -> Response:
    """The form; as JSON with the session's token and its helper, for the queue of a phone."""
    point = _point(code)
    version = _version(point)
    if wants_json():
        return definition_json(point, version, csrf_token=csrf_token(), helper=me().name)
    availability = point.availability(site().now())
    if availability is not Availability.OPEN:
        return refuse_closed(availability, point)
    return _page(point, version, {}, at_first(version.definition, site().now().date()))


@blueprint.post("/assist/<code>")
def take_answers(code: str) -> Response:
    if request.mimetype not in FORM_TYPES:
        return refuse("type", 415)
    g.posted_language = request.form.get("_lang")
    point = _point(code)
    version, inputs, uploads = _version(point), as_inputs(request.form), posted_uploads()
    if STEP_INPUT in inputs:
        shown = after_step(version.definition, inputs, site().now().date())
        return _page(point, version, inputs, shown, uploads)
    sender = next(iter(inputs.get(INSTANCE_INPUT, ())), "")[:100]
    if missing := _missing(inputs):
        checked = _with(missing, version.definition, inputs, uploads)
        return _ask_again(point, Invalid(version, checked, sender), inputs, uploads)
    try:
        outcome = _receive(point, inputs, uploads)
    except StoreError as error:
        return page_again(
            error,
            version.definition,
            inputs,
            lambda shown: _page(point, version, inputs, shown, uploads),
        )
    if isinstance(outcome, Refused):
        return refuse_closed(outcome.availability, point)
    if isinstance(outcome, Withdrawn):
        return refuse("withdrawn", 410, unit=point.unit)
    if isinstance(outcome, Invalid):
        return _ask_again(point, outcome, inputs, uploads)
    return _confirm(point, outcome)


def _receive(point: ScanPoint, inputs: Inputs, uploads: Uploads) -> Outcome:
    return site().receiver.receive(
        point,
        inputs,
        uploads,
        tree=site().tree,
        language=g.page_language,
        now=site().now(),
        assisted=Assisted(me().name, inputs[CHANNEL][0]),
    )


def _missing(inputs: Inputs) -> dict[str, Problem]:
    missing = {}
    if list(inputs.get(HEARD, ())) != ["1"]:
        missing[HEARD] = _NOT_HEARD
    if len(inputs.get(CHANNEL, ())) != 1 or inputs[CHANNEL][0] not in _channels():
        missing[CHANNEL] = _NO_CHANNEL
    return missing


def _with(
    missing: Mapping[str, Problem], definition: Definition, inputs: Inputs, uploads: Uploads
) -> CheckedAnswers:
    """What is missing of ours, and everything else that must be corrected, in one go."""
    checked = check_answers(definition, inputs, site().now().date(), uploads=uploads)
    return CheckedAnswers(problems={**missing, **checked.problems})


def _ask_again(point: ScanPoint, invalid: Invalid, inputs: Inputs, uploads: Uploads) -> Response:
    if wants_json():
        return invalid_json(invalid)
    shown = refused(invalid.version.definition, invalid.checked, site().now().date())
    return _page(point, invalid.version, inputs, shown, uploads)


def _page(
    point: ScanPoint,
    version: PublishedVersion,
    inputs: Inputs,
    shown: Shown,
    uploads: Uploads = NO_UPLOADS,
) -> Response:
    chosen = next(iter(inputs.get(CHANNEL, ())), "")
    assist = {
        "csrf": csrf_token(),
        "account": (HELPER, me().name),
        "helper": me().full_name,
        "heard": HEARD in inputs,
        "channels": [(name, label, name == chosen) for name, label in _channels().items()],
        "errors": {
            name: problem_text(shown.checked.problems[name])
            for name in (HEARD, CHANNEL)
            if name in shown.checked.problems
        },
        "counter": _counter_text(),
        "back_href": url_for("assist.list_points"),
    }
    return answer_page(point, version, inputs, shown, uploads=uploads, mode=ASSISTED, assist=assist)


def _confirm(point: ScanPoint, received: Received) -> Response:
    if received.stored:
        day = f"{site().now():%Y-%m-%d}"
        session[COUNTED] = [day, _count() + 1]
    if wants_json():
        return received_json(received)
    done = url_for("assist.show_receipt", code=point.code, receipt=received.receipt)
    return redirect(done, 303)


def _count() -> int:
    """How many this browser has sent today for workers."""
    day, count = session.get(COUNTED, ("", 0))
    return int(count) if day == f"{site().now():%Y-%m-%d}" else 0


def _counter_text() -> str:
    count = _count()
    if not count:
        return ""
    return ngettext(
        "%(count)s form filled in for workers today",
        "%(count)s forms filled in for workers today",
        count,
        count=count,
    )


@blueprint.get("/assist/<code>/<receipt>")
def show_receipt(code: str, receipt: str) -> Response:
    """The receipt, to be written down for the worker, and the way to the next one."""
    point = _point(code)
    _version(point)
    case = find_by_receipt(site().store, site().hasher, receipt)
    if case is None or case.response.point != point.code:
        return refuse("unknown_receipt", 404)
    g.page_language = screen_language()
    done = {
        "code_groups": grouped(tidy(receipt)),
        "variant": "variant" in case.response.flags,
        "turn": turn_of(site().store, case.response),
        "counter": _counter_text(),
        "next_href": url_for("assist.show_form", code=point.code),
        "list_href": url_for("assist.list_points"),
    }
    title = case.version.definition.title.into(g.page_language)
    return Response(
        render_template(
            "worker/assisted.html",
            done=done,
            lang=g.page_language,
            title=title,
            first_scripts=_first_scripts(),
            sign_in_href=sign_in_href(),
        ),
        mimetype="text/html",
    )
