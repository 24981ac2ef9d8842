"""Sheets of small labels on A4: ten to a sheet, with marks to cut along.

A label is 95 × 54 mm, a visiting card's height: the code on its left is scanned from half a metre.
"""

from collections.abc import Iterable
from contextlib import closing

from .board import BLUE, LINE, QUIET, RED, Board
from .images import QUIET as QUIET_MODULES
from .lettering import BOLD, REGULAR, fit
from .posters import Fonts, PosterPoint, PosterText, Told

ACROSS, DOWN = 2, 5
ON_SHEET = ACROSS * DOWN
_WIDE, _HIGH = 95.0, 54.0  # millimetres of one label
_LEFT, _TOP = (210 - ACROSS * _WIDE) / 2, (297 - DOWN * _HIGH) / 2
_ZONE = 50.0  # the code with its white border
_PROMISE = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_UNIT = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0)
_SMALL = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5)
_TYPED = (17.0, 15.0, 13.0)


def sticker_pdf(
    text: PosterText, points: Iterable[PosterPoint], copies: int, language: str, told: Told
) -> bytes:
    """So many labels of each scan point, in their order; `told` hears of every label."""
    board = Board(210, 297)
    with closing(Fonts(board)):
        board.set_title(text.promise)
        board.set_lang(language)
        for at, point in enumerate(point for point in points for _ in range(copies)):
            place = at % ON_SHEET
            if place == 0:
                board.add_page()
                _cutting_marks(board)
            across, down = place % ACROSS, place // ACROSS
            _label(board, text, point, _LEFT + across * _WIDE, _TOP + down * _HIGH)
            told(1)
        return bytes(board.output())


def _cutting_marks(board: Board) -> None:
    """Short lines in the margins, and crosses where labels meet."""
    xs = [_LEFT + at * _WIDE for at in range(ACROSS + 1)]
    ys = [_TOP + at * _HIGH for at in range(DOWN + 1)]
    for x in xs:
        for begin, end in ((_TOP - 6, _TOP - 1), (297 - _TOP + 1, 297 - _TOP + 6)):
            board.stroke([(x, begin), (x, end)], thick=0.2, color=QUIET)
        for y in ys:
            board.stroke([(x, y - 1.5), (x, y + 1.5)], thick=0.15, color=LINE)
    for y in ys:
        for begin, end in ((_LEFT - 6, _LEFT - 1), (210 - _LEFT + 1, 210 - _LEFT + 6)):
            board.stroke([(begin, y), (end, y)], thick=0.2, color=QUIET)
        for x in xs:
            board.stroke([(x - 1.5, y), (x + 1.5, y)], thick=0.15, color=LINE)


def _label(board: Board, text: PosterText, point: PosterPoint, x: float, y: float) -> None:
    side = _ZONE / (1 + 2 * QUIET_MODULES / len(point.qr))
    margin = (_HIGH - side) / 2
    board.modules(point.qr, x + (_ZONE - side) / 2 + 0.5, y + margin, side)
    left, wide = x + _ZONE, _WIDE - _ZONE - 3.5
    top = _upper(board, text, left, y + 3.5, wide)
    _lower(board, text, point, (left, top, wide, y + _HIGH - 3.5 - top))


def _upper(board: Board, text: PosterText, x: float, y: float, wide: float) -> float:
    name = fit(text.organization, wide, 5.5, _SMALL, REGULAR)
    y = board.block(x, y, name, color=QUIET) + 0.5
    promise = fit(text.promise, wide, 16.5, _PROMISE, BOLD)
    return board.block(x, y, promise, face=BOLD, color=BLUE) + 0.8


def _lower(
    board: Board, text: PosterText, point: PosterPoint, box: tuple[float, float, float, float]
) -> None:
    """Unit and place below the promise; code, address and telephone from the foot upwards."""
    x, y, wide, high = box
    last = text.trial or " · ".join(filter(None, (point.closing, point.help_line)))
    lines = [
        (fit(point.code, wide, 8, _TYPED, BOLD), BOLD, BLUE),
        (fit(text.address, wide, 3.6, _SMALL, BOLD), BOLD, QUIET),
        (fit(last, wide, 3.6, _SMALL, REGULAR), REGULAR, RED if text.trial else QUIET),
    ]
    foot = y + high - sum(fitted.height for fitted, _, _ in lines)
    place = fit(point.place, wide, min(7.0, (foot - y) * 0.42), _SMALL, REGULAR)
    unit = fit(point.unit, wide, foot - y - place.height - 0.6, _UNIT, BOLD)
    y = board.block(x, y, unit, face=BOLD)
    board.block(x, y, place)
    for fitted, face, color in lines:
        foot = board.block(x, foot, fitted, face=face, color=color)
