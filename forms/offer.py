"""What a published form offers: when, how many places, and what counts once; no clock, no store.

A definition never changes once it is published, what it offers does: an organizer raises a limit
on the day before. So it stands beside the versions, one for all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .definition import Definition
from .response import Response
from .types.choices import SelectOne
from .workflow import Once

TOTAL = "total"
MOST_PLACES = 1_000_000
# Names of places begin with these (storage/places.py), so a question called so can have no slots.
_TAKEN = frozenset({TOTAL, "once"})


@dataclass(frozen=True)
class Offer:
    """The offer of one definition; None is no limit, and no slots are no limits either.

    `slots` say how many places each choice of a question has. Without `waiting` nobody is put on a
    list: a full form is closed until a place is free. `own_once` says that `once` stands in the
    place of the definition's, also where it is None. `opens_at` and `closes_at` are what new scan
    points begin with; each has its own.
    """

    definition: str
    total: int | None = None
    per_unit: int | None = None
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    waiting: bool = True
    own_once: bool = False
    once: Once | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def is_limited(self) -> bool:
        """Whether anything of it may become full."""
        return self.total is not None or self.per_unit is not None or bool(self.slots)

    def once_of(self, definition: Definition) -> Once | None:
        """What counts only once: the offer's word, else the definition's."""
        return self.once if self.own_once else definition.once

    def unit_limits(self, unit: str) -> Iterator[tuple[str, int]]:
        """The places that every response of a unit asks for, with their limits."""
        if self.total is not None:
            yield TOTAL, self.total
        if self.per_unit is not None:
            yield f"{TOTAL}:{unit}", self.per_unit

    def slot_limits(self) -> Iterator[tuple[str, int]]:
        """The places that choices have, with their limits."""
        for question, places in self.slots.items():
            for choice, limit in places.items():
                yield place_of(question, choice), limit

    def asked_by(self, response: Response) -> Iterator[tuple[str, int]]:
        """The places that a response asks for by its unit and its answers."""
        yield from self.unit_limits(response.unit)
        for question, places in self.slots.items():
            choice = response.answers.get(question)
            if isinstance(choice, str) and choice in places:
                yield place_of(question, choice), places[choice]

    def limits(self, units: Iterable[str]) -> dict[str, int]:
        """The limits of all places there can be in these units."""
        found = dict(self.slot_limits())
        for unit in units:
            found.update(self.unit_limits(unit))
        return found


def place_of(question: str, choice: str) -> str:
    """The name of the place that a choice is."""
    return f"{question}:{choice}"


def slot_questions(definition: Definition) -> tuple[SelectOne, ...]:
    """The questions whose choices may have places: one choice out of some, not sensitive.

    What is sensitive is encrypted at rest; the name of a place would tell it.
    """
    return tuple(
        question
        for question in definition.asking
        if isinstance(question, SelectOne)
        and question.name not in _TAKEN
        and question.name not in definition.sealed_names
    )
