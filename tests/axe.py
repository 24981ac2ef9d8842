"""axe-core (WCAG 2.2 AA) asked about the page that a browser shows."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = "options => axe.run(document, options).then(found => found.violations)"
SOUND: tuple[list[str], int] = ([], 0)
LIGHTS = ("light", "dark")


def faults(page: Page) -> list[str]:
    """What axe objects to, each with the first place; all that it finds in order stays there."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: Any = page.evaluate(VIOLATIONS, options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def looked_at(page: Page, *widths: int) -> tuple[list[str], int]:
    """The faults in light and dark, and the most by which it is too wide: `SOUND` when none.

    At the width that the page has, or at each of `widths` (pixels) where they are given.
    """
    found, wider = [], 0
    size = page.viewport_size
    for width in widths or (0,):
        if width and size:
            page.set_viewport_size({"width": width, "height": size["height"]})
        for light in LIGHTS:
            page.emulate_media(color_scheme=light)
            found += [f"{light} {width or ''} {fault}" for fault in faults(page)]
        wider = max(wider, too_wide(page))
    return found, wider
