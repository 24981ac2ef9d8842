"""An A4 sheet to draw on: our fonts, wrapped text, boxes and lines. It knows nothing of forms.

Texts are normalised (NFC) before they are drawn, because without text shaping fpdf2 puts loose
marks beside their letters; signs that neither font has are refused, not left out.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

# The tokens of static/tokens.css as printers want them.
INK, QUIET, LINE = (29, 27, 22), (92, 85, 70), (125, 116, 102)
BLUE, SOFT = (11, 74, 143), (231, 239, 250)
SIDE, TOP, FOOT = 16.0, 14.0, 18.0  # mm
WIDTH = 210 - 2 * SIDE
_AIR = 1.42  # line height: Vietnamese marks need air above
_POINT = 25.4 / 72  # mm
_OUR, _SPARE = "be vietnam pro", "noto sans"


def _file(package: object, name: str) -> Path:
    return Path(str(getattr(package, "__file__", ""))).parent / "files" / name


_REGULAR = _file(fontpkg_be_vietnam_pro, "BeVietnamPro-Regular.ttf")
_BOLD = _file(fontpkg_be_vietnam_pro, "BeVietnamPro-Bold.ttf")
_NOTO = _file(fontpkg_noto_sans, "NotoSans[wdth,wght].ttf")


class Unprintable(ValueError):
    """A text has signs that no font of ours can draw."""


@cache
def _signs(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text as it can be drawn (NFC, one line); raises Unprintable."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    missing = sorted({sign for sign in text if ord(sign) not in _signs(_REGULAR) | _signs(_NOTO)})
    if missing:
        raise Unprintable(", ".join(f"{sign} (U+{ord(sign):04X})" for sign in missing))
    return text


class Sheet:
    """Pages filled from above; whoever draws asks for `room` before a piece that stays together."""

    def __init__(self, *, title: str, language: str, footer: str, page_text: str) -> None:
        """`page_text` has %(page)s and %(pages)s."""
        self._pdf = _Paper(printable(footer), printable(page_text))
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.add_page()

    def use_spare(self, texts: Iterable[str]) -> None:
        """Take the second font along when the first lacks a sign of these texts: it is large."""
        needed = {ord(sign) for text in texts for sign in unicodedata.normalize("NFC", text)}
        if needed - _signs(_REGULAR):
            self._pdf.take_spare()

    @property
    def y(self) -> float:
        return float(self._pdf.get_y())

    def down(self, by: float) -> None:
        self._pdf.set_y(self.y + by)

    def room(self, height: float) -> None:
        """Go to the next page when this much does not fit on this one."""
        if self.y + height > self._pdf.h - FOOT and self.y > TOP + 1:
            self._pdf.add_page()

    def height(self, text: str, size: float, *, width: float = WIDTH, bold: bool = False) -> float:
        """How high the text will be when it is written."""
        self._font(size, bold)
        told = self._pdf.multi_cell(
            width, size * _POINT * _AIR, printable(text), dry_run=True, output="HEIGHT", align="L"
        )
        return float(str(told))

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        color: Sequence[int] = INK,
        at: float = 0.0,
        width: float | None = None,
        center: bool = False,
    ) -> None:
        """Wrapped text from `at` mm right of the margin; the sheet goes on below it."""
        self._font(size, bold)
        self._pdf.set_text_color(*color)
        self._pdf.set_x(SIDE + at)
        self._pdf.multi_cell(
            WIDTH - at if width is None else width,
            size * _POINT * _AIR,
            printable(text),
            align="C" if center else "L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _font(self, size: float, bold: bool) -> None:
        self._pdf.set_font(_OUR, "B" if bold else "", size)

    def rule(
        self,
        *,
        at: float = 0.0,
        width: float | None = None,
        color: Sequence[int] = LINE,
        thick: float = 0.25,
    ) -> None:
        """A line at the present height."""
        self._pdf.set_draw_color(*color)
        self._pdf.set_line_width(thick)
        end = SIDE + at + (WIDTH - at if width is None else width)
        self._pdf.line(SIDE + at, self.y, end, self.y)

    def box(
        self, at: float, size: float, *, width: float | None = None, round_: bool = False
    ) -> None:
        """An empty box (or circle) to tick or to write one sign into."""
        self._pdf.set_draw_color(*LINE)
        self._pdf.set_line_width(0.3)
        if round_:
            self._pdf.ellipse(SIDE + at, self.y, size, size)
        else:
            self._rounded(at, width or size, size, 0.8, "D")

    def _rounded(self, at: float, width: float, height: float, radius: float, style: str) -> None:
        self._pdf.rect(
            SIDE + at,
            self.y,
            width,
            height,
            style=style,
            round_corners=True,
            corner_radius=radius,
        )

    def panel(self, height: float, *, at: float = 0.0, width: float | None = None) -> None:
        """A soft coloured ground for what is written next."""
        self._pdf.set_fill_color(*SOFT)
        self._rounded(at, width or WIDTH - at, height, 2, "F")

    def face(self, at: float, size: float, mood: int) -> None:
        """A drawn face, mood 1 (sad) to 5 (glad)."""
        x, y, pdf = SIDE + at, self.y, self._pdf
        pdf.set_draw_color(*INK)
        pdf.set_line_width(0.35)
        pdf.ellipse(x, y, size, size)
        pdf.set_fill_color(*INK)
        for eye in (0.34, 0.66):
            pdf.ellipse(x + size * eye - 0.45, y + size * 0.36, 0.9, 0.9, style="F")
        bend = (mood - 3) * size * 0.14
        left, right, mouth = x + size * 0.3, x + size * 0.7, y + size * 0.68 - bend / 3
        inner = (x + size * 0.4, mouth + bend), (x + size * 0.6, mouth + bend)
        pdf.bezier([(left, mouth), *inner, (right, mouth)])

    def modules(
        self, rows: Sequence[Sequence[bool]], *, at: float, top: float, side: float
    ) -> None:
        """A QR code, as rectangles per run, so that it stays sharp in print."""
        step = side / len(rows)
        self._pdf.set_fill_color(0, 0, 0)
        for y, row in enumerate(rows):
            x = 0
            while x < len(row):
                start = x
                while x < len(row) and row[x]:
                    x += 1
                if x > start:
                    left, length = SIDE + at + start * step, (x - start) * step
                    self._pdf.rect(left, top + y * step, length, step, style="F")
                x += 1

    def go_to(self, y: float) -> None:
        self._pdf.set_y(y)

    def content(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the font files: fpdf2 holds them open."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


class _Paper(FPDF):
    """fpdf2 with our margins, fonts and footer."""

    def __init__(self, footer: str, page_text: str) -> None:
        super().__init__(format="A4")
        self._footer, self._page_text = footer, page_text
        self.set_margins(SIDE, TOP, SIDE)
        self.c_margin = 0  # or texts would stand a little right of lines and boxes
        self.set_auto_page_break(True, margin=FOOT)
        self.add_font(_OUR, "", _REGULAR)
        self.add_font(_OUR, "B", _BOLD)

    def take_spare(self) -> None:
        self.add_font(_SPARE, "", _NOTO)
        self.add_font(_SPARE, "B", _NOTO, variations={"wght": 700.0})
        self.set_fallback_fonts([_SPARE])

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(_OUR, "", 8)
        self.set_text_color(*QUIET)
        self.cell(WIDTH * 0.75, 5, self._footer)
        said = self._page_text % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(WIDTH * 0.25, 5, said, align="R")
