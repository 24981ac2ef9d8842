"""What all commands share: the store for one act, refusals as exit code 1, and JSON output."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from config import Config
from services.errors import Refusal
from services.identity import Hasher
from services.organization.start import prepare
from services.trail.audit import Audit
from storage.errors import StoreError
from storage.key_files import KeyFiles
from storage.opening import open_whole_store
from storage.sealed import SealedStore, sealer_of
from storage.soundness import open_keys
from storage.spool import Spool
from storage.store import Store

from .texts import translate

Args = ParamSpec("Args")

EXTENSION = "phieu_settings"

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def settings() -> Config:
    """The installation's settings."""
    found: Config = current_app.extensions[EXTENSION]
    return found


def key_files() -> KeyFiles:
    """The installation's keys."""
    config = settings()
    return KeyFiles.of(
        config.data_dir,
        session=config.secret_key,
        hashing=config.hash_key,
        data=config.data_key,
    )


@contextmanager
def store_for(*, writing: bool) -> Iterator[Store]:
    """The store for one command: alone for writing, else a snapshot beside a running server."""
    with store_as_kept(writing=writing) as kept:
        yield SealedStore(kept, sealer_of(kept, key_files()))


@contextmanager
def store_as_kept(*, writing: bool) -> Iterator[Store]:
    """The same with everything sealed as it is on the disk, for copies and backups."""
    config = settings()
    store = open_whole_store(config.data_dir, config.database_url, read_only=not writing)
    try:
        if writing:
            prepare(store, config.organization)
            _take_in_notes(store)
        yield store
    finally:
        store.close()


def _take_in_notes(store: Store) -> None:
    """Move into the trail what commands that read have left since a server last ran."""
    config = settings()
    spool = Spool(config.data_dir)
    if spool.waiting():
        keys = open_keys(store, key_files(), config.secret_key)
        Audit(store, Hasher(keys.hashing), spool).take_in()


def act(command: Callable[Args, None]) -> Callable[Args, None]:
    """Make a function a command's body: its refusals go to stderr, and the exit code is 1."""

    @functools.wraps(command)
    def body(*args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            raise Refused(translate(refusal.message, refusal.values)) from refusal
        except StoreError as error:
            raise Refused(str(error)) from error

    return with_appcontext(body)


class Refused(click.ClickException):
    """An act that was not done: the reason on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


def tell(document: Any, lines: Sequence[str], *, as_json: bool) -> None:
    """Print one JSON document, or lines for people."""
    if as_json:
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        return
    for line in lines:
        click.echo(line)


def columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Rows of equal keys as lines with aligned columns."""
    texts = [[str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    ]
