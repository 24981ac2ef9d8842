"""The priority score of a response, with what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .definition import Definition
from .priority import CAP, Points
from .types import Value
from .visibility import as_seen


@dataclass(frozen=True)
class Score:
    """How many points, at most CAP, and for what."""

    points: int
    parts: tuple[Points, ...]


def score(definition: Definition, answers: Mapping[str, Value], today: date) -> Score:
    """What the answers count; of each group the highest part only, the first of equal ones."""
    known = as_seen(definition, answers, today)
    holding = [part for part in definition.priority if part.when.holds(known, today)]
    highest: dict[str, Points] = {}
    for part in holding:
        if part.group and part.points > getattr(highest.get(part.group), "points", 0):
            highest[part.group] = part
    parts = tuple(p for p in holding if not p.group or highest[p.group] is p)
    return Score(min(sum(part.points for part in parts), CAP), parts)
