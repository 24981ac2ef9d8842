"""What part of a form a page shows after a post: which stop, which row more, which problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from forms.answers import DROP_INPUT, CheckedAnswers, check_answers
from forms.definition import Definition
from forms.steps import Step, names_of, step_at, stop_of
from forms.types import Value
from forms.types.base import Inputs

STEP_INPUT = "_step"
NO_ANSWERS: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Shown:
    """`step` is None for a form on one page; `grown` is the repeat that gets an empty row more;
    `unkept` says that the answers could not be kept, whatever they are.
    """

    checked: CheckedAnswers = field(default_factory=CheckedAnswers)
    step: Step | None = None
    grown: str = ""
    unkept: bool = False


def at_first(
    definition: Definition, today: date, answers: Mapping[str, Value] = NO_ANSWERS
) -> Shown:
    """A form that nobody has begun, or one with the answers that were sent before."""
    step = step_at(definition, answers, 1, today) if definition.steps else None
    return Shown(CheckedAnswers(answers), step)


def after_step(
    definition: Definition,
    inputs: Inputs,
    today: date,
    sent: Mapping[str, Value] = NO_ANSWERS,
) -> Shown:
    """The page that `_step` asks for; nothing is kept. `sent` are the files of a correction.

    `lang` (or `lang.3`) shows the stop again, `add.<repeat>` with one row more, a number goes to
    that stop, but not past one that has problems.
    """
    wish = next(iter(inputs.get(STEP_INPUT, ())), "")
    act, _, rest = wish.partition(".")
    grown = rest if act == "add" and rest in definition.by_name else ""
    if not definition.steps:
        return Shown(grown=grown)
    checked = check_answers(definition, inputs, today, sent=sent)
    if grown:
        return Shown(
            step=_at(definition, checked, stop_of(definition, {grown}), today), grown=grown
        )
    wanted = _number(rest if act == "lang" else act)
    if act != "lang":
        early = _before(definition, checked, wanted)
        if early.problems:
            return refused(definition, early, today)
    return Shown(step=_at(definition, checked, wanted, today))


def refused(definition: Definition, checked: CheckedAnswers, today: date) -> Shown:
    """The problems of a post; with steps, those of the first stop that has any."""
    if not definition.steps:
        return Shown(checked)
    stop = stop_of(definition, checked.problems)
    here = names_of(definition, stop)
    problems = {
        name: problem
        for name, problem in checked.problems.items()
        if name in here or name not in definition.by_name
    }
    return Shown(replace(checked, problems=problems), _at(definition, checked, stop, today))


def unkept(definition: Definition, inputs: Inputs, today: date) -> Shown:
    """A post that was right and could not be kept; with steps, the section that sends."""
    if not definition.steps:
        return Shown(unkept=True)
    checked = check_answers(definition, inputs, today)
    last = _at(definition, checked, len(definition.sections), today)
    return Shown(step=last, unkept=True)


def kept_inputs(definition: Definition, inputs: Inputs, step: Step) -> list[tuple[str, str]]:
    """The answers of all other stops, as hidden inputs."""
    here = names_of(definition, step.stop)
    return [
        (name, text)
        for name, texts in inputs.items()
        for text in texts
        if (asked := text if name == DROP_INPUT else name.partition(".")[0]) in definition.by_name
        if asked not in here
    ]


def _at(definition: Definition, checked: CheckedAnswers, stop: int, today: date) -> Step:
    return step_at(definition, checked.answers, stop, today)


def _before(definition: Definition, checked: CheckedAnswers, wanted: int) -> CheckedAnswers:
    stops = range(1, min(wanted, len(definition.stops) + 1))
    names = frozenset().union(*(names_of(definition, number) for number in stops))
    problems = {name: said for name, said in checked.problems.items() if name in names}
    return replace(checked, problems=problems)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
