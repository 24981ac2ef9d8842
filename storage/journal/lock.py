"""One owner at a time: locks that the system releases when their process dies."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from .errors import StoreBusy, reported
from .files import DISK

if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Hold `path` locked from construction until `release()`; raise StoreBusy if it is held."""

    def __init__(self, path: Path, what: str) -> None:
        self._fd: int | None = None
        with reported(f"Cannot lock {path}"):
            DISK.make_folder(path.parent)
            fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(fd)
            except (BlockingIOError, PermissionError) as error:
                os.close(fd)
                raise StoreBusy(
                    f"{what} is in use by another process (lock {path}). "
                    "Stop that process first; commands that only read need no lock."
                ) from error
            except OSError:  # such as a network drive without locks
                os.close(fd)
                raise
        self._fd = fd

    def release(self) -> None:
        """Let others in; the lock file stays, because deleting it would let two in."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class FolderLock(FileLock):
    """Hold a whole data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / ".lock", f"The data folder {folder}")
