"""axe-core (WCAG 2.2 AA) on every kind of page, in light and dark, and the page at 320 px."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe import SOUND, looked_at, too_wide
from cases import sent
from conftest import PASSWORD, SetClock, World
from kinds import NAME, made, offered
from playwright.sync_api import Browser, Page
from requests_of import ask, officer
from sending import send
from werkzeug.serving import make_server

from federation.people import Grant, Role
from forms.campaign import Campaign
from forms.offer import Offer
from services.offering.offers import keep_offer
from services.organization.people import add_person
from services.organization.units import tree_of

pytestmark = pytest.mark.browser

MEAL = dict.fromkeys(("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung"), "4") | {
    "ca": "ca_dem",
    "trieu_chung": "co_hom_nay",
}


KEPT = """async ([url, id]) => {
  const record = {url, title: "Phiếu đánh giá", at: Date.now() - 40 * 864e5};
  await phieu.ask("put", Object.assign({id: id + 1, fields: []}, record));
  await phieu.ask("put", Object.assign({id: id + 2, fields: [], refused: "Đã đóng."}, record));
  await phieu.ask("put", Object.assign({id: id + 3, receipt: "J4GGTHTT5FCQG"}, record));
}"""
PLAINLY = "HTMLFormElement.prototype.submit.call(document.querySelector('form'))"


@pytest.fixture
def served(world: World) -> Iterator[str]:
    """The world's application on a real port of this machine."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in_as_helper(page: Page, served: str) -> None:
    page.goto(f"{served}/login")
    page.fill("#username", "to-truong")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def test_the_workers_pages_have_no_fault(world: World, served: str, phone: Page) -> None:
    codes = [world.publish(form) for form in ("f28", "f51", "f21")]
    world.clock.move(minutes=1)
    answer = world.client().post(f"/q/{codes[0]}", data=MEAL)
    pages = [
        "/",
        "/thu-may",
        "/thu-may?code=wrong",
        "/?code=wrong",
        "/q/WRONG2",
        answer.location,
        answer.location.split("?")[0],
    ]

    found = {}
    for code in codes:
        phone.goto(f"{served}/q/{code}")
        found[f"{code} fresh"] = looked_at(phone)
        phone.click("button.send")
        phone.wait_for_selector(".summary a")
        found[f"{code} errors"] = looked_at(phone)
        phone.evaluate(PLAINLY)
        phone.wait_for_selector(".summary[autofocus]")
        found[f"{code} errors by the server"] = looked_at(phone)
    for path in pages:
        phone.goto(served + path)
        found[path] = looked_at(phone)

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
def test_the_pages_of_a_case_a_kiosk_and_a_helper_have_no_fault(
    world: World, served: str, phone: Page, contrast: str
) -> None:
    case, kiosk, found = sent(world), world.publish("f28"), {}
    phone.emulate_media(contrast=contrast)  # type: ignore[arg-type]

    def look(name: str) -> None:
        found[name] = looked_at(phone)

    def press(act: str) -> None:
        with phone.expect_navigation():
            phone.click(f"button[value={act}]")
        look(act)

    phone.goto(served + case.url)
    look("receipt")
    press("open")  # without digits: an error
    phone.fill("#_digits", "5678")
    press("open")
    press("edit")
    phone.fill("#ho_ten", "")
    phone.click("button.send")
    look("correction with an error")
    phone.goto(served + case.url)
    phone.fill("#_digits", "5678")
    press("open")
    press("ask_withdraw")
    press("withdraw")
    phone.goto(f"{served}/k/{kiosk}")
    look("kiosk")
    sign_in_as_helper(phone, served)
    for path in ("/desk", "/assist", f"/assist/{kiosk}"):
        phone.goto(served + path)
        look(path)
    phone.click("button.send")
    phone.wait_for_selector(".summary a")
    look("assisted with errors")
    for name, value in (MEAL | {"_channel": "spoken", "_heard": "1"}).items():
        phone.check(f"[name={name}][value='{value}']", force=True)
    phone.click("button.send")
    phone.wait_for_selector(".ticket")
    look("assisted")
    phone.goto(f"{served}/k/{kiosk}")
    for name, value in MEAL.items():
        phone.check(f"[name={name}][value='{value}']", force=True)
    phone.click("button.send")
    look("thanks")

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


def test_the_staff_pages_have_no_fault(world: World, served: str, phone: Page) -> None:
    code = world.publish("f51")
    meal = world.publish("f28")
    for _ in range(6):
        world.client().post(f"/q/{meal}", data=MEAL)
    day, units = world.clock().date(), ("nam-na", "che")
    campaign = Campaign("mot", "Tết 2026", day, day, ("f28", "f51"), units, world.clock())
    world.store.campaigns.put(replace(campaign, targets={"f28": 9}, note="Đợt chính"))
    keep_offer(
        world.store,
        world.app.extensions["phieu"].hasher,
        world.store.versions.get("f51@1").definition,
        Offer("f51", total=20, slots={"gioi_tinh": {"nam": 5}}),
        world.clock(),
    )
    paths = ["/login", "/desk", "/forms", "/forms/f51", "/forms/f28", f"/points/{code}"]
    paths += [f"/points/{code}/close", "/responses/f28", "/responses/f51", "/units"]
    paths += ["/units/che", "/units/nam-na", "/units/nam-na/merge", "/units/nam-na/close"]
    paths += ["/forms-import"]
    paths += ["/units?q=che", "/units?q=zzz", "/units-import", "/headcounts", "/headcounts-import"]
    paths += ["/people", "/people/chu-tich", "/account", "/units/none"]
    paths += ["/retention", "/retention/f51", "/retention/f28"]
    paths += ["/forms/f28/posters", "/forms/f21/posters", "/jobs"]
    paths += ["/responses/f28/export", "/responses/f51/export?unit=nam-na"]
    paths += ["/responses/f51/templates", "/responses/f51/templates/ho-so-doan-vien"]
    paths += ["/forms?q=bua+an", "/forms?q=zzz", "/forms/f28/publish", "/forms/f51/places"]
    paths += ["/points", "/points?quiet=1&form=f51", "/points?q=zzz", "/campaigns/new"]
    paths += ["/campaigns", "/campaigns/mot", "/campaigns/mot/edit"]
    paths += ["/results/f28?unit=zz", "/results/f51", "/results/f28/gop_y?q=zz"]
    paths += ["/people?q=nobody", "/totals", "/totals/f28", "/totals/f51", "/invite/none"]
    phone.goto(f"{served}/login")
    found = {"/login": looked_at(phone)}
    phone.fill("#username", "quan-tri")
    phone.fill("#password", PASSWORD)
    phone.click("main button")

    for path in paths:
        phone.goto(served + path)
        found[path] = looked_at(phone)
    phone.goto(f"{served}/people/chu-tich")
    phone.click("form[action$='/link'] button")
    phone.wait_for_selector("text=Chép liên kết")
    found["a link"] = looked_at(phone)
    path = phone.input_value("#link").replace("http://phieu.example", served)
    phone.goto(path)
    found["behind a link"] = looked_at(phone)
    phone.goto(f"{served}/forms/f28/posters")
    phone.click("main form .button")
    phone.wait_for_selector("a[download]")
    found["a finished job"] = looked_at(phone)
    phone.goto(f"{served}/responses/f28")
    phone.click("tbody a")
    found["one response"] = looked_at(phone)

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


def test_lists_and_reviews_have_no_fault(world: World, served: str, phone: Page) -> None:
    sent(world)
    sent(world)
    found = {}

    def look(name: str) -> None:
        found[name] = looked_at(phone)

    phone.goto(f"{served}/login")
    phone.fill("#username", "chu-tich")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    look("desk")
    phone.goto(f"{served}/responses/f21?state=open&sort=score&flag=zzz")
    for summary in phone.locator("summary").all():
        summary.click()
    look("list, unfolded")
    phone.fill("#name", "Chưa xong")
    phone.click("form[action$='/lists'] button")
    look("list, kept")
    phone.keyboard.press("j")
    phone.keyboard.press("x")
    phone.click("summary:has-text('nhiều phiếu')")
    phone.select_option("#into", "duyet")
    phone.click("form[action$='/many'] button")
    look("many, asked")
    assert "Duyệt 1 phiếu" in phone.inner_text("main")
    phone.goto(f"{served}/responses/f21?q=zzz")
    look("nothing fits")
    phone.goto(f"{served}/responses/f21")
    phone.keyboard.press("j")
    phone.keyboard.press("k")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/responses/f21/*")
    phone.fill("#note", "Gọi lại cho chị sau ca")
    phone.click("text=Thêm ghi chú")
    look("one response")
    phone.select_option("#into", "khong_duyet")
    phone.click("text=Đổi trạng thái")
    look("closing, asked")

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


def test_the_pages_of_data_requests_have_no_fault(
    world: World, served: str, phone: Page, clock: SetClock
) -> None:
    ask(world, quyen=["xem_du_lieu"])
    clock.move(days=20)
    sent(world)
    url = officer(world, ask(world)).url
    found = {}

    def look(name: str) -> None:
        found[name] = looked_at(phone)

    phone.goto(f"{served}/login")
    phone.fill("#username", "quan-tri")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    look("desk")
    phone.goto(f"{served}/requests")
    look("list")
    phone.goto(served + url)
    look("fresh")
    phone.click("form[action$=answer] button")
    look("refused")
    phone.click("form[action$=identify] button")
    phone.click("form[action$=find] button")
    look("found")
    phone.click("text=Sửa phiếu >> nth=0")
    look("reason")
    phone.goto(served + url)
    phone.click("form[action$=find] button")
    phone.click("button[value=ask_delete]")
    look("asked")
    phone.click("main .danger")
    look("erased")

    assert "Quá hạn" in phone.goto(f"{served}/requests").text()
    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


def test_the_pages_of_breaches_and_of_the_flow_of_data_have_no_fault(
    world: World, served: str, phone: Page
) -> None:
    ask(world)
    found = {}

    def look(name: str) -> None:
        found[name] = looked_at(phone)

    phone.goto(f"{served}/login")
    phone.fill("#username", "quan-tri")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    phone.goto(f"{served}/breaches")
    phone.click("summary")
    look("form")
    phone.fill("#account", "ai-do")
    phone.click("main form.card button")
    look("refused")
    phone.fill("#account", "")
    phone.click("main form.card button")
    look("record")
    phone.click("form[action$=list] button")
    look("reason")
    phone.goto(f"{served}/desk")
    look("desk")
    phone.goto(f"{served}/data-flow")
    look("flow")
    phone.goto(f"{served}/trail")
    look("trail")

    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}


def test_what_the_phone_keeps_is_shown_without_fault(
    world: World, served: str, phone: Page
) -> None:
    code = world.publish("f28")
    phone.goto(f"{served}/q/{code}")
    phone.context.set_offline(True)  # first: online, a tick could send what is being kept
    phone.evaluate(KEPT, [f"/q/{code}", "00000000-0000-4000-8000-00000000000"])
    phone.evaluate("phieu.tick()")
    phone.wait_for_selector(".arrived")
    phone.click(".unsent summary")
    phone.evaluate("document.querySelector('#draft').hidden = false")

    assert phone.locator(".unsent, .refused, .arrived, .old").count() == 4
    assert looked_at(phone) == SOUND


def test_text_twice_as_large_still_fits(world: World, served: str, chromium: Browser) -> None:
    case = sent(world)
    paths = [f"/q/{world.publish('f51')}", case.url, f"/k/{world.publish('f28')}"]
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    larger = "document.documentElement.style.fontSize = '200%'"
    wide = {}

    for path in paths:
        page.goto(served + path)
        page.evaluate(larger)
        wide[path] = too_wide(page)
    page.goto(served + case.url)
    page.fill("#_digits", "5678")
    for act in ("open", "ask_delete"):
        page.click(f"button[value={act}]")
        page.evaluate(larger)
        wide[act] = too_wide(page)
    sign_in_as_helper(page, served)
    for path in ("/assist", f"/assist/{world.publish('f51')}"):
        page.goto(served + path)
        page.evaluate(larger)
        page.evaluate("document.querySelector('#sign-in').hidden = false")
        wide[path] = too_wide(page)
    context.close()

    assert set(wide.values()) == {0}, wide


def test_choices_and_faces_are_seen_in_forced_colours(
    world: World, served: str, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, forced_colors="active")
    page = context.new_page()
    page.goto(f"{served}/q/{world.publish('f28')}")
    fill = "node => getComputedStyle(node).fill"
    face = page.locator("[name=ngon][value='4'] + svg")

    before = face.evaluate(fill)
    page.check("[name=ngon][value='4']", force=True)
    after = face.evaluate(fill)
    context.close()

    assert before != after


def test_the_pages_of_a_complaint_have_no_fault(world: World, served: str, phone: Page) -> None:
    tree = tree_of(world.store)
    add_person(world.store, "kiem-tra", "", PASSWORD, (Grant(Role.INSPECTOR, "root"),), tree)
    send(world, offered(world, made(NAME, readers="inspectors")), {"ten": "Lò Văn An"})
    phone.goto(f"{served}/login")
    phone.fill("#username", "kiem-tra")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    phone.goto(f"{served}/responses/f99")
    waiting = looked_at(phone)
    phone.click("main .text-button")
    phone.wait_for_selector("input[name=nobody]")
    reading = looked_at(phone)
    phone.check("input[name=nobody]")
    phone.click("text=Ghi lại và tiếp tục")
    phone.wait_for_selector(".message.done")
    named = looked_at(phone)

    assert (waiting, reading, named) == (([], 0), ([], 0), ([], 0))
    assert next(iter(world.kept._snapshot("f99"))).named


def test_the_button_copies_the_link(world: World, served: str, chromium: Browser) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{served}/login")
    page.fill("#username", "quan-tri")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.goto(f"{served}/people/chu-tich")
    page.click("form[action$='/link'] button")
    page.click("text=Chép liên kết")
    page.wait_for_selector("text=Đã chép")
    copied = page.evaluate("navigator.clipboard.readText()")
    shown = page.input_value("#link")
    context.close()

    assert copied == shown
    assert "/invite/" in copied
