"""The one error of expressions: its text says where, and what to write instead."""

from typing import Self


class ExpressionError(ValueError):
    """The text is no expression that is understood."""

    @classmethod
    def at(cls, position: int, text: str) -> Self:
        """An error at a place in the text, counted from 0; people count from 1."""
        return cls(f"character {position + 1}: {text}")
