"""What was done to a response, read backwards: who changed what from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.response import ASSIGNED, MESSAGE, STATE, Change, Response
from forms.types import Value

from ..trail.audit import WORKER

MOVED, TOLD, NOTED, GIVEN, UNDONE = "moved", "told", "noted", "assigned", "undone"
REVIEWED = frozenset({MOVED, TOLD, NOTED, GIVEN, UNDONE})
CORRECTED = "corrected"
MERGED_WITH = "_merged"
"""How the history names the receipt code of a response that was merged into this one."""
Values = Mapping[str, Value | None]


@dataclass(frozen=True)
class Step:
    """One change with what its parts were `before` and became `after`."""

    change: Change
    before: Values
    after: Values


def steps(response: Response) -> Iterator[Step]:
    """Every change, the newest first."""
    later: dict[str, Value | None] = {
        STATE: response.state,
        MESSAGE: response.message,
        ASSIGNED: response.assigned,
    }
    for change in reversed(response.history):
        # Answers are opened one by one, and only those that changed.
        after = {n: later[n] if n in later else response.answers.get(n) for n in change.before}
        yield Step(change, change.before, after)
        later.update(change.before)


def is_newly_corrected(response: Response) -> bool:
    """Whether the worker corrected it, and nobody reviewed it since."""
    for change in reversed(response.history):
        if change.what in REVIEWED:
            return False
        if change.what == CORRECTED and change.who == WORKER:
            return True
    return False
