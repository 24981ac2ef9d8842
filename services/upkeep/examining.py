"""What an administrator should look at before people do: settings, disk, store, keys, backups."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from forms.problems import N_
from qr.address import is_loopback
from storage.errors import StoreError
from storage.key_files import KeyFiles
from storage.key_ring import recorded_ids
from storage.opening import open_whole_store
from storage.soundness import HASH_KEY
from storage.store import Notice, Store

from .copying import count_responses
from .daily import is_stale, newest_backup

LEAST_FREE = 500 * 2**20  # bytes; less is a fault: a backup or a fold may find no room
OLDEST_PYTHON = (3, 11)


NOTICED = timedelta(days=14)
"""For how long staff are told what was set aside; `storage check` tells it as long as it lies."""


class Grade(StrEnum):
    GOOD = "good"
    NOTICE = "notice"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `text` with `values` is a message to translate."""

    about: str
    grade: Grade
    text: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Place:
    """Which installation is examined."""

    data_dir: Path
    database_url: str
    base_url: str
    backup_dir: Path | None
    keys: KeyFiles


def recent_notices(store: Store, now: datetime) -> list[Notice]:
    """What happened lately to the store's files."""
    return [n for n in store.notices() if n.at is None or now - n.at <= NOTICED]


def examine(place: Place, now: datetime) -> Iterator[Finding]:
    """Look at everything; changes nothing and needs no lock."""
    yield _python()
    yield _base_url(place.base_url)
    yield from _folder("data", place.data_dir)
    yield _store(place)
    yield from _keys(place.keys)
    yield from _backups(place.backup_dir, now)


def _finding(about: str, grade: Grade, text: str, **values: object) -> Finding:
    return Finding(about, grade, text, values)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    grade = Grade.GOOD if sys.version_info >= OLDEST_PYTHON else Grade.FAULT
    return _finding("python", grade, N_("Python %(version)s"), version=found)


def _base_url(url: str) -> Finding:
    if is_loopback(url):
        text = N_("QR codes would contain %(url)s, which no phone can open: set PHIEU_BASE_URL.")
        return _finding("address", Grade.NOTICE, text, url=url)
    if not url.startswith("https://"):
        text = N_("QR codes contain %(url)s: without https answers travel readable.")
        return _finding("address", Grade.NOTICE, text, url=url)
    return _finding("address", Grade.GOOD, N_("QR codes contain %(url)s."), url=url)


def _folder(about: str, folder: Path) -> Iterator[Finding]:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        text = N_("%(path)s cannot be written to by this user.")
        yield _finding(about, Grade.FAULT, text, path=there)
        return
    free = shutil.disk_usage(there).free
    grade = Grade.GOOD if free >= LEAST_FREE else Grade.FAULT
    text = N_("%(path)s: %(free)s MB free")
    yield _finding(about, grade, text, path=folder, free=free // 2**20)


def _store(place: Place) -> Finding:
    try:
        store = open_whole_store(place.data_dir, place.database_url, read_only=True)
        try:
            count, recorded = count_responses(store), store.settings.get(HASH_KEY)
            missing = set(recorded_ids(store)) - set(place.keys.data_keys().ids)
        finally:
            store.close()
        mark = place.keys.fingerprint()
    except StoreError as error:
        return _finding("store", Grade.FAULT, "%(why)s", why=error)
    if recorded is not None and recorded.value != mark:
        text = N_("The hashing key in use (%(found)s) is not that of the responses (%(wanted)s).")
        values = {"found": mark or "—", "wanted": recorded.value}
        return Finding("store", Grade.FAULT, text, values)
    if missing:
        text = N_("The data key %(ids)s is not here: what it encrypted cannot be read.")
        return _finding("store", Grade.FAULT, text, ids=", ".join(sorted(missing)))
    return _finding("store", Grade.GOOD, N_("%(count)s responses can be read"), count=count)


def _keys(keys: KeyFiles) -> Iterator[Finding]:
    try:
        if not keys.fingerprint():
            return  # none was made yet
        are_printed = keys.are_printed()
    except StoreError as error:
        yield _finding("keys", Grade.FAULT, "%(why)s", why=error)
        return
    if are_printed:
        yield _finding("keys", Grade.GOOD, N_("The keys in use were printed."))
    else:
        text = N_("The keys in use were never printed: flask --app app key show.")
        yield _finding("keys", Grade.NOTICE, text)


def _backups(folder: Path | None, now: datetime) -> Iterator[Finding]:
    if folder is None:
        text = N_("No daily backup: set PHIEU_BACKUP_DIR to a folder on another disk.")
        yield _finding("backup", Grade.NOTICE, text)
        return
    if is_stale(folder, now.date()):
        day = newest_backup(folder)
        text = N_("The newest backup in %(path)s is of %(day)s.")
        yield _finding("backup", Grade.FAULT, text, path=folder, day=day or "—")
    else:
        text = N_("The newest backup in %(path)s is of %(day)s.")
        yield _finding("backup", Grade.GOOD, text, path=folder, day=newest_backup(folder))
    yield from _folder("backup", folder)
