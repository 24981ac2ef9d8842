"""Who guesses passwords slows down strangers only; known and unknown names take equally long."""

import time
from statistics import median

import pytest
from argon2 import PasswordHasher
from conftest import PASSWORD
from sending import post
from test_sign_in import copied, fail, log_in

from federation import passwords
from services.identity import Hasher
from services.organization.devices import MOST_ACCOUNTS, Devices
from services.organization.people import set_active, set_password
from services.organization.sign_in import SignInDesk

MARK = "phieu_device"
WRONG = "sai-mat-khau-2026"


def mark_of(client):
    cookie = client.get_cookie(MARK, path="/login")
    return cookie.value if cookie else ""


def known_device(world, name="chu-tich"):
    """A browser that has signed in before and is signed out now."""
    client = world.signed_in(name)
    post(client, "/logout")
    return client


def test_guessing_from_outside_does_not_hold_up_the_usual_device(world):
    usual = known_device(world)

    fail(world, "chu-tich", 30)

    assert log_in(world.client(), "chu-tich").status_code == 429
    assert log_in(usual, "chu-tich").status_code == 303


def test_guessing_on_the_usual_device_is_slowed_down_there(world):
    usual = known_device(world)
    tried = [log_in(usual, "chu-tich", WRONG).status_code for _ in range(7)]

    assert tried == [422] * 5 + [429] * 2
    assert log_in(usual, "chu-tich").status_code == 429
    assert log_in(world.client(), "chu-tich").status_code == 303


def test_a_mark_counts_for_the_accounts_that_signed_in_there_only(world):
    usual = known_device(world, "chu-tich-che")

    fail(world, "chu-tich", 5)

    assert log_in(usual, "chu-tich").status_code == 429


def test_a_shared_computer_is_known_to_all_who_signed_in_there(world):
    shared = known_device(world)
    log_in(shared, "chu-tich-che")
    with shared.session_transaction() as session:
        session.clear()
    fail(world, "chu-tich", 5)
    fail(world, "chu-tich-che", 5)

    assert log_in(shared, "chu-tich").status_code == 303
    with shared.session_transaction() as session:
        session.clear()
    assert log_in(shared, "chu-tich-che").status_code == 303


@pytest.mark.parametrize("change", ["cut", "other device", "other proof", "too many", "empty"])
def test_a_mark_that_was_changed_is_worth_nothing(world, change):
    usual = known_device(world)
    device, proof = mark_of(usual).split(".")
    forged = {
        "cut": f"{device}.{proof[:-1]}",
        "other device": f"{'0' * 32}.{proof}",
        "other proof": f"{device}.{'0' * 32}",
        "too many": ".".join([device, *["0" * 32] * 50, proof]),
        "empty": "",
    }[change]
    fail(world, "chu-tich", 5)
    client = world.client()
    client.set_cookie(MARK, forged, path="/login")

    assert log_in(client, "chu-tich").status_code == 429


def test_a_mark_opens_nothing_and_names_nobody(world):
    usual = known_device(world)

    assert usual.get("/desk").status_code == 303
    assert "chu-tich" not in mark_of(usual)
    assert usual.get_cookie(MARK, path="/login").http_only
    assert not usual.get_cookie(MARK, path="/")


def test_a_mark_keeps_the_last_accounts_only():
    devices = Devices(Hasher(b"some key"))
    names = [f"nguoi-{number}" for number in range(MOST_ACCOUNTS + 2)]
    mark = ""
    for name in [*names, names[-1]]:
        mark = devices.marked(mark, name)

    assert [bool(devices.known(mark, name)) for name in names] == [False] * 2 + [True] * 8
    assert devices.known(mark, names[-1].upper()) == mark[:32]


def test_guessing_many_names_does_not_make_the_server_forget_a_real_one(world, monkeypatch):
    monkeypatch.setattr(SignInDesk, "REMEMBERED", 20)
    fail(world, "chu-tich", 5)

    for number in range(50):
        log_in(world.client(), f"khong-co-ai-{number}", WRONG)

    assert log_in(world.client(), "chu-tich").status_code == 429


def test_a_name_that_nobody_has_is_slowed_down_like_one_there_is(world):
    there, not_there = fail(world, "chu-tich", 7), fail(world, "khong-co-ai", 7)

    assert there == not_there == [422] * 5 + [429] * 2


def test_known_unknown_inactive_and_invited_names_take_equally_long(world, monkeypatch):
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=8_192, parallelism=1)
    )
    passwords._nobody.cache_clear()
    for name in ("chu-tich", "chu-tich-che"):
        set_password(world.store, name, PASSWORD)
    set_active(world.store, "chu-tich-che", active=False)
    desk, took = SignInDesk(world.store), {}
    for name in ("khong-co-ai", "chu-tich", "chu-tich-che") * 9:
        begun = time.thread_time()
        assert desk.check(name, WRONG, world.clock()) is None
        took.setdefault(name, []).append(time.thread_time() - begun)
    passwords._nobody.cache_clear()

    middle = {name: median(times) for name, times in took.items()}
    assert max(middle.values()) < 1.5 * min(middle.values()), middle
    assert max(times[0] for times in took.values()) < 6 * min(middle.values())


def test_a_stolen_session_cannot_guess_the_password_inside(world, clock):
    thief = copied(world, world.signed_in("chu-tich"))
    thief.get("/account")
    with thief.session_transaction() as session:
        thief.csrf = session["csrf"]
    guesses = [
        post(thief, "/account", present=WRONG, password="mat-khau-moi-2027") for _ in range(6)
    ]

    assert [answer.status_code for answer in guesses] == [422] * 5 + [429]
    assert int(guesses[-1].headers["Retry-After"]) >= 1
    assert log_in(world.client(), "chu-tich").status_code == 303
