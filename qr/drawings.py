"""The drawings of posters: scan, fill in, send, and small marks; our own, in a few strokes each.

Each is drawn into a square of the given side. Lines and flat white only: old laser printers.
"""

from collections.abc import Callable

from .board import BLUE, WHITE, YELLOW, Board

Drawing = Callable[[Board, float, float, float], None]
_FINDER = 0.15  # side of a corner square of the drawn code


def scan(board: Board, x: float, y: float, side: float) -> None:
    """A phone that looks at a square code."""
    thick = side * 0.055
    board.panel(
        (x + side * 0.22, y + side * 0.03, side * 0.56, side * 0.94),
        radius=side * 0.09,
        fill=WHITE,
        thick=thick,
    )
    board.stroke(
        [(x + side * 0.43, y + side * 0.88), (x + side * 0.57, y + side * 0.88)], thick=thick
    )
    size = side * _FINDER
    left, top = x + side * 0.32, y + side * 0.3
    for across, down in ((0.0, 0.0), (0.21, 0.0), (0.0, 0.21)):
        box = (left + side * across, top + side * down, size, size)
        board.panel(box, thick=side * 0.04)
    for across, down in ((0.22, 0.22), (0.3, 0.3), (0.22, 0.3), (0.3, 0.22)):
        board.panel((left + side * across, top + side * down, side * 0.05, side * 0.05), fill=BLUE)
    board.stroke(
        [(x + side * 0.06, y + side * 0.18), (x + side * 0.94, y + side * 0.18)], thick=thick
    )


def fill_in(board: Board, x: float, y: float, side: float) -> None:
    """A sheet with ticked rows, and a pencil."""
    thick = side * 0.055
    sheet = (x + side * 0.12, y + side * 0.05, side * 0.62, side * 0.9)
    board.panel(sheet, radius=side * 0.06, fill=WHITE, thick=thick)
    for row in range(3):
        level = y + side * (0.26 + row * 0.24)
        left = x + side * 0.22
        board.stroke(
            [
                (left, level),
                (left + side * 0.05, level + side * 0.055),
                (left + side * 0.14, level - side * 0.07),
            ],
            thick=thick,
        )
        if row < 2:
            board.stroke([(left + side * 0.23, level), (left + side * 0.42, level)], thick=thick)
    tip, end, half = (0.5, 0.82), (0.88, 0.36), (0.052, 0.043)
    wood = (0.565, 0.742)
    body = [
        (wood[0] - half[0], wood[1] - half[1]),
        (end[0] - half[0], end[1] - half[1]),
        (end[0] + half[0], end[1] + half[1]),
        (wood[0] + half[0], wood[1] + half[1]),
    ]
    placed = [(x + side * across, y + side * down) for across, down in body]
    point = (x + side * tip[0], y + side * tip[1])
    board.shape([*placed, point], fill=WHITE, thick=side * 0.16, color=WHITE)
    board.shape([*placed, point], fill=YELLOW, thick=side * 0.045)


def send(board: Board, x: float, y: float, side: float) -> None:
    """A folded paper plane on its way."""
    at = [(0.06, 0.5), (0.95, 0.1), (0.68, 0.9), (0.42, 0.62)]
    left, nose, low, fold = ((x + side * across, y + side * down) for across, down in at)
    thick = side * 0.055
    board.shape([left, nose, low, fold], fill=WHITE, thick=thick)
    board.stroke([fold, nose], thick=thick)
    keel = (x + side * 0.4, y + side * 0.88)
    board.shape([fold, keel, (x + side * 0.53, y + side * 0.735)], fill=BLUE, thick=thick)
    for across, down in ((0.05, 0.72), (0.1, 0.9)):
        start = (x + side * across, y + side * down)
        board.stroke([start, (start[0] + side * 0.16, start[1] - side * 0.07)], thick=thick * 0.8)


def pin(board: Board, x: float, y: float, side: float) -> None:
    """Where it hangs."""
    middle, level = x + side / 2, y + side * 0.38
    board.shape(
        [
            (middle - side * 0.29, level + side * 0.14),
            (middle, y + side),
            (middle + side * 0.29, level + side * 0.14),
        ],
        fill=BLUE,
    )
    board.disc(middle, level, side * 0.33)
    board.disc(middle, level, side * 0.13, fill=WHITE)


def telephone(board: Board, x: float, y: float, side: float) -> None:
    """A receiver: an arc between two pads."""
    thick = side * 0.17
    arc = [(0.2, 0.2), (0.22, 0.42), (0.36, 0.64), (0.58, 0.78), (0.8, 0.8)]
    board.stroke([(x + side * across, y + side * down) for across, down in arc], thick=thick)
    for across, down in ((0.2, 0.17), (0.83, 0.8)):
        board.disc(x + side * across, y + side * down, side * 0.17)


def calendar(board: Board, x: float, y: float, side: float) -> None:
    """A leaf with its rings."""
    thick = side * 0.1
    board.panel(
        (x + side * 0.1, y + side * 0.2, side * 0.8, side * 0.7), radius=side * 0.1, thick=thick
    )
    board.panel((x + side * 0.1, y + side * 0.2, side * 0.8, side * 0.22), fill=BLUE)
    for across in (0.32, 0.68):
        top = (x + side * across, y + side * 0.08)
        board.stroke([top, (top[0], top[1] + side * 0.16)], thick=thick)


def mark(board: Board, x: float, y: float, side: float) -> None:
    """Our own mark, a ticked sheet with its corner folded, as in the header of every page."""
    wide = side * 0.9
    cut, right, low = side * 0.3, x + side * 0.9, y + side
    board.shape(
        [(x, y), (right - cut, y), (right, y + cut), (right, low), (x, low)],
        fill=BLUE,
        thick=side * 0.06,
    )
    board.shape([(right - cut, y), (right - cut, y + cut), (right, y + cut)], fill=WHITE, thick=0.3)
    tick = [(x + wide * 0.22, y + side * 0.6), (x + wide * 0.42, y + side * 0.78)]
    tick.append((x + wide * 0.78, y + side * 0.45))
    board.stroke(tick, thick=side * 0.12, color=WHITE)
    board.disc(x + wide * 0.25, y + side * 0.22, side * 0.08, fill=YELLOW)
