"""How a form is offered: numbered versions, and scan points with their state at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .definition import Definition

# A queued answer is still taken this long after closing.
GRACE = timedelta(days=14)


@dataclass(frozen=True)
class PublishedVersion:
    """A frozen definition with its number; `prefix` opens every receipt of the definition."""

    definition: Definition
    number: int
    prefix: str
    published_at: datetime

    @property
    def key(self) -> str:
        return version_key(self.definition.id, self.number)


def version_key(definition: str, number: int) -> str:
    return f"{definition}@{number}"


class Availability(StrEnum):
    """Whether a form can be answered now."""

    OPEN = "open"
    EARLY = "early"
    PAUSED = "paused"
    CLOSED = "closed"
    FULL = "full"  # no place is left and no list is kept: see forms/offer.py


@dataclass(frozen=True)
class Former:
    """What a scan point led to before it was pointed elsewhere."""

    definition: str
    unit: str
    place: str


@dataclass(frozen=True)
class ScanPoint:
    """The row behind one printed QR code: which form, for which unit, at which place.

    `former` is what it led to before, oldest first. A page says how many there were when it was
    opened (its turn), so that an answer stays with the form and unit that it was given to.
    """

    code: str
    definition: str
    unit: str
    place: str
    created_at: datetime
    paused: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    former: tuple[Former, ...] = ()

    @property
    def led_to(self) -> frozenset[str]:
        """The forms that it leads to, or led to before."""
        return frozenset({self.definition, *(former.definition for former in self.former)})

    def at_turn(self, turn: str) -> "ScanPoint":
        """The point as the page of this turn knew it; as it is now for anything else."""
        known = turn.isascii() and turn.isdigit() and len(turn) < 5
        if not known or int(turn) >= len(self.former):
            return self
        then = int(turn)
        return replace(self, **vars(self.former[then]), former=self.former[:then])

    def availability(self, now: datetime) -> Availability:
        if self.closes_at is not None and now >= self.closes_at:
            return Availability.CLOSED
        if self.paused:
            return Availability.PAUSED
        if self.opens_at is not None and now < self.opens_at:
            return Availability.EARLY
        return Availability.OPEN

    def within_grace(self, now: datetime) -> bool:
        """Whether an answer filled before closing may still arrive."""
        return self.closes_at is None or now < self.closes_at + GRACE


@dataclass(frozen=True)
class Openings:
    """About how often the scan points of a form were opened; whoever opened them is not kept."""

    definition: str
    by_point: Mapping[str, int]
