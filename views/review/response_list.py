"""The list of a form's responses: narrowed, sorted, page by page."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.response import Response as Answered
from forms.types import Question
from forms.workflow import state_of
from services.errors import Refusal
from services.reading import responses
from services.reading.filtering import SCORE
from services.reading.ranking import page_by_score, score_of
from services.reading.responses import View
from services.review.correcting import is_open_to_reviewers
from services.review.history import is_newly_corrected
from services.rights.data_kinds import is_name

from ..language import refusal_text, screen_language, state_word
from ..options import Option, number_text
from ..session import i_may_somewhere, me, staff_page
from ..site import site
from ..trailing import tell
from .complaints import waiting_rows
from .list_filter import Listed, export_href, filter_form, list_href, listed, whole_count
from .response_door import blueprint, my_forms
from .response_page import moment, shown_answer
from .results import results_href
from .saved_views import saved_chips

PAGE = 25
MOST_CELLS = 3  # answers shown beside a response in the list


@blueprint.get("/responses/<definition>")
def list_responses(definition: str) -> Response:
    shown = listed(definition)
    number = max(request.args.get("page", 1, type=int), 1)
    total, found = _page(shown, number)
    columns = [q for q in shown.definition.asking if not q.sensitive][:MOST_CELLS]
    person = next((q for q in columns if is_name(q)), None)
    columns = [question for question in columns if question is not person]
    language, count = screen_language(), number_text(total)
    tell(page=number, rows=f"{len(found)}/{total}")
    return staff_page(
        "staff/responses.html",
        title=gettext("Responses"),
        choose=_choose(definition),
        totals_href=url_for("totals.list_forms") if i_may_somewhere(Act.SEE_TOTALS) else "",
        jobs_href=url_for("jobs.list_jobs"),
        form_title=shown.definition.title.into(language),
        count=count,
        person=person.label.into(language) if person else "",
        columns=[{"label": question.label.into(language)} for question in columns],
        rows=[_row(response, person, columns, shown) for response in found],
        pager=_pager(shown, number, len(found), total),
        export_href=export_href(definition, shown.asked)
        if total and _may(shown.view, Act.EXPORT_RESPONSES)
        else "",
        entry_href=url_for("entry.show_start", definition=definition)
        if _may(shown.view, Act.REVIEW_RESPONSES)
        else "",
        bulk=_bulk(shown, total) if total and _may(shown.view, Act.REVIEW_RESPONSES) else None,
        filter=filter_form(shown),
        saved=saved_chips(shown),
        script=site().assets.addresses(["list.js"])[0],
        taken_back="" if shown.asked.narrows else _taken_back(shown.view),
        waiting=[] if shown.asked.narrows else waiting_rows(shown.definition),
        results_href=results_href(shown.definition) if total else "",
        withheld=_withheld(shown),
        elsewhere=number_text(whole_count(shown)) if shown.asked.narrows and not total else "",
    )


@blueprint.post("/responses/<definition>/find")
def find_responses(definition: str) -> Response:
    """The list's address for what was typed: without empty inputs, an ID number as its hash."""
    shown = listed(definition)
    for value in shown.unknown:
        flash(gettext("“%(value)s” means nothing on this form.", value=value[:60]), "problem")
    return redirect(list_href(definition, shown.asked), 303)


def _page(shown: Listed, number: int) -> tuple[int, tuple[Answered, ...]]:
    store, view, offset = site().store, shown.view, (number - 1) * PAGE
    if shown.asked.sort == SCORE and not view.definition.anonymous:
        try:
            return page_by_score(store, view, shown.versions, offset=offset, limit=PAGE)
        except Refusal as refusal:
            flash(refusal_text(refusal), "problem")
    return responses.page(store, view, offset=offset, limit=PAGE, order=shown.asked.order)


def _choose(definition: str) -> dict[str, object]:
    language = screen_language()
    return {
        "action": url_for("chair.choose_form"),
        "name": "form",
        "options": [
            Option(d.id, f"{d.title.into(language)} · {d.code}", d.id == definition)
            for d in my_forms()
        ],
    }


def _may(view: View, act: Act) -> bool:
    return responses.may_read(me(), view.definition, site().tree, site().today, act)


def _bulk(shown: Listed, total: int) -> dict[str, object]:
    workflow = shown.definition.workflow
    return {
        "action": url_for("bulk.ask", definition=shown.definition.id),
        "merge_action": url_for("merging.choose", definition=shown.definition.id)
        if is_open_to_reviewers(shown.definition) and total > 1
        else "",
        "hidden": shown.asked.query(),
        "states": [  # into the second, for most are still in the first
            Option(state.name, state.label.into(screen_language()), number == 1)
            for number, state in enumerate(workflow)
        ],
        "all_text": ngettext(
            "All %(count)s response of the list", "All %(count)s responses of the list", total,
            count=number_text(total),
        ),
    }  # fmt: skip


def _withheld(shown: Listed) -> str:
    if not shown.view.withheld:
        return ""
    if shown.asked.narrows:
        return gettext(
            "This form is anonymous: where an answer was given by fewer than five, the place is"
            " left out of a narrowed list."
        )
    return gettext(
        "This form is anonymous: a place is shown once it has five answers, in no order."
    )


def _taken_back(view: View) -> str:
    count = responses.count_withdrawn(site().store, view)
    if not count:
        return ""
    return ngettext(
        "%(count)s response was taken back, erased or restricted and is not in the list.",
        "%(count)s responses were taken back, erased or restricted and are not in the list.",
        count,
        count=number_text(count),
    )


def _pager(shown: Listed, number: int, on_page: int, total: int) -> dict[str, str]:
    def href(page: int) -> str:
        return list_href(shown.definition.id, shown.asked, page=page)

    first = (number - 1) * PAGE + 1
    return {
        "newer_href": href(number - 1) if number > 1 else "",
        "older_href": href(number + 1) if number * PAGE < total else "",
        "range_text": gettext(
            "%(first)s to %(last)s of %(total)s",
            first=number_text(first),
            last=number_text(first + on_page - 1),
            total=number_text(total),
        )
        if on_page
        else "",
    }


def _row(
    response: Answered, person: Question | None, columns: Sequence[Question], shown: Listed
) -> dict[str, object]:
    workflow = shown.definition.workflow
    href = url_for("chair.show_response", definition=response.definition, response_id=response.id)
    return {
        "id": response.id,
        "href": href,
        "person": (shown_answer(person, response) or gettext("No name")) if person else "",
        "time": moment(response, shown.definition),
        "unit": _unit_and_place(response),
        "state_word": state_word(response.state, workflow),
        "state_kind": state_of(workflow, response.state).kind,
        "flags": _chips(response),
        "points": score_of(shown.versions, response).points
        if shown.asked.sort == SCORE and shown.definition.priority
        else None,
        "cells": [shown_answer(question, response) for question in columns],
    }


def _chips(response: Answered) -> list[str]:
    chips = [gettext("Just corrected")] if is_newly_corrected(response) else []
    if response.flags:
        chips.append(gettext("Check %(count)s", count=len(response.flags)))
    if person := site().store.people.get(response.assigned) if response.assigned else None:
        chips.append(person.full_name or person.name)
    return chips


def _unit_and_place(response: Answered) -> str:
    unit = site().tree.name(response.unit)
    return f"{unit} · {response.place}" if response.place else unit
