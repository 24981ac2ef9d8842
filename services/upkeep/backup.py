"""Backups: one file made while the server runs, that proves itself and is put back whole.

What an archive looks like says storage/archive.py, what goes into it services/upkeep/contents.py.
"""

import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from forms.problems import N_
from forms.response import Response
from storage.archive import (
    Archive,
    Manifest,
    Packing,
    files_member,
    key_member,
    response_member,
    shelf_member,
)
from storage.embedded import EmbeddedStore
from storage.key_files import KeyFiles
from storage.key_ring import DATA_KEY, recorded_ids
from storage.looking import FolderContents
from storage.records import Kind, response_document
from storage.sealing import sealed
from storage.soundness import HASH_KEY, RESTORING
from storage.store import Setting, Store
from storage.whole_file import write_whole

from ..errors import Refusal
from ..identity import Hasher
from ..trail.chain import Chain, End, read_end
from ..trail.checking import TrailCheck
from .archived import ArchiveParts
from .checking import Report, check_contents
from .contents import File, Reader, StoreParts, Tallies, canonical
from .copying import Told, check_target, fill, holdings
from .key_moving import data_keys_inside, keys_inside, keys_to_put
from .restoring import ErasedSince, without_erased

Item = TypeVar("Item")
SHORTEST_PASSPHRASE = 10


@dataclass(frozen=True)
class Source:
    """What is backed up: a store as `read` shows it, and the keys that belong to it."""

    read: Reader
    keys: KeyFiles

    def marks(self) -> "Marks":
        """Which keys everything was stored under; of a store not begun yet those that are here."""
        with self.read() as store:
            recorded, data_keys = store.settings.get(HASH_KEY), recorded_ids(store)
            last = store.trail.last()
        end = End(last.number, last.seal).text if last else ""
        return Marks(recorded.value if recorded else self.keys.fingerprint(), data_keys, end)


@dataclass(frozen=True)
class Marks:
    """The fingerprint of the hashing key, the ids of the data keys, and how far the trail reached.

    The trail goes on while a backup is made, so it tells no two apart.
    """

    key: str
    data_keys: tuple[str, ...]
    trail_end: str = field(default="", compare=False)


def create_backup(
    source: Source, path: Path, now: datetime, told: Told, *, passphrase: str = ""
) -> Manifest:
    """Write everything into one new file; the keys go along only where a passphrase seals it.

    Raises Refusal, StoreFailed when the disk refuses; then no file is left. `told` hears of every
    response and may raise to break off.
    """
    if path.exists():
        raise Refusal(N_("%(path)s exists already."), {"path": path})
    marks = source.marks()
    keys = _keys_to_seal(source, marks, passphrase) if passphrase else {}
    empty = Manifest(
        now, marks.key, members={}, data_keys=marks.data_keys, trail_end=marks.trail_end
    )
    packing = Packing(empty, _members(source, marks, keys, told))
    chunks: Iterable[bytes] = packing.chunks()
    if passphrase:
        chunks = [sealed(b"".join(chunks), passphrase)]
    write_whole(path, chunks)
    return packing.manifest


def _keys_to_seal(source: Source, marks: Marks, passphrase: str) -> Mapping[str, bytes]:
    """The key files to take along; raises Refusal for a weak passphrase or another store's keys."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refusal(
            N_("A passphrase has at least %(shortest)s characters."),
            {"shortest": SHORTEST_PASSPHRASE},
        )
    is_whole = set(marks.data_keys) <= set(source.keys.data_keys().ids)
    if marks.key != source.keys.fingerprint() or not is_whole:
        raise Refusal(
            N_("The keys here are not those of the responses. Put the right keys back first.")
        )
    return source.keys.contents()


def _members(
    source: Source, marks: Marks, keys: Mapping[str, bytes], told: Told
) -> Iterator[tuple[str, Iterable[bytes]]]:
    parts = StoreParts(source.read)
    for form, responses in parts.responses():
        yield response_member(form), _response_lines(responses, told)
    for form, files in parts.files():
        yield files_member(form), _file_lines(files)
    for kind, items in parts.shelves():
        yield shelf_member(kind.table), _record_lines(kind, items)
    for name, content in keys.items():
        yield key_member(name), [content.strip() + b"\n"]
    if source.marks() != marks:
        raise Refusal(N_("The keys were changed meanwhile. Please run it again."))


def _response_lines(responses: Iterable[Response], told: Told) -> Iterator[bytes]:
    for response in responses:
        yield canonical(response_document(response)) + b"\n"
        told(1)


def _file_lines(files: Iterable[File]) -> Iterator[bytes]:
    for file in files:
        text = b64encode(file.content).decode()
        yield canonical({"name": file.name, "content": text}) + b"\n"


def _record_lines(kind: Kind[Item], items: Iterable[Item]) -> Iterator[bytes]:
    for item in items:
        yield canonical(kind.to_document(item)) + b"\n"


def prove(archive: Archive) -> None:
    """Read every byte and every record; raises ArchiveRefused at the first that is not right."""
    parts = ArchiveParts(archive)
    for _, items in (*parts.responses(), *parts.files(), *parts.shelves()):
        for _ in items:
            pass
    keys_inside(archive)


@dataclass(frozen=True)
class Verified:
    """A backup that was restored in a scratch store, and what a check of that store found."""

    manifest: Manifest
    tallies: Tallies
    report: Report


def verify_backup(archive: Archive, told: Told, keys: KeyFiles | None = None) -> Verified:
    """Restore into a scratch folder and compare; raises ArchiveRefused, Refusal, StoreFailed.

    What is encrypted is opened, too, where the data keys are inside, or here in `keys`.
    """
    prove(archive)
    data_keys = data_keys_inside(archive)
    if keys is not None and not data_keys.keys:
        data_keys = keys.data_keys()
    can_open = set(archive.manifest.data_keys) <= set(data_keys.ids)
    with tempfile.TemporaryDirectory(prefix="phieu-verify-") as folder:
        scratch = EmbeddedStore(Path(folder))
        try:
            found = fill(ArchiveParts(archive), scratch, told)
        finally:
            scratch.close()
        report = check_contents(
            FolderContents(Path(folder)),
            archive.manifest.key,
            told,
            data_keys if can_open else None,
            _trail_check(archive.manifest, keys),
        )
    return Verified(archive.manifest, found, report)


def _trail_check(manifest: Manifest, keys: KeyFiles | None) -> TrailCheck | None:
    """The trail inside can be proven where the hashing key is the one here."""
    if keys is None or not manifest.key or keys.fingerprint() != manifest.key:
        return None
    end = read_end(manifest.trail_end)
    return TrailCheck(Chain(Hasher(keys.hashing())), (end,) if end else ())


def restore_backup(
    archive: Archive,
    store: Store,
    keys: KeyFiles,
    told: Told,
    *,
    with_other_key: bool,
    erased: ErasedSince | None = None,
) -> Tallies:
    """Put everything back into an empty store, or go on with the same backup half restored.

    Everything is read and decided before the first byte is written; what was `erased` since stays
    so. Raises ArchiveRefused, Refusal.
    """
    prove(archive)
    found = store.settings.get(RESTORING)
    if found is None and (there := holdings(store)):
        raise Refusal(
            N_(
                "The store is not empty (%(parts)s). A restore never overwrites: name an empty one."
            ),
            {"parts": ", ".join(there)},
        )
    left_out = _left_out(archive, keys) if with_other_key else frozenset[str]()
    parts = without_erased(ArchiveParts(archive, left_out), erased)
    mark = archive.mark + (erased.mark if erased else "")
    check_target(parts, store, mark, may_grow=False)
    missing = {} if with_other_key else keys_to_put(archive, keys)
    store.settings.put(Setting(RESTORING, mark))
    if missing:
        keys.put(missing)
    restored = fill(parts, store, told)
    if erased:
        erased.remember_others(store)
    store.settings.remove(RESTORING)
    return restored


def _left_out(archive: Archive, keys: KeyFiles) -> frozenset[str]:
    """The settings that name keys which are lost."""
    has_data_keys = set(archive.manifest.data_keys) <= set(keys.data_keys().ids)
    return frozenset({HASH_KEY} if has_data_keys else {HASH_KEY, DATA_KEY})
