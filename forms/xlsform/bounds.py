"""Bounds of an answer said once more as a constraint, so that ODK keeps them, too.

`least: 0, constraint: ". != 7"` stands in the column as `(. != 7) and . >= 0`; the reader takes the
bounds off again, since they travel in columns of our own.
"""

from collections.abc import Mapping
from typing import Any

_NUMBERS = frozenset({"integer", "decimal", "money"})
_TEXTS = frozenset({"text", "multiline"})


def bounds(plain: Mapping[str, Any]) -> str:
    """The bounds that a question names, as a condition; empty where it names none."""
    if plain["type"] in _NUMBERS:
        own, least, most = ".", plain.get("least"), plain.get("most")
    elif plain["type"] in _TEXTS:
        own, least, most = "string-length(.)", plain.get("shortest"), plain.get("longest")
    else:
        return ""
    said = [f"{own} {sign} {end}" for sign, end in ((">=", least), ("<=", most)) if end is not None]
    return " and ".join(said)


def with_bounds(constraint: str, plain: Mapping[str, Any]) -> str:
    """The constraint as the column holds it."""
    said = bounds(plain)
    if not (constraint and said):
        return constraint or said
    return f"({constraint}) and {said}"


def without_bounds(cell: str, plain: Mapping[str, Any]) -> str:
    """The constraint itself; a cell that somebody has changed is taken whole."""
    said = bounds(plain)
    if not said or cell == said:
        return "" if said else cell
    ending = f") and {said}"
    return cell[1 : -len(ending)] if cell.startswith("(") and cell.endswith(ending) else cell
