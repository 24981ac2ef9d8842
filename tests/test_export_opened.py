"""Exports opened by what people open them with: pandas, and LibreOffice as the engines' judge."""

import csv
import io
import subprocess
import unicodedata
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas
import pytest
from gallery_sheets import files_of, sheets, texts_of

from export.csv import csv_chunks, guarded
from export.table import META, Heading
from export.xlsx import Facts, Workbook
from federation.units import Unit
from forms.answers import check_answers
from forms.gallery import gallery
from forms.publication import PublishedVersion
from forms.response import Response
from services.clock import VIETNAM
from services.organization.units import tree_of
from services.outgoing.export_order import Kind, Order, Wish
from services.outgoing.exporting import write_export
from services.reading.responses import view_of_units
from storage.memory import MemoryStore

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)

NASTY = (
    "012092001234",
    "0912345678",
    "+84912345678",
    "=1+1",
    '=HYPERLINK("http://x.vn")',
    "@x",
    "-5",
    "-5+1",
    "dòng 1\ndòng 2",
    'nói "vâng", rồi; thôi',
    "a\tb",
    unicodedata.normalize("NFC", "Lường Thị Phượng – xã Mường Than"),
    unicodedata.normalize("NFD", "Lường Thị Phượng – xã Mường Than"),
    "👩‍🏭 🇻🇳",
    "ữ" * 32_766,
    "1e5",
    "1/2",
    "TRUE",
    "  hai đầu  ",
    "'nháy",
)
NUMBERS = (0, -5, 2.5, 1_500_000)


def csv_file(path: Path, separator: str = ",") -> Path:
    rows = [[text, "012"] for text in NASTY] + [[number, "012"] for number in NUMBERS]
    path.write_text("".join(csv_chunks(["Lời", "Mã"], rows, separator=separator)), newline="")
    return path


def workbook(path: Path) -> Path:
    facts = Facts("Phiếu", "chu-tich", "", datetime(2026, 11, 24, tzinfo=VIETNAM))
    headings = [Heading("a", "Lời"), Heading("b", "Số", "number"), Heading("c", "Ngày", "day")]
    with Workbook(path, path.parent, facts) as book:
        sheet = book.sheet("Phiếu", headings)
        for text in NASTY:
            sheet.add([text, -5, "1992-09-05"])
    return path


@pytest.mark.parametrize("separator", [",", ";"])
def test_pandas_reads_the_csv_text_by_text(tmp_path, separator):
    path = csv_file(tmp_path / "x.csv", separator)

    read = pandas.read_csv(
        path, sep=separator, dtype=str, encoding="utf-8-sig", keep_default_na=False
    )

    assert list(read.columns) == ["Lời", "Mã"]
    assert list(read["Lời"]) == [*map(guarded, NASTY), *map(str, NUMBERS)]
    assert set(read["Mã"]) == {"012"}


def test_pandas_reads_the_workbook_with_its_kinds(tmp_path):
    read = pandas.read_excel(workbook(tmp_path / "x.xlsx"), keep_default_na=False)

    assert list(read["Lời"]) == list(NASTY)
    assert set(read["Số"]) == {-5}
    assert set(read["Ngày"]) == {pandas.Timestamp(1992, 9, 5)}


def answered(form: str) -> MemoryStore:
    """A store in which the full example of a ready-made form was sent five times."""
    definition, full = gallery()[form], sheets()[form].full
    checked = check_answers(definition, texts_of(full), NOON.date(), uploads=files_of(full))
    store = MemoryStore()
    store.units.put(Unit("root", "LĐLĐ tỉnh Lai Châu", None))
    store.versions.put(PublishedVersion(definition, 1, "7FK", NOON))
    for number in range(5):
        store.add_response(
            Response(
                id=f"{number}",
                definition=form,
                version=1,
                instance=f"{number}",
                content=f"{number}",
                receipt=f"7FK{number}",
                unit="root",
                place="Cổng chính",
                point="7FK722",
                submitted_at=NOON,
                language="vi",
                answers=checked.answers,
            )
        )
    return store


def exported(form: str, kind: Kind, path: Path, **wish: object) -> Path:
    store = answered(form)
    order = Order(
        store,
        view_of_units(store, gallery()[form], None),
        Wish(kind=kind, sensitive=True, reason="thử", **wish),
        tree_of(store),
        by="chu-tich",
        at=NOON,
        translate=str,
    )
    write_export(order, path)
    return path


def said(cell: object) -> str:
    """A cell of a workbook as the CSV writes it."""
    if isinstance(cell, datetime):
        return cell.isoformat() + "+07:00" if cell.hour else f"{cell:%Y-%m-%d}"
    return "" if cell is None else str(cell)


def same(text: str, cell: str) -> bool:
    """A month is the first day of it in a workbook."""
    return text.removeprefix("'") == cell.removeprefix("'") or f"{text}-01" == cell


@pytest.mark.parametrize("form", sheets())
def test_every_ready_made_form_leaves_alike_in_both_formats(tmp_path, form):
    plain = exported(form, "csv", tmp_path / "x.csv")
    book = openpyxl.load_workbook(exported(form, "xlsx", tmp_path / "x.xlsx"))

    lines = list(csv.reader(io.StringIO(plain.read_text("utf-8-sig"), newline="")))
    rows = [[said(cell) for cell in row] for row in book["Responses"].iter_rows(values_only=True)]
    assert len(lines) == len(rows) == 6
    assert lines[0] == rows[0]
    assert [
        (title, text, cell)
        for title, text, cell in zip(lines[0], lines[1], rows[1], strict=True)
        if not same(text, cell)
    ] == []
    assert sum(bool(cell) for cell in rows[1]) >= len(META) - 4


def converted(folder: Path, to: str, *files: Path, read_as: str = "") -> dict[str, Path]:
    """The files as LibreOffice writes them after opening them."""
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            to,
            *([f"--infilter={read_as}"] if read_as else []),
            "--outdir",
            str(folder / "out"),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.stem: path for path in (folder / "out").iterdir()}


@pytest.mark.engines
@pytest.mark.parametrize("separator", [",", ";"])
def test_libreoffice_reads_the_csv_text_by_text(tmp_path, separator):
    path = csv_file(tmp_path / "x.csv", separator)
    # Separator, quote, UTF-8, from line 1, all columns as text: what its import page offers.
    how = f"CSV:{ord(separator)},34,76,1,1/2/2/2,1066,false,false"

    opened = converted(tmp_path, "xlsx", path, read_as=how)["x"]

    rows = list(openpyxl.load_workbook(opened).active.iter_rows(values_only=True))
    assert rows[0] == ("Lời", "Mã")
    assert [row[0] for row in rows[1:]] == [*map(guarded, NASTY), *map(str, NUMBERS)]
    assert {row[1] for row in rows[1:]} == {"012"}


@pytest.mark.engines
def test_libreoffice_reads_the_workbook_and_runs_nothing(tmp_path):
    opened = converted(tmp_path, "xlsx", workbook(tmp_path / "x.xlsx"))["x"]

    rows = list(openpyxl.load_workbook(opened)["Phiếu"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == list(NASTY)
    assert {row[1:] for row in rows[1:]} == {(-5, datetime(1992, 9, 5))}  # noqa: DTZ001 - as LibreOffice has it


@pytest.mark.engines
def test_libreoffice_opens_the_workbook_of_every_ready_made_form(tmp_path):
    files = [exported(form, "xlsx", tmp_path / f"{form}.xlsx", labels=True) for form in sheets()]

    opened = converted(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76", *files)

    assert len(opened) == len(files)
    for file in files:
        sheet = openpyxl.load_workbook(file)["Responses"]
        lines = list(csv.reader(io.StringIO(opened[file.stem].read_text("utf-8"), newline="")))
        first = [said(cell.value) for cell in sheet[1]]
        assert lines[0] == first
        assert len(lines) == sheet.max_row
