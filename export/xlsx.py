"""A workbook as large as it must be, in flat memory: sheets of rows, each cell of its own kind.

What Excel cannot hold is cut or put on a further sheet, and told; the stored answers stay as
they are. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from forms.types.base import Cell

from .table import Heading

LONGEST_CELL = 32_767  # UTF-16 units, as Excel counts
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_DIGITS = 15  # a larger number loses its last digits
_LONGEST_NAME = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
# XML knows none of these; what is below a space is escaped by the writer (ECMA-376 22.9.2.19).
_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_FORMATS = {
    "text": "@",
    "money": '#,##0\\ "đ"',
    "day": "dd/mm/yyyy",
    "iso_day": "yyyy-mm-dd",
    "month": "mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}
_WIDTHS = {"number": 10, "money": 14, "day": 12, "iso_day": 12, "month": 10, "moment": 17}
_NARROWEST, _WIDEST = 8, 48
_SAMPLED = 300  # rows whose texts decide how wide a column is
_EARLIEST = 1900  # Excel's calendar begins there
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


class TooWide(ValueError):
    """More columns than a sheet has."""


@dataclass
class Told:
    """What could not be written as it is: texts that were cut, signs that were replaced."""

    cut: int = 0
    replaced: int = 0


@dataclass(frozen=True)
class Facts:
    """The file's properties: a watermark that names who took it and when."""

    title: str
    author: str
    comments: str
    at: datetime


@dataclass
class Sheet:
    """One table with a fixed first line; it goes on under `name 2` where a sheet is full."""

    book: "Workbook"
    name: str
    headings: Sequence[Heading]
    rows: int = 0
    _parts: int = 0
    _at: int = 0
    _page: Any = None
    _widths: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.headings) > MOST_COLUMNS:
            raise TooWide(self.name)
        self._widths = [min(len(h.title), 30) for h in self.headings]
        self._open()

    def _open(self) -> None:
        self._close_page()
        self._parts += 1
        name = self.name if self._parts == 1 else f"{self.name} {self._parts}"
        self._page = self.book.page(name)
        self._page.freeze_panes(1, 0)
        for at, heading in enumerate(self.headings):
            self._page.write_string(0, at, self.book.text(heading.title), self.book.bold)
        self._at = 0

    def add(self, row: Sequence[Cell]) -> None:
        if self._at + 1 >= self.book.most_rows:
            self._open()
        self._at += 1
        self.rows += 1
        for at, cell in enumerate(row):
            if cell is not None:
                self.book.write(self._page, self._at, at, cell, self.headings[at].kind)
        if self.rows <= _SAMPLED:
            self._widths = [
                max(width, _width(cell)) for width, cell in zip(self._widths, row, strict=True)
            ]

    def _close_page(self) -> None:
        if self._page is None:
            return
        self._page.autofilter(0, 0, self._at, max(len(self.headings) - 1, 0))
        for at, heading in enumerate(self.headings):
            width = max(self._widths[at], _WIDTHS.get(heading.kind, _NARROWEST))
            self._page.set_column(at, at, min(width, _WIDEST) + 2)

    def close(self) -> None:
        self._close_page()


def _width(cell: Cell) -> int:
    text = "" if cell is None else str(cell)
    return max(map(len, text.split("\n"))) if len(text) < 500 else _WIDEST


class Workbook:
    """The file under `path`; scratch files lie in `folder`. Whole once the block is left."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        facts: Facts,
        *,
        cut_mark: str = "…",
        most_rows: int = MOST_ROWS,
    ) -> None:
        import xlsxwriter  # large: only who writes a workbook waits for it

        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(folder),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties(
            {
                "title": facts.title,
                "author": facts.author,
                "comments": facts.comments,
                "created": facts.at.replace(tzinfo=None),
            }
        )
        self.most_rows, self.told = most_rows, Told()
        self._mark = cut_mark
        self._names: set[str] = set()
        self._sheets: list[Sheet] = []
        self.bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._formats = {
            kind: self._book.add_format({"num_format": code, "valign": "top"})
            for kind, code in _FORMATS.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            for sheet in self._sheets:
                sheet.close()
            self._book.close()
            return
        for page in self._book.worksheets():  # nothing is assembled, only let go
            page.row_data_fh.close()
        self._book.fileclosed = 1

    def sheet(self, name: str, headings: Sequence[Heading]) -> Sheet:
        sheet = Sheet(self, _NO_NAME.sub(" ", name), headings)
        self._sheets.append(sheet)
        return sheet

    def page(self, name: str) -> Any:
        """A new sheet of the book under this name, or one that differs from all others."""
        wanted, number = name[:_LONGEST_NAME], 1
        while wanted.casefold() in self._names:
            number += 1
            wanted = f"{name[: _LONGEST_NAME - 3]} {number}"
        self._names.add(wanted.casefold())
        return self._book.add_worksheet(wanted)

    def write(self, page: Any, row: int, column: int, cell: Cell, kind: str) -> None:
        """One cell as what it is: a real number or date, or text, whatever it begins with."""
        if isinstance(cell, int | float):
            self._write_number(page, row, column, cell, kind)
        elif cell is None:
            return
        elif (moment := _moment(cell, kind)) is not None:
            page.write_datetime(row, column, moment, self._formats[kind])
        else:
            page.write_string(row, column, self.text(cell), self._formats["text"])

    def _write_number(self, page: Any, row: int, column: int, cell: float, kind: str) -> None:
        if isinstance(cell, int) and len(str(abs(cell))) > MOST_DIGITS:
            page.write_string(row, column, str(cell), self._formats["text"])
        else:
            page.write_number(
                row, column, cell, self._formats["money"] if kind == "money" else None
            )

    def text(self, text: str) -> str:
        """The text as a cell can hold it."""
        if _NO_XML.search(text):
            self.told.replaced += 1
            text = _NO_XML.sub("\ufffd", text)
        if len(text) * 2 > LONGEST_CELL and _units(text) > LONGEST_CELL:
            self.told.cut += 1
            room = LONGEST_CELL - _units(self._mark)
            cut = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
            return cut + self._mark
        return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _moment(text: str, kind: str) -> date | datetime | None:
    """The date or time that an ISO text of this kind is; None for anything else."""
    read: Callable[[str], date | datetime] | None = None
    if kind in ("day", "iso_day") and _DAY.fullmatch(text):
        read = date.fromisoformat
    elif kind == "month" and _MONTH.fullmatch(text):
        read = _first_day
    elif kind == "moment":
        read = _local
    try:
        found = read(text) if read else None
    except ValueError:
        return None
    return found if found and found.year >= _EARLIEST else None


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=None)
