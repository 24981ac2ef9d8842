"""Dates in Vietnamese order, day month year; kept as ISO 8601."""

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..cleaning import as_digits, clean_line, is_readable
from ..problems import N_, ONE_ANSWER, UNREADABLE, Problem
from .base import Cell, Checked, Question, Raw, Value
from .summaries import PeriodSummary, Summary

EARLIEST = 1900
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_WRITTEN = re.compile(r"(\d{1,2})[/.\- ]+(\d{1,2})[/.\- ]+(\d{4})$")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})$")
_YEAR = re.compile(r"(\d{4})$")
_MONTH = re.compile(r"(\d{1,2})[/.\- ]+(\d{4})$")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})$")

ADULT_ENOUGH = 16  # years from which a person may agree alone


class _Dated(Question):
    """Boxes for the parts of a date; a whole date may come under the plain name, too."""

    spellcheck: ClassVar[bool] = False
    inputmode: ClassVar[str] = "numeric"
    future: bool = False

    def check(self, raw: Raw, today: date) -> Checked:
        boxes = [raw.parts.get(part, ()) for part in self.part_names]
        if not all(map(is_readable, sum(boxes, ()))):
            return Checked(problem=UNREADABLE)
        if any(len(box) > 1 for box in boxes):
            return Checked(problem=ONE_ANSWER)
        typed = [_line(box[0]) if box else "" for box in boxes]
        if not any(typed):
            return super().check(raw, today)
        if any(text.strip() for text in raw.values):
            return Checked(problem=ONE_ANSWER)
        if len(typed[0]) > 2 and not any(typed[1:]):  # a whole date pasted into the first box
            return self.check_text(typed[0], today)
        return self.check_boxes(typed, today)

    def summary(self) -> Summary:
        return PeriodSummary()

    def check_boxes(self, typed: Sequence[str], today: date) -> Checked:
        raise TypeError(f"{type(self).__name__} does not say how to join its boxes")


class Date(_Dated):
    """A day; with `year_only` the year alone suffices (old people often know no more).

    `youngest` and `oldest` bound an age in full years; `future` allows days to come.
    """

    control: ClassVar[str] = "date"
    reading: ClassVar[str] = "d"
    cell_kind: ClassVar[str] = "day"
    part_names: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    type: Literal["date"] = "date"
    year_only: bool = False
    youngest: int | None = None
    oldest: int | None = None

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        youngest, oldest = self.youngest, self.oldest
        if youngest is not None and oldest is not None and youngest > oldest:
            raise ValueError("youngest is larger than oldest; swap them")
        return self

    def check_boxes(self, typed: Sequence[str], today: date) -> Checked:
        day, month, year = typed
        if self.year_only and year and not day and not month:
            return self.check_text(year, today)
        if not all(typed):
            return Checked(problem=self._incomplete())
        return self.check_text(f"{day}/{month}/{year}", today)

    def check_text(self, text: str, today: date) -> Checked:
        text = _line(text)
        if self.year_only and (match := _YEAR.match(text)):
            return self._judge_year(int(match[1]), today)
        when = _read_day(text)
        if when is None:
            return Checked(problem=_no_such_day(text))
        problem = self._bounds_problem(when, today)
        if problem:
            return Checked(problem=problem)
        return Checked(when.isoformat(), warnings=self._young(when, today))

    def _young(self, born: date, today: date) -> tuple[str, ...]:
        """Of people under 16 a parent or guardian must agree, too (Luật 91/2025/QH15 Điều 24)."""
        return ("under_16",) * (self.youngest is not None and age_on(born, today) < ADULT_ENOUGH)

    def _judge_year(self, year: int, today: date) -> Checked:
        # The year alone is out of bounds only if every day of it is.
        first, last = (date(year, 1, 1), date(year, 12, 31)) if year else (date.min, date.min)
        problems = [self._bounds_problem(day, today) for day in (first, last)]
        if all(problems):
            return Checked(problem=problems[0])
        young = self._young(last, today) if last <= today else ()
        return Checked(f"{year:04}", warnings=("year_only", *young))

    def _bounds_problem(self, when: date, today: date) -> Problem | None:
        if when.year < EARLIEST:
            return Problem(N_("Please write the year with four digits, for example 1992."))
        if when > today and not self.future:
            return Problem(N_("This day has not come yet. Please check the year."))
        age = age_on(when, today)
        if self.youngest is not None and age < self.youngest:
            return Problem(
                N_("This form is for people of %(age)s years and over. Please check the year."),
                {"age": self.youngest},
            )
        if self.oldest is not None and age > self.oldest:
            return Problem(
                N_("This is more than %(age)s years ago. Please check the year."),
                {"age": self.oldest},
            )
        return None

    def _incomplete(self) -> Problem:
        if self.year_only:
            return Problem(N_("Please write day, month and year, or only the year."))
        return Problem(N_("Please write day, month and year, for example 5 9 1992."))

    def meaning(self, value: Value) -> object:
        # A year alone would else be read as a number: about the year 1975 in days.
        return f"{value}-01-01" if _YEAR.fullmatch(str(value)) else value

    def show(self, value: Value, language: str) -> str:
        return written(str(value))

    def write(self, value: Value) -> Raw:
        year, _, rest = str(value).partition("-")
        month, _, day = rest.partition("-")
        return Raw(parts={"day": (day,), "month": (month,), "year": (year,)})

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        return (None if value is None else written(str(value)) if labels else str(value),)


class Month(_Dated):
    """A month of a year, kept as yyyy-mm."""

    control: ClassVar[str] = "month"
    reading: ClassVar[str] = "m"
    cell_kind: ClassVar[str] = "month"
    part_names: ClassVar[tuple[str, ...]] = ("month", "year")
    type: Literal["month"] = "month"

    def check_boxes(self, typed: Sequence[str], today: date) -> Checked:
        return self.check_text("/".join(typed), today)

    def check_text(self, text: str, today: date) -> Checked:
        text = _line(text)
        if match := _MONTH.match(text):
            month, year = int(match[1]), int(match[2])
        elif match := _ISO_MONTH.match(text):
            year, month = int(match[1]), int(match[2])
        else:
            year, month = 0, 0
        if not 1 <= month <= 12 or year < EARLIEST:
            return Checked(problem=Problem(N_("Please write month and year, for example 9/2026.")))
        if not self.future and (year, month) > (today.year, today.month):
            return Checked(problem=Problem(N_("This month has not come yet.")))
        return Checked(f"{year:04}-{month:02}")

    def show(self, value: Value, language: str) -> str:
        return written(str(value))

    def write(self, value: Value) -> Raw:
        year, _, month = str(value).partition("-")
        return Raw(parts={"month": (month,), "year": (year,)})

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        return (None if value is None else written(str(value)) if labels else str(value),)


def written(iso: str) -> str:
    """1992-09-05 → 05/09/1992, 2026-11 → 11/2026, 1992 → 1992."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", iso):
        return iso
    return "/".join(reversed(iso.split("-")))


def age_on(born: date, today: date) -> int:
    """Full years between two days."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _line(text: str) -> str:
    return as_digits(clean_line(text))


def _read_day(text: str) -> date | None:
    if match := _ISO.match(text):
        year, month, day = map(int, match.groups())
    elif match := _WRITTEN.match(text) or _TOGETHER.match(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_such_day(text: str) -> Problem:
    match = _WRITTEN.match(text) or _TOGETHER.match(text)
    if match and int(match[2]) > 12 >= int(match[1]):
        return Problem(N_("The day comes first, then the month, for example 25/12/1992."))
    if match and 1 <= int(match[2]) <= 12:
        return Problem(N_("The calendar has no such day. Please check day and month."))
    return Problem(N_("Please write day, month and year, for example 5 9 1992."))
