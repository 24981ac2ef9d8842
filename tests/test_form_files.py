"""Forms as Excel files on the organizer's pages: down, up, the report, kept as a draft."""

import html
import io

import openpyxl
import pytest
from conftest import PASSWORD
from drafting import PURPOSE
from sending import kept, post
from test_unit_acts import said
from test_unit_files import confirmed, upload
from workbooks import BOMB, with_entities
from xlsforms import TYPE, saved, xlsform

from federation.people import Grant, Role
from forms.gallery import gallery
from forms.xlsform import read_workbook
from services.organization.people import add_person
from services.organization.units import tree_of
from services.publishing.imported_forms import find_form

URL = "/forms-import"
FOREIGN = xlsform(
    [TYPE, ("text", "ho_ten", "Họ và tên"), ("geopoint", "vi_tri", "Vị trí <nhà>")],
    settings={"form_title": "Khảo sát nhà trọ", "form_id": "nha-tro"},
)


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


def test_a_form_is_downloaded_as_a_workbook_that_says_it_all(organizer):
    file = organizer.get("/forms/f28/xlsform.xlsx")

    assert file.headers["Content-Disposition"] == 'attachment; filename="f28.xlsx"'
    assert read_workbook(file.data).definition == gallery()["f28"]
    assert "/forms/f28/xlsform.xlsx" in organizer.get("/forms/f28").text
    assert organizer.get("/forms/khong-co/xlsform.xlsx").status_code == 404


def test_a_file_is_reported_on_first_and_kept_when_that_is_confirmed(world, organizer):
    before = kept(world.store)

    page = upload(organizer, FOREIGN, "nha-tro.xlsx", URL)

    assert page.status_code == 200
    assert kept(world.store) == before
    for words in (
        "Khảo sát nhà trọ",
        "survey · dòng 3 · type",
        "Ở đây không có loại câu hỏi “geopoint”.",
        "Bỏ qua, không đưa vào.",
        "mục đích ghi theo tên biểu mẫu",
    ):
        assert words in said(page)
    done = confirmed(organizer, page, URL)
    assert (done.status_code, done.location) == (303, "/drafts/nha-tro")
    draft = world.store.drafts.get("nha-tro")
    assert (draft.owner, draft.version) == ("lap-phieu", 0)
    assert "Đã lưu thành bản nháp" in said(organizer.get("/drafts/nha-tro"))


def test_what_was_downloaded_comes_back_as_it_is(world, organizer):
    page = upload(organizer, organizer.get("/forms/f22/xlsform.xlsx").data, "f22.xlsx", URL)
    confirmed(organizer, page, URL)

    again = organizer.get("/drafts/f22-2/xlsform.xlsx")

    assert "Mọi thứ trong tệp được lấy nguyên vẹn." in said(page)
    whole = find_form(world.store, "f22-2")
    assert read_workbook(again.data).definition == whole
    assert whole.sections == gallery()["f22"].sections


def test_a_file_with_mistakes_shows_their_cells_and_keeps_nothing(world, organizer):
    before = kept(world.store)

    page = upload(organizer, xlsform([TYPE, ("begin group", "g", "Nhóm")]), "x.xlsx", URL)

    assert page.status_code == 422
    assert "phải sửa trước" in said(page)
    assert "survey · dòng 2 · type" in said(page)
    assert 'name="confirmed"' not in page.text
    assert kept(world.store) == before


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "chọn một tệp"),
        (b"PK", "x.xlsx", "không phải bảng tính"),
        (FOREIGN, "x.xls", "chọn tệp .xlsx"),
        (with_entities(FOREIGN, BOMB), "x.xlsx", "macro"),
    ],
)
def test_other_files_are_refused_with_what_to_do(organizer, content, name, words):
    page = upload(organizer, content, name, URL)

    assert page.status_code == 422
    assert words in said(page)


@pytest.mark.parametrize("form", ["", "{}", "[1", '{"id": "x"}'])
def test_a_report_that_was_changed_keeps_nothing(world, organizer, form):
    before = kept(world.store)

    page = post(organizer, URL, confirmed="1", form=form)

    assert page.status_code == 422
    assert "chọn lại tệp" in said(page)
    assert kept(world.store) == before


def test_texts_of_a_file_are_shown_as_text(organizer):
    hostile = xlsform([TYPE, ("<script>alert(1)</script>", "a", "A"), ("text", "b", "B")])

    page = upload(organizer, hostile, "x.xlsx", URL)

    assert "<script>alert(1)" not in page.text
    assert html.escape("<script>alert(1)</script>") in page.text


def test_a_form_as_large_as_a_person_fills_fits_through_the_page(world, organizer):
    rows = [("text", f"q{n}", f"Câu hỏi số {n}, viết đủ dài như người ta viết") for n in range(300)]

    page = upload(organizer, xlsform([TYPE, *rows]), "x.xlsx", URL)

    assert confirmed(organizer, page, URL).status_code == 303


def test_a_form_beyond_the_page_is_sent_to_the_command_line(organizer):
    rows = [("text", f"q{n}", "x" * 3_000) for n in range(150)]

    assert "dòng lệnh" in said(upload(organizer, xlsform([TYPE, *rows]), "x.xlsx", URL))


def test_only_who_publishes_forms_comes_here(world):
    chair = world.signed_in("chu-tich")

    assert chair.get(URL).status_code == 403
    assert upload(chair, FOREIGN, "x.xlsx", URL).status_code == 403


def test_a_draft_of_another_is_not_downloaded(world, organizer):
    grants = (Grant(Role.ORGANIZER, "che"),)
    add_person(world.store, "to-chuc-khac", "", PASSWORD, grants, tree_of(world.store))
    confirmed(organizer, upload(organizer, FOREIGN, "x.xlsx", URL), URL)

    other = world.signed_in("to-chuc-khac")

    assert other.get("/drafts/nha-tro/xlsform.xlsx").status_code == 404


def test_an_import_under_the_id_of_a_published_form_is_its_next_version(world, organizer):
    confirmed(organizer, upload(organizer, FOREIGN, "x.xlsx", URL), URL)
    post(organizer, "/drafts/nha-tro", act="notice", revision="1", **PURPOSE)
    post(organizer, "/drafts/nha-tro/publish", unit="nam-na", place="", revision="2")
    book = openpyxl.load_workbook(io.BytesIO(organizer.get("/forms/nha-tro/xlsform.xlsx").data))
    book["survey"]["C3"] = "Họ, đệm và tên"

    done = confirmed(organizer, upload(organizer, saved(book), "x.xlsx", URL), URL)

    assert done.location == "/drafts/nha-tro"
    assert world.store.drafts.get("nha-tro").version == 1
