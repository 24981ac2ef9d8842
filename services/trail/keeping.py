"""How long the audit trail is kept, and what a server does for it beside its pages.

No law says how long; 24 months reach over two yearly programmes and the inspections that follow.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from itertools import takewhile

from storage.errors import StoreError
from storage.store import Store

from ..routine import EVERY, Routine
from .audit import SERVER, Audit
from .chain import SEAL, THROUGH
from .deeds import Deed

KEPT_MONTHS = 24

_log = logging.getLogger(__name__)


def kept_since(now: datetime) -> datetime:
    """The moment before which lines are too old: the same day 24 months ago, or the next there is.

    The 29th of February has no such day two years before.
    """
    month = now.year * 12 + now.month - 1 - KEPT_MONTHS
    year, day = month // 12, now.day
    try:
        return now.replace(year=year, month=month % 12 + 1, day=day)
    except ValueError:
        return now.replace(year=year, month=month % 12 + 2, day=1)


def shorten(store: Store, audit: Audit, now: datetime) -> int:
    """Drop lines that are too old; a line says how many, and holds the seal of the last of them.

    That line comes first, so a crash between drops nothing and the chain holds. A trail that is
    broken is left as it is: what shows the break must not go. Raises StoreFailed.
    """
    with store.exclusive():  # of several servers one drops
        limit = kept_since(now)
        old = tuple(takewhile(lambda entry: entry.at < limit, store.trail.all()))
        if not old:
            return 0
        if audit.first_broken() is not None:
            _log.error("The audit trail is broken: nothing of it is dropped. Run storage check.")
            return 0
        last = old[-1]
        audit.note(
            SERVER,
            Deed.TRAIL_SHORTENED,
            now,
            rows=len(old),
            **{THROUGH: last.number, SEAL: last.seal},
        )
        store.trail.forget(last.number)
        return len(old)


class TrailCare:
    """Take in what commands left, remember the end, drop what is too old, while the server runs."""

    def __init__(
        self, store: Store, audit: Audit, now: Callable[[], datetime], *, every: float = EVERY
    ) -> None:
        self._store, self._audit, self._now = store, audit, now
        self._shortened: date | None = None
        self._routine = Routine("trail-care", self.look, every=every)

    def start(self) -> None:
        self._routine.start()

    def stop(self) -> None:
        self._routine.stop()

    def look(self) -> None:
        """Do what is due; a store that refuses is asked again at the next look."""
        now = self._now()
        try:
            self._audit.take_in()
            if self._shortened != now.date():
                shorten(self._store, self._audit, now)
                self._shortened = now.date()
            self._audit.remember_end()
        except StoreError as error:
            _log.warning("The audit trail could not be looked after: %s", error)
