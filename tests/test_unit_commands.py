"""`unit rename`, `move`, `merge`, `close`, `export`, `seed` and `headcount`: as the pages do it."""

import json

import pytest
from command import command_line
from test_history import HISTORY
from workbooks import BOMB, with_entities, workbook

from services.organization.seeds import seeds

HEAD = "id,name,parent,kind,from,closed,successor\n"


@pytest.fixture
def run(config, tmp_path):
    """A command line over the federation of test_history.py."""
    run = command_line(config, tmp_path)
    store = run.store()
    for unit in HISTORY.units.values():
        store.units.add(unit)
    store.close()
    return run


@pytest.fixture
def file(tmp_path):
    def file(content, name="x.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return file


def listed(run, day=""):
    told = run.told(f"unit list --at {day}" if day else "unit list")
    return {unit["id"]: unit for unit in told}


def test_a_rename_holds_from_its_day(run):
    told = run.told(["unit", "rename", "a", "CĐCS Mới", "--from", "2099-07-01"])

    assert told == {"changed": ["a"], "from": "2099-07-01"}
    assert listed(run)["a"]["name"] == "CĐCS A"
    assert listed(run, "30/06/2099")["a"]["name"] == "CĐCS A"
    assert listed(run, "2099-07-01")["a"]["name"] == "CĐCS Mới"


def test_without_a_day_it_holds_from_today(run):
    run("unit move a --to q")

    assert listed(run)["a"]["parent"] == "q"
    assert listed(run, "2020-01-01")["a"]["parent"] == "p"


def test_a_merger_into_a_unit_or_a_new_one(run):
    one = run.told("unit merge a b --into c --from 2026-07-01")
    two = run.told(["unit", "merge", "c", "--new-name", "CĐCS D", "--from", "2026-08-01"])

    assert set(one["changed"]) == {"a", "b", "a1"}
    assert set(two["changed"]) == {"c", "a1", "cdcs-d"}
    then = listed(run, "2026-08-01")
    assert (then["a"]["closed"], then["a"]["closed_on"], then["a"]["successor"]) == (
        True,
        "2026-07-01",
        "c",
    )
    assert then["c"]["successor"] == "cdcs-d"
    assert (then["cdcs-d"]["parent"], then["a1"]["parent"]) == ("q", "cdcs-d")
    assert "cdcs-d" not in listed(run, "2026-07-31")
    assert "a  CĐCS A  [closed 2026-07-01 → c]" in run("unit list --at 2026-08-01").stdout


def test_a_closing_needs_a_place_for_what_stands_below(run):
    refused = run("unit close a --from 2026-07-01")
    done = run("unit close a --children-to b --from 2026-07-01")

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "Tổ 1 của A" in refused.stderr
    assert listed(run, "2026-07-01")["a1"]["parent"] == "b"


@pytest.mark.parametrize(
    "line",
    [
        "unit rename x X",
        ["unit", "rename", "a", " "],
        "unit move a --to a1",
        "unit move a --to x",
        "unit move root --to a",
        "unit merge a --into a",
        "unit merge a x --into c",
        "unit merge a --into x",
        ["unit", "merge", "a", "--new-name", "X", "--new-kind", "king"],
        "unit close root",
        "unit close x",
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(run, line):
    before = listed(run)

    result = run(line)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr
    assert listed(run) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(run, file):
    path = file(HEAD + "a,CĐCS Mới,p,enterprise,2026-07-01,,\nn,N,root,,,,\n")
    before = listed(run)

    told = run.told(["unit", "import", path, "--dry-run"])
    shown = run(["unit", "import", path, "--dry-run"]).stdout

    assert (told["added"], told["changed"], told["same"], told["dry_run"]) == (1, 1, 0, True)
    assert told["steps"][1] == {
        "what": "rename",
        "unit": "a",
        "name": "CĐCS A",
        "day": "2026-07-01",
        "before": "CĐCS A",
        "after": "CĐCS Mới",
    }
    assert "2026-07-01" in shown
    assert listed(run) == before


def test_a_dry_run_in_an_empty_folder_makes_none(config, tmp_path, file):
    run = command_line(config, tmp_path)
    path = file("id,name,parent,kind\na,A,root,\n")

    assert run.told(["unit", "import", path, "--dry-run"])["added"] == 1
    assert run.told("unit seed lai-chau --dry-run")["added"] == 38
    assert not run.folder.exists()


def test_every_mistake_of_a_file_is_on_a_line_of_its_own(run, file):
    result = run(["unit", "import", file(HEAD + "a,,p,king,,,\nn,N,x,,soon,,\n")])

    assert result.exit_code == 1
    assert [line.split(": ")[:2] for line in result.stderr.splitlines()] == [
        ["2", "name"],
        ["2", "kind"],
        ["3", "from"],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_with_its_history_comes_back_as_no_change(run, tmp_path, kind):
    run("unit merge a b --into c --from 2026-07-01")
    run(["unit", "rename", "p", "=Xã", "--from", "2026-08-01"])
    path = str(tmp_path / f"out.{kind}")

    told = run.told(["unit", "export", path])

    assert (told["units"], told["rows"]) == (7, 9)
    assert run.told(["unit", "import", path]) == {"added": 0, "changed": 0, "same": 7}


def test_an_export_to_another_kind_of_file_or_place_is_refused(run, tmp_path):
    assert run(["unit", "export", str(tmp_path / "x.pdf")]).exit_code == 1
    assert run(["unit", "export", str(tmp_path / "no" / "x.csv")]).exit_code == 1


def test_a_hostile_workbook_is_refused_by_name(run, file):
    bomb = with_entities(workbook([["n", "N", "root", ""]]), BOMB)

    result = run(["unit", "import", file(bomb, "x.xlsx")])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "một bảng bình thường không có" in result.stderr
    assert "n" not in listed(run)


def test_a_file_too_large_is_refused_before_it_is_read(run, file):
    result = run(["unit", "import", file(bytes(5 * 2**20))])

    assert result.exit_code == 1
    assert "lớn" in result.stderr


def test_the_seed_of_lai_chau_has_its_38_communes_and_invents_nothing(config, tmp_path):
    run = command_line(config, tmp_path)

    told = run.told("unit seed lai-chau")

    units = listed(run)
    names = [unit["name"] for unit in units.values() if unit["parent"] == "root"]
    assert (told["added"], told["changed"], len(names)) == (38, 1, 38)
    assert sum(name.startswith("Phường ") for name in names) == 2
    assert sum(name.startswith("Xã ") for name in names) == 36
    assert {unit["kind"] for unit in units.values()} == {"province", "commune"}
    assert {unit["from"] for unit in units.values()} == {None, "2025-07-01"}
    assert units["root"]["name"] == "Liên đoàn Lao động tỉnh Lai Châu"
    assert "1670/NQ-UBTVQH15" in told["source"]
    assert run.told("unit headcount list")[0]["all_workers"] is None


def test_a_seed_adds_only_what_is_missing_and_undoes_no_decision(run):
    run("unit seed lai-chau")
    run(["unit", "rename", "xa-pac-ta", "Công đoàn xã Pắc Ta"])

    again = run.told("unit seed lai-chau")

    assert (again["added"], again["changed"]) == (0, 0)
    assert listed(run)["xa-pac-ta"]["name"] == "Công đoàn xã Pắc Ta"
    assert listed(run)["root"]["name"] == "LĐLĐ tỉnh"


@pytest.mark.parametrize("seed", seeds().values(), ids=seeds())
def test_every_seed_is_a_tree_with_a_source(seed):
    assert seed.source
    assert len({unit.id for unit in seed.units}) == len(seed.units)
    assert len({unit.name for unit in seed.units}) == len(seed.units)


def test_units_below_a_seeded_one_need_no_day(run, file):
    run("unit seed lai-chau")

    told = run.told(["unit", "import", file("id,name,parent,kind\nn,N,xa-pac-ta,\n")])

    assert told["added"] == 1
    assert listed(run)["n"]["from"] == "2025-07-01"


def test_figures_are_imported_listed_and_exported(run, file, tmp_path):
    path = file("unit,quarter,workers,members\na,2026-Q1,1.810,90\nc,Q1/2026,5,\n")

    dry = run.told(["unit", "headcount", "import", path, "--dry-run"])
    first = run.told(["unit", "headcount", "import", path])
    again = run.told(["unit", "headcount", "import", path])

    assert dry == {"added": 2, "changed": 0, "same": 0, "dry_run": True}
    assert first == {"added": 2, "changed": 0, "same": 0}
    assert again == {"added": 0, "changed": 0, "same": 2}
    root = run.told("unit headcount list --quarter 2026-Q1")[0]
    assert (root["unit"], root["all_workers"], root["all_members"]) == ("root", 1815, 90)
    out = str(tmp_path / "out.xlsx")
    run.told(["unit", "headcount", "export", out, "--quarter", "2026-Q1"])
    assert run.told(["unit", "headcount", "import", out]) == again


@pytest.mark.parametrize("line", ["list", "export x.csv"])
def test_a_quarter_that_is_none_is_refused(run, line):
    assert run(f"unit headcount {line} --quarter spring").exit_code == 1


def test_the_whole_history_survives_the_disk(run):
    run("unit merge a b --into c --from 2026-07-01")

    store = run.store()
    kept = store.units.get("a")
    store.close()

    assert json.loads(run("unit list --json").stdout)
    assert [(c.since.isoformat(), c.closed, c.successor) for c in kept.changes] == [
        ("2026-07-01", True, "c")
    ]
    assert run("storage check").exit_code == 0
