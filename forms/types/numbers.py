"""Numbers as people in Vietnam write them: dot for thousands, comma for decimals."""

import re
from datetime import date
from decimal import Decimal as Exact
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..cleaning import as_digits, clean_line
from ..problems import N_, Problem
from .base import Checked, Question, Raw, Value
from .summaries import NumberSummary, Summary

# No group of thousands begins with 0: 0.500 is one half.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[. ]\d{3})+(?:,\d+)?$")
_GROUPED_ENGLISH = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}(?:\.\d+)?$")
# In a whole number three digits are a group, never a fraction: 15,000 is clear, 1500.000 is not.
_WHOLE_ENGLISH = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+$")
_WHOLE_UNCLEAR = re.compile(r".*(?:,|\d{4}\.)\d{3}$")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?$")
_MONEY = re.compile(
    r"(?P<head>[\d., ]*\d)\s*(?P<unit>tỷ|tỉ|ty|triệu|trieu|tr|nghìn|ngàn|nghin|ngan|ng|k)?"
    r"\s*(?P<tail>\d{1,3})?\s*(?P<half>rưỡi|ruoi)?\s*(?:đồng|dong|vnđ|vnd|đ|d|₫)?\.?$"
)
_UNITS = {"t": 10**9, "tr": 10**6, "n": 10**3, "k": 10**3}
LARGEST = 10**15
_LONGEST = 60  # characters; no number that people write is longer


def read_number(text: str) -> Exact | None:
    """The number a text says, or None: 1.500.000 · 1 500 000 · 2,5 · 2.5 · -3."""
    text = _line(text)
    if len(text) > _LONGEST:
        return None
    if _GROUPED.match(text):
        text = text.replace(".", "").replace(" ", "").replace(",", ".")
    elif _GROUPED_ENGLISH.match(text):
        text = text.replace(",", "")
    elif _PLAIN.match(text):
        text = text.replace(",", ".")
    else:
        return None
    return Exact(text)


def read_whole(text: str) -> Exact | None:
    """The number a text says where no fraction can be meant, or None: 15.000 · 15,000."""
    text = _line(text)
    if _WHOLE_ENGLISH.match(text):
        text = text.replace(",", "")
    return None if _WHOLE_UNCLEAR.match(text) else read_number(text)


def read_money(text: str) -> Exact | None:
    """The amount in đồng a text says, or None: 1,5 triệu · 1tr5 · 1500k · 1.500.000 đ."""
    text = _line(text).casefold()
    if len(text) > _LONGEST or not (match := _MONEY.match(text)):
        return read_whole(text)
    unit, more = match["unit"] or "", match["tail"] or match["half"]
    head = read_number(match["head"]) if unit else read_whole(match["head"])
    if head is None or (more and (not unit or head != head.to_integral_value())):
        return None
    if not unit:
        return head
    scale = _UNITS["tr" if unit.startswith("tr") else unit[0]]
    tail = match["tail"] or ("5" if match["half"] else "")
    return head * scale + (Exact(tail) * scale / 10 ** len(tail) if tail else 0)


def grouped(number: int | float) -> str:
    """1234567.5 → 1.234.567,5."""
    whole, _, rest = f"{Exact(str(number)):,f}".partition(".")
    return whole.replace(",", ".") + ("," + rest if rest and rest != "0" else "")


def _line(text: str) -> str:
    return as_digits(clean_line(text)).replace("−", "-")


_Bound = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]


class _Number(Question):
    """Bounds shared by the number types."""

    control: ClassVar[str] = "number"
    reading: ClassVar[str] = "n"
    cell_kind: ClassVar[str] = "number"
    spellcheck: ClassVar[bool] = False
    least: _Bound | None = None
    most: _Bound | None = None

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least is larger than most; swap them")
        return self

    def bounds_problem(self, number: Exact | int) -> Problem | None:
        least = -LARGEST if self.least is None else self.least
        most = LARGEST if self.most is None else self.most
        if least <= number <= most:
            return None
        if self.least is not None and self.most is not None:
            return Problem(
                N_("Please write a number from %(least)s to %(most)s."),
                {"least": grouped(self.least), "most": grouped(self.most)},
            )
        if number < least:
            return Problem(
                N_("Please write a number of at least %(least)s."), {"least": grouped(least)}
            )
        return Problem(N_("Please write a number of at most %(most)s."), {"most": grouped(most)})

    def summary(self) -> Summary:
        return NumberSummary(lambda number: self.show(number, ""))

    def show(self, value: Value, language: str) -> str:
        return grouped(value) if isinstance(value, (int, float)) else str(value)


class Integer(_Number):
    """A whole number."""

    inputmode: ClassVar[str] = "numeric"
    reading: ClassVar[str] = "i"
    type: Literal["integer"] = "integer"

    def check_text(self, text: str, today: date) -> Checked:
        number = read_whole(text)
        if number is None or number != number.to_integral_value():
            return Checked(problem=Problem(N_("Please write a whole number, for example 3.")))
        if problem := self.bounds_problem(number):
            return Checked(problem=problem)
        return Checked(int(number))


class Decimal(_Number):
    """A number that may have a decimal comma; at most six places are kept."""

    type: Literal["decimal"] = "decimal"

    def check_text(self, text: str, today: date) -> Checked:
        number = read_number(text)
        if number is None:
            return Checked(problem=Problem(N_("Please write a number, for example 2,5.")))
        if problem := self.bounds_problem(number):
            return Checked(problem=problem)
        number = round(number, 6)
        whole = number == number.to_integral_value()
        return Checked(int(number) if whole else float(number))

    def write(self, value: Value) -> Raw:
        if isinstance(value, float):  # never 1e-06
            return Raw.of(f"{Exact(str(value)):f}".replace(".", ","))
        return super().write(value)


class Money(_Number):
    """An amount in whole đồng."""

    inputmode: ClassVar[str] = "text"
    reading: ClassVar[str] = "i"
    cell_kind: ClassVar[str] = "money"
    type: Literal["money"] = "money"
    least: _Bound | None = 0

    def check_text(self, text: str, today: date) -> Checked:
        amount = read_money(text)
        if amount is None or amount != amount.to_integral_value():
            return Checked(
                problem=Problem(
                    N_("Please write an amount in đồng, for example 1.500.000 or 1,5 triệu.")
                )
            )
        if problem := self.bounds_problem(amount):
            return Checked(problem=problem)
        return Checked(int(amount))

    def show(self, value: Value, language: str) -> str:
        shown = super().show(value, language)
        return shown if isinstance(value, str) else f"{shown} đ"
