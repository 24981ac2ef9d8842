"""TinyDB with a crash-safe journal: one database file, its segments, its readers and its lock.

It knows nothing of forms or units; documents are JSON objects, tables are names.
"""

from .collector import paused_gc
from .commits import Ticket
from .database import JournalDB
from .engine import Op
from .errors import (
    Failure,
    FoldFailed,
    JournalDamaged,
    JournalError,
    JournalFailed,
    Notice,
    NotStorable,
    StoreBusy,
)
from .files import DISK, Files
from .loading import read_tables
from .lock import FileLock, FolderLock
from .names import torn_files

__all__ = [
    "DISK",
    "Failure",
    "FileLock",
    "Files",
    "FoldFailed",
    "FolderLock",
    "JournalDB",
    "JournalDamaged",
    "JournalError",
    "JournalFailed",
    "NotStorable",
    "Notice",
    "Op",
    "StoreBusy",
    "Ticket",
    "paused_gc",
    "read_tables",
    "torn_files",
]
