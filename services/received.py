"""What becomes of a response that arrives, and who filled it in for its sender."""

from dataclasses import dataclass
from datetime import date, datetime

from forms.answers import CheckedAnswers
from forms.publication import Availability, PublishedVersion
from forms.response import Response


@dataclass(frozen=True)
class Received:
    """A response that is on the disk; `receipt` and `instance_id` as the sender must see them."""

    response: Response
    receipt: str
    instance_id: str
    stored: bool

    @property
    def is_variant(self) -> bool:
        return "variant" in self.response.flags


@dataclass(frozen=True)
class Refused:
    """Not taken because of the form's state."""

    availability: Availability


@dataclass(frozen=True)
class Withdrawn:
    """Not taken because its sender took the same response back."""


@dataclass(frozen=True)
class Assisted:
    """Who filled in for the worker, and how the worker answered: spoken, phone, paper.

    Of a paper, the day written on it and its number in the pile, where these are known.
    """

    helper: str
    channel: str
    filled_on: date | None = None
    sheet: str = ""

    def was_before(self, closes_at: datetime | None) -> bool:
        """Whether a paper says that it was filled in while the form was still open."""
        return bool(self.filled_on and (not closes_at or self.filled_on <= closes_at.date()))


@dataclass(frozen=True)
class Invalid:
    """Not taken because answers to `version` must be corrected.

    `problems` may name `instance_id`, too.
    """

    version: PublishedVersion
    checked: CheckedAnswers
    instance_id: str


Outcome = Received | Refused | Withdrawn | Invalid
