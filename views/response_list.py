"""The list of a form's responses, with its pages."""

from flask import request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.response import Response as Answered
from forms.types import Question
from services import responses
from services.responses import View

from .chair import blueprint, my_forms, view_of
from .complaints import waiting_rows
from .language import screen_language, state_word
from .options import Option, number_text
from .response_page import moment, shown_answer
from .session import me, staff_page
from .site import site
from .trailing import tell

PAGE = 25
MOST_CELLS = 3  # answers shown beside a response in the list


@blueprint.get("/responses/<definition>")
def list_responses(definition: str) -> Response:
    view, _ = view_of(definition)
    number = max(request.args.get("page", 1, type=int), 1)
    total, found = responses.page(site().store, view, offset=(number - 1) * PAGE, limit=PAGE)
    shown = [q for q in view.definition.asking if not q.sensitive][:MOST_CELLS]
    language, count = screen_language(), number_text(total)
    tell(page=number, rows=f"{len(found)}/{total}")
    return staff_page(
        "staff/responses.html",
        title=gettext("Responses"),
        choose={
            "action": url_for("chair.choose_form"),
            "name": "form",
            "options": [
                Option(d.id, f"{d.title.into(language)} · {d.code}", d.id == definition)
                for d in my_forms()
            ],
        },
        form_title=view.definition.title.into(language),
        count=count,
        columns=[{"label": question.label.into(language)} for question in shown],
        rows=[_row(response, shown, view) for response in found],
        pager=_pager(definition, number, len(found), total),
        export={"action": url_for("chair.download_csv", definition=definition), "count": count}
        if total and _may_export(view)
        else None,
        taken_back=_taken_back(view),
        waiting=waiting_rows(view.definition),
        withheld=gettext(
            "This form is anonymous: a place is shown once it has five answers, in no order."
        )
        if view.withheld
        else "",
    )


def _may_export(view: View) -> bool:
    return responses.may_read(
        me(), view.definition, site().tree, site().today, Act.EXPORT_RESPONSES
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


def _pager(definition: str, number: int, shown: int, total: int) -> dict[str, str]:
    def href(page: int) -> str:
        return url_for("chair.list_responses", definition=definition, page=page)

    first = (number - 1) * PAGE + 1
    return {
        "newer_href": href(number - 1) if number > 1 else "",
        "older_href": href(number + 1) if number * PAGE < total else "",
        "range_text": gettext(
            "%(first)s to %(last)s of %(total)s",
            first=number_text(first),
            last=number_text(first + shown - 1),
            total=number_text(total),
        )
        if shown
        else "",
    }


def _row(response: Answered, shown: list[Question], view: View) -> dict[str, object]:
    return {
        "href": url_for(
            "chair.show_response", definition=response.definition, response_id=response.id
        ),
        "time": moment(response, view.definition),
        "unit": _unit_and_place(response),
        "state_word": state_word(response.state, view.definition.workflow),
        "state_kind": response.state,
        "flags": [gettext("Check %(count)s", count=len(response.flags))] if response.flags else [],
        "cells": [shown_answer(question, response) for question in shown],
    }


def _unit_and_place(response: Answered) -> str:
    unit = site().tree.name(response.unit)
    return f"{unit} · {response.place}" if response.place else unit
