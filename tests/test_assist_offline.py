"""Assisted entry without a signal, many in a row: kept, sent once, and never as somebody else."""

import json
from collections.abc import Iterator

import pytest
from conftest import PASSWORD, World
from kinds import FAMILY, NAME, made, offered
from offline import CONTROLLED, FILL, Network, eventually, network_of, unsent
from pictures import jpeg_of_a_place
from playwright.sync_api import Browser, BrowserContext, Page, expect

from federation.people import Grant, Role
from services.organization.people import add_person
from services.organization.units import tree_of
from services.receiving.assisting import receive_saved

pytestmark = pytest.mark.browser
FORM = {
    "_heard": "1",
    "_channel": "spoken",
    "ca": "ca_dem",
    "trieu_chung": "khong",
    "chung": "4",
} | dict.fromkeys(("du_no", "ngon", "nong", "da_dang", "ve_sinh"), "4")
PAPERS = """
- {type: image, name: giay_to, label: {vi: Ảnh giấy tờ, en: Papers}, most: 2}
- {type: signature, name: chu_ky, label: {vi: Chữ ký, en: Signature}}
"""


@pytest.fixture
def network(world: World) -> Iterator[Network]:
    grants = (Grant(Role.HELPER, "nam-na"),)
    add_person(world.store, "nguoi-khac", "", PASSWORD, grants, tree_of(world.store))
    with network_of(world) as network:
        yield network


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    yield context
    context.close()


def sign_in(page: Page, network: Network, name: str = "to-truong") -> None:
    page.goto(f"{network.base}/login")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/desk")


def open_form(phone: BrowserContext, network: Network, code: str) -> Page:
    """Sign in, open the form to fill in for workers, and wait until the phone has it."""
    page = phone.new_page()
    sign_in(page, network)
    page.goto(f"{network.base}/assist/{code}")
    page.evaluate(CONTROLLED)
    kept = f"caches.match('/assist/{code}').then(page => Boolean(page))"
    assert eventually(page, lambda: bool(page.evaluate(kept)))
    return page


def save(page: Page, **changed: str) -> None:
    """Fill in for a worker without a signal: it ends with the yellow band."""
    before = unsent(page)
    page.evaluate(FILL, FORM | changed)
    page.click("button.send")
    assert eventually(page, lambda: unsent(page) == before + 1)
    page.wait_for_selector(".unsent")


def test_with_a_signal_the_receipt_is_shown_to_be_written_down(
    network: Network, phone: BrowserContext
) -> None:
    page = open_form(phone, network, network.world.publish("f28"))
    page.evaluate(FILL, FORM)
    page.click("button.send")
    page.wait_for_url("**/assist/*/*")
    shown = page.locator(".ticket .code").inner_text().replace(" ", "")
    page.click("text=Phiếu tiếp theo")
    page.wait_for_selector("form[data-assisted]")

    (response,) = network.stored()
    assert response.flags == ("assisted",)
    assert len(shown) == 13
    assert page.locator(":checked").count() == 0
    expect(page.locator("#kept")).to_be_empty()
    assert page.locator(".helper").inner_text().endswith("1 phiếu hôm nay")


def test_three_in_a_row_without_a_signal_are_sent_when_it_returns(
    network: Network, phone: BrowserContext
) -> None:
    page = open_form(phone, network, network.world.publish("f28"))
    phone.set_offline(True)
    page.reload()
    for number in (1, 2, 3):
        save(page, gop_y=f"người {number}")
        expect(page.locator(".unsent")).to_contain_text("CHƯA GỬI")
        expect(page.locator(".unsent")).to_contain_text(f"Số phiếu chưa gửi: {number}")
        assert page.locator("form :checked").count() == 0
        assert page.evaluate("scrollY") == 0
    phone.set_offline(False)

    assert eventually(page, lambda: unsent(page) == 0)
    assert sorted(str(r.answers["gop_y"]) for r in network.stored()) == [
        "người 1",
        "người 2",
        "người 3",
    ]
    assert {r.flags for r in network.stored()} == {("queued", "assisted")}
    assert {r.channel for r in network.stored()} == {"spoken"}
    assert len(network.posts) == 4  # one was the sign-in
    expect(page.locator(".arrived .code")).to_have_count(3)


def test_mistakes_are_shown_beside_the_questions(network: Network, phone: BrowserContext) -> None:
    page = open_form(phone, network, network.world.publish("f28"))
    page.evaluate(FILL, FORM)
    page.evaluate(
        "document.querySelectorAll('[name=_heard],[name=ngon]').forEach(c => c.checked = 0)"
    )
    page.click("button.send")

    links = page.locator(".summary a")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == ["#_heard", "#ngon"]
    assert (network.stored(), unsent(page)) == ([], 0)


def test_signed_out_it_is_kept_until_the_same_helper_signs_in(
    network: Network, phone: BrowserContext
) -> None:
    page = open_form(phone, network, network.world.publish("f28"))
    phone.clear_cookies()
    save(page)
    band = page.locator("#sign-in")
    expect(band).to_contain_text("Phiếu do tài khoản to-truong điền hộ chỉ gửi được khi")
    stored = network.stored()
    band.locator("a").click()
    page.fill("#username", "to-truong")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_selector(".arrived")

    assert stored == []
    assert len(network.stored()) == 1
    expect(page.locator("#sign-in")).to_be_hidden()
    assert unsent(page) == 0


def test_another_helper_does_not_send_it_and_sends_own_ones(
    network: Network, phone: BrowserContext
) -> None:
    code = network.world.publish("f21")
    page = open_form(phone, network, network.world.publish("f28"))
    phone.set_offline(True)
    save(page, gop_y="của tổ trưởng")
    phone.clear_cookies()
    phone.set_offline(False)
    sign_in(page, network, "nguoi-khac")
    page.goto(f"{network.base}/assist")
    expect(page.locator("#sign-in")).to_contain_text("to-truong")
    expect(page.locator(".unsent")).to_contain_text("Số phiếu chưa gửi: 1")
    page.goto(
        page.locator(f"a[href='/assist/{network_code(network, 'f28')}']").first.evaluate(
            "a => a.href"
        )
    )
    page.evaluate(FILL, FORM | {"gop_y": "của người khác"})
    page.click("button.send")
    page.wait_for_url("**/assist/*/*")
    expect(page.locator("#sign-in")).to_be_visible()
    own = [r.answers["gop_y"] for r in network.stored()]
    waiting = unsent(page)
    phone.clear_cookies()
    sign_in(page, network)
    page.goto(f"{network.base}/assist/{code}")  # any form's page of helpers sends it
    page.wait_for_selector(".arrived")

    assert (own, waiting) == (["của người khác"], 1)
    assert sorted(str(r.answers["gop_y"]) for r in network.stored()) == [
        "của người khác",
        "của tổ trưởng",
    ]


def network_code(network: Network, form: str) -> str:
    return next(p.code for p in network.world.store.points.all() if p.definition == form)


def test_workers_pages_neither_show_nor_send_what_a_helper_filled_in(
    network: Network, phone: BrowserContext
) -> None:
    code = network.world.publish("f28")
    page = open_form(phone, network, code)
    worker = phone.new_page()
    worker.goto(f"{network.base}/q/{code}")
    phone.set_offline(True)
    save(page)
    page.close()
    page = worker
    phone.set_offline(False)  # the helper is still signed in
    page.evaluate("phieu.tick(true)")
    page.wait_for_timeout(300)

    expect(page.locator("#kept")).to_be_empty()
    expect(page.locator("[data-act=save]")).to_have_count(0)
    assert page.locator("template#parts").inner_html().count('data-act="save"') == 0
    assert network.stored() == []


def test_photos_rows_and_signatures_do_not_reach_the_next_worker(
    network: Network, phone: BrowserContext
) -> None:
    code = offered(network.world, made(NAME, FAMILY, PAPERS, steps=True))
    page = open_form(phone, network, code)
    phone.set_offline(True)
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg_of_a_place()}
    for name in ("Lò Văn A", "Lò Thị B"):
        page.check("#_heard")
        page.check("[name=_channel][value=paper]", force=True)
        page.fill("#ten", name)
        page.click("text=Tiếp tục")
        assert page.locator("[data-row]").count() == 1
        page.fill("[name='gia_dinh.0.ho_ten']", f"con của {name}")
        if name == "Lò Văn A":
            page.click("text=Thêm người")
            page.fill("[name='gia_dinh.1.ho_ten']", "con thứ hai")
        page.click("text=Tiếp tục")
        assert page.locator(".photos li").count() == 0
        page.set_input_files("#giay_to", [photo])
        page.wait_for_selector(".photos li")
        if name == "Lò Văn A":
            page.locator("canvas").scroll_into_view_if_needed()
            box = page.locator("canvas").bounding_box()
            assert box
            page.mouse.move(box["x"] + 20, box["y"] + 20)
            page.mouse.down()
            page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
            page.mouse.up()
        page.click("button.send:visible")
        page.wait_for_selector("#ten:visible")
    phone.set_offline(False)

    assert eventually(page, lambda: len(network.stored("f99")) == 2)
    first, second = sorted(network.stored("f99"), key=lambda r: str(r.answers["ten"]), reverse=True)
    assert [r.answers["ten"] for r in (first, second)] == ["Lò Văn A", "Lò Thị B"]
    assert [len(r.answers["gia_dinh"]) for r in (first, second)] == [2, 1]
    assert [len(r.answers["giay_to"]) for r in (first, second)] == [1, 1]
    assert ("chu_ky" in first.answers, "chu_ky" in second.answers) == (True, False)


def test_what_waits_is_saved_as_a_file(network: Network, phone: BrowserContext) -> None:
    code = offered(network.world, made(NAME, PAPERS))
    page = open_form(phone, network, code)
    phone.set_offline(True)
    page.evaluate(FILL, {"_heard": "1", "_channel": "paper", "ten": "Lò Văn Ổn"})
    photo = {"name": "ảnh.jpg", "mimeType": "image/jpeg", "buffer": jpeg_of_a_place()}
    page.set_input_files("#giay_to", [photo])
    page.wait_for_selector(".photos li")
    page.click("button.send")
    with page.expect_download() as download:
        page.click("text=Xuất phiếu chưa gửi ra tệp")
    text = download.value.path().read_text("utf-8")
    record = json.loads(text)

    assert download.value.suggested_filename.endswith(".jsonl")
    assert text.count("\n") == 1
    assert record["code"] == code
    assert record["inputs"]["ten"] == ["Lò Văn Ổn"]
    assert record["inputs"]["_helper"] == ["to-truong"]
    assert "csrf_token" not in record["inputs"]
    assert record["files"]["giay_to"][0]["type"] == "image/jpeg"
    assert unsent(page) == 1

    site = network.world.app.extensions["phieu"]
    (taken,) = receive_saved(
        text.encode().splitlines(), site.store, site.receiver, tree=site.tree, now=site.now()
    )
    phone.set_offline(False)
    page.wait_for_selector(".arrived")
    (response,) = network.stored("f99")
    assert (taken.stored, taken.receipt) == (True, response.receipt)
    assert (response.helper, response.answers["ten"]) == ("to-truong", "Lò Văn Ổn")
    assert network.world.store.file("f99", response.answers["giay_to"][0])
