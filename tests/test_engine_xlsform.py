"""pyxform and ODK Validate, with JavaRosa inside, take what we write, without one warning."""

import io
import shutil

import pytest
from kinds import every_kind
from pyxform.xls2xform import convert
from test_filtered_choices import places

from forms.gallery import gallery
from forms.xlsform import write_workbook

pytestmark = pytest.mark.engines


def judged(definition):
    assert shutil.which("java"), "no Java: sudo apt install -y openjdk-17-jdk-headless"
    return convert(io.BytesIO(write_workbook(definition)), file_type=".xlsx", validate=True)


@pytest.mark.parametrize("name", gallery())
def test_odk_takes_every_ready_made_form(name):
    result = judged(gallery()[name])

    assert result.warnings == []
    assert result.xform.count("<h:html") == 1


@pytest.mark.parametrize("kind", ["select_one", "list", "select_multiple"])
def test_odk_takes_choices_that_go_with_an_answer(kind):
    result = judged(places(kind))

    assert result.warnings == []
    assert "instance('xa')/root/item[selected(thuoc,  /" in result.xform


def test_odk_takes_every_kind_of_question():
    assert judged(every_kind(steps=True)).warnings == []
