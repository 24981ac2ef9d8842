"""Photos without a signal: they wait in the queue with the answers and arrive once, unharmed."""

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from conftest import World
from kinds import NAME, PAPERS, made, offered
from offline import (
    CONTROLLED,
    SMALL,
    Network,
    eventually,
    network_of,
    old_phone_of,
    unsent,
    wake_by_sync,
)
from pictures import HEIC, opened
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


def noisy_photo() -> bytes:
    """What a camera gives of a scene with many leaves: over a megabyte."""
    leaves = Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3))
    written = BytesIO()
    leaves.resize((3200, 2400), Image.Resampling.BICUBIC).save(written, "JPEG", quality=60)
    return written.getvalue()


PHOTO = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": noisy_photo()}
KEPT = (
    "phieu.all().then(([r]) => r.fields.filter(f => f[0] === 'giay_to')"
    ".map(f => [f[1].byteLength, f[2]]))"
)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=SMALL)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def old_phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = old_phone_of(chromium)
    yield context
    context.close()


def show(page: Page, network: Network) -> str:
    """Open a form that asks for photos of papers; gives its address."""
    address = f"{network.base}/q/{offered(network.world, made(NAME, PAPERS))}"
    page.goto(address)
    return address


def send_with_photo(page: Page, photo: dict[str, object] = PHOTO) -> None:
    """Fill in, choose a photo, send; without a network it ends with the yellow band."""
    page.fill("#ten", "Lò Thị Phương")
    page.set_input_files("#giay_to", [photo])  # type: ignore[list-item]
    page.wait_for_selector(".photos li")
    page.click("button.send")


def arrived_once(network: Network) -> bool:
    """One response, and its one photo opens."""
    (response,) = network.stored("f99")
    (photo,) = response.answers["giay_to"]
    return opened(network.world.store.file("f99", photo)).size == (1280, 960)


def test_a_large_photo_taken_without_a_signal_waits_small_and_arrives(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    address = show(page, network)
    page.evaluate(CONTROLLED)
    kept = f"caches.match('{address}').then(page => Boolean(page))"
    assert eventually(page, lambda: bool(page.evaluate(kept)))
    phone.set_offline(True)
    page.reload()  # the page and its scripts come from the phone
    send_with_photo(page)
    page.wait_for_selector(".unsent")
    ((size, kind),) = page.evaluate(KEPT)
    page.reload()
    page.wait_for_selector(".unsent")
    phone.set_offline(False)
    page.wait_for_selector(".arrived")

    assert len(noisy_photo()) > 1_000_000
    assert (size < 600_000, kind) == (True, "image/jpeg")
    assert len(network.posts) == 1
    assert arrived_once(network)


def test_background_sync_sends_photos_after_the_page_was_closed(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    show(page, network)
    page.evaluate(CONTROLLED)
    network.is_down = True
    send_with_photo(page)
    page.wait_for_selector(".unsent")
    page.close()
    network.is_down = False
    elsewhere = phone.new_page()
    elsewhere.goto(network.base + "/healthz")  # no script of ours
    wake_by_sync(elsewhere, network)

    assert eventually(elsewhere, lambda: len(network.stored("f99")) == 1)
    assert network.stored("f99")[0].flags == ("queued",)
    assert arrived_once(network)


def test_a_sync_that_comes_too_early_leaves_the_photos_for_the_next(
    network: Network, phone: BrowserContext
) -> None:
    page = phone.new_page()
    show(page, network)
    page.evaluate(CONTROLLED)
    network.is_down = True
    send_with_photo(page)
    page.wait_for_selector(".unsent")
    network.is_down, network.is_portal = False, True  # a Wi-Fi that wants a password first
    page.goto(network.base + "/healthz")
    wake_by_sync(page, network)
    assert eventually(page, lambda: bool(network.posts))
    assert network.stored("f99") == []
    network.is_portal = False
    wake_by_sync(page, network)

    assert eventually(page, lambda: len(network.stored("f99")) == 1)
    assert arrived_once(network)


def test_a_reply_lost_after_the_commit_keeps_each_photo_once(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    address = show(page, network)
    network.lost_replies = 2
    send_with_photo(page)
    page.wait_for_selector(".unsent")
    page.click("[data-act=now]")
    assert eventually(page, lambda: network.lost_replies == 0)
    page.close()
    later = old_phone.new_page()
    later.goto(address)
    later.wait_for_selector(".arrived")

    assert len(network.posts) == 3
    assert unsent(later) == 0
    assert arrived_once(network)
    assert len(list(network.world.store.iter_files("f99"))) == 1


def test_a_photo_that_nobody_can_open_is_flagged_and_the_answers_are_kept(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    show(page, network)
    network.is_down = True
    send_with_photo(page, {"name": "a.heic", "mimeType": "image/heic", "buffer": HEIC})
    page.wait_for_selector(".unsent")
    network.is_down = False
    page.click("[data-act=now]")
    page.wait_for_selector(".arrived")

    (response,) = network.stored("f99")
    assert {"queued", "giay_to:broke_rule"} <= set(response.flags)
    assert response.answers["ten"] == "Lò Thị Phương"


def test_files_too_heavy_to_take_are_kept_and_shown(
    network: Network, old_phone: BrowserContext
) -> None:
    page = old_phone.new_page()
    show(page, network)
    heavy = {"name": "a.heic", "mimeType": "image/heic", "buffer": HEIC + bytes(17_000_000)}
    send_with_photo(page, heavy)
    band = page.locator(".refused")

    expect(band).to_contain_text("Các tệp này lớn quá")
    assert unsent(page) == 1
    assert network.stored("f99") == []
