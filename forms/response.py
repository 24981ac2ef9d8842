"""One person's submitted answers to one version of a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .types import Value

NEW = "new"


@dataclass(frozen=True)
class Response:
    """A response as it is kept.

    `id` is random and names it in staff addresses. `instance` is the sender's instance id and
    `receipt` the code told to the sender; anonymous forms keep a keyed hash of either, and the full
    hour as `submitted_at`. `content` is the keyed hash of the normalised answers. `attempt` counts
    how often a receipt had to be drawn until it was free. `ancestors` are the unit's superiors at
    the time, root first: for dated reports, never for permission.
    """

    id: str
    definition: str
    version: int
    instance: str
    content: str
    receipt: str
    unit: str
    place: str
    point: str
    submitted_at: datetime
    language: str
    answers: Mapping[str, Value]
    flags: tuple[str, ...] = ()
    state: str = NEW
    attempt: int = 0
    ancestors: tuple[str, ...] = ()
    queued_at: str = ""
