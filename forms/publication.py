"""How a form is offered: numbered versions, and scan points with their state at a time."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class ScanPoint:
    """The row behind one printed QR code: which form, for which unit, at which place."""

    code: str
    definition: str
    unit: str
    place: str
    created_at: datetime
    paused: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None

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
