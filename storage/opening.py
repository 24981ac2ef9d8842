"""Open the store that the settings name."""

from pathlib import Path

from .embedded import EmbeddedSnapshot, EmbeddedStore
from .store import Store


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
