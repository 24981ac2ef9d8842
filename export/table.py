"""The table: columns from the definition's versions, never from the rows; one row per response."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from forms.types import Question
from forms.types.base import Cell
from forms.types.choices import Choice

META = (
    "_receipt",
    "_unit",
    "_unit_name",
    "_place",
    "_submitted_at",
    "_lang",
    "_version",
    "_state",
    "_flags",
)
META_LABELS = {
    "_receipt": N_("Receipt"),
    "_unit": N_("Unit code"),
    "_unit_name": N_("Unit"),
    "_place": N_("Place"),
    "_submitted_at": N_("Submitted at"),
    "_lang": N_("Language"),
    "_version": N_("Version"),
    "_state": N_("State"),
    "_flags": N_("Flags"),
}
MASK = "***"


@dataclass(frozen=True)
class Style:
    """How cells are written.

    `labels` is the language of headings, choices and dates as people write them; empty for names
    and ISO dates. `split` gives each choice of a multiple question a column. `sensitive` shows
    sensitive answers instead of `***`.
    """

    labels: str = ""
    split: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class _Source:
    """One question of the merged table: how its newest version asks it, all versions' choices."""

    question: Question

    def cells(self, response: Response, style: Style) -> Sequence[Cell]:
        name = self.question.name
        if self.question.sensitive and not style.sensitive and name in response.answers:
            return (MASK,) * len(self.question.columns(split=style.split))
        value = response.answers.get(name)
        return self.question.cells(value, split=style.split, labels=style.labels)


class Table:
    """The columns of a definition over all its versions, and the rows of its responses.

    `versions` are in order of their numbers. A question keeps the place of the newest version that
    has it; those that are gone follow at the end. `translate` turns the texts of META_LABELS into
    the language of `style.labels`; `unit_name` names a unit.
    """

    def __init__(
        self,
        versions: Sequence[Definition],
        style: Style,
        *,
        unit_name: Callable[[str], str],
        translate: Callable[[str], str] = str,
    ) -> None:
        self.style, self._unit_name, self._translate = style, unit_name, translate
        self._anonymous = versions[-1].anonymous
        self._sources = [_Source(question) for question in merged_questions(versions)]

    def header(self) -> list[str]:
        """The heading row: names, or labels; a label that stands twice gets its name behind."""
        columns = [
            column
            for source in self._sources
            for column in source.question.columns(split=self.style.split)
        ]
        if not self.style.labels:
            return [*META, *(column.key for column in columns)]
        meta = [self._translate(META_LABELS[key]) for key in META]
        labels = [" / ".join(text.into(self.style.labels) for text in c.labels) for c in columns]
        every = [*meta, *labels]
        keys = [*META, *(column.key for column in columns)]
        return [
            f"{label} ({key})" if every.count(label) > 1 else label
            for label, key in zip(every, keys, strict=True)
        ]

    def rows(self, responses: Iterable[Response]) -> Iterator[list[Cell]]:
        for response in responses:
            cells = self._meta(response)
            for source in self._sources:
                cells += source.cells(response, self.style)
            yield cells

    def _meta(self, response: Response) -> list[Cell]:
        return [
            None if self._anonymous else response.receipt,
            response.unit,
            self._unit_name(response.unit),
            response.place or None,
            self._time(response.submitted_at),
            response.language,
            response.version,
            response.state,
            ";".join(response.flags) or None,
        ]

    def _time(self, when: datetime) -> str:
        if self.style.labels:
            return when.strftime("%d/%m/%Y %H:%M")
        return when.isoformat(timespec="seconds")


def merged_questions(versions: Sequence[Definition]) -> list[Question]:
    """The questions of all versions by name, each as the newest version asks it.

    A multiple or single choice keeps the choices of older versions behind its own, so that no
    answer loses its column or its label. What one version asked as sensitive stays sensitive.
    """
    questions: dict[str, Question] = {}
    for definition in reversed(versions):
        for question in definition.asking:
            newer = questions.get(question.name)
            questions[question.name] = _with_older(newer, question) if newer else question
    return list(questions.values())


def _with_older(newer: Question, older: Question) -> Question:
    changes: dict[str, object] = {}
    if older.sensitive and not newer.sensitive:
        changes["sensitive"] = True
    if gone := _gone_choices(newer, older):
        changes["choices"] = (*getattr(newer, "choices", ()), *gone)
    return newer.model_copy(update=changes) if changes else newer


def _gone_choices(newer: Question, older: Question) -> tuple[Choice, ...]:
    choices, old = getattr(newer, "choices", None), getattr(older, "choices", None)
    if not choices or not old:
        return ()
    known = {choice.name for choice in choices}
    # `other` stays with the newest choice: its text question is a column of its own.
    return tuple(
        choice.model_copy(update={"other": False}) for choice in old if choice.name not in known
    )
