"""Copy everything from one store into another, on from where an earlier copy stopped."""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from federation.units import ROOT
from forms.problems import N_
from forms.response import Response
from storage.errors import StoreRefused
from storage.records import SETTINGS, UNITS, Kind, response_document
from storage.soundness import HASH_KEY, RESTORING
from storage.store import Setting, Store

from ..errors import Refusal
from .contents import (
    COPIED,
    EVERYTHING,
    SHELVES,
    File,
    Parts,
    Reader,
    StoreParts,
    Tallies,
    Tally,
    batches,
    canonical,
    differences,
    files_part,
    form_part,
    shelf,
    shelf_tallies,
    tallies,
    travelling,
)

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_STRANGE = N_(
    "%(part)s: the target holds %(key)s, which is not in the source. Nothing was written."
)
_NOT_EMPTY = N_("The target is not empty (%(parts)s). Name an empty folder or database.")
_ITSELF = N_("The target is the store itself. Name another folder.")
Told = Callable[[int], None]
"""Hears how many responses were just dealt with."""


def target_of(address: str) -> Path | str:
    """What `--to` names: a folder (a path, file:…) or a database's address; raises Refusal."""
    if address.lower().startswith("file:"):
        path = unquote(address[len("file:") :])
        path = path.removeprefix("//localhost") if path.startswith("//localhost/") else path
        return Path(path[2:] if path.startswith("//") else path).absolute()
    if found := _SCHEME.match(address):
        if found[1].lower() in ("postgresql", "postgres"):
            return address
        raise Refusal(N_("Write postgresql://… or the path of a folder."))
    return Path(address).absolute()


def check_target_folder(folder: Path, source: Path | None) -> None:
    """Refuse a folder that is the source itself, or holds what is not ours; raises Refusal."""
    if source is not None and folder.resolve() == source.resolve():
        raise Refusal(_ITSELF)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refusal(N_("%(path)s is not a folder."), {"path": folder})
    names = {path.name for path in folder.iterdir()}
    if names and ".lock" not in names and not any(n.startswith("registry.json") for n in names):
        raise Refusal(N_("%(path)s holds other files. Name an empty folder."), {"path": folder})


def check_target(parts: Parts, target: Store, mark: str, *, may_grow: bool) -> None:
    """Refuse a target that holds what the source does not hold; raises Refusal.

    An empty one will do, one half filled under the same mark, and, where it `may_grow`, a copy
    that is unchanged since.
    """
    found = target.settings.get(RESTORING)
    if found is not None and found.value != mark:
        raise Refusal(N_("Another restore or copy did not end in the target. Run that one again."))
    is_known = found is not None or (may_grow and _is_unchanged_copy(target))
    if not is_known and not is_empty(target):
        raise Refusal(_NOT_EMPTY, {"parts": ", ".join(holdings(target))})
    left = set(target.forms_with_responses())
    if left:
        for form, responses in parts.responses():
            if form in left:
                left.discard(form)
                _check_all_known(form, responses, target)
    for form in sorted(left):
        raise Refusal(_STRANGE, {"part": form_part(form), "key": "…"})


def _check_all_known(form: str, responses: Iterator[Response], target: Store) -> None:
    unknown = {_digest(kept): kept.id for kept in target.iter_responses(form, EVERYTHING)}
    for response in responses:
        unknown.pop(_digest(response), None)
    for key in unknown.values():
        raise Refusal(_STRANGE, {"part": form_part(form), "key": key})


def _digest(response: Response) -> bytes:
    return hashlib.blake2b(canonical(response_document(response)), digest_size=16).digest()


def holdings(store: Store) -> list[str]:
    """What a store holds beyond its first root unit and its settings, in words for refusals."""
    forms = [form_part(form) for form in store.forms_with_responses()]
    kinds = [kind for kind in SHELVES if kind is not SETTINGS and shelf(store, kind).all()]
    if {unit.id for unit in store.units.all()} <= {ROOT}:
        kinds = [kind for kind in kinds if kind is not UNITS]
    return forms + [kind.table for kind in kinds]


def is_empty(store: Store) -> bool:
    return not holdings(store)


def _is_unchanged_copy(store: Store) -> bool:
    copied = store.settings.get(COPIED)
    return copied is not None and copied.value == _shelves_mark(store)


def _shelves_mark(store: Store) -> str:
    checksums = [f"{part} {tally.checksum}" for part, tally in shelf_tallies(store).items()]
    return hashlib.sha256("\n".join(checksums).encode()).hexdigest()


def copy_store(read: Reader, target: Store, told: Told) -> Tallies:
    """Copy everything that is not in the target yet, and prove that both are equal.

    After a run that was cut off, or when the source has grown since, the next run goes on. Raises
    Refusal for a target that is none of ours, and when the copy differs.
    """
    with read() as source:
        key = source.settings.get(HASH_KEY)
    parts, mark = StoreParts(read), f"copy {key.value if key else ''}"
    check_target(parts, target, mark, may_grow=True)
    target.settings.put(Setting(RESTORING, mark))
    _refuse_itself(read, target)
    found = fill(parts, target, told)
    target.settings.put(Setting(COPIED, _shelves_mark(target)))
    target.settings.remove(RESTORING)
    return found


def _refuse_itself(read: Reader, target: Store) -> None:
    """Two addresses can name one database: then our mark is in the source, too."""
    try:
        with read() as source:
            is_itself = source.settings.get(RESTORING) is not None
    except StoreRefused:  # it was whole a moment ago, without our mark
        is_itself = True
    if is_itself:
        target.settings.remove(RESTORING)
        raise Refusal(_ITSELF)


def fill(parts: Parts, target: Store, told: Told) -> Tallies:
    """Write everything, and prove it by counts and checksums; raises Refusal when they differ."""
    wanted = transfer(parts, target, told)
    found = tallies(target)
    if differs := differences(wanted, found):
        raise Refusal(
            N_("Source and target differ: %(where)s. Run it again; nothing starts on the target."),
            {"where": "; ".join(differs)},
        )
    return found


def transfer(parts: Parts, target: Store, told: Told) -> Tallies:
    """Write everything that is not there yet, and count what the source held.

    Responses first: without its scan points a half filled store takes no answers of its own.
    """
    wanted: Tallies = {}
    for form, responses in parts.responses():
        tally = wanted[form_part(form)] = Tally()
        for batch in batches(responses):
            target.load_responses(form, batch)
            for response in batch:
                tally.add(canonical(response_document(response)))
            told(len(batch))
    for form, files in parts.files():
        wanted[files_part(form)] = _transfer_files(form, files, target)
    for kind, items in parts.shelves():
        wanted[kind.table] = _transfer_shelf(kind, items, target)
    return wanted


def _transfer_files(form: str, files: Iterator[File], target: Store) -> Tally:
    tally = Tally()
    for file in files:
        target.put_file(form, file.name, file.content)
        tally.add(file.line)
    return tally


def _transfer_shelf(kind: Kind[Any], items: Iterator[Any], target: Store) -> Tally:
    tally, kept = Tally(), set()
    for item in items:
        tally.add(canonical(kind.to_document(item)))
        kept.add(kind.key(item))
        if shelf(target, kind).get(kind.key(item)) != item:
            shelf(target, kind).put(item)
    for item in travelling(target, kind):  # only what `check_target` let pass
        if kind.key(item) not in kept:
            shelf(target, kind).remove(kind.key(item))
    return tally


def count_responses(store: Store) -> int:
    """How many responses there are in all."""
    return sum(
        store.page_responses(form, EVERYTHING, offset=0, limit=0)[0]
        for form in store.forms_with_responses()
    )
