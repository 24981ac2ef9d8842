"""What helpers fill in for workers: its own inputs, and the file that a phone saves of its queue.

Such a file (docs/assisted-file.md) is the way out for a phone that cannot send any more. It holds
one form a line; each is received as if the phone had sent it now, and so kept once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError

from federation.access import Act, may
from federation.units import UnitTree
from forms.localized import DEFAULT_LANGUAGE
from forms.problems import N_
from forms.publication import ScanPoint
from forms.types.base import Upload
from qr.codes import tidy
from storage.store import Store

from .arriving import Assisted
from .receive import INSTANCE_INPUT, Receiver
from .received import Invalid, Received, Refused, Withdrawn

HEARD, CHANNEL, HELPER = "_heard", "_channel", "_helper"
CHANNELS = ("spoken", "phone", "paper")
_QUEUED = "_queued_at"

_UNREADABLE = N_("This line is no form that a phone saved.")
_UNKNOWN = N_("No scan point has the code %(code)s.")
_NO_HELPER = N_("%(name)s may not fill in for workers there.")
_NOT_AGREED = N_("It does not say that the worker agreed, or how they answered.")
_CLOSED = N_("The form is not open any more.")
_TAKEN_BACK = N_("The worker took it back.")
_WRONG = N_("Its number is no UUID.")


@dataclass(frozen=True)
class Taken:
    """What became of one line: its receipt, or why it was not taken (a message to translate)."""

    line: int
    receipt: str = ""
    stored: bool = False
    why: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    content: Base64Bytes


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True)

    instance_id: str
    code: str
    queued_at: int
    inputs: dict[str, list[str]]
    files: dict[str, list[_File]] = {}

    def first(self, name: str) -> str:
        return next(iter(self.inputs.get(name, ())), "")


def receive_saved(
    lines: Iterable[bytes], store: Store, receiver: Receiver, *, tree: UnitTree, now: datetime
) -> Iterator[Taken]:
    """Receive the forms of a saved file, one a line; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _receive(number, line, store, receiver, tree=tree, now=now)


def _receive(
    number: int, line: bytes, store: Store, receiver: Receiver, *, tree: UnitTree, now: datetime
) -> Taken:
    try:
        saved = _Saved.model_validate_json(line)
    except ValidationError:
        return Taken(number, why=_UNREADABLE)
    point = store.points.get(tidy(saved.code))
    if point is None:
        return Taken(number, why=_UNKNOWN, values={"code": saved.code[:20]})
    helper, channel = saved.first(HELPER), saved.first(CHANNEL)
    if not _may_help(store, helper, point, tree, now):
        return Taken(number, why=_NO_HELPER, values={"name": helper[:40] or "—"})
    if saved.first(HEARD) != "1" or channel not in CHANNELS:
        return Taken(number, why=_NOT_AGREED)
    queue = {INSTANCE_INPUT: [saved.instance_id], _QUEUED: [str(saved.queued_at)]}
    outcome = receiver.receive(
        point,
        {**saved.inputs, **queue},
        {
            name: [Upload(file.name, file.type, file.content) for file in files]
            for name, files in saved.files.items()
        },
        tree=tree,
        language=saved.first("_lang")[:8] or DEFAULT_LANGUAGE,
        now=now,
        assisted=Assisted(helper, channel),
    )
    return _told(number, outcome)


def _may_help(store: Store, name: str, point: ScanPoint, tree: UnitTree, now: datetime) -> bool:
    person = store.people.get(name)
    return person is not None and may(person, Act.ASSIST, tree, now.date(), unit=point.unit)


def _told(number: int, outcome: Received | Refused | Withdrawn | Invalid) -> Taken:
    if isinstance(outcome, Received):
        return Taken(number, outcome.receipt, outcome.stored)
    if isinstance(outcome, Invalid):
        return Taken(number, why=_WRONG)
    return Taken(number, why=_CLOSED if isinstance(outcome, Refused) else _TAKEN_BACK)
