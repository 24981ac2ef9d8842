"""The main job, for real: publish, scan, answer on a phone without JavaScript, export."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from serving import Installation

UNITS = "id,name,parent,kind\nnam-na,CĐCS Thủy điện Nậm Na 3,root,enterprise\n"
PASSWORD = "mat-khau-dai-2026"


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """A federation with one enterprise, its chair and an organizer, made by the command line."""
    installation = Installation(tmp_path / "data")
    (tmp_path / "units.csv").write_text(UNITS, "utf-8")
    installation.told("unit", "import", str(tmp_path / "units.csv"))
    for name, role in (("chu-tich", "chair"), ("lap-phieu", "organizer")):
        words = ("user", "create", name, "--role", role, "--unit", "nam-na", "--password-stdin")
        installation.told(*words, text=PASSWORD + "\n")
    return installation


def sign_in(page: Page, base: str, name: str, target: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/login?next={target}")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


def decoded(page: Page, code: str) -> str:
    """What a real decoder reads off the organizer's screen."""
    picture = page.locator(".qr").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code in found.text
    return found.text


def receipt(page: Page) -> str:
    return "".join(page.locator(".code span").all_inner_texts())


def downloaded(page: Page) -> list[dict[str, str]]:
    """The chair's CSV, read as Excel's bytes."""
    page.click("a[href$='/export']")
    page.locator("details:has([name=header]) summary").click()
    page.check("[name=header][value=name]")
    with page.expect_download() as download:
        page.click(".takes button[value=csv]")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_five_workers_rate_their_meal_and_the_chair_exports_them(
    place: Installation, phone: Page
) -> None:
    published = place.told("form", "publish", "F28", "--unit", "nam-na", "--place", "Nhà ăn ca")
    (point,) = published["scan_points"]
    with place.serving():
        sign_in(phone, place.base, "lap-phieu", f"/points/{point['code']}")
        address = decoded(phone, point["code"])
        receipts = set()
        for number in range(1, 6):
            phone.goto(address)
            phone.get_by_label("Ca đêm").check()
            for name in ("du_no", "ngon", "nong", "da_dang", "ve_sinh", "chung"):
                phone.locator(f"[name={name}][value='{number}']").check(force=True)
            phone.locator("[name=trieu_chung][value=khong]").check()
            phone.fill("[name=gop_y]", f"Canh hơi nguội, lần {number}")
            phone.click("button.send")
            receipts.add(receipt(phone))
        sign_in(phone, place.base, "chu-tich", "/responses/f28")
        rows = downloaded(phone)

    assert address == point["url"]
    assert len(receipts) == 5
    assert {len(code) for code in receipts} == {13}
    assert sorted(row["gop_y"] for row in rows) == [f"Canh hơi nguội, lần {n}" for n in range(1, 6)]
    assert {row["_unit_name"] for row in rows} == {"CĐCS Thủy điện Nậm Na 3"}
    assert {(row["ca"], row["_receipt"]) for row in rows} == {("ca_dem", "")}
    assert sorted(row["chung"] for row in rows) == ["1", "2", "3", "4", "5"]


def test_a_worker_enrols_and_nothing_of_the_answers_is_lost(
    place: Installation, phone: Page
) -> None:
    (point,) = place.told("form", "publish", "F51", "--unit", "nam-na")["scan_points"]
    with place.serving():
        sign_in(phone, place.base, "lap-phieu", f"/points/{point['code']}")
        phone.goto(decoded(phone, point["code"]))
        phone.fill("[name=ho_ten]", "Giàng A Páo")
        phone.get_by_label("Nam", exact=True).check()
        for part, text in (("day", "5"), ("month", "9"), ("year", "1992")):
            phone.fill(f"[name='ngay_sinh.{part}']", text)
        phone.fill("[name=so_cccd]", "012 092 001 234")
        phone.fill("[name=dien_thoai]", "+84 912.345.678")
        phone.select_option("[name=dan_toc]", label="Mông")
        phone.fill("[name=que_quan]", "xã Sìn Hồ, Lai Châu")
        phone.fill("[name=noi_o]", "=Bản 3, xã Mường Than")
        phone.fill("[name=cong_viec]", "Công nhân vận hành")
        phone.get_by_label("Trung cấp").check()
        phone.locator("[name=quan_ly][value=khong]").check()
        for tick in ("cam_ket", "dy_xu_ly", "dy_nhay_cam"):
            phone.locator(f"[name={tick}]").check()
        phone.click("button.send")
        code = receipt(phone)
        sign_in(phone, place.base, "chu-tich", "/responses/f51")
        (row,) = downloaded(phone)

    assert row["_receipt"] == code
    assert (row["ho_ten"], row["dien_thoai"]) == ("Giàng A Páo", "0912345678")
    assert (row["so_cccd"], row["ngay_sinh"]) == ("012092001234", "1992-09-05")
    assert (row["noi_o"], row["dan_toc"]) == ("'=Bản 3, xã Mường Than", "***")
    assert row["_flags"] == ""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone whose browser runs no JavaScript."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=False, accept_downloads=True
    )
    yield context.new_page()
    context.close()
