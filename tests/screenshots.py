"""Pictures of every state a worker meets, as a phone of 360×640 shows them: docs/screenshots.

`make screenshots` runs it. It draws each scene of scenes.py, some in the dark too, keeps the files
small, and writes the page that shows them. No test, but test_screenshots.py holds it to its word.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import SetClock, World, chromium_of, fill_world
from offline import SMALL, network_of
from PIL import Image
from playwright.sync_api import Browser
from scenes import SCENES
from stage import Scene, Stage

from app import create_app
from config import Config
from storage.memory import MemoryStore

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
DARK = ("home", "form-f28", "form-errors", "offline-saved", "receipt", "repeat-2-people")
COLOURS = 64
IN_A_ROW = 3


def shots() -> list[tuple[str, Scene, str]]:
    """File name, scene and light of every picture, in the order they are shown."""
    return [
        (f"{scene.name}{'-dark' if light == 'dark' else ''}.png", scene, light)
        for scene in SCENES
        for light in (("light", "dark") if scene.name in DARK else ("light",))
    ]


@contextmanager
def new_world() -> Iterator[World]:
    """A small federation that nobody has answered yet."""
    with TemporaryDirectory() as folder:
        config = Config(
            data_dir=Path(folder),
            base_url="http://phieu.example",
            secret_key="a secret for pictures only, of some length",
            hash_key="a hashing key for pictures only, of some length",
            organization="LĐLĐ tỉnh Lai Châu",
        )
        store, clock = MemoryStore(), SetClock()
        app = create_app(config, store, clock=clock)
        fill_world(store)
        yield World(app, store, clock)
        store.close()


def drawn(browser: Browser, scene: Scene, light: str, *, whole: bool = False) -> bytes:
    """The scene as a PNG; `whole` takes the page down to its end."""
    context = browser.new_context(
        viewport=SMALL,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="dark" if light == "dark" else "light",
        reduced_motion="reduce",
    )
    try:
        with new_world() as world, network_of(world) as network:
            stage = Stage(network, context.new_page())
            scene.play(stage)
            stage.page.evaluate("document.fonts.ready.then(() => 0)")
            return stage.page.screenshot(full_page=whole, caret="hide")
    finally:
        context.close()


def small(picture: bytes) -> bytes:
    """The same in few colours: flat pages lose nothing by it."""
    written = BytesIO()
    with Image.open(BytesIO(picture)) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
    return written.getvalue()


def readme() -> str:
    """The page that shows all pictures, a few in a row."""
    lines = [
        "# What a worker sees",
        "",
        "Every state of the worker's pages on a phone of 360×640, made by `make screenshots`. The",
        "button that chooses files speaks the language of the browser.",
        "",
    ]
    shown = [
        f"![{scene.caption}]({name})<br>{scene.caption}{' (dark)' if light == 'dark' else ''}"
        for name, scene, light in shots()
    ]
    rows = [shown[at : at + IN_A_ROW] for at in range(0, len(shown), IN_A_ROW)]
    lines += ["| " * (IN_A_ROW + 1), "| --- " * IN_A_ROW + "|"]
    lines += ["| " + " | ".join(row + [""] * (IN_A_ROW - len(row))) + " |" for row in rows]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def main(wanted: list[str]) -> None:
    """Draw all, or the named scenes."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    with chromium_of("--lang=vi") as browser:
        for name, scene, light in shots():
            if not wanted or scene.name in wanted:
                (FOLDER / name).write_bytes(small(drawn(browser, scene, light)))
    if not wanted:
        known = {name for name, *_ in shots()}
        for stale in set(FOLDER.glob("*.png")):
            if stale.name not in known:
                stale.unlink()
    (FOLDER / "README.md").write_text(readme(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
