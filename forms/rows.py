"""The rows of a repeat as a page draws them; knows no template and holds no check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms.form import BaseForm

from .problems import Problem
from .types import Question, Raw
from .types.repeat import Repeat


@dataclass(frozen=True)
class RowView:
    """One row: its number in the names of inputs, its heading, its fields."""

    number: int
    label: str
    fields: tuple[Any, ...]


def row_views(
    question: Repeat,
    raw: Raw,
    problems: Mapping[str, Problem],
    more: int,
    *,
    language: str,
    make: Callable[[Question], Any],
) -> list[RowView]:
    """The rows that came, under their numbers, and empty ones behind them."""
    came = question.rows_of(raw)
    numbers = list(came)
    while len(numbers) < min(max(question.least, len(came) + more), question.most):
        numbers.append(numbers[-1] + 1 if numbers else 0)
    views = []
    for at, number in enumerate(numbers, start=1):
        fields = {child.name: make(child) for child in question.asked}
        form = BaseForm(fields, prefix=f"{question.name}.{number}.")
        for name, field in form._fields.items():
            field.process(came.get(number))
            if wrong := problems.get(f"{number}.{name}"):
                field.refuse(wrong.inner[""])
        label = f"{question.item.into(language)} {at}"
        views.append(RowView(number, label, tuple(form._fields.values())))
    return views
