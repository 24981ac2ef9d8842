"""The one tree of an expression, and the JSON that the phone evaluates; knows no values.

JSON: a text or number stands for itself, `["$", name]` reads a question, `["."]` the question's
own answer, `[function, part …]` is a call; operators are functions with the name of their sign.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Constant:
    """A text or a number."""

    value: str | float

    def __post_init__(self) -> None:
        if isinstance(self.value, int):
            object.__setattr__(self, "value", float(self.value))


@dataclass(frozen=True)
class Reference:
    """`${name}`: the answer to a question."""

    name: str


@dataclass(frozen=True)
class Own:
    """`.`: the answer that a constraint judges."""


@dataclass(frozen=True)
class Call:
    """A function or an operator with its parts."""

    function: str
    parts: tuple["Node", ...] = ()

    @cached_property
    def depth(self) -> int:
        """How many calls lie in each other, this one included."""
        return 1 + max((part.depth for part in self.parts if isinstance(part, Call)), default=0)


Node = Constant | Reference | Own | Call


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, in the order of the text's meaning."""
    yield node
    if isinstance(node, Call):
        for part in node.parts:
            yield from walk(part)


def names(node: Node) -> frozenset[str]:
    """The questions that are read."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Reference))


def as_json(node: Node) -> Any:
    """The tree as plain lists, texts and numbers."""
    if isinstance(node, Constant):
        whole = isinstance(node.value, float) and node.value.is_integer()
        return int(node.value) if whole else node.value
    if isinstance(node, Reference):
        return ["$", node.name]
    if isinstance(node, Own):
        return ["."]
    return [node.function, *map(as_json, node.parts)]


def single_choice(node: Node) -> tuple[str, str] | None:
    """The question and the choice, when the tree only asks whether that choice was made."""
    if not isinstance(node, Call) or node.function not in ("=", "selected"):
        return None
    name, choice = node.parts
    if not isinstance(name, Reference) or not isinstance(choice, Constant):
        return None
    return (name.name, choice.value) if choice.value and isinstance(choice.value, str) else None
