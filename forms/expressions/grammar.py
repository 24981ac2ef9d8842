"""What the language has: operators by how close they bind, functions with their parts.

A kind says what comes out: a condition is of kind `yes` (or a number, which holds unless it is 0).
"""

from dataclasses import dataclass
from typing import Literal as OneOf

Kind = OneOf["yes", "number", "text", "as parts"]
LONGEST = 2_000  # characters of an expression
DEEPEST = 60  # calls in each other
MOST_PARTS = 100


@dataclass(frozen=True)
class Function:
    """How many parts a function takes, and the kind of its value."""

    least: int
    most: int
    kind: Kind


BINDS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
BINDS |= {"+": 5, "-": 5, "*": 6, "div": 6, "mod": 6}
UNARY_BINDS = 7
# a + b + c is one call of three parts, so that long chains are not deep.
CHAINS = frozenset({"or", "and", "+", "*"})
_YES = ("or", "and", "=", "!=", "<", "<=", ">", ">=")
OPERATOR_KINDS: dict[str, Kind] = {sign: "yes" if sign in _YES else "number" for sign in BINDS}

FUNCTIONS = {
    "selected": Function(2, 2, "yes"),
    "count-selected": Function(1, 1, "number"),
    "selected-at": Function(2, 2, "text"),
    "if": Function(3, 3, "as parts"),
    "coalesce": Function(2, 2, "as parts"),
    "string-length": Function(1, 1, "number"),
    "regex": Function(2, 2, "yes"),
    "not": Function(1, 1, "yes"),
    "true": Function(0, 0, "yes"),
    "false": Function(0, 0, "yes"),
    "today": Function(0, 0, "text"),
    "round": Function(1, 2, "number"),
    "int": Function(1, 1, "number"),
    "number": Function(1, 1, "number"),
    "string": Function(1, 1, "text"),
    "concat": Function(1, MOST_PARTS, "text"),
    "contains": Function(2, 2, "yes"),
    "starts-with": Function(2, 2, "yes"),
    "substr": Function(2, 3, "text"),
    "count": Function(1, MOST_PARTS, "number"),
    "sum": Function(1, MOST_PARTS, "number"),
    "min": Function(1, MOST_PARTS, "number"),
    "max": Function(1, MOST_PARTS, "number"),
    "date": Function(1, 1, "text"),
    "abs": Function(1, 1, "number"),
    "pow": Function(2, 2, "number"),
}
