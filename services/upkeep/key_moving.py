"""Keys that travel: into backups sealed with a passphrase, out of them, and beside copies."""

from collections.abc import Mapping

from forms.problems import N_
from storage.archive import Archive, key_member
from storage.data_keys import DataKeys, read_data_keys
from storage.errors import ArchiveRefused
from storage.key_files import DATA, HASHING, KeyFiles, fingerprint_of_file

from ..errors import Refusal


def keys_inside(archive: Archive) -> Mapping[str, bytes]:
    """The key files in an archive; raises ArchiveRefused where they are not those it names."""
    return {name: _content(archive, name) for name in archive.manifest.keys}


def data_keys_inside(archive: Archive) -> DataKeys:
    return _data_keys(_content(archive, DATA)) if DATA in archive.manifest.keys else DataKeys()


def _content(archive: Archive, name: str) -> bytes:
    content = b"".join(line + b"\n" for line in archive.lines(key_member(name)))
    if name == HASHING and fingerprint_of_file(content) != archive.manifest.key:
        raise ArchiveRefused("The key inside is not the one that the manifest names.")
    if name == DATA and not set(archive.manifest.data_keys) <= set(_data_keys(content).ids):
        raise ArchiveRefused("The data keys inside are not those that the manifest names.")
    return content


def _data_keys(content: bytes) -> DataKeys:
    try:
        return read_data_keys(content.decode("ascii"))
    except ValueError as error:
        raise ArchiveRefused(f"{DATA}: not a key.") from error


def keys_to_put(archive: Archive, keys: KeyFiles) -> Mapping[str, bytes]:
    """The key files to put back; raises Refusal when the target has another hashing key."""
    return {**_hashing_to_put(archive, keys), **_data_to_put(archive, keys)}


def _hashing_to_put(archive: Archive, keys: KeyFiles) -> Mapping[str, bytes]:
    """The hashing key where it is not there yet, and the session key along with it."""
    wanted, found = archive.manifest.key, keys.fingerprint()
    if not wanted or found == wanted:
        return {}
    if found:
        raise Refusal(
            N_(
                "The hashing key here (%(found)s) is not the one of the backup (%(wanted)s). Move"
                " the keys folder away, or set PHIEU_HASH_KEY to the right one."
            ),
            {"found": found, "wanted": wanted},
        )
    if HASHING not in archive.manifest.keys:
        raise Refusal(
            N_(
                "The hashing key of the backup (%(wanted)s) is not here. Put hash.key into"
                " %(folder)s first, from a sealed backup or from paper."
            ),
            {"wanted": wanted, "folder": keys.folder},
        )
    given = {name for name, text in keys.given.items() if text}
    inside = (name for name in archive.manifest.keys if name not in given | {DATA})
    return {name: _content(archive, name) for name in inside}


def _data_to_put(archive: Archive, keys: KeyFiles) -> Mapping[str, bytes]:
    """The data keys of the backup in front of those here, unless all are here already."""
    here = keys.data_keys()
    missing = [key_id for key_id in archive.manifest.data_keys if key_id not in here.ids]
    if not missing:
        return {}
    if keys.given.get(DATA) or DATA not in archive.manifest.keys:
        raise Refusal(
            N_(
                "The data key of the backup (%(wanted)s) is not here. Put it into %(where)s first,"
                " from a sealed backup or from paper."
            ),
            {"wanted": ", ".join(missing), "where": keys.data_source},
        )
    return {DATA: _together(data_keys_inside(archive), here)}


def _together(first: DataKeys, others: DataKeys) -> bytes:
    more = tuple(key for key in others.keys if key.id not in first.ids)
    return DataKeys(first.keys + more).text.encode()


def put_beside_copy(source: KeyFiles, target: KeyFiles) -> None:
    """Give a copy in another folder the keys that it lacks; raises StoreFailed."""
    there = target.contents()
    missing = {name: text for name, text in source.contents().items() if name not in there}
    if DATA in source.contents() and DATA in there:
        missing[DATA] = _together(source.data_keys(), target.data_keys())
    if missing:
        target.put(missing)
