"""Open the store that the settings name."""

from pathlib import Path

from .embedded import EmbeddedSnapshot, EmbeddedStore
from .errors import StoreError
from .store import Store


def open_store(data_dir: Path, database_url: str = "", *, read_only: bool = False) -> Store:
    """Open the embedded store in a folder.

    Raises StoreBusy when another process writes there, StoreFailed when the disk refuses or the
    files are damaged. A read-only store is a snapshot of this moment and needs no lock.
    """
    if database_url:
        raise StoreError("PHIEU_DATABASE_URL: this version keeps its data in a folder only")
    if read_only:
        return EmbeddedSnapshot(data_dir)
    return EmbeddedStore(data_dir)
