"""CSV that Excel opens rightly: accents, leading zeros, no running formulas, flat memory."""

import csv
import io
import tracemalloc
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.csv import BOM, csv_chunks, guarded
from export.table import META, Style, Table
from forms.gallery import gallery
from forms.response import Response
from forms.types.base import Cell

FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"

any_text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
risky_text = st.builds(str.__add__, st.sampled_from(FORMULA_SIGNS), any_text)
separators = st.sampled_from(",;")


def written(header: list[str], rows: Iterable[list[Cell]], separator: str = ",") -> str:
    return "".join(csv_chunks(header, rows, separator=separator))


def read(text: str, separator: str = ",") -> list[list[str]]:
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator, strict=True))


def test_the_file_starts_with_one_byte_order_mark_for_excel():
    rows: list[list[Cell]] = [["Lò Thị Phương"]] * 1_000

    file = written(["ten"], rows).encode()

    assert file.startswith(b"\xef\xbb\xbften\r\n")
    assert file.count(b"\xef\xbb\xbf") == 1


def test_rows_end_with_crlf_and_nothing_follows_the_last():
    assert written(["a", "b"], [["x", 1]]) == "\ufeffa,b\r\nx,1\r\n"


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 400])
def test_no_row_is_lost_or_doubled_where_pieces_meet(count):
    rows: list[list[Cell]] = [[str(number)] for number in range(count)]

    assert read(written(["so"], rows)) == [["so"], *rows]


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("a,b", '"a,b"'),
        ('nói "vâng"', '"nói ""vâng"""'),
        ("dòng 1\ndòng 2", '"dòng 1\ndòng 2"'),
        ("x\ry", '"x\ry"'),
        ("a;b", "a;b"),
        (" a ", " a "),
        ("", ""),
        (None, ""),
    ],
)
def test_fields_are_quoted_as_rfc_4180_says(cell, field):
    assert written(["a", "b"], [[cell, "z"]]) == f"\ufeffa,b\r\n{field},z\r\n"


@given(st.lists(st.lists(any_text | risky_text, min_size=2, max_size=2), max_size=6), separators)
def test_any_text_comes_back_the_same_but_for_our_guard(rows, separator):
    back = read(written(["a", "b"], rows, separator), separator)[1:]

    assert len(back) == len(rows)
    for cells, fields in zip(rows, back, strict=True):
        for cell, field in zip(cells, fields, strict=True):
            assert field in (cell, f"'{cell}")
            assert field == cell or cell[0] in FORMULA_SIGNS


@given(any_text | risky_text)
def test_no_text_that_a_spreadsheet_would_run_leaves_unguarded(text):
    (field,) = read(written(["a"], [[text]]))[1] or [""]
    number = field.removeprefix("-").replace(".", "").replace(",", "").isdecimal()

    assert not field or field[0] not in FORMULA_SIGNS or (field[0] == "-" and number)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(sign):
    text = f'{sign}HYPERLINK("http://x.vn","Tết")'

    assert guarded(text) == f"'{text}"
    assert read(written(["a"], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize(
    "text", ["-5+cmd|' /C calc'!A0", "-5\n=1", "+84912345678", "--5", "-", "-5-5"]
)
def test_text_that_only_begins_like_a_number_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-5", "-2,5", "-1.500.000", "a=b", "'=1", "5-3", " x", "Tổ 1", "…"]
)
def test_harmless_text_stays_as_it_is(text):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("cell", "field"),
    [(-5, "-5"), (0, "0"), (2.5, "2.5"), (-0.25, "-0.25"), (10**15, "1000000000000000")],
)
def test_numbers_stay_numbers(cell, field):
    assert guarded(cell) is cell
    assert read(written(["a"], [[cell]]))[1] == [field]


@pytest.mark.parametrize("text", ["012092001234", "0912345678", "000000000000", "1e5", "007"])
def test_leading_zeros_and_long_ids_are_written_whole(text):
    assert written(["a", "b"], [[text, "z"]]).endswith(f"\r\n{text},z\r\n")


def test_headings_are_guarded_too():
    text = written(["=1+1", "-", "Đơn vị", 'Có "ca đêm", không?'], [])

    assert read(text) == [["'=1+1", "'-", "Đơn vị", 'Có "ca đêm", không?']]


def test_semicolons_can_separate_and_are_then_quoted():
    text = written(["a", "b"], [["gao;tien", "1,5"]], separator=";")

    assert text == '\ufeffa;b\r\n"gao;tien";1,5\r\n'


def test_the_first_piece_comes_long_before_the_source_ends():
    taken = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal taken
        for number in range(100_000):
            taken += 1
            yield [str(number), "Giàng A Páo"]

    pieces = csv_chunks(["so", "ten"], rows())
    first = next(pieces)

    assert first.startswith(BOM + "so,ten\r\n0,")
    assert taken <= 1_000
    assert sum(piece.count("\r\n") for piece in pieces) + first.count("\r\n") == 100_001


def test_memory_stays_flat_over_100_000_rows():
    def rows() -> Iterator[list[Cell]]:
        for number in range(100_000):
            yield [number, "Công ty Cổ phần Chè Tam Đường", "x" * 50]

    pieces = csv_chunks(["so", "ten", "ghi"], rows())

    tracemalloc.start()
    total = sum(map(len, pieces))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert total > 8_000_000
    assert peak < 1_000_000


def hardship_response(number: int) -> Response:
    return Response(
        id=str(number),
        definition="f21",
        version=1,
        instance=str(number),
        content="",
        receipt="7FKGHJ2345678",
        unit="che",
        place="Cổng chính",
        point="7FK722",
        submitted_at=datetime(2026, 11, 24, 8, number, tzinfo=timezone(timedelta(hours=7))),
        language="vi",
        answers={
            "ho_ten": "Giàng A Páo",
            "dien_thoai": "0912345678",
            "so_cccd": "012092001234",
            "hoan_canh": ["om_dau"],
            "phu_thuoc": 3,
            "mo_ta": "=mẹ ốm;\n“xin” giúp",
            "dy_xu_ly": 1,
        },
    )


def test_a_whole_file_of_a_gallery_form_reads_back_by_column_name(tmp_path):
    table = Table([gallery()["f21"]], Style(sensitive=True), unit_name=lambda _: "Công ty Chè")
    path = tmp_path / "f21.csv"
    responses = map(hardship_response, range(3))

    with path.open("wb") as file:
        file.writelines(
            piece.encode() for piece in csv_chunks(table.header(), table.rows(responses))
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == [*META, *(q.name for q in gallery()["f21"].asking)]
    assert [row["_submitted_at"][14:16] for row in rows] == ["00", "01", "02"]
    for row in rows:
        assert (row["ho_ten"], row["_unit_name"]) == ("Giàng A Páo", "Công ty Chè")
        assert (row["dien_thoai"], row["so_cccd"]) == ("0912345678", "012092001234")
        assert (row["phu_thuoc"], row["dy_xu_ly"], row["dy_cong_bo"]) == ("3", "1", "")
        assert row["mo_ta"] == "'=mẹ ốm;\n“xin” giúp"
    text = path.read_text("utf-8")
    assert text == unicodedata.normalize("NFC", text)


def test_headings_in_vietnamese_keep_their_accents_in_nfc():
    table = Table([gallery()["f51"]], Style(labels="vi"), unit_name=str)
    text = written(table.header(), [])

    assert "Họ và tên (đúng như trên căn cước)" in read(text)[0]
    assert text == unicodedata.normalize("NFC", text)
