"""How many places are left, put into a page that was drawn once: the one thing that changes.

A drawn page holds marks in the place of what depends on the moment (private-use signs, which no
text of a form may hold); every request fills them in, also in the cached halves.
"""

import re
from dataclasses import replace
from functools import partial

from flask_babel import gettext, ngettext

from forms.definition import Definition
from forms.entry_fields import Entry, Seat
from forms.offer import Offer, place_of
from forms.publication import ScanPoint
from services.offering.seats import Seats, seats_of
from services.receiving.claims import offer_of

from ..options import number_text
from ..site import site

_TEXT, _ATTRIBUTE = "\ue001", "\ue002"
# What a place may be called, so that signs in a typed answer never reach across the page.
_MARK = re.compile(rf"([{_TEXT}{_ATTRIBUTE}])([A-Za-z0-9_.:-]{{1,140}})\1")


def shape_of(offer: Offer) -> tuple[str, ...]:
    """What of an offer decides where a page has marks."""
    return tuple(name for name, _ in offer.slot_limits())


def marking(offer: Offer, entry: Entry) -> Entry:
    """The entry whose choices are marked where they have a limit."""
    return replace(entry, seat=partial(_mark, offer)) if offer.slots else entry


def _mark(offer: Offer, question: str, choice: str) -> Seat:
    if choice not in offer.slots.get(question, ()):
        return Seat()
    place = place_of(question, choice)
    return Seat(f"{_TEXT}{place}{_TEXT}", f"{_ATTRIBUTE}{place}{_ATTRIBUTE}")


def filled_in(page: str, seats: Seats) -> str:
    """The page with what is left now in the place of its marks."""

    def fill(mark: re.Match[str]) -> str:
        left = seats.left.get(mark[2])
        if mark[1] == _TEXT:
            return f" – {_left_text(left, seats)}"
        return " disabled" if left == 0 and not seats.waiting else ""

    return _MARK.sub(fill, page) if _TEXT in page else page


def _left_text(left: int | None, seats: Seats) -> str:
    if left is None:
        return gettext("there are places")
    if left:
        return _count_text(left)
    if seats.waiting:
        return gettext("full – go on the waiting list")
    return gettext("full")


def _count_text(left: int) -> str:
    return ngettext("%(count)s place left", "%(count)s places left", left, count=number_text(left))


def whole_text(seats: Seats) -> str:
    """What a poster's page says of the form's own places; empty without a limit."""
    if seats.is_full:
        return gettext(
            "All places are taken. You can still send the form: you go on the waiting list."
        )
    if seats.whole is None:
        return ""
    return ngettext(
        "There is %(count)s place left.",
        "There are %(count)s places left.",
        seats.whole,
        count=number_text(seats.whole),
    )


def seats_at(point: ScanPoint, definition: Definition, offer: Offer | None = None) -> Seats:
    """What is left for those who answer at a scan point."""
    offer, home = offer or offer_of(site().store, point.definition), site().tree.home(point.unit)
    return seats_of(site().store, definition, offer, home.id if home else point.unit)
