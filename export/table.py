"""The table: columns from the definition's versions, never from the rows; one row per response."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forms.definition import Definition
from forms.problems import N_
from forms.response import Response
from forms.types import Question
from forms.types.base import Cell
from forms.types.choices import Choice
from forms.types.repeat import Repeat

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
# What only templates ask for: of the papers that somebody typed in.
PAPER = ("_channel", "_filled_on", "_sheet")
PAPER_LABELS = {
    "_channel": N_("How it was answered"),
    "_filled_on": N_("Day on the paper"),
    "_sheet": N_("Number of the paper"),
}
META_KINDS = {"_submitted_at": "moment", "_version": "number", "_filled_on": "day"}
MASK = "***"
_DATES = ("day", "month")


@dataclass(frozen=True)
class Style:
    """How cells are written.

    `labels` is the language of headings, choices and dates as people write them; empty for names
    and ISO dates. `split` gives each choice of a multiple question a column. `sensitive` shows
    sensitive answers instead of `***`. `typed` is for workbooks: dates stay ISO, for the writer
    makes real ones of them, and a repeat keeps its one column, for its rows get a sheet.
    """

    labels: str = ""
    split: bool = False
    sensitive: bool = False
    typed: bool = False


@dataclass(frozen=True)
class Heading:
    """One column of a file: its key, its text in the first line, what its cells are."""

    key: str
    title: str
    kind: str = "text"
    sensitive: bool = False


class Rows(Protocol):
    """What the writers of files need of a table."""

    @property
    def headings(self) -> Sequence[Heading]: ...

    def rows(self, responses: Iterable[Response]) -> Iterator[list[Cell]]: ...


@dataclass(frozen=True)
class Source:
    """One question of the merged table: how its newest version asks it, all versions' choices."""

    question: Question
    style: Style

    @property
    def split(self) -> bool:
        apart = self.style.typed and isinstance(self.question, Repeat)
        return self.style.split and not apart

    @property
    def labels(self) -> str:
        real = self.style.typed and self.question.cell_kind in _DATES
        return "" if real else self.style.labels

    def is_masked(self, response: Response) -> bool:
        """Whether the response has an answer that this file must not show."""
        question = self.question
        hidden = question.sensitive and not self.style.sensitive
        return hidden and question.name in response.answers

    def cells(self, response: Response) -> Sequence[Cell]:
        if self.is_masked(response):
            return (MASK,) * len(self.question.columns(split=self.split))
        value = response.answers.get(self.question.name)
        return self.question.cells(value, split=self.split, labels=self.labels)


class Meta:
    """What a file says of a response beside its answers."""

    def __init__(self, style: Style, unit_name: Callable[[str], str], *, anonymous: bool) -> None:
        self._style, self._unit_name, self._anonymous = style, unit_name, anonymous

    def cells(self, response: Response) -> list[Cell]:
        """In the order of META."""
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

    def paper(self, response: Response) -> list[Cell]:
        """In the order of PAPER; of an anonymous form nothing, for sheets would tell who it was."""
        if self._anonymous:
            return [None] * len(PAPER)
        return [response.channel or None, response.filled_on or None, response.sheet or None]

    def _time(self, when: datetime) -> str:
        if self._style.labels and not self._style.typed:
            return when.strftime("%d/%m/%Y %H:%M")
        return when.isoformat(timespec="seconds")


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
        self.style, self._translate = style, translate
        self._meta = Meta(style, unit_name, anonymous=versions[-1].anonymous)
        self._sources = [Source(question, style) for question in merged_questions(versions)]

    @property
    def headings(self) -> list[Heading]:
        """Names, or labels; a label that stands twice gets its name behind."""
        language = self.style.labels
        found = [
            Heading(
                key,
                self._translate(META_LABELS[key]) if language else key,
                META_KINDS.get(key, "text"),
            )
            for key in META
        ]
        for source in self._sources:
            for column in source.question.columns(split=source.split):
                title = " / ".join(text.into(language) for text in column.labels)
                marked = source.question.sensitive
                found.append(
                    Heading(column.key, title if language else column.key, column.kind, marked)
                )
        return told_apart(found)

    def header(self) -> list[str]:
        """The heading row."""
        return [heading.title for heading in self.headings]

    def rows(self, responses: Iterable[Response]) -> Iterator[list[Cell]]:
        for response in responses:
            cells = self._meta.cells(response)
            for source in self._sources:
                cells += source.cells(response)
            yield cells


def told_apart(headings: Sequence[Heading]) -> list[Heading]:
    """The same, with the key behind each text that stands more than once."""
    titles = [heading.title for heading in headings]
    twice = {title for title, count in Counter(titles).items() if count > 1}
    return [
        Heading(h.key, f"{h.title} ({h.key})", h.kind, h.sensitive) if h.title in twice else h
        for h in headings
    ]


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
