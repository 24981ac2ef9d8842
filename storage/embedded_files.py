"""Uploads as files `<folder>/<definition>/<name>`, each written whole; knows no response."""

import contextlib
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .checked import checked_file
from .errors import StoreFailed
from .journal.files import Files, replace_file

FILES = "files"  # the folder beside the registry
_HOUR = 3600
_LOCKS = 16  # the same file twice at once waits, others rarely do


class FileReader:
    """What can be asked of a folder of files; it need not be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, definition: str, name: str) -> Path:
        checked_file(definition, name)
        return self._folder / definition / name

    def read(self, definition: str, name: str) -> bytes | None:
        path = self._path(definition, name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def names(self, definition: str) -> Iterator[str]:
        folder = self._path(definition, "")
        found = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return iter(sorted(name for name in found if not name.endswith(".tmp")))


class FileFolder(FileReader):
    """The same with writing."""

    def __init__(self, folder: Path, disk: Files) -> None:
        super().__init__(folder)
        self._disk = disk
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def put(self, definition: str, name: str, content: bytes, at: datetime | None) -> None:
        path = self._path(definition, name)
        try:
            with self._lock(path):
                self._disk.make_folder(path.parent)
                if path.exists():  # perhaps of a process that died before the name was safe
                    self._disk.sync_dir(path.parent)
                else:
                    replace_file(self._disk, path, [content])
                    _date(path, 0)
                if at is not None:
                    _date(path, at.timestamp())
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def replace(self, definition: str, name: str, content: bytes) -> bool:
        path = self._path(definition, name)
        try:
            with self._lock(path):
                if not path.exists():
                    return False
                was_kept = path.stat().st_mtime
                replace_file(self._disk, path, [content])
                _date(path, was_kept)
                return True
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def remove(self, definition: str, name: str, kept_before: datetime | None) -> None:
        path = self._path(definition, name)
        try:
            with self._lock(path):
                if path.exists() and _is_older(path, kept_before):
                    self._disk.unlink(path)
                    self._disk.sync_dir(path.parent)
        except OSError as error:
            raise StoreFailed(f"{path}: {error.strerror}") from error

    def _lock(self, path: Path) -> threading.Lock:
        return self._locks[hash(path) % _LOCKS]


def _date(path: Path, seconds: float) -> None:
    """Only the hour: beside a list of who came when, the minute would tell who sent it."""
    hour = seconds // _HOUR * _HOUR
    with contextlib.suppress(OSError):  # some disks keep no times; then files seem younger
        os.utime(path, (hour, hour))


def _is_older(path: Path, moment: datetime | None) -> bool:
    return moment is None or path.stat().st_mtime < moment.timestamp()
