"""Answers without a signal, in a real browser: kept on the phone, delivered exactly once."""

from collections.abc import Iterator

import pytest
from conftest import World
from offline import (
    CONTROLLED,
    SMALL,
    Network,
    answer,
    answer_offline,
    eventually,
    fill,
    network_of,
    old_phone_of,
    open_form,
    unsent,
    wake_by_sync,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=SMALL)
    yield context
    context.close()


@pytest.fixture
def old_phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = old_phone_of(chromium)
    yield context
    context.close()


def test_with_a_signal_one_post_leads_to_the_receipt(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}?lang=en")
    answer(page)
    page.wait_for_url("**/r/*")

    (response,) = network.stored()
    assert len(network.posts) == 1
    assert response.flags == ()
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
    assert eventually(page, lambda: page.evaluate("phieu.all()") == [])
    expect(page.locator("#kept")).to_be_empty()


def test_a_form_opened_before_opens_and_is_answered_without_a_signal(
    network: Network, phone: BrowserContext
) -> None:
    page, code = phone.new_page(), network.world.publish("f28")
    open_form(page, network, code)
    phone.set_offline(True)
    page.goto(f"{network.base}/q/{code}?zarsrc=1303")  # as messengers hang it on
    answer_offline(page)

    expect(page.locator(".unsent")).to_contain_text("Đã lưu trên máy, CHƯA GỬI.")
    expect(page.locator(".unsent")).to_contain_text("Số phiếu chưa gửi: 1")
    expect(page.locator("[name=ca]:checked")).to_have_count(0)
    assert network.stored() == []
    phone.set_offline(False)
    page.wait_for_selector(".arrived")

    (response,) = network.stored()
    assert len(network.posts) == 1
    assert response.flags == ("queued",)
    shown = page.locator(".arrived .code")
    assert len(shown.inner_text().replace(" ", "")) == 13
    shown.click()
    expect(page.locator("h1")).to_have_text("Mới nộp")


def test_a_reply_lost_twice_after_the_commit_stores_once(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.lost_replies = 2
    answer_offline(page)
    page.click("[data-act=now]")
    assert eventually(page, lambda: network.lost_replies == 0)
    page.wait_for_timeout(100)
    page.click("[data-act=now]")
    page.wait_for_selector(".arrived")

    assert len(network.stored()) == 1
    assert len(network.posts) == 3
    assert unsent(page) == 0


def test_a_closed_tab_sends_when_any_page_of_the_site_opens(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.is_down = True
    answer_offline(page)
    page.close()
    network.is_down = False
    later = old_phone.new_page()
    later.goto(network.base + "/")
    later.wait_for_selector(".arrived")

    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_background_sync_sends_while_no_form_is_open(
    network: Network, phone: BrowserContext
) -> None:
    page, code = phone.new_page(), network.world.publish("f28")
    open_form(page, network, code)
    network.is_down = True
    answer_offline(page)
    network.is_down = False
    page.goto(network.base + "/healthz")  # same origin, and no script of ours
    wake_by_sync(page, network)

    assert eventually(page, lambda: len(network.stored()) == 1)
    assert network.stored()[0].flags == ("queued",)
    page.goto(f"{network.base}/")  # the receipt waited for somebody to see it
    expect(page.locator(".arrived .code")).to_be_visible()
    page.reload()
    expect(page.locator(".arrived")).to_have_count(0)


def test_four_tabs_that_come_online_together_send_once(
    network: Network, phone: BrowserContext
) -> None:
    tabs = [phone.new_page() for _ in range(4)]
    for tab in tabs:
        tab.goto(f"{network.base}/")
    tabs[0].goto(f"{network.base}/q/{network.world.publish('f28')}")
    phone.set_offline(True)
    answer_offline(tabs[0])
    phone.set_offline(False)

    assert eventually(tabs[0], lambda: unsent(tabs[0]) == 0)
    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_another_form_of_the_site_sends_what_waits(
    network: Network, old_phone: BrowserContext
) -> None:
    page, other = old_phone.new_page(), network.world.publish("f51", "che")
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.is_down = True
    answer_offline(page)
    network.is_down = False
    page.goto(f"{network.base}/q/{other}")
    expect(page.locator(".arrived")).to_contain_text("Phiếu đánh giá chất lượng bữa ăn ca")

    assert len(network.stored()) == 1
    assert network.posts == [network.posts[0]]


def test_two_tabs_without_locks_store_once(network: Network, old_phone: BrowserContext) -> None:
    tabs = [old_phone.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(f"{network.base}/q/{network.world.publish('f28')}")
    network.is_down = True
    answer_offline(tabs[0])
    network.is_down = False
    network.free.clear()
    for tab in tabs:  # both have begun to send before either has an answer
        tab.evaluate("void phieu.tick(true)")
    assert eventually(tabs[0], lambda: len(network.posts) == 2)
    network.free.set()

    assert eventually(tabs[0], lambda: unsent(tabs[0]) == 0)
    assert len(network.stored()) == 1


def test_what_waits_is_still_shown_after_a_reload_and_a_look_elsewhere(
    network: Network, phone: BrowserContext
) -> None:
    page, code = phone.new_page(), network.world.publish("f28")
    page.goto(f"{network.base}/")
    page.evaluate(CONTROLLED)
    open_form(page, network, code)
    phone.set_offline(True)
    answer_offline(page)
    seen = []
    for look in (page.reload, lambda: page.goto(f"{network.base}/"), page.go_back):
        look()
        page.wait_for_selector(".unsent")
        seen.append(page.inner_text(".unsent [data-text=count]"))
    phone.set_offline(False)
    page.wait_for_selector(".arrived")

    assert seen == ["1", "1", "1"]
    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_without_a_service_worker_the_open_page_sends_when_the_signal_returns(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    old_phone.set_offline(True)
    answer_offline(page)
    old_phone.set_offline(False)
    page.wait_for_selector(".arrived")

    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_plain_http_on_the_local_network_queues_all_the_same(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    base = network.base.replace("127.0.0.1", "phieu.test")
    page.goto(f"{base}/q/{network.world.publish('f28')}")
    phone.set_offline(True)
    answer_offline(page)
    phone.set_offline(False)
    page.wait_for_selector(".arrived")

    assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
    assert len(network.stored()) == 1


def test_three_people_share_one_phone_and_one_cached_page(
    network: Network, phone: BrowserContext
) -> None:
    page, code = phone.new_page(), network.world.publish("f28")
    open_form(page, network, code)
    phone.set_offline(True)
    page.reload()
    for number in (1, 2, 3):
        answer_offline(page, gop_y=f"người {number}")
    phone.set_offline(False)

    assert eventually(page, lambda: unsent(page) == 0)
    texts = sorted(str(r.answers["gop_y"]) for r in network.stored())
    assert texts == ["người 1", "người 2", "người 3"]
    assert len(network.posts) == 3


def test_two_workers_at_two_posters_share_one_phone(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    network.is_portal = True
    for unit in ("nam-na", "che"):
        page.goto(f"{network.base}/q/{network.world.publish('f28', unit)}")
        answer_offline(page)
    network.is_portal = False
    page.click("[data-act=now]")

    assert eventually(page, lambda: unsent(page) == 0)
    assert sorted(r.unit for r in network.stored()) == ["che", "nam-na"]


def test_five_fast_taps_send_once(network: Network, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    fill(page)
    network.free.clear()
    page.evaluate("for (let tap = 0; tap < 5; tap++) document.querySelector('.send').click()")
    expect(page.locator(".send")).to_have_text("Đang gửi…")
    network.free.set()
    page.wait_for_url("**/r/*")

    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_without_javascript_one_post_stores_once(network: Network, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page: Page = context.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    page.get_by_label("Ca đêm").check()
    for name in ("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung"):
        page.locator(f"[name={name}][value='4']").check(force=True)
    page.locator("[name=trieu_chung][value=khong]").check()
    page.click("button.send")
    context.close()

    assert len(network.stored()) == 1
    assert len(network.posts) == 1
