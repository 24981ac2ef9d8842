"""The backup file: a ZIP of JSON Lines and a manifest; it knows its own shape, not what is in it.

responses/<definition>.jsonl   one line each, canonical JSON (storage/records.py's documents)
units.jsonl headcounts.jsonl people.jsonl versions.jsonl settings.jsonl trail.jsonl points.jsonl
requests.jsonl retentions.jsonl profiles.jsonl breaches.jsonl drafts.jsonl
offers.jsonl openings.jsonl campaigns.jsonl
files/<definition>.jsonl       one line each: the name of a file and its content in base64
keys/<name>.key                only in a file that is sealed with a passphrase
manifest.json                  last, because it holds the count and SHA-256 of all others
"""

import contextlib
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, cast

import orjson
from pydantic import TypeAdapter, ValidationError

from . import records
from .errors import ArchiveRefused

FORMAT = 2  # 1 had nothing encrypted in it
PRODUCT = "phieu-cong-doan"
MANIFEST = "manifest.json"
SHELVES = tuple(
    f"{kind.table}.jsonl"
    for kind in (
        records.UNITS,
        records.PEOPLE,
        records.VERSIONS,
        records.SETTINGS,
        records.TRAIL,
        records.POINTS,
    )
)
# Older backups have none of these.
LATER_SHELVES = tuple(
    f"{kind.table}.jsonl"
    for kind in (
        records.HEADCOUNTS,
        records.REQUESTS,
        records.RETENTIONS,
        records.PROFILES,
        records.BREACHES,
        records.DRAFTS,
        records.OFFERS,
        records.OPENINGS,
        records.CAMPAIGNS,
    )
)
_RESPONSES = re.compile(r"responses/([a-z][a-z0-9-]{0,30})\.jsonl")
_FILES = re.compile(r"files/([a-z][a-z0-9-]{0,30})\.jsonl")
_KEY = re.compile(r"keys/([a-z]{1,20}\.key)")

# A hostile file must not fill the memory or the disk. Ours shrink about ten times.
LONGEST_LINE = 8 * 2**20  # a file of 5 MB in base64 fits
LARGEST_MANIFEST = 4 * 2**20
MOST_UNPACKED = 100  # times the size of the file
_SMALL = 10 * 2**20  # bytes that may be unpacked in any case
_PIECE = 2**18
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError)


@dataclass(frozen=True)
class Member:
    """One file of the archive as the manifest describes it: lines, bytes, SHA-256 in hex."""

    count: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. `key` is the hashing key's fingerprint, "" without one.

    `data_keys` are the ids of the keys under which answers and files in it are encrypted;
    `trail_end` is how far the audit trail reached at least (services/trail/chain.py, End).
    """

    created_at: datetime
    key: str
    members: Mapping[str, Member]
    product: str = PRODUCT
    format: int = FORMAT
    data_keys: tuple[str, ...] = ()
    trail_end: str = ""

    @property
    def responses(self) -> dict[str, int]:
        """How many responses of each form."""
        return {
            found[1]: member.count
            for name, member in self.members.items()
            if (found := _RESPONSES.fullmatch(name))
        }

    @property
    def files(self) -> tuple[str, ...]:
        """The forms whose responses have files."""
        return tuple(found[1] for name in self.members if (found := _FILES.fullmatch(name)))

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the key files inside."""
        return tuple(found[1] for name in self.members if (found := _KEY.fullmatch(name)))


_ADAPTER = TypeAdapter(Manifest)


def response_member(definition: str) -> str:
    return f"responses/{definition}.jsonl"


def files_member(definition: str) -> str:
    return f"files/{definition}.jsonl"


def shelf_member(table: str) -> str:
    return f"{table}.jsonl"


def key_member(name: str) -> str:
    return f"keys/{name}"


class Packing:
    """Make an archive, piece by piece; `manifest` is whole when all pieces were taken."""

    def __init__(self, manifest: Manifest, parts: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """`parts` are members with their lines, newlines included; read in their order, once."""
        self.manifest, self._parts = manifest, parts

    def chunks(self) -> Iterator[bytes]:
        out, members = _Taken(), dict[str, Member]()
        with zipfile.ZipFile(cast(BinaryIO, out), "w", zipfile.ZIP_DEFLATED) as file:
            for name, lines in self._parts:
                count, size, digest = 0, 0, hashlib.sha256()
                with file.open(self._entry(name), "w", force_zip64=True) as member:
                    for number, piece in _pieces(lines):
                        count, size = count + number, size + len(piece)
                        digest.update(piece)
                        member.write(piece)
                        yield out.take()
                members[name] = Member(count, size, digest.hexdigest())
            self.manifest = replace(self.manifest, members=members)
            with file.open(self._entry(MANIFEST), "w") as member:
                member.write(_ADAPTER.dump_json(self.manifest, indent=1) + b"\n")
        yield out.take()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self.manifest.created_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry


class Archive:
    """An archive whose names, sizes and manifest were checked; the members are when read."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises ArchiveRefused for a file that is none of ours, damaged, newer or hostile."""
        with _reported("the file"):
            size = file.seek(0, 2)
            self._zip = zipfile.ZipFile(file)
            self._check_names(size)
        self.manifest = self._read_manifest()
        if set(self.manifest.members) != set(self._zip.namelist()) - {MANIFEST}:
            raise ArchiveRefused("The manifest names other members than the file has.")
        if not set(SHELVES) <= set(self.manifest.members):
            raise ArchiveRefused("Members are missing: the file is not a whole backup.")

    @property
    def mark(self) -> str:
        """What tells this backup from others, sealed anew or not."""
        return hashlib.sha256(_ADAPTER.dump_json(self.manifest)).hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member without their newlines; raises ArchiveRefused at the first fault.

        What was given before the end is proven only by the end.
        """
        expected, count, size, digest = self.manifest.members[name], 0, 0, hashlib.sha256()
        rest = b""
        for piece in self._pieces(name):
            size += len(piece)
            digest.update(piece)
            *whole, rest = (rest + piece).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise ArchiveRefused(f"{name}: a line is too long.")
            count += len(whole)
            yield from whole
        if rest or Member(count, size, digest.hexdigest()) != expected:
            raise ArchiveRefused(f"{name}: damaged, it is not what the manifest says.")

    def _pieces(self, name: str) -> Iterator[bytes]:
        with _reported(name), self._zip.open(name) as member:
            while piece := member.read(_PIECE):
                yield piece

    def _check_names(self, size: int) -> None:
        entries = self._zip.infolist()
        names = [entry.filename for entry in entries]
        wrong = [n for n in names if not _is_ours(n)]
        if wrong or len(set(names)) < len(names) or MANIFEST not in names:
            named = f": {wrong[0][:60]!r}" if wrong else ""
            raise ArchiveRefused(f"This ZIP is not a backup of this program{named}.")
        if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
            raise ArchiveRefused("A member is packed in a way that our backups are not.")
        if sum(entry.file_size for entry in entries) > max(_SMALL, MOST_UNPACKED * size):
            raise ArchiveRefused("Unpacked it would be far larger than any backup of its size.")
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ArchiveRefused("The manifest is too large.")

    def _read_manifest(self) -> Manifest:
        content = b"".join(self._pieces(MANIFEST))
        try:
            document = orjson.loads(content)
            if document["product"] != PRODUCT:
                raise ArchiveRefused("This ZIP is not a backup of this program.")
            if document["format"] > FORMAT:
                raise ArchiveRefused(
                    f"Format {document['format']} was written by a newer version; this one knows "
                    f"{FORMAT}. Update the program; the file itself may be sound."
                )
            return _ADAPTER.validate_python(document)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise ArchiveRefused(f"{MANIFEST}: damaged.") from error


class _Taken:
    """What a ZIP writer wrote since it was last taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        return

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _is_ours(name: str) -> bool:
    known = name == MANIFEST or name in SHELVES or name in LATER_SHELVES
    return known or any(kind.fullmatch(name) for kind in (_RESPONSES, _FILES, _KEY))


def _pieces(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Many lines at a time, with their number."""
    waiting, size = list[bytes](), 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= _PIECE:
            yield len(waiting), b"".join(waiting)
            waiting, size = [], 0
    yield len(waiting), b"".join(waiting)


@contextlib.contextmanager
def _reported(what: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ArchiveRefused(f"{what}: damaged, cut off, or no backup at all ({error}).") from error
