"""The command line: what it prints, its exit codes, and that it does all or nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import command_line
from conftest import PASSWORD
from sending import HARDSHIP
from tinydb import TinyDB

from app import create_app
from forms.gallery import FOLDER, gallery

HERE = Path(__file__).parent.parent
COMMANDS = (
    "user create",
    "user list",
    "user password",
    "user grant",
    "user revoke",
    "user invite",
    "user sign-out",
    "unit import",
    "unit list",
    "unit export",
    "unit seed",
    "unit rename",
    "unit move",
    "unit merge",
    "unit close",
    "unit headcount import",
    "unit headcount export",
    "unit headcount list",
    "form gallery",
    "form list",
    "form publish",
    "form pause",
    "form resume",
    "form close",
    "form blank",
    "form validate",
    "form import",
    "form export",
    "response export",
    "response receive",
    "response purge",
    "audit list",
    "audit verify",
    "audit export",
    "storage compact",
    "storage check",
    "storage copy",
    "backup create",
    "backup verify",
    "backup restore",
    "key show",
    "key rotate",
    "demo fill",
    "poster",
)
READING = ("user list", "unit list", "unit headcount list", "form gallery", "form list")
WRITING = (
    "user create ai-do --role chair --password-stdin",
    "user password chu-tich --password-stdin",
    "user grant chu-tich --role chair",
    "user revoke chu-tich --role chair",
    "user invite ai-do --role chair",
    "user sign-out chu-tich",
    "form publish f28 --unit root",
    "form pause f28",
    "unit rename root Tỉnh",
    "unit seed lai-chau",
    "storage compact",
    "response purge",
    "key rotate",
    "demo fill",
)


@pytest.fixture
def run(config, tmp_path):
    return command_line(config, tmp_path)


def outside(folder, *words, stdin="", **settings):
    """The same in a process of its own."""
    environment = {**os.environ, "PHIEU_DATA_DIR": str(folder), **settings}
    program = [Path(sys.executable).parent / "flask", "--app", "app", *words]
    return subprocess.run(
        program, cwd=HERE, env=environment, input=stdin, capture_output=True, text=True, timeout=60
    )


def lines_of(words, command):
    """The words of all commands in a group, and in the groups inside it."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [words]
    return [line for name, one in inner.items() for line in lines_of(f"{words} {name}", one)]


def test_there_is_no_command_without_a_test(run):
    groups = (
        "user",
        "unit",
        "form",
        "response",
        "storage",
        "backup",
        "key",
        "demo",
        "poster",
        "audit",
    )
    commands = create_app(run.config).cli.commands
    there = {line for group in groups for line in lines_of(group, commands[group])}

    assert there == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    result = run(f"{command} --help")

    assert result.exit_code == 0
    assert "Usage: " in result.stdout
    assert "--json" in result.stdout
    assert not run.folder.exists()


@pytest.mark.parametrize(
    "line",
    [
        "user create",
        "user create ai-do --role chair",
        "user password chu-tich",
        "user create ai-do --password-stdin",
        "unit import",
        "unit import /nowhere/units.csv",
        "unit list --at yesterday",
        "unit move che --from 2026-07-01",
        "unit merge --into che",
        "unit merge che --from 2026-07-01",
        "unit merge che --into nam-na --new-name X",
        "unit close che --from 31/02/2026",
        "unit headcount import",
        "unit seed nowhere",
        "form publish f28",
        "form publish f28 --unit root --all-units",
        "form publish f28 --unit root --below root",
        "form publish f28 --unit root --kind section",
        "form publish f28 --all-units --kind kingdom",
        "form validate /nowhere/form.yaml",
        "response export",
        "response export f28 --format doc",
        "response export f28 --header nice",
        "response export f28 --separator |",
        "response export f28 --sensitive",
        "response export f28 --json",
        "response export f28 --nothing",
        "form nothing",
        "storage copy",
        "backup verify",
        "backup restore /nowhere/phieu.zip",
        "backup create -o x.zip --passphrase-stdin",
    ],
)
def test_wrong_usage_is_2_with_the_reason_on_stderr(run, line):
    result = run(line)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert not run.folder.exists()


@pytest.mark.parametrize(
    ("line", "stdin"),
    [
        ("user create ai-do --role king --password-stdin", PASSWORD),
        ("user create ai-do --role chair --unit nowhere --password-stdin", PASSWORD),
        ("user create ai-do --role chair --password-stdin", "short"),
        ("user create ai-do --role chair --password-stdin", ""),
        ("user create Ái --role chair --password-stdin", PASSWORD),
        ("user password nobody --password-stdin", PASSWORD),
        ("form publish f99 --unit root", ""),
        ("form publish f28 --unit nowhere", ""),
        ("form pause f28", ""),
        ("form close f99", ""),
    ],
)
def test_what_is_refused_is_1_with_the_reason_on_stderr(run, line, stdin):
    result = run(line, stdin=stdin)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert run.told("user list") == run.told("form list") == []


def test_an_account_made_here_signs_in(run):
    told = run.told("user create Chu.Tich --role chair --password-stdin", stdin=f"{PASSWORD}\r\n")

    assert told == {"name": "chu.tich", "role": "chair", "unit": "root"}
    (person,) = run.told("user list")
    assert person["grants"] == [{"role": "chair", "unit": "root"}]
    assert "argon2" not in run("user list").stdout + run("user list --json").stdout
    again = run("user create chu.tich --role admin --password-stdin", stdin=PASSWORD)
    assert again.exit_code == 1


def test_a_new_password_replaces_the_old_one(run):
    run("user create chu-tich --role chair --password-stdin", stdin=PASSWORD)
    told = run.told("user password CHU-TICH --password-stdin", stdin="mat-khau-moi-2027")
    store = run.store()
    client = create_app(run.config, store).test_client()
    client.get("/login")
    with client.session_transaction() as session:
        token = session["csrf"]

    tries = [
        client.post("/login", data={"username": "chu-tich", "password": p, "csrf_token": token})
        for p in (PASSWORD, "mat-khau-moi-2027")
    ]

    store.close()
    assert told == {"name": "chu-tich"}
    assert [answer.status_code for answer in tries] == [422, 303]


def test_publishing_tells_code_and_address_and_is_done_once(run):
    first = run.told(["form", "publish", "F28", "--unit", "root", "--place", "Nhà ăn 1"])
    again = run.told(["form", "publish", "f28", "--unit", "root", "--place", " Nhà ăn  1"])

    (point,) = first["scan_points"]
    assert again == first
    assert list(first) == ["definition", "version", "scan_points"]
    assert (first["definition"], first["version"]) == ("f28", 1)
    assert list(point) == ["code", "url", "unit", "place"]
    assert point["url"] == f"http://PHIEU.EXAMPLE/Q/{point['code']}"
    assert (point["unit"], point["place"]) == ("root", "Nhà ăn 1")


def test_publishing_to_all_units_leaves_the_root_out(run, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("id,name,parent,kind\na,A,root,\nb,B,a,\n")
    run.told(["unit", "import", str(file)])

    points = run.told("form publish f51 --all-units")["scan_points"]

    assert {point["unit"] for point in points} == {"a", "b"}
    assert len(run.told("form publish f51 --all-units --place Cổng")["scan_points"]) == 2
    assert len(run.told("form list")[0]["scan_points"]) == 4


def test_publishing_to_a_part_and_a_kind_at_several_places_with_times(run, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("id,name,parent,kind\na,A,root,commune\nb,B,a,enterprise\nc,C,a,section\n")
    run.told(["unit", "import", str(file)])
    line = ["form", "publish", "f51", "--below", "a", "--kind", "enterprise", "--kind", "commune"]
    line += ["--place", "Cổng", "--place", "Nhà ăn"]
    line += ["--opens", "2099-01-01", "--closes", "2099-02-01"]

    points = run.told(line)["scan_points"]

    assert [(point["unit"], point["place"]) for point in points] == [
        ("a", "Cổng"), ("a", "Nhà ăn"), ("b", "Cổng"), ("b", "Nhà ăn"),
    ]  # fmt: skip
    assert {point["state"] for point in run.told("form list")[0]["scan_points"]} == {"early"}
    assert run.told(line)["scan_points"] == points


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--below none", "none"),
        ("--below root --kind section", "No active unit"),
        ("--unit root --opens tomorrow", "ví dụ 05/12/2026 17:00"),
        ("--unit root --opens 2027-01-02 --closes 2027-01-01", "Lúc đóng phải sau lúc mở"),
    ],
)
def test_what_cannot_be_published_is_refused_with_the_reason(run, options, said):
    result = run(f"form publish f28 {options}")

    assert result.exit_code == 1
    assert said in result.stderr


def test_pausing_resuming_and_closing_change_all_points(run):
    for place in ("1", "2"):
        run(["form", "publish", "f28", "--unit", "root", "--place", place])
    states = [
        {point["state"] for point in run.told(line)["scan_points"]}
        for line in ("form pause F28", "form resume f28", "form close f28", "form resume F28")
    ]

    assert states == [{"paused"}, {"open"}, {"closed"}, {"open"}]


def test_publishing_an_address_that_no_phone_can_open_is_warned_of(tmp_path):
    done = outside(tmp_path / "d", "form", "publish", "f28", "--unit", "root", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["scan_points"][0]["url"].startswith("http://127.0.0.1:8000/Q/")
    assert "PHIEU_BASE_URL" in done.stderr


def test_the_ready_made_forms_are_listed(run):
    assert [form["id"] for form in run.told("form gallery")] == list(gallery())


def test_a_definition_without_mistakes_is_told_so(run, tmp_path):
    file = tmp_path / "form.json"
    file.write_text(gallery()["f21"].model_dump_json(exclude_defaults=False))

    told = run.told(["form", "validate", str(file)])

    assert told == {"definition": "f21", "questions": len(gallery()["f21"].asking)}


@pytest.mark.parametrize("content", [b"id: x", b"- a", b"\xff\xfe", b"", b"a: [", b"a: *b"])
def test_mistakes_of_a_definition_are_refused_with_their_places(run, tmp_path, content):
    file = tmp_path / "form.yaml"
    file.write_bytes(content)

    result = run(["form", "validate", str(file)])

    assert result.exit_code == 1
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_mistakes_of_a_definition_are_one_json_document_too(run, tmp_path):
    file = tmp_path / "form.yaml"
    file.write_text((FOLDER / "f28.yaml").read_text("utf-8").replace("type: rating", "type: star"))

    result = run(["form", "validate", str(file), "--json"])

    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["mistakes"]) > 5


@pytest.mark.parametrize("line", READING)
def test_reading_an_empty_folder_works_and_leaves_it_empty(run, line):
    run.folder.mkdir()

    result = run(line)

    assert result.exit_code == 0, result.stderr
    assert list(run.folder.iterdir()) == []


@pytest.mark.parametrize("line", READING)
def test_reading_where_no_folder_is_makes_none(run, line):
    result = run(line)

    assert result.exit_code == 0, result.stderr
    assert not run.folder.exists()


def test_every_writing_command_starts_an_empty_folder(run):
    for number, line in enumerate(WRITING):
        run.config.data_dir.mkdir(parents=True, exist_ok=True)
        run(line, stdin=PASSWORD)
        assert next(unit["id"] for unit in run.told("unit list")) == "root", line
        shutil.move(run.folder, run.folder.with_name(f"old-{number}"))


def test_reading_works_beside_a_process_that_writes_and_writing_says_why_not(run):
    run("user create chu-tich --role chair --password-stdin", stdin=PASSWORD)
    run("form publish f28 --unit root")
    store = run.store()
    try:
        reading = [run(line).exit_code for line in (*READING, "response export f28")]
        writing = [run(line, stdin=PASSWORD) for line in WRITING]
    finally:
        store.close()

    assert reading == [0] * (len(READING) + 1)
    assert [result.exit_code for result in writing] == [1] * len(WRITING)
    assert all(str(run.folder) in result.stderr for result in writing)
    assert {result.stdout for result in writing} == {""}


def test_compacting_folds_what_a_killed_server_left_for_stock_tinydb(run):
    code = run.told("form publish f21 --unit root")["scan_points"][0]["code"]
    store = run.store()
    create_app(run.config, store).test_client().post(f"/q/{code}", data=HARDSHIP)
    killed = run.folder.with_name("killed")
    shutil.copytree(run.folder, killed)
    store.close()

    done = outside(killed, "storage", "compact", "--json")

    assert (done.returncode, json.loads(done.stdout)) == (0, {"compacted": True})
    with TinyDB(killed / "responses" / "f21.json") as plain:
        assert len(plain.table("responses")) == 1
    assert not [path for path in killed.rglob("*.journal") if path.stat().st_size > 200]
