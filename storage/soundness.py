"""What must be true of a store before anybody is served from it; reads, and makes missing keys.

A data folder that is damaged, incomplete or somebody else's never starts as an empty one: each
refusal says what was found and which step helps (docs/operations.md has them all).
"""

import re
from collections.abc import Collection
from pathlib import Path

from .errors import StoreFailed, StoreRefused
from .key_files import HASHING, KeyFiles, fingerprint
from .key_ring import DATA_KEY, recorded_ids
from .keys import Keys, load_keys
from .store import Setting, Store

REGISTRY = "registry.json"
TRAIL = "trail.json"
RESPONSES = "responses"
FORM_ID = re.compile(r"[a-z][a-z0-9-]{0,30}")

RESTORING = "restoring"
"""The setting that marks a store whose restoring or copying has begun and not ended."""
HASH_KEY = "hash_key"
"""The setting that holds the fingerprint of the key under which everything here was hashed."""

FOUND_BY = "found_by"
"""The setting that holds the fingerprint of the hashing key by which every response is found.

Where it is another one, or none, there are responses of before without such hashes.
"""

# What may lie in a folder without making it somebody else's; hidden names may, too.
_NOT_FOREIGN = {"keys", "spool", "lost+found", "System Volume Information", "desktop.ini"}


def form_files(folder: Path) -> tuple[str, ...]:
    """The forms that have a file of responses, folded or not; raises StoreFailed."""
    try:
        names = [path.name for path in (folder / RESPONSES).glob("*.json*")]
    except OSError as error:
        raise StoreFailed(f"{error.filename}: {error.strerror}") from error
    found = {name.partition(".json")[0] for name in names}
    return tuple(sorted(form for form in found if FORM_ID.fullmatch(form)))


def check_folder(folder: Path) -> None:
    """Refuse a folder that is no data folder of ours, or has lost its registry.

    Raises StoreRefused; StoreFailed when it cannot be read.
    """
    try:
        if not folder.exists():
            return
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise StoreFailed(f"{folder}: {error.strerror}") from error
    if any(name == REGISTRY or name.startswith(f"{REGISTRY}.") for name in names):
        return
    if forms := form_files(folder):
        raise StoreRefused(
            f"{folder}: {REGISTRY} is missing, but there are responses of {', '.join(forms)}. "
            f"Put {REGISTRY} and its journal files back beside the folder {RESPONSES}, or move the "
            "whole folder away and restore the last backup: flask --app app backup restore FILE"
        )
    foreign = sorted(n for n in names - _NOT_FOREIGN if not n.startswith(".") and n != RESPONSES)
    if foreign:
        raise StoreRefused(
            f"{folder}: this is no data folder, it holds other things ({foreign[0]}). "
            "Name an empty folder with PHIEU_DATA_DIR."
        )


def check_forms(folder: Path, unknown: Collection[str]) -> None:
    """Refuse responses of forms that the registry does not know: it is another folder's or older.

    Raises StoreRefused.
    """
    if unknown:
        raise StoreRefused(
            f"{folder}: there are responses of {', '.join(sorted(unknown))}, but {REGISTRY} knows"
            " no such form: it is older than the responses, or from another folder. Put the right "
            f"{REGISTRY} back, or restore the last backup into an empty folder."
        )


def check_whole(store: Store) -> None:
    """Refuse a store whose restoring or copying has not ended; raises StoreRefused."""
    if store.settings.get(RESTORING) is not None:
        raise StoreRefused(
            "A restore or copy into this store did not end. Run the same command again (flask --app"
            " app backup restore FILE, or storage copy): it goes on where it stopped."
        )


def open_keys(store: Store, files: KeyFiles, session: str) -> Keys:
    """The keys of this store; made when neither they nor anything they hashed is there yet.

    Raises StoreRefused when the hashing key is missing or another one: under a new key no receipt
    would be found and every repeated answer would count as new. StoreFailed when the disk refuses.
    """
    wanted, found = _recorded(store), files.fingerprint()
    if not found and (wanted or store.forms_with_responses()):
        raise StoreRefused(
            f"{files.folder / HASHING} is missing, but responses were stored under it. Put the file"
            " back (from `flask --app app key show` on paper, or from a sealed backup), or set"
            " PHIEU_HASH_KEY as it was."
        )
    if wanted and wanted != found:
        raise _another(files, wanted, found)
    keys = load_keys(files.folder, session=session, hashing=files.given.get(HASHING, ""))
    if not wanted:
        record = Setting(HASH_KEY, fingerprint(keys.hashing))
        if not store.settings.add(record) and _recorded(store) != record.value:
            raise _another(files, _recorded(store), record.value)
        if not store.forms_with_responses():
            store.settings.add(Setting(FOUND_BY, record.value))
    return keys


def open_data_keys(store: Store, files: KeyFiles) -> None:
    """See that what is sealed here can be opened; the first data key is made when there is none.

    Raises StoreRefused when a key is missing under which something was sealed. A key in front of
    those recorded is a new one: from now on it seals.
    """
    found, recorded = files.data_keys(), recorded_ids(store)
    if missing := [key_id for key_id in recorded if key_id not in found.ids]:
        raise _missing_data_key(files, missing[0], found.ids)
    if not found.keys:
        found = found.with_new()
        files.put_data_keys(found)
    newest = found.ids[0]
    if not recorded:
        if not store.settings.add(Setting(DATA_KEY, newest)):  # another process was first
            open_data_keys(store, files)
    elif newest not in recorded:
        store.settings.put(Setting(DATA_KEY, ",".join((newest, *recorded))))


def _missing_data_key(files: KeyFiles, missing: str, found: tuple[str, ...]) -> StoreRefused:
    there = f"holds other keys ({', '.join(found)})" if found else "is missing"
    return StoreRefused(
        f"{files.data_source} {there}, but answers and files were encrypted under the key"
        f" {missing}. Put that key back (from `flask --app app key show` on paper, or from a sealed"
        " backup), or set PHIEU_DATA_KEY as it was: without it they cannot be read."
    )


def _recorded(store: Store) -> str:
    setting = store.settings.get(HASH_KEY)
    return setting.value if setting else ""


def _another(files: KeyFiles, wanted: str, found: str) -> StoreRefused:
    where = "PHIEU_HASH_KEY" if files.given.get(HASHING) else str(files.folder / HASHING)
    return StoreRefused(
        f"{where} is another key (fingerprint {found}) than the one these responses were stored "
        f"under ({wanted}). Put the right key back; `flask --app app key show` tells the "
        "fingerprint of the one in use."
    )
