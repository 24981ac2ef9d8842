"""Files that strangers send: what is taken comes out new and clean, what is not says why."""

import struct
import tracemalloc

import pytest
from pictures import (
    GIF_THAT_IS_A_SCRIPT,
    HEIC,
    JPEG_THAT_IS_A_SCRIPT,
    PDF,
    SVG,
    ZIP,
    drawn,
    jpeg,
    jpeg_of_a_place,
    many_scans,
    opened,
    png_that_claims,
    saved,
    webp_that_claims,
)
from PIL import Image, ImageStat

from forms import pictures
from forms.pictures import clean_picture, clean_signature
from forms.problems import Problem


def why_not(content: bytes) -> str:
    refused = clean_picture(content)
    assert isinstance(refused, Problem)
    return refused.message


def cleaned(content: bytes) -> Image.Image:
    taken = clean_picture(content)
    assert isinstance(taken, bytes), taken
    return opened(taken)


def grey(picture: Image.Image, left: int, top: int) -> float:
    """How light a patch is; one pixel of a dithered picture says nothing."""
    return ImageStat.Stat(picture.convert("L").crop((left, top, left + 50, top + 50))).mean[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "LA"])
def test_pictures_of_every_usual_kind_become_jpeg(kind, mode):
    mode = "RGB" if kind == "JPEG" and mode in ("RGBA", "P", "LA") else mode
    picture = drawn().convert(mode)

    taken = cleaned(saved(picture.convert("RGB") if kind == "WEBP" else picture, kind))

    assert (taken.format, taken.size) == ("JPEG", (900, 600))
    assert grey(taken, 20, 20) < 100
    assert grey(taken, 800, 500) > 200


def test_a_scan_of_16_bits_keeps_its_greys():
    line = struct.pack("<60H", *[13_000] * 30, *[65_535] * 30)
    scan = Image.frombytes("I;16", (60, 40), line * 40)

    taken = cleaned(saved(scan, "PNG"))

    assert abs(taken.convert("L").getpixel((10, 20)) - 50) < 10
    assert taken.convert("L").getpixel((50, 20)) > 245


def test_where_and_with_what_a_photo_was_taken_is_gone():
    before = jpeg_of_a_place()
    assert b"SecretCamera" in before
    assert b"SecretComment" in before

    after = clean_picture(before)

    assert b"Secret" not in after
    assert b"Exif" not in after
    assert dict(opened(after).getexif()) == {}


def test_a_photo_that_lies_on_its_side_is_turned_up():
    taken = cleaned(jpeg_of_a_place(orientation=6))

    assert taken.size == (600, 900)
    assert taken.convert("L").getpixel((580, 20)) < 100  # the dark corner came from the left


def test_a_large_photo_is_made_smaller_and_keeps_its_shape():
    taken = cleaned(saved(drawn(4_000, 3_000)))

    assert taken.size == (2_000, 1_500)


def test_what_is_see_through_lies_on_white():
    taken = cleaned(saved(drawn(mode="RGBA"), "PNG"))

    assert taken.getpixel((880, 580)) == (255, 255, 255)


def test_a_program_behind_a_photo_stays_behind():
    taken = clean_picture(JPEG_THAT_IS_A_SCRIPT)

    assert isinstance(taken, bytes)
    assert b"alert" not in taken


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is empty"),
        (jpeg() + b"\0" * 6_000_000, "5 MB at most"),
        (png_that_claims(50_000, 50_000), "too large"),
        (png_that_claims(10_000, 9_000), "too large"),
        (png_that_claims(2**31 - 1, 2**31 - 1), "too large"),
        (webp_that_claims(16_000, 16_000), "too large"),
        (HEIC, "HEIC"),
        (SVG, "no photo that we can open"),
        (GIF_THAT_IS_A_SCRIPT, "no photo that we can open"),
        (saved(drawn(), "GIF"), "no photo that we can open"),
        (saved(drawn(), "TIFF"), "no photo that we can open"),
        (ZIP, "no photo that we can open"),
        (PDF, "no photo that we can open"),
        (jpeg()[:2_000], "no photo that we can open"),
        (saved(drawn(), "PNG")[:500], "no photo that we can open"),
        (png_that_claims(300, 300), "no photo that we can open"),
        (webp_that_claims(300, 300), "no photo that we can open"),
        (many_scans(5_000), "no photo that we can open"),
        (b"\xff\xd8\xff" + b"\0" * 50, "no photo that we can open"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "no photo that we can open"),
        (b"RIFF\0\0\0\0WEBPVP8L", "no photo that we can open"),
        (b"\x89PNG\r\n\x1a\n", "no photo that we can open"),
    ],
)
def test_what_cannot_be_taken_says_why(content, why):
    assert why in why_not(content)


def test_a_picture_at_the_limit_is_taken_and_one_pixel_more_is_not(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 900 * 600)

    assert cleaned(jpeg(900, 600)).size == (900, 600)
    assert "too large" in why_not(jpeg(901, 600))


def test_a_bomb_is_refused_before_it_takes_memory():
    tracemalloc.start()

    why_not(png_that_claims(50_000, 50_000))
    why_not(webp_that_claims(16_383, 16_383))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 10_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_broken_anywhere_is_taken_or_refused_and_nothing_else(kind):
    whole = saved(drawn(60, 40), kind)

    for at in range(0, len(whole), max(1, len(whole) // 80)):
        for broken in (
            whole[:at],
            whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :],
            whole[:at] + struct.pack(">I", 7) + whole[at:],
        ):
            assert isinstance(clean_picture(broken), bytes | Problem)


def test_a_signature_becomes_a_small_grey_picture():
    taken = clean_signature(saved(drawn(3_000, 1_200), "PNG"))

    assert isinstance(taken, bytes)
    picture = opened(taken)
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert picture.width <= 640
    assert picture.height <= 240
    assert len(taken) < 20_000


def test_only_a_png_is_a_signature():
    assert isinstance(clean_signature(jpeg()), Problem)
    assert isinstance(clean_signature(SVG), Problem)
    assert isinstance(clean_signature(png_that_claims(50_000, 50_000)), Problem)
