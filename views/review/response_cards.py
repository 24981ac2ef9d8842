"""The first page's cards about responses: per form what is new, overdue, given to me, waiting."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext, ngettext

from forms.definition import Definition
from forms.workflow import kept_as
from services.publishing.publish import published_versions
from services.reading import responses
from services.reading.filtering import OPEN, Asked
from services.reading.narrowing import narrowed
from services.reading.responses import View

from ..language import screen_language
from ..options import number_text
from ..session import me
from ..site import site
from .complaints import waiting_rows
from .list_filter import list_href, lookup


def response_cards() -> list[dict[str, object]]:
    """One card per form that has responses for this person, those with work to do first."""
    store, tree, today = site().store, site().tree, site().today
    cards = []
    for version in published_versions(store):
        definition = version.definition
        view = responses.view_for(store, definition, me(), tree, today=today)
        count, _ = responses.page(store, view, offset=0, limit=0)
        if waiting := len(waiting_rows(definition)):
            text = ngettext("waits for a first reader", "wait for a first reader", waiting)
            cards.append((0, _card(definition, waiting, text)))
        elif count:
            cards.append(_counted(definition, view, count))
    return [card for _, card in sorted(cards, key=lambda pair: pair[0])]


def _counted(definition: Definition, view: View, count: int) -> tuple[int, dict[str, object]]:
    """The card, and what sorts it: forms with something overdue, with something to do, others."""
    card = _card(definition, count, ngettext("response", "responses", count))
    if definition.anonymous:  # how many are new would tell who has just answered
        return 2, card
    lines = list(_lines(definition, view))
    card["links"] = [line for line in lines if line]
    overdue, _, _, new = (bool(line) for line in lines)
    return (0 if overdue else 1 if new else 2), card


def _lines(definition: Definition, view: View) -> Iterator[dict[str, str] | None]:
    workflow = definition.workflow
    waiting = tuple(kept_as(workflow, state) for state in workflow if state.kind == "waiting")
    first = kept_as(workflow, workflow[0])
    due = Asked(late=True, sort="waiting")
    yield _line(definition, view, gettext("Overdue"), due, "refused")
    yield _line(definition, view, gettext("Given to me"), Asked(mine=True, states=(OPEN,)))
    yield (
        _line(definition, view, gettext("Waiting for the worker"), Asked(states=waiting))
        if waiting
        else None
    )
    yield _line(definition, view, gettext("New"), Asked(states=(first,)), "new")


def _line(
    definition: Definition, view: View, word: str, asked: Asked, kind: str = ""
) -> dict[str, str] | None:
    found, _ = narrowed(site().store, view, asked, lookup())
    count, _ = responses.page(site().store, found, offset=0, limit=0)
    if not count:
        return None
    return {
        "word": word,
        "count": number_text(count),
        "kind": kind,
        "href": list_href(definition.id, asked),
    }


def _card(definition: Definition, count: int, text: str) -> dict[str, object]:
    return {
        "heading": definition.title.into(screen_language()),
        "number": number_text(count),
        "text": text,
        "href": url_for("chair.list_responses", definition=definition.id),
        "action": gettext("Read responses"),
    }
