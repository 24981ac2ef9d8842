"""Points that welfare answers count: as the federation set them, capped, the highest of a group."""

from datetime import date

import pytest
from sending import HARDSHIP

from forms.answers import check_answers
from forms.gallery import gallery
from forms.priority import CAP
from forms.scoring import score

TODAY = date(2026, 11, 24)
WORST = {
    "ho_ngheo": "ho_ngheo",
    "thu_nhap": "duoi_1_5_trieu_dong",
    "hoan_canh": [
        "ban_than_om_nang_tai_nan_lao_dong_khuyet",
        "nguoi_than_om_nang",
        "bi_thien_tai_hoa_hoan",
        "mat_viec_giam_gio_lam_bi_no_luong",
        "nha_tam_dot_nat",
        "don_than_nuoi_con",
    ],
    "phu_thuoc": 4,
    "lan_truoc": "chua_bao_gio",
}


def scored(**answers):
    return score(gallery()["f21"], answers, TODAY)


def test_a_hardship_counts_with_its_breakdown():
    inputs = {n: v if isinstance(v, list) else [v] for n, v in HARDSHIP.items()}
    found = score(gallery()["f21"], check_answers(gallery()["f21"], inputs, TODAY).answers, TODAY)

    parts = {part.label.into("vi"): part.points for part in found.parts}
    assert parts == {
        "Người thân ốm nặng": 15,
        "Nhà tạm, dột nát": 15,
        "Nuôi từ 3 người trở lên": 5,
        "Chưa được hỗ trợ lần nào": 10,
    }
    assert found.points == 45


def test_of_a_group_only_the_highest_counts():
    assert scored(ho_ngheo="ho_ngheo", thu_nhap="duoi_1_5_trieu_dong").points == 30
    assert scored(ho_ngheo="khong", thu_nhap="duoi_1_5_trieu_dong").points == 10
    assert scored(hoan_canh=WORST["hoan_canh"][:2]).points == 25


def test_points_are_capped_and_the_breakdown_is_whole():
    found = scored(**WORST)

    assert found.points == CAP
    assert sum(part.points for part in found.parts) == 30 + 25 + 20 + 15 + 15 + 10 + 5 + 10


def test_nothing_said_counts_nothing():
    assert scored().points == 0
    assert scored().parts == ()


@pytest.mark.parametrize("form", ["f21", "f23", "f2a"])
def test_points_are_about_questions_of_the_form(form):
    definition = gallery()[form]

    assert definition.helps
    assert definition.priority
    assert {n for p in definition.priority for n in p.when.names} <= set(definition.by_name)


def test_the_worker_s_definition_tells_no_points(world):
    code = world.publish("f21")

    told = world.client().get(f"/q/{code}", headers={"Accept": "application/json"}).json

    assert not {"priority", "helps", "answer_within"} & told.keys()
