"""storage check: what is wrong is found where it is, and a sound store has nothing wrong."""

import json
from dataclasses import replace

import orjson
import pytest
from command import command_line
from filled import KEY, NOON, begin, fill, send
from postgresql_server import ask, fresh_database

from federation.people import Grant, Person, Role
from federation.requests import DataRequest, Way
from federation.requests import Kind as RequestKind
from federation.units import Unit
from storage.embedded import EmbeddedStore
from storage.journal import JournalDB
from storage.opening import open_store


@pytest.fixture
def run(config, tmp_path):
    return command_line(replace(config, hash_key=KEY.decode()), tmp_path)


@pytest.fixture
def filled(run):
    store = EmbeddedStore(run.folder)
    fill(store)
    store.close()
    return run


def checked(run):
    """Exit code, faults and notices."""
    result = run("storage check --json")
    told = json.loads(result.stdout)
    return result.exit_code, told["faults"], told["notices"]


def change(path, table, doc_id, **fields):
    """Write a document anew as another program might, with checksums that fit."""
    with JournalDB(path) as db:
        document = dict(db.document(table, doc_id))
        document.update(fields)
        db.commit([(table, doc_id, document)]).wait()


def test_a_sound_store_has_no_fault_and_is_counted(filled):
    result = filled("storage check --json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["faults"], told["notices"]) == (0, [], [])
    assert told["counts"]["responses of f28"] == 6
    assert told["counts"]["points"] == 2


def test_it_works_beside_the_writer_and_changes_nothing(filled):
    writer = filled.store()
    send(writer, 2, seed=5)
    before = {p: p.read_bytes() for p in filled.folder.rglob("*") if p.is_file()}

    code, faults, _ = checked(filled)

    assert (code, faults) == (0, [])
    assert {p: p.read_bytes() for p in filled.folder.rglob("*") if p.is_file()} == before
    writer.close()


@pytest.mark.parametrize("name", ["registry.json", "responses/f28.json"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_flipped_bit_is_found_with_its_file_and_the_rest_is_read(filled, name, part):
    path = filled.folder / name
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= 4
    path.write_bytes(content)

    code, faults, _ = checked(filled)

    assert code == 1
    assert [fault["where"] for fault in faults] == [name]
    assert "byte" in faults[0]["problem"]


def test_a_flipped_bit_in_a_journal_is_found(filled):
    store = filled.store()
    send(store, 6, seed=5)
    journal = next((filled.folder / "responses").glob("f28.json.*.journal"))
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 1
    journal.write_bytes(content)

    code, faults, _ = checked(filled)

    store.close()
    assert code == 1
    assert "journal" in faults[0]["problem"]


def test_a_set_aside_end_is_told_and_is_no_fault(filled):
    (filled.folder / "responses" / "f28.json.000009.torn-1").write_bytes(b"half")

    code, faults, notices = checked(filled)

    assert (code, faults) == (0, [])
    assert notices[0]["where"] == "responses/f28.json.000009.torn-1"
    assert "4 bytes" in notices[0]["problem"]


def test_a_strange_file_among_the_responses_is_told(filled):
    (filled.folder / "responses" / "Copy of f28.json").write_bytes(b"{}")

    code, _, notices = checked(filled)

    assert code == 0
    assert [notice["where"] for notice in notices] == ["responses/Copy of f28.json"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"version": 7}, "version f28@7 is missing"),
        ({"unit": "nowhere"}, "unit nowhere is missing"),
        ({"point": "222222"}, "scan point 222222 is missing"),
        ({"definition": "f51"}, "a response of f51"),
        ({"submitted_at": "yesterday"}, "unreadable"),
        ({"answers": 5}, "unreadable"),
        ({"version": "1"}, "unreadable"),
        ({"strange": 1}, "unreadable"),
    ],
)
def test_a_wrong_response_is_found_with_its_document(filled, fields, said):
    change(filled.folder / "responses" / "f28.json", "responses", 2, **fields)

    code, faults, _ = checked(filled)

    assert code == 1
    assert faults[0]["where"] == "responses/f28.json, document 2"
    assert said in faults[0]["problem"]
    assert len(faults) == 1


@pytest.mark.parametrize("name", ["id", "receipt"])
def test_a_key_that_is_there_twice_is_found(filled, name):
    path = filled.folder / "responses" / "f21.json"
    with JournalDB(path) as db:
        value = db.document("responses", 1)[name]
    change(path, "responses", 3, **{name: value})

    code, faults, _ = checked(filled)

    assert code == 1
    assert faults[0]["where"] == "responses/f21.json, document 3"
    assert f"its {name} is also that of responses/f21.json, document 1" in faults[0]["problem"]


LED = {"definition": "f28", "unit": "nam-na", "place": "Nhà ăn ca"}
MERGED = {"since": "2026-08-01", "closed": True, "successor": "phan-xuong-1"}


@pytest.mark.parametrize(
    ("table", "doc_id", "fields", "where", "said"),
    [
        ("units", 2, {"parent": "nowhere"}, "units, nam-na", "nowhere, which is missing"),
        ("units", 2, {"parent": "phan-xuong-1"}, "units, nam-na", "below itself"),
        ("units", 2, {"kind": "kingdom"}, "registry.json, table units, document 2", "kind"),
        ("units", 4, {"id": "phan-xuong-1"}, "registry.json, table units, document 4", "twice"),
        ("units", 5, {"changes": [MERGED | {"successor": "x"}]}, "units, cu", "x is missing"),
        ("units", 5, {"changes": [MERGED | {"successor": "cu"}]}, "units, cu", "below itself"),
        ("units", 3, {"changes": [MERGED]}, "units, phan-xuong-1", "from 2026-08-01 on"),
        ("units", 2, {"changes": [MERGED]}, "units, nam-na", "phan-xuong-1 stands below it"),
        (
            "units",
            4,
            {"changes": [MERGED | {"since": "July"}]},
            "registry.json, table units",
            "changes",
        ),
        ("units", 1, {"changes": [MERGED]}, "units, root", "the root is closed"),
        ("units", 2, {"since": "2026-08-01"}, "units, phan-xuong-1", "nam-na, which begins later"),
        ("units", 2, {"since": "2099-08-01"}, "units, cu", "nam-na begins later"),
        ("headcounts", 1, {"unit": "nowhere"}, "headcounts, nowhere@2026-Q3", "unit is missing"),
        ("headcounts", 1, {"workers": "many"}, "registry.json, table headcounts", "workers"),
        ("retentions", 1, {"form": "f99"}, "retentions, f99", "no version of the form"),
        ("retentions", 1, {"holds": 3}, "registry.json, table retentions", "holds"),
        ("profiles", 1, {"columns": 3}, "registry.json, table profiles", "columns"),
        ("offers", 1, {"definition": "f99"}, "offers, f99", "no version"),
        ("offers", 1, {"total": "many"}, "registry.json, table offers", "total"),
        ("openings", 1, {"definition": "f99"}, "openings, f99", "no version"),
        ("campaigns", 1, {"units": ["nowhere"]}, "campaigns, tet-2026", "nowhere is missing"),
        ("points", 1, {"unit": "nowhere"}, "points, ", "nowhere is missing"),
        ("points", 1, {"former": [LED | {"definition": "f98"}]}, "points, ", "f98"),
        ("points", 1, {"definition": "f99"}, "points, ", "f99"),
    ],
)
def test_a_wrong_record_is_found(filled, table, doc_id, fields, where, said):
    change(filled.folder / "registry.json", table, doc_id, **fields)

    code, faults, _ = checked(filled)

    assert code == 1
    assert any(f["where"].startswith(where) and said in f["problem"] for f in faults), faults


def test_a_request_of_a_missing_unit_is_found(filled):
    store = EmbeddedStore(filled.folder)
    store.requests.put(DataRequest("yeu-cau-1", Way.COMMAND, "nowhere", NOON, (RequestKind.SEE,)))
    store.close()

    code, (fault,), _ = checked(filled)

    assert code == 1
    assert fault == {"where": "requests, yeu-cau-1", "problem": "its unit nowhere is missing"}


def test_a_code_that_leads_elsewhere_now_is_no_fault(filled):
    registry = filled.folder / "registry.json"
    change(registry, "points", 1, definition="f21", unit="che", former=[LED])

    assert checked(filled)[:2] == (0, [])


def test_a_grant_for_a_missing_unit_and_a_shared_prefix_are_found(run):
    store = EmbeddedStore(run.folder)
    begin(store)
    store.people.put(Person("lo", "Lò", "x", (Grant(Role.CHAIR, "nowhere"),)))
    first, second = store.versions.all()
    store.versions.put(replace(second, prefix=first.prefix))
    store.units.put(Unit("alone", "Alone", None))
    store.close()

    code, faults, _ = checked(run)

    assert code == 1
    assert {f["where"].partition(",")[0] for f in faults} == {"people", "versions", "units"}


def test_another_key_is_found(filled):
    other = command_line(replace(filled.config, hash_key="another key"), filled.folder.parent)

    code, faults, _ = checked(other)

    assert (code, faults[0]["where"]) == (1, "hashing key")


def test_no_answer_is_told_with_a_fault(filled):
    change(filled.folder / "responses" / "f21.json", "responses", 1, attempt="Lò Thị Bí Mật")

    result = filled("storage check")

    assert result.exit_code == 1
    assert "attempt" in result.stdout
    assert "Bí Mật" not in result.stdout + result.stderr


def test_a_folder_that_is_not_there_is_refused(run):
    assert run("storage check").exit_code == 1
    assert not run.folder.exists()


@pytest.fixture
def on_database(config, tmp_path):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        fill(store)
        store.close()
        yield command_line(replace(config, hash_key=KEY.decode(), database_url=url), tmp_path)


def test_a_sound_database_has_no_fault(on_database):
    code, faults, notices = checked(on_database)

    assert (code, faults, notices) == (0, [], [])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE responses SET unit = 'che' WHERE definition = 'f28'", "columns unit"),
        (
            "UPDATE responses SET document = document - 'answers' WHERE definition = 'f28'",
            "unreadable",
        ),
        ("DELETE FROM shelf_records WHERE shelf = 'points'", "scan point"),
        ("UPDATE shelf_records SET key = 'x' WHERE shelf = 'units' AND key = 'che'", "key che"),
        ("UPDATE shelf_records SET document = '{}' WHERE shelf = 'versions'", "unreadable"),
    ],
)
def test_a_fault_in_the_database_is_found(on_database, statement, said):
    ask(on_database.config.database_url, statement)

    code, faults, _ = checked(on_database)

    assert code == 1
    assert any(said in fault["problem"] for fault in faults), faults


def test_a_damaged_registry_names_the_command_that_helps(filled):
    path = filled.folder / "registry.json"
    with JournalDB(path) as db:
        db.commit([("units", 1, {"id": 5})]).wait()

    result = filled("unit list")

    assert result.exit_code == 1
    assert "storage check" in result.stderr
    assert orjson.dumps({"id": 5}).decode() not in result.stderr


def test_a_photo_that_is_gone_is_found(filled):
    photos = sorted((filled.folder / "files" / "f21").iterdir())
    photos[0].unlink()

    code, faults, _ = checked(filled)

    assert code == 1
    assert [photos[0].name in str(fault) for fault in faults] == [True]


def test_a_photo_that_is_gone_from_a_database_is_found(config, tmp_path):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        fill(store)
        store.close()
        run = command_line(
            replace(config, hash_key=KEY.decode(), database_url=url), tmp_path / "elsewhere"
        )
        assert checked(run)[0] == 0
        ((name,),) = ask(
            url, "DELETE FROM files WHERE name = (SELECT min(name) FROM files) RETURNING name"
        )

        code, faults, _ = checked(run)

    assert code == 1
    assert [name in str(fault) for fault in faults] == [True]
