"""Five faces, from very dissatisfied (1) to very satisfied (5)."""

from datetime import date
from typing import ClassVar, Literal

from ..localized import Localized
from ..problems import N_, Problem
from .base import Checked, Question, Value
from .summaries import ChoiceSummary, Summary

FACES: tuple[Localized, ...] = (
    Localized({"vi": "Rất không hài lòng", "en": "Very dissatisfied"}),
    Localized({"vi": "Không hài lòng", "en": "Dissatisfied"}),
    Localized({"vi": "Bình thường", "en": "Neither"}),
    Localized({"vi": "Hài lòng", "en": "Satisfied"}),
    Localized({"vi": "Rất hài lòng", "en": "Very satisfied"}),
)


class Rating(Question):
    """A rating from 1 to 5, kept as a whole number."""

    control: ClassVar[str] = "rating"
    reading: ClassVar[str] = "i"
    cell_kind: ClassVar[str] = "number"
    type: Literal["rating"] = "rating"

    def check_text(self, text: str, today: date) -> Checked:
        text = text.strip()
        if text not in ("1", "2", "3", "4", "5"):
            return Checked(problem=Problem(N_("Please choose one of the five faces.")))
        return Checked(int(text))

    def summary(self) -> Summary:
        steps = [(str(number), face) for number, face in enumerate(FACES, start=1)]
        return ChoiceSummary(steps, steps=True)

    def show(self, value: Value, language: str) -> str:
        if isinstance(value, int) and 1 <= value <= len(FACES):
            return f"{value} · {FACES[value - 1].into(language)}"
        return str(value)
