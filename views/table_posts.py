"""Tables that are posted: the file, then the same rows again when the person confirms them.

A file input cannot be filled in again, so the page of the preview carries the rows; they are
checked anew, like anything that comes from outside.
"""

import hashlib
from collections.abc import Iterable, Sequence

from flask import Response, request

from export.csv import csv_chunks
from export.workbook import MIMETYPE, workbook_bytes
from forms.problems import N_
from forms.types.base import Cell
from services.errors import Refusal
from services.tables import Mistake, Table, read_table

from .language import translate
from .site import site

# The preview must fit into a post again, with its other inputs (LARGEST_BODY in app.py).
MOST_KEPT = 360_000
MOST_SHOWN = 200


def posted_table(needed: Sequence[str]) -> tuple[Table, bool]:
    """The posted table, and whether its preview was confirmed; raises Refusal."""
    if "confirmed" in request.form:
        return read_table(request.form.get("table", "").encode(), "x.csv", needed), True
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(N_("Please choose a file."), field="file")
    table = read_table(file.stream.read(), file.filename, needed)
    if len(kept_table(table, table.columns).encode()) > MOST_KEPT:
        raise Refusal(N_("The table is too large for this page: use the command line."))
    return table, False


def kept_table(table: Table, columns: Iterable[str]) -> str:
    """The table's known columns as text that `posted_table` reads again."""
    kept = [column for column in columns if column in table.columns and column]
    rows: list[list[Cell]] = [[row.cells[column] for column in kept] for row in table.rows]
    return "".join(csv_chunks(kept, rows))


def mark_of(shown: object) -> str:
    """What tells one preview from another."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def posted_mark() -> str:
    """The mark of the preview that was confirmed."""
    return request.form.get("mark", "")


def mistake_lines(mistakes: Sequence[Mistake]) -> list[dict[str, object]]:
    """The first mistakes as the page shows them."""
    return [
        {"row": m.row or "", "column": m.column, "text": translate(m.message, m.values)}
        for m in mistakes[:MOST_SHOWN]
    ]


def csv_file(name: str, columns: Sequence[str], rows: Iterable[list[Cell]]) -> Response:
    """A table to download as CSV."""
    content = "".join(csv_chunks(list(columns), rows)).encode()
    return _file(content, "text/csv", f"{name}.csv")


def xlsx_file(name: str, columns: Sequence[str], rows: list[list[Cell]]) -> Response:
    """A table to download as a workbook."""
    return _file(workbook_bytes(name, list(columns), rows), MIMETYPE, f"{name}.xlsx")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    stem, _, suffix = name.rpartition(".")
    file_name = f"{stem}_{site().today}.{suffix}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
