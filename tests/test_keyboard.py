"""A form with every kind of question from its first stop to the receipt, without a pointer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from conftest import World
from kinds import every_kind, offered
from offline import Network, network_of
from pictures import jpeg
from playwright.sync_api import Browser, Page

from storage.store import ResponseFilter

pytestmark = pytest.mark.browser

PHOTO = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
# What has the focus, where it is seen, and whether a ring is around it and nothing before it.
STOP = """() => {
  const e = document.activeElement;
  const seen = e.closest(".row") ? e.nextElementSibling
    : e.closest(".face") ? e.nextElementSibling : e;
  const box = seen.getBoundingClientRect(), style = getComputedStyle(seen);
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: e.name || e.dataset.act || e.className || e.tagName, id: e.id, tag: e.tagName,
    text: (e.closest("label") || e).textContent.trim(), x: box.x, y: box.y + scrollY,
    ring: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3,
    clear: Boolean(top) && ((e.closest("label") || e).contains(top) || top.contains(e)),
    inside: box.y >= 0 && box.bottom <= innerHeight,
  };
}"""


@dataclass
class Keyboard:
    """Hands that only know keys; every stop they make is kept."""

    page: Page
    stops: list[dict[str, Any]] = field(default_factory=list)

    def here(self) -> dict[str, Any]:
        told: dict[str, Any] = self.page.evaluate(STOP)
        return told

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def tab(self) -> dict[str, Any]:
        self.press("Tab")
        self.stops.append(self.here())
        return self.stops[-1]

    def to(self, wanted: str) -> dict[str, Any]:
        """Tab on to the control of this name or id, or the button of these words."""
        for _ in range(60):
            stop = self.tab()
            if wanted in (stop["name"], stop["id"], stop["text"]):
                return stop
        raise AssertionError(f"no stop at {wanted}: {[s['name'] for s in self.stops]}")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)

    def hidden_rings(self) -> list[dict[str, Any]]:
        """Stops, but for the page's end, that a person would not see as a whole."""
        inner = [stop for stop in self.stops if stop["tag"] != "BODY"]
        return [stop for stop in inner if not (stop["ring"] and stop["clear"] and stop["inside"])]


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    with network_of(world) as network:
        yield network


@pytest.fixture
def keyboard(network: Network, chromium: Browser) -> Iterator[Keyboard]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
    page = context.new_page()
    page.on("filechooser", lambda chooser: chooser.set_files([PHOTO]))
    page.goto(f"{network.base}/q/{offered(network.world, every_kind())}")
    yield Keyboard(page)
    context.close()


def about_oneself(keyboard: Keyboard, *, phone: str) -> None:
    keyboard.write("ho_ten", "Lò Thị Phương")
    keyboard.write("dien_thoai", phone)
    keyboard.write("so_cccd", "012190123456")
    for part, text in (("day", "5"), ("month", "9"), ("year", "1992")):
        keyboard.write(f"ngay_sinh.{part}", text)
    keyboard.write("vao_lam.month", "3")
    keyboard.write("vao_lam.year", "2015")
    keyboard.to("xa")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")


def about_work(keyboard: Keyboard) -> None:
    keyboard.to("ca_lam")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    keyboard.write("vi_sao", "Con nhỏ")
    keyboard.write("so_con", "2")
    keyboard.write("luong", "7500000")
    keyboard.write("gio", "12,5")
    keyboard.to("bua_an")
    keyboard.press("Space")
    for _ in range(3):
        keyboard.press("ArrowRight")
    keyboard.to("can_gi")
    keyboard.press("Space")
    keyboard.to("can_gi")
    keyboard.press("Space")
    keyboard.to("dy_nhay_cam")
    keyboard.press("Space")
    keyboard.to("dong_y")
    keyboard.press("Space")


def about_the_family(keyboard: Keyboard) -> None:
    keyboard.write("gia_dinh.0.ho_ten", "Lò Văn Pánh")
    keyboard.to("_step")
    keyboard.press("Enter")  # a second person; the focus goes along
    keyboard.page.keyboard.type("Lò Thị Xôm")
    keyboard.to("_step")
    keyboard.press("Enter")  # a third one by mistake
    keyboard.press("Shift+Tab")
    keyboard.press("Space")  # taken away again


def papers(keyboard: Keyboard) -> None:
    keyboard.to("giay_to")
    keyboard.press("Enter")
    keyboard.page.wait_for_selector(".photos img")


def test_every_question_is_answered_with_keys_alone(network: Network, keyboard: Keyboard) -> None:
    about_oneself(keyboard, phone="0912 345 678")
    about_work(keyboard)
    about_the_family(keyboard)
    papers(keyboard)
    keyboard.to("Gửi phiếu")
    keyboard.press("Enter")
    keyboard.page.wait_for_url("**/r/**")

    (response,) = network.world.store.iter_responses("f99", ResponseFilter())
    answers = dict(response.answers)
    assert len(answers.pop("giay_to")) == 1
    assert answers == {
        "ho_ten": "Lò Thị Phương",
        "dien_thoai": "0912345678",
        "so_cccd": "012190123456",
        "ngay_sinh": "1992-09-05",
        "vao_lam": "2015-03",
        "xa": "sin_ho",
        "ca_lam": "dem",
        "vi_sao": "Con nhỏ",
        "so_con": 2,
        "luong": 7500000,
        "gio": 12.5,
        "ho_tro": 1000000,
        "bua_an": 4,
        "can_gi": ["nha_o", "nha_tre"],
        "dy_nhay_cam": True,
        "dong_y": True,
        "gia_dinh": [{"ho_ten": "Lò Văn Pánh"}, {"ho_ten": "Lò Thị Xôm"}],
    }
    assert keyboard.hidden_rings() == []


def test_the_way_of_the_focus_is_the_way_of_reading(keyboard: Keyboard) -> None:
    while keyboard.tab()["tag"] not in ("BODY", "HTML"):
        assert len(keyboard.stops) < 100
    there = keyboard.stops[:-1]
    keyboard.press("Shift+Tab")
    back = [keyboard.here()["name"]]
    for _ in there[1:]:
        keyboard.press("Shift+Tab")
        back.append(keyboard.here()["name"])

    places = [(round(stop["y"] / 8), stop["x"]) for stop in there]
    assert places == sorted(places)
    assert back[::-1] == [stop["name"] for stop in there]
    assert keyboard.hidden_rings() == []


def test_a_line_of_the_error_list_leads_to_its_question(
    network: Network, keyboard: Keyboard
) -> None:
    about_oneself(keyboard, phone="0912")
    about_work(keyboard)
    keyboard.to("Gửi phiếu")
    keyboard.press("Enter")
    keyboard.page.wait_for_selector(".summary a")

    assert keyboard.here()["name"] == "summary"
    keyboard.tab()
    keyboard.press("Enter")
    assert keyboard.here()["id"] == "dien_thoai"
    keyboard.press("ControlOrMeta+a")
    keyboard.page.keyboard.type("0912 345 678")
    keyboard.press("Enter")
    keyboard.page.wait_for_url("**/r/**")
    assert len(list(network.world.store.iter_responses("f99", ResponseFilter()))) == 1


def test_a_long_list_of_mistakes_is_shown_from_its_beginning(
    network: Network, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{network.base}/q/{network.world.publish('f51')}")
    page.click("button.send")
    page.wait_for_selector(".summary a")
    box = page.locator(".summary").bounding_box()
    focused = page.evaluate("document.activeElement.className")
    context.close()

    assert box is not None
    assert box["height"] > 640
    assert 0 <= box["y"] < 60
    assert focused == "summary"
