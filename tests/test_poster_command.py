"""flask poster: one file for all scan points of a form, refusals in words, never half a file."""

from dataclasses import replace

import pytest
from command import command_line
from printed import codes, page_sizes, texts


@pytest.fixture
def run(config, tmp_path):
    run = command_line(config, tmp_path)
    run("form publish f28 --unit root --place Cổng")
    units = tmp_path / "units.csv"
    units.write_text("id,name,parent,kind\nnam-na,CĐCS Nậm Na,root,enterprise\n", "utf-8")
    run(["unit", "import", units])
    run(["form", "publish", "F28", "--unit", "nam-na", "--place", "Nhà ăn"])
    return run


def test_all_posters_of_a_form_are_one_file(run, tmp_path):
    file = tmp_path / "poster.pdf"

    told = run.told(["poster", "F28", "-o", file])

    content = file.read_bytes()
    assert told == {"file": str(file), "size": "a4", "posters": 2}
    assert page_sizes(content) == {(210, 297): 2}
    [points] = [form["scan_points"] for form in run.told("form list")]
    assert {page[0] for page in codes(content, 100)} == {point["url"] for point in points}
    assert "Bữa ăn hôm nay thế nào?" in texts(content)[0]
    assert "Quét" in texts(content)[0]  # Vietnamese, as everything that hangs on a wall


def test_a_unit_size_languages_and_a_line_may_be_chosen(run, tmp_path):
    file = tmp_path / "nhan.pdf"

    line = ["poster", "f28", "-o", file, "--unit", "nam-na", "--size", "stickers"]
    told = run.told([*line, "--copies", "3"])
    a6 = run.told(
        ["poster", "f28", "-o", file, "--size", "a6", "--lang", "en", "--line", "Hoʼm 🙂"]
    )

    assert told["posters"] == 3
    assert a6["posters"] == 2
    assert page_sizes(file.read_bytes()) == {(105, 148): 2}
    assert "How was your meal today" in texts(file.read_bytes())[0]
    assert "Hoʼm" in texts(file.read_bytes())[0]


def test_what_is_left_out_is_said(run, tmp_path):
    done = run(["poster", "f28", "-o", tmp_path / "x.pdf", "--line", "Mời 🎉"])

    assert done.exit_code == 0
    assert "🎉" in done.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["f99"], "F99"),
        (["f11"], "Không có điểm quét"),
        (["f28", "--unit", "khong-co"], "khong-co"),
        (["f28", "--lang", "km"], "chỉ có: en"),
        (["f28", "--line", "食"], "U+98DF"),
        (["f28", "--line", "x" * 121], "120"),
        (["f28", "--size", "stickers", "--copies", "100", "--line", "กก"], "U+0E01"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_leaves_no_file(run, tmp_path, words, reason):
    file = tmp_path / "x.pdf"

    done = run(["poster", *words, "-o", file])

    assert done.exit_code == 1
    assert reason.lower() in done.stderr.lower()
    assert not file.exists()


@pytest.mark.parametrize("words", [["--size", "a3"], ["--copies", "0"], ["--copies", "101"]])
def test_wrong_words_are_wrong_usage(run, tmp_path, words):
    assert run(["poster", "f28", "-o", tmp_path / "x.pdf", *words]).exit_code == 2


def test_a_folder_that_is_not_there_is_said(run, tmp_path):
    done = run(["poster", "f28", "-o", tmp_path / "no" / "x.pdf"])

    assert done.exit_code == 1
    assert "x.pdf" in done.stderr


def test_an_address_for_this_machine_only_is_warned_of_and_marked(config, tmp_path):
    run = command_line(replace(config, base_url="http://localhost:8000"), tmp_path)
    run("form publish f28 --unit root")

    done = run(["poster", "f28", "-o", tmp_path / "x.pdf"])

    assert done.exit_code == 0
    assert "PHIEU_BASE_URL" in done.stderr
    assert "Bản in thử" in texts((tmp_path / "x.pdf").read_bytes())[0]
