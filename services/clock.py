"""The time in Vietnam (+07:00, no summer time), and what is done with it."""

from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def now() -> datetime:
    """The present moment; the only place that reads the clock. Passed on as an argument."""
    return datetime.now(VIETNAM)


def full_hour(when: datetime) -> datetime:
    """The hour without minutes: as exact as anonymous forms may be."""
    return when.replace(minute=0, second=0, microsecond=0)
