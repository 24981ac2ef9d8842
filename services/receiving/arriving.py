"""What an answer says of its own way here: when it was kept, who helped, for which unit it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from federation.units import UnitTree
from forms.definition import Definition
from forms.publication import Availability, ScanPoint
from forms.response import Response
from forms.types.base import Inputs

# A phone's clock may be wrong by this much before its time is called impossible.
CLOCK_SLACK = timedelta(hours=24)


@dataclass(frozen=True)
class Assisted:
    """Who filled in for the worker, and how the worker answered: spoken, phone, paper.

    Of a paper, the day written on it and its number in the pile, where these are known.
    """

    helper: str
    channel: str
    filled_on: date | None = None
    sheet: str = ""

    def was_before(self, closes_at: datetime | None) -> bool:
        """Whether a paper says that it was filled in while the form was still open."""
        return bool(self.filled_on and (not closes_at or self.filled_on <= closes_at.date()))


def helped(draft: Response, by: Assisted) -> Response:
    """With who filled it in; what a paper was signed for was agreed to on the day that it says."""
    day, agreed = by.filled_on.isoformat() if by.filled_on else "", draft.accepted
    return replace(
        draft,
        flags=(*draft.flags, "assisted"),
        helper=by.helper,
        channel=by.channel,
        filled_on=day,
        sheet=by.sheet,
        accepted=replace(agreed, at=day) if agreed and day else agreed,
    )


def first_of(inputs: Inputs, name: str) -> str:
    """The first of what was posted under a name, else ""."""
    return next(iter(inputs.get(name, ())), "")


def queued(inputs: Inputs, now: datetime) -> tuple[str, tuple[str, ...]]:
    """When the phone kept the answer (ISO 8601, or milliseconds since 1970), and flags."""
    named = first_of(inputs, "_queued_at").strip()[:40]
    if not named:
        return "", ()
    try:
        if named.isascii() and named.isdigit():
            when = datetime.fromtimestamp(int(named) / 1000, tz=now.tzinfo)
        else:
            when = datetime.fromisoformat(named if named.isprintable() else "")
            when = when if when.tzinfo else when.replace(tzinfo=now.tzinfo)
        when = when.astimezone(now.tzinfo)
        impossible = when > now + CLOCK_SLACK or when < now - timedelta(days=366)
    except (ValueError, OverflowError, OSError):
        return "", ("queued", "queued_time")
    flags = ("queued", "queued_time") if impossible else ("queued",)
    return when.isoformat(timespec="seconds"), flags


def late_flags(availability: Availability) -> tuple[str, ...]:
    """What a queued answer is flagged with that found its form paused or closed."""
    if availability is Availability.CLOSED:
        return ("late",)
    return ("paused",) if availability is Availability.PAUSED else ()


def unit_named(
    definition: Definition, point: ScanPoint, named: str, tree: UnitTree
) -> tuple[str, tuple[str, ...]]:
    """The unit of the response: the poster's, or on open forms another one that is active.

    One that was merged since the page was opened is as good: it has a successor.
    """
    named = named.strip()
    if not definition.open or not named or named == point.unit:
        return point.unit, ()
    unit = tree.get(named)
    if unit is None or tree.home(unit.id) is None:
        return point.unit, ("unit_unknown",)
    return unit.id, ("unit_changed",)


def booked(unit_id: str, tree: UnitTree) -> tuple[str, tuple[str, ...]]:
    """The unit that answers for this one now: itself, or whoever succeeded it."""
    home = tree.home(unit_id)
    return (home.id, ("unit_successor",)) if home and home.id != unit_id else (unit_id, ())
