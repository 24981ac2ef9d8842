"""axe-core on the pages by which papers are typed in and responses corrected, merged, withdrawn."""

import pytest
from axe import SOUND, looked_at
from cases import sent
from conftest import PASSWORD, World
from playwright.sync_api import Page
from sending import HARDSHIP
from test_accessibility import phone, served

__all__ = ["phone", "served"]

pytestmark = pytest.mark.browser


def test_the_pages_of_papers_and_mending_have_no_fault(
    world: World, served: str, phone: Page
) -> None:
    first = sent(world)
    world.clock.move(minutes=5)
    second = sent(world, answers=HARDSHIP | {"ho_ten": "Lò Thị Phượng", "mo_ta": "Nhà tốc mái"})
    one, two = (
        world.store.response_by_receipt("f21", sender.receipt) for sender in (first, second)
    )
    assert one
    assert two
    found = {}

    def look(name: str) -> None:
        found[name] = looked_at(phone)

    phone.goto(f"{served}/login")
    phone.fill("#username", "chu-tich")
    phone.fill("#password", PASSWORD)
    phone.click("main button")
    phone.goto(f"{served}/responses/f21/enter")
    look("a pile begins")
    phone.click("main form .button")
    look("an empty paper")
    phone.click("button.send")
    look("a paper with errors")
    phone.goto(f"{served}/responses/f21/{one.id}/correct")
    look("why")
    phone.fill("#_reason", "Đọc lại sổ")
    phone.check("[name=_sensitive]")
    phone.click("main form .button")
    look("a correction")
    phone.fill("#ho_ten", "Lò Thị Khác")
    phone.click("button.send")
    phone.wait_for_url(f"**/{one.id}")
    look("corrected")
    phone.goto(f"{served}/responses/f21/{one.id}/merge/{two.id}")
    look("side by side")
    phone.click("main button.danger")
    look("merge?")
    phone.click("main button.danger")
    phone.goto(served + second.url)
    look("the other receipt")
    phone.goto(f"{served}/responses/f21/{one.id}/withdraw")
    phone.check("[value=test]")
    phone.click("main button.danger")
    look("no reason")
    phone.fill("#reason", "Phiếu thử")
    phone.click("main button.danger")
    look("withdraw?")
    phone.click("main button.danger")
    phone.goto(served + first.url)
    look("withdrawn")

    assert "Công đoàn đã rút phiếu" in phone.inner_text("main")
    assert {name: fault for name, fault in found.items() if fault != SOUND} == {}
