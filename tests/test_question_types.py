"""Every question type: what people write, what is kept, and the words when it cannot be."""

import re
from datetime import date

import pytest

from forms.problems import WARNINGS
from forms.types import QUESTION_TYPES, Checked, Question, Raw
from forms.types.calculate import Calculate

TODAY = date(2026, 11, 20)
# Nobody is asked for a calculation: tests/test_calculations.py.
ASKED = [cls for cls in QUESTION_TYPES if cls is not Calculate]
TYPES = {cls.model_fields["type"].default: cls for cls in ASKED}


def make(kind: str, **settings: object) -> Question:
    if "choices" in TYPES[kind].model_fields:
        settings["choices"] = [{"name": "1", "label": {"vi": "Ca sáng"}}]
    if kind == "repeat":
        settings["questions"] = [{"type": "text", "name": "ten", "label": {"vi": "Tên"}}]
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


NOT_ONE_LINE = ("select_multiple", "note", "image", "repeat")
ONE_LINE = [make(kind) for kind in TYPES if kind not in NOT_ONE_LINE]
kinds = pytest.mark.parametrize("question", ONE_LINE, ids=lambda question: question.type)


@kinds
@pytest.mark.parametrize("nothing", ["", "  ", "\t\r\n", "\u200b", "\ufeff \u00a0"])
def test_nothing_to_see_is_no_answer_like_nothing_sent(question, nothing):
    assert check(question, nothing) == check(question) == Checked()


@kinds
def test_two_answers_to_one_question_are_refused_even_if_equal(question):
    assert words(check(question, "1", "1")) == "Please give one answer only."


@kinds
@pytest.mark.parametrize("sign", [*"\x00\x1b\x9f\ufffd\uffff", "\ud83d"])
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

    assert check(make("multiline"), written) == Checked("Xin thêm canh\n\nCơm\nnguội")


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
    assert check(make("multiline"), "Công đoàn các xã báo cáo tháng sau").warnings == ()


# What is written (several between bars), the stored value, a warning.
KEPT = """
date: 5/9/1992 | 05/09/1992 | 5-9-1992 | 5.9.1992 | 5 9 1992 | 5 / 9 / 1992 → 1992-09-05
date: 05091992 | 1992-09-05 | 1992-9-5 | ０５/０９/１９９２ | ٥/٩/١٩٩٢ | 5/9/1992‏ → 1992-09-05
date: 29/2/2024 → 2024-02-29
date: 20/11/2026 → 2026-11-20
date: 1/1/1900 → 1900-01-01
future day: 1/1/2027 → 2027-01-01
birth: 5/9/1992 → 1992-09-05
birth: 20/11/2011 → 2011-11-20 ! under_16
birth: 20/11/2010 → 2010-11-20
birth: 21/11/1950 → 1950-11-21
birth: 1992 | ١٩٩٢ → 1992 ! year_only
birth: 1950 → 1950 ! year_only
month: 9/2026 | 09/2026 | 9-2026 | 9.2026 | 9 2026 | 2026-09 | 2026-9 | ٩/٢٠٢٦ → 2026-09
month: 11/2026 → 2026-11
future month: 1/2027 → 2027-01
integer: 3 | +3 | 03 | ３ | 3,0 | 3.00 → 3
integer: -3 | −3 → -3
integer: 1500000 | 1.500.000 | 1 500 000 | 1,500,000 | 1.500.000,0 | 1,500,000.0 → 1500000
integer: 15000 | 15.000 | 15,000 | 15 000 → 15000
decimal: 2,5 | 2.5 | 2,50 | +2,5 | O2,5 → 2.5
decimal: 1.500,5 | 1.500,50 | 1 500,5 | 1500,5 → 1500.5
decimal: 0.500 | 0,500 | 00,5 → 0.5
decimal: 0,0000014 → 1e-06
money: 1500000 | 1.500.000 đ | 1.500.000đ | 1,500,000 VND | 1 500 000 đồng | 1.500.000 ₫. → 1500000
money: 1,5 triệu | 1.5 triệu đồng | 1tr5 | 1tr500 | 1 TRIỆU RƯỠI | 1500k | 1.500 nghìn → 1500000
money: 1 trieu 5 | 1,5tr | 1500 ngàn | 1500ng | ١٥٠٠k | １５００k | 0,0015 tỷ → 1500000
money: 15,000 | 15.000 đ | 15k | 15 nghìn | 15000 → 15000
money: 1tr05 → 1050000
money: 1 tỷ 2 | 1,2 tỉ | 1.200 triệu → 1200000000
money: 2k5 → 2500
debt: -5 → -5
phone: 0912345678 | 0912 345 678 | 0912.345.678 | 0912-345-678 | (0912) 345·678 → 0912345678
phone: +84912345678 | +84 912 345 678 | 84912345678 | 0084912345678 → 0912345678
phone: +84 (0)912 345 678 | 840912345678 | 912345678 | 912.345.678 → 0912345678
phone: O912345678 | o912 345 678 | +84O912345678 | ０９１２３４５６７８ | ٠٩١٢٣٤٥٦٧٨ → 0912345678
phone: 0903OO5OOO → 0903005000
phone: 841234567 | 0841234567 | 84841234567 → 0841234567
phone: 0213 3878436 | (0213) 3 878 436 | +84 213 3878436 → 02133878436 ! landline
phone: 0951234567 | 951234567 → 0951234567 ! unknown_prefix
phone: 0301234567 → 0301234567 ! unknown_prefix
citizen_id: 012092001234 | 012 092 001 234 | 012.092.001.234 | 012092-001234 → 012092001234
citizen_id: O12O92OO1234 | ０１２０９２００１２３４ | ٠١٢٠٩٢٠٠١٢٣٤ → 012092001234
citizen_id: 012051001234 → 012051001234
citizen_id: 012050001234 → 012050001234 ! age
citizen_id: 012211001234 → 012211001234 ! under_16
citizen_id: 012210001234 → 012210001234
citizen_id: 012312001234 → 012312001234 ! age
citizen_id: 003092001234 → 003092001234 ! province
citizen_id: 045123456 | 045 123 456 | O45123456 → 045123456 ! old_id
passport: C1234567 | c 1234567 | C-1234567 → C1234567
passport: AB123456X → AB123456X
passport: 12345678 → 12345678 ! short_passport
passport: 012092001234 → 012092001234
rating: 5 |  5  → 5
consent: 1 | on | yes | true → 1
"""
REFUSED = """
date: 12/25/1992 | 09/13/1992 | 12251992 → The day comes first, then the month
date: 29/2/2023 | 29/2/1900 | 31/4/1992 | 0/5/1992 | 32/1/1992 → The calendar has no such day
date: 21/11/2026 | 1/1/9999 → This day has not come yet
date: 31/12/1899 | 5/9/0092 → write the year with four digits, for example 1992
date: 5/9 | hôm qua | 5/9/92 | 13/13/1992 | 1992 | 5/9/19921 | 19920905 → example 5 9 1992
birth: 21/11/2011 | 2012 → for people of 15 years and over
birth: 20/11/1950 | 1949 → more than 75 years ago
birth: 2027 → has not come yet
birth: 0000 | 1899 → four digits
month: 12/2026 | 1/2027 → This month has not come yet.
month: 13/2026 | 0/2026 | 9 | 9/26 | tháng 9 | 1/1899 | 2026/09 → for example 9/2026
integer: ba | 3,5 | 3.5 | 0.500 | 1500.000 | 1.500,000 | 1.50.000 → a whole number, for example 3.
integer: 3 4 | 3% | 1e3 | -- 3 | 0x1F | Infinity | NaN → a whole number, for example 3.
integer: 1.000.000.000.000.001 → at most 1.000.000.000.000.000.
integer: -1.000.000.000.000.001 → at least -1.000.000.000.000.000.
decimal: hai rưỡi | 2,5,5 | 2..5 | , | - → Please write a number, for example 2,5.
money: nhiều | 1,5 | 0,0000001tr | 1500.000 | 5 rưỡi | 1,5tr5 | 50k/ngày → 1.500.000 or 1,5 triệu
money: -5 → at least 0
money: 2000000 tỷ → at most 1.000.000.000.000.000
debt: -11 → at least -10
phone: 0912345678/0987654321 | 0912.345.678 / 0987.654.321 | 912345678, 0987654321 → one number
phone: 0912345678-0987654321 | 912345678;987654321 | 0912345678 hoặc 0987654321 → one number only
phone: 091234567 | 09123.4567 → has 10 digits, for example 0912 345 678; this one has 9
phone: 09123456789 | +849123456789 → has 10 digits, for example 0912 345 678; this one has 11
phone: 0112345678 | 0012345678 | 0612345678 → begins with 03, 05, 07, 08 or 09, for
phone: không có | 09123abcde | zalo 0912345678 → with digits, for example 0912 345 678
citizen_id: 01209200123 → has 12 digits, for example 012 092 001 234; this one has 11
citizen_id: 0120920012345 | 0120920012345 → this one has 13
citizen_id: C1234567 | không có | 01209200123X → write the 12 digits of the ID number
passport: C1234 | AB12345678 | 0120920012345 | ÀB12345 → Foreigners write their passport number
rating: 0 | 6 | tốt | 1,0 → choose one of the five faces
consent: 0 | no | false | 2 → tick the box, or leave it empty
select_one: 2 | ca_sang | 1; 1 | Ca sáng → choose one of the answers shown
list: 2 → choose one of the answers shown
"""
QUESTIONS = {kind: make(kind) for kind in TYPES} | {
    "birth": make("date", year_only=True, youngest=15, oldest=75),
    "future day": make("date", future=True),
    "future month": make("month", future=True),
    "debt": make("money", least=-10),
    "passport": make("citizen_id", passport=True),
}


def cases(table: str) -> list[list[str]]:
    rows = [re.split(r": +| → ", line, maxsplit=2) for line in table.strip().splitlines()]
    return [[kind, text.strip(), last] for kind, texts, last in rows for text in texts.split("|")]


@pytest.mark.parametrize(("kind", "written", "outcome"), cases(KEPT))
def test_what_people_write_is_kept_in_one_form(kind, written, outcome):
    kept, _, warning = outcome.partition("!")

    checked = check(QUESTIONS[kind], written)

    assert (str(checked.value), checked.problem) == (kept.strip(), None)
    assert checked.warnings == tuple(warning.split())


@pytest.mark.parametrize(("kind", "written", "why"), cases(REFUSED))
def test_what_cannot_be_kept_says_what_to_write(kind, written, why):
    assert why in words(check(QUESTIONS[kind], written))


WHOLE_DATES = [row[:2] for row in cases(KEPT) + cases(REFUSED) if row[0] in ("date", "birth")]


@pytest.mark.parametrize(("kind", "written"), WHOLE_DATES)
def test_a_whole_date_may_be_pasted_into_the_first_box(kind, written):
    assert check(QUESTIONS[kind], day=written) == check(QUESTIONS[kind], written)


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


def test_the_year_alone_may_stand_in_its_box_where_the_form_says_so():
    assert check(QUESTIONS["birth"], year="1992") == check(QUESTIONS["birth"], "1992")
    assert "or only the year" in words(check(QUESTIONS["birth"], month="9", year="1992"))


def test_a_month_comes_in_two_boxes():
    assert check(make("month"), month="9", year="2026") == Checked("2026-09")
    assert check(make("month"), month="9/2026") == Checked("2026-09")
    assert "month and year" in words(check(make("month"), month="9"))
    assert "month and year" in words(check(make("month"), year="2026"))
    assert "one answer" in words(check(make("month"), "9/2026", month="9", year="2026"))


@pytest.mark.parametrize("kind", ["integer", "decimal", "money"])
def test_bounds_are_named_as_people_write_numbers(kind):
    both, least = make(kind, least=1, most=15_000), make(kind, least=1_000)

    assert [check(both, text).value for text in ("1", "15000")] == [1, 15_000]
    assert words(check(both, "0")) == "Please write a number from 1 to 15.000."
    assert words(check(both, "15001")) == "Please write a number from 1 to 15.000."
    assert words(check(least, "999")) == "Please write a number of at least 1.000."
    assert words(check(make(kind, least=None, most=9), "10")).endswith("at most 9.")


@pytest.mark.parametrize("kind", ["integer", "money", "decimal", "citizen_id", "date", "month"])
def test_digits_far_behind_an_answer_are_not_lost(kind):
    for answer in ("012092001234", "5", "05/09/1992", "9/2026"):
        assert check(make(kind), answer + " " * 300 + "9").value is None


RENUMBERED = """
    0162 032 0163 033 0164 034 0165 035 0166 036 0167 037 0168 038 0169 039 0120 070 0121 079
    0122 077 0126 076 0128 078 0123 083 0124 084 0125 085 0127 081 0129 082 0186 056 0188 058
    0199 059
"""


@pytest.mark.parametrize(("old", "new"), re.findall(r"(\d{4}) (\d{3})", RENUMBERED))
def test_an_eleven_digit_mobile_number_is_offered_with_its_new_prefix(old, new):
    checked = check(make("phone"), f"{old}.345.6789")

    assert checked.problem.suggestion == f"{new}3456789"
    assert f"the number is now {new}3 456 789." in words(checked)
    assert check(make("phone"), f"+84{old[1:]}3456789") == checked
    assert check(make("phone"), checked.problem.suggestion) == Checked(f"{new}3456789")
