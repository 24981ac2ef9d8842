"""A definition that leaves as a workbook comes back as itself, whatever it holds."""

import pytest
from definitions import definitions, valid
from hypothesis import HealthCheck, assume, given, settings
from kinds import every_kind, made

from forms.gallery import gallery
from forms.xlsform import read_workbook, write_workbook


def again(definition):
    return read_workbook(write_workbook(definition))


@pytest.mark.parametrize("name", gallery())
def test_a_ready_made_form_comes_back_as_itself(name):
    definition = gallery()[name]

    imported = again(definition)

    assert imported.findings == ()
    assert imported.definition.model_dump_json() == definition.model_dump_json()


def test_every_kind_of_question_comes_back_as_itself():
    definition = every_kind(
        steps=True,
        audience="unit",
        once={"per": "unit"},
        flags=[{"when": "${luong} > 9", "code": "luong_cao", "label": {"vi": "Xem lại lương."}}],
    )

    imported = again(definition)

    assert imported.findings == ()
    assert imported.definition == definition


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(definitions())
def test_any_definition_comes_back_as_itself(plain):
    definition = valid(plain)
    assume(definition is not None)

    imported = again(definition)

    assert not any(finding.blocks for finding in imported.findings), imported.findings
    assert imported.definition.model_dump(mode="json") == definition.model_dump(mode="json")


@pytest.mark.parametrize("most", ["", "most: 3", "most: 20"])
def test_a_repeat_keeps_how_many_rows_it_takes(most):
    definition = made(
        "- type: repeat\n  name: nguoi\n  label: {vi: Người, en: Person}\n"
        f"  {most}\n  questions: [{{type: text, name: ten, label: {{vi: Tên, en: Name}}}}]"
    )

    assert again(definition).definition == definition
