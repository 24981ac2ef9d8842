"""What changed between two forms, in words: everything that changes is told, and nothing else."""

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_editing import ACT, NOTHING, begun, done

from forms.differences import differences
from forms.editing import EditError, Inputs, act
from forms.editing.plain import as_plain, questions
from forms.gallery import gallery
from views.builder.words import difference_rows


@pytest.fixture
def told(world):
    def tell(before, after, language="vi"):
        with world.app.test_request_context(), force_locale(language):
            return difference_rows(differences(before, after))

    return tell


def test_the_same_form_has_no_difference(told):
    assert told(begun(), begun()) == []


@pytest.mark.parametrize(
    ("what", "values", "said"),
    [
        ("edit", {"name": "ho_ten", "label__vi": "Tên"}, "nay ghi là “Tên” (Tiếng Việt)"),
        ("edit", {"name": "ho_ten", "hint__vi": "Mới"}, "Đổi gợi ý của “Họ và tên"),
        ("edit", {"name": "so_cccd", "settings": "1", "required": ""}, "nay có thể bỏ trống"),
        ("edit", {"name": "bo_phan", "settings": "1", "required": "1"}, "nay bắt buộc"),
        ("edit", {"name": "bo_phan", "settings": "1", "sensitive": "1"}, "được đánh dấu nhạy cảm"),
        ("edit", {"name": "bo_phan", "settings": "1", "longest": "9"}, "Đổi giới hạn"),
        ("hide", {"name": "bo_phan"}, "không còn hỏi nữa"),
        ("remove", {"name": "bo_phan"}, "Bỏ câu hỏi “Phân xưởng, tổ, đội”"),
        ("add", {"kind": "text", "after": "ho_ten", "label__vi": "Ca"}, "Thêm câu hỏi “Ca”"),
        ("move", {"name": "ho_ten", "way": "down"}, "chuyển chỗ"),
        ("move", {"name": "ho_ten", "section": "1"}, "chuyển sang phần “Chợ Tết”"),
        ("condition", {"name": "bo_phan", "question__0": "ho_ten", "comparison__0": "is",
                       "value__0": "x"}, "hỏi khi “Họ và tên (đúng như trên căn cước)” là “x”"),
        ("paste_choices", {"name": "hinh_thuc", "list": "Trực tuyến\nGửi hộ"},
         "có thêm lựa chọn “Gửi hộ”"),
        ("move_choice", {"name": "hinh_thuc", "choice": "truc_tuyen", "way": "down"},
         "Đổi thứ tự các lựa chọn"),
        ("texts", {"title__vi": "Chợ Tết"}, "Đổi tên biểu mẫu (Tiếng Việt)"),
        ("texts", {"minutes": "9"}, "nay hứa 9 phút thay vì 3 phút"),
        ("notice", {"summary__vi": "Khác."}, "đồng ý theo thông báo mới"),
        ("add_language", {"language": "hmn"}, "Nay đọc được biểu mẫu bằng hmn"),
        ("remove_language", {"language": "en"}, "Không còn đọc được biểu mẫu bằng English"),
        ("add_section", {}, "Thêm phần “Phần mới”"),
        ("section", {"section": "0", "title__vi": "Anh chị là ai"}, "nay gọi là “Anh chị là ai”"),
        ("move_section", {"section": "0", "way": "down"}, "Đổi thứ tự các phần"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(told, what, values, said):
    after = done(what, **values)

    rows = told(begun(), after)

    assert any(said in row for row in rows), rows
    assert len(rows) <= 3
    assert told(begun(), after, "en")


def test_one_moved_question_is_one_difference(told):
    asked = [question["name"] for question in begun()["sections"][1]["questions"]]

    rows = told(begun(), done("move", name=asked[-1], after=asked[0]))

    assert len(rows) == 1


def test_taking_a_change_back_says_the_opposite(told):
    after = done("hide", name="bo_phan")

    assert "được hỏi lại" in told(after, begun())[0]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACT, min_size=1, max_size=5))
def test_whatever_changes_is_told(told, acts):
    plain = begun()
    for what, values in acts:
        try:
            plain = act(plain, NOTHING, what, Inputs({n: (v,) for n, v in values.items()}))
        except EditError:
            continue

    rows = told(begun(), plain)

    assert bool(rows) is (plain != begun())
    assert all("%(" not in row and "\n" not in row.strip() for row in rows)


def test_two_quite_different_forms_are_compared(told):
    one, other = as_plain(gallery()["f28"]), as_plain(gallery()["f22"])

    rows = told(one, other)

    assert len(rows) > len(list(questions(one)))
