"""Sheets of text as an .xlsx file; a text stays text, whatever it begins with."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from .cells import LONGEST_CELL

_WIDEST, _NARROWEST = 60, 10


class TooLongForACell(ValueError):
    """A text of the definition is longer than a spreadsheet can hold."""


def workbook_of(sheets: Mapping[str, list[list[str]]]) -> bytes:
    """One sheet per name, each with a bold first row that stays in sight."""
    from openpyxl import Workbook  # large: only who asks for a workbook waits for it
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for at, column in enumerate(zip(*rows, strict=True), start=1):
            widest = min(max(map(len, column)), _WIDEST)
            sheet.column_dimensions[get_column_letter(at)].width = max(widest, _NARROWEST) + 2
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, text, bold=number == 0) for text in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if not text:
        return None
    if len(text) > LONGEST_CELL:
        raise TooLongForACell(text[:40])
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # else text that begins with = would run as a formula
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=not bold)
    if bold:
        cell.font = Font(bold=True)
    return cell
