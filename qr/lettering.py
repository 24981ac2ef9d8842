"""Letters of posters: which font has a sign, how wide a line is, where a text breaks.

Knows no page. Fonts: Be Vietnam Pro, made for Vietnamese; Noto Sans for the letters it lacks
(Ê-đê, Gia-rai, Ba-na, M'nông). Texts are normalised (NFC), because loose marks are set beside their
letters; a sign that neither font has is refused, unless it is a picture (emoji): those are dropped.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
from fontTools.ttLib import TTFont

REGULAR, BOLD, SPARE = "regular", "bold", "spare"
AIR = 1.32  # line height: Vietnamese marks need air above
MILLIMETRES = 25.4 / 72  # in a point
_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")
_SENTENCES_COST = 0.78  # of the size, at most
_Wrap = Callable[[str, float, float, str], list[str]]
_PICTURE_PARTS = {0x200D, 0x20E3, 0xFE0E, 0xFE0F}  # joiner, keycap, text or picture please


def _file(package: object, name: str) -> Path:
    return Path(str(getattr(package, "__file__", ""))).parent / "files" / name


FILES = {
    REGULAR: _file(fontpkg_be_vietnam_pro, "BeVietnamPro-Regular.ttf"),
    BOLD: _file(fontpkg_be_vietnam_pro, "BeVietnamPro-Bold.ttf"),
    SPARE: _file(fontpkg_noto_sans, "NotoSans[wdth,wght].ttf"),
}


class MissingLetters(ValueError):
    """A text has signs that no font of ours can draw; the message names them."""


@dataclass(frozen=True)
class Lettered:
    """A text as it can be printed, and the pictures that were left out of it."""

    text: str
    dropped: str


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines at the largest size (points) that fits; `is_cut`: even so too long.

    `height` is in millimetres.
    """

    lines: tuple[str, ...]
    size: float
    is_cut: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * line_height(self.size)


@cache
def _widths(face: str) -> dict[int, float]:
    """How far each sign moves the pen, in parts of the size."""
    with TTFont(FILES[face], lazy=True) as font:
        advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {sign: advances[name][0] / em for sign, name in font.getBestCmap().items()}


def lettered(text: str) -> Lettered:
    """The text on one line, NFC, without pictures; raises MissingLetters."""
    kept, dropped, missing = [], [], []
    for sign in " ".join(unicodedata.normalize("NFC", text).split()):
        if _is_picture(sign):
            dropped.append(sign)
        elif unicodedata.category(sign) == "Cf":
            continue  # soft hyphens, marks of direction: nothing to see
        elif ord(sign) in _widths(REGULAR) or ord(sign) in _widths(SPARE):
            kept.append(sign)
        else:
            missing.append(sign)
    if missing:
        named = (f"{sign} (U+{ord(sign):04X})" for sign in sorted(set(missing)))
        raise MissingLetters(", ".join(named))
    seen = "".join(dict.fromkeys(s for s in dropped if unicodedata.category(s) == "So"))
    return Lettered(" ".join("".join(kept).split()), seen)


def _is_picture(sign: str) -> bool:
    code = ord(sign)
    if code in _PICTURE_PARTS or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return True
    return unicodedata.category(sign) == "So" and code not in _widths(REGULAR)


def pieces(text: str, face: str) -> Iterator[tuple[str, str]]:
    """The text in pieces of one font each, as (font, piece); a mark stays with its letter."""
    known, ours, piece = _widths(face), face, ""
    for cluster in _clusters(text):
        font = face if all(ord(sign) in known for sign in cluster) else SPARE
        if font != ours and piece:
            yield ours, piece
            piece = ""
        ours = font
        piece += cluster
    if piece:
        yield ours, piece


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for sign in text:
        if cluster and not unicodedata.combining(sign):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


@lru_cache(maxsize=20_000)
def width(text: str, size: float, face: str) -> float:
    """Millimetres that a line takes."""
    told = sum(_widths(font).get(ord(s), 0.0) for font, piece in pieces(text, face) for s in piece)
    return told * size * MILLIMETRES


def line_height(size: float) -> float:
    """Millimetres from one base line to the next."""
    return size * MILLIMETRES * AIR


@lru_cache(maxsize=20_000)
def fit(text: str, wide: float, high: float, sizes: tuple[float, ...], face: str) -> Fitted:
    """Set a text as large as the box (millimetres) allows; `sizes` go from large to small.

    Sentences begin on new lines where that costs little size. What is too long even at the last
    size ends in an ellipsis.
    """
    whole = _largest(text, wide, high, sizes, face, _wrapped)
    apart = _largest(text, wide, high, sizes, face, _by_sentence)
    if apart and whole and apart.size >= whole.size * _SENTENCES_COST:
        return apart
    if whole:
        return whole
    size = sizes[-1]
    lines, most = _wrapped(text, wide, size, face), _most_lines(high, size)
    if len(lines) <= most:
        return Fitted(tuple(lines), size)
    last = lines[most - 1]
    while last and width(f"{last}…", size, face) > wide:
        last = last[:-1].rstrip()
    return Fitted((*lines[: most - 1], f"{last}…"), size, is_cut=True)


def _largest(
    text: str, wide: float, high: float, sizes: tuple[float, ...], face: str, wrap: _Wrap
) -> Fitted | None:
    for size in sizes:
        lines = wrap(text, wide, size, face)
        if lines and len(lines) <= _most_lines(high, size) and not _is_torn(text, lines):
            balanced = _balanced(lines, wide, size, face) if wrap is _wrapped else tuple(lines)
            return Fitted(balanced, size)
    return None


def _most_lines(high: float, size: float) -> int:
    return max(1, int(high / line_height(size) + 0.001))


def _is_torn(text: str, lines: list[str]) -> bool:
    """Whether a word was broken inside."""
    return " ".join(lines) != text


def _by_sentence(text: str, wide: float, size: float, face: str) -> list[str]:
    """Each sentence by itself; nothing when there is only one."""
    sentences = _SENTENCE_END.split(text)
    if len(sentences) == 1:
        return []
    return [
        line
        for sentence in sentences
        for line in _balanced(_wrapped(sentence, wide, size, face), wide, size, face)
    ]


def _balanced(lines: list[str], wide: float, size: float, face: str) -> tuple[str, ...]:
    """The same words in as many lines, of about one length: no word stands alone at the end."""
    text, best, narrow = " ".join(lines), lines, wide
    while len(lines) > 1 and (narrow := narrow * 0.96) > wide / 2:
        tried = _wrapped(text, narrow, size, face)
        if len(tried) > len(lines) or _is_torn(text, tried):
            break
        best = tried
    return tuple(best)


def _wrapped(text: str, wide: float, size: float, face: str) -> list[str]:
    """Lines broken at spaces; a word longer than a line is broken inside."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, face) <= wide:
            lines[-1] = longer
            continue
        lines += _torn(word, wide, size, face)
    return lines


def _torn(word: str, wide: float, size: float, face: str) -> list[str]:
    """A word in pieces that fit the line: almost always itself."""
    whole: list[str] = []
    while width(word, size, face) > wide and len(word) > 1:
        end = len(word) - 1
        while end > 1 and width(word[:end], size, face) > wide:
            end -= 1
        whole.append(word[:end])
        word = word[end:]
    return [*whole, word]
