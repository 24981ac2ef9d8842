"""Marks for reviewers and the alarm, made and changed in the builder."""

import re

import pytest
from drafting import copied
from test_builder_pages import act, now_of
from test_editing import done, question, refused

from forms.editing.fresh import empty_form
from forms.editing.plain import as_plain
from forms.gallery import gallery
from forms.preflight import preflight
from forms.reading import build_definition

WHEN = {"question__0": "hinh_thuc", "comparison__0": "is", "value__0": "ca_hai"}
ALARM = {
    "heading__vi": "Anh/chị đi khám ngay.", "heading__en": "See a doctor.",
    "text__vi": "Gọi 115.", "text__en": "Call 115.",
    "staff_heading__vi": "Có người ốm", "staff_heading__en": "Somebody is ill",
}  # fmt: skip


def marks(plain):
    return {mark["code"]: mark for mark in plain.get("flags", ())}


def f22():
    return as_plain(gallery()["f22"])


def test_a_mark_gets_a_code_of_its_own_and_its_condition():
    once = done("mark", f22(), label__vi="Cần gọi lại", label__en="Call back", **WHEN)
    twice = done("mark", once, label__vi="Cần gọi lại!", **WHEN)
    numbered = done("mark", twice, label__vi="115", **WHEN)

    added = [code for code in marks(numbered) if code not in marks(f22())]
    assert added == ["can_goi_lai", "can_goi_lai_2", "dau_115"]
    mark = marks(once)["can_goi_lai"]
    assert mark["when"] == "${hinh_thuc} = 'ca_hai'"
    assert build_definition(numbered).flags[-1].label.into("vi") == "115"


def test_a_mark_is_changed_and_removed():
    plain = done("mark", f22(), label__vi="Cần gọi lại", **WHEN)

    changed = done(
        "mark", plain, mark="can_goi_lai", by="expression", expression="${hinh_thuc} != ''"
    )
    removed = done("remove_mark", changed, mark="can_goi_lai")

    assert marks(changed)["can_goi_lai"]["label"] == {"vi": "Cần gọi lại"}
    assert marks(changed)["can_goi_lai"]["when"] == "${hinh_thuc} != ''"
    assert removed.get("flags", []) == f22().get("flags", [])


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"label__vi": "Gọi lại"}, "question"),
        ({"label__en": "Call back", **WHEN}, "label.vi"),
        ({"label__vi": "Gọi lại", "by": "expression", "expression": "${a} ="}, "expression"),
        ({"mark": "khong_co", "label__vi": "x", **WHEN}, ""),
    ],
)
def test_a_mark_that_is_not_whole_is_refused(inputs, field):
    assert refused("mark", f22(), **inputs).field == field


def test_no_more_marks_than_a_reviewer_can_read():
    plain = f22()
    while len(marks(plain)) < 20:
        plain = done("mark", plain, label__vi="Gọi lại", **WHEN)

    assert "full" in refused("mark", plain, label__vi="Gọi lại", **WHEN).message


def test_an_alarm_is_made_changed_and_taken_away():
    plain = done("alarm", f22(), tells="hinh_thuc", **ALARM, **WHEN)
    changed = done("alarm", plain, heading__vi="Gọi ngay", **WHEN)
    removed = done("remove_alarm", changed)

    alarm = build_definition(changed).alarm
    assert alarm.tells == "hinh_thuc"
    assert alarm.heading.into("vi") == "Gọi ngay"
    assert alarm.staff_heading.into("en") == "Somebody is ill"
    assert "alarm" not in removed


def test_an_alarm_that_is_not_whole_is_refused():
    whole = ALARM | WHEN

    assert refused("alarm", f22(), **ALARM).field == "question"
    assert refused("alarm", f22(), **whole | {"text__vi": ""}).field == "text.vi"
    assert refused("alarm", f22(), **whole, tells="khong_co").field == "tells"
    assert refused("alarm", f22(), **whole, tells="ho_ten").field == "tells"


def test_what_is_wrong_with_a_mark_or_the_alarm_leads_to_them():
    plain = done("alarm", f22(), **{k: v for k, v in ALARM.items() if k != "text__en"}, **WHEN)
    untranslated = [f for f in preflight(plain) if f.place.room == "marks"]
    question(plain, "hinh_thuc")["hidden"] = True
    hidden = [f for f in preflight(plain) if f.place.room == "marks" and f.severity == "error"]

    assert [f.values["language"] for f in untranslated] == ["en"]
    assert hidden[0].values["question"].into("vi") == "Anh/chị đi khám ngay."


def test_a_form_without_questions_has_nothing_to_mark():
    assert refused("mark", empty_form("Khảo sát"), label__vi="x", **WHEN).field == "question"


def test_the_board_links_a_wrong_alarm_to_its_place(world):
    copied(world)
    organizer = world.signed_in("lap-phieu")
    act(organizer, world, "alarm", room="alarm", **ALARM, **WHEN)

    act(organizer, world, "hide", name="hinh_thuc")

    page = organizer.get("/drafts/f22-2").text
    assert 'href="/drafts/f22-2/texts#marks"' in page
    assert "mà “Anh/chị đi khám ngay.” lại dựa vào câu đó" in page


def test_an_organizer_makes_a_mark_and_an_alarm_without_scripts(world):
    copied(world)
    organizer = world.signed_in("lap-phieu")
    page = organizer.get("/drafts/f22-2/texts").text
    assert 'href="/drafts/f22-2/mark"' in page
    typed = {"label.vi": "Cần gọi lại", "label.en": "Call back", "question.0": "hinh_thuc"}
    room = {"room": "mark", "mark": ""}

    picked = act(organizer, world, "pick", **room, **typed)
    wrong = act(organizer, world, "mark", **room, **typed, **{"comparison.0": "is", "value.0": ""})
    right = act(
        organizer, world, "mark", **room, **typed, **{"comparison.0": "is", "value.0": "ca_hai"}
    )
    act(organizer, world, "alarm", room="alarm", **ALARM, **WHEN)
    page = organizer.get("/drafts/f22-2/texts").text

    assert 'value="Cần gọi lại"' in picked.text
    assert '<option value="ca_hai"' in picked.text
    assert wrong.status_code == 422
    assert 'value="Cần gọi lại"' in wrong.text
    assert right.location.endswith("/drafts/f22-2/texts#marks")
    assert "khi “Anh/chị muốn tham gia” là “Cả hai”" in page
    assert "Báo động “Anh/chị đi khám ngay.”" in page
    for href in re.findall(r'href="(/drafts/f22-2/(?:mark|alarm)[^"]*)"', page):
        assert organizer.get(href).status_code == 200
    removed = act(organizer, world, "remove_mark", room="texts", mark="can_goi_lai")
    assert removed.status_code == 303
    assert "can_goi_lai" not in marks(now_of(world).plain)
    assert organizer.get("/drafts/f22-2/mark?code=can_goi_lai").status_code == 404
