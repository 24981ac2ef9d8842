"""Every call the journal makes to the file system; knows nothing of what is in the files."""

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

if sys.platform == "win32":
    _sync = os.fsync
else:
    _sync = os.fdatasync


class Files:
    """The real disk. Tests put a failing or forgetful one in its place."""

    def make_folder(self, folder: Path) -> None:
        """Create the folder and its missing parents, readable by the owner only."""
        if not folder.is_dir():
            self.make_folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            self.sync_dir(folder.parent)

    def names(self, folder: Path) -> list[str]:
        return [entry.name for entry in folder.iterdir()]

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def create(self, path: Path) -> int:
        """Open a file that must not exist yet, so that no segment is ever overwritten."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.open(path, flags, 0o600)

    def write(self, fd: int, content: bytes | memoryview) -> int:
        return os.write(fd, content)

    def fdatasync(self, fd: int) -> None:
        _sync(fd)

    def fsync(self, fd: int) -> None:
        os.fsync(fd)

    def close(self, fd: int) -> None:
        os.close(fd)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def sync_dir(self, folder: Path) -> None:
        """Make creations, renames and deletions in the folder durable."""
        if sys.platform == "win32":
            return  # Windows cannot open a folder; NTFS keeps its own journal of names
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


DISK = Files()


def write_all(files: Files, fd: int, content: bytes) -> None:
    """Write everything: the system may take less than it was given."""
    rest = memoryview(content)
    while rest:
        taken = files.write(fd, rest)
        if taken <= 0:
            raise OSError("the disk took nothing of what was written")
        rest = rest[taken:]


def temporary(path: Path) -> Path:
    """Name the file in which the successor of `path` is written."""
    return path.with_name(path.name + ".tmp")


def replace_file(files: Files, path: Path, chunks: Iterable[bytes]) -> int:
    """Put a whole, synced file in the place of `path` in one step; return its size."""
    temp, size = temporary(path), 0
    files.unlink(temp)
    try:
        fd = files.create(temp)
        try:
            for chunk in chunks:
                write_all(files, fd, chunk)
                size += len(chunk)
            files.fsync(fd)
        finally:
            files.close(fd)
        files.rename(temp, path)
    except BaseException:
        with contextlib.suppress(OSError):  # a leftover is removed at the next try
            files.unlink(temp)
        raise
    files.sync_dir(path.parent)
    return size
