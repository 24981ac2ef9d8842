"""QR pictures and the addresses in them, judged by a real decoder (zxing-cpp)."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from qr import images
from qr.address import is_loopback, point_url

LAN = "http://192.168.1.20:8000/Q/7FK722"
PUBLIC = "https://PHIEU.CONGDOANLAICHAU.VN/Q/7FK722"
SHORT = "https://PHIEU.VN/Q/XXXXXX"
LONG = "https://BIEUMAU.LIENDOANLAODONG.LAICHAU.GOV.VN/cong-doan/Q/7FK722"
URLS = pytest.mark.parametrize("url", [LAN, PUBLIC, SHORT, LONG])

SVG = "{http://www.w3.org/2000/svg}"
_STEP = re.compile(r"M(-?\d+) (-?\d+)h(\d+)v(\d+)H(-?\d+)z")


def seen(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """What an ordinary scanner reads; light-on-dark codes do not count."""
    return zxingcpp.read_barcodes(picture.convert("L"), try_invert=False)


def texts(picture: Image.Image) -> list[str]:
    return [code.text for code in seen(picture)]


def drawn(svg: str, scale: int = 8) -> Image.Image:
    """The SVG as pixels, on grey paper: the white must come from the picture itself."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    left, top, width, height = map(int, root.attrib["viewBox"].split())
    paper = Image.new("L", (width * scale, height * scale), 96)
    pen = ImageDraw.Draw(paper)
    for path in root.iter(SVG + "path"):
        steps = _STEP.findall(path.attrib["d"])
        assert _STEP.sub("", path.attrib["d"]) == ""
        for x, y, across, down, back in (map(int, step) for step in steps):
            assert back == x
            x0, y0 = (x - left) * scale, (y - top) * scale
            box = (x0, y0, x0 + across * scale - 1, y0 + down * scale - 1)
            pen.rectangle(box, fill=255 if path.get("fill") == "#fff" else 0)
    return paper


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def as_jpeg(picture: Image.Image, quality: int = 70) -> Image.Image:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out)


def screen(blocks: str, module: int = 6) -> Image.Image:
    """A dark terminal that shows the blocks: each sign is one module wide and two high."""
    lit = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}
    lines = blocks.split("\n")
    glass = Image.new("L", (len(lines[0]) + 8, 2 * len(lines) + 8), 0)
    for row, line in enumerate(lines):
        for x, sign in enumerate(line):
            for half, light in enumerate(lit[sign]):
                glass.putpixel((x + 4, 2 * row + half + 4), 255 * light)
    return glass.resize((glass.width * module, glass.height * module), Image.Resampling.NEAREST)


@URLS
def test_the_svg_reads_as_exactly_the_address(url):
    assert texts(drawn(images.svg(url))) == [url]


@URLS
def test_the_png_reads_as_exactly_the_address(url):
    assert texts(opened(images.png(url))) == [url]


@URLS
def test_the_terminal_blocks_read_as_exactly_the_address(url):
    assert texts(screen(images.terminal(url))) == [url]


@URLS
def test_terminal_lines_are_equally_wide_and_no_code_is_cut(url):
    lines = images.terminal(url, quiet=3).split("\n")
    side = len(images.small_matrix(url)) + 6

    assert {len(line) for line in lines} == {side}
    assert len(lines) == (side + 1) // 2
    assert lines[-1] == "▀" * side  # the sides are odd: the last half line is not ours


@URLS
def test_the_svg_is_one_dark_path_on_white_with_a_quiet_zone_of_four(url):
    root = ElementTree.fromstring(images.svg(url))  # noqa: S314 - our own picture
    side = len(images.matrix(url))
    ground, code = root

    assert root.tag == SVG + "svg"
    assert root.attrib["viewBox"] == f"-4 -4 {side + 8} {side + 8}"
    assert ground.attrib == {"fill": "#fff", "d": f"M-4 -4h{side + 8}v{side + 8}H-4z"}
    assert code.tag == SVG + "path"
    assert set(code.attrib) == {"d"}


@URLS
def test_the_path_covers_each_dark_module_once_and_no_other(url):
    rows = images.matrix(url)
    covered = [
        (int(x) + step, int(y))
        for x, y, across, down, _ in _STEP.findall(images.path(rows))
        for step in range(int(across))
        if down == "1"
    ]

    assert len(covered) == len(set(covered))
    assert set(covered) == {
        (x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([], ""),
        ([[False, False]], ""),
        ([[True, True]], "M0 0h2v1H0z"),
        ([[True, False, True], [False, True, False]], "M0 0h1v1H0zM2 0h1v1H2zM1 1h1v1H1z"),
    ],
)
def test_each_horizontal_run_becomes_one_rectangle(rows, path):
    assert images.path(rows) == path


def test_svg_and_png_show_the_same_modules():
    png = opened(images.png(PUBLIC, module=8)).convert("L")

    assert png.tobytes() == drawn(images.svg(PUBLIC), scale=8).tobytes()


@URLS
def test_the_png_has_a_white_margin_of_four_modules(url):
    picture = opened(images.png(url, module=5))
    side = (len(images.matrix(url)) + 8) * 5
    dark = Image.eval(picture.convert("L"), lambda light: 255 - light).getbbox()

    assert picture.size == (side, side)
    assert dark == (20, 20, side - 20, side - 20)


@URLS
def test_the_code_reads_from_three_pixels_per_module(url):
    far = opened(images.png(url)).convert("L")
    side = (len(images.matrix(url)) + 8) * 3
    far = far.resize((side, side), Image.Resampling.BILINEAR)

    assert texts(as_jpeg(far)) == [url]


@URLS
@pytest.mark.parametrize("radius", [0.5, 0.8, 1.0])
@pytest.mark.parametrize("degrees", [0, 10, -10])
def test_the_code_reads_small_blurred_tilted_and_as_jpeg(url, radius, degrees):
    picture = opened(images.png(url)).convert("L").rotate(degrees, expand=True, fillcolor=140)
    photo = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BILINEAR)
    photo = as_jpeg(photo.filter(ImageFilter.GaussianBlur(radius)))

    assert texts(photo) == [url]


def test_a_code_blurred_beyond_reason_is_not_read():
    picture = opened(images.png(PUBLIC, module=3)).convert("L")

    assert texts(picture.filter(ImageFilter.GaussianBlur(6))) == []


@pytest.mark.parametrize("level_word", ["Q", "H"])
def test_a_poster_survives_a_blot_as_large_as_its_level_promises(level_word):
    url = {"Q": PUBLIC, "H": "https://CONGDOANLC.VN/Q/7FK722"}[level_word]
    picture = opened(images.png(url)).convert("L")
    middle, half = picture.width // 2, picture.width // 12
    ImageDraw.Draw(picture).rectangle(
        (middle - half, middle - half, middle + half, middle + half), fill=255
    )

    (read,) = seen(picture)

    assert (read.text, read.ec_level) == (url, level_word)


@pytest.mark.parametrize(
    ("host_length", "modules"), [(14, 29), (24, 29), (25, 29), (26, 33), (28, 33)]
)
def test_the_code_stays_at_version_three_up_to_a_host_of_25_signs(host_length, modules):
    host = ("LAICHAU" * 4)[: host_length - 3] + ".VN"

    assert len(host) == host_length
    assert len(images.matrix(f"https://{host}/Q/7FK722")) == modules


@pytest.mark.parametrize("url", [LAN, PUBLIC, SHORT])
def test_real_addresses_stay_at_29_modules_and_smaller_on_screen(url):
    assert len(images.matrix(url)) <= 29
    assert len(images.small_matrix(url)) <= len(images.matrix(url))


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://phieu.congdoanlaichau.vn", PUBLIC),
        ("HTTPS://Phieu.CongDoanLaiChau.vn/", PUBLIC),
        ("http://192.168.1.20:8000", LAN),
        ("http://[fd00::1]:8000", "http://[FD00::1]:8000/Q/7FK722"),
        ("https://ldld.vn/cong-doan/Phieu/", "https://LDLD.VN/cong-doan/Phieu/Q/7FK722"),
    ],
)
def test_the_address_has_a_small_scheme_a_capital_host_and_its_own_path(base, url):
    assert point_url(base, "7FK722") == url


@pytest.mark.parametrize(
    "base",
    [
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://LOCALHOST",
        "http://[::1]:8000/",
        "http://127.0.1.1:8000",
    ],
)
def test_an_address_that_only_this_machine_reaches_is_noticed(base):
    assert is_loopback(base)


@pytest.mark.parametrize(
    "base",
    ["http://192.168.1.20:8000", "https://phieu.vn", "http://127.0.0.1.vn", "https://localhost.vn"],
)
def test_an_address_that_phones_reach_is_not_called_loopback(base):
    assert not is_loopback(base)
