"""The review of one response: state, words to the worker, notes, who sees to it, undoing."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.problems import N_
from forms.response import Response as Answered
from services.errors import NotAllowed, Refusal
from services.reading.responses import View
from services.review.review import ChangedMeanwhile, ReviewDesk, closes, seen
from services.trail.audit import Deed

from ..language import refusal_text, screen_language
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .response_door import found_response
from .response_page import response_page
from .review_panel import Typed, last_done, reviewers_of

blueprint: Blueprint = staff_blueprint("reviewing", Act.REVIEW_RESPONSES)


def desk_of(view: View) -> ReviewDesk:
    """The acts of this person on the form's responses, now."""
    return ReviewDesk(site().store, view.definition, site().hasher, me().name, site().now())


@blueprint.post("/responses/<definition>/<response_id>/review")
def act(definition: str, response_id: str) -> Response:
    """Do what the pressed button says, unless somebody else was quicker: then say what they did."""
    view, versions, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    what = request.form.get("what", "")
    typed = Typed(
        request.form.get("into", ""), request.form.get("message", ""), request.form.get("note", "")
    )
    try:
        if request.form.get("seen", "") != seen(response):
            raise ChangedMeanwhile(response)
        if what == "state" and (question := _asked_first(view, response, typed)):
            return question
        done = _done(view, response, what, typed)
    except ChangedMeanwhile as changed:
        tell(Deed.RESPONSE_OPENED)
        flash(last_done(view, changed.response), "problem")
        return response_page(view, versions, changed.response, typed=typed, status=409)
    except Refusal as refusal:
        tell(Deed.RESPONSE_OPENED)  # nothing was done, but it is shown
        flash(refusal_text(refusal), "problem")
        status = 403 if isinstance(refusal, NotAllowed) else 422
        return response_page(view, versions, response, typed=typed, status=status)
    tell(what=what, state=done.state)
    flash(gettext("It is kept."), "done")
    return redirect(
        url_for("chair.show_response", definition=definition, response_id=response_id), 303
    )


def _done(view: View, response: Answered, what: str, typed: Typed) -> Answered:
    desk = desk_of(view)
    if what == "state":
        return desk.move(response, typed.into, typed.message)
    if what == "message":
        return desk.tell(response, typed.message)
    if what == "note":
        return desk.note(response, typed.note)
    if what == "assign":
        return desk.assign(response, _assignee(view, response))
    if what == "undo":
        return desk.undo(response)
    raise Refusal(N_("Please choose what to do."))


def _assignee(view: View, response: Answered) -> str:
    name = request.form.get("person", "")
    if name and name not in {person.name for person in reviewers_of(view, response)}:
        raise Refusal(N_("This person may not review the response."))
    return name


def _asked_first(view: View, response: Answered, typed: Typed) -> Response | None:
    """The question before a case is closed; None when it was answered, or is not needed."""
    state = desk_of(view).state_named(response, typed.into)
    if not closes(state) or request.form.get("confirm") == "1":
        return None
    word = state.label.into(screen_language())
    lines = [gettext("The worker reads this state with the receipt code.")]
    if typed.message.strip():
        lines.append(gettext("And your words: “%(words)s”", words=typed.message.strip()))
    if state.kind == "refused" and response.claims:
        lines.append(gettext("The place goes to whoever waits for one."))
    hidden = [
        ("what", "state"),
        ("into", typed.into),
        ("message", typed.message),
        ("seen", seen(response)),
        ("confirm", "1"),
    ]
    return staff_page(
        "staff/confirm.html",
        title=word,
        question={
            "heading": gettext("Close this case: %(state)s?", state=word),
            "lines": lines,
            "action": request.path,
            "hidden": hidden,
            "button": word,
            "is_mild": state.kind == "accepted",
            "cancel_href": url_for(
                "chair.show_response",
                definition=response.definition,
                response_id=response.id,
            ),
        },
    )
