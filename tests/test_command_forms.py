"""Forms as files from the command line: out as a workbook, in again, published; refusals."""

import json

import openpyxl
import pytest
from command import command_line
from xlsforms import TYPE, xlsform

from forms.editing.plain import as_plain
from forms.gallery import gallery


@pytest.fixture
def run(config, tmp_path):
    return command_line(config, tmp_path)


def written(path, content):
    path.write_bytes(content)
    return str(path)


PLAIN = xlsform(
    [TYPE, ("text", "ho_ten", "Họ và tên"), ("geopoint", "vi_tri", "Vị trí")],
    settings={"form_title": "Khảo sát nhà trọ", "form_id": "nha-tro"},
)


def test_a_foreign_form_is_imported_listed_published_and_exported(run, tmp_path):
    file = written(tmp_path / "nha-tro.xlsx", PLAIN)

    told = run.told(f"form import {file}")
    listed = run.told("form list")
    published = run.told("form publish nha-tro --unit root")

    assert (told["definition"], told["questions"]) == ("nha-tro", 1)
    assert {"sheet": "survey", "row": 3, "column": "type"}.items() <= told["findings"][0].items()
    assert "Bỏ qua" in told["findings"][0]["instead"]
    assert [(form["definition"], form["version"]) for form in listed] == [("nha-tro", 0)]
    assert published["version"] == 1
    assert len(run.told("form list")) == 1
    run.told(f"form export nha-tro {tmp_path}/out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == [
        "survey",
        "choices",
        "settings",
        "phieu",
    ]


def test_a_ready_made_form_that_comes_back_is_a_form_of_ones_own(run, tmp_path):
    run.told(f"form export F28 {tmp_path}/f28.xlsx")

    told = run.told(f"form import {tmp_path}/f28.xlsx")

    assert told == {
        "definition": "f28-2",
        "questions": len(gallery()["f28"].asking),
        "findings": [],
    }
    assert run.told("form publish F28-2 --unit root")["definition"] == "f28-2"


def test_a_published_form_that_comes_back_is_its_next_version(run, tmp_path):
    run.told(f"form import {written(tmp_path / 'a.xlsx', PLAIN)}")
    run.told("form publish nha-tro --unit root")
    run.told(f"form export nha-tro {tmp_path}/out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    book["survey"]["C3"] = "Họ, đệm và tên"
    book.save(tmp_path / "out.xlsx")

    told = run.told(f"form import {tmp_path}/out.xlsx")
    same = run.told("form publish nha-tro --unit root")
    new = run.told("form publish nha-tro --unit root --draft")

    assert told["definition"] == "nha-tro"
    assert (same["version"], new["version"]) == (1, 2)
    store = run.store()
    label = store.versions.get("nha-tro@2").definition.questions[0].label
    store.close()
    assert label.into("vi") == "Họ, đệm và tên"


def test_a_wrong_unit_leaves_the_draft_a_draft(run, tmp_path):
    run.told(f"form import {written(tmp_path / 'a.xlsx', PLAIN)}")

    refused = run("form publish nha-tro --unit khong-co")

    assert refused.exit_code == 1
    assert [form["version"] for form in run.told("form list")] == [0]


def test_a_definition_in_yaml_is_imported_too(run, tmp_path):
    plain = as_plain(gallery()["f28"]) | {"id": "bua-an", "code": ""}
    file = written(tmp_path / "bua-an.yaml", json.dumps(plain).encode())

    assert run.told(f"form import {file}")["definition"] == "bua-an"


@pytest.mark.parametrize("command", ["form import", "form validate"])
def test_what_must_be_corrected_is_told_and_nothing_is_kept(run, tmp_path, command):
    broken = xlsform([TYPE, ("begin group", "g", "Nhóm"), ("text", "a", "A")])
    file = written(tmp_path / "x.xlsx", broken)

    refused = run(f"{command} {file}")
    told = run(f"{command} {file} --json")

    assert refused.exit_code == told.exit_code == 1
    assert "survey 2 type: Nhóm hoặc nhóm lặp này chưa có dòng kết thúc." in refused.stderr
    assert json.loads(told.stdout)["definition"] is None
    assert run.told("form list") == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xlsx", b"PK", "không phải bảng tính"),
        ("x.xls", PLAIN, "chọn tệp .xlsx"),
        ("x.yaml", b"\xff", "not UTF-8"),
    ],
)
def test_files_that_are_no_forms_are_refused(run, tmp_path, name, content, said):
    refused = run(f"form import {written(tmp_path / name, content)}")

    assert refused.exit_code == 1
    assert said in refused.stderr


def test_an_export_needs_the_right_ending_and_a_form_there_is(run, tmp_path):
    assert run(f"form export f28 {tmp_path}/x.csv").exit_code == 2
    assert run(f"form export khong-co {tmp_path}/x.xlsx").exit_code == 1
    assert "không có bản nháp" in run(f"form export f28 {tmp_path}/x.xlsx --draft").stderr
    assert not list(tmp_path.glob("x.*"))
