"""flask demo …: a filled store to try everything with."""

import click

from services.clock import now
from services.demonstration.filling import SETTING, fill
from services.identity import Hasher
from storage.soundness import open_data_keys, open_keys

from .acts import Refused, act, columns, json_option, key_files, settings, store_for, tell

group = click.Group("demo", help="A demonstration store with invented people and responses.")


@group.command("fill")
@json_option
@act
def fill_store(as_json: bool) -> None:
    """Fill the data folder with demonstration data, once, and print its sign-ins."""
    config = settings()
    with store_for(writing=True) as store:
        if store.versions.all() and store.settings.get(SETTING) is None:
            raise Refused(f"{config.data_dir}: real forms are kept here; name another folder")
        keys = open_keys(store, key_files(), config.secret_key)
        open_data_keys(store, key_files())
        sign_ins = [vars(sign_in) for sign_in in fill(store, Hasher(keys.hashing), now())]
    tell(sign_ins, ["Bản minh họa / demonstration:", *columns(sign_ins)], as_json=as_json)
