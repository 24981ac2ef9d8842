"""What a sender agreed to, kept as proof (Luật 91/2025/QH15 Điều 9, Nghị định 356/2025/NĐ-CP)."""

from collections.abc import Mapping
from dataclasses import dataclass

from .definition import Definition
from .types import Value
from .types.ticks import Consent


@dataclass(frozen=True)
class Accepted:
    """The notice by its version and the SHA-256 of its text, the purposes ticked, when and how.

    `at` is when the boxes were ticked as far as is known, ISO 8601: on the phone for a response
    that waited there, on the day that a paper says, else on arrival. `channel` is web, kiosk,
    spoken, phone or paper, or request: a box changed by the union because the sender asked for it.
    """

    notice: int
    digest: str
    purposes: tuple[str, ...]
    at: str
    channel: str


def accepted_by(
    definition: Definition, answers: Mapping[str, Value], *, at: str, channel: str
) -> Accepted | None:
    """What these answers agree to; None where nothing was ticked."""
    ticked = tuple(
        question.purpose
        for question in definition.questions
        if isinstance(question, Consent) and question.name in answers
    )
    if not ticked:
        return None
    notice = definition.notice
    return Accepted(notice.version, notice.digest, ticked, at, channel)
