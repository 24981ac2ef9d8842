"""What is asked before a unit is moved, merged or closed: each says what it means, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from federation.units import Unit
from services.days import day_text
from services.organization.unit_acts import Weight, weight_of

from ..options import number_text
from ..site import site


@dataclass(frozen=True)
class Question:
    """The heading, what it means line by line, and the button that names the number."""

    heading: str
    lines: Sequence[str]
    button: str


def move_question(unit: Unit, parent: str, day: date) -> Question:
    name, first = site().tree.name(parent), day_text(day)
    below = sum(site().tree.units[other].is_open for other in site().tree.subtree(unit.id)) - 1
    lines = [
        gettext("From %(day)s on it stands directly under %(name)s.", day=first, name=name),
        *([_below_text(below, "")] if below else []),
        gettext(
            "From that day those above it there read its responses, old ones too; "
            "those above it until then do not, unless they stand above both."
        ),
    ]
    heading = gettext("Move %(name)s?", name=unit.name)
    return Question(heading, lines, gettext("Move 1 unit"))


def merge_question(units: Sequence[str], heir: str, day: date) -> Question:
    tree = site().tree
    names, first = ", ".join(map(tree.name, units)), day_text(day)
    weight = weight_of(site().store, tree, units)
    lines = [
        gettext(
            "%(names)s: closed from %(day)s on. %(heir)s goes on.",
            names=names,
            day=first,
            heir=heir,
        ),
        gettext(
            "%(responses)s: read by %(name)s and those above it; "
            "no longer by those who were above before.",
            responses=_responses(weight),
            name=heir,
        ),
        gettext(
            "%(points)s: printed codes keep working, new responses go to %(name)s.",
            points=_points(weight),
            name=heir,
        ),
        *_others(weight, heir),
    ]
    heading = gettext("Merge into %(name)s?", name=heir)
    return Question(
        heading,
        lines,
        ngettext("Merge %(count)s unit", "Merge %(count)s units", len(units), count=len(units)),
    )


def close_question(unit: Unit, heir: str, day: date) -> Question:
    weight = weight_of(site().store, site().tree, [unit.id])
    lines = [
        gettext("Closed from %(day)s on; nobody succeeds it.", day=day_text(day)),
        gettext(
            "%(responses)s: kept, and read by the same people as before.",
            responses=_responses(weight),
        ),
        gettext("%(points)s: closed from that day on.", points=_points(weight)),
        *_others(weight, heir),
    ]
    heading = gettext("Close %(name)s?", name=unit.name)
    return Question(heading, lines, gettext("Close 1 unit"))


def withdraw_question(unit: Unit, day: date) -> Question:
    return Question(
        gettext("Take back what is recorded for %(day)s?", day=day_text(day)),
        [
            gettext("For %(name)s it is then as if it had never been decided.", name=unit.name),
            gettext("Other units that were moved at the same time stay where they are now."),
        ],
        gettext("Take back 1 change"),
    )


def _responses(weight: Weight) -> str:
    if weight.at_least:
        return gettext("At least %(count)s responses", count=number_text(weight.responses))
    return ngettext(
        "%(count)s response",
        "%(count)s responses",
        weight.responses,
        count=number_text(weight.responses),
    )


def _points(weight: Weight) -> str:
    return ngettext(
        "%(count)s scan point",
        "%(count)s scan points",
        weight.points,
        count=number_text(weight.points),
    )


def _others(weight: Weight, heir: str) -> list[str]:
    lines = [_below_text(weight.below, heir)] if weight.below else []
    if weight.people:
        people = ngettext(
            "%(count)s person has a role here",
            "%(count)s people have a role here",
            weight.people,
            count=number_text(weight.people),
        )
        lines.append(gettext("%(people)s: give it anew where it goes on.", people=people))
    return lines


def _below_text(count: int, to: str) -> str:
    if not to:
        return ngettext(
            "%(count)s unit below goes along.",
            "%(count)s units below go along.",
            count,
            count=number_text(count),
        )
    return ngettext(
        "%(count)s unit below goes to %(to)s.",
        "%(count)s units below go to %(to)s.",
        count,
        count=number_text(count),
        to=to,
    )
