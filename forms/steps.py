"""How a form with `steps` is walked: which stops are open, and where one goes from each.

Stops (sections, or questions one by one) are numbered from 1, as in the `_step` input; knows
nothing of pages.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from .definition import Definition
from .types import Value
from .visibility import visible_stops


@dataclass(frozen=True)
class Step:
    """One stop on the way: its number, which place of how many it has, and its neighbours.

    `back` and `onward` are numbers of stops; 0 where the way ends.
    """

    stop: int
    place: int
    count: int
    back: int
    onward: int


def open_stops(
    definition: Definition, answers: Mapping[str, Value], today: date
) -> tuple[int, ...]:
    """The stops that ask anything, given the answers so far.

    The one place that decides it: views and checks of steps ask here.
    """
    return tuple(place + 1 for place in visible_stops(definition, answers, today))


def step_at(definition: Definition, answers: Mapping[str, Value], wanted: int, today: date) -> Step:
    """The step at this stop, or at the next open one."""
    way = open_stops(definition, answers, today) or (1,)
    at = next((at for at, number in enumerate(way) if number >= wanted), len(way) - 1)
    return Step(
        stop=way[at],
        place=at + 1,
        count=len(way),
        back=way[at - 1] if at else 0,
        onward=way[at + 1] if at + 1 < len(way) else 0,
    )


def names_of(definition: Definition, stop: int) -> frozenset[str]:
    """The questions of a stop with their companions."""
    return frozenset(question.name for question in definition.stops[stop - 1].asked)


def stop_of(definition: Definition, names: Collection[str]) -> int:
    """The first stop that has one of these questions; the first one when none has."""
    numbers = range(1, len(definition.stops) + 1)
    return next((n for n in numbers if names_of(definition, n) & set(names)), 1)
