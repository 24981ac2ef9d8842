"""A hidden question or choice: no longer asked anywhere, and still there for what was answered."""

import pytest
from kinds import made
from test_blank_forms import paper, squeezed, words

from export.table import Style, merged_questions
from forms.answers import check_answers
from forms.page_logic import page_logic
from forms.reading import DefinitionError
from forms.types.choices import SelectOne
from forms.visibility import as_seen, visible_stops
from services.clock import now

TODAY = now().date()
HIDDEN = """
- {type: text, name: cu, label: {vi: Câu cũ, en: Old}, required: true, hidden: true}
- {type: image, name: anh, label: {vi: Ảnh cũ, en: Old photo}, hidden: true}
"""
ASKED = """
- type: select_one
  name: ca
  label: {vi: Ca nào, en: Which shift}
  choices:
    - {name: sang, label: {vi: Ca sáng, en: Morning}}
    - {name: khac, label: {vi: Khác hẳn, en: Other}, other: true, hidden: true}
"""
CONSENT = """
- {type: consent, name: dy, label: {vi: Đồng ý, en: I agree}, purpose: sensitive}
"""
SENSITIVE = """
- {type: text, name: benh, label: {vi: Bệnh, en: Illness}, sensitive: true, hidden: true}
- {type: text, name: ten, label: {vi: Tên, en: Name}}
"""


def check(definition, **answers):
    return check_answers(definition, {name: [text] for name, text in answers.items()}, TODAY)


def test_it_takes_no_answer_and_demands_none():
    checked = check(made(HIDDEN, ASKED), cu="x", ca="sang")

    assert (checked.answers, checked.problems) == ({"ca": "sang"}, {})


def test_a_hidden_choice_cannot_be_made_and_its_companion_is_not_asked():
    definition = made(ASKED)

    assert "ca" in check(definition, ca="khac").problems
    assert definition.by_name["ca_other"].hidden
    assert check(definition, ca="sang", ca_other="x").answers == {"ca": "sang"}


def test_expressions_find_no_answer_there():
    assert as_seen(made(HIDDEN, ASKED), {"cu": "x", "ca": "sang"}, TODAY) == {"ca": "sang"}


def test_a_section_of_hidden_questions_is_no_stop_and_no_heading():
    for steps in (False, True, "question"):
        definition = made(HIDDEN, ASKED, steps=steps)

        assert [stop.section for stop in definition.stops] == [1]
        assert visible_stops(definition, {}, TODAY) == (0,)


def test_scripts_come_for_what_is_asked_only_and_files_may_still_arrive():
    definition = made(HIDDEN, ASKED)

    assert "photo.js" not in definition.scripts
    assert definition.most_file_bytes > 0
    assert not definition.has_logic


def test_the_paper_leaves_it_out():
    text = words(paper(made(HIDDEN, ASKED)))

    assert squeezed("Ca sáng") in text
    for gone in ("Câu cũ", "Khác hẳn", "Mục 1"):
        assert squeezed(gone) not in text


def test_the_column_stays_in_its_place():
    before = made(HIDDEN.replace(", hidden: true", ""), ASKED.replace(", hidden: true", ""))
    after = made(HIDDEN, ASKED)

    names = [question.name for question in merged_questions([before, after])]
    (choice,) = [q for q in merged_questions([before, after]) if isinstance(q, SelectOne)]

    assert names == ["cu", "anh", "ca", "ca_other"]
    assert choice.cells("khac", labels="vi") == ("Khác hẳn",)
    assert Style().split is False


def test_a_consent_for_hidden_questions_only_is_never_demanded():
    definition = made(SENSITIVE, CONSENT, steps=True)
    translate = type("Entry", (), {"problem": lambda self, problem: problem.message})()

    assert check(definition, ten="Lò").problems == {}
    assert made(SENSITIVE).sealed_names == {"benh"}
    logic = page_logic(made(SENSITIVE, CONSENT, "[{type: text, name: z, label: {vi: Z},"
                            " relevant: \"${ten} != ''\"}]"), translate)  # fmt: skip
    assert [rule["name"] for rule in logic["questions"]] == ["ten", "dy", "z"]


@pytest.mark.parametrize(
    "text",
    [
        HIDDEN,
        ASKED.replace("en: Morning}", "en: Morning}, hidden: true"),
        "[{type: repeat, name: r, label: {vi: R}, questions: "
        "[{type: text, name: t, label: {vi: T}, hidden: true}]}]",
    ],
)
def test_something_must_remain_to_be_asked(text):
    with pytest.raises(DefinitionError):
        made(text)


def test_what_counts_once_cannot_be_hidden():
    once = {"per": "person", "question": "so"}
    number = "{type: phone, name: so, label: {vi: Số}, required: true%s}"
    number = f"[{number}, {{type: text, name: t, label: {{vi: T}}}}]"
    assert made(number % "", once=once)

    with pytest.raises(DefinitionError):
        made(number % ", hidden: true", once=once)
