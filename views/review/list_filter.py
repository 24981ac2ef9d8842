"""What the address asks a list of responses to show: as a view, as a form, as words."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from federation.access import Act
from forms.definition import Definition
from forms.problems import FLAGS
from forms.types.citizen_id import CitizenId
from forms.types.dates import Date
from services.reading import responses
from services.reading.filtering import (
    CLOSED,
    OPEN,
    SCORE,
    Asked,
    choosable,
    inputs_of,
    read_query,
    states_of,
)
from services.reading.narrowing import Lookup, narrowed
from services.reading.responses import View
from storage.response_filter import Order

from ..language import flag_words, screen_language, state_word
from ..options import Option, unit_options
from ..session import me
from ..site import site
from .response_door import view_of

_MOST_PLACES = 200


@dataclass(frozen=True)
class Listed:
    """A form's responses as the address asks for them: what a page, a count and a file contain."""

    view: View
    whole: View
    versions: tuple[Definition, ...]
    asked: Asked
    unknown: tuple[str, ...]
    """What the address says that means nothing on this form, and what an anonymous one refuses."""

    @property
    def definition(self) -> Definition:
        return self.view.definition


def listed(definition: str, act: Act = Act.SEE_RESPONSES) -> Listed:
    """What the address asks for, of what this person may see; 404 for a form that is not theirs."""
    inputs = {name: request.values.getlist(name) for name in request.values}
    whole, versions = view_of(definition, act)
    asked, unknown = read_query(inputs, versions, site().tree)
    view, done = narrowed(site().store, whole, asked, lookup())
    refused = [value for pair in asked.query() if pair not in done.query() for value in pair[1:]]
    return Listed(view, whole, versions, done, (*unknown, *refused))


def lookup() -> Lookup:
    """Who asks, and when."""
    return Lookup(
        site().tree, me().name, site().today, site().hasher, frozenset(site().config.holidays)
    )


def list_href(definition: str, asked: Asked, **more: object) -> str:
    """The address of a list that is asked for this."""
    query: dict[str, Any] = {**inputs_of(asked.query()), **more}
    return url_for("chair.list_responses", definition=definition, **query)


def export_href(definition: str, asked: Asked) -> str:
    """The address of the page that makes a file of exactly what the list shows."""
    query: dict[str, Any] = dict(inputs_of(replace(asked, sort="newest").query()))
    return url_for("exporting.show_export", definition=definition, **query)


def filter_form(shown: Listed) -> dict[str, object]:
    """The inputs of the filter, with what is chosen."""
    definition, asked = shown.definition, shown.asked
    anonymous = definition.anonymous
    return {
        "action": url_for("chair.find_responses", definition=definition.id),
        "clear_href": url_for("chair.list_responses", definition=definition.id),
        "narrows": asked.narrows,
        "lines": filter_words(shown),
        "unknown": ", ".join(shown.unknown),
        "q": asked.text,
        "numbers": asked.numbers,
        "named": not anonymous,
        "states": _state_options(definition, asked),
        "since": f"{asked.since:%d/%m/%Y}" if asked.since else "",
        "to": f"{asked.to:%d/%m/%Y}" if asked.to else "",
        "units": _unit_options(shown),
        "places": _place_options(shown),
        "versions": _version_options(shown),
        "flags": _flag_options(shown),
        "choices": _choice_groups(shown),
        "mine": asked.mine,
        "late": asked.late,
        "sorts": [] if anonymous else _sort_options(definition, asked),
    }


def _any(word: str, options: list[Option]) -> list[Option]:
    return [Option("", word), *options] if options else []


def _state_options(definition: Definition, asked: Asked) -> list[Option]:
    words = {OPEN: gettext("All that are not finished"), CLOSED: gettext("All that are finished")}
    words |= {state: state_word(state, definition.workflow) for state in states_of(definition)}
    return _any(
        gettext("Any state"),
        [Option(state, word, state in asked.states) for state, word in words.items()],
    )


def _unit_options(shown: Listed) -> list[Option]:
    units = shown.whole.where.units
    mine = units if units is not None else frozenset(site().tree.units)
    options = unit_options(site().tree, mine, shown.asked.unit)
    return _any(gettext("All my units"), options) if len(options) > 1 else []


def _place_options(shown: Listed) -> list[Option]:
    where = shown.whole.where
    groups = where.groups or site().store.count_by_group(shown.definition.id)
    units = where.units
    places = sorted({place for unit, place in groups if place and (not units or unit in units)})
    options = [Option(place, place, place == shown.asked.place) for place in places[:_MOST_PLACES]]
    return _any(gettext("Any place"), options) if len(options) > 1 else []


def _version_options(shown: Listed) -> list[Option]:
    if len(shown.versions) < 2 or shown.definition.anonymous:
        return []
    numbers = range(1, len(shown.versions) + 1)
    return _any(
        gettext("Any version"),
        [Option(str(number), str(number), number == shown.asked.version) for number in numbers],
    )


def _flag_options(shown: Listed) -> list[Option]:
    if shown.definition.anonymous:
        return []
    flags = (*FLAGS, *_flags_of_answers(shown.definition))
    words = {code: flag_words(code, shown.definition) for code in flags if code != "manager"}
    own = {flag.code: flag_words(flag.code, shown.definition) for flag in shown.definition.flags}
    return _any(
        gettext("With or without remarks"),
        [Option(code, word, code in shown.asked.flags) for code, word in (words | own).items()],
    )


def _flags_of_answers(definition: Definition) -> list[str]:
    """Those by which a reviewer looks for people whose papers do not fit, or who are too young."""
    kinds: tuple[tuple[type, tuple[str, ...]], ...] = (
        (CitizenId, ("birth_year", "sex")),
        (Date, ("under_16",)),
    )
    return [
        f"{question.name}:{code}"
        for question in definition.asking
        for kind, codes in kinds
        if isinstance(question, kind)
        for code in codes
    ]


def _choice_groups(shown: Listed) -> list[dict[str, object]]:
    language = screen_language()
    return [
        {
            "label": question.label.into(language),
            "options": [
                Option(
                    f"{question.name}:{choice.name}",
                    choice.label.into(language),
                    (question.name, choice.name) in shown.asked.choices,
                )
                for choice in question.choices
            ],
        }
        for question in choosable(shown.versions)
    ]


def _sort_options(definition: Definition, asked: Asked) -> list[Option]:
    words = {
        Order.NEWEST.value: gettext("Newest first"),
        Order.WAITING.value: gettext("Waiting longest first"),
        Order.NAME.value: gettext("By given name"),
    }
    if definition.priority:
        words[SCORE] = gettext("Most points first")
    return [Option(sort, word, sort == asked.sort) for sort, word in words.items()]


def filter_words(shown: Listed) -> list[str]:
    """What the list is narrowed to, one line each."""
    asked, definition, language = shown.asked, shown.definition, screen_language()
    states = {OPEN: gettext("not finished"), CLOSED: gettext("finished")}
    questions = {question.name: question for question in choosable(shown.versions)}
    lines = [f"“{asked.text}”"] if asked.text else []
    lines += [gettext("one ID or phone number")] if asked.numbers else []
    lines += [states.get(s) or state_word(s, definition.workflow) for s in asked.states]
    if asked.since:
        lines.append(gettext("from %(day)s", day=f"{asked.since:%d/%m/%Y}"))
    if asked.to:
        lines.append(gettext("to %(day)s", day=f"{asked.to:%d/%m/%Y}"))
    lines += [site().tree.name(asked.unit)] if asked.unit else []
    lines += [asked.place] if asked.place else []
    if asked.version:
        lines.append(gettext("version %(number)s", number=asked.version))
    lines += [flag_words(flag, definition) for flag in asked.flags]
    lines += [
        f"{questions[name].label.into(language)}: {questions[name].label_of(choice, language)}"
        for name, choice in asked.choices
    ]
    lines += [gettext("assigned to me")] if asked.mine else []
    return lines + ([gettext("overdue")] if asked.late else [])


def whole_count(shown: Listed) -> int:
    """How many there are without the filter."""
    return responses.page(site().store, shown.whole, offset=0, limit=0)[0]
