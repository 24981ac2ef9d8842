"""A shared link shows title and picture, of the form and not of the poster."""

import io

import pytest
from conftest import World
from PIL import Image
from reading import Page

from qr.cards import SIZE, card_png

LONG = "Đề nghị hỗ trợ đoàn viên có hoàn cảnh đặc biệt khó khăn " * 12


def meta(page: Page, name: str) -> str:
    return page.one("meta", property=f"og:{name}")["content"]


@pytest.mark.parametrize(("language", "locale"), [("vi", "vi_VN"), ("en", "en_US")])
def test_a_form_tells_messengers_its_title_and_picture(
    world: World, language: str, locale: str
) -> None:
    code = world.publish("f28")
    page = Page(world.client().get(f"/q/{code}?lang={language}").text)
    address = meta(page, "image")
    picture = world.client().get(address.removeprefix("http://phieu.example"))

    assert meta(page, "title") == page.one("h1").text
    assert meta(page, "description") == page.one("meta", name="description")["content"]
    assert (meta(page, "locale"), meta(page, "site_name")) == (locale, "LĐLĐ tỉnh Lai Châu")
    assert address == f"http://phieu.example/og/f28/1/{language}.png"
    assert code not in address
    assert picture.mimetype == "image/png"
    assert picture.headers["Cache-Control"] == "public, max-age=86400"
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)
    assert len(picture.data) < 300_000


@pytest.mark.parametrize(
    "address", ["/og/f51/1/vi.png", "/og/f28/2/vi.png", "/og/f28/1/fr.png", "/og/nope/1/vi.png"]
)
def test_what_is_not_published_has_no_picture(world: World, address: str) -> None:
    world.publish("f28")

    assert world.client().get(address).status_code == 404


def test_a_preview_for_organizers_has_no_card(world: World) -> None:
    page = world.signed_in("lap-phieu").get("/forms/f28/preview").text

    assert "og:image" not in page
    assert "data-queue" not in page


@pytest.mark.parametrize("title", ["", "Ăn ca", LONG, "x" * 400])
def test_titles_of_any_length_stay_inside_the_card(title: str) -> None:
    image = Image.open(io.BytesIO(card_png(title, LONG, LONG))).convert("RGB")
    margin = image.crop((SIZE[0] - 80, 40, SIZE[0], SIZE[1]))

    assert image.size == SIZE
    assert {color for _, color in margin.getcolors() or []} == {(255, 250, 242)}
