"""The ready-made forms: they ask what their tables say, keep the law, and take real answers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import parse_qs

import pytest
from pictures import jpeg, upload
from pydantic import BaseModel

from forms import visibility
from forms.answers import check_answers
from forms.definition import Definition
from forms.gallery import gallery
from forms.localized import Localized
from forms.types import Question
from forms.types.ticks import Consent

TODAY = date(2026, 11, 20)

# Key, type, marks (* required, S sensitive) and label, as in the tables of the gallery; but a
# sensitive question may always be left. A text that asks for a person is a `name`, a consent is
# called by its purpose.
TABLES = {
    "f28": """
        ca|select_one|*|Anh/chị vừa ăn ca nào?
        du_no|rating|*|Khẩu phần có đủ no không?
        ngon|rating|*|Món ăn có hợp khẩu vị không?
        nong|rating|*|Cơm, thức ăn có đủ nóng không?
        da_dang|rating|*|Thực đơn có thay đổi, đa dạng không?
        ve_sinh|rating|*|Thức ăn, bát đũa, nhà ăn có sạch không?
        phuc_vu|rating||Thời gian chờ và thái độ phục vụ
        di_vat|select_one||Hôm nay có vật lạ hoặc thức ăn ôi thiu không?
        trieu_chung|select_one|*|Sau bữa ăn gần đây, anh/chị có đau bụng, nôn, tiêu chảy không?
        biet_gia|select_one||Anh/chị có biết giá trị suất ăn của mình không?
        chung|rating|*|Đánh giá chung
        gop_y|multiline||Góp ý cho nhà ăn
    """,
    "f51": """
        ho_ten|name|*|Họ và tên (đúng như trên căn cước)
        gioi_tinh|select_one|*|Giới tính
        ngay_sinh|date|*|Ngày, tháng, năm sinh
        so_cccd|citizen_id|*|Số căn cước (12 số); người nước ngoài ghi số hộ chiếu
        dien_thoai|phone|*|Số điện thoại
        dan_toc|list|S|Dân tộc
        ton_giao|select_one|S|Tôn giáo
        que_quan|text|*|Quê quán (xã, tỉnh)
        noi_o|text|*|Nơi ở hiện nay (bản/tổ dân phố, xã/phường)
        cong_viec|text|*|Nghề nghiệp, chức vụ, phân xưởng/tổ
        trinh_do|select_one|*|Trình độ chuyên môn
        quan_ly|select_one|*|Anh/chị có phải là chủ, người quản lý được ký hợp đồng thay doanh nghiệp không?
        dy_xu_ly|process|*|Tôi đã đọc thông báo và đồng ý để Công đoàn xử lý thông tin trên cho mục đích của biểu mẫu này.
        dy_nhay_cam|sensitive||Tôi được biết các mục có dấu [S] là dữ liệu cá nhân nhạy cảm và đồng ý cung cấp.
        cam_ket|pledge|*|Sau khi tìm hiểu Điều lệ Công đoàn Việt Nam, tôi tự nguyện xin gia nhập Công đoàn Việt Nam; cam kết chấp hành Điều lệ, tích cực tham gia hoạt động công đoàn và đóng đoàn phí đầy đủ.
    """,  # noqa: E501 - a label is one line
    "f21": """
        ho_ten|name|*|Họ và tên (đúng như trên căn cước)
        dien_thoai|phone|*|Số điện thoại liên hệ
        bo_phan|text||Phân xưởng, tổ, đội
        so_cccd|citizen_id|*|Số căn cước
        hoan_canh|select_multiple|S|Hoàn cảnh của anh/chị và gia đình (chọn tất cả nếu có)
        thu_nhap|select_one|*|Thu nhập bình quân một người trong nhà mỗi tháng
        phu_thuoc|integer|*|Số người anh/chị phải nuôi
        ho_ngheo|select_one|*|Gia đình thuộc diện
        mo_ta|multiline|S|Nói rõ thêm hoàn cảnh
        lan_truoc|select_one|*|Lần gần nhất được Công đoàn hỗ trợ
        giay_to|image||Ảnh giấy tờ (sổ hộ nghèo, giấy ra viện…), không chụp căn cước
        xac_nhan|name||Tổ trưởng công đoàn biết rõ hoàn cảnh
        dy_xu_ly|process|*|Tôi đã đọc thông báo và đồng ý để Công đoàn xử lý thông tin trên cho mục đích của biểu mẫu này.
        dy_nhay_cam|sensitive||Tôi được biết các mục có dấu [S] là dữ liệu cá nhân nhạy cảm và đồng ý cung cấp.
        dy_cong_bo|publish||Tôi đồng ý công bố họ tên và đơn vị của tôi trong danh sách kết quả.
    """,  # noqa: E501 - a label is one line
}
# Made-up people, every question answered.
EXAMPLES = {
    "f28": parse_qs(
        "ca=ca_sang&du_no=4&ngon=3&nong=2&da_dang=3&ve_sinh=5&phuc_vu=4&di_vat=khong"
        "&trieu_chung=khong&biet_gia=co_duoc_cong_khai&chung=4&gop_y=Ca đêm xin thêm canh nóng."
    ),
    "f51": parse_qs(
        "ho_ten=Giàng A Páo&gioi_tinh=nam&ngay_sinh.day=5&ngay_sinh.month=9&ngay_sinh.year=1992"
        "&so_cccd=012092001234&dien_thoai=0912345678&dan_toc=mong&ton_giao=tin_lanh"
        "&que_quan=xã Dào San, tỉnh Lai Châu&noi_o=tổ 5, phường Đoàn Kết"
        "&cong_viec=công nhân vận hành, tổ 2&trinh_do=trung_cap&quan_ly=khong"
        "&dy_xu_ly=1&dy_nhay_cam=1&cam_ket=1"
    ),
    "f21": parse_qs(
        "ho_ten=Lò Thị Phương&dien_thoai=0912345678&bo_phan=Tổ chè 3&so_cccd=012195001234"
        "&hoan_canh=nguoi_than_om_nang&hoan_canh=khac&hoan_canh_other=Trâu chết rét"
        "&thu_nhap=duoi_1_5_trieu_dong&phu_thuoc=4&ho_ngheo=ho_can_ngheo"
        "&mo_ta=Mẹ nằm viện, hai con đang đi học.&lan_truoc=chua_bao_gio&xac_nhan=Vàng Thị Sú"
        "&dy_xu_ly=1&dy_nhay_cam=1&dy_cong_bo=1"
    ),
}

forms = pytest.mark.parametrize("form", TABLES)


def rows(form: str) -> list[list[str]]:
    return [line.strip().split("|") for line in TABLES[form].strip().splitlines()]


def names_marked(form: str, mark: str) -> list[str]:
    return [name for name, _, marks, _ in rows(form) if mark in marks]


def marked(mark: str) -> list[tuple[str, str]]:
    return [(form, name) for form in TABLES for name in names_marked(form, mark)]


def written_questions(definition: Definition) -> list[Question]:
    return [question for section in definition.sections for question in section.questions]


def kind(question: Question) -> str:
    if isinstance(question, Consent):
        return question.purpose
    return "name" if getattr(question, "is_name", False) else question.type


def without(form: str, *names: str) -> dict[str, list[str]]:
    """The example answers of a form, these questions left out (with boxes and companions)."""
    left_out = re.compile(rf"({'|'.join(names)})(_other|\..+)?")
    return {key: values for key, values in EXAMPLES[form].items() if not left_out.fullmatch(key)}


def problems(form: str, inputs: Mapping[str, list[str]]) -> set[str]:
    return set(check_answers(gallery()[form], inputs, TODAY).problems)


def texts(part: object) -> Iterator[Localized]:
    """Every text of a definition, however deep it stands."""
    if isinstance(part, Localized):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name))
    elif isinstance(part, tuple):
        for member in part:
            yield from texts(member)


def choice_name(label: str) -> str:
    """The permanent name of a choice: its Vietnamese label in plain letters, cut at a word."""
    letters = unicodedata.normalize("NFD", label.lower().replace("đ", "d"))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", plain)
    while len("_".join(words)) > 40:
        words.pop()
    return "_".join(words)


@forms
def test_a_form_asks_what_its_table_says(form):
    definition = gallery()[form]

    asked = [
        [q.name, kind(q), "*" * q.required + "S" * q.sensitive, q.label.into("vi")]
        for q in written_questions(definition)
    ]

    assert asked == rows(form)
    assert definition.code == form.upper()


@pytest.mark.parametrize("form", ["f21", "f51"])
def test_the_ticks_stand_together_in_the_last_section(form):
    asked = written_questions(gallery()[form])

    ticks = [question for question in asked if isinstance(question, Consent)]

    assert list(gallery()[form].sections[-1].questions) == ticks


@forms
def test_every_text_is_there_in_vietnamese_and_english(form):
    found = list(texts(gallery()[form]))

    assert len(found) > 40
    assert all(text.root.keys() == {"vi", "en"} for text in found)


@forms
def test_every_choice_is_named_after_its_vietnamese_label(form):
    choices = [choice for q in gallery()[form].questions for choice in getattr(q, "choices", ())]

    named = [(choice.name, choice.label.into("vi")) for choice in choices]

    assert named == [(choice_name(label), label) for _, label in named]


@forms
def test_the_example_answers_are_taken_whole(form):
    photos = {
        question.name: [upload(jpeg())]
        for question in gallery()[form].asking
        if question.type == "image"
    }

    checked = check_answers(gallery()[form], EXAMPLES[form], TODAY, uploads=photos)

    assert checked.problems == {}
    assert checked.flags == ()
    assert {row[0] for row in rows(form)} <= checked.answers.keys()


@pytest.mark.parametrize(("form", "name"), marked("*"))
def test_a_required_question_left_out_is_exactly_that_problem(form, name):
    assert problems(form, without(form, name)) == {name}


@forms
def test_all_other_questions_may_be_left_and_then_need_no_sensitive_tick(form):
    required = set(names_marked(form, "*"))
    inputs = {k: values for k, values in EXAMPLES[form].items() if k.split(".")[0] in required}

    assert problems(form, inputs) == set()


@pytest.mark.parametrize(("form", "name"), marked("S"))
def test_one_sensitive_answer_needs_the_sensitive_tick(form, name):
    others = [sensitive for sensitive in names_marked(form, "S") if sensitive != name]
    inputs = without(form, "dy_nhay_cam", *others)

    assert problems(form, inputs) == {"dy_nhay_cam"}
    assert problems(form, {**inputs, "dy_nhay_cam": ["1"]}) == set()


def test_not_wanting_to_say_needs_no_sensitive_tick():
    declining = {"dan_toc": ["khong_muon_khai"], "ton_giao": ["khong_muon_khai"]}

    assert problems("f51", {**without("f51", "dy_nhay_cam"), **declining}) == set()


@pytest.mark.parametrize("name", ["dan_toc", "ton_giao", "hoan_canh"])
def test_another_sensitive_circumstance_can_be_named_and_is_sensitive_too(name):
    form = "f21" if name == "hoan_canh" else "f51"
    companion = gallery()[form].by_name[f"{name}_other"]
    inputs = {**without(form, name), name: ["khac"], f"{name}_other": ["Hmông Lềnh"]}

    assert companion.sensitive
    assert check_answers(gallery()[form], inputs, TODAY).answers[companion.name] == "Hmông Lềnh"


def test_the_meal_form_has_no_question_that_could_identify():
    definition = gallery()["f28"]
    naming = {"ho_ten", "dien_thoai", "so_cccd", "ngay_sinh", "gioi_tinh", "bo_phan", "noi_o"}

    assert definition.anonymous
    assert {q.type for q in definition.questions} == {"select_one", "rating", "multiline"}
    assert [q.name for q in definition.questions if q.type == "multiline"] == ["gop_y"]
    assert not naming & definition.by_name.keys()
    assert not any(q.autocomplete or isinstance(q, Consent) for q in definition.questions)


@pytest.mark.parametrize(
    ("answer", "rings"), [("khong", False), ("co_hom_nay", True), ("co_trong_3_ngay_qua", True)]
)
def test_illness_after_a_meal_rings_the_alarm_which_knows_only_115(answer, rings):
    alarm = gallery()["f28"].alarm
    inputs = {**EXAMPLES["f28"], "trieu_chung": [answer]}
    answers = check_answers(gallery()["f28"], inputs, TODAY).answers

    assert alarm is not None
    assert visibility.rings(gallery()["f28"], answers, TODAY) is rings
    assert all(re.findall(r"\d+", text) == ["115"] for text in alarm.text.root.values())


@pytest.mark.parametrize(
    ("name", "answer", "flags"),
    [
        ("quan_ly", "co", ("manager",)),
        ("ngay_sinh", "1992", ("ngay_sinh:year_only",)),
        ("so_cccd", "C1234567", ()),
        ("so_cccd", "012195001234", ("so_cccd:birth_year", "so_cccd:sex")),
    ],
)
def test_what_needs_a_second_look_is_flagged_and_taken(name, answer, flags):
    checked = check_answers(gallery()["f51"], {**without("f51", name), name: [answer]}, TODAY)

    assert checked.problems == {}
    assert checked.flags == flags


@pytest.mark.parametrize(
    ("form", "name", "answer"),
    [
        ("f51", "ngay_sinh", "21/11/2011"),
        ("f51", "ho_ten", "Páo"),
        ("f21", "so_cccd", "C1234567"),
        ("f21", "phu_thuoc", "16"),
        ("f21", "mo_ta", "a" * 1001),
        ("f28", "gop_y", "a" * 501),
    ],
)
def test_what_a_table_excludes_is_refused(form, name, answer):
    assert problems(form, {**without(form, name), name: [answer]}) == {name}


@forms
def test_the_notice_names_who_is_responsible_and_the_closing_the_receipt(form):
    definition = gallery()[form]
    for language in ("vi", "en"):
        notice = " ".join(text.into(language) for text in texts(definition.notice))
        everything = " ".join(text.into(language) for text in texts(definition))

        assert {"{organization}", "{contact}"} == set(re.findall(r"\{.*?\}", notice))
        assert re.findall(r"\{.*?\}", definition.closing.into(language)) == ["{code}"]
        assert everything.count("{code}") == 1
        assert everything.casefold().count("vui lòng") == (language == "vi")


@pytest.mark.parametrize(("form", "kept"), [("f51", "90 ngày"), ("f21", "12 tháng")])
def test_the_notice_says_where_how_long_and_what_is_sensitive(form, kept):
    notice = " ".join(text.into("vi") for text in texts(gallery()[form].notice))

    for words in ("Việt Nam, trên máy chủ của công đoàn", "mã biên nhận", "nhạy cảm", kept):
        assert words in notice


@forms
def test_hints_are_short_sentences(form):
    hints = [q.hint.into("vi") for q in gallery()[form].questions if q.hint]

    assert hints
    assert all(len(hint) <= 100 and hint.endswith(".") for hint in hints)
