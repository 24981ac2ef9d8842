"""Expressions as ODK takes them, where it differs from us: `sum` and `count` of several values,
months that are whole days there.

What is written otherwise travels once more in a column of our own, as it stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..expressions import Call, Constant, Node, Own, Reference, parse
from ..expressions.grammar import BINDS
from .bounds import with_bounds
from .cells import plain_cell

SETTINGS = ("relevant", "required", "constraint", "calculation")
_OF_TEXTS = frozenset({"regex", "substr", "contains", "starts-with", "string-length", "concat"})
_ZERO, _ONE, _MONTH = Constant(0), Constant(1), Constant(7)


@dataclass(frozen=True)
class Months:
    """The questions whose answer is a month here and a day there."""

    names: frozenset[str]
    own: bool = False


def columns_of(plain: Mapping[str, Any], months: frozenset[str]) -> dict[str, str]:
    """What the columns of expressions say of a question or a section."""
    own = Months(months, own=plain.get("type") == "month")
    said = {key: as_odk(plain[key], own) for key in SETTINGS if isinstance(plain.get(key), str)}
    if plain.get("required") is True:
        said["required"] = "yes"
    if "type" in plain:
        said["constraint"] = with_bounds(said.get("constraint", ""), plain)
    if plain.get("hidden"):
        said["relevant"] = "false()"
    return {key: plain_cell(text) for key, text in said.items() if text}


def as_odk(source: str, months: Months) -> str:
    """The expression as ODK takes it; itself where there is no difference."""
    tree = parse(source).tree
    changed = _changed(tree, months)
    return source if changed == tree else _text(changed)


def _changed(node: Node, months: Months) -> Node:
    if not isinstance(node, Call):
        return node
    parts = tuple(_changed(part, months) for part in node.parts)
    if node.function in ("sum", "count") and not _is_one_question(parts):
        values = tuple(_counted(part, node.function) for part in parts)
        return Call("+", values) if len(values) > 1 else values[0]
    if node.function in _OF_TEXTS and months:
        parts = tuple(_as_month(part, months) for part in parts)
    return Call(node.function, parts)


def _is_one_question(parts: tuple[Node, ...]) -> bool:
    return len(parts) == 1 and isinstance(parts[0], Reference)


def _counted(part: Node, function: str) -> Node:
    if function == "sum":
        return Call("coalesce", (part, _ZERO))
    return Call("if", (Call("!=", (part, Constant(""))), _ONE, _ZERO))


def _as_month(part: Node, months: Months) -> Node:
    is_month = (isinstance(part, Own) and months.own) or (
        isinstance(part, Reference) and part.name in months.names
    )
    return Call("substr", (part, _ZERO, _MONTH)) if is_month else part


def _text(node: Node) -> str:
    if isinstance(node, Own):
        return "."
    if isinstance(node, Reference):
        return f"${{{node.name}}}"
    if isinstance(node, Constant):
        return _constant(node.value)
    if node.function not in BINDS:
        return f"{node.function}({', '.join(map(_text, node.parts))})"
    parts = [f"({_text(p)})" if _is_operator(p) else _text(p) for p in node.parts]
    return f"-{parts[0]}" if len(parts) == 1 else f" {node.function} ".join(parts)


def _is_operator(node: Node) -> bool:
    return isinstance(node, Call) and node.function in BINDS


def _constant(value: str | float) -> str:
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return f"{Decimal(repr(value)).normalize():f}"
