"""The one check of all answers: what is kept, what is wrong, what the reviewer is told."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers import CheckedAnswers, check_answers, sensitive_answers
from forms.definition import Definition
from forms.problems import REQUIRED
from forms.reading import build_definition, read_text

TODAY = date(2026, 11, 20)
VI = {"vi": "x"}
TEXTS = ("title", "summary", "promise", "next_steps", "closing")


def form(questions: str, flags: str = "[]") -> Definition:
    """A definition of these questions, one a line; a label goes without saying."""
    asked = read_text(questions)
    plain = dict.fromkeys(TEXTS, VI) | {"id": "f99", "notice": {"summary": VI}}
    plain["sections"] = [{"questions": [{"label": VI} | question for question in asked]}]
    return build_definition(plain | {"flags": read_text(flags)})


def choices(*names: str) -> str:
    """Choices for a question of the form: names, some with a mark such as `khac:other`."""
    pairs = [name.partition(":")[::2] for name in names]
    marks = [f", {mark}: true" if mark else "" for _, mark in pairs]
    plain = [
        f"{{name: {name}, label: {{vi: x}}{mark}}}"
        for (name, _), mark in zip(pairs, marks, strict=True)
    ]
    return f"[{', '.join(plain)}]"


def check(
    definition: Definition, inputs: Mapping[str, object], *, keep_broken: bool = False
) -> CheckedAnswers:
    lists = {name: [text] if isinstance(text, str) else text for name, text in inputs.items()}
    return check_answers(definition, lists, TODAY, keep_broken=keep_broken)


CHAIN = form(f"""
- {{type: select_one, name: a, choices: {choices("co", "khong")}}}
- {{type: text, name: b, relevant: "${{a}} = 'co'", required: true}}
- {{type: text, name: c, relevant: "${{b}} != ''", required: true}}
- {{type: note, name: n}}
- {{type: integer, name: d}}
""")
PERSON = form(
    f"""
- {{type: text, name: ho_ten, appearance: name, required: true}}
- {{type: select_one, name: gioi_tinh, choices: {choices("nam", "nu")}}}
- {{type: date, name: ngay_sinh, year_only: true}}
- {{type: citizen_id, name: so, birth_date: ngay_sinh, sex: gioi_tinh, passport: true}}
- {{type: phone, name: dien_thoai}}
- {{type: select_multiple, name: mon, choices: {choices("com", "canh", "khac:other")}}}
""",
    """
- {when: "${gioi_tinh} = 'nu'", code: women}
- {when: "selected(${mon}, 'com')", code: rice}
""",
)
SENSITIVE = form(f"""
- {{type: select_one, name: ton_giao, sensitive: true, choices:
    {choices("phat", "khac:other", "khong_khai:declines")}}}
- {{type: select_multiple, name: benh, sensitive: true, choices:
    {choices("tim", "khong_khai:declines")}}}
- {{type: multiline, name: mo_ta, sensitive: true}}
- {{type: consent, name: dy, required: true}}
- {{type: consent, name: dy_nhay_cam, purpose: sensitive}}
""")


# What is kept --------------------------------------------------------------------------


def test_answers_are_kept_by_name_in_the_order_of_the_form():
    checked = check(CHAIN, {"d": "3", "c": " ba ", "b": "hai", "a": "co", "x": "1", "n": "?"})

    assert list(checked.answers.items()) == [("a", "co"), ("b", "hai"), ("c", "ba"), ("d", 3)]
    assert (checked.problems, checked.flags) == ({}, ())


def test_a_hidden_question_keeps_and_requires_nothing_and_hides_what_hangs_on_it():
    hidden = check(CHAIN, {"a": "khong", "b": "hai", "c": "ba"})

    assert hidden == CheckedAnswers({"a": "khong"})
    assert check(CHAIN, {"b": "hai", "c": "ba"}) == CheckedAnswers()


def test_a_question_that_shows_is_required_only_then():
    assert check(CHAIN, {"a": "co"}).problems == {"b": REQUIRED}
    assert check(CHAIN, {"a": "co", "b": "hai"}).problems == {"c": REQUIRED}
    assert check(CHAIN, {"a": "co", "b": "", "c": "ba"}).problems == {"b": REQUIRED}


def test_a_wrong_answer_is_not_kept_and_the_others_are():
    checked = check(CHAIN, {"a": "co", "b": "\x00", "d": "ba"})

    assert checked.answers == {"a": "co"}
    assert list(checked.problems) == ["b", "d"]


def test_other_is_asked_what_and_only_when_it_is_chosen():
    chosen = check(PERSON, {"ho_ten": "Lò A", "mon": ["khac", "com"], "mon_other": "măng"})
    left = check(PERSON, {"ho_ten": "Lò A", "mon": ["com"], "mon_other": "măng"})

    assert chosen.answers == {"ho_ten": "Lò A", "mon": ["com", "khac"], "mon_other": "măng"}
    assert left.answers == {"ho_ten": "Lò A", "mon": ["com"]}


# Consent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inputs", "asked"),
    [
        ({}, []),
        ({"ton_giao": "khong_khai"}, []),
        ({"benh": "khong_khai"}, []),
        ({"mo_ta": "  "}, []),
        ({"ton_giao": "phat"}, ["ton_giao"]),
        ({"benh": ["tim", "khong_khai"]}, ["benh"]),
        ({"mo_ta": "ốm"}, ["mo_ta"]),
        ({"ton_giao": "khac", "ton_giao_other": "Tin Lành"}, ["ton_giao", "ton_giao_other"]),
    ],
)
def test_the_sensitive_tick_is_needed_exactly_when_something_sensitive_is_said(inputs, asked):
    without = check(SENSITIVE, {"dy": "1", **inputs})
    ticked = check(SENSITIVE, {"dy": "1", "dy_nhay_cam": "1", **inputs})

    assert sensitive_answers(SENSITIVE, without.answers) == tuple(asked)
    assert list(without.problems) == ["dy_nhay_cam"] * bool(asked)
    assert ticked.problems == {}
    assert ticked.answers["dy_nhay_cam"] == 1


def test_each_missing_tick_says_what_it_is_for():
    problems = check(SENSITIVE, {"mo_ta": "ốm"}).problems

    assert "without it we may not keep this" in problems["dy"].message
    assert "You answered a question marked sensitive" in problems["dy_nhay_cam"].message


# What the reviewer is told -------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "born", "sex", "flags"),
    [
        ("012092001234", "5/9/1992", "nam", []),
        ("012192001234", "5/9/1992", "nu", ["women"]),
        ("012204001234", "5/9/2004", "nam", []),
        ("012304001234", "2004", "nu", ["ngay_sinh:year_only", "women"]),
        ("012092001234", "5/9/1993", "nam", ["so:birth_year"]),
        ("012092001234", "1993", "nam", ["ngay_sinh:year_only", "so:birth_year"]),
        ("012004001234", "5/9/2004", "nam", ["so:age", "so:birth_year"]),
        ("012192001234", "5/9/1992", "nam", ["so:sex"]),
        ("012304001234", "5/9/1992", "nam", ["so:birth_year", "so:sex"]),
        ("003092001234", "5/9/1992", "nu", ["so:province", "so:sex", "women"]),
        ("012192001234", "", "", []),
        ("012345678", "5/9/1992", "nu", ["so:old_id", "women"]),
        ("C1234567", "5/9/1992", "nam", []),
    ],
)
def test_an_id_number_is_compared_with_the_birth_year_and_the_sex(number, born, sex, flags):
    inputs = {"ho_ten": "Lò A", "so": number, "ngay_sinh": born, "gioi_tinh": sex}

    checked = check(PERSON, inputs)

    assert checked.problems == {}
    assert list(checked.flags) == flags


def test_flags_name_the_question_and_come_before_those_of_the_form():
    inputs = {"ho_ten": "LÒ A", "dien_thoai": "0213 3878436", "mon": ["com"], "gioi_tinh": "nu"}

    checked = check(PERSON, inputs)

    assert checked.flags == ("ho_ten:capitals", "dien_thoai:landline", "women", "rice")


# The sender is gone --------------------------------------------------------------------


def test_a_late_answer_that_breaks_a_rule_is_kept_as_it_came_and_flagged():
    inputs = {
        "ngay_sinh.day": "31",
        "ngay_sinh.month": "2",
        "ngay_sinh.year": "1992",
        "dien_thoai": ["0912 345 678", "0987654321"],
        "so": "12\x00 34\ud800 ",
        "gioi_tinh": "khac",
    }

    checked = check(PERSON, inputs, keep_broken=True)

    assert checked.problems == {}
    assert checked.answers == {
        "gioi_tinh": "khac",
        "ngay_sinh": "31/2/1992",
        "so": "12\ufffd 34\ufffd",
        "dien_thoai": "0912 345 678; 0987654321",
    }
    assert checked.flags == tuple(
        f"{name}:broke_rule" for name in ("ho_ten", "gioi_tinh", "ngay_sinh", "so", "dien_thoai")
    )


def test_a_late_answer_is_never_longer_than_a_text_may_be():
    checked = check(CHAIN, {"d": "9" * 30_000}, keep_broken=True)

    assert checked.answers == {"d": "9" * 20_000}


@pytest.mark.parametrize("born", ["²²²²", "năm 92", "12/1992", "①②③④"])
def test_a_broken_birth_date_is_not_compared(born):
    inputs = {"ho_ten": "Lò A", "so": "012092001234", "ngay_sinh": born}

    assert check(PERSON, inputs, keep_broken=True).flags == ("ngay_sinh:broke_rule",)


def test_a_good_answer_is_judged_alike_when_the_sender_is_gone():
    good = {"ho_ten": "LÒ A", "so": "012092001234", "ngay_sinh": "1993", "mon": "com"}

    assert check(PERSON, good, keep_broken=True) == check(PERSON, good)


def test_a_refused_tick_is_kept_as_no_tick():
    checked = check(SENSITIVE, {"dy": "no", "mo_ta": "ốm"}, keep_broken=True)

    assert checked.answers == {"mo_ta": "ốm", "dy": "no"}
    assert checked.flags == ("dy:broke_rule", "dy_nhay_cam:broke_rule")
    assert SENSITIVE.by_name["dy"].show("no", "vi") == "no"


SENT = ["", "1", "co", "com", "khac", "nu", "phat", "tim", "khong_khai", "5/9/1992", "\x00", "²²²²"]
SENT += ["012092001234", "Lò A", "0162 345 6789", "\ud800", "1992", "31"]
asked = [*CHAIN.by_name, *PERSON.by_name, *SENSITIVE.by_name, "ngay_sinh.day", "ngay_sinh.year"]


@settings(deadline=None)
@given(
    definition=st.sampled_from([CHAIN, PERSON, SENSITIVE]),
    inputs=st.dictionaries(
        st.sampled_from([*asked, "x", "ngay_sinh.month", "_lang"]),
        st.lists(st.sampled_from(SENT) | st.text(st.characters(), max_size=8), max_size=3),
        max_size=12,
    ),
)
def test_whatever_is_sent_each_question_has_one_answer_or_one_problem(definition, inputs):
    checked = check(definition, inputs)
    late = check(definition, inputs, keep_broken=True)

    order = list(definition.by_name)
    assert not checked.answers.keys() & checked.problems.keys()
    assert checked.answers.keys() | checked.problems.keys() <= definition.by_name.keys()
    assert sorted(checked.answers, key=order.index) == list(checked.answers)
    assert late.problems == {}
    assert checked.answers.items() <= late.answers.items() or checked.problems
    assert all(flag.split(":")[0] in [*order, "women", "rice"] for flag in late.flags)
    if sensitive_answers(definition, checked.answers) and not checked.problems:
        assert checked.answers["dy_nhay_cam"] == 1
