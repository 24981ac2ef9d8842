"""The bytes of a journal segment: checksummed lines; knows no file and no thread.

    crc32 of the rest in 8 hex digits, space, JSON, newline
    line 1: {"format":1,"segment":7}     then one line a commit: [[table, id, document], …]

A null document removes; a null id means the table: {} empties it, null drops it. JSON holds
neither a raw newline nor a NUL byte, which is what lets a torn line be told from a damaged one.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from .documents import Change
from .errors import JournalDamaged

FORMAT = 1
_HOLE = bytes(16)  # what a power cut leaves of a block that was never written


def commit_line(changes: Iterable[Change]) -> bytes:
    """Write the changes of one commit, atomic because one checksum covers them."""
    steps = [
        b"[%b,%b,%b]" % (orjson.dumps(change.table), orjson.dumps(change.doc_id), change.text)
        for change in changes
    ]
    return _line(b"[%b]" % b",".join(steps))


def header_line(segment: int) -> bytes:
    return _line(orjson.dumps({"format": FORMAT, "segment": segment}))


def read_lines(content: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the value of every line and the offset behind it; stop at the first bad one."""
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        if not _is_intact(content[start:end]):
            return
        yield end + 1, orjson.loads(content[start + 9 : end])
        start = end + 1


def is_torn(tail: bytes) -> bool:
    """Tell an append that a crash interrupted from a line that was damaged later.

    An interrupted append lacks its newline, or has a hole of NUL bytes. A whole line with a wrong
    checksum was acknowledged, and so was one whose newline alone has changed.
    """
    newline = tail.find(b"\n")
    if newline < 0:
        return tail.endswith(b"\0") or not _is_intact(tail[:-1])
    return newline == len(tail) - 1 and _HOLE in tail


def check_header(value: Any, path: Path, segment: int) -> None:
    """Refuse a segment that is newer than this program or stands under another's name."""
    if value["format"] > FORMAT:
        raise newer_format(path, value["format"])
    if value["segment"] != segment:
        problem = f"the file holds segment {value['segment']}: it was renamed or copied."
        raise JournalDamaged(path, 0, problem)


def newer_format(path: Path, found: int) -> JournalDamaged:
    problem = f"format {found} was written by a newer program; this one knows {FORMAT}."
    return JournalDamaged(path, 0, problem, "Update the program; the file itself is sound.")


def _line(body: bytes) -> bytes:
    return b"%08x %b\n" % (crc32(body), body)


def _is_intact(line: bytes) -> bool:
    return line[:9] == b"%08x " % crc32(memoryview(line)[9:])
