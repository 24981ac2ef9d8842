"""Acts on a form as plain data: each does what it says, and no series of them breaks a promise."""

from contextlib import suppress
from copy import deepcopy
from datetime import datetime
from functools import cache

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from forms.draft import Draft
from forms.editing import ACTS, EditError, Inputs, Kept, act
from forms.editing.conditions import COMPARISONS, Pick, Picked, read_picked, written
from forms.editing.fresh import empty_form
from forms.editing.kinds import KINDS
from forms.editing.plain import as_plain, folded_name, fresh_name, questions
from forms.gallery import gallery
from forms.reading import DefinitionError, build_definition
from services.clock import VIETNAM

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=VIETNAM)
NOTHING = Kept()


@cache
def begun():
    return as_plain(gallery()["f22"])


def published():
    return Kept.of([gallery()["f22"]])


def names(plain):
    return [question["name"] for question in questions(plain)]


def question(plain, name):
    return next(found for found in questions(plain) if found["name"] == name)


def done(what, plain=None, kept=NOTHING, **values):
    return act(plain or begun(), kept, what, Inputs.of(**values))


def refused(what, plain=None, kept=NOTHING, **values):
    with pytest.raises(EditError) as caught:
        done(what, plain, kept, **values)
    return caught.value


@pytest.mark.parametrize("form", list(gallery()))
def test_every_ready_made_form_is_the_same_after_it_was_made_plain(form):
    assert build_definition(as_plain(gallery()[form])) == gallery()[form]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_every_kind_makes_a_whole_form(kind):
    plain = done("add", empty_form("Khảo sát"), kind="text", section="0")
    after = done("add", plain, kind=kind, after="cau_hoi_moi")

    definition = build_definition(after)

    assert len(list(questions(after))) == 2
    assert definition.questions[-1].label.into("en")


def test_a_question_stands_behind_the_one_it_was_added_to():
    before = names(begun())

    after = done("add", kind="text", after=before[2], label__vi="Ca làm việc của anh/chị")

    assert names(after) == [*before[:3], "ca_lam_viec_cua_anh_chi", *before[3:]]


def test_a_heading_is_one_line():
    after = done("add_section", title__vi="Nhà ở\r\nvà đi lại ")

    assert after["sections"][-1]["title"]["vi"] == "Nhà ở và đi lại"


def test_an_act_touches_nothing_else_and_not_what_it_was_given():
    whole = as_plain(gallery()["f28"])
    before = deepcopy(whole)

    after = done("edit", whole, name="gop_y", label__vi="Góp ý thêm")

    assert whole == before
    question(after, "gop_y")["label"]["vi"] = question(before, "gop_y")["label"]["vi"]
    assert after == before


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Ca sáng, ca đêm", "ca_sang_ca_dem"),
        ("Đồng Văn Đường", "dong_van_duong"),
        ("ꪼꪕ ꪁꪱꪫ", "cau_hoi"),
        ("Koj lub npe yog dab tsi?", "koj_lub_npe_yog_dab_tsi"),
        ("😀😀", "cau_hoi"),
        ("2 ca", "cau_2_ca"),
        ("x" * 90, "x" * 40),
        ("Anh chị có hài lòng về bữa ăn ca của nhà ăn", "anh_chi_co_hai_long_ve_bua_an_ca_cua_nha"),
        ("Đơn vị", "don_vi_2"),
        ("Lý do other", "ly_do"),
    ],
)  # fmt: skip
def test_names_are_made_of_the_vietnamese_label(label, name):
    assert fresh_name(label, {"don_vi"}) == name
    assert len(folded_name(label, "x")) <= 40


def test_a_name_follows_its_label_until_it_is_published():
    plain = done("add", kind="select_one", after="ho_ten")
    plain = done("condition", plain, name="dien_thoai", question__0="cau_hoi_moi",
                 comparison__0="is", value__0="lua_chon_1")  # fmt: skip

    free = done("edit", plain, name="cau_hoi_moi", label__vi="Ca làm việc")
    kept = Kept(names=frozenset({"cau_hoi_moi"}))
    bound = done("edit", plain, kept, name="cau_hoi_moi", label__vi="Ca làm việc")

    assert "ca_lam_viec" in names(free)
    assert question(free, "dien_thoai")["relevant"] == "${ca_lam_viec} = 'lua_chon_1'"
    assert "cau_hoi_moi" in names(bound)


def test_names_of_published_questions_are_never_given_again():
    plain = {"sections": [{"questions": []}]}
    kept = Kept(names=frozenset({"ca", "ca_2", "ghi_chu_other"}))

    plain = done("add", plain, kept, kind="text", section="0", label__vi="Ca")
    plain = done("add", plain, kept, kind="text", section="0", label__vi="Ghi chú")

    assert names(plain) == ["ghi_chu_2", "ca_3"]


def test_moving_goes_over_the_edges_of_sections():
    plain = as_plain(gallery()["f22"])
    first, second = ([q["name"] for q in s["questions"]] for s in plain["sections"][:2])

    down = done("move", plain, name=first[-1], way="down")
    back = done("move", down, name=first[-1], way="up")
    away = done("move", plain, name=first[0], section="1")
    behind = done("move", plain, name=first[0], after=first[2])

    assert [q["name"] for q in down["sections"][1]["questions"]] == [first[-1], *second]
    assert back == plain
    assert [q["name"] for q in away["sections"][1]["questions"]] == [first[0], *second]
    assert names(behind)[:3] == [first[1], first[2], first[0]]
    assert done("move", plain, name=names(plain)[0], way="up") == plain
    assert done("move", plain, name=names(plain)[-1], way="down") == plain


def test_a_copy_of_a_question_has_a_name_of_its_own():
    after = done("duplicate", name="so_cccd")

    at = names(after).index("so_cccd")
    assert names(after)[at + 1] == "so_can_cuoc"
    build_definition(after)


def test_a_published_question_is_hidden_and_not_removed():
    error = refused("remove", kept=published(), name="bo_phan")
    hidden = done("hide", kept=published(), name="bo_phan")

    assert error.values["question"]
    assert question(hidden, "bo_phan")["hidden"] is True
    assert done("show", hidden, name="bo_phan") == begun()
    assert "bo_phan" not in names(done("remove", name="bo_phan"))


LIST = "  Ca sáng \r\n- Ca đêm\n\n• Ca sáng\n  3) Khác"


def test_a_pasted_list_makes_choices_and_keeps_the_names_of_those_it_knows():
    plain = done("add", kind="select_one", after="ho_ten", label__vi="Ca")
    plain = done("paste_choices", plain, name="ca", list=LIST)
    first = question(plain, "ca")["choices"]
    kept = Kept(frozenset({"ca"}), frozenset({"ca"}), {"ca": frozenset({"ca_sang", "ca_dem"})})

    again = done("paste_choices", plain, kept, name="ca", list="Ca ĐÊM\nCa chiều")

    assert [choice["name"] for choice in first] == ["ca_sang", "ca_dem", "3_khac"]
    assert [c["label"]["vi"] for c in first] == ["Ca sáng", "Ca đêm", "3) Khác"]
    assert [(c["name"], c.get("hidden", False)) for c in question(again, "ca")["choices"]] == [
        ("ca_dem", False),
        ("ca_chieu", False),
        ("ca_sang", True),
    ]


def test_words_that_differ_by_a_tone_are_two_choices():
    plain = done("add", kind="select_one", after="ho_ten", label__vi="Món")
    plain = done("paste_choices", plain, name="mon", list="Bò\nBơ\nBở")

    again = done("paste_choices", plain, name="mon", list="Bở\nBò\nBơ")

    assert [c["name"] for c in question(plain, "mon")["choices"]] == ["bo", "bo_2", "bo_3"]
    assert [c["name"] for c in question(again, "mon")["choices"]] == ["bo_3", "bo", "bo_2"]


def test_five_thousand_choices_are_taken_and_one_more_is_not():
    plain = done("add", kind="list", after="ho_ten", label__vi="Thôn bản")
    lines = [f"Bản số {number}" for number in range(5_001)]

    full = done("paste_choices", plain, name="thon_ban", list="\n".join(lines[:-1]))

    assert len(question(full, "thon_ban")["choices"]) == 5_000
    assert refused("paste_choices", plain, name="thon_ban", list="\n".join(lines)).field == "list"


def test_direction_marks_are_dropped_and_control_signs_refused():
    after = done("edit", name="ho_ten", label__vi="Họ \u202eneT\u202c\u200f và tên 😀")

    assert question(after, "ho_ten")["label"]["vi"] == "Họ neT và tên 😀"
    assert refused("edit", name="ho_ten", label__vi="Họ\x00").field == "label.vi"
    assert refused("edit", name="ho_ten", label__vi="x" * 10_001).field == "label.vi"
    assert refused("edit", name="ho_ten", label__vi=" ").field == "label.vi"


def test_settings_are_put_in_where_the_editor_showed_them():
    after = done("edit", name="so_cccd", settings="1", required="", passport="1")
    untouched = done("edit", name="so_cccd", label__vi="Số căn cước")

    assert question(after, "so_cccd").get("required", False) is False
    assert question(after, "so_cccd")["passport"] is True
    assert question(untouched, "so_cccd")["required"] is True


def test_a_section_that_goes_leaves_its_published_questions_hidden_beside_it():
    plain = begun()
    gone = [q["name"] for q in plain["sections"][0]["questions"]]

    after = done("remove_section", kept=published(), section="0")

    tail = after["sections"][0]["questions"][-len(gone) :]
    assert [(q["name"], q["hidden"]) for q in tail] == [(name, True) for name in gone]
    assert len(done("remove_section", section="0")["sections"]) == len(plain["sections"]) - 1


def test_a_copied_section_reads_its_own_questions():
    plain = {"sections": [{"questions": []}]}
    for label in ("Vì sao", "Ca"):
        plain = done("add", plain, kind="yes_no", section="0", label__vi=label)
    plain = done(
        "condition", plain, name="vi_sao", question__0="ca", comparison__0="is", value__0="co"
    )

    after = done("duplicate_section", plain, section="0")

    assert names(after) == ["ca", "vi_sao", "ca_2", "vi_sao_2"]
    assert question(after, "vi_sao_2")["relevant"] == "${ca_2} = 'co'"


def test_languages_come_and_go_and_their_texts_stay():
    more = done("add_language", language="hmn")
    less = done("remove_language", more, language="en")

    assert more["languages"] == ["vi", "en", "hmn"]
    assert less["languages"] == ["vi", "hmn"]
    assert less["title"]["en"]
    assert build_definition(less).languages == ("vi", "hmn")
    refused("remove_language", language="vi")
    refused("add_language", language="../vi")


def test_the_notice_is_edited_and_grows_by_a_part():
    parts = len(begun()["notice"]["parts"])

    after = done(
        "notice",
        summary__vi="Câu mới",
        **{f"heading__{parts}__vi": "Thêm", f"text__{parts}__vi": "Chữ"},
    )

    assert after["notice"]["summary"]["vi"] == "Câu mới"
    assert len(build_definition(after).notice.parts) == parts + 1
    assert refused("notice", **{f"heading__{parts}__vi": "Thêm"}).field == f"text.{parts}.vi"


TYPES = {"ca": "select_one", "mon": "select_multiple", "tuoi": "integer", "ten": "text"}
PICKS = st.builds(
    Pick,
    st.sampled_from(sorted(TYPES)),
    st.sampled_from(COMPARISONS),
    st.sampled_from(["sang", "5", "2.5", "-3", "it's", 'nói "to"', "Thái ꪼꪕ"]),
)


@given(st.lists(PICKS, min_size=1, max_size=5), st.sampled_from(["and", "or"]))
def test_what_was_picked_is_read_back_as_the_same_expression(picks, join):
    try:
        source = written(Picked(tuple(picks), join), TYPES)
    except EditError:
        reject()

    again = read_picked(source)

    assert again is not None
    assert written(again, TYPES) == source


@pytest.mark.parametrize(
    "source",
    ["${a} + 1 > 2", "not(${a} = 'b')", "${a} = ${b}", "(${a} = 'x' or ${a} = 'y') and ${b} = 'z'",
     "regex(${a}, '[0-9]')", "today() > '2026-01-01'", "${a} = ", "x" * 3_000],
)  # fmt: skip
def test_other_expressions_are_left_to_those_who_write_them(source):
    assert read_picked(source) is None


def test_conditions_of_the_gallery_are_shown_as_they_are():
    sources = [
        holder["relevant"]
        for form in gallery().values()
        for section in as_plain(form)["sections"]
        for holder in (section, *section["questions"])
        if "relevant" in holder
    ]
    shown = [source for source in sources if read_picked(source)]

    assert len(sources) > 15
    assert len(shown) > len(sources) * 0.8


@pytest.mark.parametrize("kind", ["", "repeat_group", "__class__", "x" * 500])
def test_unknown_kinds_and_acts_are_refused(kind):
    assert refused("add", kind=kind, section="0").field == "kind"
    refused(kind or "eval", name="ho_ten")


WORDS = st.sampled_from(
    [
        "",
        "Ca",
        "Vì sao",
        "ho_ten",
        "ꪼꪕ",
        "😀",
        "\u202e",
        "x" * 50,
        "Khác\nCó\nKhông",
        "1",
        "-1",
        "2",
    ]
)
NAMES = st.sampled_from([q["name"] for q in questions(begun())] + ["ca", "cau_hoi_moi", "nope", ""])
WISHES = st.fixed_dictionaries(
    {"name": NAMES, "section": st.sampled_from(["", "0", "1", "2", "9", "-1", "x"])},
    optional={
        "after": NAMES, "way": st.sampled_from(["up", "down", "in"]),
        "kind": st.sampled_from([*KINDS, "nope"]), "list": WORDS, "label.vi": WORDS,
        "label.en": WORDS, "title.vi": WORDS, "hint.vi": WORDS, "settings": st.just("1"),
        "required": st.sampled_from(["", "1", "expression"]), "required_expression": WORDS,
        "sensitive": st.just("1"), "least": WORDS, "most": WORDS, "longest": WORDS,
        "language": st.sampled_from(["en", "vi", "hmn", "../", ""]), "question.0": NAMES,
        "comparison.0": st.sampled_from([*COMPARISONS, "nope"]), "value.0": WORDS,
        "by": st.sampled_from(["", "expression"]), "expression": WORDS, "minutes": WORDS,
        "steps": st.sampled_from(["", "1", "question"]), "summary.vi": WORDS,
        "heading.0.vi": WORDS, "text.0.vi": WORDS, "constraint": WORDS,
    },
)  # fmt: skip
ACT = st.tuples(st.sampled_from([*ACTS, "nope"]), WISHES)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACT, max_size=12))
def test_no_series_of_acts_loses_a_published_name_or_fails_otherwise(acts):
    kept, plain = published(), begun()
    for what, values in acts:
        try:
            plain = act(plain, kept, what, Inputs({name: (v,) for name, v in values.items()}))
        except EditError:
            continue

    every = names(plain)
    assert set(every) >= kept.written
    assert len(every) == len(set(every))
    for name, choices in kept.choices.items():
        if name in every and "choices" in question(plain, name):
            assert {choice["name"] for choice in question(plain, name)["choices"]} >= choices
    with suppress(DefinitionError):  # what is not whole yet is said so, and nothing else is raised
        build_definition(plain)


@settings(max_examples=100, deadline=None)
@given(st.lists(ACT, max_size=8))
def test_taking_everything_back_gives_exactly_what_was_there(acts):
    draft = first = Draft("f22-2", "lap-phieu", begun(), NOON, "lap-phieu")
    for what, values in acts:
        try:
            plain = act(draft.plain, NOTHING, what, Inputs({n: (v,) for n, v in values.items()}))
        except EditError:
            continue
        draft = draft.changed(plain, what, "lap-phieu", NOON)
    last, count = draft.plain, len(draft.steps)

    while draft.undoable:
        draft = draft.undone("lap-phieu", NOON)
    bottom = draft.plain
    while draft.redoable:
        draft = draft.redone("lap-phieu", NOON)

    assert bottom == first.plain
    assert draft.plain == last
    assert draft.revision == 1 + 3 * count
    assert draft.as_of(1) == first.plain
    assert draft.as_of(1 + count) == last


def test_a_new_act_after_taking_back_ends_what_could_be_redone():
    draft = Draft("f22-2", "lap-phieu", begun(), NOON, "lap-phieu")
    draft = draft.changed(done("hide", name="bo_phan"), "hide", "lap-phieu", NOON)
    draft = draft.undone("lap-phieu", NOON)
    draft = draft.changed(done("hide", name="ho_ten"), "hide", "lap-phieu", NOON)

    assert draft.redoable is None
    assert draft.undone("lap-phieu", NOON).plain == begun()


def test_what_can_be_taken_back_is_bounded_and_small():
    plain = done("add", kind="text", after="ho_ten")
    draft = Draft("f22-2", "lap-phieu", plain, NOON, "lap-phieu")
    for number in range(120):
        changed = done("edit", draft.plain, name=names(draft.plain)[1], label__vi=f"Câu {number}")
        draft = draft.changed(changed, "edit", "lap-phieu", NOON)

    assert len(draft.steps) == 100
    assert draft.as_of(draft.revision - 100) is not None
    assert draft.as_of(1) is None
    assert max(len(str(step.change)) for step in draft.steps) < 600
