"""What is asked of whom: hidden questions and sections, the alarm; from answers that are known.

The page's steps, the staff's pages and the check of answers ask here; nothing is checked here.
"""

from collections.abc import Mapping
from datetime import date

from .definition import Definition
from .expressions import Expression
from .types import Question, Value
from .types.calculate import Calculate


def is_asked(
    question: Question, section: Expression | None, known: Mapping[str, object], today: date
) -> bool:
    """Whether it is asked at all, and its conditions and its section's hold."""
    return not question.hidden and all(
        condition.holds(known, today) for condition in (section, question.relevant) if condition
    )


def hidden(definition: Definition, answers: Mapping[str, Value], today: date) -> frozenset[str]:
    """The names of questions that are not asked after these answers, notes among them."""
    known = as_seen(definition, answers, today)
    return frozenset(
        question.name
        for section in definition.sections
        for question in section.asked
        if not is_asked(question, section.relevant, known, today)
    )


def visible_stops(
    definition: Definition, answers: Mapping[str, Value], today: date
) -> tuple[int, ...]:
    """The stops with anything to show after these answers, in order, counted from 0."""
    gone = hidden(definition, answers, today)
    return tuple(
        place
        for place, stop in enumerate(definition.stops)
        if any(_is_shown(question) and question.name not in gone for question in stop.questions)
    )


def rings(definition: Definition, answers: Mapping[str, Value], today: date) -> bool:
    """Whether these answers cannot wait."""
    alarm = definition.alarm
    return bool(alarm and alarm.when.holds(as_seen(definition, answers, today), today))


def as_seen(
    definition: Definition, answers: Mapping[str, Value], today: date
) -> Mapping[str, object]:
    """Answers as expressions see them: hidden ones are empty, calculations made anew."""
    known: dict[str, object] = {}
    for question, section in definition.dependency_order:
        if not is_asked(question, section, known, today):
            continue
        value = answers.get(question.name)
        if isinstance(question, Calculate):
            value = question.keep(question.calculation.value(known, today))
        if value is not None:
            known[question.name] = question.meaning(value)
    return known


def _is_shown(question: Question) -> bool:
    return not isinstance(question, Calculate) or question.is_shown
