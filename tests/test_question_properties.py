"""What holds for every question type, whatever is sent; choosing and ticking; the cells."""

import re
import time
import unicodedata
from datetime import date

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import HEIC, PDF, jpeg, signed, upload
from pydantic import ValidationError

from forms.cleaning import clean_line, clean_text, is_readable
from forms.problems import WARNINGS
from forms.types import QUESTION_TYPES, Checked, Question, Raw, Value
from forms.types.calculate import Calculate

TODAY = date(2026, 11, 20)
# Nobody is asked for a calculation: tests/test_calculations.py.
ASKED = [cls for cls in QUESTION_TYPES if cls is not Calculate]
TYPES = {cls.model_fields["type"].default: cls for cls in ASKED}
SHIFTS = [
    {"name": "sang", "label": {"vi": "Ca sáng", "en": "Morning"}},
    {"name": "dem", "label": {"vi": "Ca đêm", "en": "Night"}},
    {"name": "khac", "label": {"vi": "Khác"}, "other": True},
    {"name": "khong", "label": {"vi": "Không ca nào"}, "alone": True},
]
FAMILY = [
    {"type": "text", "name": "ten", "label": {"vi": "Tên"}},
    {"type": "date", "name": "sinh", "label": {"vi": "Ngày sinh"}, "year_only": True},
    {"type": "select_multiple", "name": "an", "label": {"vi": "Ăn ca"}, "choices": SHIFTS[:2]},
]
FILES = [upload(content) for content in (jpeg(40, 30), PDF, HEIC, b"", b"x" * 9, jpeg(50, 40))]


def make(kind: str, **settings: object) -> Question:
    if "choices" in TYPES[kind].model_fields:
        settings = {"choices": SHIFTS} | settings
    if kind == "repeat":
        settings = {"questions": FAMILY, "most": 3} | settings
    return TYPES[kind](name="ca", label={"vi": "Ca làm việc"}, **settings)


SETTINGS = {
    "text name": {"appearance": "name"},
    "money debt": {"least": None},
    "citizen_id passport": {"passport": True},
    "date birth": {"year_only": True, "youngest": 15, "oldest": 75},
    "date future": {"future": True},
    "month future": {"future": True},
    "image pdf": {"pdf": True, "most": 2},
}
TICKS = ["ca/sang", "ca/dem", "ca/khac", "ca/khong"]
QUESTIONS = {kind: make(kind) for kind in TYPES}
QUESTIONS |= {name: make(name.split()[0], **settings) for name, settings in SETTINGS.items()}
each = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
KEEPING = {name: question for name, question in QUESTIONS.items() if question.asks}
each_keeping = pytest.mark.parametrize("question", KEEPING.values(), ids=KEEPING)
often = settings(max_examples=60, deadline=None)

PIECES = re.split(
    r"\s+",
    "0912345678 012092001234 0162 +84 84 0084 C1234567 5 9 1992 2026 05 12 2024-02-29 1.500.000 1,5"
    " 15,000 triệu tr nghìn k tỷ rưỡi đ 0,000001 - − + . , / ; 000 9999999 o O sang dem khac khong"
    " on yes true 1 Giàng A Páo ๓ ٣ ３ ² ½",
)
SIGNS = ["\u200b", "\u0301", "\u1100", "\u1161", "\u00ad", "\x00", "\x85", "\ud83d", "\ufffd"]
texts = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from([*PIECES, *SIGNS, " ", "\n"]), max_size=6).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(PIECES + SIGNS).map(lambda text: text * 10_000),
)
numbers = st.integers(0, 3_000).map(str)
dates = st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(date.isoformat)
raws = st.builds(
    Raw,
    st.lists(texts | st.sampled_from(PIECES) | dates, max_size=3).map(tuple),
    st.dictionaries(
        st.sampled_from(["day", "month", "year", "0.ten", "1.sinh", "1.sinh.day", "2.an", "9.x"]),
        st.lists(st.integers(1, 31).map(str) | numbers | texts, max_size=2).map(tuple),
    ),
    st.lists(st.sampled_from(FILES), max_size=5).map(tuple),
)
names = st.lists(
    st.text(st.characters(categories=["L"]) | st.sampled_from(SIGNS[:5]), min_size=1, max_size=9),
    min_size=2,
    max_size=4,
).map("  ".join)
lines = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)
likely = {
    "text": lines,
    "multiline": st.lists(lines | st.sampled_from(SIGNS[:5])).map("\n".join),
    "phone": st.from_regex(r"(0|\+84|84)?[35789][0-9]{8}|0213[0-9]{7}", fullmatch=True),
    "citizen_id": st.from_regex(r"[0-9]{12}|[0-9]{9}|[A-Z][0-9]{7}", fullmatch=True),
    "integer": st.integers(-(10**15), 10**15).map(str),
    "money": st.builds("{}{}".format, st.integers(0, 10**5), st.sampled_from(["tr5", "k", ""])),
    "decimal": st.decimals(-(10**15), 10**15, places=7).map("{:f}".format)
    | st.floats(0, 1).map("{:.9f}".format),
    "date": dates | st.integers(1950, 2011).map(str),
    "month": st.builds("{}/{}".format, st.integers(1, 12), st.integers(1900, 2026)),
    "signature": st.just(signed()),
}
rows = st.builds(
    lambda ten, sinh, an: {"ten": (ten,), "sinh": (sinh,), "an": tuple(an)},
    lines,
    dates,
    st.sets(st.sampled_from(["sang", "dem"])),
)
families = st.lists(rows, min_size=1, max_size=3).map(
    lambda family: Raw(
        parts={f"{n}.{name}": texts for n, row in enumerate(family) for name, texts in row.items()}
    )
)
photos = st.lists(st.sampled_from([FILES[0], FILES[5]]), min_size=1, max_size=2).map(
    lambda files: Raw(files=tuple(files))
)


def kept(question: Question) -> st.SearchStrategy[Value]:
    """What a question keeps of writings that it mostly takes."""
    usual = likely.get(question.type, st.sampled_from(["1", "sang", "khac", "dem"])).map(Raw.of)
    if question == QUESTIONS["text name"]:
        usual = names.map(Raw.of)
    if question.type == "select_multiple":
        usual = st.sets(st.sampled_from(["sang", "dem", "khac"])).map(lambda some: Raw.of(*some))
    if question.type in ("image", "repeat"):
        usual = photos if question.type == "image" else families
    values = usual.map(lambda raw: question.check(raw, TODAY).value)
    return values.filter(lambda value: value is not None)


def is_taken_back(question: Question, value: Value) -> bool:
    again = question.check(question.write(value), TODAY)
    if question.keeps_files:  # a name could be that of another's file
        return again.problem is not None
    return (again.value, again.problem) == (value, None)


@each
@often
@given(raw=raws)
def test_any_raw_answer_gets_a_value_or_a_problem_or_nothing(question, raw):
    checked = question.check(raw, TODAY)

    assert checked.value is None or checked.problem is None
    assert checked.value is not None or not checked.warnings
    assert set(checked.warnings) <= WARNINGS.keys()
    assert checked.value is None or is_taken_back(question, checked.value)
    assert checked.problem is None or checked.problem.message % checked.problem.values


@each_keeping
@often
@given(data=st.data())
def test_a_kept_value_survives_json_and_is_taken_back_as_written(question, data):
    value = data.draw(kept(question))

    assert orjson.loads(orjson.dumps(value)) == value
    assert is_taken_back(question, value)
    assert question.show(value, "vi").strip()


@each
@pytest.mark.parametrize("split", [False, True])
@often
@given(data=st.data())
def test_there_is_one_cell_for_each_column(question, split, data):
    value = data.draw(st.none() | kept(question)) if question.asks else None

    columns = question.columns(split=split)

    for labels in ("", "vi", "en"):
        assert len(question.cells(value, split=split, labels=labels)) == len(columns)
    assert len({column.key for column in columns}) == len(columns)
    assert {column.question for column in columns} <= {"ca"}


@often
@given(value=kept(QUESTIONS["text name"]))
def test_an_accepted_name_is_composed_and_single_spaced(value):
    assert unicodedata.is_normalized("NFC", value)
    assert value.split() == value.split(" ")
    assert len(value.split()) >= 2


@often
@given(text=texts)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert not is_readable(text) or is_readable(clean_text(text))


@each
@pytest.mark.parametrize("text", ["1" * 3_000 + "/" * 3_000, "1.5 " * 50_000, "\u0301" * 50_000])
def test_a_very_long_answer_is_judged_quickly(question, text):
    begun = time.perf_counter()

    for raw in (Raw.of(text), Raw(parts={"day": (text,), "month": (text,)})):
        question.check(raw, TODAY)

    assert time.perf_counter() - begun < 2


# Choosing and ticking ------------------------------------------------------------------


def test_several_choices_are_kept_in_the_order_of_the_form():
    question = make("select_multiple")

    assert question.check(Raw.of("dem", "", "sang", "dem"), TODAY) == Checked(["sang", "dem"])
    assert question.check(Raw.of("", " "), TODAY) == question.check(Raw(), TODAY) == Checked()
    assert "answers shown" in question.check(Raw.of("dem", "trua"), TODAY).problem.message
    assert "could not be read" in question.check(Raw.of("dem", "\x00"), TODAY).problem.message


def test_a_choice_that_stands_alone_refuses_company_by_its_name():
    question = make("select_multiple")

    problem = question.check(Raw.of("sang", "khong"), TODAY).problem

    assert question.check(Raw.of("khong"), TODAY) == Checked(["khong"])
    assert "cannot stand together" in problem.message
    assert problem.values["choice"].into("vi") == "Không ca nào"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("select_one", "${ca} = 'khac'"),
        ("list", "${ca} = 'khac'"),
        ("select_multiple", "selected(${ca}, 'khac')"),
    ],
)
def test_other_brings_a_text_along_that_is_asked_only_then(kind, source):
    (other,) = make(kind, sensitive=True).companions()

    assert (other.name, other.type, other.sensitive) == ("ca_other", "text", True)
    assert other.relevant.source == source
    assert other.relevant.holds(
        {"ca": ["dem", "khac"] if kind == "select_multiple" else "khac"}, TODAY
    )
    assert not other.relevant.holds({"ca": ["dem"] if kind == "select_multiple" else "dem"}, TODAY)
    assert make(kind, choices=SHIFTS[:2]).companions() == ()


@pytest.mark.parametrize("kind", ["select_one", "list", "select_multiple"])
@pytest.mark.parametrize("choices", [[*SHIFTS, SHIFTS[0]], [SHIFTS[2], SHIFTS[2] | {"name": "x"}]])
def test_choices_that_cannot_be_told_apart_are_refused(kind, choices):
    with pytest.raises(ValidationError, match=r"stand twice|only one choice"):
        make(kind, choices=choices)


@pytest.mark.parametrize(
    ("kind", "value", "shown", "name", "label"),
    [
        ("text", "-5", "-5", "-5", "-5"),
        ("integer", 15_000, "15.000", 15_000, 15_000),
        ("decimal", 1234.5, "1.234,5", 1234.5, 1234.5),
        ("decimal", 1e-06, "0,000001", 1e-06, 1e-06),
        ("money", 1_500_000, "1.500.000 đ", 1_500_000, 1_500_000),
        ("phone", "0912345678", "0912 345 678", "0912345678", "0912345678"),
        ("phone", "02133878436", "0213 387 8436", "02133878436", "02133878436"),
        ("citizen_id", "012092001234", "012 092 001 234", "012092001234", "012092001234"),
        ("citizen_id", "C1234567", "C1234567", "C1234567", "C1234567"),
        ("date", "1992-09-05", "05/09/1992", "1992-09-05", "05/09/1992"),
        ("date", "1992", "1992", "1992", "1992"),
        ("month", "2026-09", "09/2026", "2026-09", "09/2026"),
        ("select_one", "dem", "Ca đêm", "dem", "Ca đêm"),
        ("list", "dem", "Ca đêm", "dem", "Ca đêm"),
        ("select_multiple", ["sang", "dem"], "Ca sáng; Ca đêm", "sang;dem", "Ca sáng;Ca đêm"),
        ("rating", 4, "4 · Hài lòng", 4, 4),
        ("consent", 1, "✓", 1, 1),
    ],
)
def test_a_value_is_shown_to_people_and_written_into_one_cell(kind, value, shown, name, label):
    question = make(kind)

    assert question.show(value, "vi") == shown
    assert question.cells(value) == (name,)
    assert question.cells(value, labels="vi") == (label,)
    assert question.cells(None) == question.cells(None, labels="vi") == (None,)


def test_split_choices_have_a_column_each_beside_the_whole_answer():
    question = make("select_multiple")

    columns = question.columns(split=True)

    assert [column.key for column in columns] == ["ca", *TICKS]
    assert [text.into("en") for text in columns[1].labels] == ["Ca làm việc", "Morning"]
    assert question.cells(["dem", "khac"], split=True) == ("dem;khac", None, 1, 1, None)
    assert question.cells("dem; trua", split=True) == ("dem; trua", *(None,) * 4)
    assert question.cells(None, split=True) == (None,) * 5


@pytest.mark.parametrize("kind", sorted(TYPES.keys() - {"note"}))
@pytest.mark.parametrize("raw", ["no", "²²²²", "5/9", "sang; trua", "không có số"])
def test_an_answer_kept_although_it_broke_a_rule_is_shown_as_it_came(kind, raw):
    question = make(kind)

    assert question.show(raw, "vi") == raw
    assert question.cells(raw) == question.cells(raw, labels="vi") == (raw,)
    assert question.write(raw).values or question.write(raw).parts


PROVINCES = """001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033
    034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070
    072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"""
NETWORKS = """032 033 034 035 036 037 038 039 086 096 097 098 070 076 077 078 079 089 090 093 081
    082 083 084 085 088 091 094 052 056 058 092 059 099 087 055"""


@pytest.mark.parametrize(
    ("kind", "known", "rest", "starts"),
    [("citizen_id", PROVINCES, "092001234", ""), ("phone", NETWORKS, "1234567", "35789")],
)
def test_exactly_the_assigned_prefixes_are_known(kind, known, rest, starts):
    numbers = [f"{n:03}" for n in range(100) if not starts or f"{n:03}"[1] in starts]

    quiet = [n for n in numbers if not make(kind).check(Raw.of(n + rest), TODAY).warnings]

    assert quiet == sorted(re.findall(r"\d+", known))
