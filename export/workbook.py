"""A small table as an .xlsx workbook, whole in memory; text stays text, whatever it begins with."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from forms.types.base import Cell

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60


def workbook_bytes(title: str, header: list[str], rows: Iterable[list[Cell]]) -> bytes:
    """One sheet with a bold first row that stays in sight."""
    from openpyxl import Workbook  # large: only who asks for a workbook waits for it

    table: list[list[Cell]] = [list(header), *rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, letter in enumerate(map(_letter, range(len(header)))):
        widest = max(len(str(row[at] or "")) for row in table)
        sheet.column_dimensions[letter].width = min(widest, _WIDEST) + 2
    for number, row in enumerate(table):
        sheet.append([_cell(sheet, cell, bold=number == 0) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def _cell(sheet: Any, value: Cell, *, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # else text that begins with = would run as a formula
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
