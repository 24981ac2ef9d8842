"""What a tree says of answers: every function on values; always ends, never raises.

static/expressions.js is the same in JavaScript; tests hold both, and JavaRosa, side by side.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from .patterns import LONGEST_SUBJECT
from .tree import Call, Constant, Node, Reference
from .values import (
    NAN,
    Known,
    as_known,
    day_number,
    day_text,
    equal,
    to_number,
    to_text,
    to_yes,
    words,
)

LONGEST_TEXT = 20_000  # characters that a calculation may build
_MANY = 1e9


@dataclass(frozen=True)
class Given:
    """What an expression is asked over: the answers that count, the day, the judged answer."""

    answers: Mapping[str, object]
    today: date
    own: object = field(default="")


def evaluate(node: Node, given: Given) -> Known:
    """The value of a tree."""
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Reference):
        return as_known(given.answers.get(node.name))
    if isinstance(node, Call):
        if node.function == "today":
            return given.today.isoformat()
        return _FUNCTIONS[node.function]([evaluate(part, given) for part in node.parts])
    return as_known(given.own)


Values = Sequence[Known]


def _numbers(values: Values) -> list[float]:
    return [to_number(value) for value in values]


def _answered(values: Values) -> list[float]:
    return [number for number in _numbers(values) if not math.isnan(number)]


def _less(values: Values) -> bool:
    return to_number(values[0]) < to_number(values[1])


def _at_most(values: Values) -> bool:
    return to_number(values[0]) <= to_number(values[1])


def _added(values: Values) -> float:
    first, *rest = _numbers(values)
    for number in rest:
        first += number
    return first


def _minus(values: Values) -> float:
    numbers = _numbers(values)
    return -numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1]


def _times(values: Values) -> float:
    first, *rest = _numbers(values)
    for number in rest:
        first *= number
    return first


def _divided(values: Values) -> float:
    over, under = _numbers(values)
    if under:
        return over / under
    if not over or math.isnan(over):
        return NAN
    return math.copysign(math.inf, over) * math.copysign(1, under)


def _remainder(values: Values) -> float:
    over, under = _numbers(values)
    return NAN if math.isinf(over) or not under else math.fmod(over, under)


def _powered(values: Values) -> float:
    base, exponent = _numbers(values)
    if math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return NAN
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:  # a root of a negative number, or a power of 0 below 0
        if base:
            return NAN
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf


def _rounded(values: Values) -> float:
    places = to_number(values[1]) if len(values) > 1 else 0
    return rounded(to_number(values[0]), places)


def rounded(number: float, places: float) -> float:
    """Half goes up, also below 0; at most six places."""
    places = 0 if math.isnan(places) else math.trunc(max(-15, min(places, 6)))
    if not 1e-6 <= abs(number) < 1e15:
        return 0.0 if abs(number) < 1e-6 else number
    # shifted in decimal, as people read it: 1.005 to two places is 1.01
    shifted = float(f"{to_text(number)}e{places}")
    whole = math.floor(shifted)
    return float(f"{whole + (shifted - whole >= 0.5)}e{-places}")


def _whole(values: Values) -> float:
    number = to_number(values[0])
    return float(math.trunc(number)) if math.isfinite(number) else number


def _most(values: Values) -> float:
    return max(_answered(values), default=NAN)


def _least(values: Values) -> float:
    return min(_answered(values), default=NAN)


def _sum(values: Values) -> float:
    total = 0.0
    for number in _answered(values):
        total += number
    return total


def _count(values: Values) -> float:
    return float(sum(to_text(value) != "" for value in values))


def _selected(values: Values) -> bool:
    chosen, choice = (" ".join(words(to_text(value))) for value in values)
    return f" {choice} " in f" {chosen} "


def _selected_at(values: Values) -> str:
    chosen, at = words(to_text(values[0])), to_number(values[1])
    return chosen[math.trunc(at)] if 0 <= at < len(chosen) else ""


def _coalesced(values: Values) -> Known:
    first = values[0]
    missing = first == "" or (isinstance(first, float) and math.isnan(first))
    return values[1] if missing else first


def _joined(values: Values) -> str:
    return "".join(map(to_text, values))[:LONGEST_TEXT]


def _part(values: Values) -> str:
    text, *ends = to_text(values[0]), *_numbers(values[1:])
    start, *end = (0 if math.isnan(n) else math.trunc(max(-_MANY, min(n, _MANY))) for n in ends)
    return text[start : end[0] if end else None]


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(values: Values) -> bool:
    subject = to_text(values[0])
    if len(subject) > LONGEST_SUBJECT:
        return False
    return _compiled(to_text(values[1])).fullmatch(subject) is not None


def _date(values: Values) -> str:
    value = values[0]
    return day_text(day_number(value) if isinstance(value, str) else to_number(value))


_FUNCTIONS: Mapping[str, Callable[[Values], Known]] = {
    "or": lambda values: any(map(to_yes, values)),
    "and": lambda values: all(map(to_yes, values)),
    "=": lambda values: equal(values[0], values[1]),
    "!=": lambda values: not equal(values[0], values[1]),
    "<": _less,
    "<=": _at_most,
    ">": lambda values: _less(values[::-1]),
    ">=": lambda values: _at_most(values[::-1]),
    "+": _added,
    "-": _minus,
    "*": _times,
    "div": _divided,
    "mod": _remainder,
    "selected": _selected,
    "count-selected": lambda values: float(len(words(to_text(values[0])))),
    "selected-at": _selected_at,
    "if": lambda values: values[1] if to_yes(values[0]) else values[2],
    "coalesce": _coalesced,
    "string-length": lambda values: float(len(to_text(values[0]))),
    "regex": _matches,
    "not": lambda values: not to_yes(values[0]),
    "true": lambda values: True,
    "false": lambda values: False,
    "round": _rounded,
    "int": _whole,
    "number": lambda values: to_number(values[0]),
    "string": lambda values: to_text(values[0]),
    "concat": _joined,
    "contains": lambda values: to_text(values[1]) in to_text(values[0]),
    "starts-with": lambda values: to_text(values[0]).startswith(to_text(values[1])),
    "substr": _part,
    "count": _count,
    "sum": _sum,
    "min": _least,
    "max": _most,
    "date": _date,
    "abs": lambda values: abs(to_number(values[0])),
    "pow": _powered,
}
