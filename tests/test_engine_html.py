"""The Nu HTML checker is the judge of every page and state: no error and no warning.

It sees the pages as they were served, and once more as our scripts left them in the browser.
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from conftest import World, fill_world
from flask import Response
from judges import vnu
from offline import network_of
from playwright.sync_api import Browser
from scenes import SCENES
from sending import post
from stage import Stage
from test_doors import addresses, one_of_each

from app import create_app
from storage.memory import MemoryStore

pytestmark = pytest.mark.engines

UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    None: bytes,
}


class Pages:
    """The pages that an application serves, each once, as files that tell where they are from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[bytes, Path] = {}
        self.scene = ""

    def watch(self, world: World) -> None:
        world.app.after_request(self._keep)

    def _keep(self, answer: Response) -> Response:
        if answer.mimetype == "text/html" and answer.status_code != 303:
            self.add(UNPACK[answer.content_encoding](answer.get_data()), str(answer.status_code))
        return answer

    def add(self, html: bytes, state: str) -> None:
        path = self.folder / f"{len(self.known):03}-{self.scene}-{state}.html"
        if self.known.setdefault(html, path) == path:
            path.write_bytes(html)


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    folder = tmp_path / "pages"
    folder.mkdir()
    return Pages(folder)


@pytest.fixture
def worlds(config: Any, clock: Any) -> Iterator[Callable[[], World]]:
    """New worlds, one for each scene."""
    made: list[MemoryStore] = []

    def make() -> World:
        store = MemoryStore()
        app = create_app(config, store, clock=clock)
        fill_world(store)
        made.append(store)
        return World(app, store, clock)

    yield make
    for store in made:
        store.close()


def complaints(pages: Pages) -> list[str]:
    """Errors and warnings; what is only told for information is none."""
    return sorted(
        f"{Path(said['url']).name}: {said['message']} … {said.get('extract', '')[:160]!r}"
        for said in vnu(list(pages.known.values()))
        if said["type"] != "info" or said.get("subType") == "warning"
    )


def test_the_pages_of_workers_are_valid(
    pages: Pages, worlds: Callable[[], World], chromium: Browser
) -> None:
    for scene in SCENES:
        world, pages.scene = worlds(), scene.name
        pages.watch(world)
        context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
        with network_of(world) as network:
            stage = Stage(network, context.new_page())
            scene.play(stage)
            pages.add(stage.page.content().encode(), "drawn")
            context.close()

    assert len(pages.known) > 2 * len(SCENES)
    assert "\n".join(complaints(pages)) == ""


def test_the_forms_are_valid_in_both_languages(world: World, pages: Pages) -> None:
    pages.watch(world)

    for form in ("f51", "f28", "f21"):
        code = world.publish(form)
        for language in ("vi", "en"):
            pages.scene = f"{form}-{language}"
            world.client().get(f"/q/{code}?lang={language}")
            world.client().post(f"/q/{code}", data={"_lang": language})
            world.client().post(f"/q/{code}", data={"_lang": language, "don_vi": "<b>", "x": "<"})

    assert len(pages.known) == 18
    assert "\n".join(complaints(pages)) == ""


def test_the_pages_of_the_staff_are_valid(world: World, pages: Pages) -> None:
    pages.watch(world)
    client = world.signed_in("quan-tri")
    for path in ("/desk", "/forms", "/responses", "/assist", "/units", "/people", "/nowhere"):
        pages.scene = "empty" + path.replace("/", "-")
        client.get(path)
    filled = one_of_each(world)
    for name in ("quan-tri", "lap-phieu", "chu-tich", "to-truong"):
        client = world.signed_in(name)
        for endpoint, url in addresses(filled, "GET"):
            pages.scene = f"{name}-{endpoint}"
            client.get(url)
    client = world.signed_in("quan-tri")
    for endpoint, url in addresses(filled, "POST"):
        pages.scene = f"empty-post-{endpoint}"
        post(client, url)

    seen = {path.name.split("-", 1)[1].rsplit("-", 1)[0] for path in pages.known.values()}
    assert {"quan-tri-units.show_unit", "quan-tri-chair.show_response"} <= seen
    assert len(pages.known) > 60
    assert "\n".join(complaints(pages)) == ""
