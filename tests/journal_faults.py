"""Disks that fail, wait or lose power, and a program to run on them; holds no test itself."""

import errno
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinydb import where

from storage.journal import Files, JournalDB, JournalError
from storage.journal.names import segment_path

State = dict[str, dict[int, Any]]


def state_of(db: JournalDB) -> State:
    """Give all tables as a reader sees them."""
    return {name: dict(db.documents(name)) for name in db.tables()}


def crashed_copy(path: Path, folder: Path) -> Path:
    """Copy a database and all beside it, as a kill at this moment would leave them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file in filter(Path.is_file, path.parent.iterdir()):
        shutil.copy(file, folder / file.name)
    return folder / path.name


class WatchedFiles(Files):
    """Ask `before_call(name)` ahead of every call that touches the disk."""

    def before_call(self, name: str) -> None:
        raise NotImplementedError

    def make_folder(self, folder: Path) -> None:
        self.before_call("make_folder")
        super().make_folder(folder)

    def read(self, path: Path) -> bytes:
        self.before_call("read")
        return super().read(path)

    def create(self, path: Path) -> int:
        self.before_call("create")
        return super().create(path)

    def write(self, fd: int, content: bytes | memoryview) -> int:
        self.before_call("write")
        return super().write(fd, content)

    def fdatasync(self, fd: int) -> None:
        self.before_call("fdatasync")
        super().fdatasync(fd)

    def fsync(self, fd: int) -> None:
        self.before_call("fsync")
        super().fsync(fd)

    def rename(self, source: Path, target: Path) -> None:
        self.before_call("rename")
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        self.before_call("unlink")
        super().unlink(path)

    def sync_dir(self, folder: Path) -> None:
        self.before_call("sync_dir")
        super().sync_dir(folder)


class FaultyFiles(WatchedFiles):
    """Fail at call number `at` and ever after, until healed; `at` None only counts.

    With `short` the failing write first writes half; `only_once` fails a single call.
    """

    def __init__(
        self, at: int | None = None, code: int = errno.ENOSPC, *, short: bool = False
    ) -> None:
        self.at, self.code, self.short = at, code, short
        self.calls: list[str] = []
        self.only_once = False

    def heal(self) -> None:
        self.at = None

    def before_call(self, name: str) -> None:
        self.calls.append(name)
        if self.at is not None and len(self.calls) >= self.at:
            if self.only_once:
                self.heal()
            raise OSError(self.code, f"injected at {name}")

    def write(self, fd: int, content: bytes | memoryview) -> int:
        if self.short and self.at is not None and len(self.calls) + 1 >= self.at:
            Files.write(self, fd, content[: len(content) // 2])
        return super().write(fd, content)


class StutteringFiles(Files):
    """Take a few bytes at a time, as a system may."""

    def write(self, fd: int, content: bytes | memoryview) -> int:
        return super().write(fd, content[:7])


class HeldFiles(Files):
    """Let no fdatasync pass while `gate` is cleared; `arrived` says that one is waiting."""

    def __init__(self) -> None:
        self.gate, self.arrived = threading.Event(), threading.Event()
        self.gate.set()
        self.syncs = 0
        self.error: OSError | None = None

    def fdatasync(self, fd: int) -> None:
        self.arrived.set()
        assert self.gate.wait(20)
        if self.error:
            raise self.error
        self.syncs += 1
        super().fdatasync(fd)


class PowerCut(BaseException):
    """The machine is off: no clean-up code may catch this and do anything to the disk."""


class ForgetfulFiles(WatchedFiles):
    """Remember what was synced, cut the power at call number `at`, and give what may survive."""

    def __init__(self, at: int | None) -> None:
        self.at, self.count = at, 0
        self.written: dict[int, bytes] = {}  # by file; a file is a number here
        self.synced: dict[int, bytes] = {}
        self.open_files: dict[int, int] = {}  # descriptor to file
        self.listed: dict[str, int] = {}
        self.durable: dict[str, int] = {}
        self.steps: list[Callable[[dict[str, int]], None]] = []  # since the last sync_dir
        self.fail_next_sync = self.fail_next_dir_sync = False
        self.lost: set[int] = set()

    def adopt(self, folder: Path) -> None:
        """Take the files that are there as durable."""
        for path in filter(Path.is_file, folder.iterdir()):
            file = self.durable[path.name] = self.listed[path.name] = len(self.written)
            self.written[file] = self.synced[file] = path.read_bytes()

    def before_call(self, name: str) -> None:
        self.count += 1
        if self.at is not None and self.count >= self.at:
            raise PowerCut

    def create(self, path: Path) -> int:
        fd = super().create(path)
        file = len(self.written)
        self.written[file] = self.synced[file] = b""
        self.open_files[fd] = file
        self._step(lambda names: names.__setitem__(path.name, file))
        return fd

    def write(self, fd: int, content: bytes | memoryview) -> int:
        if self.at is not None and self.count + 1 >= self.at:  # the power fails while it writes
            self.written[self.open_files[fd]] += bytes(content)
        taken = super().write(fd, content)
        self.written[self.open_files[fd]] += bytes(content[:taken])
        return taken

    def fdatasync(self, fd: int) -> None:
        """Sync; after a failure do as Linux does: say yes ever after, and have written nothing."""
        super().fdatasync(fd)
        file = self.open_files[fd]
        if self.fail_next_sync:
            self.fail_next_sync = False
            self.lost.add(file)
            raise OSError(errno.EIO, "injected at fdatasync")
        if file not in self.lost:
            self.synced[file] = self.written[file]

    def fsync(self, fd: int) -> None:
        self.fdatasync(fd)

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        file = self.listed[source.name]

        def step(names: dict[str, int]) -> None:
            names.pop(source.name, None)
            names[target.name] = file

        self._step(step)

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._step(lambda names: names.pop(path.name, None) and None)

    def sync_dir(self, folder: Path) -> None:
        super().sync_dir(folder)
        if self.fail_next_dir_sync:
            self.fail_next_dir_sync = False
            raise OSError(errno.EIO, "injected at sync_dir")
        self.durable, self.steps = dict(self.listed), []

    def survive(self, folder: Path, chance: random.Random) -> None:
        """Write what a power cut may leave: synced bytes and names, and any part of the rest."""
        names = dict(self.durable)
        for step in self.steps:  # no order is promised between two syncs of the folder
            if chance.random() < 0.5:
                step(names)
        folder.mkdir()
        for name, file in names.items():
            synced, rest = self.synced[file], self.written[file][len(self.synced[file]) :]
            kept = rest[: chance.choice([0, chance.randint(0, len(rest)), len(rest)])]
            hole = bytes(chance.choice([0, 0, len(rest) - len(kept)]))
            (folder / name).write_bytes(synced + kept + hole)

    def _step(self, step: Callable[[dict[str, int]], None]) -> None:
        step(self.listed)
        self.steps.append(step)


PROGRAM: list[Callable[[JournalDB], object]] = [
    lambda db: db.table("r").insert({"n": 1}),
    lambda db: db.table("r").insert_multiple([{"n": 2}, {"n": 3}]),
    lambda db: db.table("r").update({"x": "Đỗ"}, where("n") > 1),
    lambda db: db.fold(),
    lambda db: db.commit([("r", 1, None), ("log", db.next_id("log"), {"gone": 1})]).wait(),
    lambda db: db.table("r").upsert({"n": 9}, where("n") == 9),
    lambda db: db.fold(),
    lambda db: db.table("r").remove(where("n") == 2),
    lambda db: db.drop_table("log"),
    lambda db: db.table("r").insert({"n": 10}),
]


def states(tmp_path: Path) -> list[State]:
    """Run the program on a good disk: the state before each step, and at the end."""
    with JournalDB(tmp_path / "good" / "a.json") as db:
        found = [state_of(db)]
        for step in PROGRAM:
            step(db)
            found.append(state_of(db))
    return found


def run_program(db: JournalDB) -> tuple[int, JournalError | None]:
    """Run the program until a step fails; return how many were acknowledged."""
    for done, step in enumerate(PROGRAM):
        try:
            step(db)
        except JournalError as error:
            return done, error
    return len(PROGRAM), None


def calls_of_the_program(tmp_path: Path) -> tuple[int, int]:
    """Count the calls of opening, and of opening and running."""
    files = FaultyFiles()
    db = JournalDB(tmp_path / "count" / "a.json", files=files)
    opening = len(files.calls)
    assert run_program(db) == (len(PROGRAM), None)
    assert {"create", "write", "fdatasync", "fsync", "rename", "unlink", "sync_dir"} <= set(
        files.calls
    )
    whole = len(files.calls)
    db.close()
    return opening, whole


def crash_with_everything_left_over(tmp_path: Path) -> Path:
    """Leave a snapshot, an outdated segment, a torn one and temporary files."""
    path = tmp_path / "left" / "a.json"
    with JournalDB(path) as db:
        db.table("r").insert_multiple([{"n": 0}, {"n": 1}])
    db = JournalDB(path)
    db.table("r").insert_multiple([{"n": 2}, {"n": 3}])
    left = crashed_copy(path, tmp_path / "left2")
    db.close()
    segment_path(left, 1).write_bytes(b"outdated")
    left.with_name("a.json.tmp").write_bytes(b"half")
    with segment_path(left, 2).open("ab") as file:
        file.write(b"torn")
    return left
