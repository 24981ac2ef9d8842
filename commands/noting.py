"""What commands leave for the audit trail: those that write in it, those that read in its spool."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forms.problems import N_
from services.clock import now
from services.errors import Refusal
from services.identity import Hasher
from services.trail.audit import COMMAND, Audit, Deed, told
from services.trail.notes import Note, note_bytes
from storage.errors import StoreError
from storage.opening import open_whole_store
from storage.soundness import open_keys
from storage.spool import Spool
from storage.store import Store

from .acts import key_files, settings, store_for

Adding = Callable[..., None]
LONGEST_LIST = 200  # characters of a line that names many


def spool() -> Spool:
    return Spool(settings().data_dir)


def audit_of(store: Store) -> Audit:
    """The trail of a store that is open for writing; raises StoreRefused without the right keys."""
    hasher = Hasher(open_keys(store, key_files(), settings().secret_key).hashing)
    return Audit(store, hasher, spool())


@contextmanager
def noted_store(deed: Deed, *, dry: bool = False) -> Iterator[tuple[Store, Adding]]:
    """The store for a writing command, and what adds words to the line that it leaves.

    The line is written when the act is done. A `dry` run reads only and leaves none.
    """
    about: dict[str, object] = {}
    with store_for(writing=not dry) as store:
        audit = None if dry else audit_of(store)
        yield store, about.update
        if audit is not None:
            audit.note(COMMAND, deed, now(), **about)


def leave_note(deed: Deed, *, in_folder: bool = False, **about: object) -> None:
    """Tell what is about to leave; raises Refusal where it cannot be told, and then it must stay.

    A database is written at once. A folder belongs to its server, which finds the note there; so it
    is with what lies `in_folder` even beside a database: the keys.
    """
    note = Note(now(), COMMAND, deed, told(about))
    try:
        if settings().database_url and not in_folder:
            _append(note)
        else:
            spool().leave(note_bytes(note))
    except StoreError as error:
        raise Refusal(
            N_("The audit trail cannot be written, so nothing is given out: %(why)s"),
            {"why": error},
        ) from error


def _append(note: Note) -> None:
    config = settings()
    store = open_whole_store(config.data_dir, config.database_url)
    try:
        audit_of(store).note(note.who, note.deed, note.at, **note.about)
    finally:
        store.close()
