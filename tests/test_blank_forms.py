"""The blank form as PDF: all texts are in it, its code scans, strange signs are refused."""

import io
import re
import unicodedata

import pypdfium2
import pytest
import zxingcpp
from conftest import World
from pypdf import PdfReader
from serving import Installation

from export.papers import BlankForm, blank_form
from export.sheet import Unprintable, printable
from forms.definition import Definition
from forms.gallery import gallery
from qr.images import matrix
from services.organization.unit_acts import merging
from services.organization.units import decide, tree_of

NAMES = {"organization": "LĐLĐ tỉnh Lai Châu", "contact": "0213 3 878 436"}


def paper(definition: Definition, language: str = "vi", **changed: str) -> bytes:
    told = {"unit_name": "CĐCS Thủy điện Nậm Na 3", "place": "Nhà ăn ca"} | changed
    code = matrix("http://phieu.example/Q/7FK722")
    form = BlankForm(definition, language, NAMES, code="7FK 722", qr=code, translate=str, **told)
    return blank_form(form)


def words(content: bytes) -> str:
    """All text, without the line breaks that wrapping made."""
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("form", gallery())
def test_every_question_choice_and_notice_is_on_the_paper(form: str, language: str) -> None:
    definition = gallery()[form]

    text = words(paper(definition, language))

    parts = [definition.title, *(q.label for q in definition.questions)]
    parts += [part.heading for part in definition.notice.parts]
    for question in definition.asking:
        if question.control in ("choice", "choices"):
            parts += [choice.label for choice in question.choices]  # type: ignore[attr-defined]
    for part in parts:
        assert squeezed(part.into(language)) in text
    for notice in definition.notice.parts:
        assert squeezed(notice.text.filled(language, NAMES)) in text


def test_unit_place_code_and_page_numbers_stand_on_it() -> None:
    text = words(paper(gallery()["f21"]))

    assert "CĐCSThủyđiệnNậmNa3" in text
    assert "Nhàănca" in text
    assert text.count("7FK722") == 4  # beside the square code, and at each foot
    assert "Page1of3" in text
    assert "Page3of3" in text


def test_the_code_on_the_paper_is_read_by_a_scanner() -> None:
    page = pypdfium2.PdfDocument(paper(gallery()["f28"]))[0]

    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())

    assert [code.text for code in found] == ["http://phieu.example/Q/7FK722"]


def test_an_anonymous_paper_has_no_place_for_a_signature() -> None:
    assert "Signature" in words(paper(gallery()["f51"]))
    assert "Signature" not in words(paper(gallery()["f28"]))
    assert "donotsignit" in words(paper(gallery()["f28"]))


def test_loose_marks_are_drawn_as_letters() -> None:
    loose = unicodedata.normalize("NFD", "Cụm chế biến Nậm Ngặt")

    assert "CụmchếbiếnNậmNgặt" in words(paper(gallery()["f28"], place=loose))


def test_letters_of_the_highlands_come_from_the_second_font() -> None:
    assert "ƀuônĂĕaHʼleo" in words(paper(gallery()["f28"], place="ƀuôn Ăĕa Hʼleo"))


@pytest.mark.parametrize("text", ["食堂", "กข", "🙂"])
def test_signs_that_no_font_has_are_refused_not_left_out(text: str) -> None:
    with pytest.raises(Unprintable, match=r"U\+"):
        paper(gallery()["f28"], place=text)
    with pytest.raises(Unprintable):
        printable(text)


def test_a_very_long_place_and_unit_stay_on_the_paper() -> None:
    content = paper(gallery()["f28"], unit_name="Công đoàn " * 12, place="Nhà ăn " * 11)

    assert words(content).count("Nhàăn") == 11


def test_everybody_who_may_fill_in_downloads_it(world: World) -> None:
    code, other = world.publish("f21"), world.publish("f21", "che")
    client = world.signed_in("to-truong")

    answer = client.get(f"/points/{code}/blank.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "ĐiềucầnbiếttrướckhiđiềnCôngđoàn" in words(answer.data)
    assert client.get(f"/points/{other}/blank.pdf").status_code == 404
    assert client.get("/points/ZZZZZZ/blank.pdf").status_code == 404


def test_a_place_that_cannot_be_printed_is_said(world: World) -> None:
    code = world.publish("f21", place="食堂")

    answer = world.signed_in("to-truong").get(f"/points/{code}/blank.pdf")

    assert answer.status_code == 422
    assert "Chưa in được phiếu này" in answer.text


def test_the_command_writes_the_same_paper(tmp_path) -> None:
    here = Installation(tmp_path / "data")
    told = here.told("form", "publish", "f28", "--unit", "root", "--place", "Cổng")
    code, file = told["scan_points"][0]["code"], tmp_path / "phieu.pdf"

    done = here.told("form", "blank", code.lower(), "-o", str(file))
    unknown = here.run("form", "blank", "ZZZZZZ", "-o", str(file))
    nowhere = here.run("form", "blank", code, "-o", str(tmp_path / "no" / "x.pdf"))

    assert done == {"file": str(file), "code": code}
    assert "Trang1/2" in words(file.read_bytes())
    assert (unknown.returncode, nowhere.returncode) == (1, 1)
    assert "x.pdf" in nowhere.stderr


def test_the_paper_of_a_merged_unit_names_who_answers_for_it_now(world: World) -> None:
    code = world.publish("f21", unit="nam-na")
    decide(world.store, merging(["nam-na"], "che", world.clock().date()))

    text = words(world.signed_in("quan-tri").get(f"/points/{code}/blank.pdf").data)

    there = tree_of(world.store, world.clock().date())
    assert squeezed(there.name("che")) in text
    assert squeezed(there.name("nam-na")) not in text
