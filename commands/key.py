"""flask key …: the keys, to be printed and stored apart from the data; a new data key."""

import time

import click

from forms.problems import N_
from services.clock import now
from services.errors import Refusal
from services.trail.audit import COMMAND, Deed
from services.upkeep.rotation import Rotated, rotate, size
from storage.data_keys import read_data_keys
from storage.key_files import DATA, HASHING, SESSION, KeyFiles, fingerprint_of_file
from storage.key_ring import LEASE

from .acts import Refused, act, json_option, key_files, settings, store_as_kept, tell
from .noting import audit_of, leave_note
from .progress import progress
from .texts import translate

group = click.Group("key", help="The keys in DATA/keys.")

_SETTINGS = {SESSION: "PHIEU_SECRET_KEY", HASHING: "PHIEU_HASH_KEY", DATA: "PHIEU_DATA_KEY"}


@group.command()
@json_option
@act
def show(as_json: bool) -> None:
    """Print the keys' texts and fingerprints: put the paper where the data is not."""
    files = key_files()
    found = {name: content.decode("ascii").strip() for name, content in files.contents().items()}
    given = [_SETTINGS[name] for name, text in files.given.items() if text]
    if not found and not given:
        raise Refusal(N_("There are no keys yet: start the server once."))
    keys = [
        {"file": str(files.folder / name), "key": text, "fingerprint": _fingerprint(name, text)}
        for name, text in found.items()
    ]
    document = {
        "keys": keys,
        "hash_key": files.fingerprint(),
        "data_keys": list(files.data_keys().ids),
        "given": given,
        "folder": str(files.folder),
        "data_dir": str(settings().data_dir),
    }
    leave_note(Deed.KEYS_SHOWN, in_folder=True, rows=len(found))
    tell(document, _lines(files, found, given), as_json=as_json)
    files.note_printed()


def _fingerprint(name: str, text: str) -> str:
    if name == DATA:
        return ",".join(read_data_keys(text).ids)
    return fingerprint_of_file(text.encode())


def _lines(files: KeyFiles, found: dict[str, str], given: list[str]) -> list[str]:
    lines = []
    for name, text in found.items():
        lines += [str(files.folder / name), *(f"  {line}" for line in text.splitlines()), ""]
    if mark := files.fingerprint():
        lines.append(translate(N_("Fingerprint of the hashing key: %(mark)s"), {"mark": mark}))
    if ids := files.data_keys().ids:
        said = N_("Data keys, newest first: %(ids)s")
        lines.append(translate(said, {"ids": ", ".join(ids)}))
    if given:
        said = N_("From the environment, not printed: %(names)s")
        lines.append(translate(said, {"names": ", ".join(given)}))
    return lines + [
        translate(text, {})
        for text in (
            N_("Print this page and store it apart from the server."),
            N_("Without hash.key receipts and repeated answers get lost."),
            N_("Without data.key ID and phone numbers, sensitive answers and photos get lost."),
        )
    ]


@group.command("rotate")
@json_option
@act
def rotate_key(as_json: bool) -> None:
    """Make a new data key, encrypt everything anew, then give up the old one.

    After an interruption run it again: it goes on where it stopped.
    """
    # On one folder nobody else writes; on a database servers may run meanwhile.
    patience = 2 * LEASE if settings().database_url else 0.0
    with (
        store_as_kept(writing=True) as store,
        progress(size(store), translate(N_("Encrypting anew"), {})) as told,
    ):
        done = rotate(store, key_files(), told, wait=lambda: time.sleep(patience))
        audit_of(store).note(COMMAND, Deed.KEYS_ROTATED, now(), **_told(done))
    lines = _rotated_lines(done)
    tell(vars(done), lines, as_json=as_json)
    if done.broken:
        text = N_("Not everything opens, so the old key stays: storage check says what.")
        raise Refused(translate(text, {}))


def _told(done: Rotated) -> dict[str, object]:
    """For the trail: the keys' ids tell nothing of the keys."""
    return {"key": done.key, "rows": done.responses, "what": "broken" if done.broken else ""}


def _rotated_lines(done: Rotated) -> list[str]:
    said = N_("Encrypted under the key %(key)s: %(responses)s responses, %(files)s files.")
    values = {"key": done.key, "responses": done.responses, "files": done.files}
    lines = [*done.broken, translate(said, values)]
    if done.was_begun:
        lines.append(translate(N_("A rotation begun before was finished; no key was made."), {}))
    if done.retired:
        old = {"ids": ", ".join(done.retired)}
        lines.append(translate(N_("Given up: %(ids)s. Keep its paper for older backups."), old))
    lines.append(translate(N_("Print the new key: flask --app app key show."), {}))
    return lines
