"""The one check of all answers to a definition: what is kept, what is wrong, what needs a look.

Every way in uses it: the worker's page, JSON, the queue of a phone, import and assisted entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .definition import Definition
from .problems import N_, REQUIRED, Problem
from .types import Question, Value
from .types.base import NO_UPLOADS, Inputs, Uploads, names_in
from .types.choices import SelectMultiple, SelectOne
from .types.ticks import Consent

_CONSENT_NEEDED = Problem(N_("Please tick this box if you agree; without it we may not keep this."))
_SENSITIVE_NEEDED = Problem(
    N_("You answered a question marked sensitive. Please tick this box, or clear that answer.")
)


@dataclass(frozen=True)
class CheckedAnswers:
    """Answers by question name, problems by question name, flags such as `so_cccd:birth_year`.

    `files` are the cleaned files that the answers name.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def check_answers(
    definition: Definition,
    inputs: Inputs,
    today: date,
    *,
    uploads: Uploads = NO_UPLOADS,
    keep_broken: bool = False,
) -> CheckedAnswers:
    """Check all inputs against the definition; unknown names are ignored, hidden questions too.

    With `keep_broken` (the sender is gone and cannot correct anything) an answer that breaks a
    rule is kept as it came and flagged, instead of being a problem.
    """
    answers: dict[str, Value] = {}
    problems: dict[str, Problem] = {}
    flags: list[str] = []
    files: dict[str, bytes] = {}
    for question in definition.asking:
        if question.relevant and not question.relevant.holds(answers):
            continue
        checked = question.check(raw := question.read(inputs, uploads), today)
        problem = checked.problem
        if problem is None and checked.value is None and _is_missing(question, definition, answers):
            problem = _missing_problem(question)
        if problem and keep_broken:
            flags.append(f"{question.name}:broke_rule")
            checked = question.salvage(raw, today)
            if checked.value is not None:
                answers[question.name] = checked.value
                files |= checked.files
        elif problem:
            problems[question.name] = problem
        elif checked.value is not None:
            answers[question.name] = checked.value
            files |= checked.files
            flags += [f"{question.name}:{warning}" for warning in checked.warnings]
    flags += _cross_flags(definition, answers)
    return CheckedAnswers(answers, problems, tuple(flags), files)


def sensitive_answers(definition: Definition, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Names of the sensitive questions that were answered; declining to say is no answer."""
    return tuple(
        question.name
        for question in definition.asking
        if question.sensitive and question.name in answers and not _declined(question, answers)
    )


def _declined(question: Question, answers: Mapping[str, Value]) -> bool:
    if not isinstance(question, SelectOne | SelectMultiple):
        return False
    return set(names_in(answers[question.name])) <= question.declining


def _is_missing(question: Question, definition: Definition, answers: Mapping[str, Value]) -> bool:
    if isinstance(question, Consent) and question.purpose == "sensitive":
        return bool(sensitive_answers(definition, answers))
    return question.required


def _missing_problem(question: Question) -> Problem:
    if not isinstance(question, Consent):
        return REQUIRED
    return _SENSITIVE_NEEDED if question.purpose == "sensitive" else _CONSENT_NEEDED


def _cross_flags(definition: Definition, answers: Mapping[str, Value]) -> list[str]:
    compared = [
        f"{question.name}:{warning}"
        for question in definition.asking
        if question.name in answers
        for warning in question.compare(answers[question.name], answers)
    ]
    return compared + [flag.code for flag in definition.flags if flag.when.holds(answers)]
