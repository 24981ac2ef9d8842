"""The export table: columns decided by the versions, one row per response, nothing shifted."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from export.table import MASK, META, META_LABELS, Style, Table, merged_questions
from forms.definition import Definition
from forms.gallery import gallery
from forms.response import Response
from forms.types import Value

SENT = datetime(2026, 11, 24, 8, 5, 9, tzinfo=timezone(timedelta(hours=7)))
OURS = ["Mã biên nhận", "Mã đơn vị", "Đơn vị", "Nơi", "Gửi lúc", "Ngôn ngữ", "Phiên bản"]
OURS += ["Trạng thái", "Lưu ý"]
VIETNAMESE = dict(zip(META_LABELS.values(), OURS, strict=True))
NAMES = Style()
LABELS = Style(labels="vi")


def question(kind: str, name: str, label: str = "", **settings: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": {"vi": label or name}, **settings}


def choices(*names: str, other: str = "") -> list[dict[str, Any]]:
    return [
        {"name": name, "label": {"vi": name.replace("_", " ").title()}, "other": name == other}
        for name in names
    ]


def definition(*questions: Mapping[str, Any], anonymous: bool = False) -> Definition:
    words = {"vi": "Phiếu"}
    return Definition.model_validate(
        {
            "id": "f1",
            **dict.fromkeys(("title", "summary", "promise", "next_steps", "closing"), words),
            "notice": {"summary": words},
            "sections": [{"questions": list(questions)}],
            "anonymous": anonymous,
        }
    )


def response(answers: Mapping[str, Value] | None = None, **changes: Any) -> Response:
    kept: dict[str, Any] = dict.fromkeys(("id", "instance", "content", "point"), "hidden")
    kept |= {"definition": "f1", "version": 1, "unit": "012-che", "place": "Cổng chính"}
    kept |= {"receipt": "7FKGHJ2345678", "submitted_at": SENT, "language": "vi"}
    kept["answers"] = answers or {}
    return Response(**kept | changes)


def table(versions: Sequence[Definition], style: Style = NAMES) -> Table:
    return Table(
        versions,
        style,
        unit_name={"012-che": "Công ty Chè"}.__getitem__,
        translate=VIETNAMESE.__getitem__,
    )


def questions_part(versions: Sequence[Definition], style: Style = NAMES) -> list[str]:
    return table(versions, style).header()[len(META) :]


def cells(
    versions: Sequence[Definition], answers: Mapping[str, Value], style: Style = NAMES
) -> dict[str, Any]:
    made = table(versions, style)
    (row,) = made.rows([response(answers)])
    return dict(zip(made.header(), row, strict=True))


SENSITIVE = (
    question("text", "benh", "Bệnh", sensitive=True),
    question("consent", "dong_y", "Tôi đồng ý", purpose="sensitive"),
)


@pytest.mark.parametrize("form", ["f21", "f28", "f51"])
def test_columns_are_ours_then_the_questions_in_order(form):
    kept = gallery()[form]

    header = Table([kept], Style(), unit_name=str).header()

    assert ",".join(header[:9]) == (
        "_receipt,_unit,_unit_name,_place,_submitted_at,_lang,_version,_state,_flags"
    )
    assert header[9:] == [q.name for q in kept.asking]


def test_a_row_tells_where_when_and_how_a_response_came():
    flags = {"flags": ("late", "sdt:landline"), "state": "new", "version": 3}
    (row,) = table([definition(question("text", "a"))]).rows([response({"a": "Chè"}, **flags)])

    assert row[:4] == ["7FKGHJ2345678", "012-che", "Công ty Chè", "Cổng chính"]
    assert row[4:8] == ["2026-11-24T08:05:09+07:00", "vi", 3, "new"]
    assert row[8:] == ["late;sdt:landline", "Chè"]


def test_place_and_flags_that_are_missing_are_empty_cells():
    (row,) = table([definition(question("text", "a"))]).rows([response(place="")])

    assert (row[3], row[8], row[9]) == (None, None, None)


def test_notes_have_no_column_and_companions_stand_behind_their_question():
    kept = definition(
        question("note", "loi_dan"),
        question("select_one", "ca", choices=choices("sang", "khac", other="khac")),
        question("text", "gop_y"),
    )

    row = cells([kept], {"ca": "khac", "ca_other": "gãy", "gop_y": "ngon"})

    assert list(row.items())[9:] == [("ca", "khac"), ("ca_other", "gãy"), ("gop_y", "ngon")]


def test_versions_are_united_by_name_and_nothing_shifts():
    old = definition(
        question("text", "ten"), question("text", "bo_phan"), question("integer", "tuoi")
    )
    new = definition(
        question("integer", "tuoi"), question("text", "que"), question("text", "ten", "Họ tên")
    )

    first = cells([old, new], {"ten": "Lò A", "bo_phan": "Tổ 1", "tuoi": 30})
    second = cells([old, new], {"tuoi": 31, "que": "Sìn Hồ", "ten": "Vàng B"})

    assert questions_part([old, new]) == ["tuoi", "que", "ten", "bo_phan"]
    assert list(first.values())[9:] == [30, None, "Lò A", "Tổ 1"]
    assert list(second.values())[9:] == [31, "Sìn Hồ", "Vàng B", None]


def test_the_newest_version_names_a_question():
    old, new = definition(question("text", "a", "Cũ")), definition(question("text", "a", "Mới"))

    assert questions_part([old, new], LABELS) == ["Mới"]
    assert questions_part([new, old], LABELS) == ["Cũ"]


def test_a_choice_that_is_gone_keeps_its_column_and_its_label():
    old = definition(question("select_multiple", "qua", choices=choices("gao", "dau_an", "duong")))
    new = definition(question("select_multiple", "qua", choices=choices("duong", "gao", "tien")))
    versions, answers = [old, new], {"qua": ["gao", "dau_an"]}

    columns = ["qua", "qua/duong", "qua/gao", "qua/tien", "qua/dau_an"]

    assert questions_part(versions, Style(split=True)) == columns
    row = list(cells(versions, answers, Style(split=True)).values())[9:]
    assert row == ["gao;dau_an", None, 1, None, 1]
    assert cells(versions, answers, LABELS)["qua"] == "Gao;Dau An"


def test_a_removed_other_keeps_the_column_of_what_was_said():
    old = definition(question("select_one", "ca", choices=choices("sang", "khac", other="khac")))
    new = definition(question("select_one", "ca", choices=choices("sang", "toi", other="toi")))
    gone = definition(question("select_one", "ca", choices=choices("sang")))
    answers = {"ca": "khac", "ca_other": "ca gãy"}

    merged, said = merged_questions([old, new])

    assert [c.name for c in getattr(merged, "choices", ()) if c.other] == ["toi"]
    assert said.name == "ca_other"
    assert cells([old, new], answers)["ca_other"] == "ca gãy"
    assert questions_part([old, gone]) == ["ca", "ca_other"]
    assert cells([old, gone], answers, LABELS)["ca"] == "Khac"


def test_a_question_that_was_dropped_and_came_back_has_one_column():
    with_a, without = definition(question("text", "a")), definition(question("text", "b"))

    assert [q.name for q in merged_questions([with_a, without, with_a])] == ["a", "b"]


def test_sensitive_answers_are_masked_unless_asked_for():
    kept = definition(*SENSITIVE)
    answers: dict[str, Value] = {"benh": "tim", "dong_y": 1}

    assert cells([kept], answers)["benh"] == MASK == "***"
    assert cells([kept], answers)["dong_y"] == 1
    assert cells([kept], answers, Style(sensitive=True))["benh"] == "tim"
    assert cells([kept], {})["benh"] is None


def test_every_split_column_of_a_sensitive_question_is_masked_and_its_other_too():
    several = choices("om", "ngheo", "khac", other="khac")
    kept = definition(
        question("select_multiple", "hc", choices=several, sensitive=True), SENSITIVE[1]
    )
    answers: dict[str, Value] = {"hc": ["om", "khac"], "hc_other": "mới sinh"}

    row = list(cells([kept], answers, Style(split=True)).values())[9:]

    assert row == [MASK, MASK, MASK, MASK, MASK, None]


@pytest.mark.parametrize("order", [1, -1])
def test_what_any_version_asked_as_sensitive_stays_masked(order):
    marked, plain = definition(*SENSITIVE), definition(question("text", "benh", "Bệnh"))

    assert cells([marked, plain][::order], {"benh": "tim"})["benh"] == MASK


def test_labels_mode_speaks_vietnamese_and_writes_dates_as_people_do():
    kept = definition(
        question("select_one", "ca", "Ca nào?", choices=choices("ca_sang", "ca_dem")),
        question("select_multiple", "qua", "Quà gì?", choices=choices("gao", "dau_an")),
        question("date", "sinh", "Ngày sinh", year_only=True),
        question("month", "thang", "Tháng"),
    )
    answers: dict[str, Value] = {"ca": "ca_dem", "qua": ["gao", "dau_an"]}
    answers |= {"sinh": "1992-09-05", "thang": "2026-11"}

    row = cells([kept], answers, LABELS)

    assert list(row)[:9] == OURS
    assert list(row)[9:] == ["Ca nào?", "Quà gì?", "Ngày sinh", "Tháng"]
    assert list(row.values())[9:] == ["Ca Dem", "Gao;Dau An", "05/09/1992", "11/2026"]
    assert row["Gửi lúc"] == "24/11/2026 08:05"
    assert cells([kept], {"sinh": "1992"}, LABELS)["Ngày sinh"] == "1992"


def test_names_mode_keeps_choice_names_and_iso_dates():
    kept = definition(
        question("select_multiple", "qua", choices=choices("gao", "dau_an")),
        question("date", "sinh"),
    )

    row = cells([kept], {"qua": ["gao", "dau_an"], "sinh": "1992-09-05"})

    assert (row["qua"], row["sinh"]) == ("gao;dau_an", "1992-09-05")


def test_labels_that_stand_twice_get_their_names_behind():
    kept = definition(
        question("text", "a", "Ghi chú"), question("text", "b", "Ghi chú"), question("text", "c")
    )

    assert questions_part([kept], LABELS) == ["Ghi chú (a)", "Ghi chú (b)", "c"]


def test_a_label_like_one_of_our_own_gets_its_name_behind_and_so_does_ours():
    header = table([definition(question("text", "dv", "Đơn vị"))], LABELS).header()

    assert (header[2], header[9]) == ("Đơn vị (_unit_name)", "Đơn vị (dv)")


def test_an_answer_that_names_no_choice_is_not_lost_between_the_ticks():
    kept = definition(question("select_multiple", "qua", choices=choices("gao", "tien")))

    row = list(cells([kept], {"qua": "gạo nếp"}, Style(split=True)).values())[9:]

    assert row == ["gạo nếp", None, None]


def test_split_headings_name_question_and_choice():
    kept = definition(question("select_multiple", "qua", "Quà", choices=choices("gao", "tien")))

    assert questions_part([kept], Style(labels="vi", split=True)) == [
        "Quà",
        "Quà / Gao",
        "Quà / Tien",
    ]


def test_an_anonymous_definition_leaves_without_receipts():
    (row,) = table([definition(question("text", "a"), anonymous=True)]).rows([response({"a": "x"})])

    assert row[0] is None
    assert "7FKGHJ2345678" not in row
    assert row[1:3] == ["012-che", "Công ty Chè"]


def test_ticks_are_one_or_empty():
    kept = definition(question("consent", "a"), question("consent", "b"))

    assert list(cells([kept], {"a": 1}).values())[9:] == [1, None]


def test_numbers_stay_numbers_and_ids_stay_text():
    kept = definition(
        question("integer", "so"),
        question("decimal", "he_so"),
        question("money", "tien"),
        question("citizen_id", "cccd"),
        question("phone", "dt"),
    )
    answers: dict[str, Value] = {"so": -5, "he_so": 2.5, "tien": 0}
    answers |= {"cccd": "012092001234", "dt": "0912345678"}

    assert list(cells([kept], answers).values())[9:] == list(answers.values())


@pytest.mark.parametrize("style", [NAMES, LABELS], ids=["names", "labels"])
@pytest.mark.parametrize(
    "kind", ["integer", "decimal", "money", "date", "month", "rating", "consent", "phone"]
)
def test_a_broken_answer_from_a_queue_is_exported_as_it_came(kind, style):
    kept = definition(question(kind, "a"))

    assert cells([kept], {"a": "31/02/19x"}, style)["a"] == "31/02/19x"


@pytest.mark.parametrize("style", [NAMES, LABELS], ids=["names", "labels"])
@pytest.mark.parametrize("kind", ["select_one", "list", "select_multiple"])
def test_a_broken_choice_from_a_queue_is_exported_as_it_came(kind, style):
    kept = definition(question(kind, "a", choices=choices("gao", "tien")))

    assert cells([kept], {"a": "vàng; gao"}, style)["a"] == "vàng; gao"
