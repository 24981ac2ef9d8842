"""A reviewer withdraws a response: why, what that means, then it is gone."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.response import Response as Answered
from qr.codes import grouped, spaced
from services.erasure.erasing import DUPLICATE, TEST, WITHDRAWN
from services.errors import NotAllowed, Refusal
from services.reading.responses import View
from services.review.correcting import check_open_to_reviewers
from services.review.review import ChangedMeanwhile, seen
from services.review.withdrawing import GROUNDS, LONGEST_REASON, Withdrawer
from services.trail.audit import Deed

from ..language import refusal_text, screen_language
from ..options import Option
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .response_door import found_response
from .response_page import response_page
from .review_panel import last_done

blueprint: Blueprint = staff_blueprint("withdrawing", Act.REVIEW_RESPONSES)


def ground_words() -> dict[str, str]:
    return {
        WITHDRAWN: gettext("The worker asked for it"),
        DUPLICATE: gettext("It was sent twice"),
        TEST: gettext("Somebody tried the form out"),
    }


@blueprint.get("/responses/<definition>/<response_id>/withdraw")
def ask(definition: str, response_id: str) -> Response:
    view, versions, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    try:
        check_open_to_reviewers(view.definition)
    except NotAllowed as refusal:
        tell(Deed.RESPONSE_OPENED)
        flash(refusal_text(refusal), "problem")
        return response_page(view, versions, response, status=403)
    return _ask_page(view, response, None)


def _ask_page(view: View, response: Answered, refusal: Refusal | None) -> Response:
    words, chosen = ground_words(), request.form.get("ground", "")
    status = 200 if refusal is None else 403 if isinstance(refusal, NotAllowed) else 422
    return staff_page(
        "staff/withdraw.html",
        title=gettext("Withdraw a response"),
        status=status,
        form_title=view.definition.title.into(screen_language()),
        receipt_groups=() if view.definition.anonymous else grouped(response.receipt),
        action=_href("withdrawing.withdraw", response),
        seen=seen(response),
        grounds=[Option(ground, words[ground], ground == chosen) for ground in GROUNDS],
        reason=request.form.get("reason", "")[:LONGEST_REASON],
        errors={refusal.field or "reason": refusal_text(refusal)} if refusal else {},
        back_href=_href("chair.show_response", response),
    )


def _href(endpoint: str, response: Answered) -> str:
    return url_for(endpoint, definition=response.definition, response_id=response.id)


@blueprint.post("/responses/<definition>/<response_id>/withdraw")
def withdraw(definition: str, response_id: str) -> Response:
    """Ask once more, then erase; the erasure itself writes the line of the trail."""
    view, versions, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    ground, reason = request.form.get("ground", ""), request.form.get("reason", "")
    saw = request.form.get("seen", "")
    act = Withdrawer(site().eraser, site().requests, me().name, site().now())
    try:
        if saw != seen(response):
            raise ChangedMeanwhile(response)
        words = act.checked_reason(view.definition, ground, reason)
        if request.form.get("confirm") != "1":
            return _question(response, ground, words)
        act.withdraw(view.definition, response, saw, ground, words)
    except ChangedMeanwhile as changed:
        tell(Deed.RESPONSE_OPENED)
        flash(last_done(view, changed.response), "problem")
        return response_page(view, versions, changed.response, status=409)
    except Refusal as refusal:
        return _ask_page(view, response, refusal)
    flash(gettext("The response is withdrawn and erased."), "done")
    return redirect(url_for("chair.list_responses", definition=definition), 303)


def _question(response: Answered, ground: str, reason: str) -> Response:
    """What it means: nobody can bring it back."""
    lines = [
        f"{ground_words()[ground]}: {reason}",
        gettext("All answers, files, notes and the history are erased at once and for good."),
        gettext("The receipt code still opens a page; it says that the union withdrew it."),
    ]
    if response.claims:
        lines.append(gettext("The place goes to whoever waits for one."))
    if ground == WITHDRAWN:
        lines.append(gettext("It is entered in the register of data requests as carried out."))
    hidden = [("ground", ground), ("reason", reason), ("seen", seen(response)), ("confirm", "1")]
    return staff_page(
        "staff/confirm.html",
        title=gettext("Withdraw a response"),
        question={
            "heading": gettext("Withdraw %(receipt)s?", receipt=spaced(response.receipt)),
            "lines": lines,
            "action": request.path,
            "hidden": hidden,
            "button": gettext("Withdraw and erase 1 response"),
            "cancel_href": _href("chair.show_response", response),
        },
    )
