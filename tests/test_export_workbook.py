"""Workbooks of responses: real dates and numbers, text as text, sheets of repeats, flat memory."""

import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.manifest import Manifest
from export.response_workbook import write_workbook
from export.table import META, Heading, Style, Table
from export.xlsx import LONGEST_CELL, Facts, TooWide, Workbook
from forms.gallery import gallery
from forms.response import Response
from forms.types.base import Cell

NOON = datetime(2026, 11, 24, 12, 5, tzinfo=timezone(timedelta(hours=7)))
FACTS = Facts("Phiếu", "chu-tich", "chu-tich 12:05 24/11/2026", NOON)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

any_text = st.text(st.characters(exclude_characters="\ufffe\uffff", exclude_categories=["Cs"]))
risky_text = st.builds(str.__add__, st.sampled_from("=+-@\t\r\n'_＝"), any_text)
NASTY = (
    "=1+1",
    "-5",
    "+84912345678",
    "@x",
    "012092001234",
    "0912345678",
    "000",
    "1e5",
    "dòng 1\ndòng 2",
    "nói \"vâng\", 'ừ'; <b>&amp;</b>",
    "a\tb",
    "  trước và sau  ",
    "Lò Thị Phương",
    "Lo\u0300 Thi\u0323 Phu\u031bo\u031bng",
    "👩‍🏭🇻🇳",
    "_x0041_",
    "x" * 32_766,
    "http://example.vn",
    "2026-11-24",
)


def written(tmp_path, rows, headings=None, **options):
    """Write rows under headings; gives the file and what could not be written as it is."""
    path = tmp_path / "tep.xlsx"
    book = Workbook(path, tmp_path, FACTS, cut_mark="…[cắt]", **options)
    with book:
        sheet = book.sheet("Phiếu", headings or [Heading("a", "A")])
        for row in rows:
            sheet.add(row)
    return path, book.told


def column(path, sheet="Phiếu"):
    """The first column below the headings, as Excel reads it."""
    found = [row[0] for row in openpyxl.load_workbook(path)[sheet].iter_rows(min_row=2)]
    return [
        _ESCAPED.sub(lambda m: chr(int(m[1], 16)), cell.value)
        if isinstance(cell.value, str)
        else cell.value
        for cell in found
    ]


@pytest.mark.parametrize("text", NASTY)
def test_text_stays_the_same_text_and_never_runs(tmp_path, text):
    path, told = written(tmp_path, [[text]])

    cell = openpyxl.load_workbook(path)["Phiếu"]["A2"]
    assert column(path) == [text]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.number_format == "@"
    assert (told.cut, told.replaced) == (0, 0)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(any_text | risky_text, min_size=1, max_size=20))
def test_any_text_comes_back_the_same(tmp_path_factory, texts):
    path, told = written(tmp_path_factory.mktemp("any"), [[text] for text in texts])

    assert [text or "" for text in column(path)] == texts
    assert told.replaced == 0


@pytest.mark.parametrize("number", [0, -5, 2.5, -0.25, 10**14, 999_999_999_999_999])
def test_numbers_are_numbers(tmp_path, number):
    path, _ = written(tmp_path, [[number]])

    cell = openpyxl.load_workbook(path)["Phiếu"]["A2"]
    assert (cell.value, cell.data_type) == (number, "n")


def test_a_number_of_more_digits_than_excel_keeps_is_written_as_text(tmp_path):
    path, _ = written(tmp_path, [[10**15]])

    assert column(path) == ["1000000000000000"]


@pytest.mark.parametrize(
    ("kind", "text", "value", "look"),
    [
        ("day", "1992-09-05", datetime(1992, 9, 5), "dd/mm/yyyy"),  # noqa: DTZ001 - as Excel has it
        ("day", "1900-01-01", datetime(1900, 1, 1), "dd/mm/yyyy"),  # noqa: DTZ001 - as above
        ("day", "1992", "1992", "@"),
        ("day", "1899-05-05", "1899-05-05", "@"),
        ("day", "2026-02-30", "2026-02-30", "@"),
        ("month", "2026-09", datetime(2026, 9, 1), "mm/yyyy"),  # noqa: DTZ001 - as above
        ("moment", "2026-11-24T10:30:00+07:00", datetime(2026, 11, 24, 10, 30), "dd/mm/yyyy hh:mm"),  # noqa: DTZ001 - as above
        ("text", "1992-09-05", "1992-09-05", "@"),
    ],
)
def test_dates_are_real_and_what_is_no_date_stays_text(tmp_path, kind, text, value, look):
    path, _ = written(tmp_path, [[text]], [Heading("a", "A", kind)])

    cell = openpyxl.load_workbook(path)["Phiếu"]["A2"]
    assert (cell.value, cell.number_format) == (value, look)


def test_money_has_its_format(tmp_path):
    path, _ = written(tmp_path, [[1_500_000]], [Heading("a", "A", "money")])

    cell = openpyxl.load_workbook(path)["Phiếu"]["A2"]
    assert (cell.value, "#,##0" in cell.number_format) == (1_500_000, True)


@pytest.mark.parametrize("sign", ["x", "ờ", "👍"])
def test_text_longer_than_a_cell_is_cut_and_told(tmp_path, sign):
    path, told = written(tmp_path, [[sign * 40_000], ["ngắn"]])

    long, short = column(path)
    assert told.cut == 1
    assert long.endswith("…[cắt]")
    assert LONGEST_CELL - 1 <= len(long.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert short == "ngắn"


def test_signs_that_xml_forbids_are_replaced_and_told(tmp_path):
    path, told = written(tmp_path, [["a\uffffb"], ["a\x01\x0bb"]])

    assert column(path) == ["a\ufffdb", "a\x01\x0bb"]
    assert told.replaced == 1


def test_rows_beyond_a_sheet_go_on_a_further_one_with_headings(tmp_path):
    path, _ = written(tmp_path, [[str(number)] for number in range(25)], most_rows=11)

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Phiếu", "Phiếu 2", "Phiếu 3"]
    assert [cell for name in book.sheetnames for cell in column(path, name)] == [
        str(number) for number in range(25)
    ]
    assert {sheet["A1"].value for sheet in book} == {"A"}
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A11", "A1:A11", "A1:A6"]


def test_the_first_line_stays_in_sight_and_columns_fit_their_texts(tmp_path):
    path, _ = written(
        tmp_path, [["Công ty Cổ phần Chè Tam Đường", 1]], [Heading("a", "A"), Heading("b", "B")]
    )

    sheet = openpyxl.load_workbook(path)["Phiếu"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert 29 <= sheet.column_dimensions["A"].width <= 40
    assert sheet.column_dimensions["B"].width < 15


def test_more_columns_than_excel_has_are_refused(tmp_path):
    with pytest.raises(TooWide):
        written(tmp_path, [], [Heading(str(n), str(n)) for n in range(16_385)])

    assert not (tmp_path / "tep.xlsx").exists()


def test_a_write_that_breaks_off_leaves_no_file(tmp_path):
    def broken() -> Iterator[list[Cell]]:
        yield ["một"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        written(tmp_path, broken())

    assert not (tmp_path / "tep.xlsx").exists()


def test_memory_stays_flat_over_20_000_rows(tmp_path):
    def rows(count: int) -> Iterator[list[Cell]]:
        for number in range(count):
            yield [f"{number} Giàng A Páo", number, "2026-09-05"]

    headings = [Heading("a", "A"), Heading("b", "B", "number"), Heading("c", "C", "day")]
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        written(tmp_path, rows(count), headings)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 2_000_000


def household(number: int, **answers) -> Response:
    rows = [{"ho_ten": f"Con {at}", "ngay_sinh": "2015-06-01"} for at in range(number)]
    return Response(
        id=str(number),
        definition="f99",
        version=1,
        instance=str(number),
        content="",
        receipt=f"7FK{number}",
        unit="che",
        place="Cổng",
        point="7FK722",
        submitted_at=NOON,
        language="vi",
        answers={"con": rows, **answers},
    )


def made(tmp_path, definition, responses, *, style, **options):
    path = tmp_path / "phieu.xlsx"
    table = Table([definition], style, unit_name=lambda _: "CĐCS Chè")

    def told(told, rows):
        return Manifest(
            form=definition.id,
            title="Phiếu",
            by="chu-tich",
            at=NOON,
            filter={"words": "Tất cả"},
            options={},
            versions=(1,),
            columns=table.headings,
            rows=rows,
            anonymous=definition.anonymous,
            withheld=False,
            sensitive=style.sensitive,
            reason="",
            cut=told.cut,
        )

    write_workbook(
        path,
        tmp_path,
        table,
        responses,
        versions=[definition],
        style=style,
        language="vi",
        translate=str,
        by="chu-tich",
        at=NOON,
        told=told,
        **options,
    )
    return openpyxl.load_workbook(path)


def with_children(**changes):
    from forms.reading import build_definition

    plain = gallery()["f28"].model_dump(mode="json") | {
        "id": "f99",
        "anonymous": changes.get("anonymous", False),
        "alarm": None,
        "once": None,
        "flags": [],
        "sections": [
            {
                "questions": [
                    {
                        "type": "repeat",
                        "name": "con",
                        "label": {"vi": "Các con"},
                        "questions": [
                            {"type": "text", "name": "ho_ten", "label": {"vi": "Họ tên"}},
                            {"type": "date", "name": "ngay_sinh", "label": {"vi": "Ngày sinh"}},
                        ],
                    },
                    {"type": "text", "name": "ghi_chu", "label": {"vi": "Ghi chú"}},
                ]
            }
        ],
    }
    return build_definition(plain)


def test_each_repeat_has_a_sheet_whose_rows_name_their_response(tmp_path):
    book = made(
        tmp_path,
        with_children(),
        [household(2), household(0), household(1)],
        style=Style(typed=True),
    )

    rows = list(book["con"].iter_rows(values_only=True))
    born = datetime(2015, 6, 1)  # noqa: DTZ001 - as Excel has it
    assert rows[0] == ("_receipt", "_row", "_number", "ho_ten", "ngay_sinh")
    assert rows[1:] == [
        ("7FK2", 2, 1, "Con 0", born),
        ("7FK2", 2, 2, "Con 1", born),
        ("7FK1", 4, 1, "Con 0", born),
    ]
    assert [book["Responses"].cell(row, 1).value for row in (2, 4)] == ["7FK2", "7FK1"]


def test_repeats_of_an_anonymous_form_name_the_row_only(tmp_path):
    book = made(tmp_path, with_children(anonymous=True), [household(1)], style=Style(typed=True))

    assert [cell.value for cell in book["con"][2]][:3] == [None, 2, 1]


def test_the_code_book_says_what_was_asked_and_the_last_sheet_who_took_it(tmp_path):
    definition = gallery()["f21"]
    book = made(tmp_path, definition, [], style=Style(typed=True))

    lines = {row[0]: row for row in book["Code book"].iter_rows(values_only=True)}
    about = dict(book["About this file"].iter_rows(min_row=2, max_col=2, values_only=True))
    choices = lines["hoan_canh"][4]
    assert lines["ho_ten"][3] == "text"
    assert "nha_tam_dot_nat=" in choices
    assert (lines["hoan_canh"][6], lines["ho_ten"][6]) == ("yes", None)
    assert lines["ho_ten"][5] == "1"
    assert about["Taken by"] == "chu-tich"
    assert about["Rows as they were at"] == "12:05:00 24/11/2026"
    assert book.properties.creator == "chu-tich"
    assert "chu-tich" in book.properties.description
    assert "12:05 24/11/2026" in book.properties.description


@pytest.mark.parametrize("form", gallery())
@pytest.mark.parametrize("labels", ["", "vi"])
def test_every_ready_made_form_becomes_a_workbook_of_its_columns(tmp_path, form, labels):
    definition = gallery()[form]
    book = made(tmp_path, definition, [], style=Style(labels, split=True, typed=True))

    first = [cell.value for cell in next(book["Responses"].iter_rows())]
    assert len(first) == len(set(first))
    assert labels or tuple(first[: len(META)]) == META
    assert labels or {question.name for question in definition.asking} <= set(first)


def test_the_file_holds_no_formula_and_no_link(tmp_path):
    path, _ = written(tmp_path, [[text] for text in NASTY])

    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
