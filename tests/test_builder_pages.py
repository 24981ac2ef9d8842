"""The builder without scripts: every page and button, crafted posts, two organizers at once."""

import re

import pytest
from conftest import PASSWORD
from drafting import PURPOSE, copied, following, frozen, point_of
from sending import JSON, post
from test_trailing import trail

from federation.people import Grant, Role
from forms.draft import Draft
from forms.editing.kinds import KINDS
from forms.editing.plain import questions
from services.organization.people import add_person
from services.organization.units import tree_of


@pytest.fixture
def organizer(world):
    return world.signed_in("lap-phieu")


@pytest.fixture
def draft(world):
    return copied(world)


def now_of(world, definition="f22-2") -> Draft:
    return world.store.drafts.get(definition)


def act(client, world, what, definition="f22-2", **inputs):
    """Press a button of the page as it is now."""
    revision = now_of(world, definition).revision
    posted = {name.replace("__", "."): value for name, value in inputs.items()}
    return post(client, f"/drafts/{definition}", **{"act": what, "revision": revision} | posted)


def names(world, definition="f22-2"):
    return [question["name"] for question in questions(now_of(world, definition).plain)]


def test_an_empty_form_is_begun_with_a_title_and_grows_to_a_published_one(world, organizer):
    begun = post(organizer, "/drafts", title="Khảo sát nhà ở")
    assert begun.location == "/drafts/khao-sat-nha-o"
    assert "Thêm câu hỏi" in organizer.get(begun.location).text

    added = act(organizer, world, "add", "khao-sat-nha-o", kind="yes_no", section="0")
    assert added.location == "/drafts/khao-sat-nha-o/questions/cau_hoi_moi"
    named = act(organizer, world, "edit", "khao-sat-nha-o", name="cau_hoi_moi", room="question",
                settings="1", required="1", label__vi="Có phải thuê nhà không?")  # fmt: skip
    assert named.location == "/drafts/khao-sat-nha-o/questions/co_phai_thue_nha_khong"
    kept_back = organizer.get("/drafts/khao-sat-nha-o/publish").text
    assert 'href="/drafts/khao-sat-nha-o/texts#notice">[Ghi rõ: dùng vào việc gì.]' in kept_back
    assert "Phát hành phiên bản 1" not in kept_back
    act(organizer, world, "notice", "khao-sat-nha-o", room="texts", **PURPOSE)
    page = organizer.get("/drafts/khao-sat-nha-o/publish")
    done = post(organizer, "/drafts/khao-sat-nha-o/publish", unit="nam-na", place="Cổng",
                revision=now_of(world, "khao-sat-nha-o").revision)  # fmt: skip

    assert (page.status_code, done.status_code) == (200, 303)
    (point,) = world.store.points.all()
    assert "Có phải thuê nhà không?" in world.client().get(f"/q/{point.code}").text
    assert trail(world)[-1][1:] == (
        "form_published",
        {"form": "khao-sat-nha-o", "version": "1"},
    )


def test_a_form_that_asks_nothing_says_what_to_do_and_is_not_published(world, organizer):
    post(organizer, "/drafts", title="Trống")

    page = organizer.get("/drafts/trong")
    sent = post(organizer, "/drafts/trong/publish", revision="1")

    assert "Phần 1 chưa có câu hỏi nào" in page.text
    assert (sent.status_code, world.store.versions.all()) == (422, ())
    assert 'href="/drafts/trong/sections/0"' in sent.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_added_and_edited(world, organizer, draft, kind):
    picker = organizer.get("/drafts/f22-2/add?after=ho_ten").text

    added = act(organizer, world, "add", kind=kind, after="ho_ten")
    page = organizer.get(added.location)

    assert f'name="kind" value="{kind}"' in picker
    assert (added.status_code, page.status_code) == (303, 200)
    assert len(names(world)) == len(list(questions(draft.plain))) + 1


def test_a_card_says_kind_marks_choices_and_condition_in_words(world, organizer, draft):
    act(organizer, world, "hide", name="bo_phan")

    page = re.sub(r"\s+", " ", organizer.get("/drafts/f22-2").text)

    assert "hiện khi" in page
    assert "là “Trực tuyến”" in page.replace("“<", "“")
    assert "bắt buộc" in page
    assert "nhạy cảm" in page
    assert "đã ẩn" in page


def test_the_buttons_of_a_card_move_copy_hide_and_remove(world, organizer, draft):
    before = names(world)

    down = act(organizer, world, "move:down", name=before[0])
    assert names(world)[:2] == [before[1], before[0]]
    assert down.location == f"/drafts/f22-2?at={before[0]}#q-{before[0]}"
    act(organizer, world, "move:up", name=before[0])
    act(organizer, world, "duplicate", name=before[0])
    assert len(names(world)) == len(before) + 1
    act(organizer, world, "remove", name=names(world)[1])
    act(organizer, world, "hide", name=before[0])
    assert next(questions(now_of(world).plain))["hidden"] is True
    act(organizer, world, "show", name=before[0])

    assert now_of(world).plain == draft.plain


def test_undo_and_redo_are_buttons(world, organizer, draft):
    act(organizer, world, "hide", name="bo_phan")
    changed = now_of(world).plain

    page = organizer.get("/drafts/f22-2").text
    act(organizer, world, "undo")
    undone = now_of(world).plain
    act(organizer, world, "redo")

    assert "Hoàn tác (ẩn câu hỏi)" in page
    assert (undone, now_of(world).plain) == (draft.plain, changed)


def test_a_mistake_keeps_what_was_typed_and_says_what_is_wrong(world, organizer, draft):
    answer = act(organizer, world, "edit", name="ho_ten", room="question", settings="1",
                 label__vi=" ", hint__vi="Gợi ý <mới>", longest="5000")  # fmt: skip

    assert answer.status_code == 422
    assert "Gợi ý &lt;mới&gt;" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert now_of(world) == draft


def test_conditions_are_picked_and_shown_again(world, organizer, draft):
    first = {"question__0": "bo_phan", "comparison__0": "any", "join": "or"}
    second = {"question__1": "ho_ten", "comparison__1": "is", "value__1": "x"}
    act(organizer, world, "condition", name="so_cccd", room="question", **first, **second)

    page = organizer.get("/drafts/f22-2/questions/so_cccd").text

    (found,) = [q for q in questions(now_of(world).plain) if q["name"] == "so_cccd"]
    assert found["relevant"] == "${bo_phan} != '' or ${ho_ten} = 'x'"
    assert '<option value="bo_phan" selected>' in page
    assert '<option value="or" selected>' in page
    assert "${bo_phan} != &#39;&#39; or" in page


def test_an_expression_that_cannot_be_read_is_kept_and_listed(world, organizer, draft):
    act(organizer, world, "condition", name="so_cccd", room="question", by="expression",
        expression="${bo_phan} = ")  # fmt: skip

    page = organizer.get("/drafts/f22-2").text

    assert "chưa đọc được" in page
    assert 'href="/drafts/f22-2/questions/so_cccd#condition"' in page
    assert "expected a question" not in page


def test_texts_notice_and_languages_are_edited(world, organizer, draft):
    act(
        organizer, world, "texts", room="texts", title__vi="Chợ Tết năm nay", minutes="4", steps="1"
    )
    act(organizer, world, "notice", room="texts", summary__vi="Câu mới.")
    act(organizer, world, "add_language", room="texts", language="hmn")

    page = organizer.get("/drafts/f22-2/texts").text
    plain = now_of(world).plain

    assert (plain["title"]["vi"], plain["minutes"], plain["steps"]) == ("Chợ Tết năm nay", 4, True)
    assert plain["languages"] == ["vi", "en", "hmn"]
    assert 'name="title.hmn"' in page
    assert "chưa có" in page


def test_sections_are_added_renamed_moved_and_removed(world, organizer, draft):
    act(organizer, world, "add_section")
    count = len(now_of(world).plain["sections"])
    act(organizer, world, "section", section=str(count - 1), room="section", title__vi="Cuối phiếu")
    act(organizer, world, "move_section:up", section=str(count - 1))
    sections = now_of(world).plain["sections"]

    assert sections[-2]["title"]["vi"] == "Cuối phiếu"
    assert "Cuối phiếu" in organizer.get(f"/drafts/f22-2/sections/{count - 2}").text
    act(organizer, world, "remove_section", section=str(count - 2))
    assert now_of(world).plain == draft.plain


def test_the_second_of_two_organizers_reads_what_the_first_one_did(world, organizer, draft):
    admin = world.signed_in("quan-tri")
    act(admin, world, "edit", name="ho_ten", label__vi="Tên đầy đủ")

    late = post(organizer, "/drafts/f22-2", act="edit", revision="1", name="ho_ten",
                **{"label.vi": "Chữ của tôi <b>"})  # fmt: skip

    assert late.status_code == 409
    assert "Tên đầy đủ" in late.text
    assert "Quan-Tri" in late.text
    assert "Chữ của tôi &lt;b&gt;" in late.text
    assert next(questions(now_of(world).plain))["label"]["vi"] == "Tên đầy đủ"


def test_the_script_is_told_in_json(world, organizer, draft):
    def tell(**inputs):
        data = {"csrf_token": organizer.csrf, "act": "edit", "name": "ho_ten", **inputs}
        return organizer.post("/drafts/f22-2", data=data, headers=JSON)

    saved = tell(revision="1", **{"label.vi": "Họ tên"})
    late = tell(revision="1", **{"label.vi": "Khác"})
    wrong = tell(revision="2", **{"label.vi": ""})

    assert saved.json["revision"] == 2
    assert (late.status_code, wrong.status_code) == (409, 422)
    assert wrong.json["field"] == "label.vi"


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"act": "drop_table", "revision": "1"}, 400),
        ({"revision": "1"}, 400),
        ({"act": "__class__", "revision": "1"}, 400),
        ({"act": "hide", "name": "bo_phan"}, 409),
        ({"act": "hide", "name": "bo_phan", "revision": "-1"}, 409),
        ({"act": "hide", "name": "bo_phan", "revision": "999999999999999999999"}, 409),
        ({"act": "hide", "name": "bo_phan", "revision": "١"}, 409),
        ({"act": "hide", "name": "khong-co", "revision": "1"}, 303),
        ({"act": "edit", "name": "khong-co", "revision": "1", "room": "question"}, 404),
        ({"act": "section", "section": "99", "revision": "1", "room": "section"}, 404),
        ({"act": "discard", "revision": "7"}, 409),
        ({"act": "undo", "revision": "1"}, 303),
    ],
)
def test_crafted_posts_change_nothing(world, organizer, draft, inputs, status):
    answer = post(organizer, "/drafts/f22-2", **inputs)

    assert answer.status_code == status
    assert now_of(world) == draft


def test_a_post_without_the_token_is_refused(world, organizer, draft):
    answer = organizer.post("/drafts/f22-2", data={"act": "discard", "revision": "1"})

    assert answer.status_code == 400
    assert now_of(world) == draft


PAGES = ("", "/add", "/questions/ho_ten", "/sections/0", "/texts", "/preview", "/changes",
         "/publish", "/discard")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_anothers_draft_is_not_there(world, draft, page):
    grants = (Grant(Role.ORGANIZER, "che"),)
    add_person(world.store, "lp-che", "", PASSWORD, grants, tree_of(world.store))
    stranger = world.signed_in("lp-che")

    assert world.signed_in("lap-phieu").get(f"/drafts/f22-2{page}").status_code == 200
    assert stranger.get(f"/drafts/f22-2{page}").status_code == 404
    assert "f22-2" not in stranger.get("/forms").text
    for url in ("/drafts/f22-2", "/drafts/f22-2/publish", "/drafts/f22-2/preview"):
        assert post(stranger, url, act="discard", revision="1").status_code == 404
    assert now_of(world) == draft


def test_the_list_of_forms_leads_to_drafts_copies_and_next_versions(world, organizer, draft):
    page = organizer.get("/forms").text
    frozen(world, draft)
    point_of(world, "f22-2")

    before = organizer.get("/forms/f22-2").text
    begun = post(organizer, "/drafts", next="f22-2")
    copy = post(organizer, "/drafts", copy="f28")
    after = organizer.get("/forms/f22-2").text

    assert 'href="/drafts/f22-2"' in page
    assert (begun.location, copy.location) == ("/drafts/f22-2", "/drafts/f28-2")
    assert 'name="next" value="f22-2"' in before
    assert 'name="copy" value="f22-2"' in before
    assert 'name="next"' not in after
    assert 'href="/drafts/f22-2"' in after
    assert post(organizer, "/drafts", next="f51").status_code == 404
    assert post(organizer, "/drafts", copy="khong-co").status_code == 404


def test_a_title_that_does_not_fit_is_said(world, organizer):
    answer = post(organizer, "/drafts", title=" ")

    assert answer.location == "/forms#new"
    assert "Hãy đặt tên" in organizer.get("/forms").text


def test_publishing_tells_what_changes_and_for_whom(world, organizer, draft):
    frozen(world, draft)
    code = point_of(world, "f22-2")
    following(world, "f22-2")
    act(organizer, world, "edit", name="ho_ten", label__vi="Tên đầy đủ")
    act(organizer, world, "hide", name="bo_phan")

    page = organizer.get("/drafts/f22-2/publish").text
    done = post(organizer, "/drafts/f22-2/publish", revision=now_of(world).revision)
    versions = organizer.get("/forms/f22-2/versions").text

    assert 'href="/forms/f22-2/publish"' in page
    for text in ("Tên đầy đủ", "không còn hỏi", "CĐCS Thủy điện Nậm Na 3", "Phát hành phiên bản 2"):
        assert text in page
    assert done.location == "/forms/f22-2"
    assert "Tên đầy đủ" in versions
    assert "Phiên bản 1 → Phiên bản 2" in versions
    assert "Tên đầy đủ" in world.client().get(f"/q/{code}").text


def test_the_preview_is_the_workers_page_and_only_ours_may_frame_it(world, organizer, draft):
    seen = organizer.get("/drafts/f22-2/preview")
    board = organizer.get("/drafts/f22-2")
    others = [organizer.get(url) for url in ("/forms", "/forms/f28/preview", "/desk")]
    worker = world.client().get(f"/q/{world.publish('f28')}")

    assert 'name="ho_ten"' in seen.text
    assert "frame-ancestors 'self'" in seen.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in board.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in board.headers["Content-Security-Policy"]
    for page in (*others, worker):
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert "frame-src" not in page.headers["Content-Security-Policy"]


def test_a_preview_keeps_nothing(world, organizer, draft):
    wrong = post(organizer, "/drafts/f22-2/preview", ho_ten="x")

    assert wrong.status_code == 422
    assert world.store.forms_with_responses() == ()
    assert "frame-ancestors 'self'" in wrong.headers["Content-Security-Policy"]


def test_a_draft_with_mistakes_still_has_every_page(world, organizer):
    post(organizer, "/drafts", title="Trống")

    for page in ("", "/preview", "/publish", "/changes", "/texts", "/sections/0", "/add"):
        assert organizer.get(f"/drafts/trong{page}").status_code == 200


def test_a_thousand_questions_are_paged_and_open(world, organizer, draft):
    whole = dict(now_of(world).plain)
    whole["sections"] = [
        {"title": {"vi": "Dài"}, "questions": [
            {"type": "text", "name": f"cau_{n}", "label": {"vi": f"Câu {n}"}} for n in range(1_000)
        ]}
    ]  # fmt: skip
    world.store.drafts.put(Draft("f22-2", "lap-phieu", whole, world.clock(), "lap-phieu"))

    first = organizer.get("/drafts/f22-2")
    found = organizer.get("/drafts/f22-2?at=cau_777")
    moved = act(organizer, world, "move:down", name="cau_777")

    assert first.text.count('class="card question-card') == 60
    assert len(first.data) < 250_000
    assert "Câu 777" in found.text
    assert moved.status_code == 303
    assert names(world)[776:779] == ["cau_776", "cau_778", "cau_777"]


def test_five_thousand_choices_are_pasted_in_one_post(world, organizer, draft):
    act(organizer, world, "add", kind="list", after="ho_ten")
    lines = "\n".join(f"Bản số {n}" for n in range(5_000))

    saved = act(organizer, world, "paste_choices", name="cau_hoi_moi", list=lines, room="question")
    page = organizer.get(saved.location)

    assert saved.status_code == 303
    assert page.status_code == 200
    assert "Bản số 4999" in page.text
    assert 'name="shown.' not in page.text


@pytest.mark.parametrize(
    "label", ["ꪼꪕ ꪁꪱꪫ", "Yog tsis muaj", "😀 Vui", "\u202eđảo\u202c ngược", "<script>"]
)
def test_labels_in_any_script_are_shown_as_they_are(world, organizer, draft, label):
    added = act(organizer, world, "add", kind="text", after="ho_ten", label__vi=label)

    page = organizer.get(added.location).text
    board = organizer.get("/drafts/f22-2").text

    assert "\u202e" not in page + board
    assert "<script>" not in page.replace("<script defer", "")
    assert re.fullmatch(r"/drafts/f22-2/questions/[a-z0-9_]+", added.location)


def test_a_unit_or_place_that_does_not_fit_is_said_and_the_form_is_not_in_between(
    world, organizer, draft
):
    foreign = post(organizer, "/drafts/f22-2/publish", revision="1", unit="khong-co")
    assert (foreign.status_code, world.store.versions.all()) == (422, ())

    done = post(organizer, "/drafts/f22-2/publish", revision="1", unit="che", place="x" * 81)

    page = organizer.get(done.location).text
    assert "Đã phát hành phiên bản 1" in page
    assert "80" in page
    assert world.store.points.all() == ()
