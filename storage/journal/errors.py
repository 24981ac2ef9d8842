"""The errors of the journal; they know no file, thread or document.

JournalError
├── JournalDamaged   the files are not what was written: names file, byte and what to do
├── JournalFailed    a write or sync failed, or the database is closed: nothing is taken any more
├── FoldFailed       the snapshot could not be renewed: nothing is lost, writing goes on
├── StoreBusy        somebody else holds the files
└── NotStorable      a document that JSON cannot keep (also a ValueError): nothing was queued
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

RESTORE = "Stop the server, keep a copy of the whole folder, then restore it from the last backup."


class JournalError(Exception):
    """Be the root of this package's errors."""


class JournalDamaged(JournalError):
    """Refuse files that cannot be trusted; nothing was changed on the disk."""

    def __init__(self, path: Path, offset: int, problem: str, advice: str = RESTORE) -> None:
        super().__init__(f"{path}, byte {offset}: {problem} {advice}")
        self.path, self.offset = path, offset


class JournalFailed(JournalError):
    """Refuse to write after a failure; what was acknowledged is on the disk."""


class FoldFailed(JournalError):
    """Say that folding did not finish; snapshot and segments together are still complete."""


class StoreBusy(JournalError):
    """Say that another process (or another object of this one) is using the files."""


class NotStorable(JournalError, ValueError):
    """Refuse a value that would not come back from JSON as it went in."""


@dataclass(frozen=True)
class Failure:
    """Why the journal refuses to write; `at` is None when no clock was passed."""

    reason: str
    at: datetime | None


@dataclass(frozen=True)
class Notice:
    """Something an administrator should read; `path` is the file it is about."""

    text: str
    path: Path

    def __str__(self) -> str:
        return self.text


@contextlib.contextmanager
def reported(what: str, kind: type[JournalError] = JournalFailed) -> Iterator[None]:
    """Raise what the system says as an error of ours."""
    try:
        yield
    except OSError as error:
        raise kind(f"{what}: {error}") from error
