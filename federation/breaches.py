"""A breach of personal data: when it was detected, whose data it touched, what was done since.

Knows no answers and no names: whom it touched is found in the responses again each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# Luật 91/2025/QH15 Điều 23: the agency of Bộ Công an is told within 72 hours of the detection.
TIME_TO_NOTIFY = timedelta(hours=72)
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Extent:
    """Which data: forms and units (with all below; none named is every one), and when.

    With an `account` it is what that account saw or exported between the two moments, as the audit
    trail tells; else what was sent between them.
    """

    forms: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    account: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies between the two."""
        return (self.since is None or moment >= self.since) and (
            self.until is None or moment <= self.until
        )


class Happened(StrEnum):
    """What a step of a breach says."""

    OPENED = "opened"
    DRAFTED = "drafted"
    LISTED = "listed"
    NOTIFIED = "notified"
    PEOPLE_TOLD = "people_told"
    NOTED = "noted"
    CLOSED = "closed"


@dataclass(frozen=True)
class BreachStep:
    """One step: when, by whom, what, how many people, and a word that names nobody."""

    at: datetime
    who: str
    what: Happened
    number: int = 0
    text: str = ""


@dataclass(frozen=True)
class Breach:
    """The record of one breach. `notice` holds what was written for the agency, by its part.

    It is kept: data of location or biometrics for 5 years at least (Nghị định 356/2025 Điều 29),
    the others as long.
    """

    id: str
    detected_at: datetime
    extent: Extent
    notice: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[BreachStep, ...] = ()

    def did(self, what: Happened) -> bool:
        return any(step.what is what for step in self.steps)

    @property
    def is_open(self) -> bool:
        return not self.did(Happened.CLOSED)

    @property
    def due_at(self) -> datetime:
        """By when the agency must have been notified."""
        return self.detected_at + TIME_TO_NOTIFY

    @property
    def notified_at(self) -> datetime | None:
        return next((s.at for s in self.steps if s.what is Happened.NOTIFIED), None)

    def left(self, now: datetime) -> timedelta:
        """How long until it is due: negative when it is late; of a notified one at that moment."""
        return self.due_at - (self.notified_at or now)
