"""What becomes of a response that arrives."""

from dataclasses import dataclass

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
class Invalid:
    """Not taken because answers to `version` must be corrected.

    `problems` may name `instance_id`, too.
    """

    version: PublishedVersion
    checked: CheckedAnswers
    instance_id: str


Outcome = Received | Refused | Withdrawn | Invalid
