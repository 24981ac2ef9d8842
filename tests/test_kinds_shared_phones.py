"""The scripts of the question kinds where nothing may stay on the phone: kiosk and correction."""

from collections.abc import Iterator

import pytest
from kinds import FAMILY, NAME, SHIFT, made, offered
from pictures import jpeg_of_a_place, opened
from playwright.sync_api import Browser, Page
from test_cases_files import PHONE, filled, kept
from test_kinds_browser import base, chosen, page

from storage.store import ResponseFilter

__all__ = ["base", "page"]
pytestmark = pytest.mark.browser
LEFT = """async () => [
  Object.keys(localStorage).length + Object.keys(sessionStorage).length,
  (await phieu.all()).length,
]"""
PAPERS = """
- {type: image, name: giay_to, label: {vi: Ảnh giấy tờ, en: Papers}, most: 2}
- {type: signature, name: chu_ky, label: {vi: Chữ ký, en: Signature}}
"""


@pytest.fixture
def clocked(chromium: Browser) -> Iterator[Page]:
    """A tab whose clock stands until it is moved."""
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.clock.install()
    yield tab
    context.close()


def sign(page: Page) -> None:
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()


def test_a_correction_in_steps_replaces_photos_and_leaves_nothing_on_the_phone(
    world, base: str, page: Page
) -> None:
    sender = filled(world, steps=True)
    before = kept(world)
    page.goto(base + sender.url)
    page.fill("#_digits", "5678")
    page.click("button[value=open]")
    page.click("button[value=edit]")
    page.click("text=Tiếp tục")
    page.click("text=Ca sáng")
    page.click("text=Tiếp tục")
    page.fill("#nam", "5")
    live = page.inner_text("#thang")
    page.click("text=Thêm người")
    page.fill("[name='gia_dinh.2.ho_ten']", "Lò Thị C")
    page.click("text=Tiếp tục")
    page.set_input_files("#giay_to", [chosen("a.jpg", jpeg_of_a_place())])
    page.wait_for_selector(".photos li")
    sign(page)
    page.wait_for_timeout(600)  # a draft would be kept by now
    left = page.evaluate(LEFT)
    page.click("button.send:visible")
    page.wait_for_url("**/r/*corrected=1")
    after = kept(world)

    assert live == "60"
    assert left == [0, 0]
    assert page.evaluate(LEFT) == [0, 0]
    assert (after.answers["ca"], after.answers["thang"]) == ("sang", 60)
    assert [row["ho_ten"] for row in after.answers["gia_dinh"]][1:] == ["Lò Thị B", "Lò Thị C"]
    assert after.answers["gia_dinh"][0] == before.answers["gia_dinh"][0]
    (photo,) = after.answers["giay_to"]
    assert opened(world.store.file("f99", photo)).size == (600, 900)
    assert after.answers["don"] == before.answers["don"]
    assert after.answers["chu_ky"] != before.answers["chu_ky"]
    assert len(list(world.store.iter_files("f99"))) == 3


def test_a_kiosk_takes_photos_rows_and_signatures_and_keeps_nothing(
    world, base: str, page: Page
) -> None:
    code = offered(world, made(NAME + PHONE, SHIFT, FAMILY, PAPERS, steps=True))
    page.goto(f"{base}/k/{code}")
    page.fill("#ten", "Lò Thị B")
    page.click("text=Tiếp tục")
    page.click("text=Ca đêm")
    page.click("text=Tiếp tục")
    page.fill("[name='gia_dinh.0.ho_ten']", "Lò Văn A")
    page.click("text=Thêm người")
    page.fill("[name='gia_dinh.1.ho_ten']", "Lò Thị C")
    page.click("text=Tiếp tục")
    page.set_input_files("#giay_to", [chosen("a.jpg", jpeg_of_a_place())])
    page.wait_for_selector(".photos li")
    sign(page)
    page.wait_for_timeout(600)
    left = page.evaluate(LEFT)
    page.click("button.send:visible")
    page.wait_for_selector("#next")

    (response,) = world.store.iter_responses("f99", ResponseFilter())
    assert left == [0, 0]
    assert page.evaluate(LEFT) == [0, 0]
    assert len(response.answers["gia_dinh"]) == 2
    assert world.store.file("f99", response.answers["giay_to"][0])
    assert world.store.file("f99", response.answers["chu_ky"])


def test_steps_that_somebody_walked_away_from_empty_themselves(
    world, base: str, clocked: Page
) -> None:
    code = offered(world, made(NAME, FAMILY, PAPERS, steps=True))
    clocked.goto(f"{base}/k/{code}")
    clocked.fill("#ten", "Lò Thị B")
    clocked.click("text=Tiếp tục")
    clocked.fill("[name='gia_dinh.0.ho_ten']", "Lò Văn A")
    clocked.click("text=Thêm người")
    clocked.click("text=Tiếp tục")
    sign(clocked)

    clocked.clock.run_for(106_000)
    warned = clocked.locator("#idle").is_visible()
    with clocked.expect_navigation():
        clocked.clock.run_for(15_000)

    assert warned
    assert clocked.inner_text(".progress") == "Phần 1 / 3"
    assert clocked.input_value("#ten") == ""
    assert clocked.evaluate("[...document.querySelectorAll('[data-row]')].length") == 1
    assert clocked.input_value("[name='gia_dinh.0.ho_ten']") == ""
    assert clocked.evaluate("document.querySelector('[data-signature]').value") == ""
    for _ in range(2):
        clocked.go_back()
        assert "Lò" not in clocked.content()


def test_steps_walked_without_scripts_in_a_kiosk_leave_no_address(
    world, base: str, chromium: Browser
) -> None:
    code = offered(world, made(NAME, SHIFT, steps=True))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/k/{code}")
    page.fill("#ten", "Lò Thị B")
    page.click("text=Tiếp tục")
    page.click("text=Ca đêm")

    page.click("button.send:visible")
    page.wait_for_selector("#next")
    address = page.url
    context.close()

    assert address.split("#")[0] == f"{base}/k/{code}"
    assert len(list(world.store.iter_responses("f99", ResponseFilter()))) == 1
