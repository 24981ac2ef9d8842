"""Reading a database: the folded file, then the segments after it; changes nothing on the disk.

Whoever holds the lock repairs and deletes afterwards (engine.py); `read_tables` has no lock and
starts again when a fold ended while it was reading.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .collector import paused_gc
from .documents import Tables
from .errors import JournalDamaged, StoreBusy, reported
from .files import DISK, Files
from .lines import check_header, is_torn, read_lines
from .memory import apply_change
from .names import segment_numbers, segment_path
from .snapshot import EMPTY, decoded

_TRIES = 100  # each means that a fold ended during the reading
_DOUBTS = 3  # a list of names read while segments come and go may have a gap; damage stays


@dataclass
class Loaded:
    """What the files say."""

    tables: Tables
    last: dict[str, int]
    folded: int  # the segment that the snapshot ends with
    segments: dict[int, bytes]  # those after it, in order
    outdated: list[int]  # those before, left by a crash
    snapshot_size: int
    good: int = 0  # how much of the last segment is readable


def load(path: Path, files: Files) -> Loaded:
    """Read everything; raise JournalDamaged where it is not as it was written."""
    return _replayed(path, *_contents(path, files))


def read_tables(path: Path) -> Tables:
    """Read a database that another process may be writing and folding, without its lock.

    The answer is the state after some whole commit and holds all that was acknowledged before the
    call. Raise JournalDamaged for damaged files, StoreBusy if they never hold still, JournalFailed
    if they cannot be read.
    """
    doubts = 0
    for _ in range(_TRIES):
        before = _signature(path)
        with reported(f"Cannot read {path}"):
            contents = _contents(path, DISK)
        if _signature(path) != before:
            continue
        try:
            return _replayed(path, *contents).tables
        except JournalDamaged:
            doubts += 1
            if doubts == _DOUBTS:
                raise
    raise StoreBusy(f"{path} changed {_TRIES} times while it was being read. Try again later.")


def _signature(path: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None


def _contents(path: Path, files: Files) -> tuple[bytes | None, dict[int, bytes]]:
    """Read the snapshot before the names: a fold in between is seen by its signature."""
    snapshot = _content(path, files)
    found = {n: _content(segment_path(path, n), files) for n in segment_numbers(files, path)}
    return snapshot, {n: content for n, content in found.items() if content is not None}


def _content(path: Path, files: Files) -> bytes | None:
    try:
        return files.read(path)
    except FileNotFoundError:
        return None


def _replayed(path: Path, content: bytes | None, found: dict[int, bytes]) -> Loaded:
    with paused_gc():
        start = EMPTY if content is None else decoded(content, path)
        loaded = Loaded(
            tables=dict(start.tables),
            last=dict(start.last),
            folded=start.segment,
            segments={n: lines for n, lines in found.items() if n > start.segment},
            outdated=[n for n in found if n <= start.segment],
            snapshot_size=len(content or b""),
        )
        _check_numbers(path, loaded)
        for number in loaded.segments:
            _replay(path, number, loaded)
    return loaded


def _check_numbers(path: Path, loaded: Loaded) -> None:
    for expected, number in enumerate(loaded.segments, loaded.folded + 1):
        if number != expected:
            missing = segment_path(path, expected)
            problem = f"the file is missing, but segment {number} is there."
            raise JournalDamaged(missing, 0, problem)


def _replay(path: Path, number: int, loaded: Loaded) -> None:
    """Apply one segment; only the last one may end in a torn line."""
    segment, content = segment_path(path, number), loaded.segments[number]
    good = 0
    for end, value in read_lines(content):
        if good:
            _apply(value, loaded)
        else:
            check_header(value, segment, number)
        good = end
    if good < len(content) and not (number == max(loaded.segments) and is_torn(content[good:])):
        raise JournalDamaged(segment, good, "the line's checksum does not fit.")
    loaded.good = good


def _apply(steps: list[list[Any]], loaded: Loaded) -> None:
    for table, doc_id, document in steps:
        apply_change(loaded.tables, table, doc_id, document)
        if document is not None and doc_id is not None and doc_id > loaded.last.get(table, 0):
            loaded.last[table] = doc_id
