"""Many threads: nobody sees what is not on the disk, one sync serves many, nobody hangs."""

import errno
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from journal_faults import HeldFiles
from tinydb import where
from tinydb.operations import increment
from tinydb.table import Document

from storage.journal import JournalDB, JournalFailed, read_tables
from storage.journal.commits import Batch, GroupCommit


@pytest.fixture
def held():
    files = HeldFiles()
    yield files
    files.gate.set()


@pytest.fixture
def quick_switching():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(64) as threads:
        yield threads


def hold(files: HeldFiles) -> None:
    files.gate.clear()
    files.arrived.clear()


def test_a_document_is_seen_only_after_its_sync(tmp_path, held, pool):
    with JournalDB(tmp_path / "a.json", files=held) as db:
        table = db.table("t")
        table.insert({"n": 1})
        hold(held)
        waiting = [
            pool.submit(table.insert, {"n": 2}),
            pool.submit(table.update, {"n": 5}, where("n") == 1),
        ]
        assert held.arrived.wait(5)
        time.sleep(0.05)
        seen = (table.all(), len(table), table.count(where("n") > 0), table.get(doc_id=2))
        documents = dict(db.documents("t"))
        pending = [future.done() for future in waiting]
        held.gate.set()
        for future in waiting:
            future.result(5)

        assert seen == ([{"n": 1}], 1, 1, None)
        assert documents == {1: {"n": 1}}
        assert pending == [False, False]
        assert table.all() == [{"n": 5}, {"n": 2}]


def test_one_sync_serves_all_who_wait(tmp_path, held, pool):
    with JournalDB(tmp_path / "a.json", files=held) as db:
        db.insert({})
        hold(held)
        futures = [pool.submit(db.insert, {"n": 0})]
        assert held.arrived.wait(5)
        futures += [pool.submit(db.insert, {"n": n}) for n in range(1, 50)]
        while db._journal._last["_default"] < 51:
            time.sleep(0.001)
        before = held.syncs
        held.gate.set()
        ids = [future.result(5) for future in futures]

        assert sorted(ids) == list(range(2, 52))
        assert held.syncs - before == 2
        assert len(db) == 51


def test_a_failed_sync_is_told_to_all_who_wait_and_to_who_comes_later(tmp_path, held, pool):
    with JournalDB(tmp_path / "a.json", files=held) as db:
        db.insert({"n": 0})
        hold(held)
        futures = [pool.submit(db.insert, {"n": 1})]
        assert held.arrived.wait(5)
        futures += [pool.submit(db.insert, {"n": n}) for n in range(2, 20)]
        abandoned = db.commit([("t", 1, {})])
        futures += [pool.submit(db.fold), pool.submit(db.update, {"x": 1})]
        time.sleep(0.05)
        held.error = OSError(errno.EIO, "the disk is gone")
        held.gate.set()
        for future in futures:
            with pytest.raises(JournalFailed, match="the disk is gone"):
                future.result(5)
        for _ in range(2):
            with pytest.raises(JournalFailed, match="the disk is gone"):
                abandoned.wait()
        with pytest.raises(JournalFailed, match="the disk is gone"):
            db.next_id("t") and db.commit([])

        assert db.all() == [{"n": 0}]
        held.error = None
        db.reopen()
        with pytest.raises(JournalFailed):
            abandoned.wait()
        assert db.all()[0] == {"n": 0}
        db.insert({"n": "new"})
        assert db.all()[-1] == {"n": "new"}


def test_a_ticket_may_be_waited_for_by_many_or_by_none(tmp_path, held, pool):
    with JournalDB(tmp_path / "a.json", files=held) as db:
        first = db.commit([("t", 1, {"n": 1})])
        second = db.commit([("t", 2, {"n": 2})])
        assert len(db.table("t")) == 0
        for future in [pool.submit(second.wait) for _ in range(20)]:
            future.result(5)
        assert len(db.table("t")) == 2
        db.commit([("t", 3, {"n": 3})])  # nobody waits
        everything = db.commit([])
        everything.wait()
        first.wait()
        assert len(db.table("t")) == 3
        db.commit([("t", 4, {"n": 4})])
    assert len(read_tables(tmp_path / "a.json")["t"]) == 4


def test_a_read_then_write_waits_for_what_is_queued(tmp_path):
    with JournalDB(tmp_path / "a.json") as db:
        table = db.table("t")
        db.commit([("t", 1, {"n": 1})])
        assert table.update(increment("n"), where("n") == 1) == [1]
        db.commit([("t", 2, {"n": 5})])
        assert table.remove(where("n") == 5) == [2]
        db.commit([("t", 3, {"n": 5})])
        assert table.upsert({"n": 6}, where("n") == 5) == [3]
        db.commit([("t", 6, {"n": 8})])
        assert table.update({"x": 1}) == [1, 3, 6]
        db.commit([("t", 7, {"n": 9})])
        assert table.update({"x": 2}, doc_ids=[7]) == [7]
        db.commit([("t", 4, {"n": 7})])
        with pytest.raises(ValueError, match="ID 4 already exists"):
            table.insert(Document({}, 4))
        db.commit([("u", 1, {})])
        db.drop_table("u")
        assert db.tables() == {"t"}
        db.commit([("t", 8, {"n": 1})])
        assert table.update_multiple([({"x": 3}, where("n") == 1)]) == [8]
        db.commit([("t", 5, {})])
        table.truncate()
        assert table.all() == []


def test_insert_if_unseen_under_the_lock_keeps_one_of_many(tmp_path, pool):
    with JournalDB(tmp_path / "a.json") as db:
        seen: dict[str, tuple[int, object]] = {}

        def insert_once(key: str) -> int:
            with db.lock:
                if key not in seen:
                    doc_id = db.next_id("t")
                    seen[key] = doc_id, db.commit([("t", doc_id, {"key": key})])
                doc_id, ticket = seen[key]
            ticket.wait()
            assert db.table("t").get(doc_id=doc_id) == {"key": key}
            return doc_id

        ids = list(pool.map(insert_once, [f"k{n % 20}" for n in range(400)]))

        assert len(set(ids)) == len(db.table("t")) == 20


def test_updates_of_many_threads_lose_nothing(tmp_path, pool):
    with JournalDB(tmp_path / "a.json") as db:
        table = db.table("t")
        table.insert({"n": 0})
        list(pool.map(lambda _: table.update(increment("n")), range(200)))
        list(pool.map(lambda n: table.upsert({"key": n % 10}, where("key") == n % 10), range(100)))

        assert table.get(doc_id=1) == {"n": 200}
        assert sorted(d["key"] for d in table if "key" in d) == list(range(10))


def test_a_commit_is_seen_whole_or_not_at_all(tmp_path, quick_switching):
    with JournalDB(tmp_path / "a.json") as db:
        db.commit([("t", n, {"v": 0}) for n in range(200)]).wait()
        stop, torn = threading.Event(), []

        def read() -> None:
            while not stop.is_set():
                values = {document["v"] for _, document in db.documents("t")}
                if len(values) != 1:
                    torn.append(values)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for v in range(1, 100):
            db.commit([("t", n, {"v": v}) for n in range(200)]).wait()
        stop.set()
        for reader in readers:
            reader.join()

        assert torn == []


def test_a_leader_interrupted_by_ctrl_c_refuses_and_does_not_hang(tmp_path, pool):
    class Interrupted(HeldFiles):
        def fdatasync(self, fd: int) -> None:
            super().fdatasync(fd)
            if self.interrupt:
                raise KeyboardInterrupt

    files = Interrupted()
    files.interrupt = False
    with JournalDB(tmp_path / "a.json", files=files) as db:
        db.insert({"n": 0})
        hold(files)
        files.interrupt = True
        leader = pool.submit(db.insert, {"n": 1})
        assert files.arrived.wait(5)
        follower = pool.submit(db.insert, {"n": 2})
        time.sleep(0.05)
        files.gate.set()
        with pytest.raises(KeyboardInterrupt):
            leader.result(5)
        with pytest.raises(JournalFailed, match="KeyboardInterrupt"):
            follower.result(5)
        files.interrupt = False
        db.reopen()
        assert db.insert({"n": 3}) == 4


def test_a_waiter_interrupted_at_its_gate_does_not_take_the_leadership_along():
    flushed: list[list[bytes]] = []
    gate, arrived = threading.Event(), threading.Event()

    def flush(batch: Batch) -> None:
        arrived.set()
        assert gate.wait(10)
        flushed.append(batch.lines)

    commits = GroupCommit(flush, lambda error: None)
    leader = threading.Thread(target=commits.add(b"1", []).wait)
    leader.start()
    assert arrived.wait(5)
    ticket = commits.add(b"2", [])
    batch = ticket._batch
    mine = threading.Lock()
    mine.acquire()
    with commits._mutex:
        batch.gates.append(mine)  # a waiter that will be interrupted, first in the line
    follower = threading.Thread(target=ticket.wait)
    follower.start()
    while len(batch.gates) < 2:
        time.sleep(0.001)
    gate.set()
    leader.join(5)
    assert mine.acquire(timeout=5)
    assert commits._heir is mine
    commits._leave(batch, mine)
    follower.join(5)

    assert not follower.is_alive()
    assert flushed == [[b"1"], [b"2"]]
    commits.add(b"3", []).wait()
    assert flushed[-1] == [b"3"]
