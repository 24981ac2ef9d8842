"""A reviewer corrects answers: with a reason, a history, the worker told; never consent."""

import pytest
from cases import sent
from conftest import PASSWORD
from kinds import made, offered
from reading import Page
from sending import HARDSHIP, MEAL, post, send

from federation.people import Grant, Role
from forms.gallery import gallery
from services.organization.people import add_person
from services.organization.units import tree_of
from storage.store import ResponseFilter

EVERY = ResponseFilter()


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def kept(world, form="f21"):
    return next(iter(world.store.iter_responses(form, EVERY)))


def url(response):
    return f"/responses/{response.definition}/{response.id}/correct"


def opened(client, response, reason="Đọc lại sổ", **inputs):
    """The correction form as the reviewer gets it."""
    inputs = {"seen": len(response.history), "_reason": reason, **inputs}
    return post(client, url(response), **inputs)


def corrected(client, response, **changed):
    """Open, change some answers, send; gives the answer."""
    more = {"_sensitive": "1"} if changed.pop("_sensitive", "") else {}
    page = opened(client, response, **more)
    assert page.status_code == 200, page.text
    inputs = {**Page(page.text).sent(), **changed}
    return client.post(url(response), data=inputs)


def test_a_correction_keeps_what_stood_there_and_why(world, chair, clock):
    sent(world)
    before = kept(world)
    clock.move(hours=1)

    answer = corrected(chair, before, ho_ten="Lò Thị Phượng")
    after = kept(world)

    assert answer.status_code == 303
    assert after.answers["ho_ten"] == "Lò Thị Phượng"
    assert {n: v for n, v in after.answers.items() if n != "ho_ten"} == {
        n: v for n, v in before.answers.items() if n != "ho_ten"
    }
    [change] = after.history
    assert (change.who, change.what) == ("chu-tich", "corrected")
    assert dict(change.before) == {"ho_ten": "Lò Thị Phương", "_reason": "Đọc lại sổ"}
    assert after.flags == ("corrected_by_reviewer",)
    page = chair.get(answer.location).text
    assert "<del>Lò Thị Phương</del> <ins>Lò Thị Phượng</ins>" in page
    assert "Đọc lại sổ" in page
    assert (after.accepted, after.receipt) == (before.accepted, before.receipt)


def test_the_reason_is_sealed_in_the_history(world, chair):
    sent(world)
    corrected(chair, kept(world), dien_thoai="0912345679")

    [change] = world.kept.response("f21", kept(world).id).history
    assert change.before == {}
    assert set(change.sealed) == {"dien_thoai", "_reason"}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "\ufffe"])
def test_nothing_is_opened_without_a_reason(world, chair, reason):
    sent(world)

    answer = opened(chair, kept(world), reason)

    assert answer.status_code == 422
    assert "Lò Thị Phương" not in answer.text
    assert kept(world).history == ()


def test_the_worker_reads_which_answers_when_and_why_but_no_name(world, clock):
    worker = sent(world)
    clock.move(hours=24)
    corrected(world.signed_in("chu-tich"), kept(world), phu_thuoc="4", _sensitive="1")

    closed, opened_ = worker.client.get(worker.url).text, worker.open().text

    assert "Công đoàn đã sửa phiếu này ngày 25/11/2026" in closed
    assert "Đọc lại sổ" not in closed
    asked = gallery()["f21"].by_name["phu_thuoc"].label.into("vi").rstrip("?: ")
    assert f"Công đoàn đã sửa, 25/11/2026: {asked}. Lý do: Đọc lại sổ" in opened_
    assert "chu-tich" not in opened_
    assert world.store.people.get("chu-tich").full_name not in opened_


def test_sensitive_answers_come_only_to_who_asks_and_that_is_told(world, chair):
    sent(world)
    response = kept(world)

    plain = opened(chair, response).text
    shown = opened(chair, response, _sensitive="1").text

    assert 'name="hoan_canh"' not in plain
    assert 'name="hoan_canh"' in shown
    told = [str(entry.act) for entry in world.store.trail.all()][-2:]
    assert told == ["response_opened", "sensitive_shown"]


def test_what_is_not_shown_cannot_be_changed_by_hand(world, chair):
    sent(world)
    before = kept(world)

    corrected(chair, before, hoan_canh="don_than_nuoi_con", dy_nhay_cam="", dy_xu_ly="", mo_ta="Y")
    after = kept(world)

    unshown = ("hoan_canh", "dy_nhay_cam", "dy_xu_ly")
    assert [after.answers[n] for n in unshown] == [before.answers[n] for n in unshown]
    assert after.accepted == before.accepted


def test_consent_is_nobody_else_s_to_give(world, chair):
    sent(world)

    page = opened(chair, kept(world), _sensitive="1").text

    assert 'name="dy_xu_ly"' not in page
    assert 'name="dy_nhay_cam"' not in page


def test_the_same_checks_hold_and_nothing_typed_is_lost(world, chair):
    sent(world)

    answer = corrected(chair, kept(world), dien_thoai="12", ho_ten="Lò Văn Mới")

    assert answer.status_code == 422
    assert 'value="Lò Văn Mới"' in answer.text
    assert 'value="Đọc lại sổ"' in answer.text
    assert kept(world).history == ()


def test_who_comes_second_is_told_and_overwrites_nothing(world, chair):
    grants = (Grant(Role.CHAIR, "nam-na"),)
    add_person(world.store, "pho", "Lò Văn Sơn", PASSWORD, grants, tree_of(world.store))
    sent(world)
    response = kept(world)
    late = Page(opened(chair, response).text).sent()
    corrected(world.signed_in("pho"), response, ho_ten="Lò Thị Một")

    answer = chair.post(url(response), data={**late, "ho_ten": "Lò Thị Hai"})

    assert answer.status_code == 409
    assert "Lò Văn Sơn" in answer.text
    assert kept(world).answers["ho_ten"] == "Lò Thị Một"
    assert len(kept(world).history) == 1


def test_sending_it_as_it_was_changes_nothing(world, chair):
    sent(world)

    answer = corrected(chair, kept(world))

    assert answer.status_code == 303
    assert kept(world).history == ()


@pytest.mark.parametrize("name", ["chu-tich-che", "to-truong", "lap-phieu"])
def test_others_find_no_page(world, name):
    sent(world)
    client = world.signed_in(name)

    assert client.get(url(kept(world))).status_code in (403, 404)
    assert opened(client, kept(world)).status_code in (403, 404)


def test_an_anonymous_answer_is_corrected_by_nobody(world, chair):
    code = world.publish("f28")
    for _ in range(5):
        send(world, code, MEAL)

    answer = opened(chair, kept(world, "f28"))

    assert answer.status_code == 403
    assert "không ghi tên" in answer.text or "ẩn danh" in answer.text
    assert f"{url(kept(world, 'f28'))}" not in answer.text


def test_a_question_that_depends_on_a_hidden_one_asks_to_show_it(world, chair):
    form = made(
        """
- {type: text, name: ten, label: {vi: Tên}}
- {type: select_one, name: benh, sensitive: true, label: {vi: Có bệnh}, choices: [
   {name: co, label: {vi: Có}}, {name: khong, label: {vi: Không}}]}
- {type: text, name: benh_gi, label: {vi: Bệnh gì}, relevant: "${benh} = 'co'"}
- {type: consent, name: dong_y, purpose: sensitive, label: {vi: Đồng ý}}
""",
        id="benh",
    )
    answers = {"ten": "A", "benh": "co", "benh_gi": "Ho", "dong_y": "1"}
    send(world, offered(world, form), answers)

    refused, shown = (
        opened(chair, kept(world, "benh")),
        opened(chair, kept(world, "benh"), _sensitive="1"),
    )

    assert refused.status_code == 422
    assert 'value="Ho"' not in refused.text
    assert shown.status_code == 200


def test_a_refused_case_takes_no_place_again_when_it_is_corrected(world, chair):
    worker = sent(world)
    response = kept(world)
    post(
        chair,
        f"/responses/f21/{response.id}/review",
        what="state",
        into="khong_duyet",
        confirm="1",
        seen="0",
    )

    corrected(chair, kept(world), ho_ten="Lò Thị Khác")

    assert kept(world).claims == ()
    assert worker.client.get(worker.url).status_code == 200
    assert HARDSHIP["ho_ten"] != kept(world).answers["ho_ten"]
