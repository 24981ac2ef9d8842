"""The words of breaches: what was done, and how much of the 72 hours is left."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext

from federation.breaches import SOON, Breach, Happened


def happened_words() -> Mapping[Happened, str]:
    return {
        Happened.OPENED: gettext("Record opened"),
        Happened.DRAFTED: gettext("Text of the notice changed"),
        Happened.LISTED: gettext("List of people downloaded"),
        Happened.NOTIFIED: gettext("The agency was notified"),
        Happened.PEOPLE_TOLD: gettext("The people were told"),
        Happened.NOTED: gettext("Note"),
        Happened.CLOSED: gettext("Record closed"),
    }


def clock_chip(breach: Breach, now: datetime) -> tuple[str, str]:
    """The word of its clock, and how the chip looks (templates/staff/fields.html)."""
    left = breach.left(now)
    if breach.notified_at is not None:
        if left < timedelta(0):
            return gettext("Notified %(hours)s late", hours=_hours(-left)), "refused"
        return gettext("Notified in time"), "open"
    if not breach.is_open:
        return gettext("Closed without a notice"), "closed"
    if left < timedelta(0):
        return gettext("Overdue by %(hours)s", hours=_hours(-left)), "refused"
    return gettext("%(hours)s left", hours=_hours(left)), "paused" if left <= SOON else "open"


def _hours(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return gettext("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)
