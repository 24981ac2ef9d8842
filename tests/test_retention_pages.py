"""The administrator's pages of keeping: what goes when, shorten, hold, lift, delete what is due."""

import pytest
from purging import YEAR, accepted_state, all_of, campaign, gallery_answers, left, settle
from requests_of import ask
from sending import HARDSHIP, MEAL, post, send

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import tree_of
from services.publishing.publish import change_definition
from services.reading.retentions import retention_of

WHY = "thanh tra tỉnh yêu cầu"


def press(client, form, what, **inputs):
    """Ask, then confirm as the page that asks offers it."""
    asked = post(client, f"/retention/{form}/{what}/ask", **inputs)
    if asked.status_code != 200:
        return asked
    action = f"/retention/{form}/{what}"
    assert f'action="{action}"' in asked.text
    return post(client, action, **inputs)


def told(world, act):
    return [(e.who, dict(e.about)) for e in world.store.trail.all() if e.act == act]


def test_the_list_says_for_each_form_how_long_and_what_goes_next(world):
    campaign(world, 3)
    send(world, world.publish("f51"), gallery_answers("f51"))
    world.publish("f28")
    world.clock.move(days=YEAR - 10)
    admin = world.signed_in("quan-tri")

    page = admin.get("/retention").text

    assert "Đến khi đợt nhận phiếu kết thúc và thêm 12 tháng" in page
    assert "24/11/2027" in page
    assert "1 phiếu chưa có ngày xóa: chưa xét xong hoặc chưa chuyển hồ sơ." in page
    assert "Lâu dài" in page
    assert page.index("F21") < page.index("F28")
    assert "/retention" in admin.get("/people").text


def test_a_form_that_is_not_closed_says_that_nothing_goes_yet(world, admin):
    send(world, world.publish("f21"), HARDSHIP)

    assert "Chưa có ngày xóa: biểu mẫu chưa đóng." in admin.get("/retention/f21").text


def test_the_period_is_shortened_after_a_question_and_the_trail_has_the_reason(world, admin):
    campaign(world, 2)
    asked = post(admin, "/retention/f21/period/ask", days="20", reason="xong sớm")
    before = retention_of(world.store, "f21")

    done = post(admin, "/retention/f21/period", days="20", reason="xong sớm")
    page = admin.get("/retention/f21").text

    assert "2 phiếu sẽ xóa trong 30 ngày tới, từ 14/12/2026." in asked.text
    assert (asked.status_code, before.changes, done.status_code) == (200, (), 303)
    assert retention_of(world.store, "f21").days == 20
    assert "thêm 20 ngày" in page
    assert "đã rút ngắn; thông báo ghi: Đến khi" in page
    assert told(world, "retention_changed") == [
        ("quan-tri", {"form": "f21", "what": "period", "days": "20", "reason": "xong sớm"})
    ]


@pytest.mark.parametrize("days", ["0", "-1", "99999", "3661", "", "một tháng", "1.5", "٣٠0000"])
def test_a_period_that_cannot_be_is_told_beside_it_and_changes_nothing(world, admin, days):
    campaign(world, 1)

    for address in ("/retention/f21/period/ask", "/retention/f21/period"):
        answer = post(admin, address, days=days, reason="vì sao")
        assert answer.status_code == 422
        assert "số ngày từ 1 đến 3660" in answer.text
        assert 'id="days-error"' in answer.text
    assert world.store.retentions.all() == ()
    assert told(world, "retention_changed") == []


def test_longer_than_promised_is_refused_and_says_what_to_do_instead(world, admin):
    campaign(world, 1)

    answer = press(admin, "f21", "period", days="366", reason="cần thêm")

    assert answer.status_code == 422
    assert "Thông báo hứa giữ nhiều nhất 365 ngày" in answer.text
    assert press(admin, "f21", "period", days="30", reason="xong").status_code == 303
    assert press(admin, "f21", "period", days="365", reason="nhầm").status_code == 303


def test_nothing_is_done_without_a_reason(world, admin):
    campaign(world, 1)

    for what in ("period", "hold", "passed"):
        for reason in ("", "   ", "\u202e"):
            answer = post(admin, f"/retention/f21/{what}", days="30", reason=reason)
            assert answer.status_code == 422, (what, reason)
    assert "Anh/chị ghi lý do" in post(admin, "/retention/f21/hold/ask", reason="").text
    assert world.store.retentions.all() == ()


def test_a_hold_says_who_and_why_keeps_everything_and_is_lifted_likewise(world):
    campaign(world, 2)
    world.clock.move(days=YEAR)
    admin = world.signed_in("quan-tri")

    press(admin, "f21", "hold", reason=WHY)
    held = admin.get("/retention/f21").text
    refused = post(admin, "/retention/f21/purge")
    again = post(admin, "/retention/f21/hold", reason=WHY)
    press(admin, "f21", "lift", reason="đã có kết luận")

    assert f"do quan-tri: {WHY}" in held
    assert "Xóa 2 phiếu ngay" not in held
    assert refused.status_code == 422
    assert "đang tạm ngừng xóa: chưa xóa phiếu nào" in refused.text
    assert again.status_code == 422
    assert left(world) == 2
    [hold] = retention_of(world.store, "f21").holds
    assert (hold.who, hold.lifted_by, hold.lifted_why) == (
        "quan-tri",
        "quan-tri",
        "đã có kết luận",
    )
    assert [about["what"] for _, about in told(world, "retention_changed")] == ["hold", "lift"]


def test_what_is_due_is_deleted_by_hand_once_with_one_line_in_the_trail(world, admin):
    campaign(world, 2)
    world.clock.move(days=YEAR)
    admin = world.signed_in("quan-tri")
    asked = post(admin, "/retention/f21/purge/ask")

    post(admin, "/retention/f21/purge")
    page = admin.get("/retention/f21").text

    assert "Xóa 2 phiếu ngay" in asked.text
    assert "Đã xóa hẳn 2 phiếu." in page
    assert "đã xóa 2 phiếu" in page
    assert left(world) == 0
    assert told(world, "responses_deleted") == [
        ("quan-tri", {"form": "f21", "rows": "2", "what": "purged"})
    ]
    assert told(world, "retention_changed") == []


def test_those_that_stay_are_named_with_the_reason_and_no_answer(world, admin):
    code = world.publish("f21")
    kept = send(world, code, HARDSHIP)
    ask(world)
    change_definition(world.store, "f21", "close", world.clock())
    world.clock.move(days=YEAR)

    page = world.signed_in("quan-tri").get("/retention/f21").text

    assert "Có yêu cầu về dữ liệu của người này đang giải quyết." in page
    assert kept["receipt"][:3] in page
    assert HARDSHIP["ho_ten"] not in page
    assert HARDSHIP["dien_thoai"] not in page


def test_of_a_confidential_form_no_number_and_no_day_is_told(world):
    send(world, world.publish("f91"), gallery_answers("f91"))
    settle(world, "f91", accepted_state("f91"))
    world.clock.move(days=2 * YEAR)
    admin = world.signed_in("quan-tri")

    listed, page = admin.get("/retention").text, admin.get("/retention/f91").text
    asked = post(admin, "/retention/f91/period/ask", days="30", reason="xong")
    post(admin, "/retention/f91/purge")
    after = admin.get("/retention/f91").text

    assert left(world, "f91") == 0
    for text in (listed, page, asked.text):
        assert "26/11/2028" not in text
        assert "1 phiếu" not in text
    assert "Đây là biểu mẫu kín" in page
    assert "đã xóa 1 phiếu" not in after


def test_records_passed_on_are_said_by_hand_where_that_counts(world, admin):
    send(world, world.publish("f51"), gallery_answers("f51"))
    settle(world, "f51", accepted_state("f51"))
    campaign(world, 1)

    done = press(admin, "f51", "passed", reason="đã nhập danh sách số 12")
    wrong = press(admin, "f21", "passed", reason="đã nhập")

    assert (done.status_code, wrong.status_code) == (303, 422)
    assert "22/02/2027" in admin.get("/retention/f51").text


def test_only_who_administers_everything_enters(world):
    tree = tree_of(world.store)
    add_person(world.store, "mot-noi", "X", "mat-khau-dai-2026", (Grant(Role.ADMIN, "che"),), tree)
    campaign(world, 1)

    for name in ("mot-noi", "lap-phieu", "chu-tich", "to-truong"):
        client = world.signed_in(name)
        assert client.get("/retention").status_code == 403
        assert post(client, "/retention/f21/hold", reason=WHY).status_code == 403
        assert "/retention" not in client.get("/people").text
    assert world.store.retentions.all() == ()


def test_an_unknown_form_or_act_is_not_found(world, admin):
    campaign(world, 1)

    assert admin.get("/retention/f99").status_code == 404
    assert post(admin, "/retention/f21/burn", reason=WHY).status_code == 404
    assert post(admin, "/retention/f22/hold", reason=WHY).status_code == 404


def test_totals_of_an_anonymous_form_do_not_tell_what_is_gone(world, admin):
    code = world.publish("f28")
    for _ in range(6):
        send(world, code, MEAL)
    press(admin, "f28", "period", days="30", reason="đã so sánh")
    world.clock.move(days=31)
    admin = world.signed_in("quan-tri")

    post(admin, "/retention/f28/purge")
    page = admin.get("/totals/f28").text

    assert all(response.is_withdrawn for response in all_of(world, "f28"))
    assert "6 phiếu" in page
    assert "hết thời hạn lưu" not in page


def test_the_organizer_sees_at_each_point_how_many_are_gone(world):
    code = campaign(world, 3)
    world.clock.move(days=YEAR)
    client = world.signed_in("quan-tri")
    post(client, "/retention/f21/purge")

    for address in ("/forms/f21", f"/points/{code}"):
        assert "3 phiếu đã xóa khi hết hạn lưu" in client.get(address).text
