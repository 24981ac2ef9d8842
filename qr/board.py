"""Paper to draw posters on: lines, shapes and lettering at any scale, one file for many pages.

Coordinates are millimetres of the drawing, from the upper left corner; a sheet of another size is
the same drawing, scaled. Knows nothing of forms or units.
"""

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceRGB
from fpdf.enums import RenderStyle
from fpdf.fonts import TTFFont

from .images import Matrix
from .lettering import BOLD, FILES, MILLIMETRES, REGULAR, SPARE, Fitted, line_height, pieces
from .lettering import width as text_width

# The tokens of static/tokens.css as printers want them.
INK, QUIET, LINE = (29, 27, 22), (92, 85, 70), (125, 116, 102)
BLUE, RED, YELLOW, WHITE = (11, 74, 143), (179, 18, 29), (246, 196, 69), (255, 255, 255)

Color = tuple[int, int, int]
_RISE = 0.74  # from the top of a line to its base, in parts of the line height


class Board(FPDF):
    """fpdf2 with our fonts, scaled drawings and codes as one path."""

    def __init__(self, wide: float, high: float, *, scale: float = 1.0) -> None:
        """A sheet of so many millimetres of paper."""
        super().__init__(unit=scale / MILLIMETRES, format=(wide / scale, high / scale))
        self._scale = scale
        self.set_auto_page_break(False)
        self.set_margin(0)
        for face in (REGULAR, BOLD):
            self.add_font(face, "", FILES[face])

    def close_fonts(self) -> None:
        """Let go of the font files: fpdf2 holds them open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def line_of(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        face: str = REGULAR,
        color: Color = INK,
        anchor: float = 0.0,
    ) -> None:
        """One line of text, its top at `y`; `anchor` 0 begins at `x`, 0.5 centers, 1 ends."""
        x -= anchor * text_width(text, size, face)
        base = y + line_height(size) * _RISE
        self.set_text_color(*color)
        for font, piece in pieces(text, face):
            if font == SPARE:
                self._spare(x, base, piece, size, bold=face == BOLD, color=color)
            else:
                self.set_font(font, "", size * self._scale)
                self.text(x, base, piece)
            x += text_width(piece, size, face)

    def _spare(
        self, x: float, base: float, piece: str, size: float, *, bold: bool, color: Color
    ) -> None:
        """Letters of the second font; bold ones get an outline, for its bold takes seconds."""
        if SPARE not in self.fonts:
            self.add_font(SPARE, "", FILES[SPARE])
        drawn = {"text_mode": "FILL_STROKE", "line_width": size * 0.006} if bold else {}
        with self.local_context(draw_color=_rgb(color), **drawn):
            self.set_font(SPARE, "", size * self._scale)
            self.text(x, base, piece)

    def block(
        self,
        x: float,
        y: float,
        fitted: Fitted,
        *,
        face: str = REGULAR,
        color: Color = INK,
        anchor: float = 0.0,
    ) -> float:
        """Lines under each other; gives where the next thing may begin."""
        for line in fitted.lines:
            self.line_of(x, y, line, fitted.size, face=face, color=color, anchor=anchor)
            y += line_height(fitted.size)
        return y

    def stroke(
        self, points: Sequence[tuple[float, float]], *, thick: float, color: Color = BLUE
    ) -> None:
        """A line through the points, with round ends and corners."""
        self._pen(color, thick)
        moves = " ".join(
            f"{x * self.k:.2f} {(self.h - y) * self.k:.2f} {'l' if at else 'm'}"
            for at, (x, y) in enumerate(points)
        )
        self._out(f"1 J 1 j {moves} S 0 J 0 j")

    def shape(
        self,
        points: Sequence[tuple[float, float]],
        *,
        fill: Color | None,
        thick: float = 0.0,
        color: Color = BLUE,
    ) -> None:
        """A closed shape, filled or outlined or both."""
        self._pen(color, thick or 0.1)
        if fill:
            self.set_fill_color(*fill)
        style = RenderStyle.DF if fill and thick else RenderStyle.F if fill else RenderStyle.D
        self._out("1 j")
        self.polygon(list(points), style=style)
        self._out("0 j")

    def panel(
        self,
        box: tuple[float, float, float, float],
        *,
        radius: float = 0.0,
        fill: Color | None = None,
        thick: float = 0.0,
        color: Color = BLUE,
    ) -> None:
        """A rectangle (x, y, width, height) with round corners."""
        self._pen(color, thick or 0.1)
        if fill:
            self.set_fill_color(*fill)
        style = "DF" if fill and thick else "F" if fill else "D"
        self.rect(*box, style=style, round_corners=radius > 0, corner_radius=radius)

    def disc(
        self, x: float, y: float, radius: float, *, fill: Color | None = BLUE, thick: float = 0.0
    ) -> None:
        """A circle around (x, y)."""
        self._pen(BLUE, thick or 0.1)
        if fill:
            self.set_fill_color(*fill)
        style = "F" if fill else "D"
        self.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style=style)

    def modules(self, rows: Matrix, x: float, y: float, side: float) -> None:
        """A QR code as one path of rectangles: sharp at any size, without seams between rows."""
        step = side / len(rows) * self.k
        left, top = x * self.k, (self.h - y) * self.k
        boxes = [
            (left + start * step, top - (at + 1) * step, length * step)
            for at, row in enumerate(rows)
            for start, length in _runs(row)
        ]
        runs = (f"{x:.3f} {y:.3f} {long:.3f} {step:.3f} re" for x, y, long in boxes)
        self.set_fill_color(0, 0, 0)
        self._out(" ".join(runs) + " f")

    def _pen(self, color: Color, thick: float) -> None:
        self.set_draw_color(*color)
        self.set_line_width(thick)


def _rgb(color: Color) -> DeviceRGB:
    return DeviceRGB(*(part / 255 for part in color))


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow each other."""
    runs, x = [], 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            runs.append((start, x - start))
        x += 1
    return runs
