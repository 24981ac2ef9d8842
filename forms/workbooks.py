"""Open .xlsx files that people send: hostile until shown otherwise, the same for every reader.

Sizes are counted while unpacking, XML with entities is refused (openpyxl reads by defusedxml), and
whatever the library stumbles over is one of three answers.

UnfitWorkbook
├── NotAWorkbook      none at all, or damaged
├── HostileWorkbook   holds what no plain table has
└── LargeWorkbook     larger than its reader allows
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

_MOST_PARTS = 200
_MAGIC = b"PK\x03\x04"
_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
# What runs, or fetches from elsewhere, when a spreadsheet opens the file.
_ACTIVE = ("vbaproject", "externallinks/", "activex/", "embeddings/", "customui", "macrosheets/")
# What the library may raise over a file that is none, or damaged.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, NotImplementedError, OverflowError, OSError, RecursionError,
)  # fmt: skip


class UnfitWorkbook(Exception):
    """The file is not read."""


class NotAWorkbook(UnfitWorkbook):
    pass


class HostileWorkbook(UnfitWorkbook):
    pass


class LargeWorkbook(UnfitWorkbook):
    pass


@contextmanager
def opened(content: bytes, *, largest: int, formulas: bool = False) -> Iterator[Any]:
    """The workbook, read row by row; raises UnfitWorkbook, also while it is read.

    `largest` is how many bytes it may take unpacked; with `formulas` cells hold them as written,
    else the value that was last shown.
    """
    import openpyxl  # large: only who reads a workbook waits for it

    try:
        _check_size(content, largest)
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=not formulas, keep_links=False
        )
        try:
            yield book
        finally:
            book.close()
    except _BROKEN as error:
        raise (HostileWorkbook if _is_hostile(error) else NotAWorkbook)() from error


def check_plain(content: bytes) -> None:
    """Refuse macros, links to other files and embedded things; raises UnfitWorkbook."""
    if not content.startswith(_MAGIC):
        raise NotAWorkbook
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = [name.lower() for name in parts.namelist()]
            with parts.open("[Content_Types].xml") as part:
                kinds = part.read(2**20)
    except _BROKEN as error:
        raise NotAWorkbook from error
    if b"macroenabled" in kinds.lower() or any(sign in n for n in names for sign in _ACTIVE):
        raise HostileWorkbook
    if _MAIN not in kinds:
        raise NotAWorkbook


def _is_hostile(error: BaseException | None) -> bool:
    """Whether defusedxml's refusal (a ValueError) lies beneath what openpyxl made of it."""
    while error is not None and not isinstance(error, DefusedXmlException):
        error = error.__cause__ or error.__context__
    return error is not None


def _check_size(content: bytes, largest: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        entries = parts.infolist()
        if len(entries) > _MOST_PARTS or any(".." in e.filename for e in entries):
            raise HostileWorkbook
        # The sizes that a ZIP names may lie, so what comes out is counted.
        left = largest
        for entry in entries:
            with parts.open(entry) as part:
                while piece := part.read(2**16):
                    left -= len(piece)
                    if left < 0:
                        raise LargeWorkbook
