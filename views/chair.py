"""The chair's pages: responses of own units, one response with its warnings."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from forms.types import Question
from services import responses
from services.errors import NotFound
from services.publish import all_versions, published_versions
from services.responses import View

from .complaints import waiting_rows
from .language import screen_language, state_word
from .options import Option, number_text
from .response_page import moment, response_page, shown_answer
from .session import me, staff_blueprint, staff_page
from .site import site
from .trailing import tell

blueprint: Blueprint = staff_blueprint("chair", Act.SEE_RESPONSES)

PAGE = 25
MOST_CELLS = 3  # answers shown beside a response in the list


def view_of(
    definition_id: str, act: Act = Act.SEE_RESPONSES, **narrowed: Any
) -> tuple[View, tuple[Definition, ...]]:
    """What this person may see of a form; 404 for one that is not published, or not for them.

    `narrowed` is what `view_for` takes besides: unit, since, until.
    """
    try:
        versions = all_versions(site().store, definition_id)
    except NotFound:
        abort(404)
    store, tree, today = site().store, site().tree, site().today
    if not responses.may_read(me(), versions[-1], tree, today, act):
        abort(404)
    view = responses.view_for(store, versions[-1], me(), tree, today=today, act=act, **narrowed)
    return view, versions


def _my_forms() -> list[Definition]:
    """The published forms whose responses this person may read."""
    published = (version.definition for version in published_versions(site().store))
    tree, today = site().tree, site().today
    return [d for d in published if responses.may_read(me(), d, tree, today)]


@blueprint.get("/responses")
def choose_form() -> Response:
    """The form asked for, else the first one that has responses, else a page that teaches."""
    mine = _my_forms()
    wanted = request.args.get("form", "")
    if any(definition.id == wanted for definition in mine):
        return redirect(url_for("chair.list_responses", definition=wanted), 303)
    for definition in mine:
        view, _ = view_of(definition.id)
        if responses.page(site().store, view, offset=0, limit=0)[0]:
            return redirect(url_for("chair.list_responses", definition=definition.id), 303)
    if mine:
        return redirect(url_for("chair.list_responses", definition=mine[0].id), 303)
    question = {"title": gettext("Responses"), "forms_href": url_for("desk.show_desk")}
    return staff_page("staff/desk.html", cards=[], **question)


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
                for d in _my_forms()
            ],
        },
        form_title=view.definition.title.into(language),
        count=count,
        columns=[{"label": question.label.into(language)} for question in shown],
        rows=[_row(response, shown, view) for response in found],
        pager=_pager(definition, number, len(found), total),
        export_href=url_for("exporting.show_export", definition=definition)
        if total and _may_export(view)
        else "",
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


@blueprint.get("/responses/<definition>/<response_id>")
def show_response(definition: str, response_id: str) -> Response:
    view, versions, response = _found(definition, response_id)
    return response_page(view, versions, response)


@blueprint.post("/responses/<definition>/<response_id>/sensitive")
def show_sensitive(definition: str, response_id: str) -> Response:
    """The same with what is masked elsewhere; the trail says who asked for it."""
    view, versions, response = _found(definition, response_id)
    return response_page(view, versions, response, is_unmasked=True)


def _found(definition: str, response_id: str) -> tuple[View, tuple[Definition, ...], Answered]:
    view, versions = view_of(definition)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    return view, versions, response
