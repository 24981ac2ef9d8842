"""What kinds and states of units are called."""

from flask_babel import gettext

from federation.units import Unit, UnitKind
from services.days import day_text


def kind_words() -> dict[UnitKind, str]:
    """What the kinds of units are called."""
    return {
        UnitKind.PROVINCE: gettext("Provincial federation"),
        UnitKind.COMMUNE: gettext("Commune or ward union"),
        UnitKind.ENTERPRISE: gettext("Enterprise union"),
        UnitKind.PUBLIC_SERVICE: gettext("Public service union"),
        UnitKind.SECTION: gettext("Section"),
    }


def state_chip(unit: Unit) -> dict[str, str]:
    """The chip of a unit that is not simply open, as templates read it."""
    word, kind = "", ""
    if unit.planned and unit.since:
        word, kind = gettext("From %(day)s", day=day_text(unit.since)), "new"
    elif unit.closed and unit.successor:
        word, kind = gettext("Merged"), "closed"
    elif unit.closed:
        word, kind = gettext("Closed"), "closed"
    return {"state_word": word, "state_kind": kind}
