"""The page's fields: they keep what was typed, show problems, and check like every other way."""

import re
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.answers import check_answers
from forms.definition import Definition
from forms.entry import EntryForm
from forms.entry_fields import AnswerField, Entry
from forms.gallery import gallery
from forms.reading import build_definition, read_text

TODAY = date(2026, 11, 20)
VI = {"vi": "x"}
TEXTS = ("title", "summary", "promise", "next_steps", "closing")
QUESTIONS = """
- {type: select_one, name: data, label: {vi: Ca nào, en: Which shift}, required: true, choices: [
    {name: dem, label: {vi: Đêm, en: Night}}, {name: khac, label: {vi: Khác}, other: true}]}
- {type: select_multiple, name: errors, label: {vi: Món}, hint: {vi: Chọn hết.}, choices: [
    {name: com, label: {vi: Cơm}}, {name: canh, label: {vi: Canh}}]}
- {type: text, name: validate, label: {vi: Tên}, appearance: name, hint: {vi: Như căn cước.}}
- {type: phone, name: process, label: {vi: Điện thoại}}
- {type: date, name: meta, label: {vi: Ngày sinh}, year_only: true}
- {type: money, name: populate_obj, label: {vi: Tiền}, relevant: "selected(${errors}, 'com')"}
- {type: citizen_id, name: filters, label: {vi: Căn cước}, passport: true}
- {type: integer, name: Form, label: {vi: Số}, relevant: "not(${data} = 'dem')"}
- {type: rating, name: prefix, label: {vi: Chung}, relevant: "${data} = 'dem'"}
- {type: note, name: csrf, label: {vi: Xin đọc}}
- {type: multiline, name: ke, label: {vi: Kể}, sensitive: true}
- {type: list, name: xa, label: {vi: Xã}, choices: [{name: x1, label: {vi: Than Uyên}}]}
- {type: month, name: thang, label: {vi: Tháng}}
- {type: consent, name: dy, label: {vi: Tôi đồng ý}, purpose: sensitive}
- {type: consent, name: cong_bo, label: {vi: Công bố}, purpose: publish}
"""


def english(message: str, values: Mapping[str, object]) -> str:
    return message % values


@pytest.fixture(scope="module")
def definition() -> Definition:
    plain = dict.fromkeys(TEXTS, VI) | {"id": "f99", "notice": {"summary": VI}}
    return build_definition(plain | {"sections": [{"questions": read_text(QUESTIONS)}]})


def entry_form(definition: Definition, language: str = "vi") -> EntryForm:
    return EntryForm(definition, Entry(language, english))


def sent(definition: Definition, **inputs: str | list[str]) -> EntryForm:
    form = entry_form(definition)
    form.check(
        {name: [text] if isinstance(text, str) else text for name, text in inputs.items()}, TODAY
    )
    return form


def test_questions_may_have_the_names_of_what_wtforms_has_itself(definition):
    form = sent(definition, data="dem", errors=["canh", "com"], validate="Lò A", process="12")

    names = ["data", "errors", "validate", "process", "meta", "populate_obj", "filters", "csrf"]
    assert all(isinstance(form[name], AnswerField) and form[name].name == name for name in names)
    assert [form[name].id for name in names] == names
    assert form["data"].value == "dem"
    assert form["validate"].value == "Lò A"
    assert form["process"].error


def test_an_empty_page_shows_nothing_chosen_and_nothing_wrong(definition):
    form = entry_form(definition)

    for field in form:
        assert (field.value, field.error, list(field.errors)) == ("", "", [])
        assert not any(row.checked for row in field.choices)
        assert not any(field.parts.values())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("validate", "  giàng\u200b a  páo 2 "),
        ("validate", "\x00"),
        ("process", " 0912,345"),
        ("populate_obj", "năm  trăm <b>"),
        ("filters", "12 34"),
        ("prefix", "6"),
        ("meta", "12/25/1992 "),
        ("thang", "tháng chín"),
    ],
)
def test_what_was_typed_is_kept_exactly_when_it_is_wrong(definition, name, typed):
    field = sent(definition, data="dem", errors="com", **{name: typed})[name]

    assert field.error
    assert field.value == typed
    assert [*field.parts.values()][:1] in ([], [typed])


def test_what_was_typed_is_kept_when_another_answer_is_wrong(definition):
    form = sent(definition, validate="  GIÀNG  A PÁO", process="", ke="a\r\nb ", errors=["canh"])

    assert form["data"].error == "Please answer this question."
    assert (form["validate"].value, form["ke"].value) == ("  GIÀNG  A PÁO", "a\r\nb ")
    assert [row.checked for row in form["errors"].choices] == [False, True]


def test_a_changed_prefix_is_offered_in_the_field(definition):
    field = sent(definition, process="0162 345 6789")["process"]

    assert field.value == "0323456789"
    assert "the number is now 0323 456 789" in field.error


def test_the_boxes_of_a_date_keep_what_was_typed_in_each(definition):
    boxes = {"meta.day": "31", "meta.month": " 2", "meta.year": "1992"}

    field = sent(definition, **boxes)["meta"]

    assert field.parts == {"day": "31", "month": " 2", "year": "1992"}
    assert "no such day" in field.error
    assert field.year_only_allowed


def test_a_whole_date_is_shown_in_the_first_box(definition):
    form = sent(definition, meta="5/9/1992", thang="9/2026")

    assert form["meta"].parts == {"day": "5/9/1992", "month": "", "year": ""}
    assert form["thang"].parts == {"month": "9/2026", "year": ""}


def test_rows_carry_what_the_page_draws(definition):
    form = sent(definition, data="khac", prefix="4", xa="x1")

    assert [(row.value, row.label, row.checked, row.id) for row in form["data"].choices] == [
        ("dem", "Đêm", False, "data"),
        ("khac", "Khác", True, "data-1"),
    ]
    assert [row.checked for row in form["prefix"].choices] == [False, False, False, True, False]
    assert form["prefix"].choices[4].label == "Rất hài lòng"
    assert form["prefix"].words == ["Rất không hài lòng", "Bình thường", "Rất hài lòng"]
    assert form["xa"].choices[0].checked


def test_texts_come_in_the_language_of_the_page_or_else_in_vietnamese(definition):
    form = entry_form(definition, "en")

    assert form["data"].label == "Which shift"
    assert [row.label for row in form["data"].choices] == ["Night", "Khác"]
    assert form["validate"].hint == "Như căn cước."
    assert form["prefix"].when_text == "Only if you chose “Night” above."


def test_a_field_is_described_by_exactly_what_stands_beside_it(definition):
    fresh, wrong = entry_form(definition), sent(definition, data="dem", errors="x", validate="Páo")

    assert fresh["data"].describedby == ""
    assert fresh["validate"].describedby == "validate-hint"
    assert wrong["validate"].describedby == "validate-hint validate-error"
    assert wrong["errors"].describedby == "errors-hint errors-error"
    assert fresh["populate_obj"].describedby == "populate_obj-when"
    assert sent(definition, errors="com", populate_obj="?")["populate_obj"].describedby == (
        "populate_obj-when populate_obj-error"
    )


def test_optional_is_said_of_what_may_be_left_whatever_else_is_answered(definition):
    form = entry_form(definition)

    assert [field.name for field in form if not field.optional] == ["data", "csrf", "dy"]
    assert [field.name for field in form if field.sensitive] == ["ke"]


def test_a_simple_condition_is_told_and_other_ones_are_left_to_the_script(definition):
    form = entry_form(definition)

    assert form["prefix"].when == {"name": "data", "value": "dem"}
    assert form["prefix"].when_text == "Only if you chose “Đêm” above."
    assert form["populate_obj"].when == {"name": "errors", "value": "com"}
    assert (form["Form"].when, form["Form"].when_text) == (None, "")
    assert (form["data"].when, form["data"].when_text) == (None, "")


def test_other_hangs_on_its_question(definition):
    form = entry_form(definition)

    assert form["data"].other is form["data_other"]
    assert form["data_other"].when == {"name": "data", "value": "khac"}
    assert form["errors"].other is None


def test_keyboards_fit_what_is_asked(definition):
    form = entry_form(definition)

    assert (form["process"].input_type, form["process"].inputmode) == ("tel", "tel")
    assert (form["process"].autocomplete, form["filters"].autocomplete) == ("tel", "off")
    assert (form["Form"].inputmode, form["filters"].inputmode) == ("numeric", "")
    assert (form["populate_obj"].inputmode, form["populate_obj"].suffix) == ("", "đ")
    assert (form["validate"].spellcheck, form["ke"].spellcheck) == (False, True)


def test_a_posted_form_of_werkzeug_is_taken_like_plain_lists(definition):
    posted = MultiDict([("errors", "com"), ("errors", "canh"), ("validate", "Lò A")])
    form = entry_form(definition)

    for field in form:
        field.process(posted)

    assert form["errors"].raw.values == ("com", "canh")
    assert form["validate"].value == "Lò A"


SENT = ["", "1", "dem", "khac", "com", "0162 345 6789", "0912345678", "5/9/1992", "1992", "Lò A"]
SENT += ["1,5 triệu", "9/2026", "x1", "\x00", "\ud800", "012092001234", "  ", "31"]
answers = st.lists(st.sampled_from(SENT) | st.text(st.characters(), max_size=6), max_size=2)


@settings(deadline=None)
@given(data=st.data())
def test_a_page_checks_like_every_other_way_in(definition, data):
    definition = data.draw(st.sampled_from([definition, *gallery().values()]))
    boxes = [f"{q.name}.{part}" for q in definition.questions for part in q.part_names]
    names = st.sampled_from([*definition.by_name, *boxes, "x", "_lang"])
    inputs = data.draw(st.dictionaries(names, answers, max_size=20))
    form = entry_form(definition)

    checked = form.check(inputs, TODAY)

    assert checked == check_answers(definition, inputs, TODAY)
    assert {field.name for field in form if field.error} == checked.problems.keys()
    for name, problem in checked.problems.items():
        assert form[name].error == problem.message % problem.values
        assert form[name].value == (problem.suggestion or "".join(inputs.get(name, [""])[:1]))
        assert re.search(rf"\b{re.escape(name)}-error$", form[name].describedby)
