"""Tables that officers send: spreadsheets of many habits are read, hostile ones are refused."""

import io
import time
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import BOMB, FOREIGN, altered, with_entities, workbook

from export.csv import csv_chunks
from services import tables
from services.errors import Refusal
from services.tables import MOST_ROWS, read_table

NEEDED = ("id", "name")
GOOD = workbook([["a", "CĐCS Chè", "root", ""], ["012", "=1+1", "root", ""]])


def read(content, name="x.csv"):
    content = content.encode() if isinstance(content, str) else content
    return [tuple(row.cells[c] for c in NEEDED) for row in read_table(content, name, NEEDED).rows]


def refusal(content, name="x.xlsx"):
    with pytest.raises(Refusal) as caught:
        read(content, name)
    return str(caught.value)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "id,name\na,Chè\n",
        "id;name\r\na;Chè\r\n",
        "id\tname\na\tChè",
        "\ufeffname,id,khác\nChè,a,x\n",
        '"id","name"\n"a","Chè"\n\n,\n',
        "id,name,,\na, Chè ,,\n",
    ],
)
def test_csv_comes_in_many_ways(content):
    assert read(content) == [("a", "Chè")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    table = read_table(b"id,name\n\na,A\n,\nb,B\n", "x.csv", NEEDED)

    assert [row.number for row in table.rows] == [3, 5]


def test_a_workbook_is_read_as_text_with_leading_noughts_and_signs():
    assert read(GOOD, "x.XLSX") == [("a", "CĐCS Chè"), ("012", "=1+1")]


def test_numbers_and_days_in_cells_become_text():
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append([12.0, datetime(2026, 7, 1)])  # noqa: DTZ001 - as cells hold it
    book.active.append([1.5, True])

    assert read(saved(book), "x.xlsx") == [("12", "2026-07-01"), ("1.5", "True")]


def test_only_the_first_sheet_is_read_and_empty_rows_are_none():
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active["A900"], book.active["B900"] = "z", "Z"
    book.create_sheet("other").append(["id", "name"])

    assert read(saved(book), "x.xlsx") == [("z", "Z")]


@pytest.mark.parametrize("declaration", [BOMB, FOREIGN])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_entities_in_a_workbook_are_refused(declaration, part):
    assert "no plain table" in refusal(with_entities(GOOD, declaration, part))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused():
    bomb = altered(GOOD, "xl/media/x.bin", lambda _: bytes(tables.LARGEST_UNPACKED))

    assert len(bomb) < 100_000
    assert "larger than a table" in refusal(bomb)


def test_a_workbook_of_very_many_parts_or_with_paths_upwards_is_refused():
    many = GOOD
    out = io.BytesIO(many)
    with zipfile.ZipFile(out, "a") as book:
        for number in range(300):
            book.writestr(f"x/{number}", b"")

    assert "no plain table" in refusal(out.getvalue())
    assert "no plain table" in refusal(altered(GOOD, "../../evil", lambda _: b"x"))


@pytest.mark.parametrize("content", [GOOD, b"id,name\n" + b"a,A\n" * 9])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(content, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_FILE", len(content) - 1)

    assert "larger than a table" in refusal(content)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_too_many_rows_are_refused(kind):
    rows = [[f"u{n}", "X"] for n in range(MOST_ROWS + 1)]
    content = (
        workbook(rows, NEEDED)
        if kind == "xlsx"
        else "id,name\n" + "\n".join(",".join(row) for row in rows)
    )

    assert "larger than a table" in refusal(
        content if kind == "xlsx" else content.encode(), f"x.{kind}"
    )


def test_a_row_at_the_end_of_the_world_costs_nothing():
    far = altered(
        GOOD,
        "xl/worksheets/sheet1.xml",
        lambda old: old.replace(b'<row r="3"', b'<row r="1048576"'),
    )

    begun = time.monotonic()

    assert read(far, "x.xlsx") == [("a", "CĐCS Chè")]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        GOOD[:200],
        GOOD[:-30],
        b"id,name\na,A\n",
        altered(GOOD, "xl/workbook.xml", lambda _: b""),
        altered(GOOD, "xl/worksheets/sheet1.xml", lambda _: b"<worksheet"),
        altered(GOOD, "[Content_Types].xml", lambda _: b"<x/>"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content):
    assert "Save it as" in refusal(content)


@pytest.mark.parametrize("name", ["x.xls", "x.ods", "x", "xlsx", "x.csv.exe", ".htaccess"])
def test_other_kinds_of_files_are_refused(name):
    assert ".csv or an .xlsx" in refusal(b"id,name\n", name)


@pytest.mark.parametrize(
    "content",
    [
        "id,name\na,Chè".encode("utf-16"),
        b"id,name\na,Ch\xe8\n",
        b"id,name\na,\0\n",
    ],
)
def test_csv_that_is_not_utf_8_is_refused_with_what_to_do(content):
    assert "CSV UTF-8" in refusal(content, "x.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "missing: id, name"),
        ("a,b\n", "missing: id, name"),
        ("id\n", "missing: name"),
        ("id,name,id\n", "there twice"),
        ('id,name\na,"x' + "y" * 200_000, "2: "),
    ],
)
def test_a_table_without_its_columns_is_refused(content, said):
    assert said in refusal(content.encode(), "x.csv")


PLAIN = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=30
).filter(lambda text: not text.startswith("'") and text == text.strip() and "\ufeff" not in text)


@settings(deadline=None)
@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=8), st.sampled_from(",;\t"))
def test_what_we_write_as_csv_is_read_as_the_same_text(rows, separator):
    written = "".join(csv_chunks(["id", "name"], map(list, rows), separator=separator))

    assert read(written) == rows


@settings(deadline=None)  # the first workbook loads the library
@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=4))
def test_what_we_write_as_a_workbook_is_read_as_the_same_text(rows):
    assert read(workbook(rows, NEEDED), "x.xlsx") == rows


def test_a_formula_that_we_write_is_text_to_a_spreadsheet():
    book = openpyxl.load_workbook(io.BytesIO(workbook([["=HYPERLINK(1)", "-2"]], NEEDED)))

    cell = book.active["A2"]

    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")
