"""Values that are worked out from other answers; nobody is asked, the server alone decides."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from ..cleaning import clean_line, made_readable
from ..expressions import Calculation, Known
from ..expressions.evaluator import rounded
from .base import NO_ANSWER, Cell, Checked, Question, Raw, Value
from .numbers import LARGEST, grouped
from .summaries import CalculatedSummary, Summary

LONGEST_VALUE = 2_000


class Calculate(Question):
    """A calculated text or number; with a label the page shows it as a line of its own.

    Without a label the name stands in for one, in headings only.
    """

    control: ClassVar[str] = "calculate"
    type: Literal["calculate"] = "calculate"
    calculation: Calculation

    @model_validator(mode="before")
    @classmethod
    def _name_stands_in(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and not given.get("label") and given.get("name"):
            return {**given, "label": {"vi": given["name"]}}
        return given

    @model_validator(mode="after")
    def _nobody_is_asked(self) -> "Calculate":
        if self.required or self.constraint:
            raise ValueError(
                "a calculation is not asked: remove `required` and `constraint`, "
                "or put the constraint on a question it reads"
            )
        return self

    @property
    def is_shown(self) -> bool:
        return self.label.root != {"vi": self.name}

    def check(self, raw: Raw, today: date) -> Checked:
        # Whatever a phone sent: it is calculated anew.
        return NO_ANSWER

    def keep(self, known: Known) -> Value | None:
        """What is stored of a calculated value; NaN, infinity and the empty text are no answer."""
        if isinstance(known, float):
            if not math.isfinite(known) or abs(known) > LARGEST:
                return None
            known = rounded(known, 6)
            return int(known) if known.is_integer() else known
        text = known if isinstance(known, str) else str(known).lower()
        return clean_line(made_readable(text))[:LONGEST_VALUE].rstrip() or None

    def summary(self) -> Summary:
        return CalculatedSummary(lambda number: self.show(number, ""))

    def show(self, value: Value, language: str) -> str:
        return grouped(value) if isinstance(value, int | float) else str(value)

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        return super().cells(value)
