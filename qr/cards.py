"""The picture that stands for a form where its link is shared: title, promise, federation.

1200×630 is what Zalo, Facebook and Telegram show whole. Knows no address and no store.
"""

import io
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
_PAPER, _INK, _BLUE, _QUIET = "#fffaf2", "#1d1b16", "#0b4a8f", "#5c5546"
_LIGHT_BLUE, _YELLOW, _GREEN = "#9ac3f7", "#f6c445", "#0b6b3a"
_MARGIN, _WIDTH = 90, 1020
_TITLE_SIZES = (84, 72, 60, 50, 42)
_MOST_LINES = 4


def card_png(title: str, promise: str, organization: str) -> bytes:
    """Draw the card; long texts are set smaller, then cut with an ellipsis."""
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 24), _BLUE)
    draw.rectangle((0, 24, SIZE[0], 30), _YELLOW)
    _mark(draw, _MARGIN, 84)
    name = _font("SemiBold", 32)
    (first, *_) = _lines(organization, name, _WIDTH - 110, 1) or [""]
    draw.text((_MARGIN + 104, 124), first, _QUIET, name, anchor="lm")
    _title(draw, title)
    _promise(draw, promise)
    packed = io.BytesIO()
    image.quantize(64).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _title(draw: ImageDraw.ImageDraw, title: str) -> None:
    for size in _TITLE_SIZES:
        font = _font("Bold", size)
        lines = _lines(title, font, _WIDTH, _MOST_LINES)
        height = round(size * 1.3)
        if len(lines) * height <= 300 and _fits(title, lines):
            break
    top = 342 - len(lines) * height // 2
    for number, line in enumerate(lines):
        draw.text((_MARGIN, top + number * height + height // 2), line, _INK, font, anchor="lm")


def _promise(draw: ImageDraw.ImageDraw, promise: str) -> None:
    font = _font("SemiBold", 36)
    for line in _lines(promise, font, _WIDTH, 1):
        draw.text((_MARGIN, 548), line, _GREEN, font, anchor="lm")


def _mark(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """Our own mark, a ticked sheet with its corner folded, as in the header of every page."""
    draw.rounded_rectangle((left, top, left + 72, top + 80), 10, _BLUE)
    draw.polygon([(left + 46, top), (left + 73, top), (left + 73, top + 27)], _PAPER)
    draw.polygon([(left + 46, top), (left + 46, top + 26), (left + 72, top + 26)], _LIGHT_BLUE)
    draw.ellipse((left + 10, top + 10, left + 24, top + 24), _YELLOW)
    tick = [(left + 18, top + 48), (left + 31, top + 61), (left + 56, top + 36)]
    draw.line(tick, "#ffffff", 9, joint="curve")


def _fits(text: str, lines: list[str]) -> bool:
    return " ".join(lines) == " ".join(text.split())


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """Break at spaces; what is too much ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_cut(line, font, width) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _cut(kept[-1] + " " + lines[most], font, width)
    return kept


def _cut(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # Be Vietnam Pro (OFL): made for Vietnamese, so that no stacked mark is cut or shifted.
    folder = files("fontpkg_be_vietnam_pro") / "files"
    with (folder / f"BeVietnamPro-{weight}.ttf").open("rb") as font:
        return ImageFont.truetype(io.BytesIO(font.read()), size)
