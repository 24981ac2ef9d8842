"""`unit import`: rows in any order, every bad row named, all rows or none."""

import pytest
from command import command_line

HEAD = "id,name,parent,kind\n"


@pytest.fixture
def run(config, tmp_path):
    return command_line(config, tmp_path)


@pytest.fixture
def take(run, tmp_path):
    """Import a text (or bytes) as a file."""

    def take(content, name="units.csv", *options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return run(["unit", "import", str(file), *options])

    return take


def parents(run):
    return {unit["id"]: unit["parent"] for unit in run.told("unit list")}


def test_parents_may_stand_below_their_children(run, take):
    result = take(HEAD + "b,Tổ 1,a,section\na,Công ty A,root,enterprise\n")

    assert result.exit_code == 0
    assert parents(run) == {"root": None, "a": "root", "b": "a"}
    assert [unit["name"] for unit in run.told("unit list")][1:] == ["Công ty A", "Tổ 1"]


def test_a_trial_says_what_would_change_and_nothing_else(run, take):
    result = take(HEAD + "a,A,root,\n", "units.csv", "--dry-run")

    assert result.stdout.splitlines() == ["1 added, 0 changed, 0 same", "create  a  A  root"]
    assert "a" not in parents(run)


@pytest.mark.parametrize(
    "content",
    [
        "id;name;parent;kind\na;Công ty A, Lai Châu;root;\n",
        '\ufeffid,name,parent,kind\r\na,"Công ty A, Lai Châu",root,\r\n',
        'kind,parent,ghi chú,name,id\n,ROOT,x,"  Công ty A,  Lai Châu ",A\n',
    ],
)
def test_spreadsheets_write_csv_in_many_ways(run, take, content):
    assert take(content).exit_code == 0

    (unit,) = [unit for unit in run.told("unit list") if unit["id"] == "a"]
    assert unit["name"] == "Công ty A, Lai Châu"
    assert (unit["parent"], unit["kind"]) == ("root", "enterprise")


def test_importing_again_changes_nothing_and_tells_so(run, take, tmp_path):
    content = HEAD + "a,A,root,\nb,B,a,section\n"
    take(content)
    file = str(tmp_path / "units.csv")

    same = run.told(["unit", "import", file])
    take(content.replace("b,B", "b,Bê"))

    assert same == {"added": 0, "changed": 0, "same": 2}
    assert {unit["name"] for unit in run.told("unit list")} > {"A", "Bê"}


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("b c,Tên,root,", 3),
        ("-b,Tên,root,", 3),
        ("đ,Tên,root,", 3),
        (",Tên,root,", 3),
        ("b,,root,", 3),
        (f"b,{'x' * 121},root,", 3),
        ("b,Tên\x07,root,", 3),
        ("b,Tên,nowhere,", 3),
        ("b,Tên,,", 3),
        ("b,Tên,root,company", 3),
        ("b", 3),
        ("b,Tên,b,", 3),
        ("a,Tên khác,root,", 3),
        ("A,Tên khác,root,", 3),
        (f"b,{'x' * 140_000},root,", 3),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(run, take, row, number):
    result = take(HEAD + f"a,A,root,\n{row}\nc,C,root,\n")

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{number}: " in result.stderr
    assert parents(run) == {"root": None}


def test_the_root_may_be_renamed_and_never_moved(run, take):
    take(HEAD + "a,A,root,\n")

    assert take(HEAD + "root,LĐLĐ tỉnh mới,,province\n").exit_code == 0
    assert take(HEAD + "root,LĐLĐ tỉnh mới,a,province\n").exit_code == 1
    assert run.told("unit list")[0]["name"] == "LĐLĐ tỉnh mới"
    assert parents(run) == {"root": None, "a": "root"}


@pytest.mark.parametrize(
    "content", ["", "\n", "id,name\na,A\n", "a,A,root,\n", "ID,NAME,PARENT,KIND\na,A,root,\n"]
)
def test_a_file_without_its_columns_is_refused(run, take, content):
    result = take(content)

    assert result.exit_code == 1
    assert result.stderr.strip()


def test_a_file_that_is_no_csv_or_not_utf_8_is_refused(take):
    assert take("x", "units.xlsx").exit_code == 1
    assert take("id,name,parent,kind\na,Thủy điện,root,\n".encode("utf-16")).exit_code == 1
    assert take(b"id,name,parent,kind\na,Th\xfay,root,\n").exit_code == 1


@pytest.mark.parametrize("rows", ["a,A,b,\nb,B,a,\n", "a,A,b,\nb,B,c,\nc,C,a,\n"])
def test_a_ring_within_a_file_is_refused(run, take, rows):
    assert take(HEAD + rows).exit_code == 1
    assert parents(run) == {"root": None}


def test_a_ring_closed_by_units_there_are_is_refused(run, take):
    take(HEAD + "a,A,root,\nb,B,a,\nc,C,b,\n")

    result = take(HEAD + "a,A,c,\n")

    assert result.exit_code == 1
    assert parents(run) == {"root": None, "a": "root", "b": "a", "c": "b"}


def test_a_unit_may_move_below_another(run, take):
    take(HEAD + "a,A,root,\nb,B,root,\nc,C,a,\n")

    assert take(HEAD + "c,C,b,\n").exit_code == 0
    assert parents(run)["c"] == "b"
