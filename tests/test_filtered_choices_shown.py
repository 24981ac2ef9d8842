"""Choices that go with an earlier answer, as phones and organizers see them."""

import pytest
from conftest import World
from drafting import copied
from kinds import offered
from offline import network_of
from playwright.sync_api import Browser
from test_builder_pages import act, now_of
from test_filtered_choices import places

pytestmark = pytest.mark.browser
_STATE = """() => [...document.querySelectorAll('input[name=xa],#xa option[value]')]
  .filter(e => e.value).map(e => [e.value, !e.disabled && !(e.closest('.row') || e).hidden])"""


def choose(page, name, value):
    if page.locator(f"select[name={name}]").count():
        page.select_option(f"select[name={name}]", value)
    else:
        page.check(f"[name={name}][value={value}]")


@pytest.mark.parametrize("kind", ["select_one", "list", "select_multiple"])
def test_a_phone_shows_what_goes_with_the_answer_and_takes_back_what_does_not(
    world: World, chromium: Browser, kind: str
) -> None:
    code = offered(world, places(kind))
    with network_of(world) as network:
        page = chromium.new_context(viewport={"width": 360, "height": 640}).new_page()
        page.goto(f"{network.base}/q/{code}")
        before = dict(page.evaluate(_STATE))
        choose(page, "tinh", "lc")
        first = dict(page.evaluate(_STATE))
        choose(page, "xa", "than_uyen")
        choose(page, "tinh", "db")
        second = dict(page.evaluate(_STATE))
        left = page.evaluate("new FormData(document.querySelector('form')).getAll('xa').join()")
        choose(page, "xa", "muong_ang")
        page.click("button.send")
        page.wait_for_url("**/r/**")
        page.context.close()

    assert before == {"than_uyen": False, "muong_ang": False, "khac": True}
    assert first == {"than_uyen": True, "muong_ang": False, "khac": True}
    assert second == {"than_uyen": False, "muong_ang": True, "khac": True}
    assert left == ""


def test_without_scripts_all_are_shown_and_the_one_that_does_not_fit_is_said(world):
    code, client = offered(world, places("list")), world.client()
    page = client.get(f"/q/{code}").text

    answer = client.post(f"/q/{code}", data={"tinh": "lc", "xa": "muong_ang"})

    assert "Mường Ảng" in page
    assert answer.status_code == 422
    assert "“Mường Ảng” không hợp với câu trả lời khác của anh/chị." in answer.text


def test_an_organizer_says_what_goes_with_what_and_a_mistake_keeps_what_was_typed(world):
    copied(world)
    organizer = world.signed_in("lap-phieu")
    act(organizer, world, "add", kind="list", after="hinh_thuc", **{"label.vi": "Phiên nào"})
    act(organizer, world, "paste_choices", name="phien_nao", list="Sáng\nChiều")
    asked = {"name": "phien_nao", "filter": "hinh_thuc", "room": "question"}

    wrong = act(organizer, world, "filter", **asked, fits="Sáng → Trực tuyếnn")
    right = act(organizer, world, "filter", **asked, fits="Sáng → Trực tuyến\nChiều")
    page = organizer.get("/drafts/f22-2/questions/phien_nao").text

    assert wrong.status_code == 422
    assert "“Trực tuyếnn” không phải câu trả lời của câu đã chọn." in wrong.text
    assert "Sáng → Trực tuyếnn</textarea>" in wrong.text
    assert right.status_code == 303
    assert "Sáng → Trực tuyến\nChiều</textarea>" in page
    assert '<option value="hinh_thuc" selected>' in page
    assert "lựa chọn theo câu trả lời" in organizer.get("/drafts/f22-2").text
    assert now_of(world).plain["sections"]
