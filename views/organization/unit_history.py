"""A unit's history in words, newest first."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext

from federation.history import History
from federation.units import Change, Unit
from services.days import day_text

from .unit_words import kind_words

Line = dict[str, str]


def history_lines(unit_id: str, history: History, today: date) -> list[Line]:
    """Each with the day in words, the text, and the ISO day where it can be taken back."""
    unit = history.units[unit_id]
    lines = [(unit.since or date.min, _line(unit.since, _beginning(unit, history)))]
    for change in unit.changes:
        others = tuple(other for other in unit.changes if other.since < change.since)
        before = Unit(unit.id, unit.name, unit.parent, unit.kind, changes=others).on(change.since)
        said = "; ".join(_changes(before, change, history))
        lines.append((change.since, _line(change.since, said, withdraw=change.since.isoformat())))
    for day, merged in _mergers(unit_id, history):
        text = gettext("Goes on for %(name)s, which was merged into it", name=merged)
        lines.append((day, _line(day, text)))
    lines.sort(key=lambda line: line[0], reverse=True)
    return [{**line, "planned": gettext("To come") if day > today else ""} for day, line in lines]


def _line(day: date | None, text: str, withdraw: str = "") -> Line:
    return {
        "day": day_text(day) if day else gettext("From the beginning"),
        "text": text,
        "withdraw": withdraw,
    }


def _beginning(unit: Unit, history: History) -> str:
    if unit.parent is None:
        return gettext("Named %(name)s", name=unit.name)
    return gettext(
        "Named %(name)s, directly under %(parent)s",
        name=unit.name,
        parent=_name(unit.parent, history, unit.since),
    )


def _changes(before: Unit, change: Change, history: History) -> Iterator[str]:
    if change.name:
        yield gettext(
            "Renamed from “%(before)s” to “%(after)s”", before=before.name, after=change.name
        )
    if change.parent:
        yield gettext(
            "Moved from %(before)s to %(after)s",
            before=_name(before.parent or "", history, change.since),
            after=_name(change.parent, history, change.since),
        )
    if change.kind:
        words = kind_words()
        yield gettext(
            "Its kind was %(before)s and is %(after)s",
            before=words[before.kind],
            after=words[change.kind],
        )
    if change.closed and change.successor:
        name = _name(change.successor, history, change.since)
        yield gettext("Merged into %(name)s", name=name)
    elif change.closed:
        yield gettext("Closed")


def _name(unit_id: str, history: History, day: date | None) -> str:
    """What another unit was called on the day."""
    unit = history.units.get(unit_id)
    if unit is None:
        return unit_id
    return unit.on(day).name if day else unit.name


def _mergers(unit_id: str, history: History) -> Iterator[tuple[date, str]]:
    for other in history.units.values():
        for change in other.changes:
            if change.closed and change.successor == unit_id:
                yield change.since, other.on(change.since).name
