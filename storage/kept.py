"""What an installation remembers about itself: settings, and failed tries."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Setting:
    """One thing the installation remembers about itself."""

    name: str
    value: str


@dataclass(frozen=True)
class Tries:
    """When somebody last failed to prove that a response is theirs; `name` is a keyed hash."""

    name: str
    failed: tuple[datetime, ...]
