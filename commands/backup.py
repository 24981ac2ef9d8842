"""flask backup …: make a backup file, prove one, put one back."""

import sys
from pathlib import Path

import click

from forms.problems import N_
from services.clock import now
from services.erased import LIST_NAME
from services.errors import Refusal
from services.trail.audit import COMMAND, Deed
from services.trail.chain import OTHER_KEY
from services.upkeep.archived import opened_backup
from services.upkeep.backup import Source, create_backup, restore_backup, verify_backup
from services.upkeep.contents import Tallies
from services.upkeep.copying import count_responses
from services.upkeep.daily import manual_name
from services.upkeep.erased_since import erased_since
from storage.archive import Archive
from storage.opening import open_store
from storage.soundness import check_folder
from storage.store import Store

from .acts import act, json_option, key_files, settings, store_as_kept, tell
from .noting import audit_of, leave_note
from .progress import progress
from .texts import translate

group = click.Group("backup", help="Backups: make one, prove one, put one back.")

_passphrase_option = click.option(
    "--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input."
)
_file_argument = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


def _read_passphrase(from_stdin: bool) -> str:
    if not from_stdin:
        return ""
    phrase = sys.stdin.readline().rstrip("\r\n")
    if not phrase:
        raise click.UsageError("no passphrase came on standard input")
    return phrase


@group.command()
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="The new file.")
@_passphrase_option
@json_option
@act
def create(output: Path | None, passphrase_stdin: bool, as_json: bool) -> None:
    """Write everything into one file, also while the server runs.

    Without -o it goes into PHIEU_BACKUP_DIR. A file with a passphrase holds the keys, too.
    """
    phrase, moment = _read_passphrase(passphrase_stdin), now()
    path = output or _default_path(manual_name(moment, is_sealed=bool(phrase)))
    with store_as_kept(writing=False) as store:
        total = count_responses(store)
    leave_note(Deed.BACKUP_MADE, file=path.name, rows=total, what="sealed" if phrase else "")
    source = Source(lambda: store_as_kept(writing=False), key_files())
    with progress(total, translate(N_("Backing up"), {})) as told:
        manifest = create_backup(source, path, moment, told, passphrase=phrase)
    told_document = {
        "file": str(path),
        "size": path.stat().st_size,
        "responses": manifest.responses,
        "key": manifest.key,
        "keys_inside": list(manifest.keys),
    }
    lines = [str(path), *(f"{form}: {count}" for form, count in manifest.responses.items())]
    if not manifest.keys:
        lines.append(translate(N_("The keys are not in it: store them apart (key show)."), {}))
    tell(told_document, lines, as_json=as_json)


def _default_path(name: str) -> Path:
    folder = settings().backup_dir
    if folder is None:
        raise Refusal(N_("Name the file with -o, or set PHIEU_BACKUP_DIR."))
    if not folder.is_dir():
        raise Refusal(N_("%(path)s is not a folder."), {"path": folder})
    return folder / name


def _total(archive: Archive) -> int:
    return sum(archive.manifest.responses.values())


def _parts(found: Tallies) -> dict[str, dict[str, object]]:
    return {part: {"count": t.count, "checksum": t.checksum} for part, t in found.items()}


@group.command()
@_file_argument
@_passphrase_option
@json_option
@act
def verify(file: Path, passphrase_stdin: bool, as_json: bool) -> None:
    """Restore FILE into a scratch store, and compare counts and checksums."""
    with (
        opened_backup(file, _read_passphrase(passphrase_stdin)) as archive,
        progress(2 * _total(archive), translate(N_("Verifying"), {})) as told,
    ):
        verified = verify_backup(archive, told, key_files())
    manifest = verified.manifest
    notes = [f"{finding.where}: {finding.problem}" for finding in verified.report.findings]
    document = {
        "file": str(file),
        "created_at": manifest.created_at.isoformat(),
        "key": manifest.key,
        "keys_inside": list(manifest.keys),
        "verified": _parts(verified.tallies),
        "notes": notes,
    }
    lines = [f"{part}: {tally.count}" for part, tally in verified.tallies.items()]
    good = translate(
        N_("The backup of %(when)s restores."), {"when": f"{manifest.created_at:%H:%M %d/%m/%Y}"}
    )
    tell(document, [*lines, *(f"· {note}" for note in notes), good], as_json=as_json)


@group.command()
@_file_argument
@_passphrase_option
@click.option(
    "--with-other-key",
    is_flag=True,
    help="Keys are lost: anonymous receipts and repeated sends are not recognised, and what was"
    " encrypted under a lost data key cannot be read.",
)
@click.option(
    "--deleted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The list of deletions, or a newer backup; else {LIST_NAME} beside FILE is taken.",
)
@click.option(
    "--ignore-deleted", is_flag=True, help="What was deleted since FILE was made returns."
)
@json_option
@act
def restore(
    file: Path,
    passphrase_stdin: bool,
    with_other_key: bool,
    deleted: Path | None,
    ignore_deleted: bool,
    as_json: bool,
) -> None:
    """Put FILE back into an empty store; never overwrites.

    What was deleted since FILE was made stays deleted. After an interruption run it again: it goes
    on where it stopped.
    """
    config = settings()
    with opened_backup(file, _read_passphrase(passphrase_stdin)) as archive:
        if not config.database_url:
            check_folder(config.data_dir)
        listed = deleted or file.parent / LIST_NAME
        since = None
        if listed.exists() and not ignore_deleted:
            since = erased_since(archive, key_files(), listed, with_other_key=with_other_key)
        store = open_store(config.data_dir, config.database_url)
        try:
            with progress(_total(archive), translate(N_("Restoring"), {})) as told:
                found = restore_backup(
                    archive,
                    store,
                    key_files(),
                    told,
                    with_other_key=with_other_key,
                    erased=since,
                )
            _note_restored(store, archive, with_other_key=with_other_key)
        finally:
            store.close()
    lines = [f"{part}: {tally.count}" for part, tally in found.items()]
    left_out = since.left_out if since else 0
    if left_out:
        said = N_("%(count)s deleted since this backup was made: they stay deleted.")
        lines.append(translate(said, {"count": left_out}))
    lines.append(translate(N_("Everything is back. Start the server."), {}))
    tell({"restored": _parts(found), "left_deleted": left_out}, lines, as_json=as_json)


def _note_restored(store: Store, archive: Archive, *, with_other_key: bool) -> None:
    """The restored trail goes on with this line; under another key its chain begins anew."""
    made = archive.manifest.created_at.isoformat(timespec="seconds")
    other = {OTHER_KEY: 1} if with_other_key and _is_lost(archive) else {}
    total = _total(archive)
    audit_of(store).note(COMMAND, Deed.STORE_RESTORED, now(), rows=total, backup=made, **other)


def _is_lost(archive: Archive) -> bool:
    return archive.manifest.key != key_files().fingerprint()
