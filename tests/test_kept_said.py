"""What a notice says of how long: it follows the form's period, and is held against it."""

import pytest

from forms.editing import EditError, Inputs, Kept, act
from forms.editing.fresh import empty_form
from forms.editing.plain import as_plain
from forms.findings import Place
from forms.gallery import gallery
from forms.kept_said import disagreements
from forms.preflight import preflight
from forms.reading import build_definition
from forms.retention import Retention, in_words

PERIODS = [
    {"after": "never"},
    {"after": "submitted", "days": 30},
    {"after": "closing", "days": 365},
    {"after": "settled", "days": 1825},
]


def kept(plain, period):
    inputs = Inputs.of(after=period["after"], days=str(period.get("days", "")))
    return act(plain, Kept(), "kept", inputs)


def with_notice(vi, en=""):
    plain = as_plain(gallery()["f22"])
    plain["notice"]["parts"] = [
        {"heading": {"vi": "Lưu", "en": "Kept"}, "text": {"vi": vi, "en": en or "x"}}
    ]
    return plain


@pytest.mark.parametrize("period", PERIODS, ids=lambda p: f"{p['after']}-{p.get('days')}")
@pytest.mark.parametrize("form", list(gallery()))
def test_every_notice_follows_every_period_and_back(form, period):
    whole = as_plain(gallery()[form])

    changed = kept(whole, period)
    definition = build_definition(changed)
    back = kept(changed, whole.get("retention", {"after": "closing", "days": 365}))

    assert definition.kept == Retention.model_validate(period)
    for language in ("vi", "en"):
        said = " ".join(part.text.into(language) for part in definition.notice.parts)
        assert in_words(definition.kept, language) in said
    assert list(disagreements(changed)) == list(disagreements(back)) == []


def test_a_period_that_becomes_endless_is_not_followed_by_deleting():
    plain = kept(with_notice("Lưu tại Việt Nam. Giữ 12 tháng, rồi xóa."), PERIODS[0])

    (part,) = plain["notice"]["parts"]
    assert part["text"]["vi"] == "Lưu tại Việt Nam. Giữ lâu dài."
    assert part["text"]["en"] == "x It is kept without limit."


@pytest.mark.parametrize(
    ("vi", "said"),
    [
        ("Giữ 3 năm, rồi xóa.", "3 năm"),
        ("Phiếu được xóa sau 90 ngày.", "90 ngày"),
        ("Lưu 6 tháng kể từ khi đóng.", "6 tháng"),
        ("Giữ 365 ngày, rồi xóa.", None),
        ("Giữ 1 năm, rồi xóa.", None),
        ("Giữ 12 tháng. Trả lời trong 10 ngày.", None),
        ("Giữ 12 tháng; xóa theo yêu cầu trong 2 ngày làm việc.", None),
    ],
)
def test_only_another_period_in_a_sentence_about_keeping_is_an_error(vi, said):
    found = [f for f in preflight(with_notice(vi)) if f.severity == "error"]

    assert [(f.values["said"], f.place) for f in found] == ([(said, Place("kept"))] if said else [])


def test_an_english_notice_is_held_against_the_period_too():
    (found,) = disagreements(with_notice("Giữ 12 tháng.", "It is kept for 5 years."))

    assert (found.values["said"], found.values["language"]) == ("5 years", "en")


def test_a_notice_that_says_nothing_of_it_is_worth_a_look_and_gets_a_part():
    silent = with_notice("Công đoàn dùng để xét.")
    (found,) = disagreements(silent)

    said = kept(silent, {"after": "submitted", "days": 90})["notice"]["parts"]

    assert found.severity == "warning"
    assert said[1]["heading"] == {"vi": "Lưu bao lâu", "en": "How long it is kept"}
    assert said[1]["text"]["vi"] == "Giữ 90 ngày kể từ ngày gửi, rồi xóa."


@pytest.mark.parametrize(
    ("after", "days", "field"),
    [("submitted", "", "days"), ("submitted", "0", "days"), ("closing", "9999", "days"),
     ("submitted", "x", "days"), ("sometime", "90", "after")],
)  # fmt: skip
def test_a_period_that_cannot_be_is_refused(after, days, field):
    with pytest.raises(EditError) as caught:
        act(as_plain(gallery()["f22"]), Kept(), "kept", Inputs.of(after=after, days=days))

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("text", "gap"),
    [("Dùng để [ghi rõ việc gì].", "[ghi rõ việc gì]"), ("Xem […].", "[…]"), ("[...]", "[...]"),
     ("Mục có dấu [S]", None), ("Số (điền sau) 5", None)],
)  # fmt: skip
def test_a_place_to_complete_keeps_a_form_back(text, gap):
    plain = as_plain(gallery()["f22"])
    plain["sections"][0]["questions"][0]["hint"] = {"vi": text, "en": "x"}

    errors = [f for f in preflight(plain) if f.severity == "error"]

    name = plain["sections"][0]["questions"][0]["name"]
    assert [(f.values["gap"], f.place) for f in errors] == (
        [(gap, Place("question", name))] if gap else []
    )


def test_the_notice_of_an_empty_form_has_one_place_to_complete():
    errors = [f for f in preflight(empty_form("Khảo sát")) if "gap" in f.values]

    assert [f.place for f in errors] == [Place("notice")]
