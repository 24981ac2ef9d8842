"""Folding beside writers: nobody waits for it, nothing is lost by it, a failed one is repeated."""

import errno
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from journal_faults import FaultyFiles, HeldFiles, crashed_copy
from tinydb import where

from storage.journal import FoldFailed, JournalDB, read_tables, torn_files


@pytest.fixture
def pool():
    with ThreadPoolExecutor(64) as threads:
        yield threads


def hold(files: HeldFiles) -> None:
    files.gate.clear()
    files.arrived.clear()


def test_folding_while_eight_threads_insert_loses_and_repeats_nothing(tmp_path):
    path = tmp_path / "a.json"
    with JournalDB(path) as db:
        db.table("t").insert_multiple({"n": n} for n in range(3000))
        stop, acknowledged, folds, snapshots = threading.Event(), [], 0, []

        def insert(thread: int) -> None:
            n = 0
            while not stop.is_set():
                doc_id = db.table("t").insert({"thread": thread, "n": n})
                acknowledged.append((doc_id, thread, n))
                n += 1

        writers = [threading.Thread(target=insert, args=(n,)) for n in range(8)]
        for writer in writers:
            writer.start()
        end = time.monotonic() + 2
        while time.monotonic() < end:
            before = len(acknowledged)
            db.fold()
            folds += 1
            if folds % 5 == 0:
                known = list(acknowledged)
                copied = read_tables(copy_of_a_moment(path, tmp_path / f"crash{folds}"))
                snapshots.append((known, copied["t"]))
            assert len(acknowledged) >= before
        stop.set()
        for writer in writers:
            writer.join()
        expected = {doc_id: {"thread": thread, "n": n} for doc_id, thread, n in acknowledged}

        assert folds > 5
        assert len(acknowledged) > 200
        assert len(expected) == len(acknowledged)
        assert {i: d for i, d in db.documents("t") if i > 3000} == expected
    assert {i: d for i, d in read_tables(path)["t"].items() if i > 3000} == expected
    for known, copied in snapshots:
        assert {doc_id for doc_id, _, _ in known} <= copied.keys()


def copy_of_a_moment(path: Path, folder: Path) -> Path:
    """Copy the files as a kill would leave them, though they are written meanwhile."""
    while True:
        before = path.stat().st_ino
        try:
            copied = crashed_copy(path, folder)
        except FileNotFoundError:
            continue
        if path.stat().st_ino == before:
            return copied


def test_inserts_go_on_while_a_fold_writes(tmp_path, pool):
    class SlowRename(HeldFiles):
        def rename(self, source: Path, target: Path) -> None:
            self.arrived.set()
            assert self.gate.wait(20)
            super().rename(source, target)

        def fdatasync(self, fd: int) -> None:
            super(HeldFiles, self).fdatasync(fd)

    files = SlowRename()
    with JournalDB(tmp_path / "a.json", files=files) as db:
        db.insert({"n": 0})
        hold(files)
        folding = pool.submit(db.fold)
        assert files.arrived.wait(5)
        second = pool.submit(db.fold)
        for n in range(1, 5):
            assert db.insert({"n": n}) == n + 1
        db.update({"x": 1}, where("n") == 0)
        folded = [folding.done(), second.done()]
        files.gate.set()
        folding.result(5)
        second.result(5)

        assert folded == [False, False]
        assert len(db) == 5


def test_long_segments_are_folded_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.journal.engine.FOLD_BYTES", 20_000)
    path = tmp_path / "a.json"
    with JournalDB(path) as db:
        for n in range(300):
            db.insert({"n": n, "text": "x" * 400})
        end = time.monotonic() + 5
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.01)

        assert path.stat().st_size > 20_000
        assert db.notices == []
    assert len(read_tables(path)["_default"]) == 300


def test_a_background_fold_that_fails_is_reported_and_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr("storage.journal.engine.FOLD_BYTES", 5_000)

    class NoRename(FaultyFiles):
        refuse = True

        def rename(self, source: Path, target: Path) -> None:
            if self.refuse:
                raise OSError(errno.ENOSPC, "no room")
            super().rename(source, target)

    files, path = NoRename(), tmp_path / "a.json"
    with JournalDB(path, files=files) as db:
        while not db.notices:
            db.insert({"text": "x" * 400})
        assert "Folding was put off" in str(db.notices[0])
        assert "no room" in db.notices[0].text
        tried = len(db) + 100
        while len(db) < tried:
            db.insert({"text": "x" * 400})
        assert 2 <= len(db.notices) <= 12
        with pytest.raises(FoldFailed):
            db.fold()
        files.refuse = False
        end = time.monotonic() + 10
        while not path.exists() and time.monotonic() < end:
            db.insert({"text": "x" * 400})
        total = len(db)
    assert len(read_tables(path)["_default"]) == total
    assert torn_files(path) == []
