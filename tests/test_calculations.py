"""Conditions, constraints and calculations in a form: what is kept, what is refused at reading."""

from datetime import date

import pytest

from forms.answers import CheckedAnswers, check_answers
from forms.definition import Definition
from forms.localized import Localized
from forms.reading import DefinitionError, build_definition, read_text
from forms.types import Raw
from forms.types.calculate import Calculate
from forms.visibility import hidden, visible_stops

TODAY = date(2026, 11, 24)
VI = {"vi": "x"}
TEXTS = ("title", "summary", "promise", "next_steps", "closing")
FORM = """
- questions:
  - {type: select_one, name: ca, label: {vi: Ca}, choices: [
      {name: sang, label: {vi: S}}, {name: dem, label: {vi: Đ}}]}
  - {type: integer, name: so, label: {vi: Số}, relevant: "${tong} > 10", required: "${ca} = 'dem'",
     constraint: ". <= ${tuoi}", constraint_message: {vi: Nhiều quá.}}
- relevant: "${ca} = 'dem'"
  questions:
  - {type: integer, name: tuoi, label: {vi: Tuổi}, constraint: ". > 0"}
  - {type: note, name: nhac, label: {vi: Nhớ}, relevant: "${tuoi} > 60"}
- questions:
  - {type: calculate, name: kep, calculation: "${tong} * 2 + coalesce(${tuoi}, 0)"}
  - {type: calculate, name: tong, label: {vi: Tổng}, calculation: "if(${ca} = 'dem', 20, 5)"}
"""


def form(sections: str = FORM) -> Definition:
    plain = dict.fromkeys(TEXTS, VI) | {"id": "f99", "notice": {"summary": VI}}
    return build_definition(plain | {"sections": read_text(sections)})


def check(*, keep_broken: bool = False, **inputs: str) -> CheckedAnswers:
    sent = {name: [text] for name, text in inputs.items()}
    return check_answers(form(), sent, TODAY, keep_broken=keep_broken)


def test_values_are_worked_out_in_the_order_in_which_they_depend():
    assert check(ca="sang").answers == {"ca": "sang", "kep": 10, "tong": 5}
    at_night = {"ca": "dem", "so": 3, "tuoi": 7, "kep": 47, "tong": 20}
    assert check(ca="dem", so="3", tuoi="7").answers == at_night
    assert [q.name for q, _ in form().dependency_order] == ["ca", "tuoi", "tong", "so", "kep"]


def test_what_is_hidden_is_not_kept_and_counts_as_empty():
    checked = check(ca="sang", so="3", tuoi="700", kep="1", tong="1")

    assert checked.problems == {}
    assert checked.answers == {"ca": "sang", "kep": 10, "tong": 5}


def test_an_expression_can_make_a_question_required():
    assert check(ca="sang").problems == {}
    assert check(ca="dem", tuoi="7").problems.keys() == {"so"}


def test_a_broken_constraint_says_the_organizers_words_or_ours():
    problems = check(ca="dem", so="8", tuoi="7").problems

    assert problems["so"].values == {"message": Localized({"vi": "Nhiều quá."})}
    assert "does not fit" in check(ca="dem", so="1", tuoi="-1").problems["tuoi"].message
    assert check(ca="dem", so="7", tuoi="7").problems == {}


def test_a_broken_constraint_of_a_sender_who_is_gone_is_kept_with_a_flag():
    checked = check(keep_broken=True, ca="dem", so="8", tuoi="7")

    assert checked.answers["so"] == 8
    assert checked.flags == ("so:broke_rule",)


def test_pages_can_ask_what_is_hidden():
    assert hidden(form(), {"ca": "sang", "tuoi": 70}, TODAY) == {"so", "tuoi", "nhac"}
    assert hidden(form(), {"ca": "dem", "tuoi": 70}, TODAY) == frozenset()
    assert visible_stops(form(), {}, TODAY) == (0, 2)
    assert visible_stops(form(), {"ca": "dem"}, TODAY) == (0, 1, 2)


def test_a_year_alone_counts_as_its_first_day():
    asked = form("""
    - questions:
      - {type: date, name: sinh, label: {vi: S}, year_only: true}
      - {type: calculate, name: tuoi, calculation: "int((today() - ${sinh}) div 365.25)"}
    """)

    assert check_answers(asked, {"sinh": ["1992"]}, TODAY).answers["tuoi"] == 34


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        (5.0, 5),
        (2.5, 2.5),
        (1 / 3, 0.333333),
        (-2.5e-9, 0),
        (float("nan"), None),
        (float("inf"), None),
        (1e16, None),
        ("", None),
        ("  hai  dòng\n", "hai dòng"),
        ("x" * 9_000, "x" * 2_000),
        ("\x00a\ud83d", "\ufffda\ufffd"),
        (True, "true"),
    ],
)
def test_a_calculated_value_is_kept_as_text_or_number(known, kept):
    found = Calculate(name="a", calculation="1").keep(known)

    assert (found, type(found)) == (kept, type(kept))


def test_a_calculation_is_never_taken_from_the_sender_and_has_a_column():
    asked, silent = form().by_name["tong"], form().by_name["kep"]

    assert asked.check(Raw.of("9"), TODAY).value is None
    assert [column.key for column in asked.columns()] == ["tong"]
    assert (asked.cells(1500.5), asked.show(1500.5, "vi")) == ((1500.5,), "1.500,5")
    assert isinstance(asked, Calculate) and asked.is_shown  # noqa: PT018
    assert isinstance(silent, Calculate) and not silent.is_shown  # noqa: PT018
    assert build_definition(form().model_dump(mode="json")) == form()


CALCULATED = "{{type: calculate, name: {}, calculation: '{}'}}"
NUMBER = "{{type: integer, name: {}, label: {{vi: x}}{}}}"


def written(*questions: str) -> str:
    return "- questions:\n" + "".join(f"  - {question}\n" for question in questions)


@pytest.mark.parametrize(
    ("sections", "mistake"),
    [
        (
            written(CALCULATED.format("a", "${b}"), CALCULATED.format("b", "${c}"))
            + "  - {type: calculate, name: c, calculation: '${a}'}",
            "the values of a, b, c depend on each other in a circle; let one of them read",
        ),
        (written(CALCULATED.format("a", "${a} + 1")), "the values of a depend on each other"),
        (written(CALCULATED.format("a", "${z}")), "question a: calculation reads z, which is no q"),
        (
            written(NUMBER.format("a", ', constraint: "${z} > 1"')),
            "question a: constraint reads z, which is no question of this form; correct the name",
        ),
        (
            written(NUMBER.format("a", ', required: "${z} > 1"')),
            "question a: required reads z, which is no question of this form",
        ),
        (
            written(NUMBER.format("a", ', relevant: "${b} > 1"'), CALCULATED.format("b", "${c}"))
            + "  - {type: integer, name: c, label: {vi: x}}",
            "question a: relevant reads b, which is no earlier question",
        ),
        (
            "- {relevant: '${a} > 1', questions: [" + NUMBER.format("a", "") + "]}",
            "section 1: relevant reads a, which is no earlier question",
        ),
        (written(NUMBER.format("a", ', relevant: "${a}"')), "write ${a} != ''"),
        (written(NUMBER.format("a", ', relevant: ". > 1"')), "in `constraint` only"),
        (
            written("{type: calculate, name: a, calculation: '1', required: true}"),
            "a calculation is not asked: remove `required` and `constraint`",
        ),
        (
            written("{type: calculate, name: a, calculation: 3}"),
            "write an expression such as ${pri",
        ),
        (
            written(
                *(NUMBER.format(f"a{n}", f', constraint: ". > {"1 + " * 400}1"') for n in range(70))
            ),
            "all expressions together are longer than 100,000 characters",
        ),
        (
            written(
                *(NUMBER.format(f"a{n}", """, constraint: "regex(., 'a')" """) for n in range(101))
            ),
            "regex stands more than 100 times",
        ),
        (
            written(
                "{type: text, name: b, label: {vi: x}, sensitive: true}",
                CALCULATED.format("a", "${b}"),
                "{type: consent, name: dy, label: {vi: x}, purpose: sensitive}",
            ),
            "question a: the calculation reads b, which is sensitive; mark the calculation",
        ),
    ],
)
def test_a_mistake_in_what_depends_on_what_is_told_at_reading(sections, mistake):
    with pytest.raises(DefinitionError) as caught:
        form(sections)

    assert mistake in str(caught.value)


def test_a_long_chain_of_calculations_is_worked_out():
    chain = [CALCULATED.format(f"c{n}", f"${{c{n + 1}}} + 1") for n in range(900)]
    asked = form(written(*chain, CALCULATED.format("c900", "1")))

    assert check_answers(asked, {}, TODAY).answers["c0"] == 901
