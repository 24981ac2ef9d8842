"""Sign people in and out; slow down who guesses, without shutting out who knows.

Failures are counted per account and device. A device that has signed in to the account before
carries a mark (services/organization/devices.py) and has a count of its own; all others share one.
So who tries passwords from outside slows down strangers only, never the officer at the usual phone
or computer. Waits are short (at most a minute), and a one-time link opens the account on a new
device, too.
"""

import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.passwords import LONGEST, verify_password
from federation.people import Person, SignIn
from storage.errors import StoreError
from storage.store import Store

from .people import token_of

SIGN_IN_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=10)
LONGEST_DEVICE = 80


@dataclass
class _Failures:
    count: int = 0
    wait_until: datetime | None = None


class SignInDesk:
    """Sign in and out; `device` is the mark's own name, empty for a device nobody knows.

    Of names that nobody has only the last ones are remembered: whoever guesses many cannot make the
    server forget the failures at a real one.
    """

    FREE_TRIES = 4
    LONGEST_WAIT = timedelta(seconds=60)
    REMEMBERED = 10_000

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], _Failures] = {}
        self._unknown: dict[tuple[str, str], _Failures] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, now: datetime, device: str = "") -> int:
        """Seconds until this account may be tried again from there; 0 when at once."""
        key = (_tidy(name), device)
        with self._lock:
            failures = self._known.get(key) or self._unknown.get(key)
        if failures is None or failures.wait_until is None or failures.wait_until <= now:
            return 0
        return int((failures.wait_until - now).total_seconds()) + 1

    def check(self, name: str, password: str, now: datetime, device: str = "") -> Person | None:
        """The active person of this name and password; None, and counted, when they are not.

        Takes as long for a name that nobody has.
        """
        name = _tidy(name)
        person = self._store.people.get(name)
        right = verify_password(person.password if person else None, password[: LONGEST + 1])
        if person is None or not right or not person.active:
            self._failed((name, device), now, known=person is not None)
            return None
        with self._lock:
            self._known.pop((name, device), None)
        return person

    def enter(self, person: Person, now: datetime, *, browser: str = "") -> str:
        """Sign the person in; gives the secret of the new sign-in."""
        self._forget_old(now)
        secret = secrets.token_urlsafe(32)
        about = browser[:LONGEST_DEVICE]
        self._store.sign_ins.put(SignIn(token_of(secret), person.name, now, now, about))
        return secret

    def sign_in_of(self, secret: str, now: datetime) -> SignIn | None:
        """The sign-in of this secret, as long as it lasts."""
        sign_in = self._store.sign_ins.get(token_of(secret))
        return sign_in if sign_in and _lasts(sign_in, now) else None

    def person(self, secret: str, now: datetime) -> Person | None:
        """Who holds this secret, as long as the sign-in lasts and the person is active."""
        sign_in = self.sign_in_of(secret, now)
        if sign_in is None:
            return None
        person = self._store.people.get(sign_in.person)
        if person is None or not person.active:
            return None
        self._saw(sign_in, now)
        return person

    def sign_ins(self, name: str, now: datetime) -> tuple[SignIn, ...]:
        """The sign-ins of a person that last, the one seen last first."""
        mine = [s for s in self._store.sign_ins.all() if s.person == name and _lasts(s, now)]
        return tuple(sorted(mine, key=lambda s: s.seen or s.since, reverse=True))

    def sign_out(self, secret: str) -> None:
        with self._store.exclusive():
            self._store.sign_ins.remove(token_of(secret))

    def _saw(self, sign_in: SignIn, now: datetime) -> None:
        if now - (sign_in.seen or sign_in.since) < SEEN_EVERY:
            return
        # A full disk is told by the pages; reading goes on.
        with suppress(StoreError), self._store.exclusive():
            if self._store.sign_ins.get(sign_in.token):  # else signed out meanwhile
                self._store.sign_ins.put(replace(sign_in, seen=now))

    def _failed(self, key: tuple[str, str], now: datetime, *, known: bool) -> None:
        counts = self._known if known else self._unknown
        with self._lock:
            if not known and len(counts) >= self.REMEMBERED:
                counts.pop(next(iter(counts)))
            failures = counts.setdefault(key, _Failures())
            failures.count += 1
            if failures.count > self.FREE_TRIES:
                doubled = timedelta(seconds=2 ** min(failures.count - self.FREE_TRIES, 10))
                failures.wait_until = now + min(doubled, self.LONGEST_WAIT)

    def _forget_old(self, now: datetime) -> None:
        for sign_in in self._store.sign_ins.all():
            if not _lasts(sign_in, now):
                self._store.sign_ins.remove(sign_in.token)


def _tidy(name: str) -> str:
    return name.strip().lower()[:100]


def _lasts(sign_in: SignIn, now: datetime) -> bool:
    return now - sign_in.since <= SIGN_IN_LASTS
