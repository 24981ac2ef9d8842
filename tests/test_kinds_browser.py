"""The scripts of the question kinds in a real browser, sending to the real application."""

import gzip
import threading
from collections.abc import Iterator

import pytest
from kinds import FAMILY, PAPERS, SHIFT, made, offered
from pictures import HEIC, jpeg_of_a_place, opened
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from storage.store import ResponseFilter
from views.assets import STATIC


@pytest.fixture
def base(world) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
    page, mistakes = context.new_page(), []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    yield page
    context.close()
    assert mistakes == []


def chosen(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_steps_rows_photos_and_a_signature_arrive(world, base: str, page: Page) -> None:
    code = offered(world, made(SHIFT, FAMILY, PAPERS, steps=True))
    page.goto(f"{base}/q/{code}")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else 0)

    page.click("text=Ca đêm")
    page.click("text=Tiếp tục")
    page.fill("[name='gia_dinh.0.ho_ten']", "Lò Văn A")
    page.click("text=Thêm người")
    page.fill("[name='gia_dinh.1.ho_ten']", "Lò Thị B")
    page.click("[aria-label='Bỏ: Người 1']")
    page.keyboard.press("Tab")
    page.click("text=Tiếp tục")
    page.set_input_files("#giay_to", [chosen("a.jpg", jpeg_of_a_place())])
    page.wait_for_selector(".photos li:nth-child(1)")
    page.set_input_files("#giay_to", [chosen("b.jpg", jpeg_of_a_place(1))])
    page.wait_for_selector(".photos li:nth-child(2)")
    page.click("[aria-label='Bỏ: Ảnh 2']")
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    assert posts == []
    page.click("button.send:visible")
    page.wait_for_url("**/r/**")

    (response,) = world.store.iter_responses("f99", ResponseFilter())
    assert response.answers["gia_dinh"] == [{"ho_ten": "Lò Thị B"}]
    (photo,) = response.answers["giay_to"]
    assert opened(world.store.file("f99", photo)).size == (600, 900)
    assert world.store.file("f99", response.answers["chu_ky"])


def test_a_photo_is_small_and_clean_before_it_leaves_the_phone(
    world, base: str, page: Page
) -> None:
    page.goto(f"{base}/q/{offered(world, made(PAPERS))}")

    page.set_input_files("#giay_to", [chosen("a.jpg", jpeg_of_a_place(6))])
    page.wait_for_selector(".photos li")
    sent = bytes(
        page.evaluate(
            "document.getElementById('giay_to').phieuFiles[0].arrayBuffer()"
            ".then(function (b) { return Array.from(new Uint8Array(b)); })"
        )
    )

    assert b"Secret" not in sent
    assert opened(sent).size == (600, 900)
    assert page.evaluate("document.getElementById('giay_to').files.length") == 1


def test_what_the_phone_cannot_open_the_server_explains(world, base: str, page: Page) -> None:
    page.goto(f"{base}/q/{offered(world, made(PAPERS))}")

    page.set_input_files("#giay_to", [chosen("a.heic", HEIC)])
    page.wait_for_selector(".photos span")
    shown = page.inner_text(".photos span")
    page.click("button.send:visible")

    page.wait_for_selector(".summary")
    assert shown == "a.heic"
    assert "HEIC" in page.inner_text("#giay_to-error")


def test_without_scripts_the_signature_is_made_on_paper(
    world, base: str, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/q/{offered(world, made(PAPERS))}")

    seen = page.inner_text("main")
    context.close()

    assert "Anh/chị sẽ ký trên bản in." in seen
    assert "Ký lại" not in seen


@pytest.mark.parametrize("name", ["steps.js", "photo.js", "signature.js", "repeat.js"])
def test_a_script_of_a_kind_is_small(name: str) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), 9)) <= 2_048
