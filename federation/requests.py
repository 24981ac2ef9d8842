"""Requests about personal data: what may be asked, by when it is due, what was done about it.

Knows no answers: who asks, and in which words, stands in the response (form FA3) that asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a person may ask for (Luật 91/2025/QH15 Điều 4)."""

    SEE = "see"
    COPY = "copy"
    CORRECT = "correct"
    RESTRICT = "restrict"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    PROTECT = "protect"


@dataclass(frozen=True)
class Limit:
    """Days to carry a request out: alone, where others must act, too, and by one extension."""

    days: int
    with_others: int
    extension: int


FIRST_ANSWER = 2  # working days, to every request
# Nghị định 356/2025/NĐ-CP Điều 5.
LIMITS: Mapping[Kind, Limit] = {
    Kind.SEE: Limit(10, 15, 10),
    Kind.COPY: Limit(10, 15, 10),
    Kind.CORRECT: Limit(10, 15, 10),
    Kind.RESTRICT: Limit(15, 20, 15),
    Kind.OBJECT: Limit(15, 20, 15),
    Kind.WITHDRAW: Limit(15, 20, 15),
    Kind.PROTECT: Limit(15, 15, 15),
    Kind.DELETE: Limit(20, 30, 20),
}
# Bộ luật Lao động 2019 Điều 112; Tết, Giỗ Tổ Hùng Vương and the second day of 2/9 move from year to
# year, so they are a setting.
_FIXED_HOLIDAYS = frozenset({(1, 1), (30, 4), (1, 5), (2, 9)})
_SATURDAY = 5


class Way(StrEnum):
    """How a request came: by form FA3, done by its sender with a receipt, told to an officer (on
    paper, by telephone), by command, or handed over to who reads confidential forms.
    """

    FORM = "form"
    RECEIPT = "receipt"
    OFFICER = "officer"
    COMMAND = "command"
    PASSED_ON = "passed_on"


class What(StrEnum):
    """What a step says was done."""

    ANSWERED = "answered"
    IDENTIFIED = "identified"
    SEARCHED = "searched"
    COPIED = "copied"
    CORRECTED = "corrected"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"
    EXTENDED = "extended"
    OTHERS = "others"
    PASSED_ON = "passed_on"
    NOTED = "noted"
    DONE = "done"
    REFUSED = "refused"


CLOSING = frozenset({What.DONE, What.REFUSED})


@dataclass(frozen=True)
class Step:
    """One step: when, by whom (a sign-in name, `worker` or `command`), what; for which kind, how
    many days or responses, and a word about it that names nobody.
    """

    at: datetime
    who: str
    what: What
    kind: Kind | None = None
    number: int = 0
    text: str = ""


@dataclass(frozen=True)
class Erased:
    """One response that was erased for a request: no answer of it."""

    form: str
    receipt: str
    received_on: date
    files: int = 0


@dataclass(frozen=True)
class Deletion:
    """What a certificate of deletion says."""

    at: datetime
    who: str
    erased: tuple[Erased, ...]


@dataclass(frozen=True)
class DataRequest:
    """A request and what was done about it.

    `source` is the response that asked, if one did; `receipt` the code that the person holds.
    A `confidential` one is for who reads confidential forms alone.
    """

    id: str
    way: Way
    unit: str
    received_at: datetime
    kinds: tuple[Kind, ...]
    receipt: str = ""
    source: str = ""
    confidential: bool = False
    steps: tuple[Step, ...] = ()
    deletions: tuple[Deletion, ...] = field(default=())

    @property
    def open_kinds(self) -> tuple[Kind, ...]:
        """What is not carried out or refused yet."""
        closed = {step.kind for step in self.steps if step.what in CLOSING}
        return tuple(kind for kind in self.kinds if kind not in closed)

    @property
    def is_open(self) -> bool:
        return bool(self.open_kinds)

    def did(self, what: What) -> bool:
        return any(step.what is what for step in self.steps)

    def extended_by(self, kind: Kind) -> int:
        """By how many days, 0 for not at all."""
        return next((s.number for s in self.steps if (s.what, s.kind) == (What.EXTENDED, kind)), 0)


@dataclass(frozen=True)
class Due:
    """What is due next, and on which day at the latest; `kind` None is the first answer."""

    on: date
    kind: Kind | None = None

    def days_left(self, today: date) -> int:
        """Negative when it is overdue."""
        return (self.on - today).days


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    fixed = (day.day, day.month) in _FIXED_HOLIDAYS
    return day.weekday() < _SATURDAY and not fixed and day not in holidays


def after_working_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The working day that is so many after this day, which does not count (BLDS 2015 Điều 147)."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def due_on(request: DataRequest, kind: Kind) -> date:
    """The last day on which this kind can be carried out in time."""
    limit = LIMITS[kind]
    days = limit.with_others if request.did(What.OTHERS) else limit.days
    return request.received_at.date() + timedelta(days=days + request.extended_by(kind))


def next_due(request: DataRequest, holidays: Collection[date] = ()) -> Due | None:
    """What is due first of what is still to be done; None when all is done."""
    if not request.is_open:
        return None
    due = [Due(due_on(request, kind), kind) for kind in request.open_kinds]
    if not request.did(What.ANSWERED):
        first = after_working_days(request.received_at.date(), FIRST_ANSWER, holidays)
        due.append(Due(first))
    return min(due, key=lambda one: (one.on, one.kind or ""))
