"""Read small tables that officers send: CSV or .xlsx, hostile until shown otherwise.

A table is its cells as text under the names of the first row; what they mean is decided elsewhere.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from forms.problems import N_
from forms.workbooks import HostileWorkbook, LargeWorkbook, NotAWorkbook, opened

from .errors import Refusal

MOST_ROWS = 5_000
MOST_COLUMNS = 40
LARGEST_FILE = 4 * 2**20
# Unpacked, a workbook of 5,000 rows takes about 3 MB; a bomb takes gigabytes.
LARGEST_UNPACKED = 30 * 2**20
_LOOKED_AT = 4 * MOST_ROWS  # Excel keeps empty rows that were once touched
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
_TOO_LARGE = N_("The file is larger than a table of %(rows)s rows can be.")
_NO_WORKBOOK = N_("The file is no workbook. Save it as “Excel workbook (.xlsx)” or “CSV UTF-8”.")
_HOSTILE = N_("The workbook holds things that no plain table has. Nothing was read.")


@dataclass(frozen=True)
class Row:
    """A row with its number as a spreadsheet counts them, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Mistake:
    """What must be corrected in a cell; a message to translate, with its values."""

    row: int
    column: str
    message: str
    values: dict[str, object]


def read_table(content: bytes, name: str, needed: Iterable[str]) -> Table:
    """Read a .csv or .xlsx file whose first row names at least the needed columns.

    Raises Refusal that says what to do instead.
    """
    if len(content) > LARGEST_FILE:
        raise Refusal(_TOO_LARGE, {"rows": MOST_ROWS})
    _, _, suffix = name.lower().rpartition(".") if "." in name else ("", "", "")
    if suffix == "csv":
        lines = _csv_lines(_decoded(content))
    elif suffix == "xlsx":
        lines = iter(_workbook_lines(content))
    else:
        raise Refusal(N_("Please give a .csv or an .xlsx file."))
    return _table(lines, tuple(needed))


def _table(lines: Iterator[tuple[int, Sequence[str]]], needed: Sequence[str]) -> Table:
    columns = tuple(next(lines, (1, ()))[1])
    missing = [column for column in needed if column not in columns]
    if missing:
        raise Refusal(
            N_("The first row must name the columns %(needed)s; missing: %(columns)s."),
            {"needed": ", ".join(needed), "columns": ", ".join(missing)},
        )
    if twice := [name for name in columns if name and columns.count(name) > 1]:
        raise Refusal(N_("The column %(name)s is there twice."), {"name": twice[0][:40]})
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise Refusal(_TOO_LARGE, {"rows": MOST_ROWS})
        padded = [*cells, *[""] * len(columns)]
        rows.append(Row(number, dict(zip(columns, padded, strict=False))))
    return Table(columns, tuple(rows))


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(N_("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise Refusal(N_("The file is not UTF-8. Save it as “CSV UTF-8”."))
    return text


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=separator), 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [_unguarded(cell.strip()) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        values = {"row": number + 1, "why": error}
        raise Refusal(N_("%(row)s: the row cannot be read (%(why)s)."), values) from error


def _unguarded(cell: str) -> str:
    """A cell without the ' that export/csv.py puts before what a spreadsheet would run."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _workbook_lines(content: bytes) -> list[tuple[int, list[str]]]:
    """The first sheet."""
    try:
        with opened(content, largest=LARGEST_UNPACKED) as book:
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(max_row=_LOOKED_AT, max_col=MOST_COLUMNS, values_only=True)
            return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    except LargeWorkbook as error:
        raise Refusal(_TOO_LARGE, {"rows": MOST_ROWS}) from error
    except HostileWorkbook as error:
        raise Refusal(_HOSTILE) from error
    except NotAWorkbook as error:
        raise Refusal(_NO_WORKBOOK) from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return str(cell).strip()
