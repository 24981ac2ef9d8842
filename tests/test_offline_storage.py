"""A phone that will not keep anything: what it cannot save, it never says it saved."""

from collections.abc import Iterator

import pytest
from conftest import World
from offline import SMALL, Network, answer, answer_offline, eventually, network_of, unsent
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TROUBLES = {
    "no storage": "Object.defineProperty(window, 'indexedDB', {value: undefined});"
    "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})",
    "forbidden": "IDBFactory.prototype.open = () => {"
    " throw new DOMException('', 'SecurityError'); }",
    "silent": "IDBFactory.prototype.open = () => ({})",
    "full": "IDBObjectStore.prototype.put = () => {"
    " throw new DOMException('', 'QuotaExceededError'); }",
    "full at the end": "const put = IDBObjectStore.prototype.put;"
    "IDBObjectStore.prototype.put = function (value) {"
    " const asked = put.call(this, value); this.transaction.abort(); return asked; }",
}


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=SMALL, service_workers="block")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_without_storage_the_browser_sends_and_nothing_untrue_is_said(
    network: Network, page: Page, trouble: str
) -> None:
    page.add_init_script(TROUBLES[trouble])
    address = f"{network.base}/q/{network.world.publish('f28')}"
    page.goto(address)
    answer(page)
    page.wait_for_url("**/r/*")
    page.goto(address)
    network.is_down = True
    answer(page)
    assert eventually(page, lambda: page.url.startswith("chrome-error:"))  # its own words

    assert len(network.stored()) == 1
    assert len(network.posts) == 1


def test_what_was_saved_before_the_storage_was_full_stays_saved(
    network: Network, page: Page
) -> None:
    address = f"{network.base}/q/{network.world.publish('f28')}"
    page.goto(address)
    network.is_down = True
    answer_offline(page, gop_y="trước")
    page.evaluate(f"void ({TROUBLES['full']})")
    answer(page, gop_y="sau")
    assert eventually(page, lambda: page.url.startswith("chrome-error:"))
    network.is_down = False
    page.goto(address)
    page.wait_for_selector(".arrived")

    assert [response.answers["gop_y"] for response in network.stored()] == ["trước"]
    assert unsent(page) == 0
