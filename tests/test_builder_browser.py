"""The builder in a real browser: without scripts, with keys alone, dragging, saving by itself."""

import threading
from collections.abc import Iterator

import pytest
from axe import SOUND, looked_at
from conftest import PASSWORD, World
from drafting import changed, copied
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from forms.draft import Draft
from forms.editing.plain import question_of, questions

pytestmark = pytest.mark.browser

SIZES = [(360, 640), (1280, 800)]
SHOWN = """names => [...document.querySelectorAll("[data-question]")]
  .map(card => card.dataset.question).join() === names.join()"""
PAGES = ["", "/questions/hinh_thuc", "/questions/so_cccd", "/texts", "/sections/1", "/publish",
         "/add?after=ho_ten", "/changes", "/discard"]  # fmt: skip


@pytest.fixture
def served(world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def draft(world: World) -> Draft:
    return copied(world)


def now_of(world: World, definition: str = "f22-2") -> Draft:
    found = world.store.drafts.get(definition)
    assert found is not None
    return found


def names(world: World) -> list[str]:
    return [question["name"] for question in questions(now_of(world).plain)]


def entered(context: BrowserContext, served: str, name: str = "lap-phieu") -> Page:
    page = context.new_page()
    page.goto(f"{served}/login")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    return page


@pytest.fixture
def desk(chromium: Browser, served: str, draft: Draft) -> Iterator[Page]:
    """A signed-in organizer at a desk, before the draft."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = entered(context, served)
    page.goto(f"{served}/drafts/f22-2")
    yield page
    context.close()


def settled(page: Page, world: World, revision: int) -> None:
    """Wait until the server has the revision and the page knows it."""
    known = "wanted => document.querySelector('input[name=revision]').value === wanted"
    page.wait_for_function(known, arg=str(revision))
    assert now_of(world).revision == revision


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_a_form_is_built_and_published_without_scripts(
    world: World, served: str, chromium: Browser, size: tuple[int, int]
) -> None:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=False
    )
    page = entered(context, served)
    page.goto(f"{served}/forms")
    page.fill("#title", "Khảo sát nhà ở")
    page.click("text=Tự lập từ đầu")
    page.click("text=+ Thêm câu hỏi")
    page.click("button[value=select_one]")
    page.fill("[name='label.vi']", "Anh/chị đang ở đâu?")
    page.fill("[name='label.en']", "Where do you live?")
    page.select_option("#required", "1")
    page.click("button[value=edit]")
    page.fill("#list", "Nhà riêng\nNhà trọ\nKý túc xá")
    page.click("button[value=paste_choices]")
    page.click("main a.link >> nth=0")
    page.click("text=+ Thêm câu hỏi >> nth=-1")
    page.click("button[value=money]")
    page.fill("[name='label.vi']", "Tiền trọ mỗi tháng")
    page.click("button[value=edit]")
    page.select_option("[name='question.0']", "anh_chi_dang_o_dau")
    page.click("button[value=pick] >> nth=0")
    page.select_option("[name='value.0']", label="Nhà trọ")
    page.click("button[value=condition] >> nth=0")
    page.click("main a.link >> nth=0")
    card = page.locator(".question-card").nth(1)
    assert "hiện khi “Anh/chị đang ở đâu?” là “Nhà trọ”" in card.inner_text()
    card.locator("button[value='move:up']").click()
    assert "dựa vào “Anh/chị đang ở đâu?”" in page.inner_text("main")
    page.click("button[value=undo]")
    page.click("text=Phát hành…")
    page.click("text=[Ghi rõ: dùng vào việc gì.]")
    page.fill("[name='text.2.vi']", "Để biết anh/chị cần nhà ở thế nào.")
    page.fill("[name='text.2.en']", "To know what housing is needed.")
    page.click("button[value=notice]")
    page.click("text=Phát hành… >> nth=-1")
    page.select_option("#unit", "nam-na")
    page.click("text=Phát hành phiên bản 1")

    (point,) = world.store.points.all()
    shown = world.client().get(f"/q/{point.code}").text
    assert "Tiền trọ mỗi tháng" in shown
    assert "Ký túc xá" in shown
    assert world.store.drafts.all() == ()
    context.close()


def test_no_page_of_the_builder_has_a_fault(
    world: World, served: str, chromium: Browser, draft: Draft
) -> None:
    draft = changed(world, draft, "hide", name="bo_phan")
    changed(world, draft, "add", kind="repeat", after="ho_ten", label__vi="Người có bệnh")
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page, found, said = entered(context, served), {}, []
    page.on("console", lambda message: said.append(message.text))

    for path in [*PAGES, "/questions/nguoi_co_benh"]:
        page.goto(f"{served}/drafts/f22-2{path}")
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        found[path] = looked_at(page, 320, 1280)
    for path in ("/forms", "/forms/f22"):
        page.goto(served + path)
        found[path] = looked_at(page, 320, 1280)

    assert {path: fault for path, fault in found.items() if fault != SOUND} == {}
    assert said == []
    context.close()


def test_keys_alone_move_a_question_and_keep_the_focus(
    world: World, desk: Page, draft: Draft
) -> None:
    before = names(world)
    desk.locator("#q-ho_ten h3 a").focus()

    desk.keyboard.press("Alt+ArrowDown")
    settled(desk, world, 2)
    assert names(world)[:2] == [before[1], before[0]]
    expect(desk.locator("#q-ho_ten button[value='move:down']")).to_be_focused()
    desk.keyboard.press("Alt+ArrowDown")
    settled(desk, world, 3)
    desk.keyboard.press("Alt+ArrowUp")
    settled(desk, world, 4)

    assert names(world)[:2] == [before[1], before[0]]
    desk.wait_for_function(SHOWN, arg=names(world))


def test_every_button_of_a_card_can_be_reached_and_pressed_with_keys(
    world: World, desk: Page, draft: Draft
) -> None:
    desk.locator("#q-bo_phan h3 a").focus()
    reached = []
    for _ in range(6):
        desk.keyboard.press("Tab")
        reached.append(desk.evaluate("document.activeElement.textContent.trim()"))
    desk.locator("#q-bo_phan button[value=hide]").focus()
    desk.keyboard.press("Enter")
    settled(desk, world, 2)

    assert reached == ["↑", "↓", "Sửa", "Nhân đôi", "Ẩn", "Bỏ"]
    assert question_of(now_of(world).plain, "bo_phan")["hidden"] is True
    expect(desk.locator("#q-bo_phan")).to_contain_text("đã ẩn")
    expect(desk.locator("button[value=undo]")).to_contain_text("ẩn câu hỏi")


def test_a_question_is_dragged_to_its_place(world: World, desk: Page, draft: Draft) -> None:
    before = names(world)
    desk.set_viewport_size({"width": 1280, "height": 1600})

    desk.locator(f"#q-{before[0]}").drag_to(desk.locator(f"#q-{before[2]}"))
    settled(desk, world, 2)

    assert names(world)[:3] == [before[1], before[2], before[0]]


def test_what_is_typed_saves_itself_and_renews_the_preview(
    world: World, served: str, desk: Page, draft: Draft
) -> None:
    desk.goto(f"{served}/drafts/f22-2/questions/ho_ten")
    frame = desk.frame_locator("[data-preview]")
    expect(frame.locator("body")).to_contain_text("Họ và tên")

    desk.fill("[name='label.vi']", "Tên đầy đủ của anh/chị")
    desk.locator("[name='label.vi']").blur()
    settled(desk, world, 2)

    expect(frame.locator("body")).to_contain_text("Tên đầy đủ của anh/chị")
    expect(desk.locator("[data-saved]")).to_contain_text("Đã lưu lúc")
    desk.click("button[value=edit]")
    assert now_of(world).revision == 2


def test_a_name_that_follows_its_label_goes_on_being_saved(
    world: World, served: str, desk: Page, draft: Draft
) -> None:
    changed(world, draft, "add", kind="text", after="ho_ten")
    desk.goto(f"{served}/drafts/f22-2/questions/cau_hoi_moi")

    for revision, text in ((3, "Bản làng"), (4, "Thôn bản")):
        desk.fill("[name='label.vi']", text)
        desk.locator("[name='label.vi']").blur()
        settled(desk, world, revision)

    assert "thon_ban" in names(world)
    assert desk.url.endswith("/questions/thon_ban")
    desk.reload()
    expect(desk.locator("h1")).to_have_text("Thôn bản")


def test_a_mistake_is_said_where_it_was_made_and_nothing_is_lost(
    world: World, served: str, desk: Page, draft: Draft
) -> None:
    desk.goto(f"{served}/drafts/f22-2/questions/ho_ten")

    desk.fill("#longest", "99999")
    desk.locator("#longest").blur()

    expect(desk.locator("#longest")).to_have_attribute("aria-invalid", "true")
    expect(desk.locator("[data-saved]")).to_contain_text("từ 1 đến 2.000".replace(".", ""))
    assert now_of(world).revision == 1


def test_two_browsers_on_one_draft_never_overwrite_each_other(
    world: World, served: str, desk: Page, draft: Draft, chromium: Browser
) -> None:
    context = chromium.new_context()
    other = entered(context, served, "quan-tri")
    for page in (desk, other):
        page.goto(f"{served}/drafts/f22-2/questions/ho_ten")
    other.fill("[name='label.vi']", "Của quản trị")
    other.locator("[name='label.vi']").blur()
    settled(other, world, 2)

    desk.fill("[name='label.vi']", "Của người lập phiếu")
    desk.locator("[name='label.vi']").blur()
    expect(desk.locator("[data-saved]")).to_contain_text("có người khác đã sửa")
    desk.click("button[value=edit]")

    expect(desk.locator("main")).to_contain_text("Của quản trị")
    expect(desk.locator("main")).to_contain_text("Của người lập phiếu")
    assert question_of(now_of(world).plain, "ho_ten")["label"]["vi"] == "Của quản trị"
    context.close()


def test_without_a_connection_it_says_that_nothing_was_saved(
    world: World, served: str, desk: Page, draft: Draft
) -> None:
    desk.goto(f"{served}/drafts/f22-2/questions/ho_ten")
    desk.context.set_offline(True)
    desk.fill("[name='label.vi']", "Gõ khi mất mạng")
    desk.locator("[name='label.vi']").blur()
    expect(desk.locator("[data-saved]")).to_contain_text("Chưa lưu được")

    desk.context.set_offline(False)
    desk.click("button[value=edit]")

    assert question_of(now_of(world).plain, "ho_ten")["label"]["vi"] == "Gõ khi mất mạng"


def test_a_board_that_is_not_the_latest_shows_what_the_other_did(
    world: World, desk: Page, draft: Draft
) -> None:
    changed(world, draft, "hide", name="bo_phan")

    desk.locator("#q-ho_ten button[value='move:down']").click()

    expect(desk.locator("main")).to_contain_text("không còn hỏi nữa")
    assert now_of(world).revision == 2
