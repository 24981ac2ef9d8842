"""The kiosk: one device for many people, with nothing left of the one before."""

import threading
from collections.abc import Iterator

import pytest
from conftest import MEAL, World
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from reading import Page
from sending import HARDSHIP, post
from werkzeug.serving import make_server

from storage.store import ResponseFilter


@pytest.fixture
def served(world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Tab]:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def clocked(chromium: Browser) -> Iterator[Tab]:
    """A tab whose clock stands until it is moved."""
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.clock.install()
    yield tab
    context.close()


def kept(world, form="f28"):
    return list(world.store.iter_responses(form, ResponseFilter()))


def scripts(page):
    """What runs on a page, by the names in static/."""
    files = [script["src"].split("/")[-1].split("-")[0] for script in page.all("script")]
    return [name for file in files for name in file.split(".")]


def answer_meal(tab: Tab, but: str = "") -> None:
    for name, value in MEAL.items():
        if name == but:
            continue
        tab.check(f"[name={name}][value='{value}']", force=True)
    tab.click("button.send")


def test_the_page_is_marked_and_offers_nothing_of_its_owner(world):
    page = Page(world.client().get(f"/k/{world.publish('f21')}").text)

    assert "data-kiosk" in page.one("form")
    assert page.one("form")["autocomplete"] == "off"
    assert {t["autocomplete"] for t in page.all("input")} <= {"", "off"}
    assert [s for s in scripts(page) if "draft" in s or "send" in s] == []
    assert "kiosk" in scripts(page)


def test_the_poster_s_own_page_is_no_kiosk(world):
    code = world.publish("f21")
    world.client().get(f"/k/{code}")

    page = Page(world.client().get(f"/q/{code}").text)

    assert "data-kiosk" not in page.one("form")
    assert "kiosk" not in scripts(page)


def test_answers_are_kept_once_and_thanked_without_an_address(world):
    code = world.publish("f28")
    posted = Page(world.client().get(f"/k/{code}").text).sent() | MEAL

    answers = [world.client().post(f"/k/{code}", data=posted) for _ in range(2)]

    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert f'content="15; url=/k/{code}"' in answers[0].text
    assert len(kept(world)) == 1


def test_wrong_answers_are_asked_for_again(world):
    code = world.publish("f28")

    answer = world.client().post(f"/k/{code}", data=MEAL | {"ca": ""})

    assert answer.status_code == 422
    assert "data-kiosk" in Page(answer.text).one("form")
    assert kept(world) == []


def test_a_paused_form_and_an_unknown_code_are_refused(world):
    code = world.publish("f28")
    post(world.signed_in("quan-tri"), f"/points/{code}/pause")
    client = world.client()

    assert client.get(f"/k/{code}").status_code == 403
    assert client.post(f"/k/{code}", data=MEAL).status_code == 403
    assert client.get("/k/ZZZZZZ").status_code == 404
    assert client.post("/k/ZZZZZZ", data=MEAL).status_code == 404
    assert client.post(f"/k/{code}", json={}).status_code == 415


@pytest.mark.browser
def test_going_back_shows_an_empty_form(world: World, served: str, tab: Tab) -> None:
    code = world.publish("f21")
    tab.goto(f"{served}/k/{code}")
    tab.fill("#ho_ten", "Lò Thị Phương")
    tab.fill("#mo_ta", HARDSHIP["mo_ta"])
    tab.goto(f"{served}/")

    tab.go_back()

    assert tab.input_value("#ho_ten") == ""
    assert tab.input_value("#mo_ta") == ""


@pytest.mark.browser
def test_after_fifteen_seconds_the_next_person_finds_an_empty_page(
    world: World, served: str, clocked: Tab
) -> None:
    code = world.publish("f28")
    clocked.goto(f"{served}/k/{code}")
    clocked.click("text=English")
    answer_meal(clocked, but="chung")
    answer_meal(clocked)
    expect(clocked.locator("h1")).to_have_text("Thank you, your answers have arrived")

    clocked.clock.run_for(14_000)
    still = clocked.locator("#left").text_content()
    clocked.clock.run_for(2_000)
    clocked.wait_for_selector("form[data-kiosk]")

    assert still == "1"
    assert clocked.url == f"{served}/k/{code}"
    assert clocked.locator("html").get_attribute("lang") == "vi"
    assert clocked.locator(":checked").count() == 0
    for _ in range(3):
        clocked.go_back()
        assert clocked.locator(".ticket, .summary, :checked").count() == 0
    assert len(kept(world)) == 1


@pytest.mark.browser
def test_an_abandoned_form_is_emptied_after_a_warning(
    world: World, served: str, clocked: Tab
) -> None:
    code = world.publish("f21")
    clocked.goto(f"{served}/k/{code}")
    clocked.fill("#ho_ten", "Lò Thị Phương")

    clocked.clock.run_for(106_000)
    warned = clocked.locator("#idle").is_visible()
    clocked.fill("#dien_thoai", "0912")
    touched = clocked.locator("#idle").is_visible()
    clocked.clock.run_for(119_000)
    before = clocked.input_value("#ho_ten")
    with clocked.expect_navigation():
        clocked.clock.run_for(2_000)

    assert (warned, touched, before) == (True, False, "Lò Thị Phương")
    assert clocked.input_value("#ho_ten") == ""


@pytest.mark.browser
def test_a_page_that_scrolls_by_itself_is_not_touched(
    world: World, served: str, clocked: Tab
) -> None:
    clocked.goto(f"{served}/k/{world.publish('f21')}")
    clocked.fill("#ho_ten", "Lò Thị Phương")
    clocked.locator("button.send").scroll_into_view_if_needed()

    clocked.clock.run_for(110_000)
    clocked.evaluate("dispatchEvent(new Event('scroll'))")
    warned = clocked.locator("#idle").is_visible()
    with clocked.expect_navigation():
        clocked.clock.run_for(12_000)

    assert warned
    assert clocked.input_value("#ho_ten") == ""


@pytest.mark.browser
def test_an_untouched_page_stays(world: World, served: str, clocked: Tab) -> None:
    clocked.goto(f"{served}/k/{world.publish('f28')}")
    clocked.evaluate("window.same = true")

    clocked.clock.run_for(600_000)

    assert clocked.evaluate("window.same")
    assert not clocked.locator("#idle").is_visible()
