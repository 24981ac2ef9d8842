"""How long a form says that responses are kept: one value for the machine and for the notice."""

import re

import pytest
import yaml

from forms.definition import Definition
from forms.gallery import FOLDER, gallery
from forms.reading import DefinitionError, build_definition
from forms.retention import (
    DEFAULT,
    LONGEST,
    UNLIMITED,
    Retention,
    days_in_words,
    in_words,
)

FORMS = sorted(gallery())


def plain(form: str) -> dict[str, object]:
    """A gallery form as JSON of its own, complete."""
    return gallery()[form].model_dump(mode="json", exclude_defaults=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_notice_says_exactly_the_period_by_which_the_server_erases(form, language):
    definition = gallery()[form]
    said = [part.text.into(language) for part in definition.notice.parts]

    assert definition.retention is not None
    assert len([text for text in said if in_words(definition.kept, language) in text]) == 1
    assert not any("{kept}" in text for text in said)


@pytest.mark.parametrize("form", FORMS)
def test_no_notice_names_another_period(form):
    text = " ".join(part.text.into("vi") for part in gallery()[form].notice.parts)

    told = re.findall(r"\d+ (?:tháng|năm)\b|\b90 ngày", text)
    days = gallery()[form].kept.days
    assert told == ([days_in_words(days, "vi")] if days else [])


def test_all_35_files_state_it_and_none_writes_the_words_itself():
    for path in FOLDER.glob("f*.yaml"):
        written = yaml.safe_load(path.read_text("utf-8"))
        assert "retention" in written, path.name
        assert "kept" not in written["notice"], path.name
    assert len(FORMS) == 35


def test_a_notice_that_writes_its_own_words_is_refused(tmp_path):
    from forms.gallery import SHARED, _Gallery

    text = (FOLDER / "f22.yaml").read_text("utf-8")
    changed = text.replace("  refusing:", "  kept: {vi: mãi mãi, en: for ever}\n  refusing:", 1)
    (tmp_path / "f22.yaml").write_text(changed, "utf-8")
    (tmp_path / SHARED).write_text((FOLDER / SHARED).read_text("utf-8"), "utf-8")

    with pytest.raises(DefinitionError, match=r"notice.kept: is said by `retention`"):
        _Gallery(tmp_path)["f22"]


def test_enrolment_campaigns_and_anonymous_forms_are_kept_as_the_law_part_says():
    assert gallery()["f51"].kept == Retention(after="exported", days=90)
    assert gallery()["f22"].kept == Retention(after="closing", days=365)
    for form in gallery().values():
        if form.anonymous:
            assert form.kept == UNLIMITED


@pytest.mark.parametrize(
    ("days", "vi", "en"),
    [
        (1, "1 ngày", "1 day"),
        (90, "90 ngày", "90 days"),
        (365, "12 tháng", "12 months"),
        (730, "24 tháng", "24 months"),
        (1_825, "5 năm", "5 years"),
        (366, "366 ngày", "366 days"),
    ],
)
def test_days_are_said_as_people_say_them(days, vi, en):
    assert (days_in_words(days, "vi"), days_in_words(days, "en")) == (vi, en)
    assert days_in_words(days, "hmn") == vi


@pytest.mark.parametrize("days", [0, -1, 99_999, LONGEST + 1, None, "soon", 1.5])
def test_a_period_that_is_none_is_told_at_its_place(days):
    with pytest.raises(DefinitionError, match="retention"):
        build_definition(plain("f22") | {"retention": {"after": "closing", "days": days}})


def test_without_limit_there_are_no_days_and_no_other_beginnings():
    for wrong in ({"after": "never", "days": 3}, {"after": "birth", "days": 3}, {"days": 3}):
        with pytest.raises(DefinitionError, match="retention"):
            build_definition(plain("f22") | {"retention": wrong})


def test_a_form_that_says_nothing_keeps_a_campaign_for_a_year_and_anonymous_answers():
    named = build_definition({k: v for k, v in plain("f22").items() if k != "retention"})
    unnamed = build_definition({k: v for k, v in plain("f28").items() if k != "retention"})

    assert (named.kept, unnamed.kept) == (DEFAULT, UNLIMITED)


def test_the_period_travels_with_the_version():
    again = Definition.model_validate(plain("f51"))

    assert again.retention == gallery()["f51"].retention
