"""axe-core on every state a worker meets: light, dark, 320 px wide, and text twice as large."""

from collections.abc import Iterator

import pytest
from axe import SOUND, looked_at
from conftest import World
from offline import network_of
from playwright.sync_api import Browser
from scenes import SCENES
from stage import Scene, Stage

pytestmark = pytest.mark.browser

SMALL, USUAL = {"width": 320, "height": 640}, {"width": 360, "height": 640}
LARGER = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture
def stage(world: World, chromium: Browser) -> Iterator[Stage]:
    context = chromium.new_context(viewport=SMALL, locale="vi-VN")  # type: ignore[arg-type]
    with network_of(world) as network:
        yield Stage(network, context.new_page())
        context.close()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_state_has_no_fault_in_any_light_or_size(stage: Stage, scene: Scene) -> None:
    page, found = stage.page, {}

    scene.play(stage)
    found["small"] = looked_at(page)
    page.set_viewport_size(USUAL)  # type: ignore[arg-type]
    page.evaluate(LARGER)
    found["large"] = looked_at(page)

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}
