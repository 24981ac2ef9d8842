"""Keep people, their grants and their passwords."""

import hashlib
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from federation.passwords import LONGEST, SHORTEST, hash_password
from federation.people import Grant, Link, Person, Role
from federation.units import ROOT, UnitTree
from forms.cleaning import clean_line, is_readable
from forms.problems import N_
from storage.store import Store

from ..errors import NotFound, Refusal

LINK_LASTS = timedelta(days=7)
_NAME_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def add_person(
    store: Store,
    name: str,
    full_name: str,
    password: str,
    grants: tuple[Grant, ...],
    tree: UnitTree,
    *,
    temporary: bool = False,
) -> Person:
    """Add an account; raises Refusal with what to write instead.

    A `temporary` password must be changed at the first sign-in.
    """
    person = _new_person(name, full_name, grants, tree)
    return _added(store, replace(person, password=_hashed(password), temporary=temporary))


def invite(
    store: Store,
    name: str,
    full_name: str,
    grants: tuple[Grant, ...],
    tree: UnitTree,
    now: datetime,
) -> tuple[Person, str]:
    """Add an account without a password, and the secret of the link that sets it, told once."""
    link, secret = _draw_link(now)
    person = _new_person(name, full_name, grants, tree)
    return _added(store, replace(person, link=link)), secret


def renew_link(store: Store, name: str, now: datetime) -> tuple[Person, str]:
    """A one-time link for somebody who has an account; those made before open nothing more.

    The password of before holds until the link is used.
    """
    link, secret = _draw_link(now)
    if not find_person(store, name).active:
        raise Refusal(N_("This person has no access. Give access again first."))
    return _change(store, name, sign_out=False, link=link), secret


def find_invited(store: Store, secret: str, now: datetime) -> Person | None:
    """Whose link this is, as long as it opens something: not used, not expired, person active."""
    token = token_of(secret)
    for person in store.people.all():
        if person.link and person.link.token == token:
            return person if person.active and now < person.link.until else None
    return None


def accept_link(store: Store, secret: str, password: str, now: datetime) -> Person:
    """Set the password by a one-time link, which is used up; raises Refusal, NotFound."""
    hashed = _hashed(password)
    with store.exclusive():  # of two at once only one finds it
        person = find_invited(store, secret, now)
        if person is None:
            raise NotFound(N_("This link was used already, or it is too old."))
        return _change(
            store, person.name, sign_out=True, password=hashed, temporary=False, link=None
        )


def _draw_link(now: datetime) -> tuple[Link, str]:
    secret = secrets.token_urlsafe(32)
    return Link(token_of(secret), now + LINK_LASTS), secret


def token_of(secret: str) -> str:
    """What is kept of a secret that opens something."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_person(name: str, full_name: str, grants: tuple[Grant, ...], tree: UnitTree) -> Person:
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
    return Person(name, full_name or name, "", grants)


def _added(store: Store, person: Person) -> Person:
    if not store.people.add(person):
        message = N_("The user name %(name)s is taken.")
        raise Refusal(message, {"name": person.name}, field="username")
    return person


def _check_grants(grants: tuple[Grant, ...], tree: UnitTree) -> None:
    for grant in grants:
        if grant.unit not in tree:
            raise NotFound(
                N_("No unit has the code %(unit)s."), {"unit": grant.unit[:40]}, field="unit"
            )
        if grant.since and grant.until and grant.until < grant.since:
            raise Refusal(N_("The last day is before the first one."), field="until")


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
            N_("The role must be one of: %(roles)s."), {"roles": ", ".join(Role)}, field="role"
        ) from error


def find_person(store: Store, name: str) -> Person:
    """The person who signs in under this name; raises NotFound."""
    person = store.people.get(name.strip().lower())
    if person is None:
        raise NotFound(N_("Nobody signs in as %(name)s."), {"name": name[:40]})
    return person


def set_password(store: Store, name: str, password: str, *, temporary: bool = False) -> Person:
    """Give a person another password; all their browsers are signed out, links open no more."""
    hashed = _hashed(password)
    changes = {"password": hashed, "temporary": temporary, "link": None}
    return _change(store, name, sign_out=True, **changes)


def give_grant(store: Store, name: str, grant: Grant, tree: UnitTree) -> Person:
    """Give a person one more grant, or other dates to one of the same role and unit."""
    with store.exclusive():
        known = find_person(store, name).grants
        others = tuple(g for g in known if g.key != grant.key)
        return set_grants(store, name, (*others, grant), tree)


def take_grant(store: Store, name: str, key: str, tree: UnitTree) -> Person:
    """Take one grant away, named by its key; without one of this key nothing changes."""
    with store.exclusive():
        known = find_person(store, name).grants
        return set_grants(store, name, tuple(g for g in known if g.key != key), tree)


def set_grants(store: Store, name: str, grants: tuple[Grant, ...], tree: UnitTree) -> Person:
    """Give a person exactly these grants; the last administrator cannot be taken away."""
    _check_grants(grants, tree)
    return _change(store, name, sign_out=False, grants=grants)


def set_active(store: Store, name: str, *, active: bool) -> Person:
    """Let a person sign in, or no longer; the last administrator cannot be taken away."""
    return _change(store, name, sign_out=not active, active=active, link=None)


def _change(store: Store, name: str, *, sign_out: bool, **changes: object) -> Person:
    with store.exclusive():
        old = find_person(store, name)
        changed = replace(old, **changes)  # type: ignore[arg-type] # fields of Person, by name
        others = [person for person in store.people.all() if person.name != old.name]
        if _stays_administrator(old) and not any(map(_stays_administrator, [*others, changed])):
            raise Refusal(N_("There must be an administrator. Make another one first."))
        store.people.put(changed)
        if sign_out:
            end_sign_ins(store, old.name)
    return changed


def end_sign_ins(store: Store, name: str, *, key: str = "", but: str = "") -> int:
    """Sign out the person's browsers: the one of this key, all `but` one, or all; gives how many.

    Keys are those of SignIn.
    """
    with store.exclusive():
        ended = [
            sign_in
            for sign_in in store.sign_ins.all()
            if sign_in.person == name and sign_in.key != but and (not key or sign_in.key == key)
        ]
        for sign_in in ended:
            store.sign_ins.remove(sign_in.token)
    return len(ended)


def is_administrator(person: Person, today: date) -> bool:
    """Whether the person is active and today an administrator of everything, from the root down."""
    mine = (grant for grant in person.grants if (grant.role, grant.unit) == (Role.ADMIN, ROOT))
    return person.active and any(grant.holds(today) for grant in mine)


def _stays_administrator(person: Person) -> bool:
    """Whether the person is one on every day and can sign in: one of these there must always be."""
    return person.active and bool(person.password) and Grant(Role.ADMIN, ROOT) in person.grants
