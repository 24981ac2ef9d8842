"""Photos, signatures and repeats as question types: what is kept, shown, exported and refused."""

import base64
from datetime import date

import pytest
from pictures import (
    HEIC,
    PDF,
    data_url,
    drawn,
    jpeg,
    opened,
    png_that_claims,
    saved,
    signed,
    upload,
)
from pydantic import ValidationError

from forms.types import Checked, Question, Raw
from forms.types.photo import Photo
from forms.types.repeat import Repeat
from forms.types.signature import Signature

TODAY = date(2026, 11, 20)
LABEL = {"vi": "Câu hỏi", "en": "Question"}
FAMILY = [
    {"type": "text", "name": "ten", "label": {"vi": "Họ tên"}, "required": True},
    {"type": "date", "name": "sinh", "label": {"vi": "Ngày sinh"}, "year_only": True},
]


def photo(**settings: object) -> Photo:
    return Photo(name="anh", label=LABEL, **settings)


def family(**settings: object) -> Repeat:
    return Repeat(name="nha", label=LABEL, questions=FAMILY, **settings)


def rows(question: Question, **inputs: str) -> Checked:
    """Check inputs whose names are written with _ for the dots: nha_0_ten."""
    named = {name.replace("_", "."): [text] for name, text in inputs.items()}
    return question.check(question.read(named), TODAY)


def words(checked: Checked) -> str:
    assert checked.problem is not None
    assert checked.value is None
    assert checked.files == {}
    return checked.problem.message % checked.problem.values


def test_photos_are_kept_as_the_names_of_their_cleaned_files():
    checked = photo().check(Raw(files=(upload(jpeg()), upload(saved(drawn(), "PNG")))), TODAY)

    first, second = checked.value
    assert (first[-7:], second[-7:]) == ("-01.jpg", "-02.jpg")
    assert list(checked.files) == [first, second]
    assert [opened(content).format for content in checked.files.values()] == ["JPEG", "JPEG"]


def test_the_same_photos_have_the_same_names_and_others_have_others():
    names = [
        photo().check(Raw(files=(upload(content, name),)), TODAY).value
        for content, name in ((jpeg(), "a.jpg"), (jpeg(), "b.exe"), (jpeg(901), "a.jpg"))
    ]

    assert names[0] == names[1]
    assert names[0] != names[2]


def test_an_empty_file_input_is_no_answer():
    assert photo().check(Raw(files=(upload(b"", ""),)), TODAY) == Checked()
    assert photo().check(Raw.of("", " "), TODAY) == Checked()


@pytest.mark.parametrize("text", ["IMG_1.jpg", "0" * 32 + "-01.jpg"])
def test_a_name_in_place_of_a_photo_is_refused_for_it_could_be_another_s(text):
    assert "did not arrive" in words(photo().check(Raw.of(text), TODAY))


def test_five_photos_are_too_many():
    five = Raw(files=(upload(jpeg(40, 30)),) * 5)

    assert words(photo().check(five, TODAY)).endswith("at most 4 files; these are 5.")
    assert len(photo().salvage(five, TODAY).value) == 4


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"x" * 6_000_000, "5 MB"), (HEIC, "HEIC"), (PDF, "a photo as JPG or PNG")],
)
def test_one_bad_file_says_why_and_keeps_none(content, why):
    assert why in words(photo().check(Raw(files=(upload(jpeg()), upload(content))), TODAY))


@pytest.mark.parametrize("size", [(300, 400), (900, 600)])
def test_a_portrait_that_is_large_enough_is_taken(size):
    assert photo(smallest=(300, 400)).check(Raw(files=(upload(jpeg(*size)),)), TODAY).value


@pytest.mark.parametrize("size", [(299, 400), (300, 399), (40, 30)])
def test_a_portrait_that_is_too_small_says_the_size_and_is_kept_only_from_a_queue(
    size,
):
    portrait, files = photo(smallest=(300, 400)), Raw(files=(upload(jpeg(*size)),))

    assert "it needs 300 by 400 dots or more" in words(portrait.check(files, TODAY))
    assert len(portrait.salvage(files, TODAY).value) == 1


def test_a_paper_has_no_size_in_dots():
    checked = photo(pdf=True, smallest=(300, 400)).check(Raw(files=(upload(PDF),)), TODAY)

    assert checked.value[0].endswith("-01.pdf")


def test_a_photo_is_known_by_its_content_not_by_its_name():
    checked = photo(pdf=True).check(Raw(files=(upload(jpeg(), "don.pdf"),)), TODAY)

    assert checked.value[0].endswith("-01.jpg")


def test_a_pdf_is_kept_as_it_came_where_the_form_takes_it():
    checked = photo(pdf=True).check(Raw(files=(upload(PDF, "don.jpg"),)), TODAY)

    assert checked.value[0].endswith("-01.pdf")
    assert list(checked.files.values()) == [PDF]
    large = Raw(files=(upload(PDF + b"x" * 5_000_000),))
    assert "5 MB" in words(photo(pdf=True).check(large, TODAY))
    assert "or a PDF" in words(photo(pdf=True).check(Raw(files=(upload(b"x"),)), TODAY))


def test_photos_are_shown_as_their_number_and_exported_as_their_names():
    names = ["a" * 32 + "-01.jpg", "b" * 32 + "-02.jpg"]

    assert photo().show(names, "vi") == "2 tệp"
    assert photo().cells(names) == (";".join(names),)
    assert photo().cells(None) == (None,)


def test_a_signature_is_kept_as_one_small_file():
    checked = Signature(name="ky", label=LABEL).check(Raw.of(signed()), TODAY)

    (content,) = checked.files.values()
    assert list(checked.files) == [checked.value]
    assert checked.value.endswith("-01.png")
    assert opened(content).mode == "L"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "data:image/svg+xml,<svg/>",
        "data:image/png;base64,!!!",
        data_url(jpeg()),
        data_url(png_that_claims(50_000, 50_000)),
        "data:image/png;base64," + base64.b64encode(b"x" * 60_000).decode(),
    ],
)
def test_what_is_no_signature_is_refused(text):
    assert "did not arrive whole" in words(
        Signature(name="ky", label=LABEL).check(Raw.of(text), TODAY)
    )


def test_a_signature_is_never_required():
    with pytest.raises(ValidationError, match="signed on the printed form"):
        Signature(name="ky", label=LABEL, required=True)


def test_rows_are_kept_in_their_order_and_empty_ones_dropped():
    checked = rows(
        family(),
        nha_7_ten="Lò Thị B",
        nha_2_ten="Lò Văn A",
        nha_2_sinh="1990",
        nha_3_ten=" ",
        nha_3_sinh_day="",
    )

    assert checked.value == [{"ten": "Lò Văn A", "sinh": "1990"}, {"ten": "Lò Thị B"}]
    assert checked.warnings == ("year_only",)
    assert rows(family(), nha_0_ten="") == rows(family()) == Checked()


def test_a_date_in_boxes_stands_in_a_row_too():
    boxes = {"nha_0_sinh_day": "5", "nha_0_sinh_month": "9", "nha_0_sinh_year": "1992"}

    assert rows(family(), nha_0_ten="A", **boxes).value == [{"ten": "A", "sinh": "1992-09-05"}]


def test_a_problem_names_its_row_as_people_count_them():
    checked = rows(family(), nha_4_ten="A", nha_9_ten="B", nha_9_sinh="32/1/1990")

    assert list(checked.problem.inner) == ["9.sinh"]
    said = checked.problem.inner["9.sinh"]
    assert (said.values["row"], said.values["question"].into("vi")) == (2, "Ngày sinh")
    assert "no such day" in said.inner[""].message or "day, month" in said.inner[""].message


def test_a_required_question_is_required_only_in_rows_that_say_something():
    assert list(rows(family(), nha_0_sinh="1990").problem.inner) == ["0.ten"]
    assert rows(family(), nha_0_sinh="") == Checked()


def test_there_are_no_more_rows_than_the_form_allows():
    many = {f"nha_{number}_ten": f"Tên {number}" for number in range(5)}

    assert len(rows(family(most=5), **many).value) == 5
    assert words(rows(family(most=4), **many)).endswith("at most 4; these are 5.")
    assert "at least 2" in words(rows(family(required=True, least=2), nha_0_ten="A"))


@pytest.mark.parametrize("name", ["nha.x.ten", "nha.-1.ten", "nha.0", "nha.1234.ten", "nha..ten"])
def test_names_that_are_no_row_are_ignored(name):
    question = family()

    assert question.check(question.read({name: ["A"]}), TODAY) == Checked()


def test_rows_that_break_rules_are_salvaged_answer_by_answer():
    question = family()
    raw = question.read({"nha.0.ten": ["A"], "nha.0.sinh": ["hôm qua"], "nha.1.ten": [""]})

    assert question.salvage(raw, TODAY).value == [{"ten": "A", "sinh": "hôm qua"}]


def test_rows_are_read_by_people_in_one_cell_and_by_programs_in_many():
    value = [{"ten": "Lò Văn A", "sinh": "1990-09-05"}, {"ten": "Lò Thị B"}]
    question = family(most=2)

    keys = [column.key for column in question.columns(split=True)]
    assert question.show(value, "vi") == "Lò Văn A (05/09/1990); Lò Thị B"
    assert question.cells(value) == ("Lò Văn A (05/09/1990); Lò Thị B",)
    assert keys == ["nha", "nha/1/ten", "nha/1/sinh", "nha/2/ten", "nha/2/sinh"]
    assert question.cells(value, split=True)[1:] == ("Lò Văn A", "1990-09-05", "Lò Thị B", None)


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"questions": [FAMILY[0], FAMILY[0]]}, "stand twice: ten"),
        (
            {"questions": [FAMILY[0] | {"sensitive": True}]},
            "no `sensitive` of its own",
        ),
        ({"questions": [FAMILY[0] | {"relevant": "${x} = '1'"}]}, "no `relevant`"),
        ({"least": 3, "most": 2}, "swap them"),
        ({"most": 21}, "less than or equal to 20"),
        ({"questions": [{"type": "image", "name": "a", "label": LABEL}]}, "image"),
    ],
)
def test_a_repeat_that_cannot_work_is_refused(change, mistake):
    with pytest.raises(ValidationError, match=mistake):
        Repeat(**{"name": "nha", "label": LABEL, "questions": FAMILY} | change)
