"""What is done for a person who asks: a copy, restricting, erasing; each a step of the request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from federation.requests import DataRequest, Deletion, Erased, Step, Way, What
from forms.answers import CheckedAnswers
from forms.problems import N_
from forms.publication import version_key
from forms.response import Change, Response
from forms.types.base import NO_UPLOADS, Inputs, Uploads
from storage.store import Store

from ..erasure.erasing import WITHDRAWN, Eraser, Erasure
from ..erasure.requests import RequestBook
from ..errors import NotAllowed, NotFound, Refusal
from ..files import files_ever_named
from ..review.cases import Case, CaseDesk
from .handling import Handler

_ROUNDS = 5
_IDENTIFY = N_("Please make sure first that it is this person: call the number or meet them.")
_CHOOSE = N_("Please choose at least one form.")


@dataclass(frozen=True)
class PersonDesk:
    """The acts, by one handler at one moment."""

    store: Store
    book: RequestBook
    eraser: Eraser
    cases: CaseDesk
    handler: Handler
    now: datetime

    def chosen(self, request: DataRequest, named: Sequence[str]) -> tuple[Case, ...]:
        """The responses named `form/id`; raises NotFound for one that is not this handler's."""
        if not named:
            raise Refusal(_CHOOSE)
        return tuple(self.case(request, *name.partition("/")[::2]) for name in named)

    def case(self, request: DataRequest, form: str, response_id: str) -> Case:
        """One response within this handler's reach; raises NotFound."""
        found = self.store.response(form, response_id)
        version = found and self.store.versions.get(version_key(form, found.version))
        if not found or not version or found.is_withdrawn:
            raise NotFound(N_("This response is not there any more."))
        confidential = request.confidential
        where = self.handler.may_look_in(version.definition, confidential=confidential)
        if where is None or not where.accepts(found):
            raise NotFound(N_("This response is not there any more."))
        return Case(version, found)

    def note(
        self, request: DataRequest, what: What, *, number: int = 0, text: str = ""
    ) -> DataRequest:
        return self.book.add(
            request, Step(self.now, self.handler.name, what, number=number, text=text.strip())
        )

    def check_identified(self, request: DataRequest) -> None:
        """Raises NotAllowed before anybody made sure who asks; a command is its own witness."""
        if request.way is not Way.COMMAND and not request.did(What.IDENTIFIED):
            raise NotAllowed(_IDENTIFY)

    def copied(self, request: DataRequest, cases: Sequence[Case]) -> DataRequest:
        """Write down that a copy is handed out; raises NotAllowed."""
        self.check_identified(request)
        return self.note(request, What.COPIED, number=len(cases))

    def correct(
        self,
        request: DataRequest,
        case: Case,
        inputs: Inputs,
        reason: str,
        *,
        uploads: Uploads = NO_UPLOADS,
    ) -> CheckedAnswers:
        """Correct a response as its sender asked; problems: nothing has changed."""
        self.check_identified(request)
        if not reason.strip():
            raise Refusal(N_("Please write what is corrected and why."), field="reason")
        before = case.response
        checked = self.cases.correct(case, inputs, self.now, uploads=uploads, who=self.handler.name)
        if not checked.problems and self.store.response(before.definition, before.id) != before:
            self.note(request, What.CORRECTED, number=1, text=reason)
        return checked

    def restrict(self, request: DataRequest, cases: Sequence[Case], *, on: bool) -> DataRequest:
        """Keep responses out of all use, or let them be used again."""
        self.check_identified(request)
        for case in cases:
            self._restrict(case.response, on=on)
        what = What.RESTRICTED if on else What.LIFTED
        return self.note(request, what, number=len(cases))

    def _restrict(self, response: Response, *, on: bool) -> None:
        found: Response | None = response
        for _ in range(_ROUNDS):
            if found is None or found.is_withdrawn or found.restricted == on:
                return
            what = What.RESTRICTED if on else What.LIFTED
            change = Change(self.now, self.handler.name, what)
            new = replace(found, restricted=on, history=(*found.history, change))
            if self.store.change_response(found, new):
                return
            found = self.store.response(found.definition, found.id)
        raise NotAllowed(N_("It was changed meanwhile. Please open it once more."))

    def erase(
        self, request: DataRequest, cases: Sequence[Case], what: str, reason: str
    ) -> DataRequest:
        """Erase for good. The list for the certificate stands before, so that no crash loses it;
        only what is really gone is certified.
        """
        self.check_identified(request)
        deletion = Deletion(self.now, self.handler.name, tuple(map(_erased, cases)))
        with self.store.exclusive():
            known = self.store.requests.get(request.id) or request
            request = replace(known, deletions=(*known.deletions, deletion))
            self.store.requests.put(request)
        erasure = Erasure(self.now, what, self.handler.name, reason)
        done = self.eraser.erase_many((case.response for case in cases), erasure)
        step = What.WITHDRAWN if what == WITHDRAWN else What.DELETED
        request = self.note(request, step, number=len(done.tombstones))
        if done.left:
            raise NotAllowed(N_("It was changed meanwhile. Please open it once more."))
        return request


def _erased(case: Case) -> Erased:
    response = case.response
    files = len(files_ever_named(case.version.definition, response))
    return Erased(response.definition, response.receipt, response.submitted_at.date(), files)


def certified(store: Store, request: DataRequest) -> tuple[tuple[Deletion, Erased], ...]:
    """What was erased for a request and is gone indeed, each response once, by its day."""
    listed = {
        (erased.form, erased.receipt): (deletion, erased)
        for deletion in reversed(request.deletions)
        for erased in deletion.erased
    }
    gone = [
        pair
        for (form, receipt), pair in listed.items()
        if (kept := store.response_by_receipt(form, receipt)) is None or kept.is_withdrawn
    ]
    return tuple(sorted(gone, key=lambda pair: (pair[1].received_on, pair[1].receipt)))
