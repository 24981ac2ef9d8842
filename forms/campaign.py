"""A campaign: some forms for some units between two days, and how much is wanted of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Campaign:
    """What belongs together for a time; forms and units by their ids, the last day included.

    `targets` say how many responses are wanted per form. `based_on` is the campaign of which it is
    next year's.
    """

    id: str
    name: str
    starts: date
    ends: date
    forms: tuple[str, ...]
    units: tuple[str, ...]
    created_at: datetime
    note: str = ""
    place: str = ""
    targets: Mapping[str, int] = field(default_factory=dict)
    based_on: str = ""

    def is_running(self, today: date) -> bool:
        return self.starts <= today <= self.ends
