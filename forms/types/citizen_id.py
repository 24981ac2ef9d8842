"""The 12-digit citizen ID (căn cước), and passports where the form allows them.

PPP C YY NNNNNN: place of birth registration, century and sex, year of birth (Nghị định
137/2015/NĐ-CP Điều 13). There is no check digit, so everything beyond the length is a warning.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from ..cleaning import as_digits, clean_line
from ..problems import N_, Problem
from .base import Checked, Name, Question, Value

# fmt: off
_PROVINCES = frozenset((
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37,
    38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77,
    79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
))
# fmt: on
_PASSPORT = re.compile(r"[A-Z0-9]{6,9}")
EXAMPLE = "012 092 001 234"
_VEIL, _SHOWN = "•", 3


class CitizenId(Question):
    """An ID number; `birth_date` and `sex` name the questions it is compared with."""

    control: ClassVar[str] = "citizen_id"
    finds_by: ClassVar[str] = "citizen_id"
    reading: ClassVar[str] = "p"
    inputmode: ClassVar[str] = "numeric"
    spellcheck: ClassVar[bool] = False
    type: Literal["citizen_id"] = "citizen_id"
    passport: bool = False
    birth_date: Name | None = None
    sex: Name | None = None
    autocomplete: str = "off"

    def check_text(self, text: str, today: date) -> Checked:
        number = re.sub(r"[\s.\-]+", "", as_digits(clean_line(text))).upper()
        if re.fullmatch(r"[\dO]+", number):
            number = number.replace("O", "0")
        if re.fullmatch(r"\d{12}", number):
            return Checked(number, warnings=_id_warnings(number, today))
        if re.fullmatch(r"\d{9}", number):
            return Checked(number, warnings=("old_id",))
        if self.passport and _PASSPORT.fullmatch(number):
            return Checked(number, warnings=("short_passport",) if number.isdigit() else ())
        return Checked(problem=self._problem(number))

    def _problem(self, number: str) -> Problem:
        if self.passport:
            return Problem(
                N_(
                    "An ID number has 12 digits, for example %(example)s. "
                    "Foreigners write their passport number."
                ),
                {"example": EXAMPLE},
            )
        if number.isdigit():
            return Problem(
                N_("An ID number has 12 digits, for example %(example)s; this one has %(length)s."),
                {"example": EXAMPLE, "length": len(number)},
            )
        return Problem(
            N_("Please write the 12 digits of the ID number, for example %(example)s."),
            {"example": EXAMPLE},
        )

    def compare(self, value: Value, answers: Mapping[str, Value]) -> tuple[str, ...]:
        number = str(value)
        if not re.fullmatch(r"\d{12}", number):
            return ()
        born = str(answers.get(self.birth_date or "", ""))[:4]
        said = answers.get(self.sex or "")
        other_year = born.isdecimal() and int(born) != birth_year(number)
        other_sex = said in ("nam", "nu") and said != sex(number)
        return ("birth_year",) * other_year + ("sex",) * other_sex

    def veiled(self, value: Value) -> str:
        number = str(value)
        return _VEIL * max(len(number) - _SHOWN, _SHOWN) + number[-_SHOWN:]

    def show(self, value: Value, language: str) -> str:
        number = str(value)
        if not re.fullmatch(r"\d{12}", number):
            return number
        return " ".join(number[at : at + 3] for at in range(0, 12, 3))


def birth_year(number: str) -> int:
    """The year of birth that a 12-digit number carries."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex(number: str) -> str:
    """The choice name of the sex that a 12-digit number carries: nam or nu."""
    return "nu" if int(number[3]) % 2 else "nam"


def _id_warnings(number: str, today: date) -> tuple[str, ...]:
    age = today.year - birth_year(number)
    return (
        ("age",) * (not 15 <= age <= 75)
        + ("under_16",) * (15 <= age < 16)
        + ("province",) * (int(number[:3]) not in _PROVINCES)
    )
