"""A parsed expression that remembers how it was written, and the settings that hold one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator

from .checks import check_condition, check_conditions, check_no_own
from .evaluator import Given, evaluate
from .parser import parse_tree
from .tree import Call, Node, as_json, names, single_choice, walk
from .values import Known, to_yes


@dataclass(frozen=True)
class Expression:
    """The text and its tree."""

    source: str
    tree: Node

    def value(self, answers: Mapping[str, object], today: date, own: object = "") -> Known:
        """What it says of these answers on this day; `own` is the answer that is judged."""
        return evaluate(self.tree, Given(answers, today, own))

    def holds(self, answers: Mapping[str, object], today: date, own: object = "") -> bool:
        """Whether it is true of these answers on this day."""
        return to_yes(self.value(answers, today, own))

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions it reads."""
        return names(self.tree)

    @cached_property
    def patterns(self) -> int:
        """How often it calls regex, the one function that can take long."""
        calls = (node for node in walk(self.tree) if isinstance(node, Call))
        return sum(call.function == "regex" for call in calls)

    @property
    def json(self) -> Any:
        """The tree as the phone reads it."""
        return as_json(self.tree)

    @property
    def choice(self) -> tuple[str, str] | None:
        """Question and choice, when it only asks whether that choice was made."""
        return single_choice(self.tree)


def parse(source: str) -> Expression:
    """Parse the text of a calculation or a part of one; raises ExpressionError."""
    tree = parse_tree(source)
    check_conditions(tree)
    return Expression(source, tree)


def parse_condition(source: str) -> Expression:
    """Parse what `relevant` and its like hold; raises ExpressionError."""
    expression = parse_constraint(source)
    check_no_own(expression.tree)
    return expression


def parse_constraint(source: str) -> Expression:
    """Parse a condition on the answer `.`; raises ExpressionError."""
    expression = parse(source)
    check_condition(expression.tree)
    return expression


def parse_calculation(source: str) -> Expression:
    """Parse what gives a value; raises ExpressionError."""
    expression = parse(source)
    check_no_own(expression.tree)
    return expression


def _condition(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    return parse_condition(_text(value, "${question} = 'choice'"))


def _constraint(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    return parse_constraint(_text(value, ". > 0"))


def _calculation(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    return parse_calculation(_text(value, "${price} * ${count}"))


def _required(value: object) -> bool | Expression:
    if isinstance(value, bool | Expression):
        return value
    if not isinstance(value, str):
        raise ValueError("write true or false, or an expression such as ${question} = 'choice'")
    return parse_condition(value)


def _text(value: object, example: str) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"write an expression such as {example}")


def _written(value: bool | Expression) -> bool | str:
    return value if isinstance(value, bool) else value.source


_SOURCE = PlainSerializer(lambda expression: expression.source, return_type=str)
Condition = Annotated[Expression, PlainValidator(_condition), _SOURCE]
Constraint = Annotated[Expression, PlainValidator(_constraint), _SOURCE]
Calculation = Annotated[Expression, PlainValidator(_calculation), _SOURCE]
Required = Annotated[bool | Expression, PlainValidator(_required), PlainSerializer(_written)]
