"""flask person and flask request: find, hand out, erase, list; each with --json."""

import json
import zipfile
from dataclasses import replace

import pytest
from command import command_line
from requests_of import ASKING
from sending import HARDSHIP, MEAL, send
from test_cases_erased import world_on
from test_person_data import words_of
from test_store_changes import every_byte

from services.erased import LIST_NAME, read_list
from storage.opening import open_store

SECRETS = ("Lò Thị Phương", "0912345678", "012190123456", "Mẹ ốm nằm viện")


@pytest.fixture
def run(config, clock, tmp_path):
    """An installation in which somebody sent two forms, and asked for deletion."""
    backups = tmp_path / "backups"
    backups.mkdir()
    made = command_line(replace(config, backup_dir=backups), tmp_path)
    store = open_store(made.folder)
    world = world_on(store, made.config, clock)
    send(world, world.publish("f21"), HARDSHIP)
    send(world, world.publish("f28"), MEAL)
    send(world, world.publish("fa3", "che"), ASKING | {"dien_thoai": "0987654321"})
    store.close()
    return made


def trail(run):
    store = run.store()
    told = [(e.who, e.act, dict(e.about)) for e in store.trail.all()]
    store.close()
    return told


def test_a_person_is_found_by_number_without_an_answer(run):
    by_phone = run.told(["person", "find", "--phone", "+84 912 345 678"])
    by_id = run.told(["person", "find", "--id", "012190123456"])
    by_receipt = run.told(["person", "find", "--receipt", by_phone[0]["receipt"]])
    nobody = run.told(["person", "find", "--phone", "0912345679"])

    assert by_phone == by_id == by_receipt
    assert [found["form"] for found in by_phone] == ["f21"]
    assert nobody == []
    assert not any(text in json.dumps(by_phone, ensure_ascii=False) for text in SECRETS)


@pytest.mark.parametrize(
    "line", ["person find", "person find --phone 0912345678 --id 012190123456"]
)
def test_exactly_one_number_names_the_person(run, line):
    assert run(line).exit_code == 2


def test_a_number_that_cannot_be_one_is_refused(run):
    result = run(["person", "find", "--phone", "12"])

    assert result.exit_code == 1
    assert "0912 345 678" in result.stderr


def test_the_copy_is_a_zip_and_the_trail_says_why(run, tmp_path):
    file = tmp_path / "copy.zip"
    line = ["person", "export", "--phone", "0912345678", "-o", file, "--reason", "đơn số 3"]

    told = run.told(line)
    again = run(line)

    assert (told["responses"], again.exit_code) == (1, 1)
    assert "du-lieu.json" in zipfile.ZipFile(file).namelist()
    assert file.stat().st_mode & 0o777 == 0o600
    assert trail(run)[-1] == (
        "command",
        "exported",
        {"rows": "1", "reason": "đơn số 3", "what": "copy"},
    )


def test_erasing_leaves_no_answer_in_the_folder_and_enters_the_register(run, tmp_path):
    before, pdf = every_byte(run.folder), tmp_path / "giay.pdf"

    who = ["--phone", "0912345678", "--reason", "đơn số 3"]
    told = run.told(["person", "delete", *who, "--certificate", pdf, "--yes"])

    after = every_byte(run.folder) + (run.config.backup_dir / LIST_NAME).read_bytes()
    assert "Lò Thị Phương".encode() in before
    assert not any(text.encode() in after for text in SECRETS if text != "Lò Thị Phương")
    assert [line.form for line in read_list(run.config.backup_dir / LIST_NAME)] == ["f21"]
    [erased] = told["erased"]
    assert erased["receipt"] in words_of(pdf.read_bytes()).replace(" ", "")
    assert run.told("person find --phone 0912345678") == []
    done = [one for one in run.told("request list --all") if one["way"] == "command"]
    assert [(one["id"], one["open"]) for one in done] == [(told["request"], [])]
    assert trail(run)[-1][:2] == ("command", "responses_deleted")
    assert trail(run)[-1][2]["reason"] == "đơn số 3"


def test_erasing_asks_first_and_needs_a_reason(run):
    line = ["person", "delete", "--phone", "0912345678"]

    without = run(line)
    asked = run([*line, "--reason", "đơn"], stdin="n\n")
    found = run.told("person find --phone 0912345678")

    assert (without.exit_code, asked.exit_code) == (2, 1)
    assert "Xóa hẳn 1 phiếu?" in asked.stderr
    assert len(found) == 1


def test_nobody_found_is_nobody_erased(run):
    result = run(["person", "delete", "--phone", "0912345679", "--reason", "x", "--yes"])

    assert result.exit_code == 1
    assert "Không tìm thấy phiếu nào" in result.stderr


def test_requests_are_listed_with_their_days_and_no_name(run):
    [one] = run.told("request list")
    shown = run("request list").output

    assert (one["kinds"]["delete"], one["next"]) == ("2026-12-14", "first_answer")
    assert (one["next_due"], one["unit"]) == ("2026-11-26", "che")
    assert "first_answer" in shown
    assert "Lò Thị Phương" not in shown + json.dumps(one, ensure_ascii=False)
