"""Roles and grants in words, and the inputs of one grant."""

from datetime import date

from flask import request
from flask_babel import gettext

from federation.access import Act, may_grant
from federation.people import Grant, Person, Role
from forms.problems import N_
from services.days import day_text, read_day
from services.errors import NotAllowed, Refusal
from services.organization.people import read_role

from ..options import Option, unit_options
from ..session import me, my_units
from ..site import site


def role_words() -> dict[Role, str]:
    """What the roles are called."""
    return {
        Role.ADMIN: gettext("Administrator"),
        Role.ORGANIZER: gettext("Organizer of forms"),
        Role.CHAIR: gettext("Union chair"),
        Role.INSPECTOR: gettext("Inspection committee"),
        Role.WOMEN: gettext("Women's committee"),
        Role.HELPER: gettext("Helper who fills in for workers"),
        Role.VIEWER: gettext("Viewer of totals"),
    }


def role_meanings() -> dict[Role, str]:
    """What the roles may do, in one line each."""
    return {
        Role.ADMIN: gettext("keeps units, people and forms; sees all responses but complaints"),
        Role.ORGANIZER: gettext("publishes forms and prints codes; sees no response"),
        Role.CHAIR: gettext("reads, reviews and downloads the responses of the unit"),
        Role.INSPECTOR: gettext("reads inspections, and complaints from the units below"),
        Role.WOMEN: gettext("reads women's forms only"),
        Role.HELPER: gettext("fills in for workers; sees no response"),
        Role.VIEWER: gettext("sees how many there are; no name, no response"),
    }


def grant_text(grant: Grant) -> str:
    """The role, the unit and the days, as one line."""
    parts = [role_words()[grant.role], site().tree.name(grant.unit), term_text(grant)]
    return " · ".join(filter(None, parts))


def term_text(grant: Grant) -> str:
    """From when to when; empty for ever."""
    since, until = (day_text(day) if day else "" for day in (grant.since, grant.until))
    if since and until:
        return gettext("from %(since)s to %(until)s", since=since, until=until)
    if since:
        return gettext("from %(since)s", since=since)
    return gettext("until %(until)s", until=until) if until else ""


def grant_rows(person: Person) -> list[dict[str, object]]:
    """The person's grants in words; `state` says why one gives nothing today."""
    return [
        {
            "label": grant_text(grant),
            "meaning": role_meanings()[grant.role],
            "state": _state(grant, site().today),
            "key": grant.key,
        }
        for grant in person.grants
    ]


def _state(grant: Grant, today: date) -> str:
    if grant.holds(today):
        return ""
    return gettext("ended") if grant.until and grant.until < today else gettext("not yet")


def posted_grant() -> Grant:
    """The grant that was posted; raises Refusal for what cannot be given, or not by this person."""
    role, unit = read_role(request.form.get("role", "")), request.form.get("unit", "")
    if unit not in my_units(Act.KEEP_PEOPLE):
        raise Refusal(N_("Please choose a unit."), field="unit")
    grant = Grant(role, unit, _posted_day("since"), _posted_day("until"))
    if not may_grant(me(), grant, site().tree, site().today):
        raise NotAllowed(
            N_("Your own role ends earlier: choose a last day that is not after yours."),
            field="until",
        )
    return grant


def _posted_day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    day = read_day(text)
    if day is None:
        raise Refusal(N_("Please write the day like this: 05/09/2026."), field=name)
    return day


def grant_inputs() -> dict[str, object]:
    """What the inputs of one grant need on a page: options, and what was typed."""
    role, words = request.form.get("role", Role.CHAIR), role_words()
    return {
        "roles": [Option(name, word, name == role) for name, word in words.items()],
        "meanings": [{"role": word, "text": role_meanings()[name]} for name, word in words.items()],
        "units": unit_options(site().tree, my_units(Act.KEEP_PEOPLE), request.form.get("unit", "")),
        "since": request.form.get("since", "")[:20],
        "until": request.form.get("until", "")[:20],
    }
