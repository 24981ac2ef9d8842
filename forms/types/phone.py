"""Telephone numbers of Vietnam; the Tết voucher goes to this number, so it is checked hard."""

import re
from datetime import date
from typing import ClassVar, Literal

from ..cleaning import as_digits, clean_line
from ..problems import N_, Problem
from .base import Checked, Question, Value

# Prefixes by network as assigned (domain notes §5); numbers move between networks, so an unknown
# prefix is only a warning.
_KNOWN = re.compile(r"0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])")
_MOBILE = re.compile(r"0[35789]\d{8}$")
_LANDLINE = re.compile(r"02\d{9}$")
_TWO_NUMBERS = 18  # digits
_SEPARATORS = re.compile(r"[\s.\-()·]+")
# The 11-digit prefixes were renumbered in 2018.
_RENUMBERED = {f"016{n}": f"03{n}" for n in range(2, 10)} | {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
EXAMPLE = "0912 345 678"


class Phone(Question):
    """A phone number, kept as 0xxxxxxxxx."""

    control: ClassVar[str] = "phone"
    finds_by: ClassVar[str] = "phone"
    reading: ClassVar[str] = "p"
    input_type: ClassVar[str] = "tel"
    inputmode: ClassVar[str] = "tel"
    spellcheck: ClassVar[bool] = False
    type: Literal["phone"] = "phone"
    autocomplete: str = "tel"

    def check_text(self, text: str, today: date) -> Checked:
        number = plain_number(clean_line(text))
        if len(re.findall(r"\d", number)) >= _TWO_NUMBERS:
            return Checked(
                problem=Problem(N_("Please write one number only, the one that you answer."))
            )
        if renumbered := _renumbered(number):
            message = N_(
                "This prefix has changed: the number is now %(number)s. "
                "If that is right, please send the form again."
            )
            return Checked(
                problem=Problem(message, {"number": spaced(renumbered)}, suggestion=renumbered)
            )
        if _LANDLINE.match(number):
            return Checked(number, warnings=("landline",))
        if not _MOBILE.match(number):
            return Checked(problem=_problem(number))
        return Checked(number, warnings=() if _KNOWN.match(number) else ("unknown_prefix",))

    def show(self, value: Value, language: str) -> str:
        number = str(value)  # or what was kept although it is none
        return spaced(number) if re.fullmatch(r"\d{10,11}", number) else number


def plain_number(text: str) -> str:
    """Digits with a leading 0, from +84, 84, 0084, a missing 0, dots, spaces and letters O."""
    text = _SEPARATORS.sub("", as_digits(text))
    text = re.sub(r"[oO]", "0", text) if re.fullmatch(r"\+?[\doO]+", text) else text
    national = re.sub(r"^(?:\+84|0084|84(?=\d{9,10}$))0?", "0", text)
    return "0" + national if re.fullmatch(r"[35789]\d{8}", national) else national


def spaced(number: str) -> str:
    """0912345678 → 0912 345 678."""
    return f"{number[:4]} {number[4:7]} {number[7:]}".strip()


def _renumbered(number: str) -> str:
    prefix = _RENUMBERED.get(number[:4]) if re.fullmatch(r"\d{11}", number) else None
    return prefix + number[4:] if prefix else ""


def _problem(number: str) -> Problem:
    if not re.fullmatch(r"\+?\d+", number):
        return Problem(
            N_("Please write the phone number with digits, for example %(example)s."),
            {"example": EXAMPLE},
        )
    if len(number) != 10:
        return Problem(
            N_("A phone number has 10 digits, for example %(example)s; this one has %(length)s."),
            {"example": EXAMPLE, "length": len(number.lstrip("+"))},
        )
    return Problem(
        N_("A mobile number begins with 03, 05, 07, 08 or 09, for example %(example)s."),
        {"example": EXAMPLE},
    )
