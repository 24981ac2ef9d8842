"""Reads what was printed: pages drawn as pixels and scanned, their text, fonts and pictures."""

import io
import re
from collections import Counter

import pypdfium2
import zxingcpp
from pypdf import PdfReader
from pypdf.generic import DictionaryObject


def codes(content: bytes, dpi: float) -> list[list[str]]:
    """What a scanner reads on each page."""
    return [
        [found.text for found in zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())]
        for page in pypdfium2.PdfDocument(content)
    ]


def texts(content: bytes) -> list[str]:
    """The text of each page, on one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def page_sizes(content: bytes) -> Counter[tuple[int, int]]:
    """Width and height in millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(content)).pages]
    return Counter(
        (round(float(b.width) / 72 * 25.4), round(float(b.height) / 72 * 25.4)) for b in boxes
    )


def pictures(content: bytes) -> int:
    """How many image objects there are."""
    reader = PdfReader(io.BytesIO(content))
    objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
    return sum(isinstance(o, DictionaryObject) and o.get("/Subtype") == "/Image" for o in objects)


def loose_fonts(content: bytes) -> set[str]:
    """Fonts that are named, but not in the file."""
    loose = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            if "/FontFile2" not in inner["/FontDescriptor"].get_object():
                loose.add(str(font.get_object()["/BaseFont"]))
    return loose


def dark_box(content: bytes, dpi: float = 100) -> tuple[float, float, float, float]:
    """Where the code of the first page lies: left, top, right, bottom in millimetres."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=dpi / 72).to_pil()
    [found] = zxingcpp.read_barcodes(picture)
    at = found.position
    corners = [at.top_left, at.top_right, at.bottom_left, at.bottom_right]
    xs, ys = [c.x for c in corners], [c.y for c in corners]
    return tuple(v / dpi * 25.4 for v in (min(xs), min(ys), max(xs), max(ys)))  # type: ignore[return-value]


def overlaps(content: bytes, slack: float = 0.8) -> list[tuple[str, str]]:
    """Lines of the first page that cover each other, by more than so many points."""
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    boxes = [page.get_rect(at) for at in range(page.count_rects())]
    return [
        (page.get_text_bounded(*a), page.get_text_bounded(*b))
        for at, a in enumerate(boxes)
        for b in boxes[at + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > slack and min(a[3], b[3]) - max(a[1], b[1]) > slack
    ]
