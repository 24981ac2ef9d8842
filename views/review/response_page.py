"""One response in full, as those who may see it read it; what is sensitive only on demand."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from export.table import MASK
from forms.definition import Definition, Section
from forms.response import Response as Answered
from forms.types import Question
from forms.workflow import state_of
from qr.codes import grouped
from services.reading import responses
from services.reading.responses import View

from ..language import LANGUAGE_NAMES, flag_words, screen_language, state_word
from ..session import staff_page
from ..site import site
from .answer_files import file_links
from .complaints import naming
from .review_panel import Typed, hints, history_rows, points_of, review_panel

NOTHING_TYPED = Typed(is_there=False)


def response_page(
    view: View,
    versions: tuple[Definition, ...],
    response: Answered,
    *,
    is_unmasked: bool = False,
    typed: Typed = NOTHING_TYPED,
    status: int = 200,
) -> Response:
    """Draw it; `is_unmasked` shows what is sensitive, `typed` what a refused act had written."""
    asked = versions[min(response.version, len(versions)) - 1]
    language, anonymous = screen_language(), view.definition.anonymous
    has_masked = not is_unmasked and any(
        question.sensitive and question.name in response.answers for question in asked.questions
    )
    shown = {
        "title": view.definition.title.into(language),
        "receipt_groups": () if anonymous else grouped(response.receipt),
        "time": moment(response, view.definition),
        "unit": site().tree.name(response.unit),
        "place": response.place,
        "version": response.version,
        "agreed": _agreed(response),
        "filled_in": _filled_in(response),
        "language": LANGUAGE_NAMES.get(response.language, response.language),
        "state_word": state_word(response.state, view.definition.workflow),
        "state_kind": state_of(view.definition.workflow, response.state).kind,
        "message": response.message,
        "hints": hints(view, response),
        "points": points_of(versions, response, is_unmasked=is_unmasked),
        "history": history_rows(view, asked, response, is_unmasked=is_unmasked),
        "warnings": [flag_words(flag, asked) for flag in response.flags],
        "sections": [_section(section, response, is_unmasked) for section in asked.sections],
        "back_href": url_for("chair.list_responses", definition=response.definition),
        "unmask_action": _unmask_action(response) if has_masked else "",
    }
    return staff_page(
        "staff/response.html",
        title=view.definition.title.into(language),
        status=status,
        response=shown,
        review=review_panel(view, response, typed),
        naming=naming(response) if responses.is_confidential(view.definition) else None,
    )


def _unmask_action(response: Answered) -> str:
    return url_for("chair.show_sensitive", definition=response.definition, response_id=response.id)


def moment(response: Answered, definition: Definition) -> str:
    """When it came, to the hour where the form is anonymous."""
    return response.submitted_at.strftime(
        "%H h, %d/%m/%Y" if definition.anonymous else "%H:%M %d/%m/%Y"
    )


def shown_answer(question: Question, response: Answered) -> str:
    """An answer in words, empty where there is none."""
    value = response.answers.get(question.name)
    return "" if value is None else question.show(value, screen_language())


def _agreed(response: Answered) -> str:
    """Which notice the sender accepted, when and by which way; empty where nothing was asked."""
    accepted = response.accepted
    if accepted is None:
        return ""
    ways = {
        "web": gettext("on the form's page"),
        "kiosk": gettext("on a shared device"),
        "spoken": gettext("heard from a helper"),
        "phone": gettext("by telephone"),
        "paper": gettext("on paper"),
        "request": gettext("changed because they asked for it"),
    }
    return gettext(
        "notice %(version)s, %(time)s, %(way)s",
        version=accepted.notice,
        time=datetime.fromisoformat(accepted.at).strftime(
            "%H:%M %d/%m/%Y" if "T" in accepted.at else "%d/%m/%Y"
        ),
        way=ways.get(accepted.channel, accepted.channel),
    )


def _filled_in(response: Answered) -> str:
    """Who filled it in for the worker, and from which paper; empty where nobody did."""
    if not response.helper:
        return ""
    person = site().store.people.get(response.helper)
    told = [(person.full_name if person else "") or response.helper]
    if response.channel == "paper":
        told.append(gettext("from a paper form"))
    if response.filled_on:
        day = f"{datetime.fromisoformat(response.filled_on):%d/%m/%Y}"
        told.append(gettext("signed on %(day)s", day=day))
    if response.sheet:
        told.append(gettext("sheet no. %(number)s", number=response.sheet))
    return " · ".join(told)


def _section(section: Section, response: Answered, is_unmasked: bool) -> dict[str, object]:
    language = screen_language()
    always = not section.relevant  # what nobody was asked is no gap
    return {
        "title": section.title.into(language) if section.title else "",
        "answers": [
            {
                "question": question.label.into(language),
                "text": _told(question, response, is_unmasked),
                "sensitive": question.sensitive,
                "files": file_links(question, response, is_unmasked=is_unmasked),
            }
            for question in section.asked
            if question.asks
            if question.name in response.answers or (always and not question.relevant)
        ],
    }


def _told(question: Question, response: Answered, is_unmasked: bool) -> str:
    if not is_unmasked and question.sensitive and question.name in response.answers:
        return MASK
    return shown_answer(question, response)
