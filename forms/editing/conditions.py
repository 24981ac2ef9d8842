"""Conditions by picking: a question, a comparison, a value, joined by "and" or "or".

Each picked line is one of a few shapes of XLSForm's expressions; what has another shape is for
those who know the language, and stays as it is written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from ..expressions import Call, Constant, ExpressionError, Node, Reference, parse_condition
from ..problems import N_
from .errors import EditError

Comparison = Literal[
    "is", "is_not", "has", "has_not", "more", "less", "least", "most", "any", "none"
]
Join = Literal["and", "or"]
MOST_PICKS = 5
COMPARISONS: tuple[Comparison, ...] = (
    "is", "is_not", "has", "has_not", "more", "less", "least", "most", "any", "none",
)  # fmt: skip
_SIGNS: Mapping[str, Comparison] = {
    "=": "is", "!=": "is_not", ">": "more", "<": "less", ">=": "least", "<=": "most",
}  # fmt: skip
_SIGN_OF = {comparison: sign for sign, comparison in _SIGNS.items()}
_NUMERIC = frozenset({"integer", "decimal", "money", "rating", "calculate"})
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,3})?", re.ASCII)
_OF_SEVERAL = frozenset({"is", "is_not", "has", "has_not"})
_WITHOUT_VALUE = frozenset({"any", "none"})


@dataclass(frozen=True)
class Pick:
    """One line of the picker."""

    question: str
    comparison: Comparison
    value: str = ""


@dataclass(frozen=True)
class Picked:
    """All lines, joined alike."""

    picks: tuple[Pick, ...] = ()
    join: Join = "and"


def read_picked(source: str) -> Picked | None:
    """The lines that say the same as the expression, or None when no lines can."""
    try:
        tree = parse_condition(source).tree
    except ExpressionError:
        return None
    joined = isinstance(tree, Call) and tree.function in ("and", "or")
    parts: Sequence[Node] = cast(Call, tree).parts if joined else (tree,)
    picks = [_read(part) for part in parts]
    if len(picks) > MOST_PICKS or not all(picks):
        return None
    join: Join = "or" if joined and cast(Call, tree).function == "or" else "and"
    return Picked(tuple(pick for pick in picks if pick), join)


def _read(node: Node) -> Pick | None:
    if not isinstance(node, Call):
        return None
    if node.function == "not":
        (inner,) = node.parts
        found = _read(inner) if isinstance(inner, Call) and inner.function == "selected" else None
        return Pick(found.question, "has_not", found.value) if found else None
    if node.function != "selected" and node.function not in _SIGNS:
        return None
    question, value = node.parts
    known = _constant(value)
    if not isinstance(question, Reference) or known is None:
        return None
    return _compared(node.function, question.name, known)


def _constant(node: Node) -> str | float | None:
    """The value of a text, a number, or a number with a minus."""
    if isinstance(node, Call) and node.function == "-" and len(node.parts) == 1:
        inner = _constant(node.parts[0])
        return -inner if isinstance(inner, float) else None
    return node.value if isinstance(node, Constant) else None


def _compared(sign: str, question: str, value: str | float) -> Pick | None:
    if sign == "selected":
        return Pick(question, "has", value) if isinstance(value, str) and value else None
    if value == "":
        empty: Mapping[str, Comparison] = {"=": "none", "!=": "any"}
        return Pick(question, empty[sign]) if sign in empty else None
    text = value if isinstance(value, str) else _as_text(value)
    return Pick(question, _SIGNS[sign], text)


def _as_text(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(number)


def written(picked: Picked, types: Mapping[str, str]) -> str:
    """The expression that says what was picked; `types` are those of the questions by name.

    Raises EditError for a line that cannot be said.
    """
    lines = [_written(pick, types) for pick in picked.picks]
    source = f" {picked.join} ".join(lines)
    try:
        parse_condition(source)
    except ExpressionError as error:
        raise EditError(N_("This condition cannot be read. Please look at its values.")) from error
    return source


def _written(pick: Pick, types: Mapping[str, str]) -> str:
    if pick.question not in types:
        raise EditError(N_("Please choose the question on which it depends."), field="question")
    if pick.comparison not in COMPARISONS:
        raise EditError(N_("Please choose how to compare."), field="comparison")
    name = f"${{{pick.question}}}"
    if pick.comparison in _WITHOUT_VALUE:
        return f"{name} {'!=' if pick.comparison == 'any' else '='} ''"
    if not pick.value:
        raise EditError(N_("Please choose the answer on which it depends."), field="value")
    kind = types[pick.question]
    if kind == "select_multiple" or pick.comparison in ("has", "has_not"):
        if pick.comparison not in _OF_SEVERAL:
            raise EditError(N_("Please choose how to compare."), field="comparison")
        asked = f"selected({name}, {_quoted(pick.value)})"
        return asked if pick.comparison in ("has", "is") else f"not({asked})"
    value = pick.value.replace(",", ".") if kind in _NUMERIC else ""
    said = value if _NUMBER.fullmatch(value) else _quoted(pick.value)
    return f"{name} {_SIGN_OF[pick.comparison]} {said}"


def _quoted(value: str) -> str:
    quote = '"' if "'" in value else "'"
    if quote in value:
        raise EditError(N_("Please leave out the quotes of this value."), field="value")
    return f"{quote}{value}{quote}"
