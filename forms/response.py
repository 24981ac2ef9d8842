"""One person's submitted answers to one version of a form, and what was done to them since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .consent import Accepted
from .types import Value
from .types.base import names_in

NEW = "new"
WITHDRAWN = "withdrawn"
SAME_PHONE = "same_phone"
# What changes besides answers, as `Change.before` names it; no question is called so.
_FILES = "_files"
STATE, MESSAGE, NOTE, ASSIGNED = "_state", "_message", "_note", "_assigned"
REASON = "_reason"
REMARKS = frozenset({MESSAGE, NOTE, REASON})
"""What officers wrote about a person: encrypted in the history as sensitive answers are."""


@dataclass(frozen=True)
class Change:
    """One act on a response: when, what, and by whom: `worker`, a person's name, "" the server.

    `before` holds what the changed questions were answered before; None is no answer. Of files it
    holds the names only: they themselves are gone. Of a `_note` or `_reason` it holds that itself:
    they are added, never changed. `sealed` is of them what is encrypted, see `Response`.
    """

    at: datetime
    who: str
    what: str
    before: Mapping[str, Value | None] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """A response as it is kept.

    `id` is random and names it in staff addresses. `instance` is the sender's instance id and
    `receipt` the code told to the sender; anonymous forms keep a keyed hash of either, and the full
    hour as `submitted_at`. `content` is the keyed hash of the normalised answers as they were first
    sent: a correction leaves it, so that a late resend still is the same response. `attempt` counts
    how often a receipt had to be drawn until it was free. `ancestors` are the unit's superiors at
    the time, root first: for dated reports, never for permission. `message` is the reviewer's word
    to the worker. `helper` signed in and filled it in for the worker, `channel` says how the worker
    answered (spoken, phone, paper). `accepted` is what the sender agreed to. `claims` are the
    places it asks for that only so many may have (storage/places.py), `waits_for` those of them
    that were full; it has either all its places or, while it waits, none. A withdrawn response has
    no answers left, see `emptied`. A complaint has a first `reader`, who says which officers are
    `concerned`; from then on it is `named`, and those never read it. A `restricted` one is kept and
    not used: its sender asked for that (Luật 91/2025/QH15 Điều 4), and it may be lifted.
    `assigned` is the name of the person who is to review it. Of a paper, `filled_on` is the day
    written on it (ISO 8601) and `sheet` its number in the pile. A withdrawn one that was merged
    says into which (an id), and is flagged `SAME_PHONE` where both had the same last digits.
    At rest, `sealed` holds the encrypted answers in place of `answers`, and `found_by` the keyed
    hashes by which an ID or phone number is found, by their place in the answers; whoever gets a
    response to read finds all in `answers` (storage/sealed.py).
    """

    id: str
    definition: str
    version: int
    instance: str
    content: str
    receipt: str
    unit: str
    place: str
    point: str
    submitted_at: datetime
    language: str
    answers: Mapping[str, Value]
    flags: tuple[str, ...] = ()
    state: str = NEW
    attempt: int = 0
    ancestors: tuple[str, ...] = ()
    queued_at: str = ""
    message: str = ""
    helper: str = ""
    channel: str = ""
    history: tuple[Change, ...] = ()
    accepted: Accepted | None = None
    claims: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    reader: str = ""
    named: bool = False
    concerned: tuple[str, ...] = ()
    restricted: bool = False
    assigned: str = ""
    filled_on: str = ""
    sheet: str = ""
    merged_into: str = ""

    @property
    def holds(self) -> tuple[str, ...]:
        """The places that it has."""
        return () if self.waits_for else self.claims

    sealed: Mapping[str, str] = field(default_factory=dict)
    found_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_withdrawn(self) -> bool:
        return self.state == WITHDRAWN

    @property
    def is_in_use(self) -> bool:
        """Whether it is in lists, totals and exports."""
        return not (self.is_withdrawn or self.restricted)

    def is_confided_to(self, name: str) -> bool:
        """Whether this person, if an inspector there, may read the complaint."""
        return name not in self.concerned if self.named else bool(name) and self.reader == name

    @property
    def files_left(self) -> tuple[str, ...]:
        """The files of a withdrawn response that may still be there: see `emptied`."""
        return tuple(name for act in self.history for name in names_in(act.before.get(_FILES)))


def emptied(
    response: Response,
    at: datetime,
    what: str,
    files: Sequence[str] = (),
    *,
    who: str = "worker",
    merged_into: str = "",
    flags: Sequence[str] = (),
) -> Response:
    """What stays of a response that was taken back or erased: where, when, and its numbers.

    No answer, no remark on one, and no hash of the answers: whoever has the hashing key could try
    out short answers on it. `content` must stay unlike any other, so it names the response. The
    names of its `files` stay until they are removed, so that a crash between does not keep them.
    """
    return Response(
        id=response.id,
        definition=response.definition,
        version=response.version,
        instance=response.instance,
        content=f"{WITHDRAWN}:{response.id}",
        receipt=response.receipt,
        unit=response.unit,
        place=response.place,
        point=response.point,
        submitted_at=response.submitted_at,
        language=response.language,
        answers={},
        flags=tuple(flags),
        state=WITHDRAWN,
        merged_into=merged_into,
        ancestors=response.ancestors,
        accepted=response.accepted,  # that there was a consent, until it was withdrawn
        history=(Change(at, who, what, {_FILES: list(files)} if files else {}),),
    )
