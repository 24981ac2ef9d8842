"""How many answers a scan point takes in a minute, so that one code cannot fill the disk.

Nothing is counted by address: the workers of a factory share one.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from math import ceil

# A shift of 1,000 that all send in the same second, each six times.
MOST = 6_000


@dataclass
class _Left:
    count: float
    at: datetime


class Pace:
    """`most` at once and as many in each minute, for every key by itself.

    The caller vouches for the keys: each stays in memory.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._left: dict[str, _Left] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, now: datetime) -> int:
        """Count one in; seconds to wait when it comes too soon and was not counted, else 0."""
        with self._lock:
            left = self._left.setdefault(key, _Left(self._most, now))
            passed = max((now - left.at).total_seconds(), 0.0)  # clocks are set back, too
            left.count = min(self._most, left.count + passed * self._most / 60)
            left.at = now
            if left.count < 1:
                return ceil((1 - left.count) * 60 / self._most)
            left.count -= 1
            return 0
