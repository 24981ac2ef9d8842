"""The chair's pages: responses of own units, one response with its warnings, the CSV."""

from collections.abc import Iterator

from flask import Blueprint, abort, redirect, request, url_for
from flask import Response as WebResponse
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from export.csv import csv_chunks
from export.table import MASK, Style, Table
from federation.access import Act, may
from forms.definition import Definition, Section
from forms.response import Response as Answered
from forms.types import Question
from qr.codes import grouped
from services import responses
from services.errors import NotFound
from services.publish import all_versions, published_versions
from services.responses import View

from .answer_files import file_links
from .language import LANGUAGE_NAMES, flag_text, screen_language, state_word, translated_to
from .options import Option, number_text
from .session import me, staff_blueprint, staff_page
from .site import site

blueprint: Blueprint = staff_blueprint("chair", Act.SEE_RESPONSES)

PAGE = 25
MOST_CELLS = 3  # answers shown beside a response in the list


def _view(definition_id: str, act: Act = Act.SEE_RESPONSES) -> tuple[View, tuple[Definition, ...]]:
    """What this person may see of a form; 404 for a form that is not published."""
    try:
        versions = all_versions(site().store, definition_id)
    except NotFound:
        abort(404)
    return responses.view_for(site().store, versions[-1], me(), site().tree, act=act), versions


@blueprint.get("/responses")
def choose_form() -> Response:
    """The form asked for, else the first one that has responses, else a page that teaches."""
    versions = published_versions(site().store)
    wanted = request.args.get("form", "")
    if any(version.definition.id == wanted for version in versions):
        return redirect(url_for("chair.list_responses", definition=wanted), 303)
    for version in versions:
        view, _ = _view(version.definition.id)
        if responses.page(site().store, view, offset=0, limit=0)[0]:
            found = version.definition.id
            return redirect(url_for("chair.list_responses", definition=found), 303)
    if versions:
        found = versions[0].definition.id
        return redirect(url_for("chair.list_responses", definition=found), 303)
    question = {"title": gettext("Responses"), "forms_href": url_for("desk.show_desk")}
    return staff_page("staff/desk.html", cards=[], **question)


@blueprint.get("/responses/<definition>")
def list_responses(definition: str) -> Response:
    view, _ = _view(definition)
    number = max(request.args.get("page", 1, type=int), 1)
    total, found = responses.page(site().store, view, offset=(number - 1) * PAGE, limit=PAGE)
    shown = [q for q in view.definition.asking if not q.sensitive][:MOST_CELLS]
    language, count = screen_language(), number_text(total)
    return staff_page(
        "staff/responses.html",
        title=gettext("Responses"),
        choose={
            "action": url_for("chair.choose_form"),
            "name": "form",
            "options": [
                Option(d.id, f"{d.title.into(language)} · {d.code}", d.id == definition)
                for d in (version.definition for version in published_versions(site().store))
            ],
        },
        form_title=view.definition.title.into(language),
        count=count,
        columns=[{"label": question.label.into(language)} for question in shown],
        rows=[_row(response, shown, view) for response in found],
        pager=_pager(definition, number, len(found), total),
        export={"action": url_for("chair.download_csv", definition=definition), "count": count}
        if total and may(me(), Act.EXPORT_RESPONSES, site().tree)
        else None,
        taken_back=_taken_back(view),
        withheld=gettext(
            "This form is anonymous: a place is shown once it has five answers, in no order."
        )
        if view.withheld
        else "",
    )


def _taken_back(view: View) -> str:
    count = responses.count_withdrawn(site().store, view)
    if not count:
        return ""
    return ngettext(
        "%(count)s response was taken back by its sender and is not in the list.",
        "%(count)s responses were taken back by their senders and are not in the list.",
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
        "time": _moment(response, view.definition),
        "unit": _unit_and_place(response),
        "state_word": state_word(response.state),
        "state_kind": response.state,
        "flags": [gettext("Check %(count)s", count=len(response.flags))] if response.flags else [],
        "cells": [_shown(question, response) for question in shown],
    }


def _unit_and_place(response: Answered) -> str:
    unit = site().tree.name(response.unit)
    return f"{unit} · {response.place}" if response.place else unit


def _shown(question: Question, response: Answered) -> str:
    value = response.answers.get(question.name)
    return "" if value is None else question.show(value, screen_language())


def _moment(response: Answered, definition: Definition) -> str:
    return response.submitted_at.strftime(
        "%H h, %d/%m/%Y" if definition.anonymous else "%H:%M %d/%m/%Y"
    )


@blueprint.get("/responses/<definition>/<response_id>")
def show_response(definition: str, response_id: str) -> Response:
    view, versions = _view(definition)
    response = responses.find(site().store, view, response_id)
    if response is None:
        abort(404)
    asked = versions[min(response.version, len(versions)) - 1]
    language = screen_language()
    anonymous = view.definition.anonymous
    shown = {
        "title": view.definition.title.into(language),
        "receipt_groups": () if anonymous else grouped(response.receipt),
        "time": _moment(response, view.definition),
        "unit": site().tree.name(response.unit),
        "place": response.place,
        "version": response.version,
        "language": LANGUAGE_NAMES.get(response.language, response.language),
        "state_word": state_word(response.state),
        "state_kind": response.state,
        "warnings": [_warning(flag, asked) for flag in response.flags],
        "sections": [_section(section, response) for section in asked.sections],
        "back_href": url_for("chair.list_responses", definition=definition),
    }
    return staff_page(
        "staff/response.html", title=view.definition.title.into(language), response=shown
    )


def _section(section: Section, response: Answered) -> dict[str, object]:
    language = screen_language()
    always = not section.relevant  # what nobody was asked is no gap
    return {
        "title": section.title.into(language) if section.title else "",
        "answers": [
            {
                "question": question.label.into(language),
                "text": _masked(question, response),
                "sensitive": question.sensitive,
                "files": file_links(question, response),
            }
            for question in section.asked
            if question.asks
            if question.name in response.answers or (always and not question.relevant)
        ],
    }


def _masked(question: Question, response: Answered) -> str:
    if question.sensitive and question.name in response.answers:
        return MASK
    return _shown(question, response)


def _warning(flag: str, asked: Definition) -> str:
    """A flag as a sentence, with the question it is about."""
    name, colon, _ = flag.partition(":")
    question = asked.by_name.get(name) if colon else None
    own = {known.code: known.label for known in asked.flags if known.label}
    said = own[flag].into(screen_language()) if flag in own else flag_text(flag)
    return f"{question.label.into(screen_language())}: {said}" if question else said


@blueprint.get("/responses/<definition>.csv")
def download_csv(definition: str) -> Response:
    """The CSV, streamed; `header=label`, `split_choices=1` and `separator=;` as the page offers."""
    view, versions = _view(definition, Act.EXPORT_RESPONSES)
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
    rows = table.rows(responses.export_order(site().store, view))
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
