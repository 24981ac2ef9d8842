"""What was erased after a backup was made, by the list beside it or by a newer backup."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from forms.problems import N_
from storage.archive import Archive, key_member
from storage.key_files import HASHING, KeyFiles

from ..erased import ErasedLine, Graves, read_list
from ..errors import Refusal
from ..identity import Hasher
from .archived import ArchiveParts, opened_backup
from .contents import Parts
from .restoring import ErasedSince

_OTHER_KEY = N_(
    "%(path)s was written under another hashing key, so it cannot be told which responses of this"
    " backup were deleted since. With --ignore-deleted they come back, and must be deleted again."
)


def erased_since(
    archive: Archive, keys: KeyFiles, path: Path, *, with_other_key: bool
) -> ErasedSince | None:
    """What a list of deletions, or a newer backup, says that must not come back.

    None where there is no key to tell by: then the restore itself says which one is missing.
    Raises Refusal for a list under another key, ArchiveRefused, StoreFailed.
    """
    hashing = _hashing_key(archive, keys)
    if hashing is None:
        if with_other_key and any(read_list(path)):
            raise Refusal(_OTHER_KEY, {"path": path})
        return None
    graves = Graves(Hasher(hashing))
    if not zipfile.is_zipfile(path):
        return ErasedSince(graves, _lines_of_list(path, graves))
    with opened_backup(path, "") as newer:
        return ErasedSince(graves, _lines_of_backup(ArchiveParts(newer), graves))


def _hashing_key(archive: Archive, keys: KeyFiles) -> bytes | None:
    if keys.fingerprint():
        return keys.hashing()
    if HASHING not in archive.manifest.keys:
        return None
    return bytes.fromhex(b"".join(archive.lines(key_member(HASHING))).decode("ascii").strip())


def _lines_of_list(path: Path, graves: Graves) -> Iterator[ErasedLine]:
    for line in read_list(path):
        if line.key != graves.key:
            raise Refusal(_OTHER_KEY, {"path": path})
        yield line


def _lines_of_backup(parts: Parts, graves: Graves) -> Iterator[ErasedLine]:
    """The tombstones in it, as lines of a list."""
    for _, responses in parts.responses():
        yield from (graves.line(response) for response in responses if response.is_withdrawn)
