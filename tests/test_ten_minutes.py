"""From signing in to 38 posters: what a new organizer does, counted, on a phone and at a desk.

A step is whatever somebody does: open an address, press something, fill in a field. A page that a
press opens comes with it. docs/campaign-in-ten-minutes.md tells the same way in words.
"""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe import faults, too_wide
from conftest import PASSWORD, SetClock, World
from playwright.sync_api import Browser, BrowserContext, Page, expect
from printed import codes
from werkzeug.serving import make_server

from app import create_app
from config import Config
from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.seeds import find_seed, sow
from services.organization.units import tree_of
from storage.memory import MemoryStore

pytestmark = pytest.mark.browser

MOST_STEPS = 25
UNITS = 38  # 36 xã and 2 phường
SIZES = {"phone": (360, 640), "desk": (1280, 800)}
# What the form itself says: of any other form it is something else.
OWN_WORDS = frozenset({"Đăng ký Chợ Tết Công đoàn", "Anh/chị muốn tham gia"})
GUIDE = Path(__file__).resolve().parent.parent / "docs" / "campaign-in-ten-minutes.md"


@pytest.fixture
def province(config: Config, clock: SetClock) -> Iterator[World]:
    """The federation of Lai Châu as it is on its first day, with one organizer."""
    store = MemoryStore()
    app = create_app(config, store, clock=clock)
    sow(store, find_seed("lai-chau"), clock().date())
    grants = (Grant(Role.ORGANIZER, "root"),)
    add_person(store, "lap-phieu", "Người lập phiếu", PASSWORD, grants, tree_of(store))
    yield World(app, store, clock)
    store.close()


@pytest.fixture
def served(province: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, province.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Hand:
    """Somebody before a browser; every step is written down, with the pages that came by it."""

    page: Page
    steps: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    wrong: dict[str, object] = field(default_factory=dict)

    def open(self, address: str) -> None:
        self.steps.append("mở trang đăng nhập")
        self.page.goto(address)
        self._arrived()

    def fill(self, label: str, text: str, nth: int = 0) -> None:
        self.steps.append(f"ghi “{label}”")
        self.words.append(label.removesuffix(": Tiếng Việt"))
        self.page.get_by_label(label, exact=True).nth(nth).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.steps.append(f"chọn “{label}”: {option}")
        self.words.append(label)
        self.page.locator(f"select[aria-label='{label}']").first.select_option(label=option)

    def press(self, word: str, nth: int = 0) -> None:
        """Press the button or link that is called so."""
        self.steps.append(f"bấm “{word}”")
        self.words.append(word)
        before = self.page.url
        found = self.page.locator("main, header").locator("a, button").filter(has_text=word)
        found.nth(nth).click(timeout=5_000)
        self.page.wait_for_load_state()
        if self.page.url != before:
            self._arrived()

    def _arrived(self) -> None:
        self.pages.append(self.page.title())
        found = (faults(self.page), too_wide(self.page))
        if found != ([], 0):
            self.wrong[self.page.url] = found


def told() -> list[str]:
    """The words that the guide says to press or fill in, in its order."""
    way = GUIDE.read_text("utf-8").split("## Afterwards")[0].split("## Make")[1]
    bold = re.findall(r"\*\*(.+?)\*\*", way, re.DOTALL)
    return [re.sub(r"\s+", " ", word).removesuffix(": …") for word in bold]


def settled(page: Page, revision: int) -> None:
    """Wait until what was typed is kept."""
    known = "wanted => document.querySelector('input[name=revision]').value === wanted"
    page.wait_for_function(known, arg=str(revision))


def way_to_posters(hand: Hand, served: str) -> bytes:
    """Everything from the sign-in to the file of posters."""
    page = hand.page
    hand.open(f"{served}/login")
    hand.fill("Tên đăng nhập", "lap-phieu")
    hand.fill("Mật khẩu", PASSWORD)
    hand.press("Đăng nhập")
    hand.press("Biểu mẫu")
    hand.press("Đăng ký Chợ Tết Công đoàn")
    hand.press("Lập biểu mẫu riêng từ mẫu này")

    hand.press("Anh/chị muốn tham gia")
    hand.fill("Câu hỏi: Tiếng Việt", "Anh/chị muốn đi chợ bằng cách nào?")
    page.keyboard.press("Tab")
    settled(page, 2)
    hand.press("Câu hỏi tiếp theo")
    hand.fill("Câu hỏi: Tiếng Việt", "Số điện thoại nhận phiếu mua hàng điện tử")
    page.keyboard.press("Tab")
    settled(page, 3)
    hand.choose("Câu hỏi", "Anh/chị muốn đi chợ bằng cách nào?")
    hand.choose("Câu trả lời", "Trực tuyến")
    hand.press("Lưu điều kiện")

    hand.press("Xem thử như trên điện thoại")
    expect(page.locator("body")).to_contain_text("Anh/chị muốn đi chợ bằng cách nào?")
    hand.press("Thoát xem thử")
    hand.press("Phát hành…")
    hand.press("Phát hành phiên bản 1")
    hand.press("Xem trước")
    hand.press(f"Phát hành cho {UNITS} đơn vị")
    hand.press(f"In áp phích cho {UNITS} điểm quét này")
    hand.press("Tạo tệp để in")
    expect(page.get_by_role("link", name="Tải về")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        hand.press("Tải về")
    return Path(download.value.path()).read_bytes()


@pytest.fixture(params=SIZES)
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height})
    yield context
    context.close()


def test_a_new_organizer_has_38_posters_in_25_steps(
    province: World, served: str, context: BrowserContext, tmp_path: Path
) -> None:
    hand = Hand(context.new_page())

    posters = way_to_posters(hand, served)

    record = {"steps": hand.steps, "pages": hand.pages}
    (tmp_path / "steps.json").write_text(json.dumps(record, ensure_ascii=False, indent=1))
    assert hand.wrong == {}
    assert len(hand.steps) <= MOST_STEPS, hand.steps
    points = {f"http://phieu.example/Q/{p.code}".upper(): p for p in province.store.points.all()}
    assert len({point.unit for point in points.values()}) == UNITS
    pages = codes(posters, 100)
    assert len(pages) == UNITS
    for found in (pages[0], pages[-1]):
        assert [text.upper() in points for text in found] == [True]
    assert told() == [word for word in hand.words if word not in OWN_WORDS]
    shown = province.client().get(f"/q/{next(iter(points.values())).code}").text
    assert "Anh/chị muốn đi chợ bằng cách nào?" in shown


def test_each_link_of_the_list_is_copied_by_its_own_button(
    province: World, served: str, chromium: Browser
) -> None:
    codes_made = [province.publish("f28", unit) for unit in ("xa-sin-ho", "xa-than-uyen")]
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{served}/login")
    page.fill("#username", "lap-phieu")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(f"{served}/points")

    for code in codes_made:
        row = page.locator("tr").filter(has=page.locator(f"input[value='{code}']"))
        row.get_by_role("button").click()
        expect(row.get_by_role("button")).to_have_text("Đã chép")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.lower() == f"http://phieu.example/q/{code}".lower()
    context.close()
