"""Moments as officers write them, and the two between which a form is open."""

import re
from datetime import datetime, time, timedelta

from forms.cleaning import as_digits, clean_line
from forms.problems import N_

from .clock import VIETNAM
from .days import read_day
from .errors import Refusal

_TIME = re.compile(r"(.*?)(?:[T ,]\s*(\d{1,2})[:.hgG](?:iờ\s*)?(\d{2})?(?::\d\d)?)?")
Span = tuple[datetime | None, datetime | None]


def read_moment(text: str, *, ends: bool = False) -> datetime | None:
    """`2026-12-05T17:00`, `05/12/2026 17:00` or `17h`; a day alone begins at 0:00.

    With `ends` a day alone is meant to its end. None for what is no moment.
    """
    match = _TIME.fullmatch(as_digits(clean_line(text)))
    day = read_day(match[1]) if match else None
    if match is None or day is None:
        return None
    if match[2] is None:
        start = datetime.combine(day, time.min, VIETNAM)
        return start + timedelta(days=1) if ends else start
    hour, minute = int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute), VIETNAM)


def read_span(opens: str, closes: str) -> Span:
    """When a form opens and closes; empty is at once, and never. Raises Refusal."""
    opens_at, closes_at = _typed(opens, "opens"), _typed(closes, "closes", ends=True)
    if opens_at and closes_at and closes_at <= opens_at:
        raise Refusal(N_("It must close after it opens."), field="closes")
    return opens_at, closes_at


def _typed(text: str, field: str, *, ends: bool = False) -> datetime | None:
    if not text.strip():
        return None
    moment = read_moment(text, ends=ends)
    if moment is None:
        raise Refusal(N_("Please write a day and time such as 05/12/2026 17:00."), field=field)
    return moment


def moment_text(moment: datetime) -> str:
    """17:00 05/12/2026, as people write it; midnight at the end of a day is that day's."""
    moment = moment.astimezone(VIETNAM)
    return f"{moment:%H:%M %d/%m/%Y}"


def last_moment_text(moment: datetime) -> str:
    """The last moment before a closing: a whole day is named by its date alone."""
    moment = moment.astimezone(VIETNAM)
    if moment.time() == time.min:
        return f"{moment - timedelta(days=1):%d/%m/%Y}"
    return moment_text(moment)


def moment_input(moment: datetime | None) -> str:
    """What an input of the kind datetime-local shows."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%dT%H:%M}" if moment else ""
