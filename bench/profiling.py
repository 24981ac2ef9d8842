"""Where time goes: the functions with the most of it, without the paths of this machine."""

import cProfile
import io
import pstats
from collections.abc import Callable

TIMES = 2_000


def profiled(insert: Callable[[], object]) -> list[str]:
    """The profile of many inserts by one thread."""
    with cProfile.Profile() as profile:
        for _ in range(TIMES):
            insert()
    return top(profile)


def top(profile: cProfile.Profile, lines: int = 12) -> list[str]:
    """The functions with the most time of their own."""
    text = io.StringIO()
    pstats.Stats(profile, stream=text).strip_dirs().sort_stats("tottime").print_stats(lines)
    rows = text.getvalue().splitlines()
    begin = next(number for number, row in enumerate(rows) if "tottime" in row)
    return [row for row in rows[begin:] if row.strip()]
