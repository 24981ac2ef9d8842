"""Choices that go with an earlier answer: checked, built, told before publishing, in a workbook."""

import pytest
from kinds import made
from test_answers import check
from test_editing import question, refused
from xlsforms import read

from forms.differences import differences
from forms.editing import Inputs, Kept, act
from forms.editing.filters import filter_lines
from forms.editing.plain import as_plain, question_of
from forms.preflight import preflight
from forms.reading import DefinitionError, build_definition

PLACES = """
- type: select_one
  name: tinh
  label: {vi: Tỉnh, en: Province}
  choices:
    - {name: lc, label: {vi: Lai Châu, en: Lai Châu}}
    - {name: db, label: {vi: Điện Biên, en: Điện Biên}}
- type: KIND
  name: xa
  label: {vi: Xã, en: Commune}
  filter: tinh
  choices:
    - {name: than_uyen, label: {vi: Than Uyên, en: Than Uyên}, fits: [lc]}
    - {name: muong_ang, label: {vi: Mường Ảng, en: Mường Ảng}, fits: [db]}
    - {name: khac, label: {vi: Xã khác, en: Another}, other: true}
"""


def places(kind="select_one", **settings):
    return made(PLACES.replace("KIND", kind), **settings)


def put(plain, fits, source="tinh"):
    return act(plain, Kept(), "filter", Inputs.of(name="xa", filter=source, fits=fits))


@pytest.mark.parametrize("kind", ["select_one", "list", "select_multiple"])
@pytest.mark.parametrize(
    ("tinh", "xa", "is_taken"),
    [
        ("lc", ["than_uyen"], True),
        ("lc", ["muong_ang"], False),
        ("db", ["muong_ang"], True),
        ("db", ["khac"], True),
        ("", ["khac"], True),
        ("", ["than_uyen"], False),
    ],
)
def test_a_choice_that_does_not_go_with_the_answer_is_refused_and_stays_on_the_page(
    kind, tinh, xa, is_taken
):
    given = {"tinh": tinh, "xa": xa, "xa_other": "Mường Kim"}

    asked = check(places(kind), given)
    checked = check(places(kind), given, keep_broken=True)

    assert ("xa" not in asked.problems) is is_taken
    assert (checked.flags == ()) is is_taken
    assert checked.answers["xa"] == (xa if kind == "select_multiple" else xa[0])


def test_one_of_several_that_does_not_fit_is_named():
    checked = check(places("select_multiple"), {"tinh": "lc", "xa": ["than_uyen", "muong_ang"]})

    problem = checked.problems["xa"]
    assert problem.values["choice"].into("vi") == "Mường Ảng"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("filter: tinh", "filter: tinhh", "filter reads tinhh"),
        ("filter: tinh", "filter: xa", "filter reads xa"),
        ("type: select_one\n  name: tinh", "type: select_multiple\n  name: tinh", "of one choice"),
        ("  filter: tinh\n", "", "name that in `filter`"),
        ("fits: [lc]", 'fits: ["l c"]', "fits"),
    ],
)
def test_a_filter_that_cannot_work_is_no_definition(old, new, said):
    with pytest.raises(DefinitionError, match=said):
        made(PLACES.replace("KIND", "list").replace(old, new, 1))


def test_pasted_columns_say_what_goes_with_what():
    plain = as_plain(places())

    after = put(plain, "Than Uyên\tLai Châu\nMường Ảng -> điện biên; Lai Châu\n\nXã khác")

    assert {c["name"]: c.get("fits") for c in question(after, "xa")["choices"]} == {
        "than_uyen": ["lc"],
        "muong_ang": ["db", "lc"],
        "khac": None,
    }
    assert build_definition(after)
    lines = filter_lines(after, question(after, "xa"))
    assert lines == "Than Uyên → Lai Châu\nMường Ảng → Điện Biên; Lai Châu\nXã khác"
    assert put(after, lines) == after


def test_words_with_arrows_and_choices_of_the_same_words_are_told_apart():
    plain = as_plain(places())
    first, second, third = question(plain, "xa")["choices"]
    first["label"] = {"vi": "Lai Châu → Hà Nội"}
    second["label"] = third["label"] = {"vi": "Đi; về"}
    question_of(plain, "tinh")["choices"][1]["label"] = {"vi": "Điện Biên; Sơn La"}

    lines = filter_lines(plain, question(plain, "xa"))
    after = put(plain, lines)

    assert lines.splitlines() == ["Lai Châu → Hà Nội → Lai Châu", "muong_ang → db", "khac"]
    assert after == plain
    assert put(plain, "Lai Châu → Hà Nội -> db; Lai Châu") != plain


def test_without_a_question_all_choices_are_shown_again():
    after = put(as_plain(places()), "gì cũng được", source="")

    assert "filter" not in question(after, "xa")
    assert build_definition(after).by_name["xa"].filter is None


@pytest.mark.parametrize(
    ("fits", "source", "field", "said"),
    [
        ("Than Uyen → Lai Châu", "tinh", "fits", "Than Uyen"),
        ("Than Uyên → Hà Nội", "tinh", "fits", "Hà Nội"),
        ("Than Uyên → Lai Châu", "xa", "filter", ""),
    ],
)
def test_words_that_are_no_choice_are_named_and_nothing_changes(fits, source, field, said):
    values = {"name": "xa", "filter": source, "fits": fits}

    error = refused("filter", as_plain(places()), **values)

    assert error.field == field
    assert said in error.values.get("label", "")


def test_a_new_list_keeps_what_its_choices_go_with():
    plain = as_plain(places())

    after = act(plain, Kept(), "paste_choices", Inputs.of(name="xa", list="Mường Ảng\nSìn Hồ"))

    assert [c.get("fits") for c in question(after, "xa")["choices"]] == [["db"], None]


def test_a_question_that_is_renamed_is_still_read():
    plain = act(as_plain(places()), Kept(), "edit", Inputs.of(name="tinh", label__vi="Tỉnh nào"))

    assert question(plain, "xa")["filter"] == "tinh_nao"


def test_before_publishing_it_tells_what_nobody_can_choose():
    plain = as_plain(places())
    question_of(plain, "xa")["choices"][0]["fits"] = ["ha_noi"]
    lost = [f.message for f in preflight(plain)]
    del question_of(plain, "xa")["choices"][2]
    stuck = [f.message for f in preflight(plain)]
    question_of(plain, "tinh")["hidden"] = True
    hidden = [f.message for f in preflight(plain) if f.severity == "error"]

    assert any("nobody sees it" in message for message in lost)
    assert not any("finds no choice" in message for message in lost)
    assert any("finds no choice" in message for message in stuck)
    assert any("is hidden, but" in message for message in hidden)


def test_versions_tell_that_it_is_offered_in_other_cases():
    before = places()
    after = put(as_plain(before), "Than Uyên → Điện Biên\nMường Ảng → Điện Biên\nXã khác")

    told = [d.message for d in differences(as_plain(before), after)]

    assert any("in other cases" in message for message in told)


def test_a_workbook_whose_values_are_no_names_is_taken_with_names_of_ours():
    imported = read(
        ("select_one tinh", "tinh", "Tỉnh", ""),
        ("select_one xa", "xa", "Xã", "tinh = ${tinh}"),
        columns=("type", "name", "label", "choice_filter"),
    )

    tinh, xa = imported.definition.sections[0].questions
    assert xa.choices[1].fits == (tinh.choices[1].name,)
