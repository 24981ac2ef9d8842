"""A form as data: texts, notice, sections of questions; immutable once it is published."""

import hashlib
import json
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .dependencies import check_dependencies, in_order, is_ruled, needs
from .expressions import Condition, Expression
from .localized import DEFAULT_LANGUAGE, Language, Localized
from .priority import Points
from .retention import DEFAULT, UNLIMITED, Retention
from .stops import Stop, questions_as_stops, sections_as_stops
from .types import AnyQuestion, Question
from .types.base import Name
from .types.calculate import Calculate
from .types.photo import LARGEST_FILE, Photo
from .types.signature import Signature
from .types.ticks import Consent
from .workflow import DEFAULT_WORKFLOW, Once, Workflow, check_once, check_workflow

DefinitionId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
# The server's own inputs; those beginning with _ cannot be question names anyway.
UNIT_INPUT = "don_vi"
MOST_FILES = 12


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticePart(_Part):
    """One heading of the notice with its text."""

    heading: Localized
    text: Localized


class Notice(_Part):
    """What a person must know before giving personal data (Luật 91/2025/QH15, Nghị định 356/2025).

    `summary` is the one sentence above the fold; `version` grows with every change of the text.
    """

    version: int = Field(default=1, ge=1)
    summary: Localized
    parts: tuple[NoticePart, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that it says, in hex."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


class Alarm(_Part):
    """Answers that cannot wait: the worker is told at once whom to call, the chair sees it first.

    `tells` names the one question whose answer is told along with the unit (the shift), also when
    the form is anonymous and everything else is withheld.
    """

    when: Condition
    tells: Name | None = None
    heading: Localized
    text: Localized
    staff_heading: Localized


class Flag(_Part):
    """A mark for the reviewer when the answers fit a condition; never shown to the worker.

    `label` says it as a sentence; without it the code must be one of those in forms/problems.py.
    """

    when: Condition
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Localized | None = None


class Section(_Part):
    """Questions that belong together; asked only where `relevant` holds."""

    title: Localized | None = None
    relevant: Condition | None = None
    questions: tuple[AnyQuestion, ...] = Field(min_length=1, max_length=1_000)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions, each followed by its companions."""
        return tuple(q for written in self.questions for q in (written, *written.companions()))


class Definition(_Part):
    """A form. `open` lets the worker name another unit than the poster's; `steps` shows one section
    at a time, or one question for those who read with effort; `poster` is the one sentence that is
    printed largest. `readers` says whose desk the responses go to (federation/access.py):
    `inspectors` is for complaints, which neither chairs nor administrators learn of. `retention`
    says how long they are kept; unsaid: see `kept`. Who is accepted on a form that `helps` was
    helped. The union means to answer within so many working days.
    """

    id: DefinitionId
    code: str = ""
    title: Localized
    summary: Localized
    promise: Localized
    poster: Localized | None = None
    minutes: int = Field(default=2, ge=1, le=60)
    languages: tuple[Language, ...] = (DEFAULT_LANGUAGE, "en")
    audience: Literal["worker", "unit"] = "worker"
    readers: Literal["chairs", "women", "inspections", "inspectors"] = "chairs"
    anonymous: bool = False
    open: bool = False
    steps: bool | Literal["question"] = False
    notice: Notice
    sections: tuple[Section, ...] = Field(min_length=1, max_length=100)
    next_steps: Localized
    closing: Localized
    alarm: Alarm | None = None
    flags: tuple[Flag, ...] = ()
    workflow: Workflow = DEFAULT_WORKFLOW
    once: Once | None = None
    retention: Retention | None = None
    priority: tuple[Points, ...] = ()
    helps: bool = False
    answer_within: int = Field(default=10, ge=1, le=365)

    @property
    def kept(self) -> Retention:
        """How long responses are kept, by what their senders were told."""
        return self.retention or (UNLIMITED if self.anonymous else DEFAULT)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, each followed by its companions."""
        return tuple(question for section in self.sections for question in section.asked)

    @cached_property
    def by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @property
    def asking(self) -> tuple[Question, ...]:
        """The questions that have an answer."""
        return tuple(question for question in self.questions if question.asks)

    @cached_property
    def sealed_names(self) -> frozenset[str]:
        """The questions whose answers are encrypted at rest, and what is calculated from them."""
        names: set[str] = set()
        for question, _ in self.dependency_order:
            reads = question.calculation.names if isinstance(question, Calculate) else frozenset()
            if question.is_sealed or reads & names:
                names.add(question.name)
        return frozenset(names)

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """What a page with `steps` shows at a time; of hidden questions nothing."""
        sections = [[q for q in section.questions if not q.hidden] for section in self.sections]
        alone = self.steps == "question"
        return questions_as_stops(sections) if alone else sections_as_stops(sections)

    @property
    def scripts(self) -> tuple[str, ...]:
        """Files in static/ that this form's questions use on a phone that runs scripts.

        Steps come first: they put sections into the page that the others then find.
        """
        first = ("steps.js",) if self.steps else ()
        logic = ("expressions.js", "logic.js") if self.has_logic else ()
        used = [q.script for q in self.questions if q.script and not q.hidden]
        return (*first, *dict.fromkeys([*used, *logic]))

    @property
    def most_file_bytes(self) -> int:
        """How much all files of one response may weigh; 0 for a form that asks for none.

        Hidden questions count, too: a phone may still send what an earlier version asked for.
        """
        return LARGEST_FILE * sum(q.most for q in self.questions if isinstance(q, Photo))

    @cached_property
    def has_logic(self) -> bool:
        """Whether expressions rule the page; what opens beside "other" is the stylesheet's."""
        written = [q for section in self.sections for q in section.questions if not q.hidden]
        return any(section.relevant for section in self.sections) or any(map(is_ruled, written))

    @cached_property
    def dependency_order(self) -> tuple[tuple[Question, Expression | None], ...]:
        """What has an answer, with its section's `relevant`, after all that decides about it."""
        section_of = {q.name: section for section in self.sections for q in section.asked}
        return tuple(
            (self.by_name[name], section_of[name].relevant)
            for name in in_order(needs(self._groups))
        )

    @property
    def _groups(self) -> tuple[tuple[Expression | None, tuple[Question, ...]], ...]:
        return tuple((section.relevant, section.asked) for section in self.sections)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [question.name for question in self.questions]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"question names stand twice: {', '.join(twice)}; rename one of each")
        if UNIT_INPUT in names:
            raise ValueError(f"the name {UNIT_INPUT} is the server's own; choose another name")
        if not any(q.asks and not q.hidden for q in self.questions):
            raise ValueError("nothing is asked; add a question, or show a hidden one again")
        return self

    @model_validator(mode="after")
    def _files_fit(self) -> Self:
        photos = [q for q in self.questions if isinstance(q, Photo) and not q.hidden]
        if sum(photo.most for photo in photos) > MOST_FILES:
            raise ValueError(
                f"more than {MOST_FILES} files in one form; lower `most` of its image questions"
            )
        for section in self.sections[:-1] if self.steps else ():
            for question in section.questions:
                if isinstance(question, Photo | Signature) and not question.hidden:
                    raise ValueError(
                        f"question {question.name}: with `steps`, photos and signatures stand in "
                        "the last section; move it there"
                    )
        return self

    @model_validator(mode="after")
    def _handling_fits(self) -> Self:
        check_workflow(self.workflow)
        if self.once:
            check_once(self.once, self.by_name)
            if self.anonymous and self.once.per == "person":
                raise ValueError("once: an anonymous form knows no person; remove `once`")
        return self

    @model_validator(mode="after")
    def _expressions_fit(self) -> Self:
        check_dependencies(self._groups)
        known = {question.name for question in self.asking}
        if self.alarm and self.alarm.tells and self.alarm.tells not in known:
            raise ValueError(f"alarm: no question is named {self.alarm.tells}; correct `tells`")
        told = [flag.when for flag in self.flags] + [part.when for part in self.priority]
        for when in told + ([self.alarm.when] if self.alarm else []):
            if missing := when.names - known:
                raise ValueError(
                    f"{when.source}: no question is named {', '.join(sorted(missing))}"
                )
        return self

    @model_validator(mode="after")
    def _law_is_kept(self) -> Self:
        ticks = {
            q.purpose: at
            for at, q in enumerate(self.questions)
            if isinstance(q, Consent) and not q.hidden
        }
        sensitive = [
            q
            for q in self.questions
            if q.sensitive and not q.hidden and not isinstance(q, Calculate)
        ]
        for question in sensitive:
            if question.required:
                raise ValueError(
                    f"question {question.name} is sensitive and required; "
                    "sensitive questions may always be left: remove `required`"
                )
        if sensitive and "sensitive" not in ticks:
            raise ValueError(
                "sensitive questions need a consent with purpose `sensitive`; add one at the end"
            )
        if sensitive and self.questions.index(sensitive[-1]) > ticks["sensitive"]:
            raise ValueError(
                f"question {sensitive[-1].name} is sensitive and stands after the consent for it; "
                "move the consent to the end"
            )
        return self

    @model_validator(mode="after")
    def _calculations_tell_nothing(self) -> Self:
        marked = {question.name for question in self.questions if question.sensitive}
        for question in self.questions:
            if not isinstance(question, Calculate) or question.sensitive:
                continue
            if told := question.calculation.names & marked:
                raise ValueError(
                    f"question {question.name}: the calculation reads {', '.join(sorted(told))}, "
                    "which is sensitive; mark the calculation `sensitive`, too"
                )
        return self
