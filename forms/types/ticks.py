"""Consent ticks, and notes that only say something."""

from datetime import date
from typing import ClassVar, Literal

from ..localized import Localized
from ..problems import N_, Problem
from .base import NO_ANSWER, Cell, Checked, Question, Raw, Value
from .summaries import ChoiceSummary, Summary

_TICKED = Localized({"vi": "Đã đánh dấu", "en": "Ticked"})


class Consent(Question):
    """A tick that is never set beforehand; each purpose has its own (Luật 91/2025/QH15 Điều 9).

    `purpose: sensitive` is required exactly when a sensitive question is answered.
    """

    control: ClassVar[str] = "consent"
    reading: ClassVar[str] = "i"
    cell_kind: ClassVar[str] = "number"
    type: Literal["consent"] = "consent"
    purpose: Literal["process", "sensitive", "publish", "share", "contact", "pledge"] = "process"

    def check_text(self, text: str, today: date) -> Checked:
        if text.strip() in ("1", "on", "yes", "true"):
            return Checked(1)
        return Checked(problem=Problem(N_("Please tick the box, or leave it empty.")))

    def summary(self) -> Summary:
        return ChoiceSummary([("1", _TICKED)])

    def show(self, value: Value, language: str) -> str:
        # What was kept although it broke a rule ("no", "false") is no tick.
        return "✓" if str(value) == "1" else str(value)

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        return (1 if value == 1 else None if value is None else str(value),)


class Note(Question):
    """Words between questions; nothing is asked or kept."""

    control: ClassVar[str] = "note"
    asks: ClassVar[bool] = False
    type: Literal["note"] = "note"

    def check(self, raw: Raw, today: date) -> Checked:
        return NO_ANSWER

    def cells(
        self, value: Value | None, *, split: bool = False, labels: str = ""
    ) -> tuple[Cell, ...]:
        return ()
