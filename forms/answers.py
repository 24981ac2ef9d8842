"""The one check of all answers to a definition: what is kept, what is wrong, what needs a look.

Every way in uses it: the worker's page, JSON, the queue of a phone, import and assisted entry.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from .definition import Definition
from .problems import BROKEN_CONSTRAINT, N_, REQUIRED, Problem
from .types import Question, Raw, Value
from .types.base import NO_ANSWER, NO_UPLOADS, Checked, Inputs, Uploads, names_in
from .types.calculate import Calculate
from .types.choices import SelectMultiple, SelectOne
from .types.ticks import Consent
from .visibility import is_asked

DROP_INPUT = "_drop"
_CONSENT_NEEDED = Problem(N_("Please tick this box if you agree; without it we may not keep this."))
_MISFIT = N_("“%(choice)s” does not go with your other answers. Please choose another one.")
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
    sent: Mapping[str, Value] = MappingProxyType({}),
    keep_broken: bool = False,
) -> CheckedAnswers:
    """Check all inputs against the definition; unknown names are ignored, hidden questions too.

    `sent` names the files that came before: they stand where no new one comes. With `keep_broken`
    (the sender is gone and cannot correct anything) an answer that breaks a rule is kept as it came
    and flagged, instead of being a problem.
    """
    judging = _Judging(definition, inputs, uploads, today, keep_broken=keep_broken, sent=sent)
    for question, section in definition.dependency_order:
        if is_asked(question, section, judging.known, today):
            judging.take(question)
    for question in definition.asking:
        if question.name in judging.raws:
            judging.rule(question)
    return judging.verdict()


class _Judging:
    """One check: first every value in dependency order, then the rules that need them all."""

    def __init__(
        self,
        definition: Definition,
        inputs: Inputs,
        uploads: Uploads,
        today: date,
        *,
        keep_broken: bool,
        sent: Mapping[str, Value],
    ) -> None:
        self._definition, self._inputs, self._uploads = definition, inputs, uploads
        self._today, self._keep_broken, self._sent = today, keep_broken, sent
        self.known: dict[str, object] = {}  # answers as expressions see them
        self.raws: dict[str, Raw] = {}  # of the questions that are asked
        self._answers: dict[str, Value] = {}
        self._problems: dict[str, Problem] = {}
        self._flags: dict[str, list[str]] = {}
        self._files: dict[str, Mapping[str, bytes]] = {}

    def take(self, question: Question) -> None:
        """Keep the answer to a question, or note what is wrong with it alone."""
        if isinstance(question, Calculate):
            calculated = question.calculation.value(self.known, self._today)
            self._keep(question, Checked(question.keep(calculated)))
            return
        self.raws[question.name] = raw = question.read(self._inputs, self._uploads)
        checked = question.check(raw, self._today)
        if checked.problem:
            saved = question.salvage(raw, self._today) if self._keep_broken else NO_ANSWER
            self._refuse(question, checked.problem, saved)
            return
        if checked.value is None and question.name in self._sent:
            checked = Checked(self._sent[question.name])
        self._keep(question, checked)
        self._flags[question.name] = [f"{question.name}:{code}" for code in checked.warnings]

    def rule(self, question: Question) -> None:
        """What the definition demands of an answer, now that all others are known."""
        name = question.name
        if name in self._problems or f"{name}:broke_rule" in self._flags.get(name, ()):
            return
        if name not in self._answers:
            if self._is_missing(question):
                self._refuse(question, missing_problem(question), NO_ANSWER)
        elif not self._fits(question):
            kept = Checked(self._answers[name], files=self._files[name])
            self._refuse(question, constraint_problem(question), kept)
        elif isinstance(question, SelectOne | SelectMultiple):
            self._rule_choices(question)

    def _rule_choices(self, question: SelectOne | SelectMultiple) -> None:
        value = self._answers[question.name]
        if misfit := question.misfit(value, self.known):
            self._refuse(question, Problem(_MISFIT, {"choice": misfit.label}), Checked(value))

    def _fits(self, question: Question) -> bool:
        constraint, own = question.constraint, self.known[question.name]
        return constraint is None or constraint.holds(self.known, self._today, own)

    def verdict(self) -> CheckedAnswers:
        """Everything in the order of the form."""
        names = [question.name for question in self._definition.asking]
        answers = {name: self._answers[name] for name in names if name in self._answers}
        problems = {name: self._problems[name] for name in names if name in self._problems}
        flags = [flag for name in names for flag in self._flags.get(name, ())]
        flags += _cross_flags(self._definition, answers, self.known, self._today)
        files = {file: content for name in answers for file, content in self._files[name].items()}
        return CheckedAnswers(answers, problems, tuple(flags), files)

    def _keep(self, question: Question, checked: Checked) -> None:
        if checked.value is not None:
            self._answers[question.name] = checked.value
            self._files[question.name] = checked.files
            self.known[question.name] = question.meaning(checked.value)

    def _refuse(self, question: Question, problem: Problem, kept: Checked) -> None:
        if self._keep_broken:
            self._flags.setdefault(question.name, []).append(f"{question.name}:broke_rule")
            self._keep(question, kept)
        else:
            self._problems[question.name] = problem
            self._answers.pop(question.name, None)

    def _is_missing(self, question: Question) -> bool:
        if isinstance(question, Consent) and question.purpose == "sensitive":
            return bool(sensitive_answers(self._definition, self._answers))
        if isinstance(question.required, bool):
            return question.required
        return question.required.holds(self.known, self._today)


def as_inputs(definition: Definition, answers: Mapping[str, Value]) -> Inputs:
    """Kept answers as a page would send them back, veiled where the question veils itself.

    Files are left out, for no page can send them back; see `sent_files`.
    """
    inputs: dict[str, Sequence[str]] = {}
    for question in _typed(definition, answers):
        inputs |= _named(question, question.offer(answers[question.name]))
    return inputs


def unveiled(definition: Definition, inputs: Inputs, answers: Mapping[str, Value]) -> Inputs:
    """The same inputs, with the kept answer wherever its veil came back untouched."""
    kept: dict[str, Sequence[str]] = {}
    for question in _typed(definition, answers):
        veils = _named(question, question.offer(answers[question.name]))
        for name, texts in _named(question, question.write(answers[question.name])).items():
            if texts != veils[name] and tuple(inputs.get(name, ())) == veils[name]:
                kept[name] = texts
    return {**inputs, **kept}


def _typed(definition: Definition, answers: Mapping[str, Value]) -> Iterator[Question]:
    """The questions that were answered by typing or choosing."""
    for question in definition.asking:
        is_typed = not question.keeps_files and not isinstance(question, Calculate)
        if is_typed and question.name in answers:
            yield question


def _named(question: Question, raw: Raw) -> dict[str, tuple[str, ...]]:
    """A raw answer under the names of its inputs."""
    whole = {question.name: raw.values} if raw.values else {}
    return whole | {f"{question.name}.{part}": texts for part, texts in raw.parts.items()}


def sent_files(
    definition: Definition, inputs: Inputs, answers: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The answers that name files, but for those whose sender drops them (`_drop=<question>`)."""
    return {
        question.name: answers[question.name]
        for question in definition.asking
        if question.keeps_files and question.name in answers
        if question.name not in inputs.get(DROP_INPUT, ())
    }


def sensitive_answers(definition: Definition, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Names of the sensitive questions that were answered; declining to say is no answer."""
    return tuple(
        question.name
        for question in definition.asking
        if question.sensitive and question.name in answers
        if not isinstance(question, Calculate) and not _declined(question, answers)
    )


def _declined(question: Question, answers: Mapping[str, Value]) -> bool:
    if not isinstance(question, SelectOne | SelectMultiple):
        return False
    return set(names_in(answers[question.name])) <= question.declining


def constraint_problem(question: Question) -> Problem:
    """What to say of an answer that breaks the question's constraint."""
    if question.constraint_message:
        return Problem("%(message)s", {"message": question.constraint_message})
    return BROKEN_CONSTRAINT


def missing_problem(question: Question) -> Problem:
    """What to say of a question that must be answered and is not."""
    if not isinstance(question, Consent):
        return REQUIRED
    return _SENSITIVE_NEEDED if question.purpose == "sensitive" else _CONSENT_NEEDED


def _cross_flags(
    definition: Definition,
    answers: Mapping[str, Value],
    known: Mapping[str, object],
    today: date,
) -> list[str]:
    compared = [
        f"{question.name}:{warning}"
        for question in definition.asking
        if question.name in answers
        for warning in question.compare(answers[question.name], answers)
    ]
    return compared + [flag.code for flag in definition.flags if flag.when.holds(known, today)]
