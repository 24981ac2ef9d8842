"""A disk that fails or loses power at any call costs nothing that was acknowledged."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest
from journal_faults import (
    FaultyFiles,
    calls_of_the_program,
    crash_with_everything_left_over,
    crashed_copy,
    run_program,
    state_of,
    states,
)
from tinydb import TinyDB

from storage.journal import FoldFailed, JournalDB, JournalFailed
from storage.journal.loading import load

FAULTS = [(errno.ENOSPC, False), (errno.EIO, False), (errno.ENOSPC, True)]


def assert_it_refuses(db: JournalDB) -> None:
    for write in (lambda: db.insert({}), db.fold, lambda: db.table("r").update({"n": 0})):
        with pytest.raises(JournalFailed, match="injected"):
            write()


@pytest.mark.parametrize(("code", "short"), FAULTS)
def test_a_fault_at_any_call_loses_nothing_that_was_acknowledged(tmp_path, code, short):
    expected = states(tmp_path)
    opening, whole = calls_of_the_program(tmp_path)
    refused = 0
    for at in range(opening + 1, whole + 1):
        path = tmp_path / f"{at}" / "a.json"
        files = FaultyFiles(at, code, short=short)
        db = JournalDB(path, files=files)
        done, error = run_program(db)
        assert error is not None

        assert state_of(db) == expected[done]
        with JournalDB(crashed_copy(path, tmp_path / "crashed")) as copied:
            assert state_of(copied) in (expected[done], expected[done + 1])
        if isinstance(error, JournalFailed):
            refused += 1
            assert "injected" in db.failure.reason
            assert_it_refuses(db)
            with pytest.raises(JournalFailed):
                db.reopen()
            assert state_of(db) == expected[done]
        else:
            assert db.failure is None
        files.heal()
        db.reopen()
        resumed = state_of(db)
        assert resumed in (expected[done], expected[done + 1])
        assert db.failure is None
        db.table("r").insert({"n": "after"})
        expected_now = state_of(db)
        assert len(expected_now["r"]) == len(resumed.get("r", {})) + 1
        with JournalDB(crashed_copy(path, tmp_path / "crashed")) as copied:
            assert state_of(copied) == expected_now
        db.close()
        with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
            assert {d.doc_id: d for d in stock.table("r")} == expected_now["r"]
    assert 10 < refused < whole - opening


def test_one_fault_that_passes_is_enough_to_refuse_and_reopening_is_enough_to_resume(tmp_path):
    expected = states(tmp_path)
    opening, whole = calls_of_the_program(tmp_path)
    for at in range(opening + 1, whole + 1):
        files = FaultyFiles(at, errno.EIO)
        files.only_once = True
        db = JournalDB(tmp_path / f"{at}" / "a.json", files=files)
        done, error = run_program(db)
        assert state_of(db) == expected[done]
        if isinstance(error, JournalFailed):
            with pytest.raises(JournalFailed):
                db.insert({})
            db.reopen()
        assert state_of(db) in expected[done : done + 2]
        db.insert({"n": 0})
        db.close()
        with JournalDB(tmp_path / f"{at}" / "a.json") as again:
            assert again.all() == [{"n": 0}]


@pytest.mark.parametrize(("code", "short"), FAULTS)
def test_a_fault_at_any_call_of_an_opening_after_a_crash_loses_nothing(tmp_path, code, short):
    left = crash_with_everything_left_over(tmp_path)
    for at in range(1, 100):
        path = crashed_copy(left, tmp_path / "crashed")
        files = FaultyFiles(at, code, short=short)
        try:
            JournalDB(path, files=files).close()
        except (JournalFailed, FoldFailed) as error:
            assert "injected" in str(error)  # noqa: PT017 - the end of the loop needs the else
        else:
            break
        files.heal()
        with JournalDB(path, files=files) as db:
            assert db.table("r").all() == [{"n": n} for n in range(4)]
    assert 15 < at < 99


def test_a_failure_says_when_if_a_clock_was_passed(tmp_path):
    now = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    files = FaultyFiles()
    db = JournalDB(tmp_path / "a.json", files=files, clock=lambda: now)
    files.at = 1
    with pytest.raises(JournalFailed, match="injected"):
        db.insert({})

    assert db.failure.at == now
    assert db.failure.reason.startswith("OSError: [Errno 28]")
    db.close()
    db.close()


def test_a_line_whole_on_the_disk_but_refused_may_appear_and_is_then_durable(tmp_path):
    files = FaultyFiles()
    path = tmp_path / "a.json"
    with JournalDB(path, files=files) as db:
        db.table("r").insert({"n": 1})
        files.calls.clear()
        files.at, files.only_once = 2, True  # write passes, fdatasync fails
        with pytest.raises(JournalFailed):
            db.table("r").insert({"n": 2})
        assert db.table("r").all() == [{"n": 1}]
        files.calls.clear()
        db.reopen()

        assert db.table("r").all() == [{"n": 1}, {"n": 2}]
        assert "fsync" in files.calls  # read from the cache, it was written anew
        assert db.table("r").insert({"n": 3}) == 3


def test_ids_given_before_a_failure_are_not_given_after_it(tmp_path):
    files = FaultyFiles()
    with JournalDB(tmp_path / "a.json", files=files) as db:
        assert db.table("r").insert({}) == 1
        files.calls.clear()
        files.at, files.only_once = 1, True
        with pytest.raises(JournalFailed):
            db.table("r").insert({})
        db.reopen()
        assert db.table("r").insert({}) == 3


def test_reopening_fails_as_long_as_no_segment_can_be_started(tmp_path):
    class FullDisk(FaultyFiles):
        is_full = True

        def create(self, path: Path) -> int:
            if self.is_full:
                raise OSError(errno.ENOSPC, "full")
            return super().create(path)

    files = FullDisk()
    with JournalDB(tmp_path / "a.json", files=files) as db:
        for attempt in (lambda: db.insert({}), db.reopen, lambda: db.insert({}), db.reopen):
            with pytest.raises(JournalFailed, match="full"):
                attempt()
        files.is_full = False
        db.reopen()
        db.insert({"n": 1})
        assert db.all() == [{"n": 1}]


def test_a_closed_database_leaves_the_files_to_others(tmp_path):
    files, path = FaultyFiles(), tmp_path / "a.json"
    db = JournalDB(path, files=files)
    db.insert({})
    files.calls.clear()
    files.at, files.only_once = 1, True
    with pytest.raises(FoldFailed):
        db.close()
    db.fold()
    assert not path.exists()
    with JournalDB(path) as successor:
        assert successor.all() == [{}]


def test_reopening_a_healthy_database_changes_nothing(tmp_path):
    with JournalDB(tmp_path / "a.json") as db:
        db.insert({"n": 1})
        memory = db._journal.memory
        db.reopen()
        assert db._journal.memory is memory


def test_a_closed_database_refuses_and_says_so(tmp_path):
    db = JournalDB(tmp_path / "a.json")
    db.insert({})
    db.close()
    for attempt in (lambda: db.insert({}), lambda: db.commit([]), db.reopen):
        with pytest.raises(JournalFailed, match="closed"):
            attempt()
    db.fold()
    assert db.all() == [{}]


def test_a_fold_that_fails_leaves_no_half_file_and_the_next_one_succeeds(tmp_path):
    files, path = FaultyFiles(), tmp_path / "a.json"
    with JournalDB(path, files=files) as db:
        db.insert({"n": 1})
        files.calls.clear()
        files.at, files.only_once = 3, True
        with pytest.raises(FoldFailed, match="Cannot fold"):
            db.fold()
        assert sorted(file.suffix for file in tmp_path.iterdir()) == [".journal", ".lock"]
        db.insert({"n": 2})
        assert sorted(load(path, files).segments) == [1, 2]
        db.fold()
        assert sorted(file.suffix for file in tmp_path.iterdir()) == [".json", ".lock"]
    assert db.all() == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("kind", [OSError(errno.EROFS, "read-only"), PermissionError("no")])
def test_a_folder_that_cannot_be_used_is_reported_as_our_error(tmp_path, kind):
    class Refusing(FaultyFiles):
        def before_call(self, name: str) -> None:
            raise kind

    with pytest.raises(JournalFailed, match="Cannot open"):
        JournalDB(tmp_path / "new" / "a.json", files=Refusing())
