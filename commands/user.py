"""flask user …: accounts, their roles, one-time links, sign-ins."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from federation.people import Grant, Person
from federation.units import ROOT
from forms.problems import N_
from services.clock import now
from services.days import read_day
from services.errors import NotFound, Refusal
from services.organization.people import (
    LINK_LASTS,
    add_person,
    end_sign_ins,
    find_person,
    give_grant,
    invite,
    read_role,
    renew_link,
    set_password,
    take_grant,
)
from services.organization.units import tree_of
from services.trail.audit import Deed

from .acts import act, columns, json_option, settings, store_for, tell
from .noting import noted_store


def _read_password(from_stdin: bool) -> str:
    if not from_stdin:
        raise click.UsageError("pass the password on standard input with --password-stdin")
    return sys.stdin.readline().rstrip("\r\n")


_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


def _grant_options(*, required: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--role, --unit, --from, --to: one grant."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option("--to", "until", default="", help="Its last day: 2026-12-31."),
            click.option("--from", "since", default="", help="Its first day: 2026-09-01."),
            click.option("--unit", default=ROOT, show_default=True, help="Where the role holds."),
            click.option("--role", required=required, help="One of the roles."),
        ):
            command = option(command)
        return command

    return add


def _grant(role: str, unit: str, since: str, until: str) -> Grant:
    return Grant(read_role(role), unit, _day(since), _day(until))


def _day(text: str) -> date | None:
    day = read_day(text) if text else None
    if text and day is None:
        raise Refusal(N_("Write the day as 2026-11-24."))
    return day


def _told(grant: Grant) -> dict[str, str]:
    """A grant for programs; days only where there are any."""
    days = {"from": grant.since, "to": grant.until}
    return {"role": str(grant.role), "unit": grant.unit} | {
        name: day.isoformat() for name, day in days.items() if day
    }


def _line(grant: Grant) -> str:
    days = f" {grant.since or ''}..{grant.until or ''}" if grant.since or grant.until else ""
    return f"{grant.role}@{grant.unit}{days}"


def _tell_grants(person: Person, as_json: bool) -> None:
    told = {"name": person.name, "grants": [_told(grant) for grant in person.grants]}
    tell(told, [f"{person.name}: {', '.join(map(_line, person.grants))}"], as_json=as_json)


group = click.Group("user", help="Accounts of organizers, chairs and administrators.")


@group.command()
@click.argument("name")
@_grant_options(required=True)
@_stdin_option
@json_option
@act
def create(
    name: str, role: str, unit: str, since: str, until: str, password_stdin: bool, as_json: bool
) -> None:
    """Create an account with one role."""
    password = _read_password(password_stdin)
    with noted_store(Deed.PERSON_CREATED) as (store, tell_trail):
        grant = _grant(role, unit, since, until)
        person = add_person(store, name, "", password, (grant,), tree_of(store))
        tell_trail(person=person.name)
    told = {"name": person.name, **_told(grant)}
    tell(told, [f"{person.name}: {grant.role} · {grant.unit}"], as_json=as_json)


@group.command("list")
@json_option
@act
def show_users(as_json: bool) -> None:
    """List all accounts with their roles."""
    with store_for(writing=False) as store:
        people = store.people.all()
    told = [
        {
            "name": person.name,
            "full_name": person.full_name,
            "active": person.active,
            "grants": [_told(grant) for grant in person.grants],
        }
        for person in people
    ]
    rows = [
        {
            "name": person.name,
            "full_name": person.full_name,
            "grants": ", ".join(map(_line, person.grants)),
            "active": "" if person.active else "(inactive)",
        }
        for person in people
    ]
    tell(told, columns(rows) if rows else [], as_json=as_json)


@group.command()
@click.argument("name")
@_stdin_option
@click.option("--temporary", is_flag=True, help="It must be changed at the next sign-in.")
@json_option
@act
def password(name: str, password_stdin: bool, temporary: bool, as_json: bool) -> None:
    """Give an account another password."""
    new = _read_password(password_stdin)
    with noted_store(Deed.PASSWORD_CHANGED) as (store, tell_trail):
        person = set_password(store, name, new, temporary=temporary)
        tell_trail(person=person.name)
    tell({"name": person.name}, [person.name], as_json=as_json)


@group.command("grant")
@click.argument("name")
@_grant_options(required=True)
@json_option
@act
def give(name: str, role: str, unit: str, since: str, until: str, as_json: bool) -> None:
    """Give an account one more role, or other days to one it has."""
    with noted_store(Deed.PERSON_CHANGED) as (store, tell_trail):
        person = give_grant(store, name, _grant(role, unit, since, until), tree_of(store))
        tell_trail(person=person.name)
    _tell_grants(person, as_json)


@group.command()
@click.argument("name")
@click.option("--role", required=True, help="One of the roles.")
@click.option("--unit", default=ROOT, show_default=True, help="Where the role holds.")
@json_option
@act
def revoke(name: str, role: str, unit: str, as_json: bool) -> None:
    """Take a role away from an account."""
    with noted_store(Deed.PERSON_CHANGED) as (store, tell_trail):
        key = Grant(read_role(role), unit).key
        if key not in {grant.key for grant in find_person(store, name).grants}:
            raise NotFound(
                N_("%(name)s has no role %(role)s in %(unit)s."),
                {"name": name[:40], "role": role, "unit": unit[:40]},
            )
        person = take_grant(store, name, key, tree_of(store))
        tell_trail(person=person.name)
    _tell_grants(person, as_json)


@group.command("invite")
@click.argument("name")
@click.option("--full-name", default="", help="Of a new account.")
@_grant_options(required=False)
@json_option
@act
def make_link(
    name: str,
    full_name: str,
    role: str | None,
    unit: str,
    since: str,
    until: str,
    as_json: bool,
) -> None:
    """Print a one-time link that sets the password; with --role the account is new."""
    with noted_store(Deed.PERSON_CHANGED if role is None else Deed.PERSON_CREATED) as (
        store,
        tell_trail,
    ):
        if role is None:
            person, secret = renew_link(store, name, now())
        else:
            grants = (_grant(role, unit, since, until),)
            person, secret = invite(store, name, full_name, grants, tree_of(store), now())
        tell_trail(person=person.name)
    url = f"{settings().public_url}/invite/{secret}"
    told = {"name": person.name, "url": url, "days": LINK_LASTS.days}
    tell(told, [url], as_json=as_json)


@group.command("sign-out")
@click.argument("name")
@json_option
@act
def end(name: str, as_json: bool) -> None:
    """Sign an account out of all its browsers."""
    with noted_store(Deed.SIGNED_OUT) as (store, tell_trail):
        person = find_person(store, name)
        count = end_sign_ins(store, person.name)
        tell_trail(person=person.name)
    tell({"name": person.name, "ended": count}, [f"{person.name}: {count}"], as_json=as_json)
