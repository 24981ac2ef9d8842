"""flask response receive: forms that a helper's phone saved because it could not send them."""

import uuid
from typing import BinaryIO

import click

from services.clock import now
from services.identity import Hasher
from services.organization.units import tree_of
from services.receiving.assisting import Taken, receive_saved
from services.receiving.receive import Receiver
from services.trail.audit import Deed
from storage.soundness import open_keys

from .acts import Refused, act, json_option, key_files, settings, tell
from .noting import noted_store
from .texts import translate


@click.command()
@click.argument("file", type=click.File("rb"))
@json_option
@act
def receive(file: BinaryIO, as_json: bool) -> None:
    """Take the forms in FILE, saved on a helper's phone; those known already are kept once."""
    with noted_store(Deed.STORE_IMPORTED) as (store, tell_trail):
        hasher = Hasher(open_keys(store, key_files(), settings().secret_key).hashing)
        receiver = Receiver(store, hasher, lambda: str(uuid.uuid4()))
        taken = list(receive_saved(file, store, receiver, tree=tree_of(store), now=now()))
        tell_trail(rows=sum(one.stored for one in taken), what="receive")
    refused = [one for one in taken if one.why]
    stored = sum(one.stored for one in taken)
    known = len(taken) - stored - len(refused)
    told = {
        "stored": stored,
        "known": known,
        "refused": [{"line": one.line, "why": _why(one)} for one in refused],
        "receipts": [one.receipt for one in taken if one.receipt],
    }
    tell(told, [f"{stored} + {known}"], as_json=as_json)
    if refused:
        raise Refused("\n".join(f"{one.line}: {_why(one)}" for one in refused))


def _why(one: Taken) -> str:
    return translate(one.why, one.values)
