"""One change of state for many responses: asked first with their number, then done."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.problems import N_
from forms.workflow import State
from services.errors import Refusal
from services.review.bulk import Chosen, Moved, choose, move_all

from ..language import refusal_text, screen_language
from ..options import number_text
from ..session import staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .list_filter import Listed, filter_words, list_href, listed
from .reviewing import desk_of

blueprint: Blueprint = staff_blueprint("bulk", Act.REVIEW_RESPONSES)


@blueprint.post("/responses/<definition>/many")
def ask(definition: str) -> Response:
    """How many it would be, and of what; nothing is changed yet."""
    shown = listed(definition, Act.REVIEW_RESPONSES)
    try:
        state, chosen = _chosen(shown)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(list_href(definition, shown.asked), 303)
    return _question(shown, state, chosen)


@blueprint.post("/responses/<definition>/many/change")
def change(definition: str) -> Response:
    """Do it to exactly those that were counted; where the set changed meanwhile, ask again."""
    shown = listed(definition, Act.REVIEW_RESPONSES)
    try:
        state, chosen = _chosen(shown)
        if request.form.get("digest", "") != chosen.digest:
            flash(
                gettext("The list has changed meanwhile. Please look at the new number."), "problem"
            )
            return _question(shown, state, chosen, status=409)
        message = request.form.get("message", "").strip()
        done = move_all(desk_of(shown.view), shown.view, chosen, state.name, message or None)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        return redirect(list_href(definition, shown.asked), 303)
    tell(rows=done.count, state=state.name)
    _say(done)
    return redirect(url_for("chair.list_responses", definition=definition), 303)


def _say(done: Moved) -> None:
    text = ngettext("%(count)s response changed.", "%(count)s responses changed.", done.count,
                    count=number_text(done.count))  # fmt: skip
    flash(text, "done")
    if done.left:
        text = ngettext(
            "%(count)s response was changed by somebody else in that moment and was left alone.",
            "%(count)s responses were changed by somebody else in that moment and were left alone.",
            done.left,
            count=number_text(done.left),
        )
        flash(text, "problem")


def _chosen(shown: Listed) -> tuple[State, Chosen]:
    """The state that was chosen, and the responses that go there; raises Refusal."""
    into = request.form.get("into", "")
    state = next((s for s in shown.definition.workflow if s.name == into), None)
    if state is None:
        raise Refusal(N_("Please choose a state."))
    only = request.form.getlist("response") if request.form.get("which") == "some" else ()
    if request.form.get("which") == "some" and not only:
        raise Refusal(N_("Please tick responses first."))
    return state, choose(site().store, shown.view, into, only)


def _question(shown: Listed, state: State, chosen: Chosen, status: int = 200) -> Response:
    word, count = state.label.into(screen_language()), number_text(chosen.count)
    some = request.form.get("which") == "some"
    hidden = [
        *shown.asked.query(),
        ("into", state.name),
        ("which", "some" if some else "all"),
        ("digest", chosen.digest),
        *((("response", response_id) for response_id in chosen.ids) if some else ()),
    ]
    button = ngettext("%(state)s: %(count)s response", "%(state)s: %(count)s responses",
                      chosen.count, state=word, count=count)  # fmt: skip
    return staff_page(
        "staff/many.html",
        title=word,
        status=status,
        question={
            "heading": ngettext(
                "%(state)s: change %(count)s response?", "%(state)s: change %(count)s responses?",
                chosen.count, state=word, count=count,
            ),
            "lines": [shown.definition.title.into(screen_language()), *filter_words(shown)],
            "message": request.form.get("message", ""),
            "action": url_for("bulk.change", definition=shown.definition.id),
            "hidden": hidden,
            "button": button,
            "is_mild": state.kind != "refused",
            "cancel_href": list_href(shown.definition.id, shown.asked),
        },
    )  # fmt: skip
