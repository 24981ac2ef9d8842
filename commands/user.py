"""flask user …: accounts."""

import sys

import click

from federation.people import Grant, Role
from federation.units import ROOT
from services.people import add_person, read_role, set_password
from services.units import tree_of

from .acts import act, columns, json_option, store_for, tell


def _read_password(from_stdin: bool) -> str:
    if not from_stdin:
        raise click.UsageError("pass the password on standard input with --password-stdin")
    return sys.stdin.readline().rstrip("\r\n")


_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


group = click.Group("user", help="Accounts of organizers, chairs and administrators.")


@group.command()
@click.argument("name")
@click.option("--role", required=True, help=", ".join(Role) + ".")
@click.option("--unit", default=ROOT, show_default=True, help="Where the role holds.")
@_stdin_option
@json_option
@act
def create(name: str, role: str, unit: str, password_stdin: bool, as_json: bool) -> None:
    """Create an account with one role."""
    password = _read_password(password_stdin)
    with store_for(writing=True) as store:
        grant = Grant(read_role(role), unit)
        person = add_person(store, name, "", password, (grant,), tree_of(store))
    told = {"name": person.name, "role": grant.role, "unit": grant.unit}
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
            "grants": [{"role": g.role, "unit": g.unit} for g in person.grants],
        }
        for person in people
    ]
    rows = [
        {
            "name": person.name,
            "full_name": person.full_name,
            "grants": ", ".join(f"{g.role}@{g.unit}" for g in person.grants),
            "active": "" if person.active else "(inactive)",
        }
        for person in people
    ]
    tell(told, columns(rows) if rows else [], as_json=as_json)


@group.command()
@click.argument("name")
@_stdin_option
@json_option
@act
def password(name: str, password_stdin: bool, as_json: bool) -> None:
    """Give an account another password."""
    new = _read_password(password_stdin)
    with store_for(writing=True) as store:
        person = set_password(store, name, new)
    tell({"name": person.name}, [person.name], as_json=as_json)
