"""Appending to the numbered journal segments; knows neither documents nor what is in a line.

A segment is appended to by one process only: a new one starts after every opening and folding.
"""

import threading
from pathlib import Path

from .files import Files, write_all
from .lines import header_line
from .loading import Loaded
from .names import segment_path


class Segments:
    """The segments that are not folded yet; the last one may be open for appending.

    Only the leader of the group commit appends and rolls; whoever folds forgets.
    """

    def __init__(self, files: Files, path: Path, loaded: Loaded) -> None:
        self._files, self._path = files, path
        self._numbers = list(loaded.segments)
        self._next = max([loaded.folded, *self._numbers]) + 1
        self._fd: int | None = None
        self._mutex = threading.Lock()  # for numbers and size
        self.size = sum(map(len, loaded.segments.values()))  # bytes in all of them

    def append(self, lines: bytes) -> None:
        """Write and sync; the first lines also create the file and make its name durable."""
        fd, is_new = self._fd, self._fd is None
        if fd is None:
            fd, lines = self._create(lines)
        write_all(self._files, fd, lines)
        self._files.fdatasync(fd)
        if is_new:
            self._files.sync_dir(self._path.parent)
        with self._mutex:
            self.size += len(lines)

    def probe(self) -> None:
        """Start an empty segment, to learn whether the disk takes writes."""
        try:
            self.append(b"")
        except BaseException:
            self.close()
            raise

    def roll(self) -> list[int]:
        """End the open segment, so that all there are can be folded; return their numbers."""
        self.close()
        return list(self._numbers)

    def forget(self, numbers: list[int], size: int) -> None:
        """Take segments off the list once they are folded."""
        with self._mutex:
            self._numbers = [number for number in self._numbers if number not in numbers]
            self.size -= size

    def close(self) -> None:
        if self._fd is not None:
            fd, self._fd = self._fd, None
            self._files.close(fd)

    def _create(self, lines: bytes) -> tuple[int, bytes]:
        number, self._next = self._next, self._next + 1
        self._fd = self._files.create(segment_path(self._path, number))
        with self._mutex:
            self._numbers.append(number)
        return self._fd, header_line(number) + lines
