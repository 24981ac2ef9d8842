"""The results of a form on its page: what counts, what is told to whom, what is asked oddly."""

import csv
import io
import re

import pytest
from conftest import PASSWORD
from kinds import made, offered
from openpyxl import load_workbook
from reading import Page
from sending import HARDSHIP, MEAL, send

from federation.people import Grant, Role
from forms.publication import PublishedVersion
from services.organization.people import add_person
from services.organization.units import tree_of

SURVEY = """
- {type: select_one, name: ca, label: {vi: Ca làm, en: Shift}, choices: [
    {name: sang, label: {vi: Ca sáng}}, {name: dem, label: {vi: Ca đêm}}]}
- {type: select_multiple, name: thieu, label: {vi: Còn thiếu gì}, choices: [
    {name: nuoc, label: {vi: Nước uống}}, {name: quat, label: {vi: Quạt}}]}
- {type: rating, name: chung, label: {vi: Bữa ăn}}
- {type: money, name: luong, label: {vi: Tiền lương}}
- {type: date, name: vao, label: {vi: Ngày vào làm}}
- {type: text, name: gop_y, label: {vi: Góp ý}}
- {type: text, name: ten, label: {vi: Họ và tên}, appearance: name}
- {type: integer, name: con, label: {vi: Số con}}
- {type: repeat, name: nha, label: {vi: Người trong nhà}, questions: [
    {type: integer, name: tuoi, label: {vi: Tuổi}}]}
"""
SECRET = """
- {type: select_one, name: om, label: {vi: Có ốm không}, sensitive: true, choices: [
    {name: co, label: {vi: Có ốm}}, {name: khong, label: {vi: Không ốm}}]}
- {type: text, name: benh, label: {vi: Bệnh gì}, sensitive: true}
- {type: consent, name: dong_y, label: {vi: Đồng ý}, purpose: sensitive}
"""


def viewer(world, unit="root"):
    grants = (Grant(Role.VIEWER, unit),)
    add_person(world.store, "nguoi-xem", "", PASSWORD, grants, tree_of(world.store))
    return world.signed_in("nguoi-xem")


def rows_of(book):
    """The rows of a workbook's one sheet."""
    sheet = load_workbook(io.BytesIO(book), read_only=True).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def surveyed(world, *, unit="nam-na", count=1, **answers):
    code = world.publish("f99", unit)
    for _ in range(count):
        send(world, code, answers)


def cards(answer):
    """The words of each question's card, by its heading."""
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    found = {}
    for section in page.all("section"):
        if section["class"] == "card":
            inside = section.text
            heads = [t.text for t in page.all("h3") if inside.startswith(t.text)]
            heading = max(heads, key=len)
            found[heading] = inside.removeprefix(heading).strip()
    return found


@pytest.fixture
def survey(world):
    offered(world, made(SURVEY, SECRET))
    return world


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def test_each_question_is_summed_up_in_its_own_way(survey, chair):
    surveyed(
        survey,
        ca="sang",
        thieu=["nuoc", "quat"],
        chung="5",
        luong="5 triệu",
        vao="5/9/2026",
        gop_y="Cơm nguội",
        con="2",
        **{"nha.0.tuoi": "40", "nha.1.tuoi": "10"},
    )
    surveyed(survey, ca="dem", thieu=["nuoc"], chung="2", luong="7000000", vao="1/10/2026")
    surveyed(survey, ca="sang")

    told = cards(chair.get("/results/f99"))

    assert "3 người trả lời" in told["Ca làm"]
    assert "Ca sáng 2 67 % Ca đêm 1 33 %" in told["Ca làm"]
    assert "Nước uống 2 100 % Quạt 1 50 %" in told["Còn thiếu gì"]
    assert "mỗi người được chọn nhiều ý" in told["Còn thiếu gì"]
    assert "Điểm trung bình (1 đến 5) 3,50" in told["Bữa ăn"]
    assert "Thấp nhất 5.000.000 đ" in told["Tiền lương"]
    assert "Trung bình 6.000.000 đ" in told["Tiền lương"]
    assert "09/2026 1 50 % 10/2026 1 50 %" in told["Ngày vào làm"]
    assert "Đọc các câu trả lời" in told["Góp ý"]
    assert "Chưa ai trả lời" in told["Họ và tên"]
    assert "Số dòng 2" in told["Người trong nhà"]
    assert "Thấp nhất 10" in told["Người trong nhà: Tuổi"]


def test_sensitive_answers_are_counted_for_readers_and_never_listed(survey, chair):
    surveyed(survey, count=6, om="co", benh="đau lưng", dong_y="1")

    read = cards(chair.get("/results/f99"))
    counted = cards(viewer(survey).get("/results/f99"))

    assert "Có ốm 6 100 %" in read["Có ốm không"]
    assert "Có ốm" not in counted["Có ốm không"]
    assert "chỉ người được đọc phiếu" in counted["Có ốm không"]
    assert "6 người trả lời" in read["Bệnh gì"]
    assert "Đọc" not in read["Bệnh gì"]
    assert chair.get("/results/f99/benh").status_code == 404
    assert "đau lưng" not in chair.get("/results/f99").text + chair.get("/results/f99.csv").text


def test_who_may_only_count_sees_no_text_and_no_small_group(survey):
    surveyed(survey, count=5, ca="sang", gop_y="Cơm nguội", ten="Lò Thị Phương")
    surveyed(survey, unit="che", count=4, ca="dem", gop_y="Ít rau")
    client = viewer(survey)

    told = cards(client.get("/results/f99"))

    assert "Ca sáng 5 100 % Ca đêm 0 0 %" in told["Ca làm"]
    assert "5 người trả lời" in told["Họ và tên"]
    assert "Đọc" not in told["Góp ý"]
    assert client.get("/results/f99/gop_y").status_code == 404
    assert "không có tên" in client.get("/results/f99").text
    assert "Kết quả của 0 phiếu" in client.get("/results/f99?unit=che").text
    assert client.get("/results/f99.csv").text.count("Phương") == 0


def test_a_chair_sees_own_units_only(survey, chair):
    surveyed(survey, count=2, ca="sang")
    surveyed(survey, unit="phan-xuong-1", ca="dem")
    surveyed(survey, unit="che", count=3, ca="dem")

    page = chair.get("/results/f99").text
    below = chair.get("/results/f99?unit=phan-xuong-1").text
    foreign = chair.get("/results/f99?unit=che").text

    assert "Kết quả của 3 phiếu" in page
    assert "Kết quả của 1 phiếu" in below
    assert "Kết quả của 0 phiếu" in foreign
    assert "Chè Than Uyên" not in page + foreign


def test_organizers_and_helpers_see_no_results(survey):
    surveyed(survey, count=9, ca="sang")

    for name in ("lap-phieu", "to-truong"):
        client = survey.signed_in(name)
        for path in ("", ".csv", ".xlsx", "/gop_y"):
            assert client.get(f"/results/f99{path}").status_code == 403
    assert "/results/" not in survey.signed_in("lap-phieu").get("/forms/f99").text
    assert "/results/f99" in survey.signed_in("quan-tri").get("/forms/f99").text


def test_complaints_have_no_results_but_for_those_they_are_confided_to(world, admin, chair):
    offered(world, made(SURVEY, readers="inspectors"))
    surveyed(world, count=6, ca="sang")
    grants = (Grant(Role.INSPECTOR, "root"),)
    add_person(world.store, "kiem-tra", "", PASSWORD, grants, tree_of(world.store))
    inspector = world.signed_in("kiem-tra")

    assert [c.get("/results/f99").status_code for c in (admin, chair)] == [404, 404]
    assert "Kết quả của 0 phiếu" in inspector.get("/results/f99").text


def test_what_is_no_longer_asked_counts_and_says_so(survey, chair):
    surveyed(survey, ca="dem", thieu=["quat"], con="2")
    gone = SURVEY.replace(", {name: dem, label: {vi: Ca đêm}}", "").replace(
        "- {type: integer, name: con, label: {vi: Số con}}\n", ""
    )
    newer = made(gone, SECRET)
    survey.store.versions.put(PublishedVersion(newer, 2, "7FK", survey.clock()))

    told = cards(chair.get("/results/f99"))

    assert "Ca đêm (không còn hỏi) 1 100 %" in told["Ca làm"]
    assert told["Số con"].startswith("không còn hỏi")
    assert "không còn hỏi" not in told["Còn thiếu gì"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("unit=khong-co", "Không có đơn vị nào mang mã này"),
        ("from=32/13/2026", "Anh/chị ghi ngày như sau: 05/09/2026."),
        ("to=0001-01-01", "Anh/chị ghi ngày như sau: 05/09/2026."),
        ("from=9999-12-31&to=hôm qua", "Anh/chị ghi ngày như sau: 05/09/2026."),
        ("compare=nope&lang=vi", "Kết quả của 1 phiếu"),
        ("unit=%00%ff&from=%F0%9F%98%80", "Kết quả của 1 phiếu"),
        ("from=24/11/2026&to=24/11/2026", "Kết quả của 1 phiếu"),
        ("from=25/11/2026", "Kết quả của 0 phiếu"),
        ("to=2026-11-23", "Kết quả của 0 phiếu"),
        ("from=2026-12-01&to=2026-01-01", "Kết quả của 0 phiếu"),
    ],
)
def test_strange_questions_are_answered_plainly(survey, chair, query, said):
    surveyed(survey, ca="sang")

    answer = chair.get(f"/results/f99?{query}")

    assert answer.status_code == 200
    assert said in answer.text


def test_a_form_without_responses_teaches_and_an_unknown_one_is_not_found(survey, chair):
    assert "Chưa có phiếu nào" in chair.get("/results/f99").text
    assert chair.get("/results/f99.xlsx").status_code == 200
    assert [chair.get(f"/results/{path}").status_code for path in ("zz", "zz.csv", "f99/zz")] == [
        404
    ] * 3


def test_texts_are_found_without_tones_and_shown_page_by_page(survey, chair):
    for number in range(30):
        surveyed(survey, gop_y=f"Cơm nguội {number:02}")
    surveyed(survey, gop_y="Rất ngon")

    first = chair.get("/results/f99/gop_y?q=com nguoi")
    second = chair.get("/results/f99/gop_y?q=com nguoi&page=2")
    none = chair.get("/results/f99/gop_y?q=nguội ngon")

    texts = re.findall(r'<p dir="auto">(.*?)</p>', first.text + second.text)
    assert "30 câu trả lời viết" in first.text
    assert texts == [f"Cơm nguội {number:02}" for number in reversed(range(30))]
    assert "Không câu trả lời nào" in none.text
    assert chair.get("/results/f99/gop_y?page=99999999").status_code == 200
    assert chair.get("/results/f99/ca").status_code == 404
    assert chair.get("/results/f99/ten").status_code == 404


def test_markup_other_scripts_and_signs_stay_text(survey, chair):
    strange = "<script>alert(1)</script> שלום 😀 &amp;"
    surveyed(survey, gop_y=strange)

    page = chair.get("/results/f99/gop_y", query_string={"q": '"><script>'}).text
    found = chair.get("/results/f99/gop_y?q=script").text

    assert "<script>" not in page + found
    assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום 😀 &amp;amp;" in found


def test_units_stand_beside_each_other_by_what_is_chosen(survey, admin):
    surveyed(survey, chung="2", ca="sang")
    surveyed(survey, unit="che", chung="4", ca="dem")
    surveyed(survey, unit="che", chung="5", ca="sang")

    def units(query):
        text = Page(admin.get(f"/results/f99{query}").text).all("tbody")[-1].text
        return text.replace("CĐCS ", "")

    assert units("") == "Chè Than Uyên 4,50 2 Thủy điện Nậm Na 3 2,00 1"
    assert units("?compare=ca:sang") == "Thủy điện Nậm Na 3 100 % 1 Chè Than Uyên 50 % 2"
    assert units("?compare=") == "Chè Than Uyên 2 Thủy điện Nậm Na 3 1"


def test_five_thousand_choices_are_shown_by_the_most_taken(world, chair):
    names = ", ".join(f"{{name: c{n}, label: {{vi: Lựa chọn {n}}}}}" for n in range(5_000))
    offered(world, made(f"- {{type: list, name: xa, label: {{vi: Xã}}, choices: [{names}]}}"))
    surveyed(world, xa="c4999", count=2)
    surveyed(world, xa="c7")

    told = cards(chair.get("/results/f99"))["Xã"]

    assert "Lựa chọn 4999 2 67 % Lựa chọn 7 1 33 %" in told
    assert "Còn 4.998 lựa chọn" in told


def test_the_summary_leaves_as_csv_and_workbook(survey, chair):
    surveyed(survey, ca="sang", luong="5000000")

    text = chair.get("/results/f99.csv").data.decode("utf-8-sig")
    book = chair.get("/results/f99.xlsx").data
    rows = list(csv.reader(io.StringIO(text, newline="")))

    head = "Câu hỏi;Tên ngắn;Số người trả lời;Câu trả lời hoặc số liệu;Phiếu;Tỷ lệ %"
    assert rows[0] == head.split(";")
    assert ["Ca làm", "ca", "1", "Ca sáng", "1", "100.0"] in rows
    assert ["Tiền lương", "luong", "1", "Trung bình: 5.000.000 đ", "", ""] in rows
    assert ["Ca làm", "ca", 1, "Ca sáng", 1, 100] in rows_of(book)


def test_the_anonymous_meal_form_has_results_from_five_answers_on(world, chair):
    code = world.publish("f28")
    seen = []
    for count in (4, 1):
        for _ in range(count):
            send(world, code, MEAL)
        seen.append(re.findall(r"Kết quả của (\d+) phiếu", chair.get("/results/f28").text)[0])

    page = chair.get("/results/f28?from=24/11/2026&to=24/11/2026").text

    assert seen == ["0", "5"]
    assert "Kết quả của 5 phiếu" in page
    assert "Số phiếu theo tuần" in page
    assert "22/11–30/11/2026" in page
    assert "từ 01/11/2026 · đến hết 30/11/2026" in page


def test_results_and_texts_are_reached_from_where_people_work(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    assert 'href="/results/f21"' in chair.get("/responses/f21").text
    assert 'href="/results/f21"' in chair.get("/totals/f21").text
    assert 'href="/responses/f21"' in chair.get("/results/f21").text
