"""flask storage …: care of the store: folding, checking, copying to another one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from forms.problems import N_
from services.errors import Refusal
from services.identity import Hasher
from services.publishing.publish import published_versions
from services.trail.audit import Deed
from services.trail.chain import Chain, End
from services.trail.checking import TrailCheck
from services.upkeep.checking import Report, check_contents
from services.upkeep.contents import Tallies
from services.upkeep.copying import check_target_folder, copy_store, count_responses, target_of
from services.upkeep.daily import remembered_in
from services.upkeep.key_moving import put_beside_copy
from storage.key_files import KeyFiles
from storage.looking import Contents, FolderContents
from storage.opening import open_store
from storage.store import Store

from .acts import Refused, act, json_option, key_files, settings, store_as_kept, tell
from .noting import leave_note, spool
from .progress import progress
from .texts import translate

group = click.Group("storage", help="The store: check it, copy it, compact it.")


@group.command()
@json_option
@act
def compact(as_json: bool) -> None:
    """Fold all journals into plain files that stock TinyDB opens."""
    with store_as_kept(writing=True) as store:
        for version in published_versions(store):
            store.count_by_point(version.definition.id)  # opens its file
        # closing folds what is open
    tell({"compacted": True}, [str(settings().data_dir)], as_json=as_json)


@group.command()
@json_option
@act
def check(as_json: bool) -> None:
    """Read everything, and say what is wrong where; works beside a running server."""
    with _contents() as contents, progress(0, translate(N_("Checking"), {})) as told:
        keys = key_files()
        trail = TrailCheck(_chain(), _ends_in_backups(keys.fingerprint()), spool())
        report = check_contents(contents, keys.fingerprint(), told, keys.data_keys(), trail)
    document = {
        "counts": report.counts,
        "faults": [{"where": f.where, "problem": f.problem} for f in report.faults],
        "notices": [
            {"where": f.where, "problem": f.problem} for f in report.findings if not f.is_fault
        ],
    }
    tell(document, _report_lines(report), as_json=as_json)
    if report.faults:
        said = translate(N_("Faults found: %(count)s"), {"count": len(report.faults)})
        raise Refused(said)


def _chain() -> Chain | None:
    keys = key_files()
    return Chain(Hasher(keys.hashing())) if keys.fingerprint() else None


def _ends_in_backups(key: str) -> tuple[End, ...]:
    """How far the trail reached by the newest backup of this store that can be read."""
    folder = settings().backup_dir
    return remembered_in(folder, key) if folder else ()


def _contents() -> AbstractContextManager[Contents]:
    config = settings()
    if config.database_url:
        from storage.postgresql.looking import database_contents

        return database_contents(config.database_url)
    return _folder_contents(config.data_dir)


@contextmanager
def _folder_contents(folder: Path) -> Iterator[Contents]:
    if not folder.is_dir():
        raise Refusal(N_("%(path)s is not a folder."), {"path": folder})
    yield FolderContents(folder)


def _report_lines(report: Report) -> list[str]:
    counts = [f"{part}: {count}" for part, count in report.counts.items()]
    found = [f"{'✗' if f.is_fault else '·'} {f.where}: {f.problem}" for f in report.findings]
    return counts + found


@group.command()
@click.option("--to", "address", required=True, help="postgresql://… or the path of a folder.")
@json_option
@act
def copy(address: str, as_json: bool) -> None:
    """Copy everything into another store, and prove that both are equal.

    After an interruption run it again: it goes on where it stopped.
    """
    config, target = settings(), target_of(address)
    if isinstance(target, Path):
        check_target_folder(target, None if config.database_url else config.data_dir)
        _check_target_keys(target)
    with store_as_kept(writing=False) as source:
        total = count_responses(source)
    leave_note(Deed.STORE_COPIED, rows=total, what=_kind(target))
    with (
        _opened_target(target) as store,
        progress(total, translate(N_("Copying"), {})) as told,
    ):
        found = copy_store(lambda: store_as_kept(writing=False), store, told)
    if isinstance(target, Path):
        put_beside_copy(key_files(), KeyFiles.of(target))
    _tell_copied(found, as_json=as_json)


def _kind(target: Path | str) -> str:
    """Where to, without the password that an address may hold."""
    return "folder" if isinstance(target, Path) else "postgresql"


@contextmanager
def _opened_target(target: Path | str) -> Iterator[Store]:
    folder, url = (target, "") if isinstance(target, Path) else (settings().data_dir, target)
    store = open_store(folder, url)
    try:
        yield store
    finally:
        store.close()


def _check_target_keys(folder: Path) -> None:
    there = KeyFiles.of(folder).fingerprint()
    if there and there != key_files().fingerprint():
        raise Refusal(
            N_("%(folder)s has another hashing key (%(there)s). Name an empty folder."),
            {"folder": folder, "there": there},
        )


def _tell_copied(found: Tallies, *, as_json: bool) -> None:
    parts = {
        part: {"count": tally.count, "checksum": tally.checksum} for part, tally in found.items()
    }
    lines = [f"{part}: {tally.count}  {tally.checksum[:16]}" for part, tally in found.items()]
    tell(
        {"copied": parts},
        [*lines, translate(N_("Source and target are equal."), {})],
        as_json=as_json,
    )
