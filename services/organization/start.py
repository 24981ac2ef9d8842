"""The first start: an empty store gets its root unit, and an administrator when none is active."""

import secrets
from dataclasses import dataclass
from datetime import date

from federation.people import Grant, Role
from federation.units import ROOT, Unit, UnitKind
from qr.codes import ALPHABET
from storage.store import Store

from .people import add_person, is_administrator, set_active, set_grants, set_password
from .units import tree_of

ADMIN = "admin"


@dataclass(frozen=True)
class FirstAdmin:
    """The administrator made at this start; `password` is set only when it was drawn here."""

    name: str
    password: str | None


def prepare(store: Store, organization: str) -> None:
    """Give an empty store its one unit, the root."""
    if not store.units.all():
        store.units.add(root_unit(organization))


def root_unit(organization: str) -> Unit:
    """The one unit of a new federation."""
    return Unit(ROOT, organization, None, UnitKind.PROVINCE)


def ensure_administrator(store: Store, password: str, today: date) -> FirstAdmin | None:
    """Make `admin` when no administrator is active today; None when there is one already.

    An empty password is drawn: the caller must print it, for it is not kept.
    """
    if _has_administrator(store, today):
        return None
    with store.exclusive():  # several servers may start on one empty database at once
        return None if _has_administrator(store, today) else _made(store, password)


def _has_administrator(store: Store, today: date) -> bool:
    people = store.people.all()
    return any(person.password and is_administrator(person, today) for person in people)


def _made(store: Store, password: str) -> FirstAdmin:
    chosen = password or draw_password()
    tree, grants = tree_of(store), (Grant(Role.ADMIN, ROOT),)
    if store.people.get(ADMIN) is None:
        add_person(store, ADMIN, "Quản trị", chosen, grants, tree)
    else:
        set_password(store, ADMIN, chosen)
        set_grants(store, ADMIN, grants, tree)
        set_active(store, ADMIN, active=True)
    return FirstAdmin(ADMIN, None if password else chosen)


def draw_password() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups).lower()
