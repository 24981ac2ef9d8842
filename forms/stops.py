"""The stops on the way through a form with steps: its sections, or its questions one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .types import Question
from .types.calculate import Calculate


@dataclass(frozen=True)
class Stop:
    """What is shown at once: questions of the section at this place, counted from 0.

    `opens_section` is true of a section's first stop.
    """

    section: int
    questions: tuple[Question, ...]
    opens_section: bool = True

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions, each followed by its companions."""
        return tuple(q for written in self.questions for q in (written, *written.companions()))


def sections_as_stops(sections: Sequence[Sequence[Question]]) -> tuple[Stop, ...]:
    return tuple(
        Stop(place, tuple(questions)) for place, questions in enumerate(sections) if questions
    )


def questions_as_stops(sections: Sequence[Sequence[Question]]) -> tuple[Stop, ...]:
    """Every question alone, but for what cannot be: see `_alone`."""
    return tuple(
        Stop(place, questions, opens_section=number == 0)
        for place, section in enumerate(sections)
        for number, questions in enumerate(_alone(section) if section else ())
    )


def _alone(section: Sequence[Question]) -> Iterator[tuple[Question, ...]]:
    """Notes and calculations stand with the question after them, and files with all that follows.

    A page without scripts cannot take files along to the next one.
    """
    waiting: list[Question] = []
    has_files = False
    for at, question in enumerate(section):
        waiting.append(question)
        has_files = has_files or question.keeps_files
        rest_asks = any(map(_asks, section[at + 1 :]))
        if _asks(question) and rest_asks and not has_files:
            yield tuple(waiting)
            waiting = []
    yield tuple(waiting)


def _asks(question: Question) -> bool:
    return question.asks and not isinstance(question, Calculate)
