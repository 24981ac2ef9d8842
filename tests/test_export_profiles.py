"""Export profiles: a template's columns in its order, edited on a page, and what is not there."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from command import command_line
from hypothesis import given
from hypothesis import strategies as st
from sending import HARDSHIP, JOINING, post, send, send_meals
from test_export_csv import hardship_response

from app import create_app
from export.profile import ProfileTable
from export.table import META, PAPER, Style
from forms.export_profile import ROW_NUMBER, ExportProfile, ProfileColumn, profile_id
from forms.gallery import gallery
from forms.gallery.profiles import FOLDER, ready_profiles
from services.errors import NotFound, Refusal
from services.outgoing.profiles import add_profile, find_profile, keep_profile, profiles_of
from storage.memory import MemoryStore
from storage.store import ResponseFilter

READY = "ho-so-doan-vien"


def profile(*columns, form="f21"):
    return ExportProfile(form, "mau", "Mẫu", columns)


def cells(world, *columns, form="f21", **style):
    """The headings and the one row of a table of these columns."""
    found = tuple(world.store.iter_responses(form, ResponseFilter()))
    table = ProfileTable(
        [gallery()[form]],
        profile(*columns, form=form),
        Style("vi", **style),
        unit_name=lambda _: "CĐCS Nậm Na",
    )
    return table.header(), next(table.rows(found)), table


@pytest.fixture
def joined(world):
    send(world, world.publish("f51"), JOINING)
    return world


@pytest.fixture
def asked(world):
    send(world, world.publish("f21"), HARDSHIP)
    return world


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (ProfileColumn("STT", ROW_NUMBER), 1),
        (ProfileColumn("Họ tên", "ho_ten"), "Giàng A Páo"),
        (ProfileColumn("CCCD", "so_cccd"), "012090123456"),
        (ProfileColumn("Giới", "gioi_tinh"), "Nam"),
        (ProfileColumn("Giới", "gioi_tinh", choices="name"), "nam"),
        (ProfileColumn("Sinh", "ngay_sinh"), "05/09/1990"),
        (ProfileColumn("Sinh", "ngay_sinh", dates="day"), "05/09/1990"),
        (ProfileColumn("Sinh", "ngay_sinh", dates="month"), "09/1990"),
        (ProfileColumn("Sinh", "ngay_sinh", dates="year"), "1990"),
        (ProfileColumn("Sinh", "ngay_sinh", dates="iso"), "1990-09-05"),
        (ProfileColumn("Gửi", "_submitted_at"), "24/11/2026 10:30"),
        (ProfileColumn("Gửi", "_submitted_at", dates="day"), "24/11/2026"),
        (ProfileColumn("Đơn vị", "_unit_name"), "CĐCS Nậm Na"),
        (ProfileColumn("Tỉnh", constant="Lai Châu"), "Lai Châu"),
        (ProfileColumn("Email"), None),
        (ProfileColumn("Dân tộc", "dan_toc"), "***"),
        (ProfileColumn("Không có", "khong_co"), None),
    ],
)
def test_a_column_is_filled_from_what_it_names(joined, column, cell):
    header, row, _ = cells(joined, column, form="f51")

    assert (header, row) == ([column.title], [cell])


@pytest.mark.parametrize(
    ("form", "row"),
    [("f51", ["paper", "02/11/2026", "11/2026", "017"]), ("f28", [None] * 4)],
)
def test_a_paper_that_was_typed_in_has_its_day_and_number(form, row):
    columns = (
        ProfileColumn("Cách", "_channel"),
        ProfileColumn("Ngày ký", "_filled_on"),
        ProfileColumn("Tháng ký", "_filled_on", dates="month"),
        ProfileColumn("Tờ số", "_sheet"),
    )
    of_paper = {"channel": "paper", "filled_on": "2026-11-02", "sheet": "017"}
    kept = replace(hardship_response(1), **of_paper)

    table = ProfileTable(
        [gallery()[form]], profile(*columns, form=form), Style("vi"), unit_name=str
    )

    assert list(table.rows([kept])) == [row]
    assert table.missing == ()


def test_columns_keep_the_order_of_the_template_and_may_stand_twice(joined):
    names = ("dien_thoai", "ho_ten", "dien_thoai")
    header, row, _ = cells(joined, *(ProfileColumn(f"C-{n}", n) for n in names), form="f51")

    assert header == ["C-dien_thoai", "C-ho_ten", "C-dien_thoai"]
    assert row == ["0987654321", "Giàng A Páo", "0987654321"]


def test_several_choices_stand_together_or_apart(asked):
    together = cells(asked, ProfileColumn("Cảnh", "hoan_canh"), sensitive=True)
    names = ProfileColumn("Cảnh", "hoan_canh", choices="name")
    split = ProfileColumn("Cảnh", "hoan_canh", split=True)

    header, row, _ = cells(asked, ProfileColumn("Trước"), split, sensitive=True)

    assert together[1][0].count(";") == 1
    assert cells(asked, names, sensitive=True)[1] == ["nguoi_than_om_nang;nha_tam_dot_nat"]
    assert header[0] == "Trước"
    assert all(title.startswith("Cảnh: ") for title in header[1:])
    assert sorted(filter(None, row)) == [1, 1]
    assert set(cells(asked, split)[1]) == {"***"}


def test_a_missing_question_leaves_its_column_empty_and_is_told(joined):
    columns = (
        ProfileColumn("Trước", "ho_ten"),
        ProfileColumn("Mã thẻ", "ma_the"),
        ProfileColumn("Sau", "dien_thoai"),
    )

    header, row, table = cells(joined, *columns, form="f51")

    assert header == ["Trước", "Mã thẻ", "Sau"]
    assert row == ["Giàng A Páo", None, "0987654321"]
    assert table.missing == ("ma_the",)


def test_an_anonymous_form_tells_no_receipt_by_a_profile_either(world):
    send_meals(world, world.publish("f28"), 5)

    _, row, _ = cells(world, ProfileColumn("Mã", "_receipt"), form="f28")

    assert row == [None]


known = st.sampled_from(["", "khong_co", ROW_NUMBER, *META, *PAPER, *gallery()["f51"].by_name])
any_column = st.builds(
    ProfileColumn,
    title=st.text(max_size=10),
    source=known,
    constant=st.text(max_size=5),
    dates=st.sampled_from(["", "day", "month", "year", "iso"]),
    choices=st.sampled_from(["label", "name"]),
    split=st.booleans(),
)


@given(st.lists(any_column, max_size=8), st.booleans())
def test_headings_and_cells_are_as_many_whatever_a_profile_asks(columns, typed):
    table = ProfileTable(
        [gallery()["f51"]], profile(*columns), Style("vi", typed=typed), unit_name=str
    )
    (row,) = table.rows([hardship_response(1)])

    assert len(row) == len(table.headings) == len(columns)


def test_ready_made_profiles_name_only_questions_of_their_form():
    for path in FOLDER.glob("*.yaml"):
        for ready in ready_profiles(path.stem):
            known = {*gallery()[path.stem].by_name, *META, ROW_NUMBER, ""}
            assert {column.source for column in ready.columns} <= known
            assert ready.proposal


def test_the_member_record_has_the_columns_that_the_software_likely_wants():
    (ready,) = ready_profiles("f51")

    assert ready.id == READY
    assert [column.title for column in ready.columns][:5] == [
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Số CCCD",
    ]
    assert len(ready.columns) == 24


def test_a_changed_profile_stands_for_the_ready_made_one_until_it_is_taken_back():
    store = MemoryStore()
    (ready,) = profiles_of(store, "f51")
    keep_profile(store, ExportProfile("f51", ready.id, "Hồ sơ", ready.columns[:2]))

    assert len(find_profile(store, "f51", "Hồ sơ").columns) == 2
    assert len(profiles_of(store, "f51")) == 1
    store.profiles.remove(ready.key)
    assert find_profile(store, "f51", "HỒ SƠ ĐOÀN VIÊN") == ready


@pytest.mark.parametrize(
    ("title", "said"), [("", "name"), ("!!!", "name"), ("x" * 121, "shorten"), ("a\x01", "strange")]
)
def test_a_title_that_no_file_could_have_is_refused(title, said):
    with pytest.raises(Refusal, match=said):
        add_profile(MemoryStore(), "f21", title, ())


def test_two_profiles_of_a_form_have_two_names():
    store = MemoryStore()
    add_profile(store, "f21", "Mẫu Tết", ())

    with pytest.raises(Refusal, match="already"):
        add_profile(store, "f21", "mau TET", ())
    with pytest.raises(NotFound):
        find_profile(store, "f51", "Mẫu Tết")
    assert profile_id("Hồ sơ / đoàn viên!") == "ho-so-doan-vien"


def inputs(profile, **changed):
    """What the page of a profile posts."""
    found = {"title": profile.title, "do": "keep"}
    for at, column in enumerate(profile.columns):
        choices = "split" if column.split else column.choices
        found |= {
            f"title-{at}": column.title,
            f"source-{at}": column.source,
            f"constant-{at}": column.constant,
            f"dates-{at}": column.dates,
            f"choices-{at}": choices,
            f"place-{at}": str(at + 1),
        }
    return found | changed


def titles(world, name):
    return [column.title for column in find_profile(world.store, "f21", name).columns]


@pytest.fixture
def edited(world):
    """A profile of three columns, and the browser of somebody who may change it."""
    world.publish("f21")
    columns = tuple(ProfileColumn(title, "ho_ten") for title in "ABC")
    return keep_profile(world.store, profile(*columns)), world.signed_in("quan-tri")


@pytest.mark.parametrize(
    ("changed", "after"),
    [
        ({"do": "keep"}, "ABC"),
        ({"do": "up-2"}, "ACB"),
        ({"do": "up-0"}, "ABC"),
        ({"do": "down-0"}, "BAC"),
        ({"do": "down-2"}, "ABC"),
        ({"do": "drop-1"}, "AC"),
        ({"do": "drop-9"}, "ABC"),
        ({"do": "drop-x"}, "ABC"),
        ({"place-2": "1"}, "CAB"),
        ({"place-0": "3"}, "BAC"),
        ({"place-0": "99"}, "BCA"),
        ({"place-0": "x"}, "ABC"),
        ({"title-1": "Z"}, "AZC"),
    ],
)
def test_columns_are_moved_dropped_and_renamed_on_the_page(world, edited, changed, after):
    kept, admin = edited

    answer = post(admin, "/responses/f21/templates/mau", **inputs(kept, **changed))

    assert answer.status_code == 303
    assert titles(world, "mau") == list(after)


def test_a_new_template_begins_with_all_questions_and_is_in_the_choice(world):
    world.publish("f21")
    send(world, world.publish("f21"), HARDSHIP)
    admin = world.signed_in("quan-tri")

    answer = post(admin, "/responses/f21/templates", title="Xét Tết 2027")

    assert answer.headers["Location"] == "/responses/f21/templates/xet-tet-2027"
    kept = find_profile(world.store, "f21", "xet-tet-2027")
    asked = [question.name for question in gallery()["f21"].asking]
    assert [column.source for column in kept.columns] == [ROW_NUMBER, *asked]
    assert 'value="xet-tet-2027"' in admin.get("/responses/f21/export").text


def test_a_file_by_a_profile_has_its_columns_and_says_what_is_missing(world, edited):
    kept, admin = edited
    send(world, world.publish("f21"), HARDSHIP)
    columns = (*kept.columns[:1], ProfileColumn("Thẻ", "so_the"))
    keep_profile(world.store, profile(*columns))

    page = admin.get("/responses/f21/templates/mau").text
    csv_file = post(admin, "/responses/f21/export", kind="csv", profile="mau").data
    book = post(admin, "/responses/f21/export", kind="xlsx", profile="mau").data

    lines = list(csv.reader(io.StringIO(csv_file.decode("utf-8-sig"), newline="")))
    opened = openpyxl.load_workbook(io.BytesIO(book))
    about = dict(opened["Về tệp này"].iter_rows(max_col=2, values_only=True))
    assert lines == [["A", "Thẻ"], ["Lò Thị Phương", ""]]
    assert list(opened["Phiếu"].iter_rows(values_only=True)) == [
        ("A", "Thẻ"),
        ("Lò Thị Phương", None),
    ]
    assert "để trống: Thẻ" in page
    assert about["Cột để trống vì không có câu hỏi này"] == "so_the"


def test_chairs_use_templates_and_do_not_change_them(world, edited):
    kept, _ = edited
    chair = world.signed_in("chu-tich")

    seen = chair.get("/responses/f21/templates/mau")
    denied = [
        post(chair, "/responses/f21/templates", title="Của tôi"),
        post(chair, "/responses/f21/templates/mau", **inputs(kept, do="drop-0")),
        post(chair, "/responses/f21/templates/mau", do="remove"),
    ]

    assert seen.status_code == 200
    assert 'name="do"' not in seen.text
    assert [answer.status_code for answer in denied] == [403] * 3
    assert titles(world, "mau") == list("ABC")


def test_a_ready_made_template_is_made_as_it_came(world):
    world.publish("f51")
    admin = world.signed_in("quan-tri")
    (ready,) = ready_profiles("f51")
    post(admin, f"/responses/f51/templates/{READY}", **inputs(ready, do="drop-0"))
    dropped = len(find_profile(world.store, "f51", READY).columns)

    answer = post(admin, f"/responses/f51/templates/{READY}", do="remove")

    assert answer.headers["Location"].endswith(READY)
    assert (dropped, find_profile(world.store, "f51", READY)) == (23, ready)


def test_the_command_line_takes_a_profile_by_its_name(config, tmp_path):
    run = command_line(config, tmp_path)
    code = run.told("form publish f51 --unit root")["scan_points"][0]["code"]
    store = run.store()
    create_app(run.config, store).test_client().post(f"/q/{code}", data=JOINING)
    store.profiles.put(profile(ProfileColumn("Tên", "ho_ten"), ProfileColumn("?", "x"), form="f51"))
    store.close()
    file = tmp_path / "x.xlsx"

    ready = run(["response", "export", "f51", "--profile", "Hồ sơ đoàn viên"])
    own = run.told(
        ["response", "export", "f51", "--profile", "mau", "--format", "xlsx", "-o", str(file)]
    )
    unknown = run("response export f51 --profile nowhere")

    assert ready.stdout.splitlines()[1].startswith("1,Giàng A Páo,05/09/1990,Nam,012090123456")
    assert own["missing"] == ["x"]
    manifest = json.loads((tmp_path / "x.xlsx.manifest.json").read_text("utf-8"))
    assert (manifest["options"]["profile"], manifest["missing"]) == ("mau", ["x"])
    assert (unknown.exit_code, unknown.stdout) == (1, "")
