"""The sheets of a workbook as rows of text: formulas, merged cells and sizes are told of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from ..problems import N_, Problem
from ..workbooks import check_plain, opened
from .findings import Report

LARGEST_FILE = 4 * 2**20
LARGEST_UNPACKED = 16 * 2**20
MOST_ROWS = 20_000  # with text in them, of all sheets together
MOST_COLUMNS = 200
MOST_SIGNS = 8_000_000
SHEETS = ("survey", "choices", "settings", "phieu")
_FORMULA = Problem(N_("The cell holds a formula. Formulas are not worked out."))
_EMPTY = Problem(N_("It counts as empty. Write the text itself."))
_MERGED = N_("The cells %(cells)s are merged.")
_FIRST = Problem(N_("Only the first of them has the text; the others count as empty."))
_SHEET = N_("A sheet of this name has no place here.")
_LEFT = Problem(N_("It is left out."))
_TWICE = N_("Two sheets are called “%(name)s”.")
_LARGE = N_("The sheet is too large: at most %(rows)s rows and %(columns)s columns.")
_MERGES = re.compile(rb'<mergeCell [^>]*ref="([A-Z0-9:]{2,20})"')

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Grid:
    """A sheet under the name that people gave it."""

    name: str
    rows: Rows


class _Large(Exception):
    pass


def read_grids(content: bytes, report: Report) -> dict[str, Grid]:
    """The sheets that an XLSForm has, by their plain names; raises UnfitWorkbook."""
    check_plain(content)
    grids: dict[str, Grid] = {}
    count = _Count()
    with opened(content, largest=LARGEST_UNPACKED, formulas=True) as book:
        for sheet in book.worksheets:
            name, shown = sheet.title.strip().casefold(), sheet.title
            if name not in SHEETS:
                if not name.startswith("_"):  # as pyxform has it: a sheet of one's own
                    report.add((shown, 0, ""), Problem(_SHEET), _LEFT)
            elif name in grids:
                report.block((shown, 0, ""), Problem(_TWICE, {"name": name}))
            else:
                try:
                    grids[name] = Grid(shown, list(_rows(sheet, count, report)))
                except _Large:
                    limits = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
                    report.block((shown, 0, ""), Problem(_LARGE, limits))
                _tell_merges(book, sheet, report)
    return grids


@dataclass
class _Count:
    rows: int = 0
    signs: int = 0


def _rows(sheet: Any, count: _Count, report: Report) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if all(cell.value is None for cell in row):
            continue
        if any(cell.value is not None for cell in row[MOST_COLUMNS:]):
            raise _Large
        texts = [_text(cell.value) for cell in row[:MOST_COLUMNS]]
        for at, cell in enumerate(row[:MOST_COLUMNS]):
            if cell.data_type == "f":
                texts[at] = ""
                report.add((sheet.title, number, cell.column_letter), _FORMULA, _EMPTY)
        count.rows += 1
        count.signs += sum(map(len, texts))
        if count.rows > MOST_ROWS or count.signs > MOST_SIGNS:
            raise _Large
        yield number, texts


def _tell_merges(book: Any, sheet: Any, report: Report) -> None:
    with book._archive.open(sheet._worksheet_path) as part:  # openpyxl has no other way
        found = _MERGES.findall(part.read(LARGEST_UNPACKED))
    for cells in found[:50]:
        what = Problem(_MERGED, {"cells": cells.decode()})
        report.add((sheet.title, _row_in(cells.decode()), ""), what, _FIRST)


def _row_in(cells: str) -> int:
    return int("".join(filter(str.isdigit, cells.split(":")[0])) or 0)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return normalize("NFC", str(value).strip())
