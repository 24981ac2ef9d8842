"""What each question type makes of all answers: counts, figures, periods; any value is taken."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import ABOUT, PAPERS, WORK, made

from export.summary import Reckoning, summary_rows, topics
from forms.gallery import gallery
from forms.response import Response
from forms.types import QUESTION_TYPES
from forms.types.summaries import (
    CalculatedSummary,
    ChoiceSummary,
    FileSummary,
    NumberSummary,
    PeriodSummary,
    RowSummary,
    Summary,
)
from services.clock import VIETNAM

FORMS = [*gallery().values(), made(ABOUT, WORK), made(PAPERS)]
AT = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)
VALUES = (
    st.text(max_size=8)
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: round(number, 6))
    | st.lists(st.text(max_size=3), max_size=3)
    | st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2), max_size=2)
)


def of(questions, *answers):
    """The topics of one question set, fed with these answers."""
    form = made(questions)
    found = topics([form], lambda question: True)
    reckoning = Reckoning(found)
    for number, said in enumerate(answers):
        reckoning.add(answered(number, said))
    return reckoning


def answered(number, said, unit="nam-na", version=1):
    names = {"content": f"c{number}", "receipt": f"r{number}", "instance": f"i{number}"}
    where = {"unit": unit, "place": "", "point": "P", "language": "vi"}
    known = {"definition": "f99", "version": version, "submitted_at": AT}
    return Response(id=str(number), answers=said, **names, **where, **known)


def bars(summary: Summary):
    return [(bar.label, bar.count) for bar in summary.bars("vi")]


def fed(summary: Summary, *values):
    for value in values:
        summary.add(value)
    return summary


def grouped(number: float) -> str:
    return f"{number:,}".replace(",", ".")


@pytest.mark.parametrize("kind", QUESTION_TYPES, ids=lambda kind: kind.__name__)
@given(values=st.lists(VALUES, max_size=12))
def test_every_type_takes_any_value_and_loses_none(kind, values):
    question = next(q for form in FORMS for q in _all(form) if type(q) is kind)

    summary = fed(question.summary(), *values)

    assert summary.answered == len(values)
    told = sum(bar.count for bar in summary.bars("vi"))
    if told and not summary.several:
        assert told >= len(values)
    assert all(fact.text for fact in summary.facts())


def _all(form):
    for question in form.questions:
        yield question
        yield from getattr(question, "questions", ())


def test_numbers_have_least_median_mean_most_and_sum():
    summary = fed(NumberSummary(grouped), 1, 2, 2, 10, "nhiều")

    assert [fact.text for fact in summary.facts()] == ["1", "2", "3.75", "10", "15"]
    assert bars(summary) == [("1", 1), ("2", 2), ("10", 1), ("Câu trả lời khác", 1)]


def test_many_numbers_become_a_histogram_of_round_widths():
    summary = fed(NumberSummary(grouped), *range(0, 100, 3))

    assert bars(summary)[:2] == [("0 đến dưới 20", 7), ("20 đến dưới 40", 7)]
    assert sum(count for _, count in bars(summary)) == summary.answered == 34


@given(st.lists(st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9).map(lambda x: round(x, 6))))
def test_a_histogram_holds_every_number_in_few_bars(numbers):
    found = bars(fed(NumberSummary(grouped), *numbers))

    assert sum(count for _, count in found) == len(numbers)
    assert len(found) <= 11


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["2026-11-05", "2027-01", "2027-01-31"], [("11/2026", 1), ("12/2026", 0), ("01/2027", 2)]),
        (["1990", "1991-02-03"], [("1990", 1), ("1991", 1)]),
        (["1961", "1989-01-01"], [("1960–1969", 1), ("1970–1979", 0), ("1980–1989", 1)]),
        (["hôm qua"], [("Câu trả lời khác", 1)]),
        ([], []),
    ],
)  # fmt: skip
def test_days_are_counted_by_months_years_or_tens(values, said):
    assert bars(fed(PeriodSummary(), *values)) == said


def test_ratings_have_five_steps_and_a_mean():
    chung = of("- {type: rating, name: chung, label: {vi: Chung}}", {"chung": 5}, {"chung": 2})
    summary = chung.topics[0].summary

    assert [bar.step for bar in summary.bars("vi")] == [1, 2, 3, 4, 5]
    assert [bar.count for bar in summary.bars("vi")] == [0, 1, 0, 0, 1]
    assert summary.mean == 3.5
    assert summary.facts()[0].text == "3,50"


def test_files_rows_and_calculations_say_how_many():
    assert fed(FileSummary(), ["a.jpg", "b.jpg"], ["c.jpg"]).facts()[0].text == "3"
    assert [f.text for f in fed(RowSummary(), [{}, {}], [{}]).facts()] == ["3", "1,5"]
    assert bars(fed(CalculatedSummary(grouped), "chữ")) == []
    assert bars(fed(CalculatedSummary(grouped), 2, 2)) == [("2", 2)]


def test_columns_of_a_repeat_are_summed_by_themselves():
    questions = """
- {type: repeat, name: nha, label: {vi: Nhà}, questions: [
    {type: integer, name: tuoi, label: {vi: Tuổi}}, {type: text, name: ten, label: {vi: Tên}}]}
"""
    reckoning = of(questions, {"nha": [{"tuoi": 4, "ten": "A"}, {"tuoi": 6}]}, {"nha": "chữ"}, {})

    found = {topic.key: topic.summary.answered for topic in reckoning.topics}
    assert found == {"nha": 2, "nha/tuoi": 2, "nha/ten": 1}
    assert reckoning.total == 3


def test_choices_of_older_versions_count_and_are_known_as_gone():
    ask = "- {type: select_one, name: ca, label: {vi: Ca}, choices: [{name: a, label: {vi: A}}%s]}"
    old = made(ask % ", {name: b, label: {vi: B}}" + "\n- {type: text, name: cu, label: {vi: Cũ}}")
    new = made(ask % "")
    found = topics([old, new], lambda question: True)
    reckoning = Reckoning(found, compared="ca")
    for number, said in enumerate(({"ca": "b", "cu": "x"}, {"ca": "a"}, {"ca": "lạ"})):
        reckoning.add(answered(number, said, unit=f"u{number}"))

    first, second = found
    assert [(bar.label, bar.count, first.is_gone(bar)) for bar in first.summary.bars("vi")] == [
        ("A", 1, False), ("B", 1, True), ("Câu trả lời khác", 1, False),
    ]  # fmt: skip
    assert (first.gone, second.gone) == (False, True)
    assert set(reckoning.compared) == {"u0", "u1", "u2"}
    assert reckoning.by_day == {date(2026, 11, 24): 3}


def test_what_may_not_be_told_is_not_even_counted():
    form = made("- {type: integer, name: so, label: {vi: Số}}")
    found = topics([form], lambda question: False)

    Reckoning(found).add(answered(1, {"so": 5}))

    assert found[0].summary.answered == 0
    assert list(summary_rows(found, "vi", str)) == [["Số", "so", None, None, None, None]]


def test_a_summary_has_a_line_per_bar_and_figure():
    reckoning = of("- {type: integer, name: so, label: {vi: Số}}", {"so": 5}, {"so": 7}, {"so": 7})

    rows = list(summary_rows(reckoning.topics, "vi", lambda text: f"«{text}»"))

    assert rows[0] == ["Số", "so", 3, None, None, None]
    assert rows[1:3] == [["Số", "so", 3, "5", 1, 33.3], ["Số", "so", 3, "7", 2, 66.7]]
    assert rows[3] == ["Số", "so", 3, "«Least»: 5", None, None]


def test_a_tick_that_is_none_is_no_tick():
    tick = ChoiceSummary([("1", made("- {type: text, name: a, label: {vi: Đã}}").title)])

    assert [count for _, count in bars(fed(tick, 1, 1, "no"))] == [2, 1]
