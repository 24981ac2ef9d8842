"""Publish a form to a unit and place, and open, pause or close what was published."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from federation.access import Readers
from federation.units import UnitTree
from forms.cleaning import clean_line, is_readable
from forms.definition import Definition
from forms.gallery import gallery
from forms.problems import N_
from forms.publication import PublishedVersion, ScanPoint
from qr.codes import draw_short_code
from storage.store import Store

from ..errors import NotFound, Refusal
from ..moments import Span
from ..receiving.claims import offer_of
from ..receiving.receive import newest_version
from .versions import freeze

LONGEST_PLACE = 80
Where = tuple[str, str]
"""A unit and a place in it."""


@dataclass(frozen=True)
class Published:
    """A version and the scan points asked for, in the order of their units."""

    version: PublishedVersion
    points: tuple[ScanPoint, ...]
    new: int = 0
    """How many of them were not there before."""


def published_versions(store: Store) -> tuple[PublishedVersion, ...]:
    """The newest version of every published definition, by code."""
    newest: dict[str, PublishedVersion] = {}
    for version in store.versions.all():
        known = newest.get(version.definition.id)
        if known is None or version.number > known.number:
            newest[version.definition.id] = version
    return tuple(sorted(newest.values(), key=lambda v: (v.definition.code, v.definition.id)))


def all_versions(store: Store, definition_id: str) -> tuple[Definition, ...]:
    """Every version of a definition, oldest first; raises NotFound."""
    versions = [v for v in store.versions.all() if v.definition.id == definition_id]
    if not versions:
        raise NotFound(N_("No form has the code %(code)s."), {"code": definition_id})
    return tuple(v.definition for v in sorted(versions, key=lambda v: v.number))


def find_definition(store: Store, code_or_id: str) -> Definition:
    """A definition by id or gallery code in any case: a published one, else the gallery's."""
    wanted = code_or_id.strip().lower()
    for version in published_versions(store):
        if wanted in (version.definition.id, version.definition.code.lower()):
            return version.definition
    if wanted in gallery():
        return gallery()[wanted]
    raise NotFound(N_("No form has the code %(code)s."), {"code": code_or_id[:40]})


def check_next_version(old: Definition, new: Definition) -> None:
    """Refuse a next version that would show to others what was told in confidence; raises Refusal.

    Readers go by the newest version, and all answers are read with it, also those still on a phone
    that has no signal: a published form for inspectors stays for inspectors.
    """
    if Readers(old.readers) is Readers.INSPECTORS and new.readers != old.readers:
        raise Refusal(
            N_(
                "Responses to %(form)s are sent in confidence, for inspectors alone. A next version"
                " cannot open them to others: please make another form for that."
            ),
            {"form": old.code or old.id},
            field="readers",
        )


def publish(
    store: Store, code_or_id: str, units: list[str], place: str, *, tree: UnitTree, now: datetime
) -> Published:
    """Publish a definition to units at a place; what exists already is given back as it is.

    Raises NotFound for an unknown form or unit, Refusal for a place that cannot be printed.
    """
    return publish_many(store, code_or_id, units, [place], tree=tree, now=now)


def publish_many(
    store: Store,
    code_or_id: str,
    units: Iterable[str],
    places: Iterable[str],
    *,
    tree: UnitTree,
    now: datetime,
    span: Span | None = None,
) -> Published:
    """Publish to every unit at every place, in one act; doing it again makes nothing twice.

    New points open and close by `span`, else by the form's offer. Raises as `publish`.
    """
    definition = find_definition(store, code_or_id)
    where = checked_places(places, units, tree)
    with store.exclusive():
        version = _version(store, definition, now)
        opens_at, closes_at = span or _span_of(store, definition.id)
        known = points_by_place(store, definition.id)
        wanted = [at for at in where if at not in known]
        draft = ScanPoint("", definition.id, "", "", now, opens_at=opens_at, closes_at=closes_at)
        new = _with_codes(store, draft, wanted)
        store.points.put_all(tuple(new.values()))
    return Published(version, tuple(known.get(at) or new[at] for at in where), len(new))


def checked_places(places: Iterable[str], units: Iterable[str], tree: UnitTree) -> list[Where]:
    """Every unit with every place, each once, as they were named; raises NotFound, Refusal."""
    written = tuple(dict.fromkeys(map(checked_place, places))) or ("",)
    named = tuple(dict.fromkeys(units))
    for unit_id in named:
        unit = tree.get(unit_id)
        if unit is None or not unit.is_open:
            raise NotFound(N_("No active unit has the code %(unit)s."), {"unit": unit_id[:40]})
    return [(unit, place) for unit in named for place in written]


def checked_place(place: str) -> str:
    """A place as it is printed; raises Refusal."""
    if not is_readable(place):
        raise Refusal(N_("The place has strange signs. Please type it again."), field="place")
    place = clean_line(place)
    if len(place) > LONGEST_PLACE:
        raise Refusal(
            N_("Please shorten the place to %(longest)s characters."),
            {"longest": LONGEST_PLACE},
            field="place",
        )
    return place


def _span_of(store: Store, definition: str) -> Span:
    offer = offer_of(store, definition)
    return offer.opens_at, offer.closes_at


def _version(store: Store, definition: Definition, now: datetime) -> PublishedVersion:
    try:
        return newest_version(store, definition.id)
    except LookupError:
        return freeze(store, definition, now)


def points_by_place(store: Store, definition: str) -> dict[Where, ScanPoint]:
    """The scan points of a definition by unit and place; of several the oldest."""
    found: dict[Where, ScanPoint] = {}
    for point in points_of(store, definition):
        found.setdefault((point.unit, point.place), point)
    return found


def _with_codes(store: Store, draft: ScanPoint, wanted: list[Where]) -> dict[Where, ScanPoint]:
    """A new point for every place, each with a code that no other has."""
    taken = {point.code for point in store.points.all()}
    new: dict[Where, ScanPoint] = {}
    for unit, place in wanted:
        codes = iter(lambda: draw_short_code(secrets.randbelow), "")
        code = next(code for code in codes if code not in taken)
        taken.add(code)
        new[unit, place] = replace(draft, code=code, unit=unit, place=place)
    return new


def points_of(store: Store, definition: str) -> tuple[ScanPoint, ...]:
    """The scan points of a definition, oldest first."""
    return tuple(point for point in store.points.all() if point.definition == definition)


Change = Literal["pause", "resume", "close"]


def change_point(store: Store, code: str, change: Change, now: datetime) -> ScanPoint:
    """Pause, resume or close one scan point; resuming a closed one opens it again."""
    with store.exclusive():
        point = store.points.get(code)
        if point is None:
            raise NotFound(N_("No scan point has this code."))
        done = changed(point, change, now)
        if done != point:
            store.points.put(done)
    return done


def change_definition(
    store: Store, code_or_id: str, change: Change, now: datetime
) -> tuple[ScanPoint, ...]:
    """Pause, resume or close all scan points of a definition."""
    definition = find_definition(store, code_or_id)
    points = points_of(store, definition.id)
    if not points:
        raise Refusal(
            N_("The form %(code)s is not published yet."), {"code": definition.code or code_or_id}
        )
    return tuple(change_point(store, point.code, change, now) for point in points)


def changed(point: ScanPoint, change: Change, now: datetime) -> ScanPoint:
    """The point after an act; what is closed already keeps its first moment."""
    if change == "pause":
        return replace(point, paused=True)
    if change == "resume":
        ended = point.closes_at is not None and point.closes_at <= now
        return replace(point, paused=False, closes_at=None if ended else point.closes_at)
    already = point.closes_at is not None and point.closes_at <= now
    return point if already else replace(point, closes_at=now)
