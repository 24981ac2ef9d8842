"""Sections as steps and repeats, as the pages of phones with and without scripts."""

import re

import pytest
from kinds import FAMILY, NAME, NIGHT, PAPERS, SHIFT, made, offered
from pictures import drawn, saved
from reading import Page
from sending import JSON

from forms.definition import Definition
from storage.store import ResponseFilter
from views.assets import Assets

EVERYTHING = ResponseFilter()


@pytest.fixture
def code(world):
    return offered(world, made(SHIFT, NIGHT, NAME, PAPERS, steps=True))


def shown(answer) -> Page:
    """The page without the sections that only scripts bring out."""
    return Page(re.sub(r"<template.*?</template>", "", answer.text, flags=re.S))


def go(world, code, step, **inputs):
    return world.client().post(f"/q/{code}", data=inputs | {"_step": str(step)})


def place(page):
    return page.one("p", **{"class": "progress"}).text


def responses(world):
    return list(world.store.iter_responses("f99", EVERYTHING))


def test_the_first_page_shows_the_first_section_and_holds_all_for_scripts(world, code):
    answer = world.client().get(f"/q/{code}")

    page = shown(answer)
    assert page.all("input", name="ca")
    assert not page.all("input", name="ten")
    assert answer.text.count("<template data-step") == 3
    assert 'name="ten"' in answer.text
    assert "hidden" in page.one("button", **{"data-way": "send"})


def test_going_on_keeps_the_answers_in_the_page_and_stores_nothing(world, code):
    page = shown(go(world, code, 2, ca="dem"))

    assert page.all("textarea", name="vi_sao")
    assert page.one("input", name="ca")["type"] == "hidden"
    assert page.one("input", name="ca")["value"] == "dem"
    assert place(page) == "Phần 2 / 4"
    assert responses(world) == []


def test_a_section_that_asks_nothing_is_passed_over(world, code):
    page = shown(go(world, code, 2, ca="sang"))

    assert page.all("input", name="ten")
    assert place(page) == "Phần 2 / 3"
    assert page.one("button", **{"data-way": "back"})["value"] == "1"


def test_errors_of_a_section_are_shown_before_going_on(world, code):
    answer = go(world, code, 4, ca="sang", ten="")

    page = shown(answer)
    assert answer.status_code == 422
    assert page.one("title").text.startswith("Lỗi: ")
    assert place(page) == "Phần 2 / 3"
    assert page.one("div", **{"class": "summary"})


def test_going_back_keeps_what_was_typed_later(world, code):
    page = shown(go(world, code, 1, ca="dem", vi_sao="x", ten="Lò"))

    assert page.one("input", name="ten")["value"] == "Lò"
    assert "checked" in page.one("input", name="ca", value="dem")


def test_another_language_stays_in_its_section(world, code):
    answer = world.client().post(f"/q/{code}?lang=en", data={"ca": "dem", "_step": "lang.2"})

    page = shown(answer)
    assert place(page) == "Part 2 / 4"
    assert shown(go(world, code, "lang", ca="dem")).all("input", type="radio")


def test_sending_leads_to_the_section_that_has_an_error(world, code):
    answer = world.client().post(f"/q/{code}", data={"ca": "sang", "ten": "Lò"})

    assert answer.status_code == 422
    assert place(shown(answer)) == "Phần 2 / 3"
    links = [tag["href"][1:] for tag in shown(answer).all("a") if tag["href"].startswith("#")]
    assert set(links) <= set(shown(answer).ids)


def test_the_last_step_sends_everything(world, code):
    sent = {"ca": "dem", "vi_sao": "x", "ten": "Lò Thị B"}

    page = shown(go(world, code, 4, **sent))
    answer = world.client().post(f"/q/{code}", data=sent)

    assert "hidden" in page.one("button", **{"data-way": "onward"})
    assert "hidden" not in page.one("button", **{"data-way": "send"})
    assert answer.status_code == 303
    assert responses(world)[0].answers == sent


@pytest.mark.parametrize("step", ["", "0", "99", "-1", "x", "add.ca", "add.nope", "9" * 5_000, "²"])
def test_steps_that_are_none_show_some_section_and_store_nothing(world, code, step):
    answer = go(world, code, step, ca="sang", ten="Lò Thị B")

    assert answer.status_code == 200
    assert place(shown(answer))
    assert responses(world) == []


def test_photos_and_signatures_stand_last(world):
    with pytest.raises(Exception, match="in the last section"):
        made(PAPERS, NAME, steps=True)

    assert isinstance(made(PAPERS, NAME), Definition)


# Repeats ----------------------------------------------------------------------------------


@pytest.fixture
def family(world):
    return offered(world, made(FAMILY))


def test_add_a_person_shows_one_row_more_and_keeps_what_was_typed(world, family):
    first = shown(world.client().get(f"/q/{family}"))
    more = shown(go(world, family, "add.gia_dinh", **{"gia_dinh.0.ho_ten": "Lò Văn A"}))

    assert not first.all("input", name="gia_dinh.1.ho_ten")
    assert more.one("input", name="gia_dinh.0.ho_ten")["value"] == "Lò Văn A"
    assert more.one("input", name="gia_dinh.1.ho_ten")["value"] == ""
    headings = [tag.text for tag in more.all("legend") if tag.text.startswith("Người ")]
    assert headings == ["Người 1", "Người 2"]


def test_rows_end_where_the_form_says(world, family):
    many = {f"gia_dinh.{n}.ho_ten": "A" for n in range(3)}

    page = shown(go(world, family, "add.gia_dinh", **many))

    assert not page.all("input", name="gia_dinh.3.ho_ten")
    assert "hidden" in page.one("button", name="_step", value="add.gia_dinh")


def test_a_problem_in_a_row_is_told_there_and_above(world, family):
    sent = {"gia_dinh.0.ho_ten": "A", "gia_dinh.1.ngay_sinh.year": "1990"}

    page = Page(world.client().post(f"/q/{family}", data=sent).text)
    told = world.client().post(f"/q/{family}", data=sent, headers=JSON).json["errors"]

    link = page.one("div", **{"class": "summary"}), page.one("a", href="#gia_dinh.1.ho_ten")
    assert "Người 2, Họ và tên" in link[1].text
    assert page.one("input", name="gia_dinh.1.ho_ten")["aria-invalid"] == "true"
    assert "aria-invalid" not in page.one("input", name="gia_dinh.0.ho_ten")
    assert told["gia_dinh"] == [link[1].text]


def test_rows_are_stored_shown_and_exported(world, family):
    world.client().post(
        f"/q/{family}",
        data={"gia_dinh.0.ho_ten": "Lò Văn A", "gia_dinh.0.ngay_sinh": "5/9/1992"},
    )
    (response,) = responses(world)
    staff = world.signed_in("quan-tri")

    page = staff.get(f"/responses/f99/{response.id}").text
    table = staff.get("/responses/f99.csv?split_choices=1").text.splitlines()

    assert response.answers == {"gia_dinh": [{"ho_ten": "Lò Văn A", "ngay_sinh": "1992-09-05"}]}
    assert "Lò Văn A (05/09/1992)" in page
    assert table[0].endswith(
        "gia_dinh,gia_dinh/1/ho_ten,gia_dinh/1/ngay_sinh,gia_dinh/2/ho_ten,"
        "gia_dinh/2/ngay_sinh,gia_dinh/3/ho_ten,gia_dinh/3/ngay_sinh"
    )
    assert table[1].endswith("Lò Văn A (05/09/1992),Lò Văn A,1992-09-05,,,,")


def test_choices_show_their_pictures_beside_the_words(world):
    page = Page(world.client().get(f"/q/{world.publish('f28')}").text)

    pictures = page.all("span", **{"class": "picture"})
    assert len(pictures) == 4
    assert {tag["aria-hidden"] for tag in pictures} == {"true"}


def test_a_picture_that_is_no_drawing_of_ours_is_fetched_late_by_its_address(tmp_path):
    (tmp_path / "nha.png").write_bytes(saved(drawn(80, 60), "PNG"))

    assets = Assets.load(pictures=tmp_path)

    picture = Page(str(assets.picture("nha.png"))).one("img")
    assert picture["src"] == f"/assets/{assets.by_file['nha.png'].name}"
    assert (picture["alt"], picture["width"], picture["height"]) == ("", "80", "60")
    assert picture["loading"] == "lazy"
    assert assets.picture("nope.svg") == ""
