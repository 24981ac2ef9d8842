"""A reviewer withdraws a response: asked first, a reason in the trail, no answer left."""

import pytest
from cases import sent
from sending import HARDSHIP, MEAL, post, send

from storage.store import ResponseFilter

EVERY = ResponseFilter()


@pytest.fixture
def chair(world):
    return world.signed_in("chu-tich")


def kept(world, form="f21"):
    return next(iter(world.store.iter_responses(form, EVERY)))


def url(response):
    return f"/responses/{response.definition}/{response.id}/withdraw"


def withdrawn(client, response, **changed):
    inputs = {
        "ground": "withdrawn",
        "reason": "Đơn viết tay, tờ số 14",
        "seen": len(response.history),
        "confirm": "1",
    }
    return post(client, url(response), **inputs | changed)


def test_it_says_what_it_means_before_it_is_done(world, chair):
    sent(world)

    asked = withdrawn(chair, kept(world), confirm="")

    assert asked.status_code == 200
    assert "Đơn viết tay, tờ số 14" in asked.text
    assert "xóa hẳn" in asked.text
    assert not kept(world).is_withdrawn


def test_nothing_stays_of_the_answers_and_the_trail_says_why(world, chair):
    sender = sent(world)
    before = kept(world)

    answer = withdrawn(chair, before)
    after = kept(world)

    assert answer.status_code == 303
    assert (after.answers, after.state) == ({}, "withdrawn")
    assert [(c.what, c.who) for c in after.history] == [("withdrawn", "chu-tich")]
    last = list(world.store.trail.all())[-1]
    assert (str(last.act), last.who) == ("responses_deleted", "chu-tich")
    assert last.about["reason"] == "Đơn viết tay, tờ số 14"
    assert last.about["response"] == before.id
    assert sender.resend(HARDSHIP).status_code == 410


@pytest.mark.parametrize(
    ("ground", "said"),
    [
        ("withdrawn", "Công đoàn đã rút phiếu này ngày 24/11/2026 theo yêu cầu của anh/chị."),
        ("duplicate", "Công đoàn đã rút phiếu này ngày 24/11/2026 vì gửi trùng."),
        ("test", "Công đoàn đã rút phiếu này ngày 24/11/2026 vì là phiếu điền thử."),
    ],
)
def test_the_receipt_says_that_the_union_withdrew_it(world, chair, ground, said):
    sender = sent(world)
    withdrawn(chair, kept(world), ground=ground)

    page = sender.client.get(sender.url).text

    assert said in page
    assert "tờ số 14" not in page
    assert "chu-tich" not in page


def test_only_what_the_worker_asked_for_is_in_the_register_of_requests(world, chair):
    sent(world)
    withdrawn(chair, kept(world), ground="test")
    assert world.store.requests.all() == ()

    sent(world, answers=HARDSHIP | {"ho_ten": "Lò Văn Khác"})
    left = next(r for r in world.store.iter_responses("f21", EVERY) if not r.is_withdrawn)
    withdrawn(chair, left)
    [request] = world.store.requests.all()

    assert (request.id, str(request.way), request.is_open) == (left.id, "officer", False)
    assert {step.who for step in request.steps} == {"chu-tich"}
    assert "báo cho người xử lý phiếu" in world.signed_in("quan-tri").get("/requests").text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"ground": ""}, 422),
        ({"ground": "purged"}, 422),
        ({"ground": "merged"}, 422),
        ({"reason": " "}, 422),
        ({"reason": "x" * 301}, 422),
        ({"seen": "7"}, 409),
        ({"seen": ""}, 409),
    ],
)
def test_what_is_missing_or_old_withdraws_nothing(world, chair, changed, status):
    sent(world)

    assert withdrawn(chair, kept(world), **changed).status_code == status
    assert not kept(world).is_withdrawn


@pytest.mark.parametrize("name", ["chu-tich-che", "to-truong", "lap-phieu"])
def test_others_find_no_page(world, name):
    sent(world)
    client = world.signed_in(name)

    assert client.get(url(kept(world))).status_code in (403, 404)
    assert withdrawn(client, kept(world)).status_code in (403, 404)
    assert not kept(world).is_withdrawn


def test_an_anonymous_answer_is_withdrawn_by_no_reviewer(world, chair):
    code = world.publish("f28")
    for _ in range(5):
        send(world, code, MEAL)

    assert withdrawn(chair, kept(world, "f28")).status_code == 403
    assert not any(r.is_withdrawn for r in world.store.iter_responses("f28", EVERY))


def test_a_data_request_has_its_own_page(world, chair):
    said = {"ho_ten": "Ai Đó", "dien_thoai": "0912345678", "chi_tiet": "x", "quyen": "xoa"}
    send(world, world.publish("fa3"), said | {"tra_loi": "dien_thoai"})

    for act in ("withdraw", "correct"):
        page = chair.get(f"/responses/fa3/{kept(world, 'fa3').id}/{act}")
        assert page.status_code == 403
        assert "Yêu cầu về dữ liệu cá nhân" in page.text
