"""Other processes: a killed writer loses nothing, readers need no lock, only one may write."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tinydb import TinyDB

from storage.journal import (
    FileLock,
    FolderLock,
    JournalDB,
    JournalFailed,
    StoreBusy,
    read_tables,
)

ROOT = Path(__file__).parent.parent
WRITER = textwrap.dedent(
    """
    import os, sys, threading
    from pathlib import Path
    import storage.journal.engine as engine
    from storage.journal import JournalDB

    engine.FOLD_BYTES = 30_000
    db = JournalDB(Path(sys.argv[1]))
    padding = "x" * 300

    def write():
        while True:
            doc_id = db.table("t").insert({"text": padding})
            os.write(1, b"%d\\n" % doc_id)

    threads = [threading.Thread(target=write, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    os._exit(3)
    """
)


def child(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_a_killed_writer_loses_no_acknowledged_insert(tmp_path):
    path = tmp_path / "a.json"
    acknowledged: set[int] = set()
    for kill_after in (150, 700, 1500):
        with child(WRITER, path) as writer:
            lines = []
            while len(lines) < kill_after:
                lines.append(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read().splitlines(keepends=True)
        acknowledged |= {int(line) for line in [*lines, *rest] if line.endswith(b"\n")}
        assert acknowledged <= read_tables(path)["t"].keys()
    with JournalDB(path) as db:
        assert acknowledged <= dict(db.documents("t")).keys()
        assert db.next_id("t") > max(acknowledged)
        count = len(db.table("t"))
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert len(stock.table("t")) == count


def test_a_reader_beside_a_writing_and_folding_process_sees_a_consistent_prefix(tmp_path):
    path = tmp_path / "a.json"
    with child(WRITER, path) as writer:
        os.set_blocking(writer.stdout.fileno(), False)
        known, buffer, seen, inodes = 0, b"", 0, set()
        while known < 4000:
            buffer += writer.stdout.read() or b""
            *lines, buffer = buffer.split(b"\n")
            known += len(lines)
            table = read_tables(path).get("t", {}) if known else {}

            assert sorted(table) == list(range(1, len(table) + 1))
            assert len(table) >= max(known, seen)
            seen = len(table)
            if path.exists():
                inodes.add(path.stat().st_ino)
        writer.kill()
    assert len(inodes) > 3


def test_a_second_process_is_told_who_is_in_the_way(tmp_path):
    path = tmp_path / "a.json"
    opens = (
        "import sys; from pathlib import Path; from storage.journal import *\n"
        "try: JournalDB(Path(sys.argv[1]))\n"
        "except StoreBusy as error: print(error); sys.exit(7)"
    )
    with JournalDB(path) as db:
        db.insert({"n": 1})
        with child(opens, path) as second:
            said = second.communicate(timeout=20)[0].decode()
        assert second.returncode == 7
        assert str(path) in said
        assert read_tables(path) == {"_default": {1: {"n": 1}}}
        with pytest.raises(StoreBusy):
            JournalDB(path)
    JournalDB(path).close()


def test_a_data_folder_has_one_owner(tmp_path):
    folder = tmp_path / "data"
    with FolderLock(folder):
        with pytest.raises(StoreBusy, match=f"The data folder {folder} is in use"):
            FolderLock(folder)
        with JournalDB(folder / "a.json", lock=False), JournalDB(folder / "b.json", lock=False):
            assert not (folder / "a.json.lock").exists()
    lock = FolderLock(folder)
    lock.release()
    lock.release()
    assert (folder / ".lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_taken_for_another_reason_is_not_called_busy(tmp_path):
    with pytest.raises(JournalFailed, match="Cannot lock"):
        FileLock(tmp_path, "This")


def test_a_lock_dies_with_its_process(tmp_path):
    holds = (
        "import sys; from pathlib import Path; from storage.journal import *\n"
        "lock = FolderLock(Path(sys.argv[1])); print(1, flush=True); sys.stdin.read()"
    )
    with child(holds, tmp_path) as owner:
        assert owner.stdout.readline() == b"1\n"
        with pytest.raises(StoreBusy):
            FolderLock(tmp_path)
        owner.kill()
    FolderLock(tmp_path).release()


def test_a_reader_that_is_always_overtaken_gives_up(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    JournalDB(path).close()
    count = iter(range(1000))
    monkeypatch.setattr("storage.journal.loading._signature", lambda _: next(count))
    with pytest.raises(StoreBusy, match="changed 100 times"):
        read_tables(path)


def test_reading_where_nothing_was_written_gives_nothing(tmp_path):
    assert read_tables(tmp_path / "a.json") == {}
    with pytest.raises(JournalFailed, match="Cannot read"):
        read_tables(tmp_path / "no such folder" / "a.json")
