"""A file that is there whole or not at all, for files that live in folders of other people."""

import contextlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from .errors import StoreFailed
from .journal import DISK, Files
from .journal.files import write_all


def write_whole(path: Path, chunks: Iterable[bytes], *, files: Files = DISK) -> None:
    """Write a new file, readable by its owner only, under its name once it is on the disk.

    Raises StoreFailed when the disk refuses; then nothing is left. What a killed one left is
    removed by the next, so of two that write one name at a time the first is refused.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        for leftover in _leftovers(path):
            files.unlink(leftover)
        fd = files.create(partial)
        try:
            for chunk in chunks:
                write_all(files, fd, chunk)
            files.fsync(fd)
        finally:
            files.close(fd)
        files.rename(partial, path)
        files.sync_dir(path.parent)
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            files.unlink(partial)


def _leftovers(path: Path) -> list[Path]:
    pattern = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}\.partial")
    return [other for other in path.parent.iterdir() if pattern.fullmatch(other.name)]
