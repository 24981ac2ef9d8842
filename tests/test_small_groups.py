"""No answer of an anonymous form is singled out: an attacker asks for everything and subtracts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import made

from federation.people import Grant, Person, Role
from forms.publication import PublishedVersion, ScanPoint
from forms.response import Response
from forms.types.summaries import ChoiceSummary
from services.clock import VIETNAM
from services.organization.start import prepare
from services.organization.units import add_unit, tree_of
from services.reading.responses import View, counts_by_point, view_for
from services.reading.results import Period, Sight, results_of, sight_of, texts_of
from services.reading.small_groups import (
    SMALLEST_GROUP,
    Cells,
    Gate,
    Run,
    runs,
    week_of,
    whole_months,
)
from services.reading.totals import totals_for
from storage.memory import MemoryStore
from storage.store import Store

QUESTIONS = """
- {type: select_one, name: hoi, label: {vi: Có khỏe không}, choices: [
    {name: co, label: {vi: Có}}, {name: khong, label: {vi: Không}}]}
- {type: text, name: gop_y, label: {vi: Góp ý}}
"""
FORM = made(QUESTIONS, anonymous=True)
NAMED = made(QUESTIONS)
UNITS = ("root", "nam-na", "phan-xuong-1", "che")
FIRST = datetime(2026, 9, 1, 7, 0, tzinfo=VIETNAM)
TODAY = date(2026, 12, 31)
CUTS = [FIRST + timedelta(days=day) for day in (0, 7, 29, 30, 31, 45, 60, 61, 75, 91)]
PERIODS = [Period(), *(Period(*cut) for cut in combinations([None, *CUTS, None], 2))]

Said = tuple[str, str, int, str, bool]
ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(UNITS[1:]),
        st.sampled_from(["", "Nhà ăn"]),
        st.sampled_from([0, 3, 8, 29, 30, 31, 45, 61, 80, 100]),  # days after FIRST
        st.sampled_from(["co", "khong", ""]),
        st.booleans(),
    ),
    min_size=12,
    max_size=80,
)


def response(number: int, unit: str, place: str, at: datetime, answers: dict[str, str]) -> Response:
    return Response(
        id=f"id-{number}",
        definition="f99",
        version=1,
        instance=f"i-{number}",
        content=f"c-{number}",
        receipt=f"h:{number}",
        unit=unit,
        place=place,
        point="POINT",
        submitted_at=at,
        language="vi",
        answers=answers,
    )


def filled(answers: Iterable[Said], form: object = FORM) -> Store:
    store = MemoryStore()
    prepare(store, "LĐLĐ")
    add_unit(store, "nam-na", "Nậm Na", "root", "enterprise")
    add_unit(store, "phan-xuong-1", "Phân xưởng", "nam-na", "section")
    add_unit(store, "che", "Chè", "root", "enterprise")
    store.versions.put(PublishedVersion(form, 1, "7FK", FIRST))
    for number, (unit, place, day, choice, writes) in enumerate(answers):
        said = {"hoi": choice} if choice else {}
        said |= {"gop_y": f"lời {number}"} if writes else {}
        store.add_response(response(number, unit, place, FIRST + timedelta(days=day), said))
    return store


def somebody(role: Role, unit: str = "root") -> Person:
    return Person("ai", "Ai", "", grants=(Grant(role, unit),))


def views(store: Store) -> Iterator[View]:
    """Whatever a list, a file or the command line may be asked for."""
    tree = tree_of(store)
    for person in [None, *(somebody(Role.CHAIR, unit) for unit in UNITS)]:
        for unit in (None, *UNITS):
            for period in PERIODS:
                bounds = {"since": period.since, "until": period.until}
                yield view_for(store, FORM, person, tree, today=TODAY, unit=unit, **bounds)


def sights(store: Store, role: Role) -> Iterator[Sight]:
    """Whatever a page of results may be asked for."""
    tree = tree_of(store)
    for home in UNITS:
        for unit in (None, *UNITS):
            for period in PERIODS:
                asked = {"unit": unit, "period": period}
                found = sight_of(store, "f99", somebody(role, home), tree, TODAY, **asked)
                assert found
                yield found


def ids(store: Store, view: View) -> frozenset[str]:
    return frozenset(one.id for one in store.iter_responses("f99", view.where))


def atoms(sets: Iterable[frozenset[str]]) -> list[int]:
    """How large the smallest parts are into which all these sets, cut by each other, fall."""
    seen: dict[str, list[int]] = {}
    for at, members in enumerate(set(sets)):
        for one in members:
            seen.setdefault(one, []).append(at)
    return list(Counter(map(tuple, seen.values())).values())


@settings(max_examples=25, deadline=None)
@given(ANSWERS)
def test_all_that_may_be_shown_falls_into_parts_of_five_at_least(answers: list[Said]) -> None:
    store = filled(answers)

    shown = [ids(store, view) for view in views(store)]
    shown += [ids(store, sight.view) for sight in sights(store, Role.VIEWER)]

    assert all(size >= SMALLEST_GROUP for size in atoms(shown))


@settings(max_examples=10, deadline=None)
@given(ANSWERS)
def test_no_total_minus_its_part_is_small(answers: list[Said]) -> None:
    """Of views that hold each other: responses, answers to a question, texts."""
    store = filled(answers)
    found = {}
    for role in (Role.CHAIR, Role.VIEWER):
        for sight in sights(store, role):
            members = ids(store, sight.view)
            if (members, role) not in found:
                results = results_of(store, sight)
                counts = [topic.summary.answered for topic in results.topics]
                counts.append(texts_of(store, sight, "gop_y", words="", offset=0, limit=1)[0])
                found[members, role] = [results.total, *counts, sum(results.by_day.values())]
                assert results.total == len(members) == sum(results.by_day.values())

    for (one, _), (other, _) in combinations(found, 2):
        if one < other:
            for role in (Role.CHAIR, Role.VIEWER):
                pairs = zip(found[one, role], found[other, role], strict=True)
                assert not [b - a for a, b in pairs if 0 < b - a < SMALLEST_GROUP]
    for counts in found.values():
        assert not [count for count in counts if 0 < count < SMALLEST_GROUP]


@settings(max_examples=20, deadline=None)
@given(ANSWERS)
def test_units_weeks_points_and_totals_say_what_the_lists_say(answers: list[Said]) -> None:
    store = filled(answers)
    tree = tree_of(store)
    for number, unit in enumerate(UNITS):
        store.points.put(ScanPoint(f"P{number}", "f99", unit, "Nhà ăn", FIRST))
    sight = sight_of(store, "f99", somebody(Role.VIEWER), tree, TODAY)
    assert sight

    results = results_of(store, sight)
    totals = totals_for(store, FORM, somebody(Role.VIEWER), tree, TODAY)
    told = counts_by_point(store, FORM)

    assert {u.unit: u.count for u in results.units} == totals.by_unit
    assert all(count >= SMALLEST_GROUP for count in results.by_day.values())
    assert totals.withheld == results.withheld
    groups = store.count_by_group("f99")
    for number, unit in enumerate(UNITS):
        count = groups.get((unit, "Nhà ăn"), 0)
        shown = str(count) if count >= SMALLEST_GROUP or not count else "<5"
        assert told[f"P{number}"] == shown


@settings(max_examples=20, deadline=None)
@given(ANSWERS)
def test_who_may_only_count_learns_of_no_small_group_of_a_named_form(answers: list[Said]) -> None:
    store = filled(answers, NAMED)

    shown = [ids(store, sight.view) for sight in sights(store, Role.VIEWER)]

    assert all(size >= SMALLEST_GROUP for size in atoms(shown))


def test_who_may_read_a_named_form_learns_of_every_answer() -> None:
    store = filled([("che", "", 0, "co", True), ("nam-na", "", 40, "khong", False)], NAMED)
    since = Period(FIRST + timedelta(days=40))

    whole = sight_of(store, "f99", somebody(Role.CHAIR), tree_of(store), TODAY)
    late = sight_of(store, "f99", somebody(Role.CHAIR), tree_of(store), TODAY, period=since)

    assert whole
    assert late
    assert [results_of(store, sight).total for sight in (whole, late)] == [2, 1]
    assert results_of(store, late).by_day == {(FIRST + timedelta(days=40)).date(): 1}


def test_small_months_go_with_the_next_and_the_rest_with_the_last() -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3, 5, 6)]

    found = runs(dict(zip(months, (2, 3, 7, 4, 0), strict=True)))

    assert found == (Run(months[0], months[1], 5), Run(months[2], months[4], 11))
    assert runs({months[0]: 2, months[1]: 2}) == ()


def test_a_place_whose_cell_crosses_a_bound_is_left_out_as_a_whole() -> None:
    days = {
        ("che", "", date(2026, 9, 30)): 3,
        ("che", "", date(2026, 10, 1)): 4,
        ("che", "Nhà ăn", date(2026, 9, 2)): 5,
        ("che", "Nhà ăn", date(2026, 10, 31)): 6,
    }
    cells = Cells(days)

    assert cells.whole(date(2026, 10, 1), None) == {("che", "Nhà ăn")}
    assert cells.whole(date(2026, 9, 1), date(2026, 11, 1)) == cells.large
    assert cells.cell(("che", "Nhà ăn"), date(2026, 10, 5)) == (("che", "Nhà ăn"), 1)
    assert cells.cell(("che", ""), date(2026, 10, 5)) == (("che", ""), 0)


@given(st.integers(0, 3_000 * 24), st.integers(0, 400))
def test_bounds_become_whole_months_that_hold_what_was_asked_for(hours: int, more: int) -> None:
    since = FIRST + timedelta(hours=hours)
    until = since + timedelta(days=more, seconds=1)

    first, end = whole_months(since, until)

    assert first
    assert end
    assert first <= since < until <= end
    assert (first.day, first.hour, end.day, end.hour) == (1, 0, 1, 0)
    assert whole_months(first, end) == (first, end)


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_no_week_is_in_two_months(day: date) -> None:
    week = week_of(day)

    assert week <= day
    assert (week.year, week.month) == (day.year, day.month)
    assert (day - week).days < 10


@given(st.lists(st.sampled_from("abc"), max_size=40))
def test_a_gate_lets_five_or_nothing_of_a_cell_through(items: list[str]) -> None:
    gate, passed = Gate[int](), Counter[str]()

    for number, cell in enumerate(items):
        passed[cell] += len(gate.through(cell, number))

    counts = Counter(items)
    assert {c: n for c, n in passed.items() if n} == {c: n for c, n in counts.items() if n >= 5}
    assert set(gate.held) == {c for c, n in counts.items() if n < 5}


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.HELPER])
def test_who_may_not_even_count_has_no_results(role: Role) -> None:
    store = filled([("che", "", 0, "co", True)] * 6)

    assert sight_of(store, "f99", somebody(role), tree_of(store), TODAY) is None


def test_a_question_that_few_of_a_place_answered_is_left_out_there_only() -> None:
    said = [("che", "", 0, "co", False)] * 5 + [("che", "", 0, "", False)] * 2
    said += [("nam-na", "", 0, "khong", False)] * 4 + [("nam-na", "", 0, "", False)] * 4
    store = filled(said)
    sight = sight_of(store, "f99", somebody(Role.CHAIR), tree_of(store), TODAY)
    assert sight

    results = results_of(store, sight, compared="hoi")

    assert results.total == 15
    summary = results.topics[0].summary
    assert isinstance(summary, ChoiceSummary)
    assert (summary.answered, dict(summary.counts)) == (5, {"co": 5})
    assert results.held_back == {"hoi"}
    assert {u.unit for u in results.units if u.summary} == {"che"}
