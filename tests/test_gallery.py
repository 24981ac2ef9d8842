"""The ready-made forms: they ask what their sheets say, keep the law, and take real answers."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from gallery_sheets import Answers, files_of, sheets, texts_of, without
from pydantic import BaseModel

from forms import visibility
from forms.answers import CheckedAnswers, check_answers
from forms.definition import Definition
from forms.expressions import Expression
from forms.gallery import gallery
from forms.localized import Localized
from forms.problems import FLAGS
from forms.types import Question
from forms.types.calculate import Calculate
from forms.types.ticks import Consent

TODAY = date(2026, 11, 20)
SHEETS = sheets()
PERSONAL = [form for form, definition in gallery().items() if not definition.anonymous]

forms = pytest.mark.parametrize("form", SHEETS)


def each(part: str) -> list[tuple[str, str, list[str]]]:
    return [(form, *line) for form, sheet in SHEETS.items() for line in sheet.told(part)]


def marked(*marks: str) -> list[tuple[str, str]]:
    return [(form, name) for form, sheet in SHEETS.items() for name in sheet.named(*marks)]


def marks(question: Question) -> str:
    if question.sensitive:
        return "S"
    return "?" * isinstance(question.required, Expression) or "*" * question.required


def written_questions(definition: Definition) -> list[Question]:
    return [question for section in definition.sections for question in section.questions]


def kind(question: Question) -> str:
    if isinstance(question, Consent):
        return question.purpose
    return "name" if getattr(question, "is_name", False) else question.type


def labels_of_choices(question: Question) -> str:
    return " · ".join(choice.label.into("vi") for choice in getattr(question, "choices", ()))


def checked(form: str, given: Answers) -> CheckedAnswers:
    return check_answers(gallery()[form], texts_of(given), TODAY, uploads=files_of(given))


def problems(form: str, given: Answers) -> set[str]:
    return set(checked(form, given).problems)


def texts(part: object) -> Iterator[Localized]:
    """Every text of a definition, however deep it stands."""
    if isinstance(part, Localized):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name))
    elif isinstance(part, tuple):
        for member in part:
            yield from texts(member)


def plain_name(label: str) -> str:
    """The permanent name of a choice: its Vietnamese label in plain letters, cut at a word."""
    letters = unicodedata.normalize("NFD", label.lower().replace("đ", "d"))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", plain)
    while len("_".join(words)) > 40:
        words.pop()
    return "_".join(words)


def test_every_form_has_its_sheet():
    assert SHEETS.keys() == gallery().keys()


@forms
def test_a_form_asks_what_its_sheet_says(form):
    definition, sheet = gallery()[form], SHEETS[form]

    asked = [(q.name, kind(q), marks(q), q.label.into("vi")) for q in written_questions(definition)]

    assert asked == [(a.name, a.kind, a.marks, a.label) for a in sheet.asks]
    assert (definition.code, definition.title.into("vi")) == (sheet.code, sheet.title)
    assert definition.code == form.upper()


@forms
def test_a_form_offers_the_choices_of_its_sheet(form):
    offered = {q.name: labels_of_choices(q) for q in written_questions(gallery()[form])}

    assert offered == {asked.name: asked.choices for asked in SHEETS[form].asks}


@pytest.mark.parametrize("form", PERSONAL)
def test_the_ticks_stand_together_at_the_end(form):
    asked = written_questions(gallery()[form])

    ticks = [question for question in asked if isinstance(question, Consent)]

    assert asked[len(asked) - len(ticks) :] == ticks


@forms
def test_every_text_is_there_in_vietnamese_and_english(form):
    found = list(texts(gallery()[form]))

    assert len(found) > 40
    assert all(text.root.keys() == {"vi", "en"} for text in found)


@forms
def test_every_choice_and_state_is_named_after_its_vietnamese_label(form):
    definition = gallery()[form]
    choices = [choice for q in definition.questions for choice in getattr(q, "choices", ())]

    named = [(part.name, part.label.into("vi")) for part in (*choices, *definition.workflow)]

    assert named == [(plain_name(label), label) for _, label in named]


@forms
def test_the_full_answers_are_taken_whole(form):
    sheet = SHEETS[form]
    flags = [flag for change, told in sheet.told("flagged") if not change for flag in told]

    taken = checked(form, sheet.full)

    assert taken.problems == {}
    assert list(taken.flags) == flags
    assert {asked.name for asked in sheet.asks if asked.kind != "note"} <= taken.answers.keys()


@forms
def test_the_minimal_answers_are_taken_and_every_one_is_needed(form):
    sheet = SHEETS[form]
    given = {name.split(".")[0] for name in sheet.minimal}

    assert problems(form, sheet.minimal) == set()
    assert given <= set(sheet.named("*", "?"))
    for name in given:
        assert problems(form, without(sheet.minimal, name)) == {name}


@pytest.mark.parametrize(("form", "name"), marked("*", "?"))
def test_a_required_question_left_out_is_exactly_that_problem(form, name):
    assert problems(form, without(SHEETS[form].full, name)) == {name}


@pytest.mark.parametrize(("form", "name"), marked("S"))
def test_one_sensitive_answer_needs_the_sensitive_tick(form, name):
    others = [sensitive for sensitive in SHEETS[form].named("S") if sensitive != name]
    given = without(SHEETS[form].full, "dy_nhay_cam", *others)

    assert problems(form, given) == {"dy_nhay_cam"}
    assert problems(form, {**given, "dy_nhay_cam": ["1"]}) == set()


def test_not_wanting_to_say_needs_no_sensitive_tick():
    declining = {"dan_toc": ["khong_muon_khai"], "ton_giao": ["khong_muon_khai"]}

    assert problems("f51", {**without(SHEETS["f51"].full, "dy_nhay_cam"), **declining}) == set()


@pytest.mark.parametrize(
    "companion",
    [
        (form, question.name)
        for form, definition in gallery().items()
        for question in definition.questions
        if question.name.endswith("_other")
    ],
    ids=".".join,
)
def test_what_is_named_under_other_is_kept_and_as_sensitive_as_its_question(companion):
    form, name = companion
    question, asked = name.removesuffix("_other"), gallery()[form].by_name
    given = {**without(SHEETS[form].full, question), question: ["khac"], name: ["Hmông Lềnh"]}

    assert asked[name].sensitive == asked[question].sensitive
    assert checked(form, given).answers[name] == "Hmông Lềnh"


@pytest.mark.parametrize(
    ("form", "change"), [(form, line) for form, sheet in SHEETS.items() for line in sheet.refused]
)
def test_what_a_table_excludes_is_refused(form, change):
    refused = re.split(r"[.=]", change)[0]

    assert problems(form, SHEETS[form].changed(change)) == {refused}


@pytest.mark.parametrize(("form", "change", "flags"), each("flagged"))
def test_what_needs_a_second_look_is_flagged_and_taken(form, change, flags):
    taken = checked(form, SHEETS[form].changed(change))

    assert taken.problems == {}
    assert list(taken.flags) == flags


@forms
def test_every_flag_says_what_it_means_and_is_tried(form):
    flags = gallery()[form].flags
    tried = {flag for _, flags in SHEETS[form].told("flagged") for flag in flags}

    assert all(flag.label or flag.code in FLAGS for flag in flags)
    assert {flag.code for flag in flags} <= tried


@pytest.mark.parametrize(("form", "change", "hidden"), each("hidden"))
def test_what_does_not_apply_is_neither_asked_nor_kept(form, change, hidden):
    sheet = SHEETS[form]

    taken = checked(form, sheet.changed(change))

    assert set(hidden) <= checked(form, sheet.full).answers.keys()
    assert not set(hidden) & taken.answers.keys()
    assert taken.problems == {}


@forms
def test_every_condition_is_tried(form):
    definition = gallery()[form]
    conditional = {
        question.name
        for section in definition.sections
        for question in section.questions
        if (question.relevant or section.relevant) and not isinstance(question, Calculate)
    }

    tried = {name for _, names in SHEETS[form].told("hidden") for name in names}

    assert conditional <= tried


def test_the_meal_form_has_no_question_that_could_identify():
    definition = gallery()["f28"]
    naming = {"ho_ten", "dien_thoai", "so_cccd", "ngay_sinh", "gioi_tinh", "bo_phan", "noi_o"}

    assert definition.anonymous
    assert {q.type for q in definition.questions} == {"select_one", "rating", "multiline"}
    assert [q.name for q in definition.questions if q.type == "multiline"] == ["gop_y"]
    assert not naming & definition.by_name.keys()
    assert not any(q.autocomplete or isinstance(q, Consent) for q in definition.questions)


@pytest.mark.parametrize(
    ("answer", "rings"), [("khong", False), ("co_hom_nay", True), ("co_trong_3_ngay_qua", True)]
)
def test_illness_after_a_meal_rings_the_alarm_which_knows_only_115(answer, rings):
    alarm = gallery()["f28"].alarm
    answers = checked("f28", SHEETS["f28"].changed(f"trieu_chung={answer}")).answers

    assert alarm is not None
    assert visibility.rings(gallery()["f28"], answers, TODAY) is rings
    assert all(re.findall(r"\d+", text) == ["115"] for text in alarm.text.root.values())


@pytest.mark.parametrize("example", ["full", "minimal"])
def test_every_alert_on_labour_relations_rings(example):
    definition, given = gallery()["f14"], getattr(SHEETS["f14"], example)

    assert visibility.rings(definition, checked("f14", given).answers, TODAY)
    assert definition.alarm.tells == "khan_cap"


@forms
def test_the_notice_names_who_is_responsible_and_the_closing_the_receipt(form):
    definition = gallery()[form]
    for language in ("vi", "en"):
        notice = " ".join(text.into(language) for text in texts(definition.notice))
        everything = " ".join(text.into(language) for text in texts(definition))

        assert {"{organization}", "{contact}"} == set(re.findall(r"\{.*?\}", notice))
        assert re.findall(r"\{.*?\}", definition.closing.into(language)) == ["{code}"]
        assert everything.count("{code}") == 1
        assert everything.casefold().count("vui lòng") == (language == "vi")


@pytest.mark.parametrize("form", PERSONAL)
def test_the_notice_keeps_every_part_of_the_law(form):
    """Luật 91/2025/QH15 and Nghị định 356/2025/NĐ-CP: what a person must be told beforehand."""
    definition = gallery()[form]
    notice = " ".join(text.into("vi") for text in texts(definition.notice))
    headings = [part.heading.into("vi") for part in definition.notice.parts]

    assert headings == [
        "Ai chịu trách nhiệm",
        "Thu những thông tin nào",
        "Dùng vào việc gì",
        "Ai được nhận",
        "Lưu ở đâu, bao lâu",
        "Quyền và trách nhiệm của anh/chị",
        "Nếu anh/chị không đồng ý",
    ]
    for words in ("Việt Nam, trên máy chủ của công đoàn", "mã biên nhận", "rút lại sự đồng ý"):
        assert words in notice
    assert re.search(r"\d+ (ngày|tháng|năm)\b.*, rồi xóa", notice)
    assert ("nhạy cảm" in notice) == any(q.sensitive for q in definition.questions)


@pytest.mark.parametrize("form", PERSONAL)
def test_four_digits_of_a_phone_are_promised_only_where_a_phone_is_asked(form):
    definition = gallery()[form]
    notice = " ".join(text.into("vi") for text in texts(definition.notice))

    phones = [question for question in definition.questions if question.type == "phone"]

    assert ("4 số cuối điện thoại" in notice) == bool(phones)


@forms
def test_the_poster_says_one_short_sentence(form):
    poster = gallery()[form].poster

    assert poster is not None
    assert all(len(text) <= 75 and not text.endswith(".") for text in poster.root.values())


@forms
def test_hints_are_short_sentences(form):
    hints = [q.hint.into("vi") for q in gallery()[form].questions if q.hint]

    assert hints
    assert all(len(hint) <= 100 and hint.endswith(".") for hint in hints)
