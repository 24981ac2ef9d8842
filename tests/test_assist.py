"""Assisted entry: consent heard, channel and helper recorded, many in a row, a queue's JSON."""

import re
import uuid

import pytest
from conftest import MEAL, PASSWORD
from reading import Page
from sending import HARDSHIP, JSON, post

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import tree_of
from storage.store import ResponseFilter

ASSISTED = HARDSHIP | {"_heard": "1", "_channel": "spoken"}


@pytest.fixture
def code(world):
    return world.publish("f21")


@pytest.fixture
def helper(world, code):
    return world.signed_in("to-truong")


def kept(world, form="f21"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def test_the_page_is_the_workers_own_with_one_block_before_it(helper, code):
    page = Page(helper.get(f"/assist/{code}").text)

    names = [tag["name"] for tag in page.all("input")]

    assert names.index("_heard") < names.index("ho_ten")
    assert [r["value"] for r in page.all("input", name="_channel")] == ["spoken", "phone", "paper"]
    assert [tag for tag in page.all("input") if "checked" in tag] == []
    assert page.one("form")["autocomplete"] == "off"
    assert "data-assisted" in page.one("form")
    assert {t["autocomplete"] for t in page.all("input")} <= {"", "off"}


def test_helper_and_channel_are_recorded(world, helper, code):
    answer = post(helper, f"/assist/{code}", **ASSISTED)
    [response] = kept(world)

    assert answer.status_code == 303
    assert answer.location == f"/assist/{code}/{response.receipt}"
    assert (response.helper, response.channel) == ("to-truong", "spoken")
    assert response.flags == ("assisted",)
    assert response.answers["ho_ten"] == "Lò Thị Phương"


def test_the_helper_cannot_name_somebody_else(world, helper, code):
    post(helper, f"/assist/{code}", **ASSISTED, helper="quan-tri", _helper="quan-tri")

    assert kept(world)[0].helper == "to-truong"


def test_the_receipt_is_shown_to_be_written_down_and_the_next_form_follows(helper, code):
    done = post(helper, f"/assist/{code}", **ASSISTED).location
    page = Page(helper.get(done).text)

    assert "".join(page.all("p", **{"class": "code"})[0].text.split()) in done
    assert page.one("a", **{"class": "button send"})["href"] == f"/assist/{code}"
    assert "Ghi mã này ra giấy" in helper.get(done).text


def test_the_day_s_forms_are_counted_and_resends_are_not(world, helper, code):
    for _ in range(3):
        post(helper, f"/assist/{code}", **ASSISTED, instance_id=str(uuid.uuid4()))
    twice = str(uuid.uuid4())
    for _ in range(2):
        last = post(helper, f"/assist/{code}", **ASSISTED, instance_id=twice)

    today = helper.get(last.location).text
    world.clock.move(hours=14)
    other = world.signed_in("to-truong").get("/assist").text

    assert "Đã điền hộ 4 phiếu hôm nay" in today
    assert "Đã điền hộ" not in other
    assert len(kept(world)) == 4


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"_heard": ""}, ["_heard"]),
        ({"_channel": ""}, ["_channel"]),
        ({"_channel": "dream"}, ["_channel"]),
        ({"_heard": "", "_channel": "", "ho_ten": ""}, ["_heard", "_channel", "ho_ten"]),
    ],
)
def test_without_consent_and_channel_nothing_is_kept(world, helper, code, changed, wrong):
    told = helper.post(
        f"/assist/{code}", data={"csrf_token": helper.csrf, **ASSISTED | changed}, headers=JSON
    )
    answer = post(helper, f"/assist/{code}", **ASSISTED | changed)
    page = Page(answer.text)

    assert (told.status_code, list(told.json["errors"])) == (422, wrong)
    assert answer.status_code == 422
    links = [a["href"] for a in page.all("a") if a["href"].startswith("#")]
    assert links == [f"#{name}" for name in wrong]
    assert {f"#{name}" for name in page.ids} >= set(links)
    assert page.one("textarea", name="mo_ta").text == "Mẹ ốm nằm viện"
    assert kept(world) == []


def test_an_anonymous_response_does_not_name_who_helped(world, helper):
    code = world.publish("f28")

    post(helper, f"/assist/{code}", **MEAL, _heard="1", _channel="paper")
    [response] = kept(world, "f28")

    assert (response.helper, response.channel, response.flags) == ("", "paper", ("assisted",))


def test_a_queue_sends_and_resends_as_json(world, helper, code):
    token = helper.get(f"/assist/{code}", headers=JSON).json["csrf_token"]
    sent = ASSISTED | {"csrf_token": token, "instance_id": str(uuid.uuid4())}

    answers = [
        helper.post(f"/assist/{code}", data=posted, headers=JSON)
        for posted in (sent, sent, sent | {"phu_thuoc": "4"})
    ]

    assert [a.status_code for a in answers] == [201, 200, 409]
    assert answers[0].json["receipt"] == answers[1].json["receipt"] != answers[2].json["receipt"]
    assert answers[0].json["instance_id"] == sent["instance_id"]


def test_a_queue_learns_that_it_must_sign_in_again(world, code):
    client = world.client()
    client.get("/login")
    with client.session_transaction() as session:
        token = session["csrf"]

    stranger = client.post(f"/assist/{code}", data=ASSISTED | {"csrf_token": token}, headers=JSON)
    tokenless = world.signed_in("to-truong").post(f"/assist/{code}", data=ASSISTED, headers=JSON)

    assert (stranger.status_code, tokenless.status_code) == (403, 400)
    assert "đăng nhập lại" in stranger.json["error"]
    assert kept(world) == []


def test_another_language_keeps_what_was_typed(world, helper, code):
    answer = post(helper, f"/assist/{code}?lang=en", **ASSISTED, _step="lang")
    page = Page(answer.text)

    assert page.one("html")["lang"] == "en"
    assert "checked" in page.one("input", name="_heard")
    assert page.one("input", name="ho_ten")["value"] == "Lò Thị Phương"
    assert kept(world) == []


def test_a_helper_reaches_own_units_only(world, helper):
    other = world.publish("f21", "che")

    answers = [
        helper.get(f"/assist/{other}"),
        post(helper, f"/assist/{other}", **ASSISTED),
        helper.get(f"/assist/{other}", headers=JSON),
    ]

    assert [a.status_code for a in answers] == [404] * 3
    assert other not in re.sub(r"\s", "", helper.get("/assist").text)
    assert kept(world) == []


def test_the_list_shows_what_is_open(world, helper, code):
    before = helper.get("/assist").text
    post(world.signed_in("quan-tri"), f"/points/{code}/pause")
    after = helper.get("/assist").text

    assert f"/assist/{code}" in before
    assert f"/assist/{code}" not in after
    assert helper.get(f"/assist/{code}").status_code == 403
    assert post(helper, f"/assist/{code}", **ASSISTED).status_code == 403


def test_a_receipt_of_another_point_is_not_shown(world, helper, code):
    done = post(helper, f"/assist/{code}", **ASSISTED).location
    other = world.publish("f28")

    assert helper.get(done.replace(code, other)).status_code == 404
    assert helper.get(f"/assist/{code}/XXXX").status_code == 404


def test_other_bodies_are_refused(helper, code):
    headers = {"Content-Type": "text/plain"}

    assert helper.post(f"/assist/{code}", data="x", headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("role", "responses", "totals"),
    [("inspector", 200, 200), ("women", 200, 200), ("viewer", 403, 200)],
)
def test_the_roles_without_whole_units_fill_in_for_nobody(world, role, responses, totals):
    grants = (Grant(Role(role), "root"),)
    add_person(world.store, "ai-do", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in("ai-do")
    urls = ("/desk", "/assist", "/responses", "/forms", "/totals")

    statuses = {url: client.get(url).status_code for url in urls}

    closed = {"/assist": 403, "/forms": 403}
    assert statuses == {"/desk": 200, "/responses": responses, "/totals": totals} | closed


def test_a_helper_finds_the_way_from_the_desk(helper):
    page = Page(helper.get("/desk").text)

    assert "/assist" in [a["href"] for a in page.all("a")]


def test_what_was_taken_back_is_not_taken_again_by_a_helper(world, helper, code):
    sent = ASSISTED | {"instance_id": str(uuid.uuid4())}
    done = post(helper, f"/assist/{code}", **sent).location
    receipt = f"/r/{done.rpartition('/')[2]}"
    opened = Page(world.client().post(receipt, data={"_act": "open", "_digits": "5678"}).text)
    proof = opened.one("input", name="_proof")["value"]
    world.client().post(receipt, data={"_act": "withdraw", "_proof": proof})

    assert post(helper, f"/assist/{code}", **sent).status_code == 410
    assert kept(world)[0].helper == ""
