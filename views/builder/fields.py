"""Inputs of the builder: a text side by side in all languages, as typed after a mistake."""

from typing import Any

from flask import request

from forms.draft import Draft
from services.errors import Refusal

from ..language import refusal_text
from .words import language_word


class Typed:
    """What inputs show: after a refusal what was posted, otherwise what the draft says.

    `again`: the page was only asked for anew, with what was typed.
    """

    def __init__(self, draft: Draft, refusal: Refusal | None, *, again: bool = False) -> None:
        self._refusal, self._again = refusal, again or refusal is not None
        self.languages: list[str] = list(draft.plain.get("languages", ["vi", "en"]))

    def value(self, name: str, known: object) -> str:
        if self._again and name in request.form:
            return request.form[name]
        return "" if known is None else str(known)

    def tick(self, name: str, known: object) -> bool:
        if self._again and "revision" in request.form:
            return name in request.form
        return bool(known)

    def error(self, name: str) -> str:
        refusal = self._refusal
        return refusal_text(refusal) if refusal is not None and refusal.field == name else ""

    @property
    def other_error(self) -> str:
        """What is wrong and belongs to no input of the page."""
        refusal = self._refusal
        return refusal_text(refusal) if refusal is not None and not refusal.field else ""

    def texts(self, setting: str, known: object, *, long: bool = False) -> list[dict[str, Any]]:
        """One input for each language of the form; where one is missing it says so."""
        texts = known if isinstance(known, dict) else {}
        filled = any(texts.get(language) for language in self.languages)
        return [
            {
                "name": f"{setting}.{language}",
                "language": language,
                "word": language_word(language),
                "value": self.value(f"{setting}.{language}", texts.get(language, "")),
                "missing": filled and not texts.get(language),
                "error": self.error(f"{setting}.{language}"),
                "long": long,
            }
            for language in self.languages
        ]
