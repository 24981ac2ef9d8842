"""By when a data request is due: Nghị định 356/2025/NĐ-CP Điều 5, weekends, public holidays."""

from datetime import date, datetime, timedelta

import pytest

from config import ConfigError, read_days
from federation.requests import (
    LIMITS,
    DataRequest,
    Due,
    Kind,
    Step,
    Way,
    What,
    after_working_days,
    due_on,
    is_working_day,
    next_due,
)
from services.clock import VIETNAM

TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=VIETNAM)
TET = read_days("2027-02-05..2027-02-11")


def asked(*kinds: Kind, at: datetime = TUESDAY, steps: tuple[Step, ...] = ()) -> DataRequest:
    return DataRequest("mot", Way.FORM, "che", at, kinds, steps=steps)


def step(what: What, kind: Kind | None = None, number: int = 0) -> Step:
    return Step(TUESDAY, "quan-tri", what, kind, number)


@pytest.mark.parametrize(
    ("kind", "alone", "with_others", "extension"),
    [
        (Kind.SEE, 10, 15, 10),
        (Kind.COPY, 10, 15, 10),
        (Kind.CORRECT, 10, 15, 10),
        (Kind.WITHDRAW, 15, 20, 15),
        (Kind.RESTRICT, 15, 20, 15),
        (Kind.OBJECT, 15, 20, 15),
        (Kind.PROTECT, 15, 15, 15),
        (Kind.DELETE, 20, 30, 20),
    ],
)
def test_each_kind_has_the_days_of_the_decree(kind, alone, with_others, extension):
    limit = LIMITS[kind]
    received = TUESDAY.date()

    assert due_on(asked(kind), kind) == received + timedelta(days=alone)
    assert due_on(asked(kind, steps=(step(What.OTHERS),)), kind) == received + timedelta(
        days=with_others
    )
    assert limit.extension == extension


def test_every_kind_has_a_limit():
    assert set(LIMITS) == set(Kind)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-24", "2026-11-26"),  # Tuesday
        ("2026-11-26", "2026-11-30"),  # Thursday: over the weekend
        ("2026-11-27", "2026-12-01"),  # Friday
        ("2026-11-28", "2026-12-01"),  # Saturday
        ("2026-12-31", "2027-01-05"),  # 1/1 is a Friday
        ("2027-04-29", "2027-05-04"),  # 30/4 a Friday, 1/5 a Saturday
        ("2026-09-01", "2026-09-04"),  # 2/9
        ("2027-02-04", "2027-02-15"),  # Tết by setting, then a weekend
    ],
)
def test_the_first_answer_is_due_in_two_working_days(day, due):
    received = date.fromisoformat(day)

    assert after_working_days(received, 2, TET) == date.fromisoformat(due)


def test_tet_counts_as_working_days_unless_it_is_set():
    assert after_working_days(date(2027, 2, 4), 2) == date(2027, 2, 8)
    assert is_working_day(date(2027, 2, 8))
    assert not is_working_day(date(2027, 2, 8), TET)


def test_the_first_answer_comes_first_and_then_the_shortest_clock():
    request = asked(Kind.DELETE, Kind.COPY)
    answered = asked(Kind.DELETE, Kind.COPY, steps=(step(What.ANSWERED),))

    assert next_due(request) == Due(date(2026, 11, 26))
    assert next_due(answered) == Due(date(2026, 12, 4), Kind.COPY)


def test_an_extension_moves_its_own_kind_only():
    steps = (step(What.ANSWERED), step(What.EXTENDED, Kind.COPY, 10))
    request = asked(Kind.DELETE, Kind.COPY, steps=steps)

    assert due_on(request, Kind.COPY) == date(2026, 12, 14)
    assert due_on(request, Kind.DELETE) == date(2026, 12, 14)
    assert request.extended_by(Kind.DELETE) == 0


def test_what_is_done_or_refused_is_due_no_more():
    steps = (step(What.ANSWERED), step(What.DONE, Kind.COPY))
    half = asked(Kind.COPY, Kind.DELETE, steps=steps)
    whole = asked(Kind.COPY, Kind.DELETE, steps=(*steps, step(What.REFUSED, Kind.DELETE)))

    assert next_due(half) == Due(date(2026, 12, 14), Kind.DELETE)
    assert (half.is_open, whole.is_open) == (True, False)
    assert next_due(whole) is None


def test_a_request_that_is_closed_without_a_first_answer_is_due_no_more():
    assert next_due(asked(Kind.SEE, steps=(step(What.DONE, Kind.SEE),))) is None


def test_days_left_are_negative_when_it_is_overdue():
    due = next_due(asked(Kind.SEE))

    assert due is not None
    assert due.days_left(date(2026, 11, 26)) == 0
    assert due.days_left(date(2026, 11, 30)) == -4


def test_holidays_are_read_as_days_and_spans():
    days = read_days(" 2027-02-05..2027-02-07 , 2027-04-16,")

    assert days == {date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7), date(2027, 4, 16)}
    assert read_days("") == frozenset()


@pytest.mark.parametrize(
    "text", ["Tết", "2027-02-30", "2027-02-11..2027-02-05", "2027-01-01..2027-12-31"]
)
def test_what_are_no_holidays_is_refused_with_an_example(text):
    with pytest.raises(ConfigError, match="2027-02-05"):
        read_days(text)
