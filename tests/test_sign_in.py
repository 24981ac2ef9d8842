"""Signing in and out: sessions, cookies, slow-down, and where one is sent afterwards."""

from dataclasses import replace

import pytest
from conftest import PASSWORD
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sending import post

from app import create_app
from services.organization.people import set_active

COOKIE = "phieu_session"


def log_in(client, name, password=PASSWORD, **inputs):
    client.get("/login")
    with client.session_transaction() as session:
        token = session["csrf"]
    posted = {"username": name, "password": password, "csrf_token": token, **inputs}
    return client.post("/login", data=posted)


def is_in(client):
    return client.get("/desk").status_code == 200


def fail(world, name, times):
    client = world.client()
    return [log_in(client, name, "not-the-password").status_code for _ in range(times)]


def copied(world, client):
    """Another browser with a copy of this one's cookie."""
    other = world.client()
    other.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    return other


def test_name_and_password_open_the_desk(world):
    client = world.client()

    answer = log_in(client, "chu-tich")

    assert (answer.status_code, answer.location) == (303, "/desk")
    assert is_in(client)


def test_the_name_may_come_in_capitals_and_with_spaces(world):
    assert log_in(world.client(), "  Chu-Tich ").status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("chu-tich", "mat-khau-khac-2026"),
        ("chu-tich", ""),
        ("chu-tich", PASSWORD.upper()),
        ("khong-co-ai", PASSWORD),
        ("", ""),
        ("x" * 5_000, "y" * 5_000),
    ],
)
def test_a_wrong_name_or_password_opens_nothing(world, name, password):
    client = world.client()

    answer = log_in(client, name, password)

    assert answer.status_code == 422
    assert not is_in(client)


def test_an_inactive_person_cannot_sign_in(world):
    set_active(world.store, "chu-tich", active=False)

    assert log_in(world.client(), "chu-tich").status_code == 422


def test_a_wrong_password_an_unknown_name_and_no_access_look_alike(world):
    set_active(world.store, "chu-tich-che", active=False)
    client = world.client()
    names = ("chu-tich", "khong-co-ai", "chu-tich-che")

    pages = {log_in(client, n, "sai-mat-khau-1").text.replace(f'"{n}"', "") for n in names}

    assert len(pages) == 1


def test_the_password_never_comes_back_in_a_page(world):
    assert "sai-mat-khau-1" not in log_in(world.client(), "chu-tich", "sai-mat-khau-1").text


def test_taking_away_access_ends_open_sessions_at_once(world):
    client = world.signed_in("chu-tich")

    set_active(world.store, "chu-tich", active=False)

    assert not is_in(client)


@pytest.mark.parametrize(
    ("base_url", "secure"), [("http://a.example", 0), ("https://a.example", 1)]
)
def test_scripts_other_sites_and_plain_http_cannot_have_the_cookie(
    world, config, clock, base_url, secure
):
    app = create_app(replace(config, base_url=base_url), world.store, clock=clock)

    marks = app.test_client().get("/login").headers["Set-Cookie"].split("; ")

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(marks)
    assert marks.count("Secure") == secure


def test_signing_in_starts_a_new_session(world):
    client = world.client()
    client.get("/login")
    with client.session_transaction() as session:
        session["planted"] = "by an earlier visitor"
        before = session["csrf"]

    log_in(client, "chu-tich")

    client.get("/desk")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf"] != before


def test_the_chosen_language_outlives_signing_in_and_out(world):
    client = world.client()
    client.get("/login?lang=en")

    log_in(client, "chu-tich")

    assert '<html lang="en">' in client.get("/desk").text


def test_signing_out_ends_the_session_for_a_copied_cookie_too(world):
    client = world.signed_in("chu-tich")
    thief = copied(world, client)
    assert is_in(thief)

    answer = post(client, "/logout")

    assert (answer.status_code, answer.location) == (303, "/login")
    assert not is_in(client)
    assert not is_in(thief)


def test_one_browser_signing_out_leaves_the_person_s_others_alone(world):
    first, second = world.signed_in("chu-tich"), world.signed_in("chu-tich")

    post(first, "/logout")

    assert is_in(second)


def test_a_sign_in_lasts_twelve_hours_and_no_longer(world, clock):
    client = world.signed_in("chu-tich")

    clock.move(hours=12)
    just_in_time = is_in(client)
    clock.move(seconds=1)

    assert just_in_time
    assert not is_in(client)


def test_the_store_keeps_no_secret_that_opens_a_session(world):
    client = world.signed_in("chu-tich")

    with client.session_transaction() as session:
        secret = session["sign_in"]

    assert secret not in repr(world.store.sign_ins.all())


def test_a_cookie_that_was_changed_or_signed_elsewhere_opens_nothing(world):
    client = world.signed_in("chu-tich")
    value = client.get_cookie(COOKIE).value
    with client.session_transaction() as session:
        entries = dict(session)
    elsewhere = Flask("elsewhere")
    elsewhere.secret_key = "another key"
    signer = SecureCookieSessionInterface().get_signing_serializer(elsewhere)
    payload, stamp, mark = value.rsplit(".", 2)
    forged = [
        signer.dumps(entries),
        f"{payload[:-2]}AA.{stamp}.{mark}",
        f"{payload}.{stamp}.",
        f"{payload}..{mark}",
        "",
        "." * 50,
    ]

    for cookie in forged:
        client.set_cookie(COOKIE, cookie)
        assert not is_in(client), cookie


def test_four_slips_are_forgiven(world):
    assert fail(world, "chu-tich", 4) == [422] * 4
    assert log_in(world.client(), "chu-tich").status_code == 303


def test_after_more_failures_even_the_right_password_must_wait(world, clock):
    fail(world, "chu-tich", 5)

    answer = log_in(world.client(), "chu-tich")

    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= 61
    clock.move(seconds=wait)
    assert log_in(world.client(), "chu-tich").status_code == 303


def test_the_name_in_capitals_does_not_escape_the_wait(world):
    fail(world, "chu-tich", 5)

    assert log_in(world.client(), " CHU-TICH ").status_code == 429


def test_waiting_for_one_account_holds_up_no_other(world):
    fail(world, "chu-tich", 6)

    assert log_in(world.client(), "chu-tich-che").status_code == 303


def test_tries_during_the_wait_do_not_make_it_longer(world):
    fail(world, "chu-tich", 5)
    first = log_in(world.client(), "chu-tich").headers["Retry-After"]

    fail(world, "chu-tich", 20)

    assert log_in(world.client(), "chu-tich").headers["Retry-After"] == first


def test_each_further_failure_doubles_the_wait_up_to_a_minute(world, clock):
    fail(world, "chu-tich", 4)
    waits = []
    for _ in range(8):
        fail(world, "chu-tich", 1)
        waits.append(int(log_in(world.client(), "chu-tich").headers["Retry-After"]))
        clock.move(seconds=waits[-1])

    assert waits[:3] == [3, 5, 9]
    assert waits == sorted(waits)
    assert waits[-1] == 61


def test_a_sign_in_that_works_forgets_the_failures_before(world):
    fail(world, "chu-tich", 4)
    log_in(world.client(), "chu-tich")

    assert fail(world, "chu-tich", 5) == [422] * 5


def test_a_stranger_is_led_back_to_the_page_that_was_asked_for(world):
    client = world.client()
    asked = client.get("/responses?form=f28")
    assert asked.location == "/login?next=/responses?form%3Df28"

    answer = log_in(client, "chu-tich", next="/responses?form=f28")

    assert answer.location == "/responses?form=f28"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/x\\evil.example",
        "javascript:alert(1)//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        " //evil.example",
        "\x01//evil.example",
        "//[evil.example",
        "/\t/[evil.example",
        "//evil.example\u2100",
        "evil.example",
    ],
)
def test_no_address_leads_to_another_site_after_signing_in(world, target):
    client = world.client()

    page = client.get("/login", query_string={"next": target})
    answer = log_in(client, "chu-tich", next=target)

    assert page.status_code == 200
    assert "evil.example" not in page.text
    assert answer.location == "/desk"


def test_who_is_signed_in_needs_no_sign_in_page(world):
    assert world.signed_in("chu-tich").get("/login").location == "/desk"


def test_a_new_password_signs_all_browsers_of_the_person_out(world):
    here, there = world.signed_in("chu-tich"), world.signed_in("chu-tich")
    other = world.signed_in("chu-tich-che")

    answer = post(here, "/account", present=PASSWORD, password="mat-khau-moi-2027")

    assert (answer.status_code, answer.location) == (303, "/login")
    assert [is_in(client) for client in (here, there, other)] == [False, False, True]
    assert log_in(world.client(), "chu-tich").status_code == 422
    assert log_in(world.client(), "chu-tich", "mat-khau-moi-2027").status_code == 303


@pytest.mark.parametrize("password", ["", "ngan", "x" * 201, "mat-khau\x00-2027"])
def test_a_password_that_cannot_be_kept_changes_nothing(world, password):
    client = world.signed_in("chu-tich")

    answer = post(client, "/account", present=PASSWORD, password=password)

    assert answer.status_code == 422
    assert is_in(client)
    assert log_in(world.client(), "chu-tich").status_code == 303
