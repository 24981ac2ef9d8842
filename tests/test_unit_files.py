"""Tables of units on the pages: what a file would change, shown first and checked again."""

import html
import io
import re

import pytest
from conftest import PASSWORD
from sending import kept, post
from test_unit_acts import said
from workbooks import BOMB, with_entities, workbook

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.unit_rows import NEEDED
from services.organization.units import tree_of
from services.tables import read_table

HEAD = "id,name,parent,kind,from,closed,successor\n"


@pytest.fixture
def admin(world):
    return world.signed_in("quan-tri")


@pytest.fixture
def local(world):
    grants = (Grant(Role.ADMIN, "nam-na"),)
    add_person(world.store, "quan-tri-nam-na", "", PASSWORD, grants, tree_of(world.store))
    return world.signed_in("quan-tri-nam-na")


def upload(client, content, name="x.csv", url="/units-import"):
    content = content if isinstance(content, bytes) else content.encode()
    data = {"csrf_token": client.csrf, "file": (io.BytesIO(content), name)}
    return client.post(url, data=data)


def confirmed(client, page, url="/units-import", **changed):
    """Press the button of the preview."""
    inputs = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    posted = {name: html.unescape(value) for name, value in inputs.items()}
    return client.post(url, data=posted | changed, content_type="multipart/form-data")


def units(world):
    return tree_of(world.store, world.clock().date()).units


def test_a_file_is_shown_first_and_kept_when_that_is_confirmed(world, admin):
    before = kept(world.store)
    rows = "to-2,Tổ 2,che,section,2026-07-01,,\nche,CĐCS Chè Mới,root,enterprise,,,\n"

    page = upload(admin, HEAD + rows)

    assert page.status_code == 200
    assert kept(world.store) == before
    for words in ("Đơn vị mới", "Tổ 2 (to-2)", "01/07/2026", "Đổi tên", "CĐCS Chè Mới"):
        assert words in said(page)
    assert "Ghi 2 thay đổi" in said(page)
    done = confirmed(admin, page)
    assert (done.status_code, done.location) == (303, "/units")
    assert units(world)["to-2"].parent == "che"
    assert units(world)["che"].name == "CĐCS Chè Mới"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_downloaded_changes_nothing(world, admin, kind):
    post(admin, "/units/che", name='"Chè"; =2, & <b>', hotline="", since="2026-10-01")
    file = admin.get(f"/units.{kind}")
    before = kept(world.store)

    page = upload(admin, file.data, f"x.{kind}")

    assert "attachment" in file.headers["Content-Disposition"]
    assert len(read_table(file.data, f"x.{kind}", NEEDED).rows) == 5
    assert "không thay đổi gì" in said(page)
    assert 'name="confirmed"' not in page.text
    assert kept(world.store) == before


def test_a_workbook_is_taken_like_a_csv(world, admin):
    page = upload(admin, workbook([["to-2", "=Tổ 2", "che", "section"]]), "đơn vị.XLSX")
    confirmed(admin, page)

    assert units(world)["to-2"].name == "=Tổ 2"


def test_mistakes_are_listed_by_row_and_column_and_cannot_be_confirmed(world, admin):
    before = kept(world.store)

    page = upload(admin, HEAD + "to-2,,che,section,,,\nto-3,Tổ 3,nowhere,king,,,\n")

    assert page.status_code == 422
    assert re.findall(r'data-label="Cột">(\w+)<', page.text) == ["name", "kind"]
    assert 'name="confirmed"' not in page.text
    forced = {"confirmed": "1", "mark": "x", "table": HEAD + "to-2,,che,section,,,\n"}
    assert post(admin, "/units-import", **forced).status_code == 422
    assert kept(world.store) == before


def test_what_changed_meanwhile_is_shown_again_before_it_is_kept(world, admin):
    page = upload(admin, HEAD + "che,Hai,root,enterprise,,,\n")
    post(admin, "/units/che", name="Một", hotline="")

    again = confirmed(admin, page)

    assert again.status_code == 200
    assert "Dữ liệu đã thay đổi" in said(again)
    assert units(world)["che"].name == "Một"
    assert confirmed(admin, again).status_code == 303
    assert units(world)["che"].name == "Hai"


def test_a_table_that_was_altered_after_its_preview_is_shown_again(world, admin):
    page = upload(admin, HEAD + "che,Hai,root,enterprise,,,\n")
    before = kept(world.store)

    other = confirmed(admin, page, table=HEAD + "nam-na,Khác,root,enterprise,,,\n")

    assert other.status_code == 200
    assert kept(world.store) == before


@pytest.mark.parametrize(
    ("content", "name", "said_"),
    [
        (b"", "", "chọn một tệp"),
        (b"x", "x.xls", ".csv hoặc .xlsx"),
        (b"x", "x.xlsx", "không phải bảng tính"),
        (with_entities(workbook([]), BOMB), "x.xlsx", "một bảng bình thường không có"),
        (b"id,name\n", "x.csv", "còn thiếu: parent, kind"),
        ("id,name,parent,kind\n".encode("utf-16"), "x.csv", "CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(world, admin, content, name, said_):
    before = kept(world.store)

    page = upload(admin, content, name)

    assert page.status_code == 422
    assert said_ in said(page)
    assert 'aria-invalid="true"' in page.text
    assert kept(world.store) == before


def test_a_file_larger_than_any_post_is_refused(world, admin):
    before = kept(world.store)

    answer = upload(admin, b"id,name,parent,kind\n" + b"x" * 500_000)

    assert answer.status_code == 413
    assert kept(world.store) == before


def test_as_many_rows_as_a_page_takes_can_be_confirmed(world, admin):
    rows = "".join(
        f"xa-{n},Công đoàn cơ sở số {n} Đường Tả Lèng,che,section,,,\n" for n in range(4_000)
    )

    page = upload(admin, HEAD + rows)

    assert (page.status_code, "Ghi 4.000 thay đổi" in said(page)) == (200, True)
    assert "và 3.800 thay đổi nữa" in said(page)
    assert confirmed(admin, page).status_code == 303
    assert len(units(world)) == 4_004


def test_a_local_administrator_downloads_and_changes_own_units_only(world, local):
    text = local.get("/units.csv").text
    before = kept(world.store)

    answers = [
        upload(local, HEAD + row)
        for row in (
            "che,Chè,root,enterprise,,,\n",
            "x,X,che,section,,,\n",
            "phan-xuong-1,PX,root,section,,,\n",
            "phan-xuong-1,Công đoàn phân xưởng 1,nam-na,section,,2026-12-01,che\n",
            "nam-na,Nậm Na,root,enterprise,,2026-12-01,\n",
        )
    ]

    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["nam-na", "phan-xuong-1"]
    assert {answer.status_code for answer in answers} == {422}
    assert all("Chè Than Uyên" not in answer.text for answer in answers)
    assert kept(world.store) == before


def test_markup_in_a_file_stays_text(admin):
    page = upload(admin, HEAD + "x,<b>Tổ</b>,che,section,,,\n<i>,X,che,<u>,,,\n")

    assert "<b>" not in page.text
    assert "<i>" not in page.text
    assert "<u>" not in page.text
