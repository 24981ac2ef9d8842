"""Values of expressions and how one kind is read as another, as JavaRosa does; total functions.

A value is a text, a number or yes/no. Dates are ISO texts that count as days since 1970 where a
number is wanted; no answer is the empty text.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

Known = str | float | bool
NAN = math.nan
SPACE = " \t\n\r"
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_FIRST_DAY = date(1970, 1, 1).toordinal()


def as_known(answer: object) -> Known:
    """An answer as expressions see it: several choices are their names with spaces between,
    rows are their number."""
    if isinstance(answer, bool | str):
        return answer
    if isinstance(answer, int | float):
        return float(answer)
    if isinstance(answer, Sequence):
        rows = any(isinstance(item, Mapping) for item in answer)
        return float(len(answer)) if rows else " ".join(map(str, answer))
    return ""


def to_number(value: Known) -> float:
    """A text that is no number and no date is NaN."""
    if not isinstance(value, str):
        return float(value)
    text = value.strip(SPACE)
    if _NUMBER.fullmatch(text):
        return float(text)
    return day_number(text)


def day_number(text: str) -> float:
    """Days since 1970 of an ISO date (of a month: its first day), or NaN."""
    match = _DAY.fullmatch(text)
    if not match:
        return NAN
    try:
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return NAN
    return float(day.toordinal() - _FIRST_DAY)


def day_text(number: float) -> str:
    """The ISO date of a day number, or the empty text."""
    if not date.min.toordinal() <= number + _FIRST_DAY < date.max.toordinal() + 1:
        return ""
    return date.fromordinal(_FIRST_DAY + math.floor(number)).isoformat()


def to_text(value: Known) -> str:
    """Numbers as JavaScript writes them: 4, 2.5, 0.1, NaN, 1e+21."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return _without_exponent(value)
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{'+' if int(exponent) > 0 else ''}{int(exponent)}"


def _without_exponent(value: float) -> str:
    if value.is_integer():
        return format(Decimal(repr(value)).quantize(Decimal(1)), "f") if value else "0"
    return format(Decimal(repr(value)), "f")


def to_yes(value: Known) -> bool:
    """A text is yes unless it is empty, a number unless it is 0 or NaN."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def equal(left: Known, right: Known) -> bool:
    """As yes/no if one side is, else as numbers if one side is, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_yes(left) == to_yes(right)
    if isinstance(left, float) or isinstance(right, float):
        return abs(to_number(left) - to_number(right)) < 1e-12
    return left == right


def words(text: str) -> list[str]:
    """The names in an answer of several choices."""
    return re.findall(r"[^ \t\n\r]+", text)
