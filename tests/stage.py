"""A phone before a world, and the list of all scenes; scenes.py and scenes_form.py fill it."""

from collections.abc import Callable
from dataclasses import dataclass

from conftest import World
from kinds import every_kind, offered
from offline import Network
from playwright.sync_api import Page

PLAINLY = "HTMLFormElement.prototype.submit.call(document.querySelector('form'))"


@dataclass(frozen=True)
class Stage:
    """A phone with one open page, and the network between it and the world."""

    network: Network
    page: Page

    @property
    def world(self) -> World:
        return self.network.world

    def go(self, path: str) -> None:
        self.page.goto(self.network.base + path)

    def form(self, form: str = "f28", query: str = "") -> str:
        """Publish a form of the gallery and open it; gives its code."""
        code = self.world.publish(form)
        self.go(f"/q/{code}{query}")
        return code

    def every_kind(self, *, steps: bool = False) -> str:
        """The same with the form that has every kind of question."""
        code = offered(self.world, every_kind(steps=steps))
        self.go(f"/q/{code}")
        return code

    def look_at(self, place: str) -> None:
        """Scroll the question of this control to the top."""
        self.page.locator(place).first.evaluate("e => e.closest('.question').scrollIntoView()")

    def last_step(self) -> None:
        """Go on until the last section is open."""
        while self.page.locator("[data-way=onward]").is_visible():
            self.page.click("[data-way=onward]")

    def refused(self) -> None:
        """Send without our scripts, and see the server's page."""
        with self.page.expect_navigation():
            self.page.evaluate(PLAINLY)


@dataclass(frozen=True)
class Scene:
    """A state by the name its picture has, what a reader is told of it, and how it is reached."""

    name: str
    caption: str
    play: Callable[[Stage], None]


SCENES: list[Scene] = []


def scene(caption: str) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    def listed(play: Callable[[Stage], None]) -> Callable[[Stage], None]:
        SCENES.append(Scene(play.__name__.replace("_", "-"), caption, play))
        return play

    return listed
