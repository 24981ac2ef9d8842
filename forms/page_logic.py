"""The logic of a form as the JSON that static/logic.js runs on the phone, with its messages."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from .answers import constraint_problem, missing_problem
from .definition import Definition
from .entry_fields import Entry
from .expressions import Call, Constant, Expression, Node, Reference, as_json
from .problems import BROKEN_CONSTRAINT, REQUIRED
from .types import Question
from .types.calculate import Calculate
from .types.choices import SelectMultiple, SelectOne
from .types.repeat import Repeat
from .types.ticks import Consent


def page_logic(definition: Definition, entry: Entry) -> dict[str, Any] | None:
    """Every question that rules another or is ruled, in the order in which they are worked out."""
    if not definition.has_logic:
        return None
    sections = [s.relevant.json if s.relevant else None for s in definition.sections]
    return {
        "sections": sections,
        "questions": list(_questions(definition, entry)),
        "missing": entry.problem(REQUIRED),
        "message": entry.problem(BROKEN_CONSTRAINT),
    }


def _questions(definition: Definition, entry: Entry) -> Iterator[dict[str, Any]]:
    place = {q.name: at for at, part in enumerate(definition.sections) for q in part.asked}
    notes = [question for question in definition.questions if not question.asks]
    everything = [*(question for question, _ in definition.dependency_order), *notes]
    for question in (question for question in everything if not question.hidden):
        told: dict[str, Any] = {"name": question.name, "kind": question.reading}
        if definition.sections[place[question.name]].relevant:
            told["section"] = place[question.name]
        if question.relevant:
            told["relevant"] = question.relevant.json
        if isinstance(question, Calculate):
            told["calculation"] = question.calculation.json
        if isinstance(question, SelectOne | SelectMultiple) and question.filter:
            told["filter"] = question.filter
            told["fits"] = {c.name: c.fits for c in question.offered if c.fits}
        yield told | _rules(definition, question, entry)


def _rules(definition: Definition, question: Question, entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if isinstance(question, Repeat):  # its inputs bear other names: the server alone judges it
        return told
    if required := _required(definition, question):
        told["required"] = required
        if missing_problem(question) is not REQUIRED:
            told["missing"] = entry.problem(missing_problem(question))
    if question.constraint and question.reading != "p":
        told["constraint"] = question.constraint.json
        if question.constraint_message:
            told["message"] = entry.problem(constraint_problem(question))
    return told


def _required(definition: Definition, question: Question) -> Any:
    if isinstance(question, Consent) and question.purpose == "sensitive":
        answered = [_tells(q) for q in definition.asking if _counts(q)]
        if not answered:
            return False
        return as_json(reduce(lambda left, right: Call("or", (left, right)), answered))
    required = question.required
    return required.json if isinstance(required, Expression) else required


def _counts(question: Question) -> bool:
    return question.sensitive and not question.hidden and not isinstance(question, Calculate)


def _tells(question: Question) -> Node:
    """Whether a sensitive question was answered; declining to say is no answer."""
    name = Reference(question.name)
    if isinstance(question, SelectOne | SelectMultiple) and question.declining:
        telling = [choice for choice in question.offered if not choice.declines]
        return Call("or", tuple(Call("selected", (name, Constant(c.name))) for c in telling))
    return Call("!=", (name, Constant("")))
