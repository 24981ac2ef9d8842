"""The folded file: plain JSON that stock TinyDB opens, ending in a checksum of all before it.

    {"responses":{"1":{…},…},"_meta":{"1":{"format":1,"segment":7,"last":{"responses":9},
    "checksum":"0a1b2c3d"}}}

The checksum stands in the same file, so that one rename replaces both, and covers raw bytes, so
that any flipped bit is found. Read it with stock TinyDB as UTF-8 (on Windows `encoding="utf-8"`).
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import orjson

from .documents import META, Tables
from .errors import JournalDamaged
from .lines import FORMAT, newer_format

_PART = 256  # documents: few enough that waiting writers get the interpreter between chunks


class Snapshot(NamedTuple):
    """All tables at one point of the journal: the end of `segment`."""

    tables: Tables
    last: dict[str, int]
    segment: int


EMPTY = Snapshot({}, {}, 0)


def encoded(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the folded file in small pieces."""
    checksum = 0
    for chunk in _body(snapshot):
        checksum = crc32(chunk, checksum)
        yield chunk
    yield _ending(checksum)


def decoded(content: bytes, path: Path) -> Snapshot:
    """Read the folded file; raise JournalDamaged unless every byte is as it was written."""
    size = len(content) - len(_ending(0))
    if size < 0 or content[size:] != _ending(crc32(memoryview(content)[:size])):
        problem = "the checksum does not fit: the file was damaged or another program wrote it."
        raise JournalDamaged(path, max(size, 0), problem)
    tables = orjson.loads(content)
    meta = tables.pop(META)["1"]
    if meta["format"] > FORMAT:
        raise newer_format(path, meta["format"])
    numbered = {
        name: {int(doc_id): document for doc_id, document in table.items()}
        for name, table in tables.items()
    }
    return Snapshot(numbered, meta["last"], meta["segment"])


def _body(snapshot: Snapshot) -> Iterator[bytes]:
    lead = b"{"
    for name, table in snapshot.tables.items():
        yield lead + orjson.dumps(name) + b":{"
        rest, mark = iter(table.items()), b""
        while part := {str(doc_id): document for doc_id, document in islice(rest, _PART)}:
            yield mark + orjson.dumps(part)[1:-1]
            mark = b","
        lead = b"},"
    meta = {"format": FORMAT, "segment": snapshot.segment, "last": snapshot.last}
    yield b'%b"%b":{"1":%b' % (lead, META.encode(), orjson.dumps(meta)[:-1])


def _ending(checksum: int) -> bytes:
    return b',"checksum":"%08x"}}}' % checksum
