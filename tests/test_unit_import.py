"""Whole tables of units: a preview that says everything, all rows or none, and there and back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_history import DAYS, HISTORY, JULY, MERGED
from workbooks import workbook

from export.csv import csv_chunks
from federation.history import History, Impossible
from federation.units import ROOT, Change, Unit, UnitKind
from services.organization.unit_import import import_units, plan_units
from services.organization.unit_rows import COLUMNS, NEEDED, What, unit_rows
from services.organization.units import history_of, tree_of
from services.tables import read_table
from storage.memory import MemoryStore

TODAY = date(2026, 11, 24)


def table(rows, columns=COLUMNS):
    lines = [",".join(columns), *rows] if rows and isinstance(rows[0], str) else None
    if lines is None:
        return read_table("".join(csv_chunks(list(columns), rows)).encode(), "x.csv", NEEDED)
    return read_table("\n".join(lines).encode(), "x.csv", NEEDED)


def plan(*rows, history=HISTORY, within=None):
    return plan_units(history, table(list(rows)), TODAY, within)


def steps(found):
    return [(step.what, step.unit, step.day, step.before, step.after) for step in found.steps]


def mistakes(found):
    return [(mistake.row, mistake.column) for mistake in found.mistakes]


def test_a_preview_names_each_thing_that_would_change():
    found = plan(
        "n,CĐCS Mới,p,section,2026-07-01,,",
        "a,CĐCS Đổi tên,q,public_service,01/09/2026,,",
        "b,CĐCS B,p,,,31/12/2026,c",
        "c,CĐCS C,q,enterprise,,,",
    )

    assert found.mistakes == ()
    assert steps(found) == [
        (What.CREATE, "n", JULY, "", "p"),
        (What.RENAME, "a", date(2026, 9, 1), "CĐCS A", "CĐCS Đổi tên"),
        (What.MOVE, "a", date(2026, 9, 1), "p", "q"),
        (What.CHANGE_KIND, "a", date(2026, 9, 1), "enterprise", "public_service"),
        (What.CLOSE, "b", date(2026, 12, 31), "", "c"),
    ]
    assert found.counts == {"added": 1, "changed": 2, "same": 1}


def test_a_preview_writes_nothing_and_the_import_writes_what_it_said():
    store = MemoryStore()
    for unit in HISTORY.units.values():
        store.units.add(unit)
    rows = table(["a,Mới,q,enterprise,,,"])

    seen = plan_units(history_of(store), rows, TODAY)
    assert store.units.get("a") == HISTORY.units["a"]
    done = import_units(store, rows, TODAY)

    assert done.steps == seen.steps
    assert tree_of(store, TODAY).get("a").name == "Mới"
    assert tree_of(store, date(2026, 11, 23)).get("a").name == "CĐCS A"
    assert import_units(store, rows, TODAY).steps == ()


def test_without_a_day_a_row_holds_from_today_and_a_new_unit_is_as_old_as_the_one_above():
    found = plan(
        "n2,Tổ mới,n,section,,,",
        "n,Mới,p,,2026-07-01,,",
        "a,Đổi,p,,,,",
        "m,Luôn,p,,,,",
    )

    units = found.after.units
    assert (units["n"].since, units["n2"].since, units["m"].since) == (JULY, JULY, None)
    assert units["a"].changes == (Change(TODAY, name="Đổi"),)
    assert found.mistakes == ()


def test_an_empty_kind_leaves_the_kind_as_it_is():
    assert plan("p,Xã P,root,,,,").steps == ()
    assert plan("n,N,root,,,,").after.units["n"].kind is UnitKind.ENTERPRISE


def test_a_unit_may_have_a_row_for_each_of_its_days():
    found = plan(
        "a,Ba,q,,2026-09-01,,",
        "a,CĐCS A,p,,,,",
        "a,Hai,p,,2026-08-01,2026-12-01,c",
        "a1,Tổ 1,q,,2026-10-01,,",
    )

    assert found.mistakes == ()
    assert [found.after.on(day).name("a") for day in (JULY, date(2026, 8, 1), TODAY)] == [
        "CĐCS A",
        "Hai",
        "Ba",
    ]
    assert found.after.on(date(2026, 12, 1)).home("a").id == "c"


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (["a b,X,root,,,,"], [(2, "id")]),
        (["n,,root,,,,"], [(2, "name")]),
        (["n,X,,,,,"], [(2, "parent")]),
        (["n,X,nowhere,,,,"], [(2, "parent")]),
        (["root,X,a,,,,"], [(2, "parent")]),
        (["n,X,root,company,,,"], [(2, "kind")]),
        (["n,X,root,,31/02/2026,,"], [(2, "from")]),
        (["n,X,root,,,soon,"], [(2, "closed")]),
        (["n,X,root,,,,c"], [(2, "successor")]),
        (["b,CĐCS B,p,,,2026-12-01,x"], [(2, "successor")]),
        (["b,CĐCS B,p,,,2026-12-01,b"], [(2, "successor")]),
        (["a,CĐCS A,p,,,2026-12-01,c"], [(2, "closed")]),
        (["root,LĐLĐ tỉnh,,,,2026-12-01,"], [(2, "closed")]),
        (["a,CĐCS A,a1,,,,"], [(2, "parent")]),
        (["n,X,root,,,,", "n,Y,root,,,,"], [(3, "id")]),
        (["n,X,n2,,2026-01-01,,", "n2,Y,root,,2026-06-01,,"], [(2, "parent")]),
        (["n,,nowhere,king,never,,"], [(2, "name"), (2, "kind"), (2, "from")]),
        (["n,,root,,,,", "m,M,root,,,,", "o,O,root,king,,,"], [(2, "name"), (4, "kind")]),
    ],
)
def test_every_mistake_is_told_with_its_row_and_column_and_nothing_is_taken(rows, where):
    store = MemoryStore()
    for unit in HISTORY.units.values():
        store.units.add(unit)

    found = import_units(store, table(rows), TODAY)

    assert mistakes(found) == where
    assert store.units.all() == tuple(HISTORY.units.values())


def test_what_was_closed_cannot_be_changed_by_a_row():
    found = plan("a,Tên khác,p,,,,", history=MERGED)

    assert mistakes(found) == [(2, "from")]


def test_what_stands_below_a_closed_unit_may_go_elsewhere_in_the_same_file():
    found = plan("a,CĐCS A,p,,,2026-12-01,c", "a1,Tổ 1 của A,c,,2026-12-01,,")

    assert found.mistakes == ()
    assert found.after.on(date(2026, 12, 1)).get("a1").parent == "c"


BELOW_P = frozenset({"p", "a", "b", "a1"})


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("q,Đổi,root,,,,", [(2, "id")]),
        ("c,CĐCS C,p,,,,", [(2, "id")]),
        ("a,CĐCS A,q,,,,", [(2, "parent")]),
        ("n,X,q,,,,", [(2, "parent")]),
        ("n,X,root,,,,", [(2, "parent")]),
        ("b,CĐCS B,p,,,2026-12-01,c", [(2, "successor")]),
        ("p,Xã P,q,,,,", [(2, "parent"), (2, "id")]),
        ("a,Đổi,p,,,,", []),
        ("p,Đổi,root,,,,", []),
        ("n,X,a,,,,", []),
        ("b,CĐCS B,p,,,2026-12-01,a", []),
    ],
)
def test_who_keeps_a_part_of_the_tree_changes_nothing_beside_it(row, where):
    assert mistakes(plan(row, within=BELOW_P)) == where


def test_who_keeps_a_unit_does_not_decide_where_it_stands_itself():
    found = plan("p,Xã P,root,,,2026-12-01,", "a,CĐCS A,b,,2026-12-01,,", within=BELOW_P)

    assert found.mistakes


KINDS = st.sampled_from(list(UnitKind))
NAMES = st.sampled_from(["CĐCS Chè", "=1+1", 'Tổ "1", đội; 2', "-5", "Xã Tả Lèng", "@x"])


@st.composite
def histories(draw):
    """A federation after some random decisions, sound on every day."""
    history = History([Unit(ROOT, "Tỉnh", None, UnitKind.PROVINCE)])
    for number in range(draw(st.integers(1, 12))):
        units = sorted(history.units)
        pick, other = draw(st.sampled_from(units)), draw(st.sampled_from(units))
        day = draw(st.sampled_from(DAYS))
        begin, name, kind = draw(st.sampled_from([None, day])), draw(NAMES), draw(KINDS)
        acts = [
            lambda h, n=number, p=pick, a=(name, kind, begin): h.with_unit(
                Unit(f"u{n}", a[0], p, a[1], since=a[2])
            ),
            lambda h, p=pick, o=other, d=day, a=(name, kind): h.changed(
                p, Change(d, name=a[0], parent=None if p == ROOT else o, kind=a[1])
            ),
            lambda h, p=pick, o=other, d=day: h.merged([p], o, d),
            lambda h, p=pick, d=day: h.closed(p, d),
        ]
        try:
            after = draw(st.sampled_from(acts))(history)
        except Impossible:
            continue
        history = history if next(after.faults(), None) else after
    return history


@settings(max_examples=100, deadline=None)
@given(histories(), st.sampled_from(DAYS), st.booleans())
def test_what_was_exported_changes_nothing_when_it_comes_back(history, today, as_workbook):
    rows = list(unit_rows(history, today, history.units))
    content = workbook(rows, COLUMNS) if as_workbook else "".join(csv_chunks(list(COLUMNS), rows))
    name = "x.xlsx" if as_workbook else "x.csv"
    content = content if as_workbook else content.encode()

    found = plan_units(history, read_table(content, name, NEEDED), today)

    assert found.mistakes == ()
    assert found.steps == ()
    assert found.after.differences(history) == ()


@settings(max_examples=100, deadline=None)
@given(histories(), st.sampled_from(DAYS))
def test_an_export_rebuilds_the_whole_history_in_an_empty_federation(history, today):
    rows = list(unit_rows(history, today, history.units))
    empty = History([Unit(ROOT, "Tỉnh", None, UnitKind.PROVINCE)])

    found = plan_units(empty, table(rows), today)

    assert found.mistakes == ()
    for day in (date.min, *DAYS, date.max):
        assert found.after.on(day).units == history.on(day).units


def test_five_thousand_units_are_planned_in_seconds():
    rows = [
        [f"u{n}", f"Đơn vị {n}", f"u{n // 10}" if n > 9 else ROOT, "", "", "", ""]
        for n in range(1, 5_000)
    ]

    found = plan_units(HISTORY, table(rows), TODAY)

    assert found.mistakes == ()
    assert found.counts["added"] == 4_999
