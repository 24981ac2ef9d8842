"""flask key …: the keys, to be printed and stored apart from the data."""

import click

from forms.problems import N_
from services.errors import Refusal
from storage.key_files import HASHING, SESSION, fingerprint_of_file

from .acts import act, json_option, key_files, settings, tell
from .texts import translate

group = click.Group("key", help="The keys in DATA/keys.")

_SETTINGS = {SESSION: "PHIEU_SECRET_KEY", HASHING: "PHIEU_HASH_KEY"}


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
        {
            "file": str(files.folder / name),
            "key": text,
            "fingerprint": fingerprint_of_file(text.encode()),
        }
        for name, text in found.items()
    ]
    lines = [line for key in keys for line in (key["file"], f"  {key['key']}", "")]
    if HASHING in found or files.given.get(HASHING):
        mark = translate(N_("Fingerprint of the hashing key: %(mark)s"), {"mark": _mark()})
        lines.append(mark)
    if given:
        said = N_("From the environment, not printed: %(names)s")
        lines.append(translate(said, {"names": ", ".join(given)}))
    lines.append(translate(N_("Print this page and store it apart from the server."), {}))
    lines.append(translate(N_("Without hash.key receipts and repeated answers get lost."), {}))
    document = {"keys": keys, "hash_key": _mark(), "given": given, "folder": str(files.folder)}
    tell(document | {"data_dir": str(settings().data_dir)}, lines, as_json=as_json)


def _mark() -> str:
    return key_files().fingerprint()
