"""XLSForm expressions: parsed once into a small tree that the server and the phone evaluate.

Knows no question types and no definition; docs/expressions.md says what the language has.
"""

from .errors import ExpressionError
from .expression import (
    Calculation,
    Condition,
    Constraint,
    Expression,
    Required,
    parse,
    parse_calculation,
    parse_condition,
    parse_constraint,
)
from .grammar import DEEPEST, FUNCTIONS, LONGEST
from .tree import Call, Constant, Node, Own, Reference, as_json
from .values import Known

__all__ = [
    "DEEPEST",
    "FUNCTIONS",
    "LONGEST",
    "Calculation",
    "Call",
    "Condition",
    "Constant",
    "Constraint",
    "Expression",
    "ExpressionError",
    "Known",
    "Node",
    "Own",
    "Reference",
    "Required",
    "as_json",
    "parse",
    "parse_calculation",
    "parse_condition",
    "parse_constraint",
]
