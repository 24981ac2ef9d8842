"""What a form offers: places per choice and in all, the waiting list, and who gets what is free."""

import gzip
import re
from dataclasses import replace

import pytest
from cases import sent
from kinds import made, offered
from sending import JSON, send
from test_once import JOIN as CASE

from forms.offer import Offer
from forms.workflow import Once
from services.errors import Refusal
from services.offering.offers import keep_offer, read_offer
from services.receiving.claims import offer_of, turn_of
from services.review.receipts import find_by_receipt
from services.review.review import ReviewDesk
from storage.places import Place
from storage.store import ResponseFilter

SLOTS = """
- {type: text, name: ho_ten, label: {vi: Họ và tên, en: Name}, required: true}
- {type: phone, name: dien_thoai, label: {vi: Điện thoại, en: Phone}, required: true}
- type: select_one
  name: buoi
  label: {vi: Buổi khám, en: Session}
  required: true
  choices:
    - {name: sang, label: {vi: Buổi sáng, en: Morning}}
    - {name: chieu, label: {vi: Buổi chiều, en: Afternoon}}
"""
HEALTH = made(SLOTS)
ANONYMOUS = made(SLOTS.replace("type: phone", "type: text"), anonymous=True)


@pytest.fixture
def code(world):
    return offered(world, HEALTH)


def hasher(world):
    return world.app.extensions["phieu"].hasher


def offer(world, **limits):
    return keep_offer(world.store, hasher(world), HEALTH, Offer("f99", **limits), world.clock())


def sign_up(world, code, name, buoi="sang"):
    return send(world, code, {"ho_ten": name, "dien_thoai": "0912345678", "buoi": buoi})


def responses(world):
    return list(world.store.iter_responses("f99", ResponseFilter()))


def waiting(world):
    return [r.answers.get("ho_ten", "") for r in responses(world) if r.waits_for]


def page(world, code, path="q", language="vi"):
    return world.client().get(f"/{path}/{code}?lang={language}").text


def test_a_full_choice_puts_on_the_waiting_list_and_the_receipt_says_which_turn(world, code):
    offer(world, slots={"buoi": {"sang": 1}})
    first, second, third = (sign_up(world, code, name) for name in ("An", "Bình", "Chi"))
    other = sign_up(world, code, "Dũng", "chieu")

    assert [told["flags"] for told in (first, second, third, other)] == [
        [], ["waiting"], ["waiting"], [],
    ]  # fmt: skip
    assert waiting(world) == ["Bình", "Chi"]
    assert "danh sách chờ, số thứ tự 2" in page(world, third["receipt"], "r")
    assert "danh sách chờ" not in page(world, first["receipt"], "r")


@pytest.mark.parametrize("path", ["q", "k"])
def test_the_page_says_at_every_look_how_many_places_are_left(world, code, path):
    offer(world, slots={"buoi": {"sang": 2, "chieu": 5}})
    looks = [page(world, code, path)]
    sign_up(world, code, "An")
    looks.append(page(world, code, path))
    sign_up(world, code, "Bình")
    looks.append(page(world, code, path))

    told = [re.findall(r"Buổi (?:sáng|chiều) – ([^<]+)<", look) for look in looks]
    assert told == [
        ["còn 2 chỗ", "còn 5 chỗ"],
        ["còn 1 chỗ", "còn 5 chỗ"],
        ["hết chỗ – ghi tên chờ", "còn 5 chỗ"],
    ]
    assert not any(" disabled" in look or "\ue001" in look or "\ue002" in look for look in looks)
    assert "Morning – full" in page(world, code, path, "en")


def test_signs_that_look_like_our_marks_do_no_harm(world, code):
    offer(world, slots={"buoi": {"sang": 1}})
    typed = "\ue001 <b> \ue002buoi:sang\ue002 \ue001buoi:sang"

    answer = world.client().post(f"/q/{code}", data={"ho_ten": typed, "buoi": "sang"})

    assert answer.status_code == 422
    assert answer.text.count("Buổi sáng – còn 1 chỗ") == 1
    assert "&lt;b&gt;" in answer.text


def test_a_form_with_places_fits_the_first_round_trips(world):
    code = world.publish("f27")
    definition = world.store.versions.get("f27@1").definition
    (question,) = [q for q in definition.asking if q.name == "buoi"]
    places = {choice.name: 20 for choice in question.choices}
    limits = Offer("f27", total=60, slots={"buoi": places})
    keep_offer(world.store, hasher(world), definition, limits, world.clock())

    answer = world.client().get(f"/q/{code}", headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= 14_000
    assert gzip.decompress(answer.data).decode().count("– còn 20 chỗ</option>") == 4


def test_a_form_without_limits_says_nothing_of_places(world, code):
    assert "Buổi sáng</span>" in page(world, code)


def test_limits_that_change_reach_the_cached_page_at_once(world, code):
    page(world, code)
    offer(world, slots={"buoi": {"sang": 3}})
    limited = page(world, code)
    offer(world)

    assert "Buổi sáng – còn 3 chỗ" in limited
    assert "Buổi sáng</span>" in page(world, code)


def test_without_a_waiting_list_a_full_choice_cannot_be_chosen(world, code):
    offer(world, slots={"buoi": {"sang": 1}}, waiting=False)
    sign_up(world, code, "An")
    answers = {"ho_ten": "Bình", "dien_thoai": "0912345678", "buoi": "sang"}

    refused = world.client().post(f"/q/{code}", data=answers, headers=JSON)
    shown = page(world, code)

    assert refused.status_code == 422
    assert refused.json["errors"] == {"buoi": ["Ở đó đã hết chỗ. Xin chọn chỗ khác."]}
    assert len(responses(world)) == 1
    assert re.search(r'value="sang" disabled><span>Buổi sáng – hết chỗ<', shown)
    assert 'value="chieu">' in shown


def test_what_was_sent_before_it_was_full_can_be_sent_again(world, code):
    offer(world, slots={"buoi": {"sang": 1}}, waiting=False)
    posted = {"instance_id": "0b6f7f2e-6f0c-4c8b-9d7e-0a1b2c3d4e5f", "ho_ten": "An"}
    posted |= {"dien_thoai": "0912345678", "buoi": "sang"}
    first = world.client().post(f"/q/{code}", data=posted, headers=JSON)

    again = world.client().post(f"/q/{code}", data=posted, headers=JSON)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_a_queued_answer_waits_even_where_no_list_is_kept(world, code):
    offer(world, total=1, waiting=False)
    sign_up(world, code, "An")

    told = send(
        world, code, {"ho_ten": "Bình", "dien_thoai": "0912345678", "buoi": "sang"},
        _queued_at=world.clock().isoformat(),
    )  # fmt: skip

    assert "waiting" in told["flags"]
    assert "danh sách chờ, số thứ tự 1" in page(world, told["receipt"], "r")


def test_a_full_form_without_a_list_is_closed_until_a_place_is_free(world):
    case = sent(world, "f51", CASE)
    keep = Offer("f51", total=1, waiting=False)
    definition = world.store.versions.get("f51@1").definition
    keep_offer(world.store, hasher(world), definition, keep, world.clock())
    closed = world.client().get(f"/q/{case.code}")
    posted = world.client().post(
        f"/q/{case.code}", data=CASE | {"so_cccd": "012090123457"}, headers=JSON
    )

    case.press("withdraw", _proof=case.proof(), _sure="1")

    assert (closed.status_code, posted.status_code) == (403, 403)
    assert "Đã hết chỗ" in closed.text
    assert world.client().get(f"/q/{case.code}").status_code == 200


def test_the_whole_form_and_each_unit_may_have_a_limit(world, code):
    elsewhere = world.publish("f99", "che")
    offer(world, total=3, per_unit=2)
    told = [sign_up(world, at, str(n)) for n, at in enumerate((code, code, code, elsewhere))]

    assert [t["flags"] for t in told] == [[], [], ["waiting"], []]
    assert world.store.places("f99", ["total", "total:nam-na", "total:che"]) == {
        "total": Place(3, 0), "total:nam-na": Place(2, 1), "total:che": Place(1, 0),
    }  # fmt: skip
    assert "Đã hết chỗ" in page(world, code)
    assert "Đã hết chỗ" in page(world, elsewhere)


def test_a_raised_limit_seats_who_waits_at_once_and_the_trail_says_so(world, code):
    offer(world, slots={"buoi": {"sang": 1}})
    told = [sign_up(world, code, name) for name in ("An", "Bình", "Chi")]

    kept = offer(world, slots={"buoi": {"sang": 2}})

    assert kept.seated == 1
    assert waiting(world) == ["Chi"]
    seated = responses(world)[1]
    assert (seated.history[-1].what, seated.history[-1].who) == ("seated", "")
    entry = world.store.trail.all()[-1]
    assert (entry.who, entry.act, entry.about["response"]) == (
        "server", "response_seated", seated.id,
    )  # fmt: skip
    assert "Anh/chị có chỗ từ ngày 24/11/2026" in page(world, told[1]["receipt"], "r")
    assert turn_of(world.store, responses(world)[2]) == 1


def test_a_lowered_limit_takes_no_place_away(world, code):
    offer(world, slots={"buoi": {"sang": 3}})
    for name in ("An", "Bình", "Chi"):
        sign_up(world, code, name)

    offer(world, slots={"buoi": {"sang": 1}})

    assert waiting(world) == []
    assert sign_up(world, code, "Dũng")["flags"] == ["waiting"]


def test_what_came_before_there_was_a_limit_counts(world, code):
    for name in ("An", "Bình", "Chi"):
        sign_up(world, code, name)

    offer(world, total=4, slots={"buoi": {"sang": 2}})

    assert world.store.places("f99", ["total", "buoi:sang"]) == {
        "total": Place(3), "buoi:sang": Place(3),
    }  # fmt: skip
    assert waiting(world) == []
    assert sign_up(world, code, "Dũng", "chieu")["flags"] == []
    assert sign_up(world, code, "Em", "chieu")["flags"] == ["waiting"]


def test_a_limit_that_is_taken_away_seats_all(world, code):
    offer(world, total=1)
    for name in ("An", "Bình", "Chi"):
        sign_up(world, code, name)

    kept = offer(world)

    assert (kept.seated, waiting(world)) == (2, [])


def test_a_refused_response_gives_its_place_to_who_waits(world, code):
    offer(world, slots={"buoi": {"sang": 1}})
    for name in ("An", "Bình"):
        sign_up(world, code, name)

    first = next(r for r in responses(world) if r.answers["ho_ten"] == "An")
    desk = ReviewDesk(world.store, HEALTH, hasher(world), "lap-phieu", world.clock())

    free = desk.move(desk.move(first, "dang_xet"), "khong_duyet")

    assert free.claims == ()
    assert waiting(world) == []
    assert world.store.places("f99", ["buoi:sang"]) == {"buoi:sang": Place(1)}


def test_a_correction_to_another_choice_moves_the_place(world, code):
    offer(world, slots={"buoi": {"sang": 1, "chieu": 1}})
    told = [sign_up(world, code, name) for name in ("An", "Bình")]
    desk = world.app.extensions["phieu"].cases
    first = find_by_receipt(world.store, hasher(world), told[0]["receipt"])
    changed = {"ho_ten": ["An"], "dien_thoai": ["0912345678"], "buoi": ["chieu"]}
    desk.correct(first, changed, world.clock())

    assert waiting(world) == []
    assert world.store.places("f99", ["buoi:sang", "buoi:chieu"]) == {
        "buoi:sang": Place(1), "buoi:chieu": Place(1),
    }  # fmt: skip


def test_one_response_per_person_may_be_asked_for_and_let_go(world, code):
    sign_up(world, code, "An")
    sign_up(world, code, "An nữa")

    offer(world, own_once=True, once=Once(per="person", question="dien_thoai"))
    strict = ["repeated" in r.flags for r in responses(world)]
    offer(world, own_once=True)

    assert strict == [False, True]
    assert ["repeated" in r.flags for r in responses(world)] == [False, False]


@pytest.mark.parametrize("typed", ["0", "-1", "1000001", "99999999999999999999", "nhiều", "1,5"])
def test_limits_are_whole_numbers(typed):
    with pytest.raises(Refusal, match="whole number") as refusal:
        read_offer(HEALTH, {"slot.buoi:sang": typed})

    assert refusal.value.field == "slot.buoi:sang"


def test_an_offer_is_read_as_people_write_it():
    read = read_offer(
        HEALTH,
        {
            "total": " 1.200 ", "per_unit": "", "slot.buoi:sang": "٢٠", "waiting": "1",
            "once": "dien_thoai", "opens": "01/12/2026", "closes": "5/12/2026",
        },
    )  # fmt: skip

    assert (read.total, read.per_unit, read.slots) == (1_200, None, {"buoi": {"sang": 20}})
    assert (read.waiting, read.once) == (True, Once(per="person", question="dien_thoai"))
    assert f"{read.opens_at:%d %H:%M} {read.closes_at:%d %H:%M}" == "01 00:00 06 00:00"


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"opens": "05/12/2026 17:00", "closes": "05/12/2026 17:00"}, "closes"),
        ({"opens": "hôm nay"}, "opens"),
        ({"closes": "05/12/2026 25:00"}, "closes"),
        ({"once": "ho_ten"}, "once"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(inputs, field):
    with pytest.raises(Refusal) as refusal:
        read_offer(HEALTH, inputs)

    assert refusal.value.field == field


def test_limits_that_would_tell_answers_are_refused():
    with pytest.raises(Refusal, match="anonymous"):
        read_offer(ANONYMOUS, {"slot.buoi:sang": "5"})
    with pytest.raises(Refusal, match="confidential"):
        read_offer(made(SLOTS, readers="inspectors"), {"total": "5"})
    assert read_offer(ANONYMOUS, {"total": "5"}).total == 5


def test_of_an_anonymous_form_no_small_number_is_told(world):
    code = offered(world, ANONYMOUS)
    keep_offer(world.store, hasher(world), ANONYMOUS, Offer("f99", total=7), world.clock())
    looks = []
    for number in range(7):
        send(world, code, {"ho_ten": f"{number}", "dien_thoai": "x", "buoi": "sang"})
        looks.append(page(world, code))

    told = [re.findall(r"Còn \d+ chỗ", look) for look in looks]
    assert told == [[], [], [], [], ["Còn 2 chỗ"], ["Còn 1 chỗ"], []]
    assert "Đã hết chỗ" in looks[-1]


def test_without_an_offer_there_is_no_limit(world):
    assert offer_of(world.store, "f99") == Offer("f99")
    assert not replace(Offer("f99"), waiting=False).is_limited
