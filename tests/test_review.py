"""The review of one response: states by the form's workflow, words, notes, undo, two at once."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from cases import sent
from conftest import PASSWORD
from gallery_sheets import sheets
from kinds import made, offered
from sending import HARDSHIP, JOINING, post, send

from export.person_copy import OneForm, PersonCopy, person_zip
from federation.people import Grant, Role
from forms.gallery import gallery
from forms.workflow import moves
from services.organization.people import add_person
from services.organization.units import tree_of
from storage.store import ResponseFilter

EVERY = ResponseFilter()


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


@pytest.fixture
def second(world):
    """Another chair of the same unit."""
    grants = (Grant(Role.CHAIR, "nam-na"),)
    add_person(world.store, "pho", "Lò Văn Sơn", PASSWORD, grants, tree_of(world.store))
    return world.signed_in("pho")


def kept(world, form="f21"):
    return next(iter(world.store.iter_responses(form, EVERY)))


def review(client, response, what="state", **inputs):
    inputs = {"seen": len(response.history), **inputs}
    return post(
        client, f"/responses/{response.definition}/{response.id}/review", what=what, **inputs
    )


def page(client, response):
    return client.get(f"/responses/{response.definition}/{response.id}").text


def test_a_case_goes_through_its_states_and_every_step_is_kept(world, chair, clock):
    send(world, world.publish("f21"), HARDSHIP)
    for into, confirm in (("dang_xet", ""), ("duyet", "1"), ("can_bo_sung", "")):
        clock.move(minutes=30)
        answer = review(chair, kept(world), into=into, confirm=confirm)
        assert answer.status_code == 303

    response = kept(world)
    assert response.state == "can_bo_sung"
    assert [(c.what, c.who, c.before["_state"]) for c in response.history] == [
        ("moved", "chu-tich", "new"),
        ("moved", "chu-tich", "dang_xet"),
        ("moved", "chu-tich", "duyet"),
    ]
    text = page(chair, response)
    assert "<del>Mới nộp</del> <ins>Đang xét</ins>" in text
    assert "12:00 24/11/2026" in text


def test_closing_asks_first_and_says_what_the_worker_reads(world, chair):
    send(world, world.publish("f21"), HARDSHIP)

    asked = review(chair, kept(world), into="khong_duyet", message="Chưa đủ giấy tờ")

    assert asked.status_code == 200
    assert "Chưa đủ giấy tờ" in asked.text
    assert 'name="confirm" value="1"' in asked.text
    assert kept(world).state == "new"


def test_from_every_state_an_open_one_can_be_reached_and_from_open_ones_all():
    for definition in gallery().values():
        for state in definition.workflow:
            there = {found.name for found in moves(definition.workflow, state.name)}
            others = {s.name for s in definition.workflow} - {state.name}
            is_open = state.kind in ("new", "working", "waiting")
            opened = {s.name for s in definition.workflow if s.kind not in ("accepted", "refused")}

            assert there == (others if is_open else opened)


@pytest.mark.parametrize("into", ["", "withdrawn", "new", "bich_danh", "moi_nop"])
def test_a_state_that_is_none_or_is_there_already_changes_nothing(world, chair, into):
    send(world, world.publish("f21"), HARDSHIP)

    answer = review(chair, kept(world), into=into, confirm="1")

    assert answer.status_code == 422
    assert kept(world).history == ()


def test_the_worker_reads_state_and_words_and_never_the_note(world, chair):
    worker = sent(world)
    review(chair, kept(world), into="can_bo_sung", message="Anh bổ sung giấy ra viện nhé")
    review(chair, kept(world), "note", note="Gia đình rất khó, ưu tiên")

    receipt, case = world.client().get(worker.url).text, worker.open().text

    assert "Cần bổ sung" in receipt
    assert "Anh bổ sung giấy ra viện nhé" in case
    assert "ưu tiên" not in receipt + case
    assert "Gia đình rất khó, ưu tiên" in page(chair, kept(world))


def test_notes_and_earlier_words_are_encrypted_where_they_are_kept(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    review(chair, kept(world), "message", message="Lời thứ nhất")
    review(chair, kept(world), "message", message="Lời thứ hai")
    review(chair, kept(world), "note", note="Chồng đang ốm nặng")

    (at_rest,) = world.kept.iter_responses("f21", EVERY)

    assert "Chồng" not in repr(at_rest)
    assert "thứ nhất" not in repr(at_rest)
    assert [set(change.sealed) for change in at_rest.history] == [
        {"_message"},
        {"_message"},
        {"_note"},
    ]
    assert kept(world).history[1].before == {"_message": "Lời thứ nhất"}


def test_the_second_reviewer_is_told_what_the_first_did_and_loses_no_word(world, chair, second):
    send(world, world.publish("f21"), HARDSHIP)
    as_both_saw = kept(world)
    review(chair, as_both_saw, into="duyet", confirm="1")

    late = review(second, as_both_saw, into="khong_duyet", message="Lời của tôi", confirm="1")

    assert late.status_code == 409
    assert world.store.trail.last().act == "response_opened"
    assert "Chu-Tich" in late.text
    assert "đổi trạng thái" in late.text
    assert "Lời của tôi" in late.text
    assert (kept(world).state, len(kept(world).history)) == ("duyet", 1)


def test_of_two_acts_at_the_very_same_moment_one_is_kept(world, chair, monkeypatch):
    send(world, world.publish("f21"), HARDSHIP)
    store = type(world.store)
    original = store.change_response

    def quicker(self, expected, new, claims=None):
        monkeypatch.setattr(store, "change_response", original)
        review(chair, expected, into="can_bo_sung")
        return original(self, expected, new, claims)

    monkeypatch.setattr(store, "change_response", quicker)
    late = review(chair, kept(world), into="dang_xet")

    assert late.status_code == 409
    assert kept(world).state == "can_bo_sung"


def test_the_last_own_change_can_be_undone_for_ten_minutes(world, chair, second, clock):
    send(world, world.publish("f21"), HARDSHIP)
    review(chair, kept(world), into="duyet", message="Đã duyệt", confirm="1")

    assert review(second, kept(world), "undo").status_code == 403
    clock.move(minutes=9)
    assert review(chair, kept(world), "undo").status_code == 303

    response = kept(world)
    assert (response.state, response.message) == ("new", "")
    assert [change.what for change in response.history] == ["moved", "undone"]
    assert response.history[1].before == {"_state": "duyet", "_message": "Đã duyệt"}
    assert review(chair, response, "undo").status_code == 403

    review(chair, kept(world), into="dang_xet")
    clock.move(minutes=11)
    assert review(chair, kept(world), "undo").status_code == 403
    assert kept(world).state == "dang_xet"


def test_a_response_is_given_to_somebody_who_may_review_it(world, chair, second):
    send(world, world.publish("f21"), HARDSHIP)

    assert review(chair, kept(world), "assign", person="chu-tich-che").status_code == 422
    assert review(chair, kept(world), "assign", person="to-truong").status_code == 422
    assert review(chair, kept(world), "assign", person="pho").status_code == 303

    assert kept(world).assigned == "pho"
    assert kept(world).id in second.get("/responses/f21?mine=1").text
    assert kept(world).id not in chair.get("/responses/f21?mine=1").text


def test_only_who_may_review_there_can_act(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    for name in ("chu-tich-che", "lap-phieu", "to-truong"):
        answer = review(world.signed_in(name), kept(world), into="dang_xet")
        assert answer.status_code in (403, 404), name
    answer = chair.post(
        f"/responses/f21/{kept(world).id}/review", data={"what": "state", "into": "dang_xet"}
    )

    assert answer.status_code == 400
    assert kept(world).state == "new"


def test_who_is_refused_gives_the_place_to_who_waits_and_reopening_asks_for_it_anew(world, chair):
    code = world.publish("f51")
    send(world, code, JOINING)
    send(world, code, JOINING, noi_o="Bản 4")
    first, waiting = world.store.iter_responses("f51", EVERY)
    assert (first.holds, waiting.waits_for) == (first.claims, first.claims)

    review(chair, first, into="bch_chua_dong_y", confirm="1")
    first, seated = world.store.iter_responses("f51", EVERY)
    assert (first.claims, seated.holds) == ((), waiting.claims)
    assert "repeated" not in seated.flags

    review(chair, first, into="da_kiem_tra")
    first, seated = world.store.iter_responses("f51", EVERY)
    assert first.waits_for == seated.holds
    assert "repeated" in first.flags


def test_a_worker_completes_what_the_union_waits_for_and_the_reviewer_sees_what_changed(
    world, chair
):
    worker = sent(world)
    review(chair, kept(world), into="dang_xet")
    assert worker.press("edit", _proof=worker.proof()).status_code == 409
    review(chair, kept(world), into="can_bo_sung")

    inputs = worker.typed() | {"phu_thuoc": ["5"], "mo_ta": ["Mẹ mới mổ"]}
    assert worker.press("correct", **(inputs | {"_proof": worker.proof()})).status_code == 303

    assert "Mới sửa" in chair.get("/responses/f21").text
    text = page(chair, kept(world))
    assert "<del>3</del> <ins>5</ins>" in text
    assert "<del>***</del> <ins>***</ins>" in text
    assert "Mẹ mới mổ" not in text
    review(chair, kept(world), into="dang_xet")
    assert "Mới sửa" not in chair.get("/responses/f21").text


def test_a_report_is_confirmed_by_the_union_above(world, chair):
    definition = made(
        "- {type: month, name: ky, label: {vi: Kỳ báo cáo, en: Month}, required: true}\n",
        audience="unit",
        workflow=[s.model_dump(mode="json") for s in gallery()["f29"].workflow],
        once={"per": "unit_period", "question": "ky"},
    )
    send(world, offered(world, definition), {"ky": "10/2026"})

    review(chair, kept(world, "f99"), into="da_xac_nhan", confirm="1")

    assert kept(world, "f99").state == "da_xac_nhan"
    assert "Đã xác nhận" in chair.get("/responses/f99").text


@pytest.mark.parametrize("words", ["x" * 1_001, "a\ufffdb"])
def test_words_that_cannot_be_kept_come_back_as_they_were_typed(world, chair, words):
    send(world, world.publish("f21"), HARDSHIP)

    answer = review(chair, kept(world), "note", note=words)

    assert answer.status_code == 422
    assert words in answer.text
    assert kept(world).history == ()


def test_a_person_who_sent_twice_or_was_helped_is_pointed_out(world, chair, clock):
    code, market = world.publish("f21"), world.publish("f22")
    send(world, code, HARDSHIP)
    helped = kept(world)
    review(chair, helped, into="duyet", confirm="1")
    send(world, code, HARDSHIP, phu_thuoc="4")
    again = next(r for r in world.store.iter_responses("f21", EVERY) if r.id != helped.id)

    text = page(chair, again)
    assert "cùng số căn cước" in text
    assert f"/responses/f21/{helped.id}" in text
    assert "Đã được hỗ trợ" in text
    clock.move(days=366)
    assert "Đã được hỗ trợ" not in page(chair, again)
    assert market


def test_the_same_name_and_birth_date_are_pointed_out(world, chair):
    code = world.publish("f51")
    send(world, code, JOINING)
    send(
        world, code, JOINING, ho_ten="giang a pao", so_cccd="012090999999", dien_thoai="0911111111"
    )
    send(
        world, code, JOINING, ngay_sinh="6/9/1990", so_cccd="012090888888", dien_thoai="0922222222"
    )
    first, same, other = world.store.iter_responses("f51", EVERY)

    text = page(chair, first)

    assert "cùng họ tên và ngày sinh" in text
    assert same.id in text
    assert other.id not in text


def test_the_state_of_a_data_request_follows_from_its_own_page(world, chair):
    send(world, world.publish("fa3"), sheets()["fa3"].minimal)

    answer = review(chair, kept(world, "fa3"), into="dang_xu_ly")

    assert answer.status_code == 422
    assert 'name="into"' not in page(chair, kept(world, "fa3"))


def test_the_copy_for_the_person_holds_no_note(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    review(chair, kept(world), "note", note="Chồng đang ốm nặng")
    review(chair, kept(world), "message", message="Mời chị lên")
    definition = world.store.versions.all()[0].definition
    copy = PersonCopy(
        forms=[OneForm([definition], [kept(world)])], at=world.clock(), organization="",
        contact="", language="vi", unit_name=str, file=lambda *_: None, translate=str,
    )  # fmt: skip

    with ZipFile(BytesIO(person_zip(copy))) as files:
        told = "".join(files.read(name).decode("utf-8", "ignore") for name in files.namelist())

    assert "noted" in told
    assert "Chồng" not in told


def test_the_hints_tell_nothing_of_other_units(world, chair):
    for unit in ("nam-na", "che"):
        send(world, world.publish("f21", unit), HARDSHIP)
    (own,) = (r for r in world.store.iter_responses("f21", EVERY) if r.unit == "nam-na")

    assert "cùng số căn cước" not in page(chair, own)


def test_the_points_show_sensitive_parts_on_demand_only(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    response = kept(world)
    masked = page(chair, response)
    shown = post(chair, f"/responses/f21/{response.id}/sensitive").text

    assert "45 điểm" in re.sub(r"\s+", " ", masked)
    assert "Nhà tạm, dột nát" not in masked
    assert "Nhà tạm, dột nát" in shown
    assert "Nuôi từ 3 người trở lên" in masked


def test_what_was_done_is_told_to_the_trail_without_words(world, chair):
    send(world, world.publish("f21"), HARDSHIP)
    review(chair, kept(world), into="can_bo_sung", message="Bí mật")

    last = world.store.trail.last()

    assert last.act == "response_changed"
    assert last.about["state"] == "can_bo_sung"
    assert "Bí mật" not in str(last.about)


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("dang_xet", "Gửi phiếu chưa có nghĩa là chắc chắn được hỗ trợ"),
        ("can_bo_sung", "Công đoàn cần anh/chị bổ sung."),
        ("duyet", "Công đoàn đã xét xong. Anh/chị mở phiếu"),
        ("khong_duyet", "Công đoàn đã xét xong. Anh/chị mở phiếu"),
    ],
)
def test_the_receipt_tells_strangers_what_comes_next_and_not_what_was_written(
    world, chair, into, said
):
    told = send(world, world.publish("f21"), HARDSHIP)
    words = "Chị mang giấy ra viện đến nhé"
    review(chair, kept(world), into=into, message=words, confirm="1")

    shown = world.client().get(f"/r/{told['receipt']}").text
    assert said in " ".join(shown.split())
    assert words not in shown
    assert 'href="tel:02133878436"' in shown
