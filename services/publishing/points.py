"""What is done to scan points after they were printed: their times, their place, what they show."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from federation.units import UnitTree
from forms.definition import Definition
from forms.problems import N_
from forms.publication import Former, ScanPoint
from storage.store import Store

from ..errors import NotFound, Refusal
from ..moments import Span
from ..receiving.receive import newest_version
from .publish import Change, changed, checked_place, checked_places, find_definition

MOST_AT_ONCE = 2_000


def change_points(
    store: Store, codes: Iterable[str], change: Change, now: datetime
) -> tuple[ScanPoint, ...]:
    """Pause, resume or close several scan points; raises NotFound when one is not there."""
    with store.exclusive():
        points = [_found(store, code) for code in dict.fromkeys(codes)]
        done = tuple(changed(point, change, now) for point in points)
        _put(store, points, done)
    return done


def reschedule(store: Store, codes: Iterable[str], span: Span) -> tuple[ScanPoint, ...]:
    """Let scan points open and close at these moments; None is at once, and never."""
    opens_at, closes_at = span
    with store.exclusive():
        points = [_found(store, code) for code in dict.fromkeys(codes)]
        done = tuple(replace(p, opens_at=opens_at, closes_at=closes_at) for p in points)
        _put(store, points, done)
    return done


def rename_place(store: Store, code: str, place: str) -> ScanPoint:
    """Call the place something else: the same place, so what was answered there keeps its name.

    Raises Refusal for a place that cannot be printed, or that the unit has already.
    """
    place = checked_place(place)
    with store.exclusive():
        point = _found(store, code)
        renamed = replace(point, place=place)
        if renamed != point:
            _refuse_twin(store, renamed)
            store.points.put(renamed)
    return renamed


def repoint(
    store: Store, code: str, code_or_id: str, unit: str, place: str, *, tree: UnitTree
) -> ScanPoint:
    """Let a printed code lead elsewhere; what was answered stays with what it answered to.

    Raises NotFound for an unknown form or unit, Refusal where somebody else would read the answers.
    """
    definition = find_definition(store, code_or_id)
    [(unit, place)] = checked_places([place], [unit], tree)
    with store.exclusive():
        point = _found(store, code)
        _refuse_other_readers(store, point, definition)
        former = Former(point.definition, point.unit, point.place)
        target = Former(definition.id, unit, place)
        if target == former:
            return point
        led = replace(point, **vars(target), former=(*point.former, former))
        _refuse_twin(store, led)
        store.points.put(led)
    return led


def _found(store: Store, code: str) -> ScanPoint:
    point = store.points.get(code)
    if point is None:
        raise NotFound(N_("No scan point has this code."))
    return point


def _put(store: Store, before: Iterable[ScanPoint], after: Iterable[ScanPoint]) -> None:
    store.points.put_all([new for old, new in zip(before, after, strict=True) if old != new])


def _refuse_twin(store: Store, wanted: ScanPoint) -> None:
    """Two codes for one place would be counted as two: the other one is already printed."""
    for point in store.points.all():
        if point.code != wanted.code and _where(point) == _where(wanted):
            raise Refusal(
                N_("The scan point %(code)s is already there for this form, unit and place."),
                {"code": point.code},
                field="place",
            )


def _where(point: ScanPoint) -> tuple[str, str, str]:
    return point.definition, point.unit, point.place


def _refuse_other_readers(store: Store, point: ScanPoint, definition: Definition) -> None:
    """Who scans a poster of complaints must not land on a form that the chair reads, nor back."""
    try:
        now = newest_version(store, point.definition).definition
        newest_version(store, definition.id)
    except LookupError as error:
        raise Refusal(N_("Please publish the form first."), field="form") from error
    if now.readers != definition.readers:
        raise Refusal(
            N_("Other people read the answers to that form. Please make a new scan point for it."),
            field="form",
        )
