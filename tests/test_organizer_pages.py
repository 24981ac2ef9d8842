"""The organizer's pages: choose, publish, print the code, pause, close; a preview keeps nothing."""

import re
from io import BytesIO

import pytest
import zxingcpp
from conftest import PASSWORD
from PIL import Image
from sending import HARDSHIP, MEAL, kept, post, send, send_meals
from test_qr_images import drawn, texts

from federation.people import Grant, Role
from forms.gallery import gallery
from services.organization.people import add_person
from services.organization.units import add_unit, tree_of
from views.publishing.pictograms import has_own_pictogram

PLACE = "Nhà ăn ca 1, cổng “số 2” & <kho>"


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


def points(world):
    return world.store.points.all()


def state(world, code):
    return world.store.points.get(code).availability(world.clock())


def counts(page):
    """The cells of a page that say how many responses there are."""
    return re.findall(r'<td class="count" data-label="[^"]+">([^<]*)</td>', page.text)


def test_the_gallery_shows_every_ready_made_form_with_a_link(organizer):
    page = organizer.get("/forms").text

    for form in gallery().values():
        assert f'href="/forms/{form.id}"' in page
        assert form.title.into("vi") in page


def test_every_ready_made_form_has_a_topic_and_a_mark_of_its_own(organizer):
    page = organizer.get("/forms").text

    assert page.count('class="pictogram"') == len(gallery()) == 35
    assert all(has_own_pictogram(form) for form in gallery())
    assert "Chăm lo đời sống" in page
    assert ">Khác</h3>" not in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bua an ca", {"f28", "f29"}),
        ("BỮA ĂN CA doanh nghiệp", {"f29"}),
        ("f2a", {"f2a"}),
        ("meal feedback", {"f28"}),
        ("<script>", set()),
    ],
)
def test_forms_are_found_by_words_without_tones(organizer, typed, found):
    page = organizer.get("/forms", query_string={"q": typed}).text

    assert set(re.findall(r'<h4>.*?href="/forms/(\w+)"', page)) == found
    assert ("Hãy bớt một chữ" in page) == (not found)
    assert "<script>" not in page.replace("<script src", "")


def test_the_search_looks_through_published_forms_too(world, organizer):
    world.publish("f21")
    world.publish("f28")

    assert counts(organizer.get("/forms?q=sum+vay")) == ["0", "1"]


def test_publishing_makes_one_scan_point_and_shows_its_code_and_address(world, organizer):
    answer = post(organizer, "/forms/f28", unit="nam-na", place=f"  {PLACE} ")

    (point,) = points(world)
    assert (point.definition, point.unit, point.place) == ("f28", "nam-na", PLACE)
    assert (answer.status_code, answer.location) == (303, f"/points/{point.code}")
    page = organizer.get(answer.location).text
    assert f'value="http://PHIEU.EXAMPLE/Q/{point.code}"' in page
    assert "&lt;kho&gt;" in page
    assert "<kho>" not in page


def test_publishing_again_gives_the_point_there_is(world, organizer):
    first = post(organizer, "/forms/f28", unit="nam-na", place="Nhà ăn")

    again = post(organizer, "/forms/F28", unit="nam-na", place=" Nhà  ăn ")

    assert again.location == first.location
    assert len(points(world)) == len(world.store.versions.all()) == 1


def test_another_place_or_unit_is_another_point_of_the_same_version(world, organizer):
    for unit, place in (("nam-na", "Cổng"), ("nam-na", ""), ("che", "Cổng")):
        post(organizer, "/forms/f28", unit=unit, place=place)

    assert len({point.code for point in points(world)}) == 3
    assert len(world.store.versions.all()) == 1


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("nam-na", "x" * 81),
        ("nam-na", "Nhà ăn\x00"),
        ("khong-co", "Nhà ăn"),
        ("", "Nhà ăn"),
        ("NAM-NA", "Nhà ăn"),
    ],
)
def test_what_cannot_be_published_keeps_what_was_typed(world, organizer, unit, place):
    answer = post(organizer, "/forms/f28", unit=unit, place=place)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert place.replace("\x00", "") in answer.text.replace("\x00", "")
    assert points(world) == world.store.versions.all() == ()


def test_a_place_of_exactly_eighty_signs_fits(world, organizer):
    assert post(organizer, "/forms/f28", unit="nam-na", place="ă" * 80).status_code == 303
    assert points(world)[0].place == "ă" * 80


def test_the_chosen_unit_stays_chosen_after_a_mistake(organizer):
    page = post(organizer, "/forms/f28", unit="che", place="x" * 81).text

    assert re.findall(r'<option value="([^"]+)" selected>', page) == ["che"]


def test_an_organizer_of_one_unit_publishes_there_and_below_only(world):
    add_unit(world.store, "to-1", "Tổ 1", "phan-xuong-1", "section")
    grants = (Grant(Role.ORGANIZER, "nam-na"),)
    add_person(world.store, "lp-nam-na", "", PASSWORD, grants, tree_of(world.store))
    client = world.signed_in("lp-nam-na")
    page = client.get("/forms/f28").text

    offered = set(re.findall(r'<option value="([^"]+)"', page))

    assert offered == {"nam-na", "phan-xuong-1", "to-1"}
    assert post(client, "/forms/f28", unit="to-1").status_code == 303
    assert post(client, "/forms/f28", unit="root").status_code == 422
    assert [point.unit for point in points(world)] == ["to-1"]


def test_pausing_resuming_and_closing_do_what_they_say(world, organizer):
    code = world.publish("f28")
    states = []
    for act in ("pause", "resume", "close", "resume"):
        assert post(organizer, f"/points/{code}/{act}").location == f"/points/{code}"
        states.append((state(world, code), world.client().get(f"/q/{code}").status_code))

    assert states == [("paused", 403), ("open", 200), ("closed", 410), ("open", 200)]


def test_closing_is_asked_first_and_asking_changes_nothing(world, organizer):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    before = kept(world.store)

    page = organizer.get(f"/points/{code}/close")

    assert kept(world.store) == before
    assert f'action="/points/{code}/close"' in page.text
    assert "Nậm Na 3" in page.text
    assert organizer.get(f"/points/{code}/pause").status_code in (404, 405)
    assert state(world, code) == "open"


def test_closing_twice_keeps_the_first_moment(world, organizer, clock):
    code = world.publish("f28")
    post(organizer, f"/points/{code}/close")
    first = world.store.points.get(code).closes_at

    clock.move(days=3)
    post(organizer, f"/points/{code}/close")

    assert world.store.points.get(code).closes_at == first


def test_the_downloads_hold_the_address_for_a_real_decoder(world, organizer):
    code = world.publish("f28")
    url = f"http://PHIEU.EXAMPLE/Q/{code}"

    svg, png = (organizer.get(f"/points/{code}/qr.{kind}") for kind in ("svg", "png"))

    assert (svg.mimetype, png.mimetype) == ("image/svg+xml", "image/png")
    assert texts(drawn(svg.text)) == [url]
    assert [seen.text for seen in zxingcpp.read_barcodes(Image.open(BytesIO(png.data)))] == [url]
    for kind, answer in (("svg", svg), ("png", png)):
        said = answer.headers["Content-Disposition"]
        assert said == f'attachment; filename="f28_{code}.{kind}"'


def test_the_code_on_the_page_is_the_same_picture(world, organizer):
    code = world.publish("f28")
    page = organizer.get(f"/points/{code}").text

    (shown,) = re.findall(r"<svg xmlns=.*?</svg>", page, re.DOTALL)

    assert texts(drawn(shown)) == [f"http://PHIEU.EXAMPLE/Q/{code}"]


@pytest.mark.parametrize("form", list(gallery()))
def test_every_form_can_be_looked_at_before_it_is_published(world, organizer, form):
    before = kept(world.store)

    page = organizer.get(f"/forms/{form}/preview")

    assert page.status_code == 200
    assert f'action="/forms/{form}/preview"' in page.text
    assert kept(world.store) == before


def test_a_preview_checks_the_answers(world, organizer):
    answer = post(organizer, "/forms/f28/preview", **(MEAL | {"ca": "", "gop_y": "Cơm <ngon>"}))

    assert answer.status_code == 422
    assert 'href="#ca"' in answer.text
    assert "Cơm &lt;ngon&gt;" in answer.text


def test_a_preview_of_right_answers_keeps_nothing(world, organizer):
    world.publish("f28")
    before = kept(world.store)

    answer = post(organizer, "/forms/f28/preview", **MEAL, _queued_at="2026-11-24T09:00:00")

    assert (answer.status_code, answer.location) == (303, "/forms/f28")
    assert world.store.count_by_point("f28") == {}
    assert kept(world.store) == before


def test_counts_of_an_anonymous_form_begin_at_five(world, organizer):
    code = world.publish("f28")
    told = []
    for count in (1, 3, 1, 1):
        send_meals(world, code, count)
        told.append(counts(organizer.get("/forms/f28"))[0])

    assert told == ["&lt;5", "&lt;5", "5", "6"]
    assert "&lt;5" not in organizer.get(f"/points/{code}/close").text


def test_small_groups_show_in_no_total_of_the_organizer(world, organizer):
    large, small = (world.publish("f28", place=place) for place in ("Nhà ăn 1", "Nhà ăn 2"))
    send_meals(world, large, 5)
    send_meals(world, small, 4)

    assert counts(organizer.get("/forms")) == ["5", "2"]
    assert sorted(counts(organizer.get("/forms/f28"))) == ["&lt;5", "5"]
    for page in (f"/points/{small}", f"/points/{small}/close"):
        assert "&lt;5" in organizer.get(page).text


def test_counts_of_a_form_with_names_are_exact(world, organizer):
    code = world.publish("f21")
    for _ in range(3):
        send(world, code, HARDSHIP)

    assert counts(organizer.get("/forms/f21")) == ["3"]
    assert counts(organizer.get("/forms")) == ["3", "1"]


def test_an_organizer_never_sees_an_answer(world, organizer):
    code = world.publish("f21")
    send(world, code, HARDSHIP)
    pages = ("/desk", "/forms", "/forms/f21", f"/points/{code}", f"/points/{code}/close")

    seen = "".join(organizer.get(page).text for page in pages)

    assert "Lò Thị Phương" not in seen
    assert "0912345678" not in seen
