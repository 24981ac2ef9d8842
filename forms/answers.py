"""The one check of all answers to a definition: what is kept, what is wrong, what needs a look.

Every way in uses it: the worker's page, JSON, the queue of a phone, import and assisted entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .cleaning import clean_text, made_readable
from .definition import Definition
from .problems import N_, REQUIRED, Problem
from .types import Question, Raw, Value
from .types.base import Inputs
from .types.choices import SelectMultiple, SelectOne
from .types.ticks import Consent

_CONSENT_NEEDED = Problem(N_("Please tick this box if you agree; without it we may not keep this."))
_SENSITIVE_NEEDED = Problem(
    N_("You answered a question marked sensitive. Please tick this box, or clear that answer.")
)


@dataclass(frozen=True)
class CheckedAnswers:
    """Answers by question name, problems by question name, flags such as `so_cccd:birth_year`."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


def check_answers(
    definition: Definition, inputs: Inputs, today: date, *, keep_broken: bool = False
) -> CheckedAnswers:
    """Check all inputs against the definition; unknown names are ignored, hidden questions too.

    With `keep_broken` (the sender is gone and cannot correct anything) an answer that breaks a
    rule is kept as it came and flagged, instead of being a problem.
    """
    answers: dict[str, Value] = {}
    problems: dict[str, Problem] = {}
    flags: list[str] = []
    for question in definition.asking:
        if question.relevant and not question.relevant.holds(answers):
            continue
        checked = question.check(raw := question.read(inputs), today)
        problem = checked.problem
        if problem is None and checked.value is None and _is_missing(question, definition, answers):
            problem = _missing_problem(question)
        if problem and keep_broken:
            flags.append(f"{question.name}:broke_rule")
            if kept := _as_it_came(raw):
                answers[question.name] = kept
        elif problem:
            problems[question.name] = problem
        elif checked.value is not None:
            answers[question.name] = checked.value
            flags += [f"{question.name}:{warning}" for warning in checked.warnings]
    flags += _cross_flags(definition, answers)
    return CheckedAnswers(answers, problems, tuple(flags))


def as_inputs(definition: Definition, answers: Mapping[str, Value]) -> Inputs:
    """Kept answers as a page would send them back, veiled where the question veils itself."""
    inputs: dict[str, Sequence[str]] = {}
    for question in definition.asking:
        if (value := answers.get(question.name)) is None:
            continue
        written = question.write(value)
        veil = question.veiled(value)
        if written.values:
            inputs[question.name] = (veil,) if veil else written.values
        inputs |= {f"{question.name}.{part}": texts for part, texts in written.parts.items()}
    return inputs


def unveiled(definition: Definition, inputs: Inputs, answers: Mapping[str, Value]) -> Inputs:
    """The same inputs, with the kept answer wherever its veil came back untouched."""
    kept = {
        question.name: question.write(answers[question.name]).values
        for question in definition.asking
        if question.name in answers
        and (veil := question.veiled(answers[question.name]))
        and list(inputs.get(question.name, ())) == [veil]
    }
    return {**inputs, **kept}


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
    value = answers[question.name]
    chosen = value if isinstance(value, list) else [str(value)]
    return set(chosen) <= question.declining


def _is_missing(question: Question, definition: Definition, answers: Mapping[str, Value]) -> bool:
    if isinstance(question, Consent) and question.purpose == "sensitive":
        return bool(sensitive_answers(definition, answers))
    return question.required


def _missing_problem(question: Question) -> Problem:
    if not isinstance(question, Consent):
        return REQUIRED
    return _SENSITIVE_NEEDED if question.purpose == "sensitive" else _CONSENT_NEEDED


def _as_it_came(raw: Raw) -> str:
    parts = ["/".join(texts[0] for texts in raw.parts.values() if texts)] if raw.parts else []
    text = "; ".join([*raw.values, *parts])
    return clean_text(made_readable(text))[:20_000]


def _cross_flags(definition: Definition, answers: Mapping[str, Value]) -> list[str]:
    compared = [
        f"{question.name}:{warning}"
        for question in definition.asking
        if question.name in answers
        for warning in question.compare(answers[question.name], answers)
    ]
    return compared + [flag.code for flag in definition.flags if flag.when.holds(answers)]
