"""Receive a response: check it, keep it exactly once, give its receipt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from federation.units import UnitTree
from forms.answers import CheckedAnswers, check_answers
from forms.consent import accepted_by
from forms.definition import UNIT_INPUT, Definition
from forms.problems import N_, Problem
from forms.publication import Availability, PublishedVersion, ScanPoint, version_key
from forms.response import Response
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from storage.errors import ReceiptTaken
from storage.store import Store

from .claims import claims_of
from .clock import VIETNAM, full_hour
from .erased import Graves
from .files import keep_files, named_for, remove_files, texts_in
from .identity import Hasher, tidy_instance_id

INSTANCE_INPUT = "instance_id"
TRAP_INPUT = "_website"
# A phone's clock may be wrong by this much before its time is called impossible.
CLOCK_SLACK = timedelta(hours=24)
_NOT_A_UUID = Problem(N_("The instance id must be a UUID."))
_DRAWS = 20
WEB, KIOSK = "web", "kiosk"  # how an answer came, where nobody helped


@dataclass(frozen=True)
class Received:
    """A response that is on the disk; `receipt` and `instance_id` as the sender must see them."""

    response: Response
    receipt: str
    instance_id: str
    stored: bool

    @property
    def is_variant(self) -> bool:
        return "variant" in self.response.flags


@dataclass(frozen=True)
class Refused:
    """Not taken because of the form's state."""

    availability: Availability


@dataclass(frozen=True)
class Withdrawn:
    """Not taken because its sender took the same response back."""


@dataclass(frozen=True)
class Assisted:
    """Who filled in for the worker, and how the worker answered: spoken, phone, paper."""

    helper: str
    channel: str


@dataclass(frozen=True)
class Invalid:
    """Not taken because answers to `version` must be corrected.

    `problems` may name `instance_id`, too.
    """

    version: PublishedVersion
    checked: CheckedAnswers
    instance_id: str


Outcome = Received | Refused | Withdrawn | Invalid


class Receiver:
    """The act of receiving, with what it needs at hand."""

    def __init__(self, store: Store, hasher: Hasher, new_id: Callable[[], str]) -> None:
        """`new_id` makes UUIDs (RFC 9562) in lower case."""
        self._store, self._hasher, self._new_id = store, hasher, new_id
        self._graves = Graves(hasher)

    def receive(
        self,
        point: ScanPoint,
        inputs: Inputs,
        uploads: Uploads = NO_UPLOADS,
        *,
        tree: UnitTree,
        language: str,
        now: datetime,
        assisted: Assisted | None = None,
        channel: str = WEB,
    ) -> Outcome:
        """Take what a sender posted to a scan point.

        A queued answer (`_queued_at`) has lost its sender: what would be refused or corrected is
        kept with flags, unless the form is closed for good. Raises StoreFailed.
        """
        queued_at, flags = _queued(inputs, now)
        point = as_it_stands(point, tree)
        availability = point.availability(now)
        is_queued = "queued" in flags
        if refusal := _refused(point, availability, queued=is_queued, now=now):
            return refusal
        flags += _late_flags(availability)
        named = _first(inputs, INSTANCE_INPUT)
        instance_id = tidy_instance_id(named) if named else self._new_id()
        version, version_flags = self._version(point, _first(inputs, "_version"))
        if instance_id is None or len(inputs.get(INSTANCE_INPUT, ())) > 1:
            no_uuid = CheckedAnswers(problems={INSTANCE_INPUT: _NOT_A_UUID})
            return Invalid(version, no_uuid, named[:100])
        unit, unit_flags = _unit(version.definition, point, _first(inputs, UNIT_INPUT), tree)
        checked = check_answers(
            version.definition, inputs, now.date(), uploads=uploads, keep_broken=is_queued
        )
        if checked.problems:
            return Invalid(version, checked, instance_id)
        # The answers name their files by what came, so this covers the files, too.
        # The unit is that of the poster or the worker: a merger must not make an answer that was
        # sent before and comes again another one.
        content = self._hasher.of_content(unit, checked.answers)
        unit, successor_flags = _booked(unit, tree)
        checked = named_for(self._hasher, version.definition, instance_id, content, checked)
        keep_files(self._store, point.definition, checked.files, now)
        robot = ("robot",) if _first(inputs, TRAP_INPUT).strip() else ()
        helped = ("assisted",) if assisted else ()
        draft = Response(
            id=self._new_id(),
            definition=point.definition,
            version=version.number,
            instance=instance_id,
            content=content,
            receipt="",
            unit=unit,
            place=point.place,
            point=point.code,
            submitted_at=now.replace(microsecond=0),
            language=language,
            answers=checked.answers,
            flags=(
                *flags,
                *version_flags,
                *unit_flags,
                *successor_flags,
                *checked.flags,
                *robot,
                *helped,
            ),
            ancestors=tree.ancestors(unit),
            queued_at=queued_at,
            helper=assisted.helper if assisted else "",
            channel=assisted.channel if assisted else "",
            accepted=accepted_by(
                version.definition,
                checked.answers,
                at=queued_at or now.isoformat(timespec="seconds"),
                channel=assisted.channel if assisted else channel,
            ),
        )
        outcome, kept = self._keep(draft, version)
        # A resend of what was corrected or taken back since: its files are not wanted again.
        remove_files(self._store, point.definition, set(checked.files) - texts_in(kept.answers))
        return outcome

    def _keep(
        self, draft: Response, version: PublishedVersion
    ) -> tuple[Received | Withdrawn, Response]:
        """What to tell the sender, and the response that is on the disk for it."""
        claims = claims_of(version.definition, draft, self._hasher)
        for attempt in range(_DRAWS):
            code = self._hasher.draw_receipt(version.prefix, draft.instance, draft.content, attempt)
            candidate = replace(draft, receipt=code, attempt=attempt)
            if version.definition.anonymous:
                candidate = self._without_traces(candidate)
            if "queued" in draft.flags and self._graves.is_erased(self._store, candidate):
                return Withdrawn(), replace(candidate, answers={})
            try:
                added = self._store.add_response(candidate, claims)
            except ReceiptTaken:
                continue
            if added.response.is_withdrawn:
                return Withdrawn(), added.response
            told = self._hasher.draw_receipt(
                version.prefix, draft.instance, draft.content, added.response.attempt
            )
            received = Received(added.response, told, draft.instance, added.stored)
            return received, added.response
        raise ReceiptTaken(f"no free receipt in {_DRAWS} draws")

    def _without_traces(self, response: Response) -> Response:
        """Only hashes of instance id and receipt, the hour, no time of the phone, no helper."""
        hour, agreed = full_hour(response.submitted_at), response.accepted
        return replace(
            response,
            accepted=agreed and replace(agreed, at=hour.isoformat(timespec="seconds")),
            instance=self._hasher.of_instance(response.definition, response.instance),
            receipt=self._hasher.of_receipt(response.definition, response.receipt),
            submitted_at=hour,
            queued_at="",
            helper="",
        )

    def _version(self, point: ScanPoint, named: str) -> tuple[PublishedVersion, tuple[str, ...]]:
        """The version that was filled in, else the newest one, with a flag where they differ."""
        newest = newest_version(self._store, point.definition)
        if not named or named == str(newest.number):
            return newest, ()
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 9 else 0
        earlier = self._store.versions.get(version_key(point.definition, number))
        return (earlier, ("old_version",)) if earlier else (newest, ("version_unknown",))


def newest_version(store: Store, definition: str) -> PublishedVersion:
    """The newest published version; raises LookupError when there is none."""
    versions = [v for v in store.versions.all() if v.definition.id == definition]
    if not versions:
        raise LookupError(definition)
    return max(versions, key=lambda version: version.number)


def _first(inputs: Inputs, name: str) -> str:
    return next(iter(inputs.get(name, ())), "")


def _queued(inputs: Inputs, now: datetime) -> tuple[str, tuple[str, ...]]:
    """When the phone kept the answer (ISO 8601, or milliseconds since 1970), and flags."""
    named = _first(inputs, "_queued_at").strip()[:40]
    if not named:
        return "", ()
    try:
        if named.isascii() and named.isdigit():
            when = datetime.fromtimestamp(int(named) / 1000, tz=now.tzinfo)
        else:
            when = datetime.fromisoformat(named if named.isprintable() else "")
            when = when if when.tzinfo else when.replace(tzinfo=now.tzinfo)
        when = when.astimezone(now.tzinfo)
        impossible = when > now + CLOCK_SLACK or when < now - timedelta(days=366)
    except (ValueError, OverflowError, OSError):
        return "", ("queued", "queued_time")
    flags = ("queued", "queued_time") if impossible else ("queued",)
    return when.isoformat(timespec="seconds"), flags


def _refused(
    point: ScanPoint, availability: Availability, *, queued: bool, now: datetime
) -> Refused | None:
    if availability is Availability.OPEN:
        return None
    waits = availability in (Availability.PAUSED, Availability.CLOSED) and point.within_grace(now)
    return None if queued and waits else Refused(availability)


def _late_flags(availability: Availability) -> tuple[str, ...]:
    if availability is Availability.CLOSED:
        return ("late",)
    return ("paused",) if availability is Availability.PAUSED else ()


def _unit(
    definition: Definition, point: ScanPoint, named: str, tree: UnitTree
) -> tuple[str, tuple[str, ...]]:
    """The unit of the response: the poster's, or on open forms another one that is active.

    One that was merged since the page was opened is as good: it has a successor.
    """
    named = named.strip()
    if not definition.open or not named or named == point.unit:
        return point.unit, ()
    unit = tree.get(named)
    if unit is None or tree.home(unit.id) is None:
        return point.unit, ("unit_unknown",)
    return unit.id, ("unit_changed",)


def _booked(unit_id: str, tree: UnitTree) -> tuple[str, tuple[str, ...]]:
    """The unit that answers for this one now: itself, or whoever succeeded it."""
    home = tree.home(unit_id)
    return (home.id, ("unit_successor",)) if home and home.id != unit_id else (unit_id, ())


def as_it_stands(point: ScanPoint, tree: UnitTree) -> ScanPoint:
    """A scan point as its unit's fate leaves it: closed once nobody answers for the unit."""
    unit = tree.get(point.unit)
    if unit is None or not unit.closed or tree.home(unit.id):
        return point
    closed_at = point.created_at
    if unit.closed_on:
        closed_at = datetime.combine(unit.closed_on, time.min, VIETNAM)
    return replace(point, closes_at=min(closed_at, point.closes_at or closed_at))
