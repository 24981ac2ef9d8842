"""QR codes drawn: as one SVG path, as PNG, and as blocks for the terminal."""

from collections.abc import Sequence
from io import BytesIO

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q

QUIET = 4  # modules of white around the code; scanners rely on it

Matrix = Sequence[Sequence[bool]]


def matrix(text: str) -> Matrix:
    """The modules of the smallest code at level Q, with level H when that costs no larger code."""
    at_q, at_h = _planned(text, ERROR_CORRECT_Q), _planned(text, ERROR_CORRECT_H)
    chosen = at_h if at_h.version == at_q.version else at_q
    return _made(chosen)


def small_matrix(text: str) -> Matrix:
    """The modules at level M: for screens, where nothing gets dirty and room is short."""
    return _made(_planned(text, ERROR_CORRECT_M))


def _planned(text: str, level: int) -> qrcode.QRCode:
    """A code that knows how large it will be, but has no modules yet: making them takes long."""
    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(text)
    return code


def _made(code: qrcode.QRCode) -> Matrix:
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def path(rows: Matrix) -> str:
    """The dark modules as one SVG path: a rectangle per horizontal run."""
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1H{start}z")
            x += 1
    return "".join(runs)


def svg(text: str) -> str:
    """A self-contained SVG picture, dark on white, with its quiet zone."""
    return svg_of(matrix(text))


def svg_of(rows: Matrix) -> str:
    """The same of modules that are made already."""
    side = len(rows) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET} {-QUIET} {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M{-QUIET} {-QUIET}h{side}v{side}'
        f'H{-QUIET}z"/><path d="{path(rows)}"/></svg>'
    )


def png(text: str, *, module: int = 12) -> bytes:
    """A black-and-white PNG; `module` is the side of one module in pixels."""
    return png_of(matrix(text), module)


def png_of(rows: Matrix, module: int) -> bytes:
    """The same of modules that are made already."""
    side = len(rows) + 2 * QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET, y + QUIET), 0)
    out = BytesIO()
    picture.resize((side * module, side * module), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def terminal(text: str, *, quiet: int = 2) -> str:
    """The code in half blocks, light on the terminal's dark ground as scanners want it."""
    rows = small_matrix(text)
    side = len(rows) + 2 * quiet
    dark = {(x + quiet, y + quiet) for y, row in enumerate(rows) for x, m in enumerate(row) if m}
    lines = []
    for y in range(0, side, 2):
        halves = [((x, y) in dark, (x, y + 1) in dark or y + 1 >= side) for x in range(side)]
        lines.append("".join(_BLOCKS[upper, lower] for upper, lower in halves))
    return "\n".join(lines)


_BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
