"""XLSForm expressions: parsed once into a small tree, evaluated over answers.

The part of the language understood so far: `${question} = 'choice'`, `!=`,
`selected(${question}, 'choice')`, `and`, `or`, `not(…)` and parentheses. An answer that is not
there is the empty text. The grammar is that of XLSForm's `relevant` column (xlsform.org).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import PlainSerializer, PlainValidator

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{[A-Za-z][\w-]*\})|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>!=|=|\(|\)|,)|(?P<word>[A-Za-z][\w-]*))"
)
LONGEST = 2_000
DEEPEST = 60


class ExpressionError(ValueError):
    """The text is no expression that is understood; says where and what was expected."""


class Node(Protocol):
    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether the expression is true of these answers."""
        ...

    def names(self) -> frozenset[str]:
        """The questions it reads."""
        ...


def _chosen(answers: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = answers.get(name)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value),)


@dataclass(frozen=True)
class Equals:
    """`${name} = 'text'`: the answer is exactly this; without an answer it is the empty text."""

    name: str
    text: str

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return " ".join(_chosen(answers, self.name)) == self.text

    def names(self) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True)
class Selected:
    """`selected(${name}, 'choice')`: the choice is among those chosen."""

    name: str
    text: str

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return self.text in _chosen(answers, self.name)

    def names(self) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True)
class Not:
    part: Node

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return not self.part.holds(answers)

    def names(self) -> frozenset[str]:
        return self.part.names()


@dataclass(frozen=True)
class Both:
    left: Node
    right: Node

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return self.left.holds(answers) and self.right.holds(answers)

    def names(self) -> frozenset[str]:
        return self.left.names() | self.right.names()


@dataclass(frozen=True)
class Either:
    left: Node
    right: Node

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return self.left.holds(answers) or self.right.holds(answers)

    def names(self) -> frozenset[str]:
        return self.left.names() | self.right.names()


class _Parser:
    """Recursive descent over the tokens: or < and < comparison."""

    def __init__(self, source: str) -> None:
        self.source, self.at, self.depth = source, 0, 0
        self.kind, self.token = "", ""
        self.step()

    def step(self) -> str:
        """Move to the next token; return the one left behind."""
        left = self.token
        if self.source[self.at :].isspace() or self.at == len(self.source):
            self.kind, self.token = "end", ""
            return left
        match = _TOKEN.match(self.source, self.at)
        if not match or match.lastgroup is None:
            raise ExpressionError(f"cannot read {self.source[self.at :].strip()[:20]!r}")
        self.kind, self.token = match.lastgroup, match[match.lastgroup]
        self.at = match.end()
        return left

    def expect(self, kind: str, token: str | None, wanted: str) -> str:
        if self.kind != kind or (token is not None and self.token != token):
            raise ExpressionError(f"expected {wanted} before {self.token or 'the end'!r}")
        return self.step()

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} deep")
        node = self.both()
        while (self.kind, self.token) == ("word", "or"):
            self.step()
            node = Either(node, self.both())
        self.depth -= 1
        return node

    def both(self) -> Node:
        node = self.single()
        while (self.kind, self.token) == ("word", "and"):
            self.step()
            node = Both(node, self.single())
        return node

    def single(self) -> Node:
        if (self.kind, self.token) == ("sign", "("):
            self.step()
            node = self.either()
            self.expect("sign", ")", "a closing parenthesis")
            return node
        if self.kind == "word":
            return self.call()
        name = self.name()
        sign = self.expect("sign", None, "= or !=")
        if sign not in ("=", "!="):
            raise ExpressionError(f"expected = or != instead of {sign!r}")
        equals = Equals(name, self.text())
        return equals if sign == "=" else Not(equals)

    def call(self) -> Node:
        function = self.step()
        self.expect("sign", "(", f"( after {function}")
        if function == "not":
            node: Node = Not(self.either())
        elif function == "selected":
            name = self.name()
            self.expect("sign", ",", "a comma")
            node = Selected(name, self.text())
        else:
            raise ExpressionError(f"unknown function {function}; known are selected and not")
        self.expect("sign", ")", "a closing parenthesis")
        return node

    def name(self) -> str:
        return self.expect("name", None, "a question such as ${name}")[2:-1]

    def text(self) -> str:
        return self.expect("text", None, "a choice in quotes such as 'khac'")[1:-1]


@dataclass(frozen=True)
class Expression:
    """A parsed expression that remembers how it was written."""

    source: str
    tree: Node

    def holds(self, answers: Mapping[str, Any]) -> bool:
        return self.tree.holds(answers)

    def names(self) -> frozenset[str]:
        return self.tree.names()


def parse(source: str) -> Expression:
    """Parse the text of an expression; raises ExpressionError."""
    if len(source) > LONGEST:
        raise ExpressionError(f"longer than {LONGEST} characters")
    parser = _Parser(source)
    tree = parser.either()
    if parser.kind != "end":
        raise ExpressionError(f"did not expect {parser.token!r}")
    return Expression(source, tree)


def _condition(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str):
        raise ValueError("write an expression such as ${question} = 'choice'")
    return parse(value)


Condition = Annotated[
    Expression,
    PlainValidator(_condition),
    PlainSerializer(lambda expression: expression.source, return_type=str),
]
