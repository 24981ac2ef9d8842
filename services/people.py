"""Keep people and their grants; sign them in and out."""

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.passwords import LONGEST, SHORTEST, hash_password, verify_password
from federation.people import Grant, Person, Role, SignIn
from federation.units import ROOT, UnitTree
from forms.cleaning import clean_line, is_readable
from forms.problems import N_
from storage.store import Store

from .errors import NotFound, Refusal

SIGN_IN_LASTS = timedelta(hours=12)
_NAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def add_person(
    store: Store,
    name: str,
    full_name: str,
    password: str,
    grants: tuple[Grant, ...],
    tree: UnitTree,
) -> Person:
    """Add an account; raises Refusal with what to write instead."""
    name, full_name = name.strip().lower(), clean_line(full_name)
    if not 2 <= len(name) <= 40 or not set(name) <= _NAME_SIGNS:
        raise Refusal(
            N_("A user name has 2 to 40 small letters without marks, digits, dots or hyphens."),
            field="username",
        )
    if len(full_name) > 80 or not is_readable(full_name):
        raise Refusal(
            N_("Please write the full name with at most 80 characters."), field="full_name"
        )
    _check_grants(grants, tree)
    person = Person(name, full_name or name, _hashed(password), grants)
    if not store.people.add(person):
        raise Refusal(N_("The user name %(name)s is taken."), {"name": name}, field="username")
    return person


def _check_grants(grants: tuple[Grant, ...], tree: UnitTree) -> None:
    for grant in grants:
        if grant.unit not in tree:
            raise NotFound(
                N_("No unit has the code %(unit)s."), {"unit": grant.unit[:40]}, field="unit"
            )


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST or not is_readable(password):
        raise Refusal(
            N_("A password has at least %(shortest)s characters."),
            {"shortest": SHORTEST},
            field="password",
        )
    return hash_password(password)


def read_role(role: str) -> Role:
    """The role of this name; raises Refusal."""
    try:
        return Role(role)
    except ValueError as error:
        raise Refusal(
            N_("The role must be one of: %(roles)s."), {"roles": ", ".join(Role)}
        ) from error


def find_person(store: Store, name: str) -> Person:
    """The person who signs in under this name; raises NotFound."""
    person = store.people.get(name.strip().lower())
    if person is None:
        raise NotFound(N_("Nobody signs in as %(name)s."), {"name": name[:40]})
    return person


def set_password(store: Store, name: str, password: str) -> Person:
    """Give a person another password; all their browsers are signed out."""
    hashed = _hashed(password)
    return _change(store, name, sign_out=True, password=hashed)


def set_grants(store: Store, name: str, grants: tuple[Grant, ...], tree: UnitTree) -> Person:
    """Give a person exactly these grants; the last administrator cannot be taken away."""
    _check_grants(grants, tree)
    return _change(store, name, sign_out=False, grants=grants)


def set_active(store: Store, name: str, *, active: bool) -> Person:
    """Let a person sign in, or no longer; the last administrator cannot be taken away."""
    return _change(store, name, sign_out=not active, active=active)


def _change(store: Store, name: str, *, sign_out: bool, **changes: object) -> Person:
    with store.exclusive():
        old = find_person(store, name)
        changed = replace(old, **changes)  # type: ignore[arg-type] # fields of Person, by name
        others = [person for person in store.people.all() if person.name != old.name]
        if is_administrator(old) and not any(map(is_administrator, [*others, changed])):
            raise Refusal(N_("There must be an administrator. Make another one first."))
        store.people.put(changed)
        if sign_out:
            for sign_in in store.sign_ins.all():
                if sign_in.person == old.name:
                    store.sign_ins.remove(sign_in.token)
    return changed


def is_administrator(person: Person) -> bool:
    """Whether the person is active and an administrator of everything, from the root down."""
    return person.active and Grant(Role.ADMIN, ROOT) in person.grants


@dataclass
class _Failures:
    count: int = 0
    wait_until: datetime | None = None


class SignInDesk:
    """Sign in and out; slows each account down after failures, and no other account with it.

    The waits are short (at most a minute), so that nobody can lock another out for long.
    """

    FREE_TRIES = 4
    LONGEST_WAIT = timedelta(seconds=60)
    REMEMBERED = 10_000

    def __init__(self, store: Store) -> None:
        self._store = store
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, now: datetime) -> int:
        """Seconds until this account may be tried again; 0 when at once."""
        with self._lock:
            failures = self._failures.get(name.strip().lower())
        if failures is None or failures.wait_until is None or failures.wait_until <= now:
            return 0
        return int((failures.wait_until - now).total_seconds()) + 1

    def sign_in(self, name: str, password: str, now: datetime) -> str | None:
        """The secret of a new sign-in, or None when name and password do not belong together."""
        name = name.strip().lower()[:100]
        person = self._store.people.get(name)
        right = verify_password(person.password if person else None, password[: LONGEST + 1])
        if person is None or not right or not person.active:
            self._failed(name, now)
            return None
        with self._lock:
            self._failures.pop(name, None)
        secret = secrets.token_urlsafe(32)
        self._forget_old(now)
        self._store.sign_ins.put(SignIn(_token(secret), name, now))
        return secret

    def person(self, secret: str, now: datetime) -> Person | None:
        """Who holds this secret, as long as the sign-in lasts and the person is active."""
        sign_in = self._store.sign_ins.get(_token(secret))
        if sign_in is None or now - sign_in.since > SIGN_IN_LASTS:
            return None
        person = self._store.people.get(sign_in.person)
        return person if person and person.active else None

    def sign_out(self, secret: str) -> None:
        self._store.sign_ins.remove(_token(secret))

    def _failed(self, name: str, now: datetime) -> None:
        with self._lock:
            if len(self._failures) >= self.REMEMBERED:
                self._failures.pop(next(iter(self._failures)))
            failures = self._failures.setdefault(name, _Failures())
            failures.count += 1
            if failures.count > self.FREE_TRIES:
                doubled = timedelta(seconds=2 ** min(failures.count - self.FREE_TRIES, 10))
                failures.wait_until = now + min(doubled, self.LONGEST_WAIT)

    def _forget_old(self, now: datetime) -> None:
        for sign_in in self._store.sign_ins.all():
            if now - sign_in.since > SIGN_IN_LASTS:
                self._store.sign_ins.remove(sign_in.token)


def _token(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
