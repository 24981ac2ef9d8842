"""The audit trail: who saw, changed or exported what; knows no answers and no storage.

Entries are chained: the seal of each covers the one before, so that a line changed or taken out of
the middle shows (Nghị định 356/2025: an access log that can be relied on).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One act. `who` is a sign-in name, `worker`, `command` or `server`; `number` begins at 1.

    `about` says on what, in ids, numbers and reasons: never an answer, a name of a worker or a
    phone number. `seal` is a keyed hash of all this and of the seal before it.
    """

    number: int
    at: datetime
    who: str
    act: str
    about: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""

    @property
    def key(self) -> str:
        """The number so that keys sort as numbers do."""
        return f"{self.number:010}"


MakeEntry = Callable[[Entry | None], Entry]
"""Makes the entry that follows the last one."""
