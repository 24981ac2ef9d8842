"""What is typed survives a page closed by mistake, but never ID numbers, [S] answers, consents."""

from collections.abc import Iterator

import pytest
from conftest import World
from offline import Network, answer, fill, network_of
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('phieu-draft')).length"


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    size = {"width": 360, "height": 640}
    context = chromium.new_context(viewport=size, service_workers="block")
    yield context
    context.close()


def open_and_type(phone: BrowserContext, address: str) -> Page:
    """Begin an enrolment with every kind of input, and lose the page."""
    page = phone.new_page()
    page.goto(address)
    page.fill("[name=ho_ten]", "Giàng A Páo")
    page.fill("[name='ngay_sinh.day']", "5")
    page.fill("[name=so_cccd]", "012092001234")
    page.locator("[name=gioi_tinh][value=nam]").check()
    page.select_option("[name=dan_toc]", "mong")
    page.locator("[name=dy_xu_ly]").check()
    page.close()
    page = phone.new_page()
    page.goto(address)
    return page


def test_a_lost_page_offers_what_was_typed_but_nothing_private(
    network: Network, phone: BrowserContext
) -> None:
    page = open_and_type(phone, f"{network.base}/q/{network.world.publish('f51')}")
    offer = page.locator("#draft")
    expect(offer).to_contain_text("Anh/chị đang điền dở phiếu này. Điền tiếp?")
    stored = page.evaluate("JSON.stringify(localStorage)")
    offer.get_by_text("Điền tiếp", exact=True).click()

    expect(offer).to_be_hidden()
    assert page.input_value("[name=ho_ten]") == "Giàng A Páo"
    assert page.input_value("[name='ngay_sinh.day']") == "5"
    assert page.locator("[name=gioi_tinh]:checked").get_attribute("value") == "nam"
    assert page.input_value("[name=so_cccd]") == ""
    assert page.input_value("[name=dan_toc]") == ""  # [S]
    assert not page.locator("[name=dy_xu_ly]").is_checked()
    assert "012092001234" not in stored
    assert "mong" not in stored


def test_whoever_starts_anew_leaves_nothing_behind(network: Network, phone: BrowserContext) -> None:
    page = open_and_type(phone, f"{network.base}/q/{network.world.publish('f51')}")
    page.get_by_text("Điền lại từ đầu").click()

    expect(page.locator("#draft")).to_be_hidden()
    assert page.input_value("[name=ho_ten]") == ""
    assert page.evaluate(DRAFTS) == 0


@pytest.mark.parametrize("is_down", [False, True])
def test_a_draft_ends_when_the_answers_are_sent_or_saved(
    network: Network, phone: BrowserContext, is_down: bool
) -> None:
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")
    fill(page)
    page.wait_for_timeout(500)
    before = page.evaluate(DRAFTS)
    network.is_down = is_down
    answer(page)
    page.wait_for_selector(".unsent" if is_down else ".ticket")

    assert before == 1
    assert page.evaluate(DRAFTS) == 0


def test_drafts_belong_to_one_poster(network: Network, phone: BrowserContext) -> None:
    open_and_type(phone, f"{network.base}/q/{network.world.publish('f51')}")
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f51', 'che')}")

    expect(page.locator("#draft")).to_be_hidden()


@pytest.mark.parametrize("moved", ["2026-11-28", "2031-01-01", "2019-01-01"])
def test_a_draft_is_wiped_after_three_days(
    network: Network, phone: BrowserContext, moved: str
) -> None:
    phone.clock.set_fixed_time("2026-11-24T08:00:00")
    open_and_type(phone, f"{network.base}/q/{network.world.publish('f51')}").close()
    phone.clock.set_fixed_time(moved)
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f28')}")  # of any form

    assert page.evaluate(DRAFTS) == 0


def test_after_a_change_of_language_the_page_itself_has_what_was_typed(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f51')}")
    page.fill("[name=ho_ten]", "Giàng A Páo")
    page.click(".language")
    expect(page.locator("html")).to_have_attribute("lang", "en")

    assert page.input_value("[name=ho_ten]") == "Giàng A Páo"
    expect(page.locator("#draft")).to_be_hidden()
    assert network.stored("f51") == []
