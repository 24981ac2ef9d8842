"""Two responses side by side, and their merger: which stays, which answers count."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.table import MASK
from federation.access import Act
from forms.problems import N_
from forms.response import Response as Answered
from forms.types import Value
from qr.codes import grouped, spaced
from services.errors import NotAllowed, Refusal
from services.reading import responses
from services.reading.responses import View
from services.receiving.claims import offer_of
from services.review.cases import Case
from services.review.merging import Difference, Merger, check_pair, differences
from services.review.review import ChangedMeanwhile, seen
from services.trail.audit import Deed

from ..language import refusal_text, screen_language, state_word
from ..session import me, staff_blueprint, staff_page
from ..site import site
from ..trailing import tell
from .answer_files import file_links, unmask_files
from .correcting import case_of
from .response_door import found_response
from .response_page import moment
from .review_panel import last_done

blueprint: Blueprint = staff_blueprint("merging", Act.REVIEW_RESPONSES)

_TAKEN = "take."  # before a question's name: whose answer counts, `kept` or `other`


@blueprint.post("/responses/<definition>/merge")
def choose(definition: str) -> Response:
    """From the list: the two that are ticked, the one that came first to stay."""
    ids = request.form.getlist("response")
    if len(set(ids)) != 2:
        flash(gettext("Please tick exactly two responses."), "problem")
        return redirect(url_for("chair.list_responses", definition=definition), 303)
    view, _, first = found_response(definition, ids[0], Act.REVIEW_RESPONSES)
    pair = sorted((first, _other(view, ids[1])), key=lambda response: response.submitted_at)
    return redirect(_href(*pair), 303)


def _other(view: View, response_id: str) -> Answered:
    found = responses.find(site().store, view, response_id)
    if found is None:
        abort(404)
    return found


def _href(kept: Answered, other: Answered) -> str:
    return url_for(
        "merging.compare", definition=kept.definition, response_id=kept.id, other_id=other.id
    )


def _pair(definition: str, response_id: str, other_id: str) -> tuple[View, Case, Case]:
    view, _, response = found_response(definition, response_id, Act.REVIEW_RESPONSES)
    return view, case_of(response), case_of(_other(view, other_id))


@blueprint.get("/responses/<definition>/<response_id>/merge/<other_id>")
def compare(definition: str, response_id: str, other_id: str) -> Response:
    return _compared(*_pair(definition, response_id, other_id))


@blueprint.post("/responses/<definition>/<response_id>/merge/<other_id>")
def merge(definition: str, response_id: str, other_id: str) -> Response:
    """Show what is sensitive, ask once more, or do it: as the pressed button says."""
    view, kept, other = _pair(definition, response_id, other_id)
    what = request.form.get("what", "")
    try:
        check_pair(kept, other)
        if what == "show":
            unmask_files(kept.response, other.response)
            return _compared(view, kept, other, is_unmasked=True)
        if what != "merge":
            raise Refusal(N_("Please choose what to do."))
        if request.form.get("confirm") != "1":
            _check(kept, other)
            return _question(kept, other)
        _check(kept, other, does=True)
    except ChangedMeanwhile as changed:
        flash(last_done(view, changed.response), "problem")
        return _compared(*_pair(definition, response_id, other_id), status=409)
    except Refusal as refusal:
        flash(refusal_text(refusal), "problem")
        status = 403 if isinstance(refusal, NotAllowed) else 422
        return _compared(view, kept, other, status=status)
    tell(what="merged", rows=2)
    flash(gettext("The two are one now. The other receipt code leads to this one."), "done")
    return redirect(_page_href(kept.response), 303)


def _page_href(response: Answered) -> str:
    return url_for("chair.show_response", definition=response.definition, response_id=response.id)


def _check(kept: Case, other: Case, *, does: bool = False) -> None:
    """See whether it can be done, and do it; raises Refusal, ChangedMeanwhile."""
    merger = Merger(site().store, site().hasher, site().eraser, me().name, site().now())
    saw = (request.form.get("seen", ""), request.form.get("other_seen", ""))
    for case, state in zip((kept, other), saw, strict=True):
        if seen(case.response) != state:
            raise ChangedMeanwhile(case.response)
    taken = _taken()
    checked = merger.merge(kept, other, saw, taken) if does else merger.checked(kept, other, taken)
    if checked.problems:
        known = kept.version.definition.by_name
        labels = [known[n].label.into(screen_language()) for n in checked.problems if n in known]
        raise Refusal(
            N_("These answers do not fit together: %(questions)s. Please choose otherwise."),
            {"questions": "; ".join(labels)},
        )


def _taken() -> list[str]:
    return [
        name.removeprefix(_TAKEN)
        for name, value in request.form.items()
        if name.startswith(_TAKEN) and value == "other"
    ]


def _question(kept: Case, other: Case) -> Response:
    """What a merger means, before it is done: it cannot be undone."""
    gone, stays = spaced(other.response.receipt), spaced(kept.response.receipt)
    taken = _taken()
    hidden = [
        ("what", "merge"),
        ("confirm", "1"),
        ("seen", request.form["seen"]),
        ("other_seen", request.form["other_seen"]),
        *((f"{_TAKEN}{name}", "other") for name in taken),
    ]
    return staff_page(
        "staff/confirm.html",
        title=gettext("Merge two responses"),
        question={
            "heading": gettext("Merge two responses into one?"),
            "lines": [
                gettext("%(receipt)s stays.", receipt=stays),
                gettext(
                    "%(receipt)s is erased for good, with its files, notes and words to the"
                    " worker; its place becomes free. This cannot be undone.",
                    receipt=gone,
                ),
                gettext("Answers taken over from it: %(count)s.", count=len(taken)),
                gettext("Whoever looks up the erased one reads that it was merged."),
            ],
            "action": _href(kept.response, other.response),
            "hidden": hidden,
            "button": gettext("Merge 2 responses"),
            "cancel_href": _href(kept.response, other.response),
        },
    )


def _compared(
    view: View, kept: Case, other: Case, *, is_unmasked: bool = False, status: int = 200
) -> Response:
    try:
        check_pair(kept, other)
    except Refusal as refusal:
        if status == 200:
            flash(refusal_text(refusal), "problem")
        return redirect(_page_href(kept.response), 303)
    tell(Deed.SENSITIVE_SHOWN if is_unmasked else Deed.RESPONSE_OPENED, rows=2)
    slots = offer_of(site().store, view.definition.id).slots
    found = list(differences(kept, other, slots))
    chosen = frozenset(_taken())
    same = len(kept.response.answers) - sum(d.kept is not None for d in found)
    return staff_page(
        "staff/merge.html",
        title=gettext("Merge two responses"),
        status=status,
        form_title=view.definition.title.into(screen_language()),
        sides=[_side(view, kept), _side(view, other)],
        rows=[_row(d, kept, other, chosen, is_unmasked=is_unmasked) for d in found],
        same=max(same, 0),
        has_masked=not is_unmasked and any(d.question.sensitive for d in found),
        action=_href(kept.response, other.response),
        swap_href=_href(other.response, kept.response),
        seen=seen(kept.response),
        other_seen=seen(other.response),
        back_href=_page_href(kept.response),
    )


def _side(view: View, case: Case) -> dict[str, object]:
    response = case.response
    return {
        "receipt_groups": grouped(response.receipt),
        "href": _page_href(response),
        "time": moment(response, view.definition),
        "unit": " · ".join(filter(None, (site().tree.name(response.unit), response.place))),
        "state": state_word(response.state, view.definition.workflow),
    }


def _row(
    found: Difference, kept: Case, other: Case, chosen: frozenset[str], *, is_unmasked: bool
) -> dict[str, object]:
    question = found.question
    return {
        "name": f"{_TAKEN}{question.name}",
        "label": question.label.into(screen_language()),
        "sensitive": question.sensitive,
        "may_choose": found.may_choose,
        "takes": question.name in chosen,
        "sides": [
            {
                "text": _text(found, value, is_unmasked=is_unmasked),
                "files": file_links(question, case.response, is_unmasked=is_unmasked),
            }
            for value, case in ((found.kept, kept), (found.other, other))
        ],
    }


def _text(found: Difference, value: Value | None, *, is_unmasked: bool) -> str:
    if value is None:
        return ""
    if found.question.sensitive and not is_unmasked:
        return MASK
    return found.question.show(value, screen_language())
