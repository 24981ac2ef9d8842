"""The chair's pages: responses of own units, one response with its warnings, the CSV."""

from collections.abc import Iterator

from flask import Blueprint, abort, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from export.csv import csv_chunks
from export.table import Style, Table
from federation.access import Act
from forms.definition import Definition
from forms.response import Response as Answered
from forms.types import Question
from services import responses
from services.errors import NotFound
from services.publish import all_versions, published_versions
from services.responses import View
from services.retentions import note_full_export

from .complaints import waiting_rows
from .language import screen_language, state_word, translated_to
from .options import Option, number_text
from .response_page import moment, response_page, shown_answer
from .session import me, staff_blueprint, staff_page
from .site import site
from .trailing import tell

blueprint: Blueprint = staff_blueprint("chair", Act.SEE_RESPONSES)

PAGE = 25
MOST_CELLS = 3  # answers shown beside a response in the list


def _view(definition_id: str, act: Act = Act.SEE_RESPONSES) -> tuple[View, tuple[Definition, ...]]:
    """What this person may see of a form; 404 for one that is not published, or not for them."""
    try:
        versions = all_versions(site().store, definition_id)
    except NotFound:
        abort(404)
    store, tree, today = site().store, site().tree, site().today
    if not responses.may_read(me(), versions[-1], tree, today, act):
        abort(404)
    view = responses.view_for(store, versions[-1], me(), tree, today=today, act=act)
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
        view, _ = _view(definition.id)
        if responses.page(site().store, view, offset=0, limit=0)[0]:
            return redirect(url_for("chair.list_responses", definition=definition.id), 303)
    if mine:
        return redirect(url_for("chair.list_responses", definition=mine[0].id), 303)
    question = {"title": gettext("Responses"), "forms_href": url_for("desk.show_desk")}
    return staff_page("staff/desk.html", cards=[], **question)


@blueprint.get("/responses/<definition>")
def list_responses(definition: str) -> Response:
    view, _ = _view(definition)
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
        export={"action": url_for("chair.download_csv", definition=definition), "count": count}
        if total and _may_export(view)
        else None,
        taken_back=_taken_back(view),
        waiting=waiting_rows(view.definition),
        results_href=url_for("results.show_results", definition=definition) if total else "",
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
    view, versions = _view(definition)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    return view, versions, response


@blueprint.get("/responses/<definition>.csv")
def download_csv(definition: str) -> Response:
    """The CSV, streamed; `header=label`, `split_choices=1` and `separator=;` as the page offers."""
    view, _ = _view(definition, Act.EXPORT_RESPONSES)
    versions, found = responses.exported(site().store, view)
    note_full_export(site().store, view, site().now(), sensitive=False)
    language = screen_language()
    style = Style(
        labels=language if request.args.get("header") == "label" else "",
        split=request.args.get("split_choices") == "1",
    )
    table = Table(
        versions,
        style,
        unit_name=site().tree.name,
        translate=lambda text: translated_to(language, text),
    )
    rows = table.rows(found)
    separator = ";" if request.args.get("separator") == ";" else ","
    answer = WebResponse(
        _encoded(csv_chunks(table.header(), rows, separator=separator)),
        mimetype="text/csv",
    )
    name = f"{definition}_{site().now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _encoded(chunks: Iterator[str]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.encode()
