"""The register of data requests: what feeds it, what is due, steps, and who may see it."""

import re

import pytest
from cases import sent
from conftest import PASSWORD
from reading import Page
from requests_of import ask, book, officer, responses
from sending import HARDSHIP, MEAL, post, send

from federation.people import Grant, Role
from federation.requests import Kind, Way, What
from services.erasure.erasing import PURGED, Erasure
from services.organization.people import add_person
from services.organization.units import tree_of
from services.trail.audit import SERVER


def listed(world, name="quan-tri"):
    return world.signed_in(name).get("/requests")


def test_every_form_fa3_is_a_request_at_once(world):
    ask(world)

    [request] = book(world).all()

    assert (request.way, request.kinds) == (Way.FORM, (Kind.COPY, Kind.DELETE))
    assert request.is_open
    assert world.store.requests.all() == ()  # nothing is kept twice
    page = listed(world).text
    assert "Cung cấp bản sao · Xóa" in page
    assert "Còn 2 ngày" in page
    assert "Lò Thị Phương" not in page


def test_what_a_sender_takes_back_by_receipt_is_registered_as_done(world):
    sender = sent(world)
    proof = sender.proof()
    for _ in range(2):
        sender.press("delete", _proof=proof)

    [request] = book(world).all()

    assert (request.way, request.kinds, request.is_open) == (Way.RECEIPT, (Kind.DELETE,), False)
    assert request.receipt == sender.receipt
    assert "Đã xong: 1" in listed(world).text


def test_taking_back_an_anonymous_form_tells_neither_receipt_nor_minute(world):
    told = send(world, world.publish("f28"), MEAL)
    world.client().post(f"/r/{told['receipt']}", data={"_act": "withdraw"})

    [request] = book(world).all()

    assert (request.kinds, request.receipt) == ((Kind.WITHDRAW,), "")
    assert request.received_at.minute == 0


def test_a_request_that_is_itself_taken_back_is_closed(world):
    told = ask(world)
    admin = officer(world, told)
    admin.do("answer", text="Đã gọi")
    client, url = world.client(), f"/r/{told['receipt']}"
    opened = Page(client.post(url, data={"_act": "open", "_digits": "5678"}).text)
    proof = opened.one("input", name="_proof")["value"]

    client.post(url, data={"_act": "withdraw", "_proof": proof})

    assert not admin.request.is_open
    assert admin.request.did(What.WITHDRAWN)
    assert "Lò Thị Phương" not in admin.client.get(admin.url).text


def test_what_is_due_first_stands_first_with_a_word_for_it(world, clock):
    ask(world, chi_tiet="muộn nhất", quyen=["xem_du_lieu"])
    clock.move(days=6)
    ask(world, quyen=["rut_lai_su_dong_y"])

    words = re.findall(r'class="chip (\w+)">([^<]+)', listed(world).text)

    assert words == [("refused", "Quá hạn 4 ngày"), ("paused", "Còn 2 ngày")]
    clock.move(days=2)
    assert "Hạn hôm nay" in listed(world).text


def test_the_desk_says_what_waits_and_alarms_when_it_is_overdue(world, clock):
    before = world.signed_in("quan-tri").get("/desk").text
    ask(world)
    waiting = world.signed_in("quan-tri").get("/desk").text
    clock.move(days=3)
    late = world.signed_in("quan-tri").get("/desk").text

    assert "yêu cầu đang chờ" not in before
    assert "yêu cầu đang chờ" in waiting
    assert "card alarm" not in waiting
    assert "card alarm" in late
    assert "Quá hạn 1 ngày" in late
    assert "yêu cầu đang chờ" not in world.signed_in("chu-tich").get("/desk").text


def test_holidays_of_the_setting_are_no_working_days(world, clock):
    ask(world)
    plain = book(world).due(book(world).all()[0])
    wednesday = clock().date().replace(day=25)

    moved = type(book(world))(world.store, {wednesday})

    assert plain.on.day == 26
    assert moved.due(moved.all()[0]).on.day == 27


def test_each_step_is_written_down_with_its_time_and_name(world, clock):
    admin = officer(world, ask(world))
    clock.move(hours=1)

    assert admin.do("answer", text="Đã gọi, hẹn 10 ngày").status_code == 303
    assert admin.do("identify", way="met").status_code == 303
    assert admin.do("others", text="Ngân hàng chi trả").status_code == 303
    assert admin.do("note", text="Hẹn thứ Năm").status_code == 303

    steps = [(step.what.value, step.who, step.text) for step in admin.request.steps]
    assert steps == [
        ("answered", "quan-tri", "Đã gọi, hẹn 10 ngày"),
        ("identified", "quan-tri", "met"),
        ("others", "quan-tri", "Ngân hàng chi trả"),
        ("noted", "quan-tri", "Hẹn thứ Năm"),
    ]
    assert all(step.at == clock() for step in admin.request.steps)
    page = admin.client.get(admin.url).text
    assert "Đã gặp trực tiếp, xem giấy tờ, không giữ lại" in page
    assert "24/12/2026" in page  # deleting, where others must act, too


@pytest.mark.parametrize(
    ("what", "inputs", "said"),
    [
        ("answer", {"text": " "}, "Xin ghi vài lời"),
        ("note", {}, "Xin ghi vài lời"),
        ("identify", {"way": "guessed"}, "Xin chọn cách anh/chị đã xác minh"),
        ("extend", {"kind": "copy", "days": "11", "reason": "x"}, "từ 1 đến 10"),
        ("extend", {"kind": "delete", "days": "21", "reason": "x"}, "từ 1 đến 20"),
        ("extend", {"kind": "copy", "days": "0", "reason": "x"}, "từ 1 đến 10"),
        ("extend", {"kind": "copy", "days": "+5", "reason": "x"}, "từ 1 đến 10"),
        ("extend", {"kind": "copy", "days": "5", "reason": " "}, "Xin ghi lý do"),
        ("extend", {"kind": "see", "days": "5", "reason": "x"}, "Việc này đã làm rồi"),
        ("extend", {"kind": "all", "days": "5", "reason": "x"}, "Xin chọn yêu cầu nào"),
        ("close", {"kind": "delete", "outcome": "refused"}, "Xin ghi vì sao"),
        ("close", {"kind": "nothing", "outcome": "done"}, "Xin chọn yêu cầu nào"),
        ("note", {"text": "a" * 1_001}, "nhiều nhất 1000 ký tự"),
    ],
)
def test_a_step_that_says_too_little_is_refused_beside_its_form(world, what, inputs, said):
    admin = officer(world, ask(world))

    answer = admin.do(what, **inputs)

    assert answer.status_code == 422
    assert said in answer.text
    assert admin.request.steps == ()


def test_the_time_is_extended_once_with_a_reason(world):
    admin = officer(world, ask(world))

    first = admin.do("extend", kind="copy", days="10", reason="nhiều phiếu")
    second = admin.do("extend", kind="copy", days="1", reason="thêm nữa")

    assert (first.status_code, second.status_code) == (303, 422)
    assert "luật không cho gia hạn nữa" in second.text
    assert admin.request.extended_by(Kind.COPY) == 10
    assert "14/12/2026" in admin.client.get(admin.url).text


def test_the_sender_reads_how_far_it_is_and_officers_words_after_the_digits_only(world):
    told = ask(world)
    admin = officer(world, told)
    url = f"/r/{told['receipt']}"
    fresh = world.client().get(url).text
    admin.do("answer", text="Đã gọi")
    admin.do("extend", kind="delete", days="5", reason="phải hỏi ngân hàng")
    admin.do("close", kind="copy", outcome="done", text="đưa tại công đoàn")

    page = world.client().get(url).text
    opened = world.client().post(url, data={"_act": "open", "_digits": "5678"}).text

    assert "Trả lời lần đầu chậm nhất ngày 26/11/2026" in fresh
    assert "Cung cấp bản sao: đã thực hiện ngày 24/11/2026" in page
    assert "Xóa chậm nhất ngày 19/12/2026" in page
    for words in ("đưa tại công đoàn", "phải hỏi ngân hàng"):
        assert words not in page
        assert words in opened
    admin.do("close", kind="delete", outcome="refused", text="đang tố tụng")
    assert "Xóa: không thực hiện được (24/11/2026)" in world.client().get(url).text
    assert "Đã thực hiện" in world.client().get(url).text


def test_a_request_under_way_is_corrected_no_more(world):
    told = ask(world)
    admin = officer(world, told)

    admin.do("note", text="đang xem")

    assert responses(world, "fa3")[0].state == "dang_thuc_hien"
    opened = world.client().post(f"/r/{told['receipt']}", data={"_act": "open", "_digits": "5678"})
    assert 'value="edit"' not in opened.text


def test_a_request_made_in_person_is_written_into_form_fa3(world):
    admin = world.signed_in("quan-tri")

    answer = post(admin, "/requests")
    form = admin.get(answer.location)
    again = post(admin, "/requests")

    assert answer.status_code == 303
    assert answer.location.startswith("/assist/")
    assert "Yêu cầu thực hiện quyền" in form.text
    assert again.location == answer.location
    page = Page(form.text)
    typed = page.sent() | {"quyen": ["chinh_sua"], "ho_ten": "Tẩn Mẩy", "tra_loi": "tai_cdcs"}
    typed |= {"dien_thoai": "0987654321", "chi_tiet": "ngày sinh", "_heard": "1"}
    assert admin.post(answer.location, data=typed | {"_channel": "paper"}).status_code == 303
    assert "bằng đơn" in admin.get("/requests").text


def test_requests_of_other_units_are_not_there(world):
    grants = (Grant(Role.ADMIN, "che"),)
    add_person(world.store, "quan-tri-che", "", PASSWORD, grants, tree_of(world.store))
    mine, others = ask(world, "che", chi_tiet="của chè"), ask(world, "nam-na")

    page = listed(world, "quan-tri-che").text

    assert "Cần làm: 1" in page
    assert officer(world, mine, "quan-tri-che").client.get("/requests").status_code == 200
    stranger = officer(world, others, "quan-tri-che")
    assert stranger.client.get(stranger.url).status_code == 404
    assert stranger.do("note", text="x").status_code == 404


def test_a_request_whose_form_is_erased_stays_in_the_register_with_its_days(world):
    told = ask(world)
    one = officer(world, told)
    response = responses(world, "fa3")[0]
    due = book(world).due(one.request)

    world.app.extensions["phieu"].eraser.erase(response, Erasure(world.clock(), PURGED, SERVER))

    assert responses(world, "fa3")[0].is_withdrawn
    [kept] = book(world).all()
    assert (kept.id, kept.kinds, book(world).due(kept)) == (one.id, one.request.kinds, due)
    assert "Lò Thị Phương" not in one.client.get(one.url).text


@pytest.mark.parametrize("name", ["chu-tich", "lap-phieu", "to-truong"])
def test_nobody_but_administrators_and_inspectors_opens_the_register(world, name):
    ask(world, "nam-na")

    assert listed(world, name).status_code == 403


def test_the_trail_tells_of_every_opening_and_step_without_answers(world):
    admin = officer(world, ask(world))
    admin.client.get(admin.url)
    admin.do("answer", text="Đã gọi")
    admin.find()

    told = [(e.act, dict(e.about)) for e in world.store.trail.all() if e.act != "signed_in"]

    assert told == [
        ("request_opened", {"request": admin.id}),
        ("request_changed", {"request": admin.id, "what": "answer"}),
        ("person_sought", {"request": admin.id, "by": "phone", "found": "1"}),
    ]
    everything = str(world.store.trail.all())
    for text in ("0912345678", "Lò Thị Phương", HARDSHIP["so_cccd"]):
        assert text not in everything
