"""How a form with `steps` is walked: which sections are open, and where one goes from each.

Sections are numbered from 1, as in the `_step` input; knows nothing of pages.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from .definition import Definition
from .types import Value
from .visibility import visible_sections


@dataclass(frozen=True)
class Step:
    """One section on the way: its number, which place of how many it has, and its neighbours.

    `back` and `onward` are section numbers; 0 where the way ends.
    """

    section: int
    place: int
    count: int
    back: int
    onward: int


def open_sections(
    definition: Definition, answers: Mapping[str, Value], today: date
) -> tuple[int, ...]:
    """The sections that ask anything, given the answers so far.

    The one place that decides it: views and checks of steps ask here.
    """
    visible = visible_sections(definition, answers, today)
    return tuple(
        number
        for number, section in enumerate(definition.sections, start=1)
        if any(section is other for other in visible)
    )


def step_at(definition: Definition, answers: Mapping[str, Value], wanted: int, today: date) -> Step:
    """The step at this section, or at the next open one."""
    way = open_sections(definition, answers, today) or (1,)
    at = next((at for at, number in enumerate(way) if number >= wanted), len(way) - 1)
    return Step(
        section=way[at],
        place=at + 1,
        count=len(way),
        back=way[at - 1] if at else 0,
        onward=way[at + 1] if at + 1 < len(way) else 0,
    )


def names_of(definition: Definition, section: int) -> frozenset[str]:
    """The questions of a section with their companions."""
    return frozenset(
        question.name
        for written in definition.sections[section - 1].questions
        for question in (written, *written.companions())
    )


def section_of(definition: Definition, names: Collection[str]) -> int:
    """The first section that has one of these questions; the first one when none has."""
    numbers = range(1, len(definition.sections) + 1)
    return next((n for n in numbers if names_of(definition, n) & set(names)), 1)
