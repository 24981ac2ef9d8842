"""pyxform, which ODK and KoboToolbox read workbooks with, understands ours as we meant them."""

import io
from xml.etree import ElementTree

import pytest
from kinds import every_kind
from pyxform.xls2xform import convert

from forms.gallery import gallery
from forms.xlsform import write_workbook

X = "{http://www.w3.org/2002/xforms}"
OURS = "{urn:phieu-cong-doan}"


def converted(definition):
    return convert(io.BytesIO(write_workbook(definition)), file_type=".xlsx", validate=False)


def binds(definition):
    root = ElementTree.fromstring(converted(definition).xform)  # noqa: S314 - pyxform made it
    return {bind.get("nodeset").rsplit("/", 1)[1]: bind for bind in root.iter(f"{X}bind")}


@pytest.mark.parametrize("name", gallery())
def test_a_ready_made_form_is_read_without_a_warning(name):
    result = converted(gallery()[name])

    assert result.warnings == []


@pytest.mark.parametrize("name", gallery())
def test_no_column_of_ours_takes_away_what_odk_must_know(name):
    definition, found = gallery()[name], binds(gallery()[name])

    for question in definition.questions:
        if question.control != "repeat":
            assert found[question.name].get("type"), question.name
        if question.required and question.asks:
            assert found[question.name].get("required"), question.name
        if question.relevant:
            assert found[question.name].get("relevant"), question.name


def test_every_kind_has_its_nearest_type_and_its_own_name_beside_it():
    found = binds(every_kind())

    kinds = {
        name: (bind.get("type"), bind.get(f"{OURS}kind"))
        for name, bind in found.items()
        if bind.get(f"{OURS}kind")
    }
    assert kinds == {
        "dien_thoai": ("string", "phone"),
        "so_cccd": ("string", "citizen_id"),
        "luong": ("int", "money"),
        "dy_nhay_cam": ("string", "consent"),
        "dong_y": ("string", "consent"),
    }
    assert found["giay_to"].get("type") == "binary"
    assert found["giay_to"].get(f"{OURS}pdf") == "true"


def test_conditions_bounds_and_requirements_are_told_to_odk():
    found = binds(every_kind())

    assert found["ho_ten"].get("required") == "true()"
    assert found["vi_sao"].get("relevant").endswith("/ca_lam  = 'dem'")
    assert found["so_con"].get("constraint") == ". >= 0 and . <= 15"
    assert found["ca_lam_other"].get("relevant").endswith("= 'khac'")
    assert "coalesce(" in found["ho_tro"].get("calculate")
