"""Notes for the audit trail by commands that may only read: files that the writer takes in.

They read beside a server that owns the folder, so they cannot append to its trail themselves.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from .errors import StoreFailed
from .journal import DISK, FileLock, Files, JournalError, StoreBusy
from .whole_file import write_whole

SPOOL = "spool"
_NAME = re.compile(r"[0-9a-f]{32}")
_LARGEST = 64 * 2**10


class Spool:
    """The spool of one data folder; it is made with the first note."""

    def __init__(self, data_dir: Path, files: Files = DISK) -> None:
        self._data_dir, self._folder, self._files = data_dir, data_dir / SPOOL, files

    def leave(self, content: bytes) -> str:
        """Keep a note under a random name that nothing else has; it is on the disk then.

        Raises StoreFailed.
        """
        name = secrets.token_hex(16)
        try:
            self._files.make_folder(self._folder)
            write_whole(self._folder / name, [content], files=self._files)
            self._give_to_owner(self._folder, self._folder / name)
        except OSError as error:
            raise StoreFailed(f"{self._folder}: {error.strerror or error}") from error
        return name

    def _give_to_owner(self, *paths: Path) -> None:
        """What root leaves must be taken in by the server's own user."""
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            owner = self._data_dir.stat()
            for path in paths:
                os.chown(path, owner.st_uid, owner.st_gid)

    def waiting(self) -> tuple[str, ...]:
        """The names of the notes that nobody took in yet; raises StoreFailed."""
        try:
            names = self._files.names(self._folder)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreFailed(f"{self._folder}: {error.strerror or error}") from error
        return tuple(sorted(filter(_NAME.fullmatch, names)))

    def read(self, name: str) -> bytes:
        """A note; raises StoreFailed."""
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(_LARGEST)
        except OSError as error:
            raise StoreFailed(f"{self._folder / name}: {error.strerror or error}") from error

    def remove(self, name: str) -> None:
        """Forget a note that was taken in; raises StoreFailed."""
        try:
            with suppress(FileNotFoundError):
                self._files.unlink(self._folder / name)
        except OSError as error:
            raise StoreFailed(f"{self._folder / name}: {error.strerror or error}") from error

    def alone(self) -> FileLock:
        """Hold the spool while taking in; raises the journal's StoreBusy while another does."""
        try:
            return FileLock(self._folder / ".lock", "The spool")
        except StoreBusy:
            raise
        except (JournalError, OSError) as error:
            raise StoreFailed(str(error)) from error
