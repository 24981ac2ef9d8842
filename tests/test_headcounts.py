"""How many workers and members: by quarter, summed without counting anybody twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sending import post
from test_unit_acts import said
from test_unit_files import confirmed, upload
from workbooks import workbook

from federation.headcounts import (
    Headcount,
    Sum,
    last_day,
    quarter_of,
    read_quarter,
    sums,
)
from federation.units import ROOT, Unit, UnitKind, UnitTree
from services.organization.headcounts import NEEDED
from services.organization.unit_acts import merging
from services.organization.units import decide

TREE = UnitTree(
    [
        Unit(ROOT, "Tỉnh", None, UnitKind.PROVINCE),
        Unit("xa", "Xã", ROOT, UnitKind.COMMUNE),
        Unit("che", "Chè", "xa"),
        Unit("doi", "Đội", "che", UnitKind.SECTION),
        Unit("may", "May", "xa"),
        Unit("to", "Tổ", "may", UnitKind.SECTION),
        Unit("cu", "Cũ", "xa", closed=True, successor="che"),
        Unit("sau", "Sau này", "xa", planned=True),
    ]
)
HEAD = "unit,quarter,workers,members\n"


def figures(**by_unit):
    return {unit: Headcount(unit, "2026-Q4", *both) for unit, both in by_unit.items()}


def test_sections_are_within_their_unit_and_added_only_where_it_gave_none():
    found = sums(
        TREE,
        figures(xa=(3, 3), che=(100, 80), doi=(40, 30), to=(7, None), cu=(500, 500), sau=(9, 9)),
    )

    assert found["che"] == Sum(100, 80)
    assert found["may"] == found["to"] == Sum(7, None)
    assert found["xa"] == found[ROOT] == Sum(110, 83)
    assert "cu" not in found
    assert "sau" not in found


def test_nothing_known_is_not_nought():
    found = sums(TREE, figures(che=(0, None)))

    assert found[ROOT] == Sum(0, None)
    assert found["may"] == Sum(None, None)


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("2026-Q4", "2026-Q4"),
        (" 2026-q1 ", "2026-Q1"),
        ("2026Q2", "2026-Q2"),
        ("Q3/2026", "2026-Q3"),
        ("4/2026", "2026-Q4"),
        *[(text, None) for text in ("", "2026", "2026-Q5", "Q0/2026", "26-Q1", "0001-Q1", "x")],
    ],
)
def test_quarters_are_read_as_people_write_them(text, quarter):
    assert read_quarter(text) == quarter


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_its_quarter(day):
    quarter = quarter_of(day)

    assert read_quarter(quarter) == quarter
    assert quarter_of(last_day(quarter)) == quarter
    assert day <= last_day(quarter)


def test_figures_are_entered_on_the_units_page_and_each_quarter_is_kept(world, admin):
    for quarter, workers, members in (("2026-Q3", "1.800", "90"), ("Q4/2026", "1 810", "")):
        answer = post(
            admin, "/units/che/headcounts", quarter=quarter, workers=workers, members=members
        )
        assert (answer.status_code, answer.location) == (303, "/units/che#headcounts")

    assert world.store.headcounts.all() == (
        Headcount("che", "2026-Q3", 1_800, 90),
        Headcount("che", "2026-Q4", 1_810, None),
    )
    page = said(admin.get("/units/che"))
    assert "Quý 4/2026 1.810 —" in page
    assert "Quý 3/2026 1.800 90" in page


def test_a_correction_replaces_the_figures_of_its_quarter(world, admin):
    for workers in ("10", "11"):
        post(admin, "/units/che/headcounts", quarter="2026-Q4", workers=workers, members="5")

    assert world.store.headcounts.all() == (Headcount("che", "2026-Q4", 11, 5),)


@pytest.mark.parametrize(
    ("quarter", "workers", "members", "field"),
    [
        ("", "1", "1", "quarter"),
        ("2027-Q1", "1", "1", "quarter"),
        ("2026-Q4", "", " ", "workers"),
        ("2026-Q4", "-1", "", "workers"),
        ("2026-Q4", "1,5", "", "workers"),
        ("2026-Q4", "10000000", "", "workers"),
        ("2026-Q4", "9" * 500, "", "workers"),
        ("2026-Q4", "10", "nhiều", "members"),
        ("2026-Q4", "10", "11", "members"),
    ],
)
def test_figures_that_cannot_be_are_asked_for_again(world, admin, quarter, workers, members, field):
    answer = post(admin, "/units/che/headcounts", quarter=quarter, workers=workers, members=members)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert world.store.headcounts.all() == ()


def test_the_quarters_table_sums_what_stands_below(world, admin):
    post(admin, "/units/nam-na/headcounts", quarter="2026-Q4", workers="100", members="80")
    post(admin, "/units/phan-xuong-1/headcounts", quarter="2026-Q4", workers="40", members="30")
    post(admin, "/units/che/headcounts", quarter="2026-Q4", workers="20", members="10")

    page = said(admin.get("/headcounts?quarter=2026-Q4"))

    assert "LĐLĐ tỉnh Lai Châu 120 90" in page
    assert "CĐCS Thủy điện Nậm Na 3 100 80 100 80" in page
    assert "3 trong 4 đơn vị đã có số liệu" in page


def test_a_quarter_is_told_by_the_tree_it_had(world, admin):
    for quarter in ("2026-Q3", "2026-Q4"):
        post(admin, "/units/che/headcounts", quarter=quarter, workers="20", members="10")
        post(admin, "/units/nam-na/headcounts", quarter=quarter, workers="100", members="80")
    decide(world.store, merging(["che"], "nam-na", date(2026, 10, 1)))

    before, after = (said(admin.get(f"/headcounts?quarter={q}")) for q in ("2026-Q3", "2026-Q4"))

    assert "LĐLĐ tỉnh Lai Châu 120 90" in before
    assert "LĐLĐ tỉnh Lai Châu 100 80" in after
    assert "Chè Than Uyên" not in after


def test_a_local_administrator_sees_and_enters_figures_of_own_units_only(world, admin, local):
    post(admin, "/units/che/headcounts", quarter="2026-Q4", workers="20", members="10")
    post(admin, "/units/nam-na/headcounts", quarter="2026-Q4", workers="100", members="80")

    page = said(local.get("/headcounts"))
    foreign = post(local, "/units/che/headcounts", quarter="2026-Q4", workers="1", members="1")
    imported = upload(local, HEAD + "che,2026-Q4,1,1\n", url="/headcounts-import")

    assert "Nậm Na 3 100 80" in page
    assert "Chè" not in page + local.get("/headcounts.csv").text
    assert (foreign.status_code, imported.status_code) == (404, 422)
    assert world.store.headcounts.get("che@2026-Q4").workers == 20


def test_the_downloaded_list_is_filled_in_and_imported(world, admin):
    text = admin.get("/headcounts.csv?quarter=2026-Q3").text
    filled = text.replace("2026-Q3,,", "2026-Q3,50,40")

    page = upload(admin, filled, url="/headcounts-import")
    before = world.store.headcounts.all()
    done = confirmed(admin, page, url="/headcounts-import")

    assert "Ghi 4 thay đổi" in said(page)
    assert before == ()
    assert (done.status_code, len(world.store.headcounts.all())) == (303, 4)
    assert "không thay đổi gì" in said(upload(admin, filled, url="/headcounts-import"))


def test_a_workbook_of_figures_is_taken(world, admin):
    content = workbook([["che", "2026-Q4", 1810, 12]], NEEDED)
    page = upload(admin, content, "x.xlsx", url="/headcounts-import")
    confirmed(admin, page, url="/headcounts-import")

    assert world.store.headcounts.all() == (Headcount("che", "2026-Q4", 1810, 12),)


def test_every_wrong_row_of_figures_is_named_and_none_is_taken(world, admin):
    rows = "che,2026-Q4,5,5\nche,2026-Q4,6,6\nnope,2026-Q4,1,1\nche,bao,1,1\nche,2026-Q3,1,2\n"

    page = upload(admin, HEAD + rows, url="/headcounts-import")

    assert page.status_code == 422
    for words in ("Dòng 3 unit", "Dòng 4 unit", "Dòng 5 quarter", "Dòng 6 members"):
        assert words in said(page)
    assert world.store.headcounts.all() == ()
