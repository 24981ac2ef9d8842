"""One's own account: another password, the browsers that are signed in, a password to change."""

import re

import pytest
from conftest import PASSWORD
from sending import kept, post
from test_sign_in import copied, is_in, log_in

from views.browsers import browser_name

ANDROID = (
    "Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/117.0.0.0 Mobile Safari/537.36 Zalo android/12345 ZaloTheme/light"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/124.0.0.0 Safari/537.36 Edg/124.0"
)


def keys(client):
    return re.findall(r'name="sign_in" value="([0-9a-f]{16})"', client.get("/account").text)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ANDROID, "Zalo · Android"),
        (WINDOWS, "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Firefox/125.0", "Firefox · Linux"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_browser_is_named_in_words_people_know(agent, name):
    assert browser_name(agent) == name


def test_the_account_lists_every_browser_with_device_time_and_last_seen(world, clock):
    phone = world.client()
    phone.environ_base["HTTP_USER_AGENT"] = ANDROID
    log_in(phone, "chu-tich")
    clock.move(minutes=25)
    here = world.signed_in("chu-tich")
    clock.move(minutes=15)

    page = here.get("/account").text

    assert "Zalo · Android" in page
    assert "từ 10:30 24/11/2026, gần nhất 10:30 24/11/2026" in page
    assert "từ 10:55 24/11/2026, gần nhất 11:10 24/11/2026" in page
    assert page.count("trình duyệt này") == 1
    assert "SM-A105F" not in repr(world.store.sign_ins.all())


def test_when_a_browser_was_seen_is_written_at_most_every_ten_minutes(world, clock):
    client = world.signed_in("chu-tich")
    seen = []
    for minutes in (9, 1, 9):
        clock.move(minutes=minutes)
        client.get("/desk")
        seen.append(f"{world.store.sign_ins.all()[0].seen:%H:%M}")

    assert seen == ["10:30", "10:40", "10:40"]


def test_one_other_browser_is_signed_out(world):
    here, there, third = (world.signed_in("chu-tich") for _ in range(3))
    with there.session_transaction() as session:
        secret = session["sign_in"]
    key = next(s.key for s in world.store.sign_ins.all() if s == world_sign_in(world, secret))

    answer = post(here, "/account/sign-out", sign_in=key)

    assert (answer.status_code, answer.location) == (303, "/account")
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]


def world_sign_in(world, secret):
    return world.app.extensions["phieu"].desk.sign_in_of(secret, world.clock())


def test_all_other_browsers_are_signed_out_and_nobody_else_s(world):
    here, there, third = (world.signed_in("chu-tich") for _ in range(3))
    other = world.signed_in("chu-tich-che")
    thief = copied(world, there)

    post(here, "/account/sign-out", sign_in="others")

    assert [is_in(c) for c in (here, there, third, other, thief)] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert keys(here) == []


def test_nobody_ends_the_sign_ins_of_others(world):
    mine, other = world.signed_in("chu-tich"), world.signed_in("chu-tich-che")
    with other.session_transaction() as session:
        key = world_sign_in(world, session["sign_in"]).key

    post(mine, "/account/sign-out", sign_in=key, name="chu-tich-che", person="chu-tich-che")
    nothing = post(mine, "/account/sign-out")

    assert is_in(other)
    assert nothing.status_code == 404
    assert is_in(mine)


def test_the_key_of_a_sign_in_on_the_page_is_not_its_secret_nor_its_hash(world):
    here, there = world.signed_in("chu-tich"), world.signed_in("chu-tich")
    with there.session_transaction() as session:
        secret = session["sign_in"]
    page = here.get("/account").text

    assert secret not in page
    assert all(sign_in.token not in page for sign_in in world.store.sign_ins.all())


def test_an_administrator_ends_a_person_s_sign_ins(world):
    admin, chair = world.signed_in("quan-tri"), world.signed_in("chu-tich")

    answer = post(admin, "/people/chu-tich/sign-out")

    assert answer.status_code == 303
    assert not is_in(chair)
    assert is_in(admin)


@pytest.mark.parametrize("present", ["", "sai-mat-khau-1", "mat-khau-moi-2027"])
def test_the_present_password_is_needed_for_another_one(world, present):
    client, before = world.signed_in("chu-tich"), kept(world.store)

    answer = post(client, "/account", present=present, password="mat-khau-moi-2027")

    assert answer.status_code == 422
    assert kept(world.store) == before
    assert is_in(client)


def test_the_new_password_must_be_another_one(world):
    client, before = world.signed_in("chu-tich"), kept(world.store)

    answer = post(client, "/account", present=PASSWORD, password=PASSWORD)

    assert answer.status_code == 422
    assert kept(world.store) == before


def test_a_password_somebody_else_chose_opens_the_account_page_only(world):
    admin = world.signed_in("quan-tri")
    post(admin, "/people/chu-tich/password", password=PASSWORD)
    chair = world.signed_in("chu-tich")

    pages = ["/desk", "/responses", "/assist", "/totals"]
    answers = [chair.get(page) for page in pages]

    assert {(a.status_code, a.location) for a in answers} == {(303, "/account")}
    assert "mật khẩu do người khác đặt" in chair.get("/account").text
    assert post(chair, "/assist/XXXXXX").location == "/account"


def test_after_choosing_an_own_password_everything_opens(world):
    admin = world.signed_in("quan-tri")
    post(admin, "/people/chu-tich/password", password="mat-khau-tam-2026")
    chair = world.client()
    log_in(chair, "chu-tich", "mat-khau-tam-2026")
    chair.get("/account")
    with chair.session_transaction() as session:
        chair.csrf = session["csrf"]

    post(chair, "/account", present="mat-khau-tam-2026", password=PASSWORD)

    assert world.signed_in("chu-tich").get("/responses").status_code == 200


@pytest.mark.parametrize("planted", ["a stranger's session", "another person's session"])
def test_a_session_that_was_planted_before_sign_in_is_worth_nothing_after(world, planted):
    attacker = world.client() if planted.startswith("a ") else world.signed_in("to-truong")
    attacker.get("/login" if planted.startswith("a ") else "/desk")
    victim = copied(world, attacker)
    with attacker.session_transaction() as session:
        token = session["csrf"]

    entry = {"username": "chu-tich", "password": PASSWORD, "csrf_token": token}
    assert victim.post("/login", data=entry).status_code == 303

    assert "chu-tich" in victim.get("/account").text
    assert not is_in(attacker)
    with victim.session_transaction() as session:
        assert session.get("csrf") != token


def test_signing_in_again_ends_the_sign_in_before(world):
    client = world.signed_in("chu-tich")
    thief = copied(world, client)

    log_in_again = {"username": "chu-tich", "password": PASSWORD, "csrf_token": client.csrf}
    client.post("/login", data=log_in_again)

    assert is_in(client)
    assert not is_in(thief)
    assert len(world.store.sign_ins.all()) == 1
