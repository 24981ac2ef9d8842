"""A group of questions answered several times, such as the members of a household.

Inputs are named `<name>.<row>.<child>` (and `<name>.<row>.<child>.day`): a question's name holds no
dot. Rows are numbered from 0; numbers may be missing, and rows in which nothing stands are dropped.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import Field, model_validator

from ..localized import Localized
from ..problems import N_, ONE_ANSWER, REQUIRED, Problem
from .base import (
    NO_ANSWER,
    NO_UPLOADS,
    Cell,
    Checked,
    Column,
    Inputs,
    Question,
    Raw,
    Row,
    Uploads,
    Value,
    names_in,
    rows_in,
)
from .choices import List, SelectMultiple, SelectOne
from .citizen_id import CitizenId
from .dates import Date, Month
from .numbers import Decimal, Integer, Money
from .phone import Phone
from .rating import Rating
from .summaries import RowSummary, Summary
from .text import Multiline, Text

Child = Annotated[
    Text
    | Multiline
    | Integer
    | Decimal
    | Money
    | Phone
    | CitizenId
    | Date
    | Month
    | SelectOne
    | SelectMultiple
    | List
    | Rating,
    Field(discriminator="type"),
]
CHILD_TYPES = frozenset(kind.model_fields["type"].default for kind in get_args(get_args(Child)[0]))
MOST_ROWS = 20
MOST_CHILDREN = 10
_PLACE = re.compile(r"(\d{1,3})\.(.+)", re.ASCII)
_ITEM = Localized({"vi": "Người", "en": "Person"})
_IN_ROW = N_("%(item)s %(row)s, %(question)s: %(why)s")


class Repeat(Question):
    """Kept as a list of rows, each a mapping from child names to stored values.

    `item` says what one row is ("Người"); `least` rows are shown, and needed where `required`.
    """

    control: ClassVar[str] = "repeat"
    script: ClassVar[str] = "repeat.js"
    type: Literal["repeat"] = "repeat"
    questions: tuple[Child, ...] = Field(min_length=1, max_length=MOST_CHILDREN)
    item: Localized = _ITEM
    least: int = Field(default=1, ge=1, le=3)
    most: int = Field(default=10, ge=1, le=MOST_ROWS)

    @model_validator(mode="after")
    def _children_fit(self) -> Self:
        names = [child.name for child in self.questions]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"question names stand twice: {', '.join(twice)}; rename one of each")
        if self.least > self.most:
            raise ValueError("least is larger than most; swap them")
        for child in self.questions:
            is_filtered = getattr(child, "filter", None)
            if child.relevant or child.companions() or child.sensitive or is_filtered:
                raise ValueError(
                    f"question {child.name}: a repeated question has no `relevant`, no "
                    "`filter`, no `other` and no `sensitive` of its own; set them on the repeat, "
                    "or leave them out"
                )
        if not self.asked:
            raise ValueError("every inner question is hidden; show one, or hide the repeat")
        return self

    @property
    def asked(self) -> tuple[Child, ...]:
        """The inner questions that are not hidden."""
        return tuple(child for child in self.questions if not child.hidden)

    @property
    def is_sealed(self) -> bool:
        """As a whole, when one of its children is."""
        return super().is_sealed or any(child.is_sealed for child in self.questions)

    def identifying(self, value: Value) -> Iterator[tuple[str, str, str]]:
        for number, row in enumerate(rows_in(value)):
            for child in self.questions:
                if child.name in row:
                    for place, finds_by, text in child.identifying(row[child.name]):
                        yield f"{self.name}.{number}.{place}", finds_by, text

    def read(self, inputs: Inputs, uploads: Uploads = NO_UPLOADS) -> Raw:
        start = f"{self.name}."
        parts = {
            name.removeprefix(start): tuple(texts)
            for name, texts in inputs.items()
            if name.startswith(start) and _PLACE.fullmatch(name.removeprefix(start))
        }
        return Raw(tuple(inputs.get(self.name, ())), parts)

    def rows_of(self, raw: Raw) -> dict[int, Inputs]:
        """The inputs of each row that has any, by its number."""
        rows: dict[int, dict[str, tuple[str, ...]]] = {}
        for place, texts in raw.parts.items():
            if match := _PLACE.fullmatch(place):
                rows.setdefault(int(match[1]), {})[match[2]] = texts
        return {number: rows[number] for number in sorted(rows)}

    def check(self, raw: Raw, today: date) -> Checked:
        if any(text.strip() for text in raw.values):
            return Checked(problem=ONE_ANSWER)
        rows, problems, warnings = [], dict[str, Problem](), list[str]()
        for number, inputs in self.rows_of(raw).items():
            row, wrong, doubts = self._check_row(inputs, today)
            if row or wrong:
                rows.append(row)
            problems |= {f"{number}.{name}": problem for name, problem in wrong.items()}
            warnings += doubts
        if len(rows) > self.most:
            message = N_("Please fill in at most %(most)s; these are %(count)s.")
            return Checked(problem=Problem(message, {"most": self.most, "count": len(rows)}))
        if problems:
            return Checked(problem=self._marked(problems, raw))
        if rows and self.required and len(rows) < self.least:
            message = N_("Please fill in at least %(least)s.")
            return Checked(problem=Problem(message, {"least": self.least}))
        return Checked(rows, warnings=tuple(dict.fromkeys(warnings))) if rows else NO_ANSWER

    def _check_row(
        self, inputs: Inputs, today: date
    ) -> tuple[Row, dict[str, Problem], tuple[str, ...]]:
        row: Row = {}
        problems: dict[str, Problem] = {}
        warnings: tuple[str, ...] = ()
        for child, checked in self._judged(inputs, today):
            if checked.problem:
                problems[child.name] = checked.problem
            elif checked.value is not None:
                row[child.name] = checked.value  # type: ignore[assignment] # children never repeat
                warnings += checked.warnings
        if row or problems:
            missing = [c.name for c in self.asked if c.required and c.name not in row]
            problems = dict.fromkeys(missing, REQUIRED) | problems
            order = [child.name for child in self.asked]
            problems = {name: problems[name] for name in order if name in problems}
        return row, problems, warnings

    def _judged(self, inputs: Inputs, today: date) -> Iterator[tuple[Question, Checked]]:
        for child in self.asked:
            yield child, child.check(child.read(inputs), today)

    def _marked(self, problems: Mapping[str, Problem], raw: Raw) -> Problem:
        """All problems by their place, each saying on which row it is, counted as people count."""
        order = {number: at for at, number in enumerate(self.rows_of(raw), start=1)}
        labels = {child.name: child.label for child in self.questions}
        inner = {}
        for place, problem in problems.items():
            number, _, name = place.partition(".")
            said = {"item": self.item, "row": order[int(number)], "question": labels[name]}
            inner[place] = Problem(_IN_ROW, {**said, "why": problem}, inner={"": problem})
        first = next(iter(inner.values()))
        return Problem(first.message, first.values, inner=inner)

    def salvage(self, raw: Raw, today: date) -> Checked:
        rows: list[Row] = []
        for inputs in self.rows_of(raw).values():
            row: Row = {}
            for child, checked in self._judged(inputs, today):
                kept = child.salvage(child.read(inputs), today) if checked.problem else checked
                if kept.value is not None:
                    row[child.name] = kept.value  # type: ignore[assignment] # children never repeat
            if row:
                rows.append(row)
        return Checked(rows[:MOST_ROWS] or None)

    def summary(self) -> Summary:
        """Of the rows; the children have summaries of their own."""
        return RowSummary()

    def show(self, value: Value, language: str) -> str:
        """Lò Văn A (1990); Lò Thị B (2015)."""
        return self._say(value, lambda child, answer: child.show(answer, language))

    def tell(self, value: Value, language: str) -> str:
        return self._say(value, lambda child, answer: child.tell(answer, language))

    def _say(self, value: Value, say: Callable[[Question, Value], str]) -> str:
        rows = [self._say_row(row, say) for row in rows_in(value)]
        return "; ".join(rows or names_in(value))

    def _say_row(self, row: Row, say: Callable[[Question, Value], str]) -> str:
        said = [say(child, row[child.name]) for child in self.questions if child.name in row]
        return f"{said[0]} ({', '.join(said[1:])})" if len(said) > 1 else "".join(said)

    def write(self, value: Value) -> Raw:
        return self._put(value, lambda child, answer: child.write(answer))

    def offer(self, value: Value) -> Raw:
        return self._put(value, lambda child, answer: child.offer(answer))

    def _put(self, value: Value, put: Callable[[Question, Value], Raw]) -> Raw:
        if not isinstance(value, list):
            return Raw.of(str(value))
        parts: dict[str, tuple[str, ...]] = {}
        for number, row in enumerate(rows_in(value)):
            for child in self.questions:
                if child.name in row:
                    raw, place = put(child, row[child.name]), f"{number}.{child.name}"
                    parts |= {place: raw.values} if raw.values else {}
                    parts |= {f"{place}.{part}": texts for part, texts in raw.parts.items()}
        return Raw(parts=parts)

    def columns(self, *, split: bool = False) -> tuple[Column, ...]:
        """One readable column; under `split` also one per row and child, up to `most` rows."""
        whole = super().columns()
        if not split:
            return whole
        return whole + tuple(
            Column(
                f"{self.name}/{number}/{child.name}",
                self.name,
                (self.label, Localized({"vi": str(number)}), child.label),
                child.cell_kind,
            )
            for number in range(1, self.most + 1)
            for child in self.questions
        )

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        whole: tuple[Cell, ...] = (None if value is None else self.show(value, labels or "vi"),)
        if not split:
            return whole
        known = rows_in(value)[: self.most]
        known += [{}] * (self.most - len(known))
        return whole + tuple(
            child.cells(row.get(child.name), labels=labels)[0]
            for row in known
            for child in self.questions
        )
