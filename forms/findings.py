"""What is said of a form that is being edited: findings and differences, and their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Room = Literal[
    "question",
    "choices",
    "condition",
    "section",
    "texts",
    "notice",
    "kept",
    "marks",
    "languages",
    "form",
]


@dataclass(frozen=True)
class Place:
    """Where something is mended: a part of the builder, with a question's name or a section's
    number (counted from 0)."""

    room: Room = "form"
    question: str = ""
    section: int | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class Finding:
    """An error keeps a form from being published, a warning does not.

    `message` is a message id with named values, which may be texts in several languages.
    """

    severity: Severity
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    place: Place = NOWHERE


def error(message: str, place: Place = NOWHERE, **values: object) -> Finding:
    return Finding("error", message, values, place)


def warning(message: str, place: Place = NOWHERE, **values: object) -> Finding:
    return Finding("warning", message, values, place)


@dataclass(frozen=True)
class Difference:
    """One change between two forms: a message id with its values, and where it is."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    place: Place = NOWHERE


def differ(message: str, place: Place = NOWHERE, **values: object) -> Difference:
    return Difference(message, values, place)
