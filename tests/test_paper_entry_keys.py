"""A pile of papers is typed without the mouse: Enter, digits, first letters, Ctrl+Enter."""

from collections.abc import Iterator

import pytest
from conftest import PASSWORD, World
from kinds import made, offered
from offline import Network, network_of
from playwright.sync_api import Browser, Page

from storage.store import ResponseFilter

pytestmark = pytest.mark.browser

FORM = made(
    """
- {type: text, name: ten, label: {vi: Họ tên}, required: true}
- {type: date, name: sinh, label: {vi: Ngày sinh}}
- type: select_one
  name: ca
  label: {vi: Ca}
  choices:
    - {name: sang, label: {vi: Ca sáng}}
    - {name: dem, label: {vi: Đêm}}
    - {name: khac, label: {vi: Khác}, other: true}
- type: select_multiple
  name: can
  label: {vi: Cần gì}
  choices:
    - {name: ao, label: {vi: Áo}}
    - {name: gang, label: {vi: Găng}}
    - {name: ung, label: {vi: Ủng}}
- {type: multiline, name: y_kien, label: {vi: Ý kiến}}
- {type: consent, name: dong_y, purpose: process, required: true, label: {vi: Đồng ý}}
""",
    id="giay",
    steps=True,
)


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def page(network: Network, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    code, page = offered(network.world, FORM), context.new_page()
    page.goto(f"{network.base}/login")
    page.fill("#username", "chu-tich")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk")
    page.goto(f"{network.base}/responses/giay/enter/{code}")
    yield page
    context.close()


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_two_papers_are_typed_without_the_mouse(world: World, page: Page) -> None:
    keys = page.keyboard

    assert focus(page) == "_sheet"
    for name, born in (("Lò Thị Phương", "0509"), ("Giàng A Páo", "1203")):
        keys.type("7")
        keys.press("Enter")
        keys.press("Space")
        keys.press("Enter")
        keys.type(name)
        keys.press("Enter")
        keys.type(born + "1992")  # two digits go on by themselves
        keys.press("Enter")
        keys.press("d")  # Đêm: the only one with this letter, so on to the next question
        keys.press("1")
        keys.press("3")
        keys.press("Enter")
        keys.type("Nhà xa")
        keys.press("Enter")
        keys.press("Space")
        with page.expect_navigation():
            keys.press("Control+Enter")

    first, second = world.store.iter_responses("giay", ResponseFilter())
    assert first.answers | {"ten": second.answers["ten"], "sinh": second.answers["sinh"]} == (
        second.answers
    )
    assert (first.answers["sinh"], first.answers["ca"]) == ("1992-09-05", "dem")
    assert (first.answers["can"], first.answers["y_kien"]) == (["ao", "ung"], "Nhà xa")
    assert (first.sheet, second.sheet) == ("7", "7")  # the number that follows is typed over
    assert "Phiếu thứ 3 trong lượt này" in page.inner_text("main")


def test_an_error_comes_back_with_everything_typed(world: World, page: Page) -> None:
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.title().startswith("Lỗi: ")
    assert page.is_checked("#_signed")
    page.click(".summary a[href='#ten']")
    page.keyboard.type("Lò Văn Sơn")
    page.check("#dong_y")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert len(list(world.store.iter_responses("giay", ResponseFilter()))) == 1


def test_it_works_without_scripts(network: Network, chromium: Browser) -> None:
    code = offered(network.world, FORM)
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{network.base}/login")
    page.fill("#username", "to-truong")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(f"{network.base}/responses/giay/enter/{code}")
    page.check("#_signed")
    page.fill("#ten", "Lò Văn Sơn")
    page.check("#dong_y")
    with page.expect_navigation():
        page.press("#ten", "Enter")

    assert "Phiếu thứ 2" in page.inner_text("main")
    assert not page.is_visible("#keys")
    context.close()
