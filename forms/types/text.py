"""Free text: one line, or several."""

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..cleaning import clean_line, clean_text, looks_legacy
from ..problems import N_, Problem
from .base import Checked, Question

_NAME_SIGNS = frozenset(" '’.-")


class _Written(Question):
    """Bounds of the length, counted in characters."""

    shortest: int = Field(default=0, ge=0)
    longest: int = Field(default=200, ge=1, le=2_000)

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("shortest is larger than longest; swap them")
        return self


class Text(_Written):
    """One line of text; `appearance: name` asks for a person's name: at least two words."""

    control: ClassVar[str] = "text"
    type: Literal["text"] = "text"
    appearance: Literal["", "name"] = ""

    @property
    def is_free_text(self) -> bool:
        return not self.is_name

    @property
    def is_name(self) -> bool:
        return self.appearance == "name"

    def check_text(self, text: str, today: date) -> Checked:
        text = clean_line(text)
        if self.is_name and (problem := name_problem(text)):
            return Checked(problem=problem)
        if problem := length_problem(text, self.shortest, self.longest):
            return Checked(problem=problem)
        return Checked(text, warnings=_warnings(text, is_name=self.is_name))


class Multiline(_Written):
    """Several lines of text."""

    control: ClassVar[str] = "multiline"
    type: Literal["multiline"] = "multiline"
    longest: int = Field(default=2_000, ge=1, le=20_000)

    @property
    def is_free_text(self) -> bool:
        return True

    def check_text(self, text: str, today: date) -> Checked:
        text = clean_text(text)
        if problem := length_problem(text, self.shortest, self.longest):
            return Checked(problem=problem)
        return Checked(text, warnings=_warnings(text))


def length_problem(text: str, shortest: int, longest: int) -> Problem | None:
    """What is wrong with the length of a text, counted in characters."""
    if len(text) > longest:
        return Problem(
            N_("Please shorten this to %(longest)s characters; it has %(length)s now."),
            {"longest": longest, "length": len(text)},
        )
    if len(text) < shortest:
        return Problem(
            N_("Please say a little more: at least %(shortest)s characters."),
            {"shortest": shortest},
        )
    return None


def name_problem(text: str) -> Problem | None:
    """What is wrong with a person's name: letters of any language, at least two words."""
    if len(text.split()) < 2:
        return Problem(N_("Please write family name and given name, for example Giàng A Páo."))
    if not all(sign.isalpha() or sign in _NAME_SIGNS for sign in text):
        return Problem(N_("A name has letters only. Please leave out numbers and other signs."))
    return length_problem(text, 2, 60)


def _warnings(text: str, *, is_name: bool = False) -> tuple[str, ...]:
    capitals = is_name and text.isupper()
    return ("capitals",) * capitals + ("legacy_text",) * looks_legacy(text)
