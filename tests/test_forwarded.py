"""What proxies say of the browser behind them: believed only as far as the settings go."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from app import create_app
from views.forwarded import Forwarded

SAID = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "phieu.example",
}
LOCAL = (ip_network("127.0.0.0/8"), ip_network("::1"), ip_network("10.0.0.0/8"))
PLAIN = ("127.0.0.1", "http", "server:8000")
BELIEVED = ("203.0.113.9", "https", "phieu.example")


def seen(trusted, **changed):
    """Address, scheme and host that the application sees; and no word of proxies."""
    environ = {
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "server:8000",
        **SAID,
        "HTTP_FORWARDED": "for=6.6.6.6",
        "HTTP_X_FORWARDED_PREFIX": "/evil",
        **changed,
    }
    Forwarded(lambda told, start: [], trusted)(environ, lambda *_: None)
    assert not [name for name in environ if "FORWARDED" in name]
    return environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"]


def test_without_a_setting_nothing_is_believed():
    assert seen(0) == PLAIN
    assert seen(()) == PLAIN


def test_one_proxy_is_believed_where_one_is_said_to_stand():
    assert seen(1) == BELIEVED
    assert seen(LOCAL) == BELIEVED


def test_a_proxy_at_another_address_is_not_believed():
    assert seen(LOCAL, REMOTE_ADDR="192.0.2.4")[1:] == PLAIN[1:]
    assert seen(LOCAL, REMOTE_ADDR="")[1:] == PLAIN[1:]


@pytest.mark.parametrize("trusted", [1, LOCAL])
def test_what_the_browser_itself_claims_stands_further_left_and_is_not_believed(trusted):
    claimed = {
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9",
        "HTTP_X_FORWARDED_PROTO": "ftp, https",
        "HTTP_X_FORWARDED_HOST": "evil.example, phieu.example",
    }

    assert seen(trusted, **claimed) == BELIEVED


@pytest.mark.parametrize("trusted", [2, LOCAL])
def test_two_proxies_are_passed_through(trusted):
    hops = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9, 10.1.1.1"}

    assert seen(trusted, **hops) == BELIEVED


def test_a_request_that_passed_fewer_proxies_than_stand_there_is_not_believed():
    assert seen(2) == PLAIN
    assert seen(1, HTTP_X_FORWARDED_FOR="") == PLAIN


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("FOR", "evil"),
        ("FOR", "203.0.113.9 OR 1=1"),
        ("PROTO", "javascript"),
        ("PROTO", ""),
        ("HOST", "evil.example/path"),
        ("HOST", "a\r\nSet-Cookie: x"),
        ("HOST", "phieu.example:port"),
        ("HOST", ""),
    ],
)
def test_what_no_proxy_would_say_changes_nothing(header, value):
    place = ("FOR", "PROTO", "HOST").index(header)

    assert seen(1, **{f"HTTP_X_FORWARDED_{header}": value})[place] == PLAIN[place]


def test_addresses_of_both_kinds_are_read():
    assert seen(LOCAL, REMOTE_ADDR="::ffff:127.0.0.1") == BELIEVED
    assert seen(LOCAL, REMOTE_ADDR="[::1]") == BELIEVED
    assert seen(1, HTTP_X_FORWARDED_FOR="2001:db8::7")[0] == "2001:db8::7"


def headers(config, world, **sent):
    app = create_app(config, world.store, clock=world.clock)
    return app.test_client().get("/login", headers=sent).headers


@pytest.mark.parametrize(
    ("base_url", "trusted", "sent", "wanted"),
    [
        ("http://phieu.example", 0, {}, False),
        ("http://phieu.example", 0, {"X-Forwarded-Proto": "https"}, False),
        ("https://phieu.example", 0, {}, True),
        (
            "http://phieu.example",
            1,
            {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"},
            True,
        ),
        (
            "http://phieu.example",
            1,
            {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"},
            False,
        ),
    ],
)
def test_browsers_are_told_to_stay_with_https_only_behind_https(
    config, world, base_url, trusted, sent, wanted
):
    config = replace(config, base_url=base_url, trusted_proxies=trusted)

    told = headers(config, world, **sent).get("Strict-Transport-Security")

    assert told == ("max-age=31536000" if wanted else None)


def test_another_site_cannot_post_by_claiming_to_be_a_proxy(world):
    code = world.publish("f28")
    claimed = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}

    answer = world.client().post(f"/q/{code}", data={}, headers=claimed)

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
def test_no_page_repeats_a_host_that_a_stranger_wrote(world, name):
    client = world.client()
    code = world.publish("f28")

    for url in ("/", f"/q/{code}", "/login", "/desk", "/nowhere", f"/?code={code}"):
        answer = client.get(url, headers={name: "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers), url
