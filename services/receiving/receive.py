"""Receive a response: check it, keep it exactly once, give its receipt."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time

from federation.units import UnitTree
from forms.answers import CheckedAnswers, check_answers
from forms.consent import accepted_by
from forms.definition import UNIT_INPUT
from forms.offer import TOTAL
from forms.problems import N_, Problem
from forms.publication import Availability, PublishedVersion, ScanPoint, version_key
from forms.response import Response
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from storage.errors import ReceiptTaken
from storage.places import Claim
from storage.store import Store

from ..clock import VIETNAM, full_hour
from ..erased import Graves
from ..files import keep_files, named_for, remove_files, texts_in
from ..identity import Hasher, tidy_instance_id
from .arriving import Assisted, booked, first_of, helped, late_flags, queued, unit_named
from .claims import NO_PLACE, claims_of, full_of, offer_of
from .received import Invalid, Outcome, Received, Refused, Withdrawn

INSTANCE_INPUT = "instance_id"
TRAP_INPUT = "_website"
TURN_INPUT = "_turn"  # how often the scan point had been pointed elsewhere: ScanPoint.at_turn
_NOT_A_UUID = Problem(N_("The instance id must be a UUID."))
_DRAWS = 20
WEB, KIOSK = "web", "kiosk"  # how an answer came, where nobody helped


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
        queued_at, flags = queued(inputs, now)
        point = as_it_stands(point, tree)
        availability = point.availability(now)
        is_queued = "queued" in flags
        was_before = is_queued or bool(assisted and assisted.was_before(point.closes_at))
        if refusal := _refused(point, availability, queued=was_before, now=now):
            return refusal
        flags += late_flags(availability)
        named = first_of(inputs, INSTANCE_INPUT)
        instance_id = tidy_instance_id(named) if named else self._new_id()
        version, version_flags = self._version(point, first_of(inputs, "_version"))
        if instance_id is None or len(inputs.get(INSTANCE_INPUT, ())) > 1:
            no_uuid = CheckedAnswers(problems={INSTANCE_INPUT: _NOT_A_UUID})
            return Invalid(version, no_uuid, named[:100])
        unit, unit_flags = unit_named(version.definition, point, first_of(inputs, UNIT_INPUT), tree)
        checked = check_answers(
            version.definition, inputs, now.date(), uploads=uploads, keep_broken=is_queued
        )
        if checked.problems:
            return Invalid(version, checked, instance_id)
        # The answers name their files by what came, so this covers the files, too.
        # The unit is that of the poster or the worker: a merger must not make an answer that was
        # sent before and comes again another one.
        content = self._hasher.of_content(unit, checked.answers)
        unit, successor_flags = booked(unit, tree)
        checked = named_for(self._hasher, version.definition, instance_id, content, checked)
        keep_files(self._store, point.definition, checked.files, now)
        robot = ("robot",) if first_of(inputs, TRAP_INPUT).strip() else ()
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
            ),
            ancestors=tree.ancestors(unit),
            queued_at=queued_at,
            accepted=accepted_by(
                version.definition,
                checked.answers,
                at=queued_at or now.isoformat(timespec="seconds"),
                channel=assisted.channel if assisted else channel,
            ),
        )
        draft = helped(draft, assisted) if assisted else draft
        offer = offer_of(self._store, draft.definition)
        claims = claims_of(version.definition, draft, self._hasher, offer)
        if not (offer.waiting or is_queued) and (full := self._full(draft, version, claims)):
            return _no_place(version, checked, full, instance_id)
        outcome, kept = self._keep(draft, version, claims)
        # A resend of what was corrected or taken back since: its files are not wanted again.
        remove_files(self._store, point.definition, set(checked.files) - texts_in(kept.answers))
        return outcome

    def _full(
        self, draft: Response, version: PublishedVersion, claims: Sequence[Claim]
    ) -> tuple[str, ...]:
        """Which of the limited places have no room, unless the very same response is there.

        Two who send at once may both see the last one: then the later waits all the same, for what
        was sent is kept.
        """
        full = full_of(self._store, draft.definition, claims)
        return () if full and self._was_sent(draft, version) else full

    def _was_sent(self, draft: Response, version: PublishedVersion) -> bool:
        for attempt in range(_DRAWS):
            code = self._hasher.draw_receipt(version.prefix, draft.instance, draft.content, attempt)
            candidate = replace(draft, receipt=code)
            if version.definition.anonymous:
                candidate = self._without_traces(candidate)
            found = self._store.response_by_receipt(draft.definition, candidate.receipt)
            if found is None:
                return False
            if found.instance == candidate.instance:
                return True
        return False

    def _keep(
        self, draft: Response, version: PublishedVersion, claims: Sequence[Claim]
    ) -> tuple[Received | Withdrawn, Response]:
        """What to tell the sender, and the response that is on the disk for it."""
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
            filled_on="",
            sheet="",
        )

    def _version(self, point: ScanPoint, named: str) -> tuple[PublishedVersion, tuple[str, ...]]:
        """The version that was filled in, else the newest one, with a flag where they differ."""
        newest = newest_version(self._store, point.definition)
        if not named or named == str(newest.number):
            return newest, ()
        number = int(named) if named.isascii() and named.isdigit() and len(named) < 9 else 0
        earlier = self._store.versions.get(version_key(point.definition, number))
        return (earlier, ("old_version",)) if earlier else (newest, ("version_unknown",))


def _no_place(
    version: PublishedVersion, checked: CheckedAnswers, full: Sequence[str], instance_id: str
) -> Refused | Invalid:
    """What can be corrected is asked for: another choice. A full form is closed."""
    questions = {name.partition(":")[0] for name in full}
    if TOTAL in questions:
        return Refused(Availability.FULL)
    problems = dict.fromkeys(questions, NO_PLACE)
    return Invalid(version, replace(checked, problems=problems), instance_id)


def newest_version(store: Store, definition: str) -> PublishedVersion:
    """The newest published version; raises LookupError when there is none."""
    versions = [v for v in store.versions.all() if v.definition.id == definition]
    if not versions:
        raise LookupError(definition)
    return max(versions, key=lambda version: version.number)


def _refused(
    point: ScanPoint, availability: Availability, *, queued: bool, now: datetime
) -> Refused | None:
    if availability is Availability.OPEN:
        return None
    waits = availability in (Availability.PAUSED, Availability.CLOSED) and point.within_grace(now)
    return None if queued and waits else Refused(availability)


def as_it_stands(point: ScanPoint, tree: UnitTree) -> ScanPoint:
    """A scan point as its unit's fate leaves it: closed once nobody answers for the unit."""
    unit = tree.get(point.unit)
    if unit is None or not unit.closed or tree.home(unit.id):
        return point
    closed_at = point.created_at
    if unit.closed_on:
        closed_at = datetime.combine(unit.closed_on, time.min, VIETNAM)
    return replace(point, closes_at=min(closed_at, point.closes_at or closed_at))
