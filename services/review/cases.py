"""What a worker may do with an own response by its receipt: read on, correct it, take it back.

The receipt finds it; the last digits of the phone number given in it prove who asks. Forms that ask
for no phone number (and anonymous ones) have no such proof: there the receipt alone takes back.
"""

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from federation.requests import Kind
from forms.answers import CheckedAnswers, check_answers, sent_files, unveiled
from forms.cleaning import as_digits
from forms.consent import Accepted, accepted_by
from forms.definition import Definition
from forms.problems import N_, Problem
from forms.publication import PublishedVersion
from forms.response import NEW, REASON, Change, Response
from forms.types import Value
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from forms.types.phone import Phone
from forms.types.ticks import Consent
from forms.workflow import state_of
from storage.errors import StoreFailed
from storage.places import Claim
from storage.store import Store, Tries

from ..erased import ErasedList
from ..erasure.erasing import DELETED, Eraser, Erasure
from ..erasure.requests import RequestBook
from ..errors import NotAllowed, Refusal, TooOften
from ..files import as_it_was, files_named, keep_files, named_for, remove_files
from ..identity import Hasher
from ..reading.responses import is_confidential
from ..receiving.claims import NO_PLACE, claims_of, full_of, offer_of, seat_waiting
from ..trail.audit import WORKER
from .history import CORRECTED

DIGITS = 4
MOST_TRIES = 5
BLOCKED_FOR = timedelta(hours=1)
PROOF_LASTS = timedelta(hours=1)

TakingBack = Literal["withdrawn", "deleted"]


@dataclass(frozen=True)
class Case:
    """A response with the version it answers."""

    version: PublishedVersion
    response: Response

    @property
    def asks_phone(self) -> bool:
        """Whether a phone number can prove who asks."""
        definition = self.version.definition
        return not definition.anonymous and any(isinstance(q, Phone) for q in definition.asking)

    @property
    def is_correctable(self) -> bool:
        """While nobody has begun to look at it, and when the union waits for more."""
        return self.asks_phone and (self.response.state == NEW or self.kind == "waiting")

    @property
    def kind(self) -> str:
        """What the state means, whatever the form calls it (forms/workflow.py, State)."""
        return state_of(self.version.definition.workflow, self.response.state).kind

    @property
    def claims_places(self) -> bool:
        """Not a variant, as long as nobody has decided for it, nor who was refused."""
        return "variant" not in self.response.flags and self.kind != "refused"

    @property
    def last_digits(self) -> str:
        """Of the first phone number that was given; empty when none was."""
        for question in self.version.definition.asking:
            if isinstance(question, Phone) and question.name in self.response.answers:
                digits = _only_digits(str(self.response.answers[question.name]))
                return digits[-DIGITS:] if len(digits) >= DIGITS else ""
        return ""


class CaseDesk:
    """The acts on a case, with what they need at hand."""

    def __init__(self, store: Store, hasher: Hasher, erased: ErasedList | None = None) -> None:
        self._store, self._hasher = store, hasher
        self._eraser = Eraser(store, hasher, erased)

    def prove(self, case: Case, digits: str, now: datetime) -> str:
        """A proof for the pages that follow, against the last digits of the phone number.

        Raises TooOften after five failures within the hour, Refusal for wrong digits. That no
        number was given is told in the same words: it would say something about the sender.
        """
        digits = _only_digits(digits)
        if len(digits) < DIGITS:
            raise Refusal(N_("Please write the last 4 digits of your phone number."))
        name = self._hasher.digest("tries", case.response.definition, case.response.id).hex()
        with self._store.exclusive():  # counted one by one, or many tries at once would be one
            recent = self._recent_failures(name, now)
            if len(recent) >= MOST_TRIES:
                raise TooOften(N_("Too many tries. This receipt can be opened again in one hour."))
            expected = case.last_digits or secrets.token_hex(DIGITS)
            if not hmac.compare_digest(digits[-DIGITS:].encode(), expected.encode()):
                self._store.tries.put(Tries(name, (*recent, now)))
                raise Refusal(
                    N_(
                        "These are not the last 4 digits of the phone number in this form. "
                        "If you gave none, please ask your union officer."
                    )
                )
            self._store.tries.remove(name)
        return self.renew(case, now)

    def _recent_failures(self, name: str, now: datetime) -> tuple[datetime, ...]:
        """Failures of the last hour under this name; those that are over are forgotten."""
        recent: tuple[datetime, ...] = ()
        for tries in self._store.tries.all():
            if now - tries.failed[-1] >= BLOCKED_FOR:
                self._store.tries.remove(tries.name)
            elif tries.name == name:
                recent = tuple(at for at in tries.failed if now - at < BLOCKED_FOR)
        return recent

    def renew(self, case: Case, now: datetime) -> str:
        """A proof that holds for an hour from now."""
        until = int((now + PROOF_LASTS).timestamp())
        return f"{until}.{self._seal(case, until)}"

    def is_proven(self, case: Case, proof: str, now: datetime) -> bool:
        """Whether the proof is one of ours, for this case, and still holds."""
        until, _, seal = proof.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 13):
            return False
        right = hmac.compare_digest(seal.encode(), self._seal(case, int(until)).encode())
        return right and now.timestamp() < int(until)

    def _seal(self, case: Case, until: int) -> str:
        response = case.response
        return self._hasher.digest("case", response.definition, response.id, str(until)).hex()

    def correct(
        self,
        case: Case,
        inputs: Inputs,
        now: datetime,
        *,
        uploads: Uploads = NO_UPLOADS,
        who: str = WORKER,
        reason: str = "",
    ) -> CheckedAnswers:
        """Put these answers in the place of those sent before; problems: nothing has changed.

        `reason` is why a reviewer corrects it, for the history and the sender. Raises NotAllowed
        once the review has begun; not for staff.
        """
        definition, response = case.version.definition, case.response
        if case.response.is_withdrawn or (who == WORKER and not case.is_correctable):
            raise NotAllowed(N_("The union is looking at it already, so it cannot be corrected."))
        sent = sent_files(definition, inputs, response.answers)
        meant = unveiled(definition, inputs, response.answers)
        checked = check_answers(definition, meant, now.date(), uploads=uploads, sent=sent)
        if checked.problems:
            return checked
        checked = as_it_was(self._store, definition, response.answers, checked)
        content = f"{response.content} {len(response.history)}"
        checked = named_for(self._hasher, definition, response.instance, content, checked)
        names = [*checked.answers, *(n for n in response.answers if n not in checked.answers)]
        before: dict[str, Value | None] = {
            name: response.answers.get(name)
            for name in names
            if checked.answers.get(name) != response.answers.get(name)
        }
        if before and (full := self._full(case, checked)):
            return replace(checked, problems=full)
        if before:
            before |= {REASON: reason} if reason else {}
            self._put_corrected(case, checked, Change(now, who, CORRECTED, before))
        return checked

    def _put_corrected(
        self,
        case: Case,
        checked: CheckedAnswers,
        change: Change,
    ) -> None:
        definition, response, now = case.version.definition, case.response, change.at
        keep_files(self._store, definition.id, checked.files, now)
        corrected = replace(
            response,
            answers=checked.answers,
            flags=tuple(dict.fromkeys((*flags_after(case, checked), _corrected_flag(change)))),
            accepted=_accepted_after(case, checked, change),
            history=(*response.history, change),
        )
        claims = self._claims(definition, corrected) if case.claims_places else None
        if not self._store.change_response(response, corrected, claims):
            raise NotAllowed(N_("It was changed meanwhile. Please open it once more."))
        replaced = files_named(definition, response.answers)
        replaced -= files_named(definition, corrected.answers)
        with suppress(StoreFailed):  # the correction stands; the daily sweep finds what is left
            remove_files(self._store, definition.id, replaced)
        seat_waiting(self._store, self._hasher, definition, now)

    def _full(self, case: Case, checked: CheckedAnswers) -> dict[str, Problem]:
        """The choices of which no place is left, where nobody may wait for one."""
        offer, response = offer_of(self._store, case.response.definition), case.response
        if offer.waiting or not case.claims_places:
            return {}
        claims = claims_of(
            case.version.definition,
            replace(response, answers=checked.answers),
            self._hasher,
            offer,
        )
        full = full_of(self._store, response.definition, claims, response.holds)
        questions = (name.partition(":")[0] for name in full)
        return {name: NO_PLACE for name in questions if name in case.version.definition.by_name}

    def _claims(self, definition: Definition, response: Response) -> tuple[Claim, ...]:
        return claims_of(definition, response, self._hasher, offer_of(self._store, definition.id))

    def take_back(self, case: Case, what: TakingBack, now: datetime) -> None:
        """Erase the answers at once and for good; what stays is that there was a response.

        Doing it again finishes what a full disk or a crash may have left undone. Raises NotAllowed
        when it is changed by others again and again.
        """
        tombstone = self._eraser.erase(case.response, Erasure(now, what, WORKER))
        RequestBook(self._store).taken_back(
            tombstone,
            Kind.DELETE if what == DELETED else Kind.WITHDRAW,
            confidential=is_confidential(case.version.definition),
        )


def _only_digits(text: str) -> str:
    return "".join(sign for sign in as_digits(text) if sign.isascii() and sign.isdigit())


def _accepted_after(case: Case, checked: CheckedAnswers, change: Change) -> Accepted | None:
    """What the sender agrees to now: as before, unless a box was ticked or cleared."""
    definition = case.version.definition
    if not any(isinstance(definition.by_name.get(name), Consent) for name in change.before):
        return case.response.accepted
    at = change.at.isoformat(timespec="seconds")
    channel = "web" if change.who == WORKER else "request"
    return accepted_by(definition, checked.answers, at=at, channel=channel)


def flags_after(case: Case, checked: CheckedAnswers) -> tuple[str, ...]:
    """Flags of how it came stay; those about answers are what the check says now."""
    own = {flag.code for flag in case.version.definition.flags}
    kept = [flag for flag in case.response.flags if ":" not in flag and flag not in own]
    return tuple(dict.fromkeys((*kept, *checked.flags)))


def _corrected_flag(change: Change) -> str:
    if change.who == WORKER:
        return "corrected"
    return "corrected_by_reviewer" if REASON in change.before else "corrected_by_union"
