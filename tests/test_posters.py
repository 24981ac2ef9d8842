"""Posters and stickers: codes scan, texts are whole, fonts are in the file, nothing overlaps."""

import io
import unicodedata
import zipfile
from dataclasses import replace

import pytest
import zxingcpp
from conftest import World
from PIL import Image
from printed import codes, dark_box, loose_fonts, overlaps, page_sizes, pictures, squeezed, texts

from forms.gallery import gallery
from forms.publication import ScanPoint
from qr import lettering
from qr.lettering import BOLD, MissingLetters, fit, lettered, width
from qr.pictures import picture_name
from services.errors import Refusal
from services.organization.units import add_unit, tree_of
from services.publishing.posters import (
    PICTURES,
    Order,
    Sender,
    further_languages,
    make_ready,
    print_posters,
    printable_points,
)
from services.publishing.publish import publish

POSTERS = {"a4": (210, 297), "a5": (148, 210), "a6": (105, 148)}
LONG_NAME = (
    "Công đoàn cơ sở Công ty Trách nhiệm hữu hạn Một thành viên Đầu tư Xây dựng và Phát triển "
    "Thủy điện Mường Kim – Than Uyên"
)
SENDER = Sender("LĐLĐ tỉnh Lai Châu", "0213 3 876 543", "https://phieu.example", str)


def printed(world: World, form: str = "f28", sender: Sender = SENDER, **order: object) -> bytes:
    """The file of all scan points of a form."""
    return print_posters(ready(world, form, sender, **order), lambda _count: None)


def ready(world: World, form: str = "f28", sender: Sender = SENDER, **order: object):
    tree, definition = tree_of(world.store), gallery()[form]
    points = printable_points(world.store, definition, tree, world.clock())
    return make_ready(definition, points, Order(**order), sender, tree)  # type: ignore[arg-type]


@pytest.fixture
def published(world: World) -> World:
    for unit, place in (
        ("nam-na", "Nhà ăn ca"),
        ("phan-xuong-1", ""),
        ("che", "Cổng 2 – Xưởng “A”"),
    ):
        publish(world.store, "f28", [unit], place, tree=tree_of(world.store), now=world.clock())
    return world


def addresses(world: World) -> set[str]:
    return {f"https://PHIEU.EXAMPLE/Q/{point.code}" for point in world.store.points.all()}


@pytest.mark.parametrize("dpi", [100, 100 / 3])
@pytest.mark.parametrize("size", POSTERS)
def test_every_poster_is_scanned_also_at_a_third_of_the_sharpness(
    published: World, size: str, dpi: float
) -> None:
    content = printed(published, size=size, languages=("en",))

    found = codes(content, dpi)

    assert [len(page) for page in found] == [1, 1, 1]
    assert {text for page in found for text in page} == addresses(published)
    assert page_sizes(content) == {POSTERS[size]: 3}


@pytest.mark.parametrize("dpi", [100, 100 / 3])
def test_every_label_of_a_sheet_is_scanned(published: World, dpi: float) -> None:
    content = printed(published, size="stickers", copies=5)

    first, second = codes(content, dpi)

    assert (len(first), len(second)) == (10, 5)
    assert {*first, *second} == addresses(published)
    assert page_sizes(content) == {(210, 297): 2}


@pytest.mark.parametrize("size", [*POSTERS, "stickers"])
def test_all_that_a_poster_says_is_on_it_with_its_accents(published: World, size: str) -> None:
    [first, *_] = texts(printed(published, size=size))

    whole = squeezed(first)
    assert unicodedata.is_normalized("NFC", first)
    assert squeezed("Bữa ăn hôm nay thế nào? Quét mã, 1 phút, không cần ghi tên") in whole
    for part in ("LĐLĐ tỉnh Lai Châu", "phieu.example", "0213 3 876 543", "Chè Than Uyên"):
        assert squeezed(part) in whole
    assert "Cổng2–Xưởng“A”" in whole
    if size in POSTERS:
        for step in ("Scan", "Fill in", "Send it", "and keep the receipt code"):
            assert squeezed(step) in whole


def test_the_nearest_hotline_stands_on_each_poster(published: World) -> None:
    _, second, third = texts(printed(published))

    assert "0213 3 878 436" in second  # the section's own enterprise has one
    assert "0213 3 878 436" in third


@pytest.mark.parametrize("size", [*POSTERS, "stickers"])
def test_fonts_are_in_the_file_and_codes_are_drawn_not_pictures(
    published: World, size: str
) -> None:
    content = printed(published, size=size, line="Pây ƀuôn Ăĕa, hoʼm")

    assert loose_fonts(content) == set()
    assert pictures(content) == 0


def test_the_code_is_large_enough_for_its_distance(published: World) -> None:
    for size, least in (("a4", 100.0), ("a5", 70.0), ("a6", 49.5)):
        left, top, right, bottom = dark_box(printed(published, size=size))

        assert right - left >= least - 0.6  # a pixel at each side
        assert bottom - top >= least - 0.6


@pytest.mark.parametrize("size", [*POSTERS, "stickers"])
def test_a_long_name_and_place_are_whole_and_hide_nothing(world: World, size: str) -> None:
    add_unit(world.store, "dai", LONG_NAME, "root", "enterprise")
    place = "Nhà ăn số 2, cổng phía Đông, cạnh bảng tin của phân xưởng gạch tuynel A"
    publish(world.store, "f28", ["dai"], place, tree=tree_of(world.store), now=world.clock())

    here = replace(SENDER, base_url="http://127.0.0.1:8000")
    content = printed(world, sender=here, size=size, line="Nhại khẩu cắm mự nị bặc đaư")

    [whole] = [squeezed(page) for page in texts(content)]
    assert len(LONG_NAME) >= 120
    assert overlaps(content) == []
    assert squeezed(LONG_NAME) in whole
    assert squeezed(place) in whole
    assert len(codes(content, 100 / 3)[0]) == 1


@pytest.mark.parametrize("form", gallery())
def test_every_gallery_form_makes_a_poster_whose_promise_is_whole(world: World, form: str) -> None:
    publish(world.store, form, ["che"], "", tree=tree_of(world.store), now=world.clock())
    definition = gallery()[form]

    [page] = texts(printed(world, form, languages=further_languages(definition)))

    promise = definition.poster or definition.promise
    for language in ("vi", *further_languages(definition)):
        assert squeezed(promise.into(language)) in squeezed(page)


def test_letters_of_other_languages_come_from_the_second_font(published: World) -> None:
    [first, *_] = texts(printed(published, line="ƀuôn Ăĕa Hʼleo"))

    assert "ƀuôn Ăĕa Hʼleo" in first


def test_loose_marks_are_joined_to_their_letters(world: World) -> None:
    loose = unicodedata.normalize("NFD", "Cụm chế biến Nậm Ngặt")
    point = ScanPoint("7FK722", "f28", "che", loose, created_at=world.clock())
    done = make_ready(gallery()["f28"], [point], Order(), SENDER, tree_of(world.store))

    [page] = texts(print_posters(done, lambda _count: None))

    assert "Cụm chế biến Nậm Ngặt" in page


def test_pictures_in_a_text_are_dropped_and_told(published: World) -> None:
    done = ready(published, line="Mời anh/chị 👍🏽 tham gia 🎉❤️")

    assert done.text.more == ("Mời anh/chị tham gia",)
    assert done.dropped == "👍🎉❤" or done.dropped == "👍🎉"
    assert lettered("2 ☺️ 3").text in ("2 3", "2 ☺ 3")


@pytest.mark.parametrize("sign", ["食", "ก", "\ue000"])
def test_a_sign_that_no_font_has_is_named_with_its_place(world: World, sign: str) -> None:
    point = ScanPoint("7FK722", "f28", "che", f"Kho {sign}", created_at=world.clock())

    with pytest.raises(Refusal) as told:
        make_ready(gallery()["f28"], [point], Order(), SENDER, tree_of(world.store))

    assert f"{sign} (U+{ord(sign):04X})" in str(told.value)
    assert "Chè Than Uyên" in str(told.value)
    with pytest.raises(MissingLetters):
        lettered(sign)


def test_a_closing_day_is_the_last_on_which_it_is_open(published: World) -> None:
    midnight = published.clock.at.replace(hour=0, minute=0, month=12, day=1)
    for point in published.store.points.all():
        published.store.points.put(replace(point, closes_at=midnight))

    assert "30/11/2026" in texts(printed(published))[0]


def test_closed_points_are_not_printed(published: World) -> None:
    [first, *_] = published.store.points.all()
    published.store.points.put(replace(first, closes_at=published.clock.at))

    assert len(ready(published).points) == 2
    for point in published.store.points.all():
        published.store.points.put(replace(point, closes_at=published.clock.at))
    with pytest.raises(Refusal):
        ready(published)


@pytest.mark.parametrize("size", [*POSTERS, "stickers"])
def test_an_address_that_no_phone_opens_is_marked_on_the_paper(published: World, size: str) -> None:
    here = replace(SENDER, base_url="http://127.0.0.1:8000")

    marked, plain = (texts(printed(published, sender=s, size=size)) for s in (here, SENDER))

    assert all("Trial print" in page for page in marked)
    assert not any("Trial print" in page for page in plain)
    assert "0213 3 876 543" in marked[0]  # and nothing else is missing
    assert overlaps(printed(published, sender=here, size=size)) == []


def test_a_long_address_makes_a_finer_code_that_still_scans(published: World) -> None:
    long = "https://bieumau.liendoanlaodong.laichau.gov.vn/cong-doan/phieu-khao-sat-2026"
    content = printed(published, sender=replace(SENDER, base_url=long))

    assert [len(page) for page in codes(content, 100 / 3)] == [1, 1, 1]


def test_two_hundred_posters_are_one_file_and_each_is_told(world: World) -> None:
    points = [
        ScanPoint(f"{number:06}", "f28", "che", f"Tổ {number}", created_at=world.clock())
        for number in range(200)
    ]
    told: list[int] = []

    done = make_ready(gallery()["f28"], points, Order(), SENDER, tree_of(world.store))
    content = print_posters(done, told.append)

    assert sum(told) == done.total == 200
    assert [f"Tổ {n}" in page for n, page in enumerate(texts(content))] == [True] * 200
    assert len(content) < 2_000_000


def test_pictures_come_in_one_file_under_names_without_accents(published: World) -> None:
    content = printed(published, size=PICTURES)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        scanned = [
            zxingcpp.read_barcodes(Image.open(io.BytesIO(archive.read(name))))[0].text
            for name in names
            if name.endswith(".png")
        ]
    assert len(names) == 6
    assert all(name.isascii() for name in names)
    assert names[0].startswith("cdcs-che-than-uyen_cong-2-xuong-a_")
    assert {*scanned} == addresses(published)


@pytest.mark.parametrize(
    ("place", "name"),
    [("", "don-vi_7FK722"), ("../../etc/x", "don-vi_etc-x_7FK722"), ("食堂", "don-vi_7FK722")],
)
def test_a_picture_name_is_harmless(place: str, name: str) -> None:
    assert picture_name("Đơn vị", place, "7FK722") == name


def test_sentences_begin_on_new_lines_and_no_word_is_lost() -> None:
    promise = "Bữa ăn hôm nay thế nào? Quét mã, 1 phút, không cần ghi tên"
    fitted = fit(promise, 186.0, 66.0, (64.0, 54.0, 48.0, 40.0), BOLD)

    assert fitted.lines[0] == "Bữa ăn hôm nay thế nào?"
    assert " ".join(fitted.lines) == promise
    assert all(width(line, fitted.size, BOLD) <= 186 for line in fitted.lines)
    assert fitted.height <= 66


def test_what_is_too_long_at_the_smallest_size_is_cut_with_an_ellipsis() -> None:
    fitted = fit("một hai ba bốn năm sáu bảy " * 20, 40.0, 10.0, (10.0, 8.0), BOLD)

    assert fitted.is_cut
    assert fitted.lines[-1].endswith("…")
    assert all(width(line, 8.0, BOLD) <= 40 for line in fitted.lines)


def test_a_word_longer_than_a_line_is_broken_inside() -> None:
    fitted = fit("m" * 200, 50.0, 100.0, (10.0,), BOLD)

    assert "".join(fitted.lines) == "m" * 200
    assert lettering.line_height(10.0) * len(fitted.lines) <= 100
