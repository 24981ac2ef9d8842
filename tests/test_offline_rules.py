"""What the phone does when the server objects, changes its mind, is slow, or is not the server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import World
from offline import Network, answer, answer_offline, eventually, fill, network_of, open_form, unsent
from playwright.sync_api import Browser, Page, expect

from services.publishing.publish import change_definition, newest_version

pytestmark = pytest.mark.browser


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A small phone without a service worker: what is tested here is the page's own work."""
    size = {"width": 360, "height": 640}
    context = chromium.new_context(viewport=size, service_workers="block")
    yield context.new_page()
    context.close()


@pytest.fixture
def form(network: Network, page: Page) -> str:
    """The code of a meal feedback that is open on the phone."""
    code = network.world.publish("f28")
    page.goto(f"{network.base}/q/{code}")
    return code


def open_with_a_stopped_clock(network: Network, page: Page) -> None:
    """A meal feedback on a phone whose time passes only when the test says so."""
    now = network.world.clock()
    page.clock.install(time=now)
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    page.clock.pause_at(now + timedelta(minutes=10))


def send_later(network: Network, page: Page) -> None:
    """The signal returns and the person taps."""
    network.is_down = False
    page.click("[data-act=now]")


def test_mistakes_are_shown_while_the_person_is_there(
    network: Network, page: Page, form: str
) -> None:
    fill(page, gop_y="Canh nguội")
    page.evaluate("document.querySelectorAll('[name=ca], [name=ngon]').forEach(c => c.checked = 0)")
    page.click("button.send")

    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    assert [link.get_attribute("href") for link in links.all()] == ["#ca", "#ngon"]
    assert links.first.inner_text().startswith("Anh/chị vừa ăn ca nào: ")
    assert page.title().startswith("Lỗi: ")
    assert page.locator(".wrong .error").count() == 2
    assert page.input_value("[name=gop_y]") == "Canh nguội"
    assert (network.stored(), unsent(page)) == ([], 0)
    page.locator("[name=ca][value=ca_dem]").check()
    page.locator("[name=ngon][value='4']").check(force=True)
    page.click("button.send")
    page.wait_for_url("**/r/*")
    (response,) = network.stored()
    assert response.flags == ()


def test_a_question_that_is_not_on_the_page_is_left_to_the_server(
    network: Network, page: Page, form: str
) -> None:
    fill(page)
    page.evaluate(
        "document.querySelectorAll('[name=ca]').forEach(c => c.closest('fieldset').remove())"
    )
    page.click("button.send")
    page.wait_for_selector("[name=ca]")

    assert page.title().startswith("Lỗi: ")
    assert page.locator("[name=ngon]:checked").get_attribute("value") == "4"
    assert network.stored() == []


def test_an_answer_to_a_form_published_anew_meanwhile_is_kept(
    network: Network, page: Page, form: str
) -> None:
    network.is_down = True
    answer_offline(page)
    store = network.world.store
    store.versions.add(replace(newest_version(store, "f28"), number=2))
    send_later(network, page)
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert response.version == 1
    assert set(response.flags) == {"queued", "old_version"}


def test_an_answer_to_a_form_closed_meanwhile_is_kept(
    network: Network, page: Page, form: str
) -> None:
    network.is_down = True
    answer_offline(page)
    change_definition(network.world.store, "f28", "close", network.world.clock())
    send_later(network, page)
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert set(response.flags) == {"queued", "late"}


def test_a_final_refusal_is_kept_shown_and_deleted_only_by_two_taps(
    network: Network, page: Page, form: str
) -> None:
    network.is_down = True
    answer_offline(page)
    change_definition(network.world.store, "f28", "close", network.world.clock())
    network.world.clock.move(days=20)
    send_later(network, page)
    band = page.locator(".refused")

    expect(band).to_contain_text("Phiếu đánh giá chất lượng bữa ăn ca")
    expect(band).to_contain_text("Biểu mẫu này đã đóng")
    assert unsent(page) == 1
    posts = len(network.posts)
    page.reload()
    expect(band).to_be_visible()
    assert len(network.posts) == posts  # not tried again by itself
    drop = band.locator("[data-act=drop]")
    drop.click()
    expect(drop).to_have_text("Bấm lần nữa để xóa hẳn")
    assert unsent(page) == 1
    drop.click()
    expect(band).to_have_count(0)
    assert unsent(page) == 0
    assert network.stored() == []


def test_what_was_refused_can_be_tried_again(network: Network, page: Page, form: str) -> None:
    change_definition(network.world.store, "f28", "pause", network.world.clock())
    answer(page)
    expect(page.locator(".refused")).to_contain_text("tạm dừng")
    change_definition(network.world.store, "f28", "resume", network.world.clock())
    page.click("[data-act=again]")
    page.wait_for_selector(".arrived")

    assert len(network.stored()) == 1


def test_a_login_page_of_a_wifi_is_no_receipt(network: Network, page: Page, form: str) -> None:
    network.is_portal = True
    answer_offline(page)
    network.is_portal = False
    page.click("[data-act=now]")
    page.wait_for_selector(".arrived")

    assert len(network.stored()) == 1


def test_a_server_in_trouble_gets_the_answer_later(
    network: Network, page: Page, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(type(network.world.store), "add_response", fail)
        answer_offline(page)
    page.click("[data-act=now]")
    page.wait_for_selector(".arrived")

    assert len(network.stored()) == 1


def test_a_slow_network_is_waited_for_nine_seconds_and_success_still_counts(
    network: Network, page: Page
) -> None:
    open_with_a_stopped_clock(network, page)
    network.free.clear()
    answer(page)
    assert eventually(page, lambda: len(network.posts) == 1)
    page.clock.run_for(8_900)
    expect(page.locator(".unsent")).to_have_count(0)
    page.clock.run_for(200)
    expect(page.locator(".unsent")).to_be_visible()
    network.free.set()
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert response.flags == ()
    assert len(network.posts) == 1


def test_mistakes_found_after_the_person_left_are_flagged_not_lost(
    network: Network, page: Page
) -> None:
    open_with_a_stopped_clock(network, page)
    network.free.clear()
    page.locator("[name=ca][value=ca_dem]").check()
    page.click("button.send")
    assert eventually(page, lambda: len(network.posts) == 1)
    page.clock.run_for(9_100)
    expect(page.locator(".unsent")).to_be_visible()
    network.free.set()
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert {"queued", "ngon:broke_rule"} <= set(response.flags)


def test_pauses_between_tries_grow_until_somebody_taps(network: Network, page: Page) -> None:
    open_with_a_stopped_clock(network, page)
    network.is_portal = True
    answer_offline(page)

    def tries_in(seconds: int) -> int:
        before = len(network.posts)
        for _ in range(seconds):
            page.clock.run_for(1_000)
            page.wait_for_timeout(20)
        return len(network.posts) - before

    first, later = tries_in(18), tries_in(14)  # at 5 and 15 seconds, then at 35
    page.click("[data-act=now]")
    page.wait_for_timeout(200)
    assert (first, later) == (2, 0)
    assert tries_in(7) == 1


@pytest.mark.parametrize("year", [2019, 2037])
def test_a_phone_whose_clock_is_wrong_by_years_loses_nothing(
    network: Network, page: Page, year: int
) -> None:
    page.clock.set_fixed_time(f"{year}-03-01T08:00:00")
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.is_down = True
    answer_offline(page)
    page.clock.set_fixed_time(network.world.clock())
    send_later(network, page)
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert set(response.flags) == {"queued", "queued_time"}


def test_after_thirty_days_deletion_is_offered_and_never_done_silently(
    network: Network, page: Page
) -> None:
    page.clock.set_fixed_time("2026-11-01T08:00:00")
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.is_portal = True
    answer_offline(page)
    expect(page.locator(".old")).to_be_hidden()
    page.clock.set_fixed_time("2026-12-02T08:00:00")
    page.reload()

    expect(page.locator(".old")).to_contain_text("đã chờ hơn 30 ngày")
    assert unsent(page) == 1
    page.click(".old [data-act=drop]")
    assert unsent(page) == 1
    page.click(".old [data-act=drop]")
    assert eventually(page, lambda: unsent(page) == 0)
    expect(page.locator(".unsent")).to_have_count(0)


def test_files_wait_and_arrive_with_the_answers(network: Network, page: Page, form: str) -> None:
    page.evaluate(
        "document.querySelector('button.send').insertAdjacentHTML('beforebegin',"
        "'<input type=file name=anh multiple>')"
    )
    page.set_input_files(
        "[name=anh]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8" * 700}]
    )
    network.is_down = True
    answer_offline(page)
    kept = page.evaluate(
        "phieu.all().then(([r]) => r.fields.filter(f => f[0] === 'anh')"
        ".map(f => [f[1].byteLength, f[2], f[3]]))"
    )
    send_later(network, page)
    page.wait_for_selector(".arrived")

    assert kept == [[1400, "image/jpeg", "a.jpg"]]
    assert len(network.stored()) == 1


def test_the_service_worker_keeps_forms_and_never_receipts(
    network: Network, chromium: Browser
) -> None:
    context = chromium.new_context()
    page, code = context.new_page(), network.world.publish("f28")
    open_form(page, network, code)
    answer(page)
    page.wait_for_url("**/r/*")
    page.goto(network.base + "/login")
    page.goto(network.base + "/thu-may")
    cache = "caches.keys().then(names => caches.open(names[0]))"
    urls = cache + ".then(cache => cache.keys()).then(all => all.map(kept => kept.url))"
    assert eventually(page, lambda: any("/thu-may" in url for url in page.evaluate(urls)))
    kept = sorted(url.removeprefix(network.base) for url in page.evaluate(urls))
    pages = [url for url in kept if not url.startswith("/assets/")]
    network.world.clock.move(days=1)
    change_definition(network.world.store, "f28", "close", network.world.clock())
    page.goto(f"{network.base}/q/{code}")
    gone = eventually(page, lambda: not any(code in url for url in page.evaluate(urls)))
    context.close()

    assert pages == [f"/q/{code}", "/thu-may"]
    assert any("/assets/phieu-" in url for url in kept)
    assert gone


def test_a_network_that_hangs_shows_the_kept_form_after_four_seconds(
    network: Network, chromium: Browser
) -> None:
    context = chromium.new_context()
    page, code = context.new_page(), network.world.publish("f28")
    open_form(page, network, code)
    network.free.clear()
    page.goto(f"{network.base}/q/{code}", wait_until="commit")
    expect(page.locator("h1")).to_have_text("Phiếu đánh giá chất lượng bữa ăn ca")
    held = not network.free.is_set()
    network.free.set()
    context.close()

    assert held
