"""The register of requests about personal data: every form FA3 that came, and what was done since.

A request is there as soon as its form is: nothing has to be entered for it. What the person wrote
stays in the response; the record holds the steps, and names nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from federation.requests import LIMITS, DataRequest, Due, Kind, Step, Way, What, next_due
from forms.problems import N_
from forms.response import Change, Response
from storage.store import ResponseFilter, Store

from ..errors import NotAllowed, NotFound, Refusal

FORM = "fa3"
ASKED, NAME, PHONE, DETAILS, REPLY = "quyen", "ho_ten", "dien_thoai", "chi_tiet", "tra_loi"
KINDS: Mapping[str, Kind] = {
    "xem_du_lieu": Kind.SEE,
    "cung_cap_ban_sao": Kind.COPY,
    "chinh_sua": Kind.CORRECT,
    "xoa": Kind.DELETE,
    "rut_lai_su_dong_y": Kind.WITHDRAW,
    "han_che_xu_ly": Kind.RESTRICT,
    "phan_doi_xu_ly": Kind.OBJECT,
    "bao_ve_du_lieu": Kind.PROTECT,
}
# What the sender of form FA3 reads of it (its workflow).
ANSWERED, IN_WORK, EXTENDED = "da_tra_loi_lan_dau", "dang_thuc_hien", "da_gia_han"
CARRIED_OUT, NOT_POSSIBLE = "da_thuc_hien", "khong_thuc_hien_duoc"
_STATES: Mapping[What, str] = {What.ANSWERED: ANSWERED, What.EXTENDED: EXTENDED}
_LONGEST_TEXT = 1_000
_ROUNDS = 5


@dataclass(frozen=True)
class RequestBook:
    """The register, and the calendar by which its clocks run."""

    store: Store
    holidays: Collection[date] = ()

    def all(self) -> tuple[DataRequest, ...]:
        """Every request: what is due first stands first, what is done last, the newest of it first.

        Whoever shows them asks first which of them may be shown (services/rights/handling.py).
        """
        known = {request.id: request for request in self.store.requests.all()}
        for response in self.store.iter_responses(FORM, ResponseFilter()):
            if response.id not in known and not response.is_withdrawn:
                known[response.id] = request_of(response)
        is_due, is_done = list[tuple[date, DataRequest]](), list[DataRequest]()
        for request in known.values():
            if due := self.due(request):
                is_due.append((due.on, request))
            else:
                is_done.append(request)
        is_due.sort(key=lambda pair: (pair[0], pair[1].received_at))
        is_done.sort(key=lambda request: request.received_at, reverse=True)
        return (*(request for _, request in is_due), *is_done)

    def due(self, request: DataRequest) -> Due | None:
        """What is to be done next, and by when."""
        return next_due(request, self.holidays)

    def find(self, request_id: str) -> DataRequest:
        """One request; raises NotFound."""
        if request := self.store.requests.get(request_id):
            return request
        response = self.store.response(FORM, request_id)
        if response is None or response.is_withdrawn:
            raise NotFound(N_("There is no such request."))
        return request_of(response)

    def source(self, request: DataRequest) -> Response | None:
        """The response that asked, while it is there."""
        found = self.store.response(FORM, request.source) if request.source else None
        return None if found is None or found.is_withdrawn else found

    def add(self, request: DataRequest, *steps: Step) -> DataRequest:
        """Write steps down; whoever sent form FA3 reads how far it is."""
        for step in steps:
            if len(step.text) > _LONGEST_TEXT:
                raise Refusal(
                    N_("Please write at most %(longest)s characters."),
                    {"longest": _LONGEST_TEXT},
                    field="text",
                )
        with self.store.exclusive():
            known = self.store.requests.get(request.id) or request
            new = replace(known, steps=(*known.steps, *steps))
            self.store.requests.put(new)
        self._tell_sender(new, steps[-1])
        return new

    def _tell_sender(self, request: DataRequest, step: Step) -> None:
        state = _STATES.get(step.what, IN_WORK)
        if not request.is_open:
            is_done = any(one.what is What.DONE for one in request.steps)
            state = CARRIED_OUT if is_done else NOT_POSSIBLE
        for _ in range(_ROUNDS):
            found = self.source(request)
            if found is None or found.state == state or request.confidential:
                return
            change = Change(step.at, step.who, "state")
            new = replace(found, state=state, history=(*found.history, change))
            if self.store.change_response(found, new):
                return

    def extend(
        self, request: DataRequest, kind: Kind, days: int, reason: str, *, at: datetime, who: str
    ) -> DataRequest:
        """Take more time, once, with a reason that the person is told."""
        longest = LIMITS[kind].extension
        if kind not in request.open_kinds:
            raise Refusal(N_("This is done already."))
        if request.extended_by(kind):
            raise Refusal(N_("The time was extended once already; the law allows no more."))
        if not 1 <= days <= longest:
            raise Refusal(
                N_("Please write a number of days from 1 to %(longest)s."),
                {"longest": longest},
                field="days",
            )
        if not reason.strip():
            raise Refusal(N_("Please write the reason: the person is told."), field="reason")
        return self.add(request, Step(at, who, What.EXTENDED, kind, days, reason.strip()))

    def close(
        self, request: DataRequest, kind: Kind, *, done: bool, text: str, at: datetime, who: str
    ) -> DataRequest:
        """Say that a kind was carried out, or why it cannot be."""
        if kind not in request.open_kinds:
            raise Refusal(N_("This is done already."))
        if not done and not text.strip():
            raise Refusal(N_("Please write why: the person is told."), field="text")
        what = What.DONE if done else What.REFUSED
        return self.add(request, Step(at, who, what, kind, text=text.strip()))

    def pass_on(self, request: DataRequest, new_id: str, *, at: datetime, who: str) -> DataRequest:
        """Let those look, too, who read confidential forms; what they find stays with them."""
        if request.confidential or request.did(What.PASSED_ON):
            raise NotAllowed(N_("This is done already."))
        kept = self.add(request, Step(at, who, What.PASSED_ON))
        answered = [step for step in kept.steps if step.what in (What.ANSWERED, What.IDENTIFIED)]
        handed = replace(
            kept,
            id=new_id,
            way=Way.PASSED_ON,
            confidential=True,
            steps=tuple(answered),
            deletions=(),
        )
        self.store.requests.add(handed)
        return kept

    def taken_back(
        self,
        tombstone: Response,
        kind: Kind,
        *,
        confidential: bool,
        who: str = "worker",
        way: Way = Way.RECEIPT,
    ) -> None:
        """A sender took a response back, alone or through an officer: a request, and it is done.

        Doing it again changes nothing.
        """
        at, receipt = tombstone.history[-1].at, tombstone.receipt
        steps = (Step(at, who, What.WITHDRAWN), Step(at, who, What.DONE, kind))
        done = DataRequest(
            tombstone.id,
            way,
            tombstone.unit,
            at,
            (kind,),
            "" if receipt.startswith("h:") else receipt,
            confidential=confidential,
            steps=steps,
        )
        if self.store.requests.add(done):
            return
        known = self.store.requests.get(tombstone.id)
        if known is not None and known.is_open:  # it was form FA3 itself, and under way
            closed = (Step(at, "worker", What.DONE, kind) for kind in known.open_kinds)
            self.add(known, Step(at, "worker", What.WITHDRAWN), *closed)


def request_of(response: Response) -> DataRequest:
    """The request that a response to form FA3 is, with nothing done yet."""
    asked = response.answers.get(ASKED, [])
    named = asked if isinstance(asked, list) else [asked]
    kinds = tuple(dict.fromkeys(KINDS[str(name)] for name in named if str(name) in KINDS))
    return DataRequest(
        response.id,
        Way.FORM,
        response.unit,
        response.submitted_at,
        kinds or (Kind.SEE,),  # unreadable: the shortest clock
        response.receipt,
        source=response.id,
    )
