"""Photos, papers and signatures on the page of a response, as the union's officers see them."""

import pytest
from conftest import PASSWORD
from playwright.sync_api import Browser
from test_cases_files import filled, kept
from test_kinds_browser import base

__all__ = ["base"]
pytestmark = pytest.mark.browser
SIZES = """[...document.querySelectorAll(".files img")].map(img =>
  [img.complete && img.naturalWidth / img.naturalHeight, img.clientWidth / img.clientHeight,
   img.clientHeight])"""


@pytest.mark.parametrize("width", [360, 1280])
def test_they_are_shown_small_and_whole(world, base: str, chromium: Browser, width: int) -> None:
    filled(world)
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{base}/login")
    page.fill("#username", "chu-tich")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk")

    page.goto(f"{base}/responses/f99/{kept(world).id}")
    page.locator(".files img").last.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    shown = page.evaluate(SIZES)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    gap = page.evaluate(
        "(() => { const list = document.querySelector('.files'), cell = list.closest('dd');"
        " return cell.clientHeight - list.clientHeight; })()"
    )
    context.close()

    assert len(shown) == 3  # two photos and the signature; the PDF is a link
    assert all(abs(own - drawn) < 0.05 for own, drawn, _ in shown)
    assert {height for _, _, height in shown} == {94}  # 96 with its border
    assert (wide, gap) == (0, 0)
