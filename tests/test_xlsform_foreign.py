"""Workbooks made for ODK and KoboToolbox: what fits is taken, everything else is told of."""

import io

import openpyxl
import pytest
from xlsforms import LISTS, TYPE, finding, one, questions, read, saved, told, xlsform

from forms.types.choices import List, SelectOne
from forms.xlsform import read_workbook, write_workbook


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("text", "text"), ("string", "text"), ("int", "integer"), ("integer", "integer"),
        ("decimal", "decimal"), ("date", "date"), ("note", "note"), ("photo", "image"),
        ("select_one xa", "select_one"), ("select one from xa", "select_one"),
        ("select1 xa", "select_one"), ("Select_One xa", "select_one"),
        ("select_multiple xa", "select_multiple"), ("select all that apply from xa",
        "select_multiple"),
    ],
)  # fmt: skip
def test_the_usual_types_are_taken(said, kind):
    imported = read((said, "a", "Câu hỏi"), ("text", "b", "Câu nữa"))

    assert questions(imported)[0].type == kind
    assert not any("type" in f.column for f in imported.findings)


@pytest.mark.parametrize(
    ("kind", "looks", "parameters", "ours"),
    [
        ("text", "multiline", "", "multiline"),
        ("date", "month-year", "", "month"),
        ("select_one xa", "minimal", "", "list"),
        ("select_one xa", "autocomplete", "", "list"),
        ("image", "signature", "", "signature"),
        ("range", "rating", "start=1 end=5 step=1", "rating"),
    ],
)
def test_a_look_that_means_a_kind_of_ours_makes_it(kind, looks, parameters, ours):
    columns = (*TYPE, "appearance", "parameters")

    imported = read((kind, "a", "Câu hỏi", looks, parameters), columns=columns)

    assert one(imported).type == ours


@pytest.mark.parametrize(
    ("kind", "ours", "said"),
    [
        ("barcode", "text", "a text that people type"),
        ("time", "text", "a text that people type"),
        ("dateTime", "date", "without the time of day"),
        ("file", "image", "photos or PDF"),
        ("range", "integer", "a number that people type"),
        ("acknowledge", "select_one", "the one answer “OK”"),
    ],
)
def test_a_type_with_a_near_one_becomes_that_and_is_told_of(kind, ours, said):
    imported = read((kind, "a", "Câu hỏi"))

    assert one(imported).type == ours
    finding(imported, "survey 2 type", said)


@pytest.mark.parametrize(
    "kind", ["geopoint", "geotrace", "audio", "video", "rank xa", "xyz", "osm"]
)
def test_a_type_without_a_near_one_is_left_out_and_told_of(kind):
    imported = read((kind, "a", "Câu hỏi"), ("text", "b", "Câu nữa"))

    assert one(imported).name == "b"
    finding(imported, "survey 2 type", "It is left out")


@pytest.mark.parametrize("kind", ["start", "end", "today", "deviceid", "audit"])
def test_what_the_phone_fills_in_is_told_of(kind):
    imported = read((kind, "a"), ("text", "b", "Câu nữa"))

    assert one(imported).name == "b"
    finding(imported, "survey 2 type", "filled by the phone")


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("tên", "ten"), ("Họ và tên", "ho_va_ten"), ("1tuoi", "c_1tuoi"), ("_uuid", "uuid"),
        ("don_vi", "don_vi_2"), ("ꪼꪕ", "cau_2"), ("Hmoob Ntsuab", "hmoob_ntsuab"), ("🌾", "cau_2"),
        ("e\u0302\u0301", "e"), ("a.b", "a_b"), ("", "cau_2"), ("x" * 90, "x" * 40),
    ],
)  # fmt: skip
def test_a_name_that_is_not_allowed_is_changed_everywhere_and_told_of(said, becomes):
    columns = (*TYPE, "relevant")

    imported = read(
        ("integer", said, "Tuổi"),
        ("text", "b", "Câu nữa", f"${{{said}}} > 3" if said else ""),
        columns=columns,
    )

    assert [q.name for q in questions(imported)] == [becomes, "b"]
    assert not said or questions(imported)[1].relevant.source == f"${{{becomes}}} > 3"
    finding(imported, "survey 2 name", f"It is called {becomes} instead")


def test_good_names_stay_as_they_are():
    names = ["HoTen", "q1_a-b", "validate", "data", "meta", "x" * 64]

    imported = read(*(("text", name, "Câu hỏi") for name in names))

    assert [q.name for q in questions(imported)] == names


def test_the_second_of_two_equal_names_gets_another():
    imported = read(("text", "a", "Một"), ("text", "a", "Hai"))

    assert [q.name for q in questions(imported)] == ["a", "a_2"]
    finding(imported, "survey 3 name", "It is called a_2", "the first one")


def test_a_choice_whose_name_is_not_allowed_is_changed_in_expressions_too():
    columns = (*TYPE, "relevant")

    imported = read(
        ("select_one tinh", "tinh", "Tỉnh"),
        ("text", "b", "Câu nữa", "${tinh} = 'điện biên'"),
        columns=columns,
    )

    assert questions(imported)[1].relevant.source == "${tinh} = 'dien_bien'"
    finding(imported, "choices 3 name", "dien_bien")


def test_or_other_becomes_a_choice_that_asks_what():
    imported = read(("select_one xa or_other", "xa", "Xã"))

    assert [(c.name, c.other) for c in one(imported).choices][-1] == ("other", True)
    assert "xa_other" in imported.definition.by_name


def test_our_choice_other_leaves_as_a_choice_and_a_text_question():
    definition = read(("select_one xa or_other", "xa", "Xã")).definition
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(definition)))

    rows = [[cell for cell in row if cell] for row in book["survey"].iter_rows(values_only=True)]
    assert rows[3][:2] == ["text", "xa_other"]
    assert "${xa} = 'other'" in rows[3]
    assert ["xa", "other", "Khác", "Other", "true"] in [
        [cell for cell in row if cell] for row in book["choices"].iter_rows(values_only=True)
    ]


@pytest.mark.parametrize(
    "source",
    ["tinh=${tinh}", " tinh = ${ tinh } ", "${tinh} = tinh", "selected(tinh, ${tinh})"],
)
@pytest.mark.parametrize("kind", ["select_one xa", "select_multiple xa"])
def test_a_simple_filter_says_which_choices_go_with_which_answer(source, kind):
    imported = read(
        ("select_one tinh", "tinh", "Tỉnh", ""),
        (kind, "xa", "Xã", source),
        columns=(*TYPE, "choice_filter"),
    )

    question, known = questions(imported)[1], {"tinh": "lc"}
    assert question.filter == "tinh"
    assert question.misfit("than_uyen", known) is None
    assert question.misfit("muong_ang", known).name == "muong_ang"
    assert not [line for line in told(imported) if "choice_filter" in line]


@pytest.mark.parametrize(
    "source", ["selected(${tinh}, tinh)", "tinh=${tinh} and 1=1", "vung=${tinh}"]
)
def test_another_filter_is_told_of_and_all_choices_stay(source):
    imported = read(
        ("select_one tinh", "tinh", "Tỉnh", ""),
        ("select_one xa", "xa", "Xã", source),
        columns=(*TYPE, "choice_filter"),
    )

    assert questions(imported)[1].constraint is None
    finding(imported, "survey 3 choice_filter", "All choices are shown and taken")


def test_groups_become_sections_one_after_another():
    imported = read(
        ("text", "a", "Một", ""),
        ("begin group", "g", "Nhóm", "${a} = 'x'"),
        ("text", "b", "Hai", ""),
        ("begin_group", "h", "Trong", "${b} = 'y'"),
        ("text", "c", "Ba", ""),
        ("end group",),
        ("text", "d", "Bốn", ""),
        ("end_group",),
        ("text", "e", "Năm", ""),
        columns=(*TYPE, "relevant"),
    )

    shown = [
        (
            s.title and s.title.into("vi"),
            s.relevant and s.relevant.source,
            [q.name for q in s.questions],
        )
        for s in imported.definition.sections
    ]
    assert shown == [
        (None, None, ["a"]),
        ("Nhóm", "${a} = 'x'", ["b"]),
        ("Trong", "(${a} = 'x') and (${b} = 'y')", ["c"]),
        ("Nhóm", "${a} = 'x'", ["d"]),
        (None, None, ["e"]),
    ]
    finding(imported, "survey 5 type", "A group in a group")


def test_repeats_stay_and_what_they_cannot_hold_is_told_of():
    imported = read(
        ("begin repeat", "con", "Các con", "", "4"),
        ("text", "ten", "Tên", ""),
        ("integer", "tuoi", "Tuổi", "${ten} != ''"),
        ("note", "n", "Cảm ơn", ""),
        ("begin repeat", "be", "Trong", ""),
        ("text", "x", "X", ""),
        ("end repeat",),
        ("end repeat",),
        columns=(*TYPE, "relevant", "repeat_count"),
    )

    repeat = one(imported)
    assert (repeat.name, repeat.most, [q.name for q in repeat.questions]) == (
        "con",
        4,
        ["ten", "tuoi"],
    )
    finding(imported, "survey 4 relevant", "always asked")
    finding(imported, "survey 5 type", "cannot stand in a repeat")
    finding(imported, "survey 6 type", "A repeat in a repeat")
    finding(imported, "survey 7 type", "left out")


@pytest.mark.parametrize(
    "heading",
    [
        "label", "Label", "LABEL::vi", "label:vi", "Label :: Tiếng Việt (vi)", "label::Vietnamese",
        "label::Tiếng Việt", "caption", "label::tieng viet",
    ],
)  # fmt: skip
def test_headings_are_read_in_many_ways(heading):
    imported = read(("text", "a", "Câu hỏi"), columns=("Type", " name ", heading))

    assert one(imported).label.root == {"vi": "Câu hỏi"}


@pytest.mark.parametrize(
    "heading", ["relevant", "bind::relevant", "bind:relevant", "Relevance", "BIND::Relevant"]
)
def test_a_condition_is_read_under_all_its_headings(heading):
    imported = read(
        ("text", "a", "Một", ""), ("text", "b", "Hai", "${a} = 'x'"), columns=(*TYPE, heading)
    )

    assert questions(imported)[1].relevant.source == "${a} = 'x'"


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("default", "5", "“5” has no place"), ("read_only", "yes", "“yes” has no place"),
        ("required_message::vi", "Cần trả lời", "“Cần trả lời” has no place"),
        ("media::image::vi", "a.png", "“a.png” has no place"), ("trigger", "${a}", "has no place"),
        ("ghi chú", "nhé", "A column of this name"), ("label::Xyzzy", "x", "which language"),
        ("bind::phieu:unheard", "1", "no setting “unheard”"),
        ("appearance", "map", "no appearance “map”"), ("parameters", "x=1", "Parameters"),
    ],
)  # fmt: skip
def test_nothing_goes_silently(heading, text, said):
    imported = read(("text", "a", "Câu hỏi", text), columns=(*TYPE, heading))

    assert one(imported).name == "a"
    finding(imported, "survey", heading.split("::Xyzzy")[0], said)


def test_a_plain_workbook_gets_our_texts_and_asks_to_read_them():
    settings = {"form_title": "Khảo sát nhà trọ", "form_id": "Nhà trọ 2026"}

    imported = read(("text", "a", "Câu hỏi"), settings=settings)

    definition = imported.definition
    assert (definition.id, definition.title.into("vi")) == ("nha-tro-2026", "Khảo sát nhà trọ")
    notice = definition.notice.model_dump_json()
    assert "Dùng cho việc nêu ở tên biểu mẫu: “Khảo sát nhà trọ”." in notice
    assert "[" not in "".join(part.text.into("vi") for part in definition.notice.parts)
    finding(imported, "settings 2 form_id", "Its id is nha-tro-2026")
    finding(imported, "phieu 0 notice", "Say the purpose exactly")


def test_a_workbook_of_two_languages_keeps_both():
    imported = read(
        ("text", "a", "Câu hỏi", "Lus nug"),
        columns=(*TYPE, "label::Hmoob (hmn)"),
        settings={"form_title": "X", "default_language": "Tiếng Việt (vi)"},
    )

    assert one(imported).label.root == {"vi": "Câu hỏi", "hmn": "Lus nug"}
    assert imported.definition.languages == ("vi", "hmn")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("begin group", "g", "Nhóm"), ("text", "a", "A")], "has no end"),
        ([("text", "a", "A"), ("end group",)], "Nothing is open"),
        ([], "no question that can be asked"),
    ],
)
def test_what_cannot_be_a_form_must_be_corrected_first(rows, said):
    imported = read(*rows)

    assert imported.definition is None
    finding(imported, "survey", said, "Please correct this first")


def test_a_workbook_without_a_survey_says_so():
    for content in (xlsform([("x", "y")]), xlsform([], LISTS), xlsform([("type", "label")])):
        imported = read_workbook(content)

        assert imported.definition is None
        finding(imported, "survey 1", "no sheet called “survey”")


def test_merged_cells_and_formulas_are_told_of():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Survey"
    for row in (TYPE, ("text", "a", "=1+1"), ("text", "b", "Hai"), ("text", "c", "Ba")):
        sheet.append(row)
    sheet.merge_cells("C3:C4")

    imported = read_workbook(saved(book))

    finding(imported, "Survey 2 C", "formula", "counts as empty")
    finding(imported, "Survey 3", "C3:C4 are merged")


def test_our_own_sheet_counts_and_contradictions_are_told_of():
    definition = read(("text", "a", "Câu hỏi")).definition
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(definition)))
    book["settings"]["A2"] = "Tên khác"
    book["phieu"].append(["nothing", "", "x"])
    book["phieu"].append(["summary", "vi", "Hai lần"])

    imported = read_workbook(saved(book))

    assert imported.definition == definition
    finding(imported, "settings 2 form_title", "says otherwise", "Change it there")
    finding(imported, "phieu", "no key “nothing”")
    finding(imported, "phieu", "stands twice")


def test_a_wrong_value_in_our_own_sheet_is_told_with_its_cell():
    book = openpyxl.load_workbook(
        io.BytesIO(write_workbook(read(("text", "a", "Câu hỏi")).definition))
    )
    rows = {row[0].value: row for row in book["phieu"].iter_rows()}
    rows["minutes"][2].value = 100

    imported = read_workbook(saved(book))

    assert imported.definition is None
    finding(imported, f"phieu {rows['minutes'][0].row} value", "at most 60")


def test_a_long_list_and_a_short_one_are_told_apart():
    short, long = (
        one(read(("select_one xa", "a", "Xã", looks), columns=(*TYPE, "appearance")))
        for looks in ("", "minimal")
    )

    assert (type(short), type(long)) == (SelectOne, List)
