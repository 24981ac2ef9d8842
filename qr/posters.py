"""Posters as one PDF: the promise largest, then the code, unit and place, three drawn steps.

A5 and A6 are the A4 drawing made smaller; stickers.py has its own. The code is at least 100 mm wide
on A4, so that it can be scanned from a metre away; in A5 and A6 from half a metre and nearer.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from . import drawings
from .board import BLUE, LINE, QUIET, RED, WHITE, YELLOW, Board
from .images import QUIET as QUIET_MODULES
from .images import Matrix
from .lettering import BOLD, REGULAR, fit, line_height, width

Told = Callable[[int], None]
"""Is told how many more are done."""


class Size(StrEnum):
    """What the posters are printed on."""

    A4 = "a4"
    A5 = "a5"
    A6 = "a6"
    STICKERS = "stickers"


PAPER = {Size.A4: (210.0, 297.0), Size.A5: (148.0, 210.0), Size.A6: (105.0, 148.0)}
_WIDE = 210.0  # millimetres of the drawing; everything below is in these
_SIDE, _RIGHT, _LOW = 12.0, 198.0, 232.0  # the margins, and the foot of the code
_CODE, _LARGEST_CODE = 100.0, 114.0
_MODULE = 3.0  # for 1 m and an old phone's camera
_PROMISE = tuple(float(size) for size in range(64, 21, -2))
_UNIT = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0)
_PLACE = (20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0)
_TEXT = (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0)
_NAME = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
_TITLE = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0)
_TYPED = (36.0, 32.0, 28.0, 24.0)


@dataclass(frozen=True)
class Step:
    """One of the three drawn steps."""

    title: str
    text: str


@dataclass(frozen=True)
class PosterText:
    """What all posters of one form say, in signs that can be printed.

    `more` repeats the promise in other languages. `address` is what is typed into a browser;
    `trial` says in red why phones cannot open it, or is empty.
    """

    organization: str
    promise: str
    more: tuple[str, ...]
    steps: tuple[Step, Step, Step]
    typing: str
    address: str
    trial: str = ""


@dataclass(frozen=True)
class PosterPoint:
    """What differs: one scan point. `code` is in groups; `closing` and `help_line` may be empty."""

    code: str
    qr: Matrix
    unit: str
    place: str
    closing: str
    help_line: str


def poster_pdf(
    text: PosterText, points: Iterable[PosterPoint], size: Size, language: str, told: Told
) -> bytes:
    """One page for each scan point, in their order; `told` hears of every page."""
    wide, high = PAPER[size]
    board = Board(wide, high, scale=wide / _WIDE)
    with closing(Fonts(board)):
        board.set_title(text.promise)
        board.set_lang(language)
        for point in points:
            board.add_page()
            draw_poster(board, text, point)
            told(1)
        return bytes(board.output())


class Fonts:
    """Closes a board's font files."""

    def __init__(self, board: Board) -> None:
        self.close = board.close_fonts


def draw_poster(board: Board, text: PosterText, point: PosterPoint) -> None:
    """One poster on the present page."""
    zone, side = _code_sides(point.qr)
    top = _LOW - zone
    _head(board, text)
    _promise(board, text, top)
    _code(board, point.qr, top, zone, side)
    _steps(board, text.steps, _SIDE + zone + 6, top, zone)
    _where(board, point)
    _foot(board, text, point)


def _code_sides(rows: Matrix) -> tuple[float, float]:
    """The code with its white border, and without it."""
    side = min(max(_CODE, _MODULE * len(rows)), _LARGEST_CODE)
    return side * (1 + 2 * QUIET_MODULES / len(rows)), side


def _head(board: Board, text: PosterText) -> None:
    drawings.mark(board, _SIDE, 11, 12)
    name = fit(text.organization, _RIGHT - _SIDE - 17, 14, _NAME, BOLD)
    board.block(_SIDE + 16, 17 - name.height / 2, name, face=BOLD, color=QUIET)
    board.stroke([(_SIDE, 27), (_RIGHT, 27)], thick=1.6)
    board.stroke([(_SIDE, 27), (_SIDE + 30, 27)], thick=1.6, color=YELLOW)


def _promise(board: Board, text: PosterText, low: float) -> None:
    wide = _RIGHT - _SIDE
    share = (low - 36.0 - 5.0 * len(text.more)) / max(len(text.more), 1)
    more = [
        fit(line, wide, min(8.0 if len(text.more) > 1 else 14.0, share), _TEXT, REGULAR)
        for line in text.more
    ]
    below = sum(line.height for line in more) + (4 if more else 0)
    high = low - 4 - 30 - below
    promise = fit(text.promise, wide, high, _PROMISE, BOLD)
    y = 30 + (high - promise.height) / 2
    y = board.block(_SIDE, y, promise, face=BOLD, color=BLUE) + 2
    for line in more:
        y = board.block(_SIDE, y, line, color=QUIET)


def _code(board: Board, rows: Matrix, top: float, zone: float, side: float) -> None:
    board.panel((_SIDE, top, zone, zone), radius=6, thick=1.4)
    board.modules(rows, _SIDE + (zone - side) / 2, top + (zone - side) / 2, side)


def _steps(board: Board, steps: Sequence[Step], x: float, top: float, high: float) -> None:
    """The drawings under each other, each beside its word and above its sentence."""
    each, wide, pictured = high / len(steps), _RIGHT - x, 24.0
    pictures = (drawings.scan, drawings.fill_in, drawings.send)
    for at, (step, draw) in enumerate(zip(steps, pictures, strict=True)):
        y = top + at * each + (3 if at else 0)
        if at:
            board.stroke([(x, y - 3), (_RIGHT, y - 3)], thick=0.3, color=LINE)
        _number(board, x, y + 5.6, at + 1)
        title = fit(step.title, wide - pictured - 1, 12, _TITLE, BOLD)
        board.block(x, y + 11, title, face=BOLD, color=BLUE)
        draw(board, _RIGHT - pictured, y, pictured)
        words = fit(step.text, wide, each - 3 - pictured - 2, _TEXT, REGULAR)
        board.block(x, y + pictured + 1, words)


def _number(board: Board, x: float, middle: float, number: int) -> None:
    board.disc(x + 5, middle, 5)
    top = middle - line_height(18) * 0.52
    board.line_of(x + 5, top, str(number), 18, face=BOLD, color=WHITE, anchor=0.5)


def _where(board: Board, point: PosterPoint) -> None:
    x, wide = _SIDE + 14, _RIGHT - _SIDE - 14
    place = fit(point.place, wide, 8, _PLACE, REGULAR)
    high = 25 - (place.height if point.place else 0)
    unit = fit(point.unit, wide, high, _UNIT, BOLD)
    whole = unit.height + (place.height if point.place else 0)
    y = _LOW + 2 + (25 - whole) / 2
    drawings.pin(board, _SIDE, y + 1, min(11, whole))
    y = board.block(x, y, unit, face=BOLD)
    if point.place:
        board.block(x, y, place)


def _foot(board: Board, text: PosterText, point: PosterPoint) -> None:
    board.stroke([(_SIDE, 260), (_RIGHT, 260)], thick=0.5, color=LINE)
    code = fit(point.code, 74, 17, _TYPED, BOLD)
    code_wide = width(point.code, code.size, BOLD)
    typing = fit(text.typing, 186, 7, (13.0, 12.0, 11.0, 10.0, 9.0), REGULAR)
    board.block(_SIDE, 262, typing, color=QUIET)
    address = fit(
        text.address, 186 - code_wide - 12, 9, (22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0), BOLD
    )
    board.block(_SIDE, 268, address, face=BOLD)
    board.block(_RIGHT - code_wide, 262.5, code, face=BOLD, color=BLUE)
    _last_line(board, text, point)


def _last_line(board: Board, text: PosterText, point: PosterPoint) -> None:
    if text.trial:
        trial = fit(text.trial, 186, 7, (13.0, 12.0, 11.0, 10.0, 9.0, 8.0), BOLD)
        board.block(_SIDE, 280, trial, face=BOLD, color=RED)
        return
    x, parts = _SIDE, [(drawings.calendar, point.closing), (drawings.telephone, point.help_line)]
    for draw, said in parts:
        if not said:
            continue
        line = fit(said, 84, 7, _TEXT, BOLD)
        draw(board, x, 280, 6.4)
        board.block(x + 8, 283.2 - line.height / 2, line, face=BOLD)
        x += 95
