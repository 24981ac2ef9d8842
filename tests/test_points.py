"""Scan points after they were printed: times, places, where they lead, how often opened."""

import re

import pytest
from sending import HARDSHIP, MEAL, post, send, send_meals

from forms.publication import Former
from services.offering.openings import KeepOpenings, OpeningCounter, is_robot
from services.publishing.publish import change_point
from storage.errors import StoreFailed
from storage.store import ResponseFilter

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 9; SM-J260G) Chrome/80 Mobile Zalo android/12"}


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


def point(world, code):
    return world.store.points.get(code)


def kept(world, form):
    return list(world.store.iter_responses(form, ResponseFilter()))


def look(world, code, times=1, **headers):
    for _ in range(times):
        world.client().get(f"/q/{code}", headers=PHONE | headers)


def keep(world):
    world.app.extensions["phieu"].openings.keep(world.store)


def rows(page):
    """The codes in a list, and the two numbers of each."""
    codes = re.findall(r'name="code" value="([^"]+)"', page.text)
    numbers = re.findall(r'<td class="count"[^>]*>([^<]*)</td>', page.text)
    return dict(zip(codes, zip(numbers[::2], numbers[1::2], strict=True), strict=True))


def confirmed(client, page):
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    data = {}
    for name, value in hidden:
        data.setdefault(name, []).append(value)
    return client.post("/points", data=data)


# ---- times ----


def test_a_point_opens_and_closes_by_itself_and_says_when(world, organizer, clock):
    code = world.publish("f28")
    post(organizer, f"/points/{code}/times", opens="2026-11-24T12:00", closes="2026-11-25")
    seen = []
    for hours in (0, 2, 24):
        clock.move(hours=hours)
        answer = world.client().get(f"/q/{code}")
        seen.append((answer.status_code, answer.text))

    assert [status for status, _ in seen] == [403, 200, 200]
    assert "Mở từ 12:00 24/11/2026." in seen[0][1]
    assert "Nhận phiếu đến hết 25/11/2026." in seen[1][1]
    clock.move(hours=24)
    closed = world.client().get(f"/q/{code}")
    assert closed.status_code == 410
    assert "Đã đóng lúc 00:00 26/11/2026." in closed.text
    told = world.client().post(f"/q/{code}", data=MEAL, headers={"Accept": "application/json"})
    assert "00:00 26/11/2026" in told.json["error"]


def test_closing_before_opening_is_refused_and_what_was_typed_stays(world, organizer):
    code = world.publish("f28")

    answer = post(organizer, f"/points/{code}/times", opens="2/12/2026", closes="1/12/2026")

    assert answer.status_code == 422
    assert 'value="1/12/2026"' in answer.text
    assert point(world, code).closes_at is None


def test_resuming_a_paused_point_keeps_its_closing(world, organizer, clock):
    code = world.publish("f28")
    post(organizer, f"/points/{code}/times", closes="2026-12-05T17:00")
    closes = point(world, code).closes_at

    change_point(world.store, code, "pause", clock())
    change_point(world.store, code, "resume", clock())

    assert point(world, code).closes_at == closes


# ---- place and lead ----


def test_a_renamed_place_keeps_the_code_and_what_was_answered(world, organizer):
    code = world.publish("f21", place="Nhà ăn")
    send(world, code, HARDSHIP)

    post(organizer, f"/points/{code}/place", place=" Nhà ăn  mới ")

    assert point(world, code).place == "Nhà ăn mới"
    assert kept(world, "f21")[0].place == "Nhà ăn"


def test_a_place_that_the_unit_has_already_is_refused(world, organizer):
    first, second = (world.publish("f21", place=place) for place in ("A", "B"))

    answer = post(organizer, f"/points/{second}/place", place="A")

    assert answer.status_code == 422
    assert first in answer.text
    assert point(world, second).place == "B"


def test_a_code_that_leads_elsewhere_needs_no_new_print_and_keeps_what_was_answered(
    world, organizer
):
    world.publish("f51", "che")
    code = world.publish("f21")
    told = send(world, code, HARDSHIP)
    before = kept(world, "f21")

    post(organizer, f"/points/{code}/lead", form="f51", unit="che", lead_place="Cổng")

    led = point(world, code)
    assert (led.definition, led.unit, led.place) == ("f51", "che", "Cổng")
    assert led.former == (Former("f21", "nam-na", "Nhà ăn ca"),)
    assert kept(world, "f21") == before
    assert 'name="que_quan"' in world.client().get(f"/q/{code}").text
    assert world.client().get(f"/r/{told['receipt']}").status_code == 200
    page = organizer.get(f"/points/{code}").text
    assert "CĐCS Thủy điện Nậm Na 3 · Nhà ăn ca" in page
    entry = world.store.trail.all()[-1].about
    assert entry == {"point": code, "what": "lead", "form": "f51", "unit": "che"}


@pytest.mark.parametrize("queued", [{}, {"_queued_at": "2026-11-24T10:00:00"}])
def test_an_answer_from_a_page_opened_before_stays_with_its_form_and_unit(world, organizer, queued):
    world.publish("f51", "che")
    code = world.publish("f21")
    post(organizer, f"/points/{code}/lead", form="f51", unit="che")

    send(world, code, HARDSHIP, _turn="0", **queued)

    (response,) = kept(world, "f21")
    assert (response.unit, response.place, response.point) == ("nam-na", "Nhà ăn ca", code)
    assert response.answers["ho_ten"] == "Lò Thị Phương"
    assert kept(world, "f51") == []


def test_a_page_opened_before_that_is_shown_again_is_still_the_one_before(world, organizer):
    world.publish("f51", "che")
    code = world.publish("f21")
    post(organizer, f"/points/{code}/lead", form="f51", unit="che")

    page = world.client().post(f"/q/{code}", data=HARDSHIP | {"ho_ten": "", "_turn": "0"})

    assert page.status_code == 422
    assert 'name="_turn" value="0"' in page.text
    assert 'name="hoan_canh"' in page.text
    assert "CĐCS Thủy điện Nậm Na 3" in page.text


@pytest.mark.parametrize("turn", ["1", "7", "-1", "x", "", "٠"])
def test_any_other_turn_is_the_present_one(world, organizer, turn):
    world.publish("f51", "che")
    code = world.publish("f21")
    post(organizer, f"/points/{code}/lead", form="f51", unit="che")
    answer = world.client().post(
        f"/q/{code}", data=HARDSHIP | {"_turn": turn}, headers={"Accept": "application/json"}
    )

    assert "que_quan" in answer.json["errors"]


def test_a_page_tells_its_turn(world, organizer):
    world.publish("f51", "che")
    code = world.publish("f21")
    first = world.client().get(f"/q/{code}").text
    post(organizer, f"/points/{code}/lead", form="f51", unit="che")

    assert 'name="_turn" value="0"' in first
    assert 'name="_turn" value="1"' in world.client().get(f"/q/{code}").text


@pytest.mark.parametrize(("form", "status"), [("f91", 422), ("f61", 422), ("f34", 422)])
def test_a_code_never_leads_to_a_form_that_others_read_nor_to_an_unpublished_one(
    world, organizer, form, status
):
    if form != "f34":
        world.publish(form)
    code = world.publish("f21")

    answer = post(organizer, f"/points/{code}/lead", form=form, unit="nam-na")

    assert answer.status_code == status
    assert point(world, code).definition == "f21"
    assert f'value="{form}"' not in answer.text


def test_a_code_leads_only_to_own_open_units(world, organizer):
    code = world.publish("f21")

    assert post(organizer, f"/points/{code}/lead", form="f21", unit="none").status_code == 404
    assert point(world, code).former == ()


# ---- openings ----


def test_openings_are_counted_without_writing_and_kept_by_the_job(world, organizer):
    code = world.publish("f21")
    before = world.store.openings.all()
    look(world, code, 3)
    between = world.store.openings.all()

    shown = organizer.get(f"/points/{code}").text
    keep(world)
    look(world, code)
    keep(world)

    assert before == between == ()
    assert "Lượt mở (gần đúng): 3" in shown
    assert world.store.openings.get("f21").by_point == {code: 4}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "ZaloPreview/1.0"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Accept": "application/json"},
    ],
)
def test_programs_that_look_at_links_are_not_counted(world, headers):
    code = world.publish("f21")
    look(world, code, **headers)
    world.client().head(f"/q/{code}", headers=PHONE)
    keep(world)

    assert world.store.openings.all() == ()


def test_phones_are_no_robots():
    assert not is_robot(PHONE["User-Agent"])
    assert not is_robot("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) Safari/604.1")


def test_what_could_not_be_kept_is_kept_later(world, monkeypatch):
    code, counter = world.publish("f21"), OpeningCounter()
    counter.count(point(world, code))

    def full(item):
        raise StoreFailed("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(world.store.openings, "put", full)
        KeepOpenings(world.store, counter).look()
    counter.count(point(world, code))
    KeepOpenings(world.store, counter).stop()

    assert world.store.openings.get("f21").by_point == {code: 2}


def test_a_closed_form_counts_no_opening(world, clock):
    code = world.publish("f21")
    change_point(world.store, code, "close", clock())
    look(world, code)
    keep(world)

    assert world.store.openings.all() == ()


# ---- the list ----


def test_the_list_shows_counts_as_they_may_be_told(world, organizer):
    meals, names, complaint = (world.publish(form) for form in ("f28", "f21", "f91"))
    look(world, meals, 3)
    send_meals(world, meals, 4)
    look(world, names, 2)
    send(world, names, HARDSHIP)
    look(world, complaint, 9)

    told = rows(organizer.get("/points"))

    assert told == {
        names: ("1", "2"), meals: ("&lt;5", "&lt;5"), complaint: ("–", "–"),
    }  # fmt: skip


def test_points_are_found_by_words_without_tones_form_unit_and_state(world, organizer, clock):
    a, b = world.publish("f21", place="Nhà ăn tầng 1"), world.publish("f21", "che", "Cổng")
    c = world.publish("f28", "phan-xuong-1", "Kho")
    change_point(world.store, b, "pause", clock())

    def found(query):
        return set(rows(organizer.get(f"/points?{query}")))

    assert found("q=nha+an") == {a}
    assert found("q=than+uyen+cong") == {b}
    assert found("form=f21") == {a, b}
    assert found("below=nam-na") == {a, c}
    assert found("state=paused") == {b}
    assert found("q=khong+co") == set()
    assert found("state=x&below=x&days=x&form=") == {a, b, c}


def test_who_was_not_scanned_is_listed_with_whom_to_call(world, organizer, clock):
    used, opened, never = (world.publish("f21", place=place) for place in "ABC")
    send(world, used, HARDSHIP)
    look(world, opened)

    fresh = organizer.get("/points?quiet=1")
    clock.move(days=8)
    organizer = world.signed_in("lap-phieu")
    later = organizer.get("/points?quiet=1&days=7")

    assert set(rows(fresh)) == {never}
    assert "Chu-Tich · 0213 3 878 436" in fresh.text
    assert set(rows(later)) == {used, opened, never}
    assert set(rows(organizer.get("/points?quiet=1&days=9"))) == {never}


def test_the_day_of_few_anonymous_answers_is_not_told(world, clock):
    few, many = (world.publish("f28", place=place) for place in "AB")
    send_meals(world, few, 2)
    send_meals(world, many, 5)
    clock.move(days=8)
    organizer = world.signed_in("lap-phieu")

    assert set(rows(organizer.get("/points?quiet=1"))) == {many}


def test_many_are_changed_after_their_number_was_confirmed(world, organizer):
    codes = [world.publish("f21", place=place) for place in "ABC"]

    asked = post(organizer, "/points", act="pause", code=codes[:2])
    before = [point(world, code).paused for code in codes]
    done = confirmed(organizer, asked)

    assert "Tạm dừng 2 điểm quét" in asked.text
    assert before == [False] * 3
    assert (done.status_code, [point(world, code).paused for code in codes]) == (
        303, [True, True, False],
    )  # fmt: skip
    assert world.store.trail.all()[-1].about == {
        "what": "pause", "rows": "2", "point": " ".join(codes[:2]),
    }  # fmt: skip


def test_all_that_were_found_are_changed_at_once(world, organizer):
    mine = [world.publish("f21", place=place) for place in "AB"]
    other = world.publish("f28")

    asked = post(
        organizer, "/points", act="schedule", which="all", form="f21", closes="2026-12-05T17:00"
    )
    done = confirmed(organizer, asked)

    assert "Đổi thời gian 2 điểm quét" in asked.text
    assert done.location == "/points?form=f21"
    assert [bool(point(world, code).closes_at) for code in (*mine, other)] == [True, True, False]


@pytest.mark.parametrize(
    "inputs",
    [
        {"act": "pause"},
        {"act": "pause", "code": "ZZZZZZ"},
        {"act": "explode", "which": "all"},
        {"act": "schedule", "which": "all", "opens": "2/1/2027", "closes": "1/1/2027"},
    ],
)
def test_what_cannot_be_done_to_many_is_said(world, organizer, inputs):
    code = world.publish("f21")
    before = point(world, code)

    answer = post(organizer, "/points", **inputs)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert point(world, code) == before
