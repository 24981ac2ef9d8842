"""`response export` and `unit import`: what leaves and what comes in, whole or not at all."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command import command_line
from sending import HARDSHIP, JOINING, MEAL
from test_command_line import outside

from app import create_app
from services.organization.units import add_unit
from storage.memory import MemoryStore

NAMELESS = "id,name,parent,kind\n"


@pytest.fixture
def run(config, tmp_path):
    return command_line(config, tmp_path)


@pytest.fixture
def filled(run, clock):
    """Hardship requests of two units and two days, in a store on the disk."""
    store = run.store()
    client = create_app(run.config, store, clock=clock).test_client()
    add_unit(store, "che", "CĐCS Chè", "root", "enterprise")
    store.close()
    codes = [
        run.told(f"form publish f21 --unit {unit}")["scan_points"][0]["code"]
        for unit in ("root", "che")
    ]
    store = run.store()
    client = create_app(run.config, store, clock=clock).test_client()
    for day in range(2):
        for code in codes:
            client.post(f"/q/{code}", data=HARDSHIP | {"bo_phan": f"Tổ {day}"})
        clock.move(days=1)
    store.close()
    return run


def rows(result, separator=","):
    assert result.exit_code == 0, result.stderr
    text = result.stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != "data")


def test_the_csv_leaves_through_standard_output(filled):
    result = filled("response export F21")

    assert result.stdout_bytes.startswith(b"\xef\xbb\xbf_receipt,_unit,")
    assert [row["_unit"] for row in rows(result)] == ["root", "che"] * 2
    assert {row["so_cccd"] for row in rows(result)} == {"012190123456"}


def test_the_same_leaves_from_a_process_of_its_own(filled):
    done = outside(
        filled.folder, "response", "export", "f21", PHIEU_DATA_KEY=filled.config.data_key
    )

    assert done.returncode == 0
    assert len(list(csv.DictReader(io.StringIO(done.stdout)))) == 4


def test_a_file_holds_the_same_and_its_rows_are_told(filled, tmp_path):
    file = tmp_path / "f21.csv"

    told = filled.told(["response", "export", "f21", "-o", str(file)])

    assert {name: told[name] for name in ("file", "rows", "withheld", "missing")} == {
        "file": str(file),
        "rows": 4,
        "withheld": False,
        "missing": [],
    }
    assert file.read_bytes() == filled("response export f21").stdout_bytes
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert left_behind(tmp_path) == ["f21.csv", "f21.csv.manifest.json"]


def test_json_lines_hold_one_object_each(filled):
    lines = filled("response export f21 --format jsonl").stdout.splitlines()

    first = json.loads(lines[0])
    assert len(lines) == 4
    assert list(first)[:3] == ["instance_id", "_receipt", "_unit"]
    assert first["answers"]["ho_ten"] == "Lò Thị Phương"
    assert first["answers"]["mo_ta"] == "***"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_sensitive_answers_leave_only_with_a_reason(filled, kind):
    line = f"response export f21 --format {kind}".split()

    masked = filled(line)
    shown = filled([*line, "--sensitive", "--reason", "hồ sơ xét Tết"])
    unsaid = [filled([*line, "--sensitive", *words]).exit_code for words in ([], ["--reason", " "])]

    assert "Mẹ ốm" not in masked.stdout
    assert "nguoi_than_om_nang" not in masked.stdout.split("\n", 1)[1] or kind == "csv"
    assert "Mẹ ốm nằm viện" in shown.stdout
    assert unsaid == [2, 2]


def test_units_and_days_narrow_the_rows(filled):
    found = [
        len(rows(filled(f"response export f21 {options}")))
        for options in (
            "--unit che",
            "--unit root",
            "--since 2026-11-25",
            "--since 2026-11-24",
            "--unit che --since 2026-11-25",
            "--since 2026-11-26",
        )
    ]

    assert found == [2, 4, 2, 4, 1, 0]


def test_labels_split_choices_and_separators(filled):
    labels = rows(filled("response export f21 --header label --separator ;"), ";")[0]
    split = rows(filled("response export f21 --split-choices --sensitive --reason x"))[0]

    assert labels["Phân xưởng, tổ, đội"] == "Tổ 0"
    assert "24/11/2026 10:30" in labels.values()
    assert split["hoan_canh/nha_tam_dot_nat"] == "1"
    assert split["hoan_canh/khac"] == ""


@pytest.mark.parametrize(
    "options",
    ["--unit nowhere", "--since yesterday", "--since 2026-02-30", "--since 24/11/2026"],
)
def test_what_cannot_be_chosen_is_refused_before_anything_is_written(filled, tmp_path, options):
    result = filled(f"response export f21 -o {tmp_path}/x.csv {options}")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip()
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("form", ["f51", "f99", "../f21"])
def test_a_form_that_is_not_published_has_no_export(filled, form):
    result = filled(f"response export {form}")

    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize("place", ["nowhere/x.csv", "data", "data/registry.json/x.csv", "y" * 300])
def test_a_place_that_cannot_be_written_is_refused_and_left_as_it_was(filled, tmp_path, place):
    result = filled(["response", "export", "f21", "-o", str(tmp_path / place)])

    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr
    assert not list(tmp_path.rglob("*.partial"))
    assert (filled.folder / "registry.json").is_file()


def test_an_export_that_breaks_off_leaves_the_earlier_file(filled, tmp_path, monkeypatch):
    file = tmp_path / "f21.csv"
    file.write_text("the earlier one")

    def broken(*_, **__):
        yield "half of it"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("services.outgoing.exporting.csv_chunks", broken)
    result = filled(["response", "export", "f21", "-o", str(file)])

    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert file.read_text() == "the earlier one"
    assert left_behind(tmp_path) == ["f21.csv"]


def test_small_groups_of_an_anonymous_form_are_withheld_here_too(run, tmp_path):
    told = [
        run.told(["form", "publish", "f28", "--unit", "root", "--place", place])["scan_points"][0]
        for place in ("Nhà ăn 1", "Nhà ăn 2")
    ]
    store = run.store()
    client = create_app(run.config, store).test_client()
    for point, count in zip(told, (5, 4), strict=True):
        for number in range(count):
            client.post(f"/q/{point['code']}", data=MEAL | {"gop_y": f"{point['place']}-{number}"})
    store.close()
    file = tmp_path / "f28.csv"

    result = run("response export f28 --format jsonl")

    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert {found["_place"] for found in objects} == {"Nhà ăn 1"}
    assert {found["instance_id"] or found["_receipt"] for found in objects} == {None}
    assert len(objects) == 5
    assert result.stderr.strip()
    done = run.told(["response", "export", "f28", "-o", str(file)])
    assert (done["rows"], done["withheld"]) == (5, True)
    counts = [point["responses"] for point in run.told("form list")[0]["scan_points"]]
    assert counts == ["5", "<5"]


def test_two_exports_of_an_anonymous_form_differ_in_order(run):
    code = run.told("form publish f28 --unit root")["scan_points"][0]["code"]
    store = run.store()
    client = create_app(run.config, store).test_client()
    for number in range(12):
        client.post(f"/q/{code}", data=MEAL | {"gop_y": f"bữa số {number:02}"})
    store.close()

    orders = [[row["gop_y"] for row in rows(run("response export f28"))] for _ in range(3)]

    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(orders[0]))}
    # By chance: once in (12!)² ≈ 10^17 runs.
    assert len({tuple(order) for order in orders}) > 1


def test_a_response_of_another_unit_s_worker_leaves_with_that_unit(filled):
    code = filled.told("form publish f51 --unit root")["scan_points"][0]["code"]
    store = filled.store()
    create_app(filled.config, store).test_client().post(
        f"/q/{code}", data=JOINING | {"don_vi": "che"}
    )
    store.close()

    (row,) = rows(filled("response export f51 --unit che"))

    assert (row["_unit"], row["_unit_name"]) == ("che", "CĐCS Chè")
    assert "unit_changed" in row["_flags"].split(";")


def test_a_memory_store_never_reaches_the_command_line(run):
    create_app(run.config, MemoryStore())

    assert not (run.folder / "registry.json").exists()


def test_a_workbook_a_zip_and_their_manifests_leave_by_the_command_too(filled, tmp_path):
    book, bundle = tmp_path / "x.xlsx", tmp_path / "x.zip"

    filled.told(["response", "export", "f21", "--format", "xlsx", "-o", str(book)])
    filled.told(
        ["response", "export", "f21", "--files", "--until", "2026-11-24", "-o", str(bundle)]
    )
    through = filled("response export f21 --format xlsx").stdout_bytes

    for file, count in ((book, 4), (bundle, 2)):
        manifest = json.loads(Path(f"{file}.manifest.json").read_text("utf-8"))
        assert manifest["file"] == file.name
        assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert (manifest["rows"], manifest["by"]) == (count, "command")
    assert manifest["filter"]["until"] == "2026-11-24"
    rows_of = [
        openpyxl.load_workbook(io.BytesIO(b))["Phiếu"].max_row for b in (book.read_bytes(), through)
    ]
    assert rows_of == [5, 5]
    with zipfile.ZipFile(bundle) as parts:
        assert parts.testzip() is None
    assert left_behind(tmp_path) == [
        "x.xlsx",
        "x.xlsx.manifest.json",
        "x.zip",
        "x.zip.manifest.json",
    ]


def test_a_profile_and_json_lines_do_not_go_together(filled):
    assert filled("response export f21 --format jsonl --profile x").exit_code == 2
