"""Open the store that the settings name: as it is, or only when it is whole."""

from pathlib import Path

from .embedded import EmbeddedStore
from .embedded_snapshot import EmbeddedSnapshot
from .soundness import check_folder, check_forms, check_whole, form_files
from .store import Store


def open_whole_store(data_dir: Path, database_url: str = "", *, read_only: bool = False) -> Store:
    """`open_store`, for a store that is ours and complete; raises StoreRefused otherwise."""
    forms: tuple[str, ...] = ()
    if not database_url:
        check_folder(data_dir)
        forms = form_files(data_dir)  # before the registry: a running server may add to both
    store = open_store(data_dir, database_url, read_only=read_only)
    try:
        check_whole(store)
        known = {version.definition.id for version in store.versions.all()} if forms else set()
        check_forms(data_dir, set(forms) - known)
    except BaseException:
        store.close()
        raise
    return store


def open_store(data_dir: Path, database_url: str = "", *, read_only: bool = False) -> Store:
    """Open the embedded store in a folder, or the database that a URL names.

    Raises StoreBusy when another process writes to the folder, StoreFailed when disk or database
    refuse or the files are damaged, StoreError for a URL or a schema that is none of ours. A
    read-only folder is a snapshot of this moment and needs no lock; a read-only database is live.
    """
    if database_url:
        # SQLAlchemy costs 0.3 s and 35 MB that an installation in one folder need not pay.
        from .postgresql import PostgresqlStore

        return PostgresqlStore(database_url, read_only=read_only)
    if read_only:
        return EmbeddedSnapshot(data_dir)
    return EmbeddedStore(data_dir)
