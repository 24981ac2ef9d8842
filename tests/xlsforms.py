"""Workbooks as people make them for ODK and KoboToolbox."""

import io

import openpyxl

from forms.xlsform import read_workbook

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


LISTS = [
    ("list_name", "name", "label", "tinh"),
    ("tinh", "lc", "Lai Châu"),
    ("tinh", "điện biên", "Điện Biên"),
    ("xa", "than_uyen", "Than Uyên", "lc"),
    ("xa", "muong_ang", "Mường Ảng", "điện biên"),
]


def read(*rows, columns=TYPE, choices=LISTS, **more):
    return read_workbook(xlsform([columns, *rows], choices, **more))


def questions(imported):
    return [q for section in imported.definition.sections for q in section.questions]


def one(imported):
    (question,) = questions(imported)
    return question


def finding(imported, *said):
    lines = [line for line in told(imported) if all(text in line for text in said)]
    assert lines, told(imported)
    return lines[0]
