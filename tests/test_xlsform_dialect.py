"""Expressions as ODK takes them say the same as ours; what is hidden is never asked there."""

import io
from datetime import date

import openpyxl
import pytest
from kinds import made

from forms.expressions import parse
from forms.xlsform import read_workbook, write_workbook
from forms.xlsform.dialect import Months, as_odk

TODAY = date(2026, 11, 24)
NO_MONTHS = Months(frozenset())
ANSWERS = [{}, {"a": 3}, {"a": 3, "b": 0}, {"a": 2, "b": 5, "c": -1}, {"b": 2.5, "c": 4}]


def columns(definition, sheet="survey"):
    """The rows of a sheet by their name, each a mapping from heading to text."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(definition)))
    heads, *rows = book[sheet].iter_rows(values_only=True)
    return {row[1]: dict(zip(heads, row, strict=True)) for row in rows}


@pytest.mark.parametrize(
    ("ours", "odk"),
    [
        ("${a} + 1 > 3", "${a} + 1 > 3"),
        ("sum(${a})", "sum(${a})"),
        ("sum(${a}, ${b})", "coalesce(${a}, 0) + coalesce(${b}, 0)"),
        ("sum(${a}, ${b}) * 2", "(coalesce(${a}, 0) + coalesce(${b}, 0)) * 2"),
        ("- sum(${a}, 1.5)", "-(coalesce(${a}, 0) + coalesce(1.5, 0))"),
        ("count(${a}, ${b}) > 1", "(if(${a} != '', 1, 0) + if(${b} != '', 1, 0)) > 1"),
        ("concat(sum(1, 2), \"it's\")", "concat(coalesce(1, 0) + coalesce(2, 0), \"it's\")"),
    ],
)  # fmt: skip
def test_sums_of_several_values_are_written_out(ours, odk):
    assert as_odk(ours, NO_MONTHS) == odk


@pytest.mark.parametrize(
    "source",
    [
        "sum(${a}, ${b}, ${c})", "count(${a}, ${b}, ${c}) = 2", "1 - sum(${a}, ${b}) - ${c}",
        "sum(${a}, 2) div 2 mod 3", "not(sum(${a}, ${b}) > 3) and count(${a}, ${c}) > 0",
        "if(sum(${a}, ${b}) = 3, 'x', 'y')", "-sum(${a}, ${b}) + 0.000001",
    ],
)  # fmt: skip
@pytest.mark.parametrize("answers", ANSWERS)
def test_what_is_written_out_says_the_same(source, answers):
    written = as_odk(source, NO_MONTHS)

    assert written != source
    theirs, ours = (parse(text).value(answers, TODAY) for text in (written, source))
    assert str(theirs) == str(ours)  # NaN, too


def test_patterns_of_months_hold_of_the_days_that_odk_keeps():
    definition = made("""
- {type: month, name: quy, label: {vi: Quý}, constraint: "regex(., '[0-9]{4}-(03|06|09|12)')"}
- {type: text, name: x, label: {vi: X}, relevant: "contains(${quy}, '-12')"}
""")

    rows = columns(definition)

    own = parse(rows["quy"]["constraint"])
    assert own.holds({}, TODAY, "2026-09-01")
    assert not own.holds({}, TODAY, "2026-10-01")
    assert rows["x"]["relevant"] == "contains(substr(${quy}, 0, 7), '-12')"
    assert read_workbook(write_workbook(definition)).definition == definition


def test_a_hidden_question_is_never_asked_by_odk():
    definition = made("""
- {type: text, name: a, label: {vi: A}}
- {type: text, name: b, label: {vi: B}, hidden: true, relevant: "${a} = 'x'"}
""")

    row = columns(definition)["b"]

    assert (row["relevant"], row["bind::phieu:hidden"]) == ("false()", "true")
    assert read_workbook(write_workbook(definition)).definition == definition


def test_bounds_stand_behind_the_constraint_and_are_taken_off_again():
    definition = made("""
- {type: integer, name: a, label: {vi: A}, least: 1, most: 9, constraint: ". != 4"}
- {type: integer, name: b, label: {vi: B}, most: 9}
- {type: text, name: c, label: {vi: C}, shortest: 2}
""")

    rows = columns(definition)

    assert [rows[name]["constraint"] for name in "abc"] == [
        "(. != 4) and . >= 1 and . <= 9",
        ". <= 9",
        "string-length(.) >= 2",
    ]
    assert read_workbook(write_workbook(definition)).definition == definition


def test_a_changed_cell_beside_one_of_ours_that_counts_is_told_of():
    definition = made("""
- {type: integer, name: a, label: {vi: A}}
- {type: calculate, name: tong, calculation: "sum(${a}, 2)"}
""")
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(definition)))
    sheet = book["survey"]
    (cell,) = [c for row in sheet for c in row if c.value == "coalesce(${a}, 0) + coalesce(2, 0)"]
    cell.value = "${a} * 2"
    out = io.BytesIO()
    book.save(out)

    imported = read_workbook(out.getvalue())

    assert imported.definition == definition
    (found,) = imported.findings
    assert (found.row, found.column) == (cell.row, "calculation")
    assert found.what.values == {"column": "bind::phieu:exact_calculation"}
