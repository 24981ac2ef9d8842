"""Rules of single ready-made forms: the reports of a unit, complaints, requests about data."""

from datetime import date

import pytest
from gallery_sheets import files_of, sheets, texts_of

from forms.answers import CheckedAnswers, check_answers
from forms.gallery import gallery

TODAY = date(2026, 11, 20)
BOOKS = [choice.name for choice in gallery()["f81"].by_name["so_sach"].choices]


def checked(form: str, change: str) -> CheckedAnswers:
    given = sheets()[form].changed(change)
    return check_answers(gallery()[form], texts_of(given), TODAY, uploads=files_of(given))


def problems(form: str, change: str) -> set[str]:
    return set(checked(form, change).problems)


def said(form: str, change: str, name: str) -> str:
    problem = checked(form, change).problems[name]
    return str(problem.values["message"].into("vi"))


@pytest.mark.parametrize("month", range(1, 11))
def test_a_quarter_is_told_by_its_last_month_only(month):
    refused = problems("fa1", f"ky={month}/2026")

    assert refused == (set() if month in (3, 6, 9) else {"ky"})


def test_the_members_at_the_start_of_a_quarter_are_worked_out_from_three_numbers():
    answers = checked("fa1", "doan_vien=182&ket_nap=9&giam=4").answers

    assert answers["dau_quy"] == 177


def test_no_more_members_can_have_joined_than_are_there_or_have_left():
    assert problems("fa1", "doan_vien=10&ket_nap=14&giam=4") == set()
    assert problems("fa1", "doan_vien=10&ket_nap=15&giam=4") == {"giam"}


@pytest.mark.parametrize(
    ("collected", "due", "share"),
    [("11,4 triệu", "12 triệu", 95), ("1.000.000", "3.000.000", 33.3), ("0", "5 triệu", 0)],
)
def test_the_share_of_dues_collected_is_shown_in_percent(collected, due, share):
    answers = checked("f81", f"thu_doan_phi={collected}&phai_thu={due}").answers

    assert answers["ty_le"] == share


@pytest.mark.parametrize("missing", [None, *BOOKS])
def test_defects_must_be_explained_exactly_when_something_is_not_in_order(missing):
    ticked = "".join(f"&so_sach={name}" for name in BOOKS if name != missing)

    assert problems("f81", f"ton_tai={ticked}") == ({"ton_tai"} if missing else set())


def test_all_spending_includes_what_went_to_members_directly():
    assert problems("f81", "chi_truc_tiep=30 triệu&tong_chi=30 triệu") == set()
    assert "không thể nhỏ hơn" in said("f81", "chi_truc_tiep=30 triệu&tong_chi=29tr9", "tong_chi")


def test_the_scores_are_added_up_with_halves_and_a_malus():
    answers = checked("fa2", "d1=27,5&d2=24&d3=18&d4=19&cong_tru=-2").answers

    assert answers["tong_diem"] == 86.5


@pytest.mark.parametrize(
    ("conclusion", "needed"), [("tot", False), ("con_han_che", True), ("co_vi_pham", True)]
)
def test_an_inspection_names_the_defects_unless_all_was_good(conclusion, needed):
    assert problems("f92", f"ket_luan={conclusion}&han_che=") == ({"han_che"} if needed else set())


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("khieu_nai", {"ho_ten", "dien_thoai"}),
        ("to_cao", {"ho_ten", "dien_thoai"}),
        ("phan_anh_kien_nghi", set()),
    ],
)
def test_a_complaint_or_denunciation_needs_a_name_and_a_report_does_not(kind, needed):
    assert problems("f91", f"loai={kind}&ho_ten=&dien_thoai=") == needed


def test_the_notice_of_complaints_does_not_send_people_to_the_union_they_complain_about():
    parts = {p.heading.into("vi"): p.text.into("vi") for p in gallery()["f91"].notice.parts}

    asked = [text for text in parts.values() if "gặp công đoàn cơ sở" in text]

    assert asked == []
    assert "Ban chấp hành công đoàn cơ sở" in parts["Ai được nhận"]
    assert "không được xem đơn" in parts["Ai được nhận"]


def test_a_single_giver_is_one_contributor():
    assert problems("f82", "cach=ca_nhan&so_nguoi=1") == set()
    assert "ghi 1" in said("f82", "cach=ca_nhan&so_nguoi=2", "so_nguoi")
    assert problems("f82", "cach=theo_danh_sach_cua_to_cdcs&so_nguoi=200") == set()


def test_words_to_those_who_receive_a_gift_are_few():
    assert problems("f82", "loi_nhan=" + "a" * 200) == set()
    assert problems("f82", "loi_nhan=" + "a" * 201) == {"loi_nhan"}


def test_a_reply_by_email_needs_an_address():
    where = "địa chỉ thư"

    assert problems("fa3", "tra_loi=thu_dien_tu&chi_tiet=Xóa giúp; thu@vi-du.example") == set()
    assert where in said("fa3", "tra_loi=thu_dien_tu&chi_tiet=Xóa giúp", "tra_loi")
    assert problems("fa3", "tra_loi=dien_thoai&chi_tiet=Xóa giúp") == set()


def test_the_survey_of_women_has_no_question_that_could_identify():
    definition = gallery()["f61"]
    naming = {"ho_ten", "dien_thoai", "so_cccd", "ngay_sinh", "bo_phan", "noi_o"}

    assert definition.anonymous
    assert not naming & definition.by_name.keys()
    assert not {q.type for q in definition.questions} & {"text", "date", "image", "phone"}
    assert definition.alarm is None  # a cry for help would tell on who is there


@pytest.mark.parametrize(
    ("answer", "needed"),
    [("khong_muon_tra_loi", set()), ("", set()), ("co", {"dy_nhay_cam"})],
)
def test_not_wanting_to_speak_of_harassment_needs_no_tick(answer, needed):
    assert problems("f61", f"dy_nhay_cam=&quay_roi={answer}") == needed


def test_whoever_says_to_have_small_children_says_where_they_are():
    none = "gui_tre=khong_co_con_nho"

    assert problems("f61", f"{none}&con_nho=0&con_mg=0") == set()
    assert "sửa số con thành 0" in said("f61", f"{none}&con_nho=0&con_mg=1", "gui_tre")


@pytest.mark.parametrize(
    ("form", "counts_once"),
    [("f62", True), ("f81", True), ("fa1", True), ("fa2", True), ("f71", False), ("f92", False)],
)
def test_a_report_counts_once_per_period_but_every_visit_and_inspection_counts(form, counts_once):
    once = gallery()[form].once

    assert (once is not None) == counts_once
    assert once is None or (once.per, once.question) == ("unit_period", "ky")
