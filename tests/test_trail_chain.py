"""The chain of the trail: whatever is done to its lines from outside is found where it was done."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from command import command_line
from filled import KEY, fill
from postgresql_server import fresh_database
from test_store_contract import backend, store

from services.identity import Hasher
from services.trail.audit import END, Audit, Deed
from services.trail.chain import Chain, End, read_end
from services.trail.keeping import KEPT_MONTHS, TrailCare, kept_since, shorten
from storage.embedded import EmbeddedStore
from storage.errors import StoreFailed
from storage.journal import JournalDB
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.records import TRAIL

__all__ = ["backend", "store"]

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
HASHER = Hasher(KEY)


def write(store, count=6, *, now=NOW):
    """Lines a minute apart."""
    audit = Audit(store, HASHER)
    for number in range(count):
        at = now + timedelta(minutes=number)
        audit.note("admin", Deed.RESPONSE_OPENED, at, response=f"r{number}")
    return audit


@pytest.fixture
def run(config, tmp_path):
    """An installation with six lines in its trail, whose end is remembered."""
    made = command_line(replace(config, hash_key=KEY.decode()), tmp_path)
    opened = EmbeddedStore(made.folder)
    fill(opened)
    write(opened).remember_end()
    opened.close()
    return made


def changed(documents, how):
    """The lines as somebody else leaves them."""
    lines = [dict(document) for document in documents]
    if how == "change":
        lines[2]["who"] = "ai-do"
    elif how == "remove":
        del lines[2]
    elif how == "reorder":
        lines[2], lines[3] = lines[3], lines[2]
    elif how == "insert":
        after = [line | {"number": line["number"] + 1} for line in lines[2:]]
        lines[2:] = [lines[2] | {"who": "ai-do"}, *after]
    elif how == "cut":
        del lines[4:]
    elif how == "behead":
        del lines[:2]
    return lines


# What is done, the number of the line that is named, and what is said of it.
DONE = {
    "change": (3, "line 3 "),
    "remove": (4, "line 4 "),
    "reorder": (4, "line 4 "),
    "insert": (3, "line 3 "),
    "cut": (4, "lines after number 4 "),
    "behead": (3, "lines before number 3 "),
}


def in_folder(run, how):
    """Write the lines of the embedded store's file anew, with checksums that fit."""
    with JournalDB(run.folder / "trail.json") as db:
        kept = [document for _, document in sorted(db.documents(TRAIL.table))]
        lines = changed(kept, how)
        ops = [(TRAIL.table, number, None) for number, _ in sorted(db.documents(TRAIL.table))]
        db.commit(ops).wait()
        db.commit([(TRAIL.table, n, line) for n, line in enumerate(lines, 101)]).wait()


def faults(run):
    result = run("storage check --json")
    told = json.loads(result.stdout)["faults"]
    return result.exit_code, [f["problem"] for f in told if f["where"] == "audit trail"]


@pytest.mark.parametrize("how", DONE)
def test_what_is_done_to_the_file_is_found_with_number_and_time(run, how):
    in_folder(run, how)

    code, (problem,) = faults(run)
    verified = run("audit verify --json")

    number, said = DONE[how]
    at = NOW + timedelta(minutes=number - 1)
    assert code == 1
    assert problem.startswith(said)
    assert at.isoformat(timespec="seconds") in problem
    assert verified.exit_code == 1
    assert json.loads(verified.stdout)["broken"]["number"] == number
    assert problem in verified.stderr


@pytest.mark.parametrize("how", DONE)
def test_what_is_done_to_the_table_is_found_with_number_and_time(run, config, tmp_path, how):
    with fresh_database() as url:
        store = open_store(tmp_path, url)
        fill(store)
        write(store).remember_end()
        kept = [TRAIL.to_document(entry) for entry in store.trail.all()]
        store.trail.forget(len(kept))
        for line in changed(kept, how):
            store.trail.put(TRAIL.to_item(line))
        store.close()
        database = command_line(replace(run.config, database_url=url), tmp_path)

        code, (problem,) = faults(database)

    assert code == 1
    assert problem.startswith(DONE[how][1])


def test_a_number_that_is_there_twice_is_found(run):
    with JournalDB(run.folder / "trail.json") as db:
        line = dict(db.document(TRAIL.table, 3)) | {"who": "ai-do"}
        db.commit([(TRAIL.table, 101, line)]).wait()

    result = run("storage check --json")

    found = {f["where"]: f["problem"] for f in json.loads(result.stdout)["faults"]}
    assert result.exit_code == 1
    assert "the key 0000000003 is there twice" in found["trail.json, document 101"]


def test_a_whole_trail_is_told_so(run):
    assert run.told("audit verify") == {"entries": 6, "first": 1, "last": 6, "broken": None}
    assert faults(run) == (0, [])


def test_without_the_key_nothing_is_said_to_be_proven(run):
    run.config = replace(run.config, hash_key="")

    told = json.loads(run("storage check --json").stdout)

    assert {"where": "audit trail", "problem": "without the hashing key it is not proven"} in told[
        "notices"
    ]
    assert run("audit verify").exit_code == 1


def test_a_backup_remembers_an_end_that_was_cut_off_with_its_mark(run, tmp_path):
    """Who cuts the trail and the mark in the registry is betrayed by the backup elsewhere."""
    backups = tmp_path / "backups"
    backups.mkdir()
    run.config = replace(run.config, backup_dir=backups)
    run.told("backup create")
    in_folder(run, "cut")
    with JournalDB(run.folder / "registry.json") as db:
        (mark,) = [n for n, d in db.documents("settings") if d["name"] == END]
        db.commit([("settings", mark, None)]).wait()

    code, (problem,) = faults(run)

    assert code == 1
    assert problem.startswith("lines after number 4 ")
    assert run("audit verify").exit_code == 0  # nothing inside the store betrays it


def test_a_restore_of_an_older_backup_is_no_break(run, tmp_path, config):
    backups = tmp_path / "backups"
    backups.mkdir()
    run.config = replace(run.config, backup_dir=backups)
    older = run.told("backup create")["file"]
    store = run.store()
    write(store, 3, now=NOW + timedelta(hours=1))
    store.close()
    run.told(["backup", "create", "-o", backups / "phieu-2099-01-01.zip"])
    again = command_line(replace(run.config), tmp_path / "again")

    again.told(["backup", "restore", older])

    assert faults(again) == (0, [])


def test_a_trail_under_a_lost_key_is_proven_from_the_restore_on():
    memory = MemoryStore()
    write(memory)
    other = Audit(memory, Hasher(b"other" * 8))
    other.note("command", Deed.STORE_RESTORED, NOW, other_key=1)
    other.note("admin", Deed.SIGNED_IN, NOW)
    entries = list(memory.trail.all())

    assert other.first_broken() is None
    entries[-1] = replace(entries[-1], who="ai-do")
    assert other.first_broken(entries) == entries[-1]
    entries[-2] = replace(entries[-2], seal="0" * 64)
    assert other.first_broken(entries) == entries[-2]


def test_old_lines_go_and_the_chain_still_holds(store):
    audit = write(store, 5, now=NOW - timedelta(days=KEPT_MONTHS * 31 + 1))
    write(store, 3)
    last_old = store.trail.all()[4]

    dropped = shorten(store, audit, NOW)

    kept = store.trail.all()
    assert dropped == 5
    assert [entry.number for entry in kept] == [6, 7, 8, 9]
    assert kept[-1].about == {"rows": "5", "through": "5", "seal": last_old.seal}
    assert audit.first_broken() is None
    assert shorten(store, audit, NOW) == 0
    assert audit.note("admin", Deed.SIGNED_IN, NOW).number == 10


def test_a_shortened_trail_cannot_be_shortened_further_from_outside(store):
    audit = write(store, 5, now=NOW - timedelta(days=KEPT_MONTHS * 31 + 1))
    write(store, 3)
    shorten(store, audit, NOW)
    entries = store.trail.all()

    assert audit.first_broken(entries[1:]) == entries[1]
    forged = replace(entries[-1], about={**entries[-1].about, "through": "6"})
    assert audit.first_broken((*entries[1:-1], forged)) in (entries[1], forged)


def test_a_crash_between_the_checkpoint_and_the_dropping_loses_nothing(store, monkeypatch):
    audit = write(store, 5, now=NOW - timedelta(days=KEPT_MONTHS * 31 + 1))

    def refuse(through):
        raise StoreFailed("full")

    with monkeypatch.context() as patch:
        patch.setattr(store.trail, "forget", refuse)
        with pytest.raises(StoreFailed):
            shorten(store, audit, NOW)
    assert len(store.trail.all()) == 6
    assert audit.first_broken() is None

    assert shorten(store, audit, NOW) == 5
    assert audit.first_broken() is None


def test_a_broken_trail_is_not_shortened(store):
    audit = write(store, 5, now=NOW - timedelta(days=KEPT_MONTHS * 31 + 1))
    store.trail.put(replace(store.trail.all()[1], who="ai-do"))

    assert shorten(store, audit, NOW) == 0
    assert len(store.trail.all()) == 5


def test_the_trail_is_kept_for_24_months():
    assert kept_since(datetime(2026, 11, 24, tzinfo=UTC)) == datetime(2024, 11, 24, tzinfo=UTC)
    assert kept_since(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)


def test_what_was_forgotten_stays_so_after_a_restart(tmp_path):
    first = EmbeddedStore(tmp_path)
    audit = write(first, 5, now=NOW - timedelta(days=KEPT_MONTHS * 31 + 1))
    shorten(first, audit, NOW)
    first.close()
    again = EmbeddedStore(tmp_path)

    assert [entry.number for entry in again.trail.all()] == [6]
    assert Audit(again, HASHER).first_broken() is None
    again.close()


def test_the_care_of_the_trail_remembers_its_end(store):
    audit = write(store, 3, now=NOW - timedelta(days=1))
    TrailCare(store, audit, lambda: NOW).look()

    end = read_end(store.settings.get(END).value)

    assert end.number == 3
    assert Chain(HASHER).first_break(store.trail.all(), [end]) is None
    assert Chain(HASHER).first_break(store.trail.all()[:2], [end]) is not None


@pytest.mark.parametrize("text", ["", "3", "x y", "3 ", "-1 a", "٣ a"])
def test_what_is_no_end_is_none(text):
    assert read_end(text) is None
    assert read_end(End(3, "ab").text) == End(3, "ab")
