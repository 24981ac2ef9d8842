"""Workbooks as people make them for ODK and KoboToolbox."""

import io

import openpyxl

TYPE = ("type", "name", "label::Tiếng Việt (vi)")


def xlsform(survey, choices=(), settings=None, **sheets):
    """A workbook of these rows, the headings first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {"survey": survey, "choices": choices, **sheets}
    if settings:
        rows["settings"] = [list(settings), list(settings.values())]
    for name, lines in rows.items():
        if lines:
            sheet = book.create_sheet(name)
            for line in lines:
                sheet.append(list(line))
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def told(imported):
    """The findings as short lines: sheet, row, column, what, what instead."""
    return [
        f"{f.sheet} {f.row} {f.column}: {f.what.message % f.what.values} "
        f"→ {f.instead.message % f.instead.values}"
        for f in imported.findings
    ]
