"""What a form says of its responses: their states, what counts once, and shared texts by name."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from kinds import made

from forms.gallery import expand, gallery
from forms.reading import DefinitionError, build_definition

QUESTIONS = """
- {type: citizen_id, name: so_cccd, label: {vi: Số căn cước}, required: true}
- {type: phone, name: dien_thoai, label: {vi: Số điện thoại}}
- {type: month, name: ky, label: {vi: Kỳ báo cáo}, required: true}
"""
NEW = {"name": "moi_nop", "label": {"vi": "Mới nộp"}, "kind": "new"}
WORKING = {"name": "dang_xet", "label": {"vi": "Đang xét"}, "kind": "working"}
DONE = {"name": "duyet", "label": {"vi": "Duyệt"}, "kind": "accepted"}
SHARED: dict[str, Any] = {
    "workflows": {"short": [NEW, DONE]},
    "notices": {"plain": ["collected"]},
    "notice_texts": {"added": {"vi": "và giờ gửi", "en": "and the time"}},
    "notice_parts": {
        "collected": {
            "heading": {"vi": "Thu gì", "en": "What"},
            "text": {
                "vi": "{collected} {added}; {contact}",
                "en": "{collected} {added}; {contact}",
            },
        }
    },
}
NOTICE = {"standard": "plain", "summary": {"vi": "x"}, "collected": {"vi": "Tên", "en": "Name"}}


def mistake(plain: dict[str, Any]) -> str:
    with pytest.raises(DefinitionError) as caught:
        build_definition(expand(plain, SHARED))
    return str(caught.value)


def form(**settings: object) -> dict[str, Any]:
    return made(QUESTIONS).model_dump(mode="json", exclude_defaults=True) | settings


def notice(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(NOTICE)
    change(changed)
    return form(notice=changed)


def test_a_form_that_names_no_states_has_the_usual_five():
    states = made(QUESTIONS).workflow

    assert [state.name for state in states] == [
        "moi_nop", "dang_xet", "can_bo_sung", "duyet", "khong_duyet",
    ]  # fmt: skip
    assert [state.kind for state in states] == ["new", "working", "waiting", "accepted", "refused"]


def test_a_form_may_have_states_of_its_own_or_shared_ones():
    own = build_definition(expand(form(workflow=[NEW, WORKING, DONE]), SHARED))
    shared = build_definition(expand(form(workflow="short"), SHARED))

    assert [state.name for state in own.workflow] == ["moi_nop", "dang_xet", "duyet"]
    assert [state.name for state in shared.workflow] == ["moi_nop", "duyet"]


@pytest.mark.parametrize(
    ("workflow", "said"),
    [
        ("long", "workflow: long: is not known; known are short"),
        ([NEW, DONE, DONE], "workflow: states stand twice: duyet; rename one of each"),
        ([DONE, NEW], "exactly one state is of kind `new`, and it stands first"),
        ([NEW, NEW | {"name": "lai"}, DONE], "exactly one state is of kind `new`"),
        ([], "exactly one state is of kind `new`"),
        ([NEW, WORKING], "no state closes a case well; add one of kind `accepted`"),
        ([NEW, DONE | {"name": "Đã duyệt"}], "must look like ^[a-z]"),
        ([NEW, DONE | {"kind": "done"}], "workflow[1] (duyet).kind: write one of 'new', "),
    ],
)
def test_states_that_contradict_each_other_are_refused(workflow, said):
    assert said in mistake(form(workflow=workflow))


@pytest.mark.parametrize(
    "once",
    [
        {"per": "person", "question": "so_cccd"},
        {"per": "unit"},
        {"per": "unit_period", "question": "ky"},
    ],
)
def test_a_form_may_count_a_person_a_unit_or_a_month_once(once):
    definition = build_definition(form(once=once))

    assert definition.once.model_dump(exclude_none=True) == once


@pytest.mark.parametrize(
    ("once", "said"),
    [
        (
            {"per": "person"},
            "once: `question` must name a question of this form that asks for an ID",
        ),
        ({"per": "person", "question": "ky"}, "asks for an ID or phone number"),
        ({"per": "person", "question": "khac"}, "asks for an ID or phone number"),
        ({"per": "person", "question": "dien_thoai"}, "question dien_thoai may be left; make it"),
        (
            {"per": "unit_period"},
            "once: `question` must name a question of this form that asks for a ",
        ),
        ({"per": "unit_period", "question": "so_cccd"}, "asks for a month"),
        ({"per": "unit", "question": "ky"}, "a unit is told by the poster; remove `question`"),
        ({"per": "firm"}, "once.per: write one of 'person', 'unit' or 'unit_period'"),
    ],
)
def test_a_rule_that_cannot_be_told_from_the_answers_is_refused(once, said):
    assert said in mistake(form(once=once))


def test_a_standard_notice_is_filled_with_the_texts_of_the_form():
    definition = build_definition(expand(form(notice=NOTICE), SHARED))

    (part,) = definition.notice.parts
    assert part.text.root == {
        "vi": "Tên và giờ gửi; {contact}",
        "en": "Name and the time; {contact}",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda n: n.update(standard="full"), "notice.standard: is not known; known are plain"),
        (lambda n: n.pop("collected"), "notice.collected: is missing; add it"),
        (lambda n: n["collected"].pop("en"), "notice.collected.en: is missing; add it"),
        (lambda n: n.update(colected={"vi": "x"}), "notice.colected: fits no gap of the standard"),
        (lambda n: n.pop("summary"), "notice.summary: is missing; add it"),
    ],
)
def test_a_standard_notice_with_a_gap_left_open_is_refused(change, said):
    assert said in mistake(notice(change))


def test_how_responses_are_dealt_with_is_not_told_to_the_public(world):
    code = world.publish("f51")

    told = world.client().get(f"/q/{code}", headers={"Accept": "application/json"}).json

    assert gallery()["f51"].once
    assert not {"workflow", "once", "flags"} & told.keys()
