"""The self-test page: what a phone's browser can do, and the code that reports it."""

import re
from collections.abc import Iterator

import pytest
from conftest import World
from offline import Network, network_of
from playwright.sync_api import Browser, expect
from reading import Page

from qr.codes import ALPHABET, check_symbol, symbols
from views.worker.self_test import CHECKS, read_code

ZALO = (
    "Mozilla/5.0 (Linux; Android 10; SM-A105) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Zalo android/240401 ZaloTheme/light"
)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


def code_of(ticks: int, age: int) -> str:
    body = symbols(age << 14 | ticks, 5)
    return body + check_symbol(body)


def test_there_is_room_for_every_check_in_the_code() -> None:
    assert len(CHECKS) <= 14
    assert len(ALPHABET) ** 5 >= 2**14 * 256


@pytest.mark.parametrize("at", range(len(CHECKS)))
def test_a_code_is_read_as_it_was_written(at: int) -> None:
    reported = read_code(code_of(1 << at, 81).lower())

    assert reported is not None
    assert [name for name, tick in reported.ticks.items() if tick] == [list(CHECKS)[at]]
    assert reported.version == 120


@pytest.mark.parametrize("typed", ["", "CFG", "CFGHJ2", "AAAAAA", "222222222", "'<b>"])
def test_a_code_copied_wrongly_is_no_code(world: World, typed: str) -> None:
    answer = world.client().get("/thu-may", query_string={"code": typed})

    assert read_code(typed) is None
    assert answer.status_code == (422 if typed else 200)


def test_without_javascript_the_page_says_so(world: World) -> None:
    page = Page(world.client().get("/thu-may").text)

    assert "không chạy JavaScript" in page.one("noscript").text
    assert len([tag for tag in page.all("li") if "data-check" in tag]) == len(CHECKS)


@pytest.mark.browser
def test_a_phone_in_zalo_reports_what_it_can_do(network: Network, chromium: Browser) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640},
        user_agent=ZALO,
        screen={"width": 360, "height": 640},
    )
    context.add_init_script("delete window.SyncManager")
    page = context.new_page()
    page.goto(f"{network.base}/thu-may")
    shown = page.locator("#report .code")
    expect(shown).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    before = read_code(shown.inner_text())
    photo = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    page.set_input_files("#photo", [photo])
    after = read_code(shown.inner_text())
    page.fill("#code", shown.inner_text())
    page.click("form button")
    read = page.locator(".checks li .yes").count()
    context.close()

    assert before is not None
    assert after is not None
    assert before.version == 120
    assert before.ticks["zalo"]
    assert before.ticks["queue"]
    assert before.ticks["worker"]
    assert not before.ticks["sync"]
    assert (before.ticks["chosen"], after.ticks["chosen"]) == (False, True)
    assert read == sum(after.ticks.values())
    assert network.posts == []
