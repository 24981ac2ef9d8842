"""The builder's rules: conditions picked step by step, periods, counting once, inner questions."""

import re

import pytest
from drafting import PURPOSE, copied, following, frozen
from sending import post
from test_builder_pages import act, now_of

from forms.draft import Draft
from forms.editing.plain import questions


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


@pytest.fixture
def draft(world) -> Draft:
    return copied(world)


def test_choosing_a_question_shows_its_answers_and_keeps_nothing(world, organizer, draft):
    page = post(
        organizer, "/drafts/f22-2", act="pick", room="question", name="dien", revision="1",
        **{"question.0": "hinh_thuc", "question.1": "", "comparison.0": "is", "value.0": ""},
    )  # fmt: skip

    condition = page.text.split('id="condition"')[1].split("</section>")[0]
    values = re.search(r'<select name="value\.0".*?</select>', condition, re.DOTALL)
    assert page.status_code == 200
    assert "Chọn câu hỏi này" in condition
    assert re.findall(r'value="(\w+)"', values[0]) == [
        "truc_tuyen", "truc_tiep_tai_phien_cho", "ca_hai",
    ]  # fmt: skip
    assert now_of(world).revision == 1
    assert 'name="act" value="pick"' in organizer.get("/drafts/f22-2/sections/1").text


def test_a_condition_that_is_refused_keeps_what_was_chosen(world, organizer, draft):
    page = act(organizer, world, "condition", name="dien", room="question",
               question__0="hinh_thuc", comparison__0="is_not", value__0="")  # fmt: skip

    condition = page.text.split('id="condition"')[1].split("</section>")[0]
    assert page.status_code == 422
    assert '<option value="hinh_thuc" selected>' in condition
    assert '<option value="is_not" selected>' in condition


def test_a_first_version_without_a_unit_leads_to_choosing_units(world, organizer, draft):
    done = post(organizer, "/drafts/f22-2/publish", revision="1")
    one = post(organizer, "/drafts", title="Một đơn vị")
    act(organizer, world, "add", "mot-don-vi", kind="yes_no", section="0")
    act(organizer, world, "notice", "mot-don-vi", **PURPOSE)
    revision = now_of(world, "mot-don-vi").revision

    at_once = post(organizer, f"{one.location}/publish", unit="che", revision=revision)

    assert done.location == "/forms/f22-2/publish"
    assert at_once.location == f"/points/{world.store.points.all()[-1].code}"


def test_a_preview_leads_back_to_its_draft_but_not_within_the_frame(world, organizer, draft):
    alone = organizer.get("/drafts/f22-2/preview").text
    framed = organizer.get("/drafts/f22-2/preview", headers={"Sec-Fetch-Dest": "iframe"}).text

    assert 'href="/drafts/f22-2" target="_top">← Thoát xem thử' in alone
    assert "Thoát xem thử" not in framed
    assert 'href="/forms/f28" target="_top"' in organizer.get("/forms/f28/preview").text


def test_a_period_is_chosen_with_its_sentence_in_the_notice(world, organizer, draft):
    done = act(organizer, world, "kept", room="texts", days="90", after="submitted")
    page = organizer.get("/drafts/f22-2/texts").text
    wrong = act(organizer, world, "kept", room="texts", days="9999", after="submitted")

    assert done.status_code == 303
    assert now_of(world).plain["retention"] == {"after": "submitted", "days": 90}
    assert "Giữ 90 ngày kể từ ngày gửi, rồi xóa." in page
    assert "It is kept for 90 days from the day of sending; then it is deleted." in page
    assert "Hiện nay: 90 ngày kể từ ngày gửi." in page
    assert (wrong.status_code, 'value="9999"' in wrong.text) == (422, True)


def test_a_notice_that_says_another_period_keeps_the_form_back(world, organizer, draft):
    act(organizer, world, "notice", **{"text.4.vi": "Giữ 3 năm, rồi xóa."})

    page = organizer.get("/drafts/f22-2/publish").text
    refused = post(organizer, "/drafts/f22-2/publish", revision=now_of(world).revision)
    act(organizer, world, "kept", days="365", after="closing")

    assert 'href="/drafts/f22-2/texts#kept">Thông báo (Tiếng Việt) ghi “3 năm”' in page
    assert (refused.status_code, world.store.versions.all()) == (422, ())
    assert "ghi “3 năm”" not in organizer.get("/drafts/f22-2/publish").text


def test_what_counts_once_is_chosen_until_it_is_published(world, organizer, draft):
    act(organizer, world, "handling", room="texts", open="1", once="person:so_cccd")
    page = organizer.get("/drafts/f22-2/texts").text
    assert now_of(world).plain["open"] is True
    assert now_of(world).plain["once"] == {"per": "person", "question": "so_cccd"}
    assert 'value="person:so_cccd" selected>mỗi người, nhận ra qua “Số căn cước”' in page

    frozen(world, now_of(world))
    following(world, "f22-2")
    refused = act(organizer, world, "handling", room="texts", once="")
    kept = act(organizer, world, "handling", room="texts")

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert now_of(world).plain["once"] == {"per": "person", "question": "so_cccd"}
    assert "open" not in now_of(world).plain
    assert "Biểu mẫu đã phát hành nên giữ nguyên" in organizer.get("/drafts/f22-2/texts").text


def test_alarm_and_marks_are_shown_with_their_pages(world, organizer):
    post(organizer, "/drafts", copy="f28")

    page = organizer.get("/drafts/f28-2/texts").text

    assert "Sửa báo động" in page
    assert "Báo động “" in page


def test_inner_questions_are_added_moved_hidden_and_removed(world, organizer, draft):
    act(organizer, world, "add", kind="repeat", after="ho_ten", label__vi="Người nhà")
    inputs = {"name": "nguoi_nha", "room": "question"}
    page = "/drafts/f22-2/questions/nguoi_nha"

    act(organizer, world, "add_child", kind="phone", **inputs, **{"new.vi": "Số máy"})
    for _ in range(2):
        act(organizer, world, "move_child:up:so_may", **inputs)
    act(organizer, world, "remove_child:ngay_sinh", **inputs)
    shown = organizer.get(page).text
    frozen(world, now_of(world))
    following(world, "f22-2")
    kept = act(organizer, world, "remove_child:so_may", **inputs)
    act(organizer, world, "hide_child:so_may", **inputs)
    last = act(organizer, world, "hide_child:ho_ten", **inputs)

    (repeat,) = [q for q in questions(now_of(world).plain) if q["name"] == "nguoi_nha"]
    assert [(child["name"], child.get("hidden", False)) for child in repeat["questions"]] == [
        ("so_may", True), ("ho_ten", False),
    ]  # fmt: skip
    assert 'value="remove_child:so_may"' in shown
    assert 'value="remove_child:so_may"' not in organizer.get(page).text
    assert (kept.status_code, last.status_code) == (422, 422)
    assert "nguoi_nha.0.so_may" not in organizer.get("/drafts/f22-2/preview").text
    assert "nguoi_nha.0.ho_ten" in organizer.get("/drafts/f22-2/preview").text
