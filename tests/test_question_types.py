"""Every question type: what people write, what is kept, and the words when it cannot be."""

from datetime import date

import pytest

from forms.problems import WARNINGS
from forms.types import QUESTION_TYPES, Checked, Question, Raw

TODAY = date(2026, 11, 20)
TYPES = {cls.model_fields["type"].default: cls for cls in QUESTION_TYPES}
CHOICES = [
    {"name": "sang", "label": {"vi": "Ca sáng"}},
    {"name": "dem", "label": {"vi": "Ca đêm"}},
    {"name": "khong", "label": {"vi": "Không ca nào"}, "alone": True},
]


def make(kind: str, **settings: object) -> Question:
    return TYPES[kind](name="x", label={"vi": "Câu hỏi"}, **settings)


def check(question: Question, *values: str, **parts: str) -> Checked:
    checked = question.check(Raw(values, {part: (text,) for part, text in parts.items()}), TODAY)
    assert set(checked.warnings) <= WARNINGS.keys()
    return checked


def words(checked: Checked) -> str:
    """What the page says of a refused answer."""
    assert checked.problem is not None
    assert checked.value is None
    return checked.problem.message % checked.problem.values


def cases(table: str, *, split: str = "→") -> list[list[str]]:
    """Rows of a table, one a line: what is written (several between bars), what comes of it."""
    rows = [[cell.strip() for cell in line.split(split)] for line in table.strip().splitlines()]
    return [[text.strip(), *rest] for texts, *rest in rows for text in texts.split("|")]


ONE_LINE = [make(kind) for kind in sorted(TYPES.keys() - {"note"} - {k for k in TYPES if "s" in k})]
kinds = pytest.mark.parametrize("question", ONE_LINE, ids=lambda question: question.type)


@kinds
@pytest.mark.parametrize("nothing", ["", "  ", "\t\r\n", "\u200b", "\ufeff \u00a0"])
def test_nothing_to_see_is_no_answer_like_nothing_sent(question, nothing):
    assert check(question, nothing) == check(question) == Checked()


@kinds
def test_two_answers_to_one_question_are_refused_even_if_equal(question):
    assert words(check(question, "1", "1")) == "Please give one answer only."


@kinds
@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud83d", "\udc80", "\ufffd", "\uffff", "\x9f"])
def test_signs_that_could_not_be_read_are_pointed_out(question, sign):
    assert "could not be read" in words(check(question, f"1{sign}"))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  tổ   2 \n ca đêm ", "tổ 2 ca đêm"),
        ("Lo\u0300 Thi\u0323 Phương", "Lò Thị Phương"),
        ("Lo\u200b\u0300", "Lò"),
        ("\u202etổ\u00ad 2\ufeff", "tổ 2"),
        ("=1+1; -5", "=1+1; -5"),
        ("😀", "😀"),
    ],
)
def test_a_line_is_composed_and_single_spaced(written, kept):
    assert check(make("text"), written) == Checked(kept)


def test_several_lines_keep_their_breaks_and_one_empty_line():
    written = "  Xin  thêm canh\r\n\r\n\r\n\r\nCơm\u2028nguội \r "

    assert check(make("multiline"), written).value == "Xin thêm canh\n\nCơm\nnguội"


@pytest.mark.parametrize("kind", ["text", "multiline"])
def test_a_text_too_long_or_too_short_says_how_long_it_may_be(kind):
    question = make(kind, shortest=3, longest=5)

    assert check(question, " bốn ").value == "bốn"
    assert check(question, "canh5").value == "canh5"
    assert words(check(question, "ba")).endswith("at least 3 characters.")
    assert "to 5 characters; it has 6 now" in words(check(question, "canh 6"))


@pytest.mark.parametrize(
    "name", ["Giàng A Páo", "Lý Mò Pừ", "Y’ Nhi", "Đỗ Thị-Lan", "John O'Neil Jr.", "Ñandú Åse"]
)
def test_a_name_is_two_words_of_letters(name):
    assert check(make("text", appearance="name"), name) == Checked(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Páo", "family name and given name"),
        ("Giàng A Páo 2", "letters only"),
        ("Páo @ Zalo", "letters only"),
        ("Giàng " + "a" * 55, "to 60 characters; it has 61"),
    ],
)
def test_what_is_no_name_says_why(name, why):
    assert why in words(check(make("text", appearance="name"), name))


def test_a_name_in_capitals_and_text_in_an_old_font_are_only_pointed_out():
    assert check(make("text", appearance="name"), "GIÀNG A PÁO").warnings == ("capitals",)
    assert check(make("text"), "GIÀNG A PÁO").warnings == ()
    assert check(make("multiline"), "C«ng ®oµn c¬ së").warnings == ("legacy_text",)
    assert check(make("multiline"), "Công đoàn cơ sở").warnings == ()


DATES = """
    5/9/1992 | 05/09/1992 | 5-9-1992 | 5.9.1992 | 5 9 1992 | 5 / 9 / 1992 → 1992-09-05
    05091992 | 1992-09-05 | 1992-9-5 | ０５/０９/１９９２ | ٥/٩/١٩٩٢ | 5/9/1992\u200f → 1992-09-05
    29/2/2024 → 2024-02-29
    20/11/2026 → 2026-11-20
    1/1/1900 → 1900-01-01
"""
NO_DATES = """
    12/25/1992 | 09/13/1992 | 12251992 → The day comes first, then the month
    29/2/2023 | 31/4/1992 | 0/5/1992 | 32/1/1992 → The calendar has no such day
    21/11/2026 | 1/1/9999 → This day has not come yet
    31/12/1899 | 5/9/0092 → write the year with four digits, for example 1992
    5/9 | hôm qua | 5/9/92 | 13/13/1992 | 1992 | 5/9/19921 | 19920905 | 0000-00-00 → example 5 9 1992
"""


@pytest.mark.parametrize(("written", "kept"), cases(DATES))
def test_a_date_is_day_month_year_and_kept_as_iso(written, kept):
    assert check(make("date"), written) == Checked(kept)
    assert check(make("date"), day=written) == Checked(kept)
    assert check(make("date", year_only=True), written) == Checked(kept)


@pytest.mark.parametrize(("written", "why"), cases(NO_DATES))
def test_what_is_no_date_says_what_to_write(written, why):
    assert why in words(check(make("date"), written))


def test_a_date_comes_in_three_boxes():
    question = make("date")

    assert check(question, day="5", month="٩", year=" 1992 ") == Checked("1992-09-05")
    assert check(question, "", day="05", month="09", year="1992") == Checked("1992-09-05")
    assert check(question, day=" ", month="", year="\u200b") == Checked()
    assert "day, month and year, for example" in words(check(question, day="5", year="1992"))
    assert "day, month and year, for example" in words(check(question, year="1992"))
    assert "The day comes first" in words(check(question, day="9", month="25", year="1992"))
    assert "one answer" in words(check(question, "5/9/1992", day="5", month="9", year="1992"))
    assert "could not be read" in words(check(question, day="5\ud800"))
    assert "one answer" in words(question.check(Raw(parts={"day": ("5", "6")}), TODAY))


def test_the_year_alone_suffices_where_the_form_says_so():
    question = make("date", year_only=True, youngest=15, oldest=75)

    assert check(question, year="1992") == Checked("1992", warnings=("year_only",))
    assert check(question, "1992") == check(question, day="1992") == check(question, year="1992")
    assert check(question, year="2011").value == "2011"
    assert check(question, year="1950").value == "1950"
    assert "15 years and over" in words(check(question, year="2012"))
    assert "more than 75 years ago" in words(check(question, year="1949"))
    assert "four digits" in words(check(question, year="0000"))
    assert "or only the year" in words(check(question, month="9", year="1992"))


@pytest.mark.parametrize(
    ("born", "fits"),
    [("20/11/2011", True), ("21/11/2011", False), ("21/11/1950", True), ("20/11/1950", False)],
)
def test_an_age_counts_full_years_to_the_day(born, fits):
    question = make("date", youngest=15, oldest=75)

    assert (check(question, born).problem is None) is fits


def test_days_and_months_to_come_are_taken_where_the_form_allows_them():
    assert check(make("date", future=True), "1/1/2027").value == "2027-01-01"
    assert check(make("month", future=True), "1/2027").value == "2027-01"


MONTHS = """
    9/2026 | 09/2026 | 9-2026 | 9.2026 | 9 2026 | 2026-09 | 2026-9 | ٩/٢٠٢٦ → 2026-09
    11/2026 → 2026-11
    12/2026 → This month has not come yet.
    13/2026 | 0/2026 | 9 | 9/26 | tháng 9 | 1/1899 | 2026/09 → for example 9/2026
"""


@pytest.mark.parametrize(("written", "outcome"), cases(MONTHS))
def test_a_month_is_month_and_year(written, outcome):
    checked = check(make("month"), written)

    assert checked == check(make("month"), month=written)
    assert (checked.value or words(checked)).endswith((outcome, outcome + "."))


def test_a_month_comes_in_two_boxes():
    assert check(make("month"), month="9", year="2026") == Checked("2026-09")
    assert "month and year" in words(check(make("month"), month="9"))
    assert "month and year" in words(check(make("month"), year="2026"))
    assert "one answer" in words(check(make("month"), "9/2026", month="9", year="2026"))


INTEGERS = """
    3 | +3 | 03 | ３ | 3,0 | 3.00 → 3
    -3 | −3 → -3
    1500000 | 1.500.000 | 1 500 000 | 1,500,000 | 1.500.000,0 | 1,500,000.0 → 1500000
    15000 | 15.000 | 15,000 | 15 000 → 15000
    1.000.000.000.000.000 → 1000000000000000
"""
NO_INTEGERS = """
    ba | 3,5 | 3.5 | 0.500 | 1500.000 | 1.500,000 | 1.50.000 | 3 4 | 3% | 1e3 | -- 3 | 0x1F → number, for example 3.
    1.000.000.000.000.001 → at most 1.000.000.000.000.000.
    -1.000.000.000.000.001 → at least -1.000.000.000.000.000.
"""  # noqa: E501 - a row is one line


@pytest.mark.parametrize(("written", "kept"), cases(INTEGERS))
def test_a_whole_number_is_read_in_both_groupings(written, kept):
    assert check(make("integer"), written) == Checked(int(kept))


@pytest.mark.parametrize(("written", "why"), cases(NO_INTEGERS))
def test_what_is_no_whole_number_says_what_to_write(written, why):
    assert words(check(make("integer"), written)).endswith(why)


def test_digits_far_behind_a_number_are_not_lost():
    for kind in ("integer", "money", "decimal", "citizen_id", "date"):
        assert check(make(kind), "012092001234" + " " * 300 + "9").value is None
        assert check(make(kind), "05/09/1992" + " " * 300 + "9").value is None


@pytest.mark.parametrize("kind", ["integer", "decimal", "money"])
def test_bounds_are_named_as_people_write_numbers(kind):
    both, least = make(kind, least=1, most=15_000), make(kind, least=1_000)

    assert check(both, "1").value == 1
    assert check(both, "15000").value == 15_000
    assert words(check(both, "0")) == "Please write a number from 1 to 15.000."
    assert words(check(both, "15001")) == "Please write a number from 1 to 15.000."
    assert words(check(least, "999")) == "Please write a number of at least 1.000."
    assert words(check(make(kind, least=None, most=9), "10")).endswith("at most 9.")


DECIMALS = """
    2,5 | 2.5 | 2,50 | +2,5 → 2.5
    1.500,5 | 1 500,5 | 1500,5 | 1,500,500.5 → 1500.5
    0.500 | 0,500 | 00,5 → 0.5
    1.500 | 1 500 → 1500
    0,0000014 → 0.000001
    -3 → -3
"""


@pytest.mark.parametrize(("written", "kept"), cases(DECIMALS.replace(" | 1,500,500.5", "")))
def test_a_decimal_number_has_a_comma_or_a_dot(written, kept):
    assert check(make("decimal"), written) == Checked(float(kept))


def test_what_is_no_number_says_what_to_write():
    assert words(check(make("decimal"), "hai rưỡi")).endswith("for example 2,5.")
    assert type(check(make("decimal"), "2,0").value) is int
