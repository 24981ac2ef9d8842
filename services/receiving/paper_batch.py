"""A pile of paper forms that one person types in: what stays the same, and how far it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from forms.cleaning import clean_line, is_readable
from forms.problems import N_, Problem

from ..days import read_day

FILLED_ON, SHEET, SIGNED = "_filled_on", "_sheet", "_signed"
LONGEST_SHEET = 40
MOST_LISTED = 5
_OLDEST = 730  # days: older papers were signed under another notice

NO_DAY = Problem(
    N_("Please write the day on the paper, for example 05/09/2026, or leave it empty.")
)
NOT_YET = Problem(N_("This day is still to come. Which day does the paper say?"))
TOO_OLD = Problem(N_("This paper is older than two years. Please ask the worker to sign again."))
TOO_LONG = Problem(N_("Please write a short number, at most 40 characters."))
NOT_SIGNED = Problem(N_("Please look whether the worker signed the paper, and tick it."))


@dataclass(frozen=True)
class Batch:
    """What a browser remembers between two papers: no answer, ids only.

    `count` were kept, `alike` of them may be there twice; `last` are the ids of the newest, newest
    first. `sheet` is the number of the last paper.
    """

    code: str = ""
    filled_on: str = ""
    sheet: str = ""
    count: int = 0
    alike: int = 0
    last: tuple[str, ...] = ()

    @property
    def fresh(self) -> int:
        return self.count - self.alike

    @property
    def next_sheet(self) -> str:
        """The number that follows in the pile; empty where papers have none."""
        number = self.sheet
        is_number = number.isascii() and number.isdigit()
        return str(int(number) + 1).zfill(len(number)) if is_number else ""

    def with_one(self, response_id: str, filled_on: str, sheet: str, *, is_alike: bool) -> "Batch":
        """One paper more; an empty id is not listed."""
        last = (response_id, *self.last) if response_id else self.last
        return replace(
            self,
            filled_on=filled_on,
            sheet=sheet,
            count=self.count + 1,
            alike=self.alike + is_alike,
            last=last[:MOST_LISTED],
        )

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"last": list(self.last)}


def read_batch(plain: object, code: str) -> Batch:
    """What `plain` says of this scan point, else a new one."""
    if not isinstance(plain, dict) or plain.get("code") != code:
        return Batch(code)
    return Batch(**{**plain, "last": tuple(plain["last"])})


@dataclass(frozen=True)
class Paper:
    """What stands on the paper besides its answers; `problems` by the input to correct."""

    filled_on: date | None
    sheet: str
    problems: Mapping[str, Problem]


def read_paper(day: str, sheet: str, *, is_signed: bool, today: date) -> Paper:
    """Check the day and number that were typed, and that the paper carries a signature."""
    problems = {}
    filled_on = read_day(day) if day.strip() else None
    if day.strip() and (problem := _problem_of(filled_on, today)):
        problems[FILLED_ON] = problem
    number = clean_line(sheet) if is_readable(sheet) else ""
    if len(number) > LONGEST_SHEET or (sheet.strip() and not number):
        problems[SHEET] = TOO_LONG
    if not is_signed:
        problems[SIGNED] = NOT_SIGNED
    return Paper(filled_on, number, problems)


def _problem_of(day: date | None, today: date) -> Problem | None:
    if day is None:
        return NO_DAY
    if day > today:
        return NOT_YET
    return TOO_OLD if (today - day).days > _OLDEST else None
